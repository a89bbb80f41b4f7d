//! Documents over HTTP: read, changed, listed, deleted and listened to, beside people who are typing in them.

mod about;
mod bodies;
mod buried;
mod deleting;
mod disk;
mod listening;
mod refusals;
mod text;
mod updates;

use codraft_tests::{Answer, Api, Client, TestServer};

/// A server, a program that uses its API, and somebody who is typing in `doc`.
async fn with_ann(text: &str) -> (TestServer, Api, Client) {
    let server = TestServer::start().await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append(text);
    ann.until_saved().await;
    let api = Api::of(server.address());
    (server, api, ann)
}

#[track_caller]
fn tag(answer: &Answer) -> String {
    answer.header("etag").unwrap_or_else(|| panic!("no tag: {answer:?}")).to_owned()
}

#[track_caller]
fn problem(answer: &Answer, status: u16, says: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
    assert!(answer.body.contains(says), "{answer:?}");
}
