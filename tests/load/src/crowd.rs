//! People in a document that something is done to, and people elsewhere, and what their letters took with it and without.
//! Knows nothing of what is done.
//!
//! The same people also type on a second server to which nothing is done. What they notice there is the machine's and the
//! load generator's; what people elsewhere notice beyond that is the server's.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::aside::aside;
use crate::bench::expect_text;
use crate::people::{Pace, Pair, type_together};
use crate::program::Running;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::trace::replay;
use crate::writing::Author;

/// Documents elsewhere, and as many on the other server.
const ELSEWHERE: u64 = 20;
/// Who types in the document that something is done to.
const SEED_HERE: u64 = 1_000;
/// How often somebody types a letter.
const LETTER_EVERY: Duration = Duration::from_millis(100);
/// The same in the document that something is done to: there is only one, and its percentiles need letters, too.
const LETTER_HERE_EVERY: Duration = Duration::from_millis(20);

/// The people, and what their letters have taken so far.
#[derive(Debug)]
pub(crate) struct Crowd {
    server: Arc<Running>,
    idle: Arc<Running>,
    document: String,
    /// Who types in the document that something is done to; none only while they do.
    here: Option<Author>,
    elsewhere: Vec<Pair>,
    beside: Vec<Pair>,
    /// While nothing was done.
    pub(crate) quiet: Letters,
    /// While something was.
    pub(crate) busy: Letters,
}

/// What letters took.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    pub(crate) here: Spread,
    pub(crate) elsewhere: Spread,
    /// On the server to which nothing is done.
    pub(crate) beside: Spread,
    /// How late they were typed, whose fault is the load generator's.
    pub(crate) late: Spread,
}

impl Crowd {
    /// Two in the document, two in each of some others, and two in each of as many on another server.
    pub(crate) async fn gather(
        server: &Arc<Running>,
        idle: &Arc<Running>,
        document: &str,
    ) -> Result<Self, Stop> {
        let (mut elsewhere, mut beside) = (Vec::new(), Vec::new());
        for number in 0..ELSEWHERE {
            let name = format!("{document}-elsewhere-{number}");
            elsewhere.push(Pair::open(server, &name, Author::new(number)).await?);
            beside.push(Pair::open(idle, &name, Author::new(number)).await?);
        }
        let (quiet, busy) = (Letters::default(), Letters::default());
        Ok(Self {
            server: server.clone(),
            idle: idle.clone(),
            document: document.to_owned(),
            here: Some(Author::new(SEED_HERE)),
            elsewhere,
            beside,
            quiet,
            busy,
        })
    }

    /// All type for a while. Those in the document are at another machine, and hear all that is done there.
    pub(crate) async fn type_for(&mut self, time: Duration, is_busy: bool) -> Result<(), Stop> {
        let end = Instant::now() + time;
        let (server, document) = (self.server.clone(), self.document.clone());
        let author = self.here.take().ok_or_else(|| Stop::wrong("a turn was cut off"))?;
        let pace = Pace { letter_every: LETTER_HERE_EVERY, slot: 0 };
        let here = aside(move || async move {
            Pair::open(&server, &document, author).await?.type_until(pace, end).await
        });
        let typing = |pairs| type_together(std::mem::take(pairs), LETTER_EVERY, end);
        let (elsewhere, beside) = (typing(&mut self.elsewhere), typing(&mut self.beside));
        let (mut here, elsewhere, beside) = tokio::try_join!(here, elsewhere, beside)?;
        (self.elsewhere, self.beside) = (elsewhere, beside);
        let letters = if is_busy { &mut self.busy } else { &mut self.quiet };
        letters.here.join(here.take_times().0);
        self.here = Some(here.into_author());
        for pair in &mut self.elsewhere {
            let (took, late) = pair.take_times();
            letters.elsewhere.join(took);
            letters.late.join(late);
        }
        for pair in &mut self.beside {
            letters.beside.join(pair.take_times().0);
        }
        Ok(())
    }

    /// The text of the document after somebody else wrote this into it.
    pub(crate) fn text_with(&self, theirs: Vec<u8>) -> Result<String, Stop> {
        let states: Vec<_> = self.here.iter().map(Author::encode).chain([theirs]).collect();
        Ok(replay(&states)?.text())
    }

    /// Compares the text of every document elsewhere, and on the other server, with what was typed into it.
    pub(crate) async fn check_elsewhere(&self) -> Result<(), Stop> {
        for (pairs, server) in [(&self.elsewhere, &self.server), (&self.beside, &self.idle)] {
            for pair in pairs {
                expect_text(server, &pair.name, &replay(&[pair.state()])?.text()).await?;
            }
        }
        Ok(())
    }
}
