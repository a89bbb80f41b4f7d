//! The native client: programs in a document, beside people and beside each other, through whatever happens to the server.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod program;
mod rights;

use codraft_client::{Document, Error, Event, Pass, Person};
use codraft_tests::patiently;

/// A program of this name in a document.
async fn join(url: &str, name: &str) -> Document {
    join_as(url, name, Pass::default()).await.unwrap()
}

/// The same for whoever shows something.
async fn join_as(url: &str, name: &str, pass: Pass) -> Result<Document, Error> {
    let opening = Document::open(url, pass, Person::named(name, "#8a4bc1"));
    patiently("the document or a refusal", opening).await
}

/// Lets the program go on until something is so.
async fn until(document: &mut Document, what: &str, is_so: impl Fn(&Document) -> bool) {
    patiently(what, async {
        while !is_so(document) {
            document.next().await.unwrap();
        }
    })
    .await;
}

/// The change that the program hears of next; other events are passed over.
async fn change(document: &mut Document) -> codraft_client::Change {
    patiently("a change", async {
        loop {
            if let Event::Changed(change) = document.next().await.unwrap() {
                return change;
            }
        }
    })
    .await
}
