//! Files of documents: who may bring and see them, what is taken for one, and what becomes of them when a server dies, a
//! document is deleted or a backup is restored.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod keeping;
mod rights;
mod taking;

use codraft_tests::{Answer, Api};
use serde_json::Value;

/// The smallest PNG that says what it is; `more` makes it another one.
fn png(more: &str) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", more.as_bytes()].concat()
}

/// Gives a document a picture, and returns where it is, below `/api/docs`.
async fn give(api: &Api, doc: &str, picture: &[u8]) -> String {
    let answer = api.send("POST", &format!("/{doc}/files"), &[], picture).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    path(&answer)
}

/// Where a picture is, below `/api/docs`.
fn path(answer: &Answer) -> String {
    let said: Value = serde_json::from_str(&answer.body).unwrap();
    let path = said["path"].as_str().unwrap();
    assert_eq!(answer.header("location"), Some(path));
    path.strip_prefix("/api/docs").unwrap().to_owned()
}

#[track_caller]
fn problem(answer: &Answer, status: u16, says: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
    assert!(answer.body.contains(says), "{answer:?}");
}
