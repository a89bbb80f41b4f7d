//! A bot: counts the words of a document for whoever ends a line that begins with `@bot`. It knows no other trick.
//!
//! `cargo run -p codraft-bot -- http://127.0.0.1:8080/d/notes`, with a token in CODRAFT_TOKEN where one is needed.

use codraft_client::{Document, Error, Event, Line, Person, Selection, Splice};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let token = std::env::var("CODRAFT_TOKEN").unwrap_or_default();
    let bot = Person::named("Bot", "#8a4bc1");
    // One for all turns: a signal that comes while the bot thinks would be lost on the next.
    let mut stop = std::pin::pin!(tokio::signal::ctrl_c());
    let mut document = tokio::select! {
        // Listened for before anything is said, so that whoever has read it can stop the bot.
        biased;
        _ = &mut stop => return Ok(()),
        document = Document::open(&address, token.into(), bot) => document?,
    };
    eprintln!("{}", document.status());
    loop {
        let change = tokio::select! {
            event = document.next() => match event? {
                Event::Changed(change) => change,
                Event::Status(status) => { eprintln!("{status}"); continue }
                Event::Peers => continue,
            },
            _ = &mut stop => return document.close().await,
        };
        let text = document.text();
        let answer = format!("\nThere are {} words here.", text.split_whitespace().count());
        // A line is done when its line break comes. Whoever typed that is behind it by then, and out of the way.
        let is_done = |line: &Line| change.brought(line.at.end) && line.text.starts_with("@bot");
        let ends = Line::of(&text).filter(is_done).map(|line| line.at.end);
        let answers: Vec<_> = ends.map(|end| Splice::new(end, end, &*answer)).collect();
        if let Some(last) = answers.last() {
            document.set_cursor(Some(Selection { anchor: last.from, head: last.from }));
            document.edit(&answers)?;
        }
    }
}
