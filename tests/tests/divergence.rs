//! Copies that have come apart from the server's: found when nobody types, reported and replaced; and no others.

use std::collections::VecDeque;

use codraft_core::control::{self, Control};
use codraft_core::frame::{self, Message};
use codraft_core::replica::{CONTENT, Digest};
use codraft_core::session::{Action, Session};
use codraft_core::{ClientId, Replica, Splice};
use codraft_tests::{Client, Mischief, Peer, Said, TestServer, seeds};

/// Two that were given the same number write at the same clocks: as far as state vectors tell, neither has anything that
/// the other lacks.
async fn twins(server: &TestServer) -> (Client, Client) {
    let mut ben = Client::connect(&server.url("doc"), 7).await;
    ben.unplug();
    ben.append("ben's");
    let mut ann = Client::connect(&server.url("doc"), 7).await;
    ann.append("ann's");
    ann.until_saved().await;
    ann.unplug();
    (ann, ben)
}

#[tokio::test]
async fn a_copy_with_other_words_under_the_same_number_is_replaced_and_its_words_can_be_kept() {
    let server = TestServer::start().await;
    let (mut ann, mut ben) = twins(&server).await;
    ben.plug_in();
    ben.until_text("ann's").await;
    assert_eq!(ben.session.take_lost().as_deref(), Some("ben's"));
    ben.append(" and ben's");
    ben.until_saved().await;
    ann.plug_in();
    ann.until_text("ann's and ben's").await;
    assert_eq!(ann.session.take_lost(), None);
}

fn digest_in(said: Said) -> Option<Digest> {
    let Said::Control(payload) = said else { return None };
    match Control::read(&payload) {
        Ok(Control::Digest(digest)) => Some(digest),
        _ => None,
    }
}

#[tokio::test]
async fn the_server_answers_with_the_digest_of_what_it_holds_and_only_who_understands_it() {
    let mut server = TestServer::start().await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    let question = Control::Digest(Digest { known: 0, text: 0 }).frame();
    let mut stock = Peer::connect(&server.url("doc")).await;
    stock.send(&question).await;
    assert!(!stock.settle().await.iter().any(|said| matches!(said, Said::Control(_))));
    let mut ours = Peer::connect(&server.url("doc")).await;
    ours.send(&Control::Hello { version: control::VERSION }.frame()).await;
    for (text, deleted) in [("words", 0), ("", 2), ("more", 1)] {
        ann.edit(&[Splice::new(0, deleted, text)]);
        ann.until_saved().await;
        ours.send(&question).await;
        let mut copy = Replica::new(ClientId::from_random(9));
        copy.merge(&ann.session.encode()).expect("ann's document");
        let answer = ours.hear_until("the server's digest", digest_in).await;
        assert_eq!(answer, copy.digest());
    }
    // A document that nobody has needed more of than its stored bytes.
    server.restart().await;
    let mut ours = Peer::connect(&server.url("doc")).await;
    ours.send(&Control::Hello { version: control::VERSION }.frame()).await;
    ours.send(&question).await;
    let mut copy = Replica::new(ClientId::from_random(9));
    copy.merge(&ann.session.encode()).expect("ann's document");
    assert_eq!(ours.hear_until("the server's digest", digest_in).await, copy.digest());
}

/// A session, what is on its way in both directions, and what its editor shows.
struct Line {
    session: Session,
    up: VecDeque<Vec<u8>>,
    down: VecDeque<Vec<u8>>,
    shown: String,
}

/// A server and a few sessions on lines of any delay. It never waits for a disk: to say that all is saved too early makes
/// a comparison more likely to come at a bad time.
struct Net {
    server: Replica,
    lines: Vec<Line>,
    now: u64,
    compared: usize,
}

impl Net {
    fn new(seed: u64) -> Self {
        let line = |id| Line {
            session: Session::new(ClientId::from_random(id), CONTENT, seed ^ id),
            up: VecDeque::new(),
            down: VecDeque::new(),
            shown: String::new(),
        };
        let server = Replica::new(ClientId::from_random(99));
        Self { server, lines: (1..=3).map(line).collect(), now: 0, compared: 0 }
    }

    /// Lets a session do what it wants.
    fn drive(&mut self, at: usize) {
        let line = &mut self.lines[at];
        line.session.receive(frame::KEEP_ALIVE, self.now);
        while let Some(action) = line.session.poll(self.now) {
            match action {
                Action::Open => {
                    line.down = [frame::step1(&self.server.state_vector())].into();
                    line.session.opened(self.now);
                }
                Action::Send(frame) => line.up.push_back(frame),
                Action::Close => (line.up, line.down) = Default::default(),
                Action::Keep(_) => {}
            }
        }
    }

    /// Lets the server read the next frame of a session.
    fn deliver_up(&mut self, at: usize) {
        let Some(frame) = self.lines[at].up.pop_front() else { return };
        for message in frame::messages(&frame) {
            match message.expect("a frame of ours") {
                Message::Step1(theirs) => {
                    let missing = self.server.diff(theirs).expect("a state vector of ours");
                    self.lines[at].down.push_back(frame::step2(&missing));
                }
                Message::Step2(update) | Message::Update(update) => self.merge(at, update),
                Message::Saved(version) => self.lines[at].down.push_back(frame::saved(version)),
                Message::Control(payload) => self.control(at, payload),
                _ => {}
            }
        }
    }

    fn merge(&mut self, from: usize, update: &[u8]) {
        let merged = self.server.merge(update).expect("an update of ours");
        let Some(new) = merged.new else { return };
        for (at, line) in self.lines.iter_mut().enumerate() {
            if at != from {
                line.down.push_back(frame::update(&new));
            }
        }
    }

    fn control(&mut self, at: usize, payload: &[u8]) {
        match Control::read(payload).expect("a message of ours") {
            Control::Digest(_) => {
                self.compared += 1;
                let ours = Control::Digest(self.server.digest()).frame();
                self.lines[at].down.push_back(ours);
            }
            Control::Diverged => panic!("an honest copy was taken to have come apart"),
            _ => {}
        }
    }

    fn pull(&mut self, at: usize) {
        let line = &mut self.lines[at];
        let splices = line.session.pull(self.now);
        line.shown = Splice::apply_all(&line.shown, &splices);
        assert_eq!(line.shown, line.session.text());
    }

    fn step(&mut self, mischief: &mut Mischief) {
        let at = mischief.below(self.lines.len());
        match mischief.below(12) {
            0 => {
                let line = &mut self.lines[at];
                let splices = mischief.splices(&line.shown);
                line.shown = Splice::apply_all(&line.shown, &splices);
                line.session.edit(&splices, None, self.now);
            }
            1 if mischief.one_in(4) => {
                self.lines[at].session.network_lost(self.now);
                self.drive(at);
                self.lines[at].session.connect(self.now);
            }
            2 if mischief.one_in(4) => {
                if let Some(undone) = self.lines[at].session.undo(None) {
                    self.lines[at].shown =
                        Splice::apply_all(&self.lines[at].shown, &undone.splices);
                }
            }
            3..6 => self.deliver_up(at),
            6..9 => {
                if let Some(frame) = self.lines[at].down.pop_front() {
                    self.lines[at].session.receive(&frame, self.now);
                }
            }
            9 => self.pull(at),
            _ => self.now += mischief.below(3_000) as u64,
        }
        self.drive(at);
    }
}

#[test]
fn no_honest_copy_is_taken_to_have_come_apart_whatever_the_delays() {
    let mut compared = 0;
    for seed in seeds(60) {
        let (mut mischief, mut net) = (Mischief::new(seed), Net::new(seed));
        for line in &mut net.lines {
            line.session.connect(0);
        }
        for _ in 0..4_000 {
            net.step(&mut mischief);
        }
        compared += net.compared;
    }
    assert!(compared > 500, "compared {compared} times");
}
