//! Documents as Yjs knows them, in and out.

use codraft_core::{ClientId, Replica, Splice};
use codraft_tests::{Api, Client, TestServer};

use super::{problem, with_ann};

#[tokio::test]
async fn updates_go_both_ways_and_only_what_is_missing() {
    let (_server, api, mut ann) = with_ann("one ").await;
    let all = api.get("/doc/update", &[]).await;
    assert_eq!(all.header("content-type"), Some("application/octet-stream"));
    let mut replica = Replica::new(ClientId::from_random(9));
    replica.merge(&all.bytes).unwrap();
    let update = replica.edit(&[Splice::new(4, 4, "two ")]);
    let posted = api.send("POST", "/doc/update", &[], &update).await;
    assert_eq!(posted.status, 204, "{posted:?}");
    ann.until_text("one two ").await;
    ann.append("three");
    ann.until_saved().await;
    let state_vector = base64url(&replica.state_vector());
    let missing = api.get(&format!("/doc/update?sv={state_vector}"), &[]).await.bytes;
    assert!(missing.len() < all.bytes.len() + 10);
    replica.merge(&missing).unwrap();
    assert_eq!(replica.text(), "one two three");
    assert_eq!(api.send("POST", "/doc/update", &[], &missing).await.status, 204, "known already");
}

#[tokio::test]
async fn what_is_no_update_or_builds_on_nothing_is_refused_with_a_sentence() {
    let server = TestServer::start().await;
    let api = Api::of(server.address());
    let mut replica = Replica::new(ClientId::from_random(9));
    replica.edit(&[Splice::new(0, 0, "first")]);
    let second = replica.edit(&[Splice::new(5, 5, " second")]);
    problem(&api.send("POST", "/doc/update", &[], b"\xff\xff\xff").await, 400, "merged");
    problem(&api.send("POST", "/doc/update", &[], b"").await, 400, "merged");
    problem(&api.send("POST", "/doc/update", &[], &second).await, 409, "builds on");
    problem(&api.get("/doc/update", &[]).await, 404, "PUT");
    assert_eq!(api.send("POST", "/doc/update", &[], &replica.encode()).await.status, 201);
    Client::connect(&server.url("doc"), 1).await.until_text("first second").await;
    problem(&api.get("/doc/update?sv=%C3%A4", &[]).await, 400, "base64url");
    problem(&api.get("/doc/update?sv=_____w", &[]).await, 400, "");
}

fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut encoded = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for n in 0..=chunk.len() {
            encoded.push(ALPHABET[(bits >> (18 - 6 * n)) as usize & 63].into());
        }
    }
    encoded
}
