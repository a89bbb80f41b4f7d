//! What is refused, with which status and sentence; and the list of documents.

use codraft::{Limits, ServeConfig};
use codraft_tests::{Api, Asking, Peer, TestServer};

use super::{problem, with_ann};

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    let (server, api, _ann) = with_ann("words").await;
    let foreign = [("origin", "https://evil.example")];
    for (method, path, body) in [
        ("PUT", "/doc", &b""[..]),
        ("PUT", "/doc/text", b"x"),
        ("DELETE", "/doc", b""),
        ("POST", "/doc/update", &[0, 0]),
        // What a page may send without asking first.
        ("POST", "/other/update", &[0, 0]),
    ] {
        for origin in ["https://evil.example", "null"] {
            let simple = [("origin", origin), ("content-type", "text/plain")];
            let answer = api.send(method, path, &simple, body).await;
            assert_eq!(answer.status, 403, "{method} {path} {answer:?}");
        }
    }
    assert_eq!(api.get("/doc/text", &foreign).await.header("access-control-allow-origin"), None);
    let own = format!("http://localhost:{}", server.address().port());
    let host = format!("localhost:{}", server.address().port());
    let headers = [("host", host.as_str()), ("origin", own.as_str())];
    let mut connection = Asking::connect(server.address()).await;
    let answer = connection.send("PUT", "/api/docs/doc/text", &headers, b"own").await;
    assert_eq!(answer.status, 204, "{answer:?}");
}

#[tokio::test]
async fn what_is_too_large_or_no_text_is_refused_and_changes_nothing() {
    let limits = Limits { document_bytes: 2_000, frame_bytes: 2_100, ..Limits::default() };
    let server = TestServer::start_with(ServeConfig { limits, ..ServeConfig::default() }).await;
    let api = Api::of(server.address());
    assert_eq!(api.send("PUT", "/doc/text", &[], "x".repeat(1_500).as_bytes()).await.status, 201);
    problem(
        &api.send("PUT", "/doc/text?field=b", &[], "y".repeat(900).as_bytes()).await,
        413,
        "larger",
    );
    problem(&api.send("PUT", "/doc/text", &[], "y".repeat(2_001).as_bytes()).await, 413, "larger");
    problem(&api.send("POST", "/doc/update", &[], &[0; 2_101]).await, 413, "larger");
    assert_eq!(api.get("/doc/text", &[]).await.body, "x".repeat(1_500));
    assert_eq!(api.send("PUT", "/doc/text", &[], b"x").await.status, 204, "less is always welcome");
    problem(&api.send("PUT", "/doc/text", &[], b"\xff").await, 400, "UTF-8");
    let latin = [("content-type", "text/plain; charset=ISO-8859-1")];
    problem(&api.send("PUT", "/doc/text", &latin, b"x").await, 415, "UTF-8");
    problem(&api.get("/doc/text?field=", &[]).await, 400, "field");
    problem(&api.get("/%ff/text", &[]).await, 400, "UTF-8");
    problem(&api.get("/a%00b", &[]).await, 400, "control");
    problem(&api.get("/doc/nothing", &[]).await, 404, "openapi");
    let answer = api.send("POST", "/doc/text", &[], b"").await;
    problem(&answer, 405, "method");
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("PATCH")), "{answer:?}");
}

#[tokio::test]
async fn a_map_under_the_name_of_a_text_is_left_alone() {
    let server = TestServer::start().await;
    let api = Api::of(server.address());
    // Of `doc.getMap('config').set('key', 'value')` by Yjs.
    let update = [
        1, 1, 1, 0, 40, 1, 6, 99, 111, 110, 102, 105, 103, 3, 107, 101, 121, 1, 119, 5, 118, 97,
        108, 117, 101, 0,
    ];
    assert_eq!(api.send("POST", "/doc/update", &[], &update).await.status, 201);
    problem(&api.get("/doc/text?field=config", &[]).await, 409, "map");
    problem(&api.send("PUT", "/doc/text?field=config", &[], b"x").await, 409, "map");
    assert_eq!(api.get("/doc/text", &[]).await.body, "");
}

#[tokio::test]
async fn documents_are_listed_a_page_at_a_time_in_the_order_of_their_names() {
    let mut server = TestServer::start().await;
    let api = Api::of(server.address());
    let names = ["a", "b/1", "b/2", "b/3", "b/4", "b0", "ü"];
    for name in names.iter().rev() {
        let path = format!("/{}", name.replace('/', "%2F").replace('ü', "%C3%BC"));
        assert_eq!(api.send("PUT", &path, &[], b"").await.status, 201);
    }
    assert_eq!(api.send("DELETE", "/b%2F3", &[], b"").await.status, 204);
    for _ in 0..2 {
        let first = api.get("?prefix=b/&limit=2", &[]).await.body;
        assert!(first.contains(r#""next":"b/2""#) && first.contains("b/1"), "{first}");
        let second = api.get("?prefix=b/&limit=2&after=b/2", &[]).await.body;
        assert!(second.contains("b/4") && !second.contains("next"), "{second}");
        let all = api.get("", &[]).await.body;
        let found: Vec<bool> =
            names.iter().map(|name| all.contains(&format!("{name:?}"))).collect();
        assert_eq!(found, [true, true, true, false, true, true, true], "{all}");
        // What was folded meanwhile is listed from the disk.
        server.restart().await;
    }
    problem(&api.get("?limit=0", &[]).await, 400, "limit");
    problem(&api.get("?limit=x", &[]).await, 400, "limit");
}

#[tokio::test]
async fn a_document_is_described_as_it_is() {
    let (server, api, _ann) = with_ann("words").await;
    let _peer = Peer::connect(&server.url("doc")).await;
    let described = api.get("/doc", &[]).await.body;
    for part in
        [r#""name":"doc""#, r#""incarnation":1"#, r#""sequence":2,"saved":2"#, r#""updated":"#]
    {
        assert!(described.contains(part), "{described}");
    }
    let mut connection = Asking::connect(server.address()).await;
    let openapi = connection.ask("GET", "/api/openapi.json", &[("host", "localhost")]).await;
    for path in ["/api/docs", "/api/docs/{doc}/text", "/api/docs/{doc}/events"] {
        assert!(openapi.body.contains(&format!("{path:?}")), "{path}");
    }
}
