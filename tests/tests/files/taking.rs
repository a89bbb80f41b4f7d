//! What is taken for a picture, how much of it, and how it is shown.

use codraft::{Limits, ServeConfig};
use codraft_tests::{Api, Asking, TestServer, files, patiently};
use serde_json::{Value, json};

use super::{give, path, png, problem};

async fn start(limits: Limits) -> (TestServer, Api) {
    let server = TestServer::start_with(ServeConfig { limits, ..ServeConfig::default() }).await;
    let api = Api::of(server.address());
    (server, api)
}

#[tokio::test]
async fn a_picture_is_shown_as_it_came_for_ever_and_can_do_nothing() {
    let (_server, api) = start(Limits::default()).await;
    let picture = png("one");
    let path = give(&api, "a%2Fb%20(c)", &picture).await;
    assert!(path.starts_with("/a%2Fb%20%28c%29/files/") && path.ends_with(".png"), "{path}");
    let shown = api.get(&path, &[]).await;
    assert_eq!((shown.status, &shown.bytes), (200, &picture));
    for (name, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, max-age=31536000, immutable"),
    ] {
        assert_eq!(shown.header(name), Some(value), "{name}");
    }
    assert!(shown.header("content-disposition").unwrap().starts_with("inline; filename="));
    let tag = shown.header("etag").unwrap();
    for known in [tag, "*", &format!("\"x\", W/{tag}")] {
        let again = api.get(&path, &[("if-none-match", known)]).await;
        assert_eq!((again.status, again.header("etag")), (304, Some(tag)), "{known}");
    }
    assert_eq!(api.get(&path, &[("if-none-match", "\"x\"")]).await.status, 200);
    let again = api.send("POST", "/a%2Fb%20(c)/files", &[], &picture).await;
    assert_eq!((again.status, super::path(&again)), (200, path.clone()));
    let listed = api.get("/a%2Fb%20(c)/files", &[]).await;
    let listed: Value = serde_json::from_str(&listed.body).unwrap();
    let one =
        json!({ "path": format!("/api/docs{path}"), "size": picture.len(), "type": "image/png" });
    assert_eq!(listed["files"], json!([one]));
    assert_eq!(listed["size"], json!(picture.len()));
}

#[tokio::test]
async fn a_type_is_what_the_bytes_say_and_not_what_is_claimed() {
    let (server, api) = start(Limits::default()).await;
    for (claimed, lie) in [
        ("image/png", "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("image/png", "<!doctype html><script>1</script>"),
        ("image/jpeg", "%PDF-1.7"),
        ("image/gif", ""),
        ("image/webp", "RIFF....WAVEfmt "),
        ("image/avif", "\0\0\0\x18ftypheic\0\0\0\0heic"),
    ] {
        let claimed = [("content-type", claimed)];
        let answer = api.send("POST", "/doc/files", &claimed, lie.as_bytes()).await;
        problem(&answer, 415, "no picture");
        let long = format!("{lie}{}", "x".repeat(1 << 20));
        let answer = api.send("POST", "/doc/files", &claimed, long.as_bytes()).await;
        problem(&answer, 415, "no picture");
    }
    let honest = api.send("POST", "/doc/files", &[("content-type", "text/html")], &png("")).await;
    assert_eq!(api.get(&path(&honest), &[]).await.header("content-type"), Some("image/png"));
    for (bytes, kind) in [
        (&b"\xff\xd8\xff\xe0 and so on"[..], "image/jpeg"),
        (b"GIF89a and so on", "image/gif"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "image/avif"),
    ] {
        let shown = api.get(&give(&api, "doc", bytes).await, &[]).await;
        assert_eq!((shown.header("content-type"), &shown.bytes[..]), (Some(kind), bytes));
    }
    let incoming = server.data().join("files/incoming");
    assert!(files(&incoming).is_empty(), "what was refused is still there");
}

#[tokio::test]
async fn a_file_and_all_files_of_a_document_have_a_limit_each() {
    let limits = Limits { file_bytes: 64 << 10, files_bytes: 100 << 10, ..Limits::default() };
    let (_server, api) = start(limits).await;
    let large = png(&"x".repeat(64 << 10));
    problem(&api.send("POST", "/doc/files", &[], &large).await, 413, "larger than 64.0 KiB");
    // Without a length in front it is noticed as it comes.
    let mut connection = Asking::connect(api.address()).await;
    let head = "POST /api/docs/doc/files HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";
    connection.say(head).await;
    let png = "\u{1}".repeat(70_000);
    connection.say(&format!("{:x}\r\n{png}\r\n", png.len())).await;
    problem(&connection.answer().await, 413, "larger");
    let half = super::png(&"y".repeat(60 << 10));
    let path = give(&api, "doc", &half).await;
    let other = super::png(&"z".repeat(60 << 10));
    let refused = api.send("POST", "/doc/files", &[], &other).await;
    problem(&refused, 507, "may take 100.0 KiB");
    assert_eq!(api.send("POST", "/doc/files", &[], &super::png("small")).await.status, 201);
    give(&api, "another", &other).await;
    assert_eq!(api.send("DELETE", &path, &[], b"").await.status, 204);
    problem(&api.send("DELETE", &path, &[], b"").await, 404, "no such file");
    problem(&api.get(&path, &[]).await, 404, "no such file");
    give(&api, "doc", &other).await;
}

#[tokio::test]
async fn the_limit_of_all_files_holds_when_many_come_at_once() {
    let limits = Limits { file_bytes: 64 << 10, files_bytes: 100 << 10, ..Limits::default() };
    let (server, api) = start(limits).await;
    let give = async |n: u8| {
        let picture = png(&char::from(b'a' + n).to_string().repeat(30 << 10));
        api.send("POST", "/doc/files", &[], &picture).await.status
    };
    let (a, b, c, d, e, f) = tokio::join!(give(0), give(1), give(2), give(3), give(4), give(5));
    let mut statuses = [a, b, c, d, e, f];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 507, 507, 507]);
    assert_eq!(files(&server.data().join("files")).len(), 3);
}

#[tokio::test]
async fn a_server_may_take_none() {
    let (_server, api) = start(Limits { files_bytes: 0, ..Limits::default() }).await;
    problem(&api.send("POST", "/doc/files", &[], &png("")).await, 507, "takes no files");
}

#[tokio::test]
async fn no_name_leads_out_of_a_documents_folder() {
    let (_server, api) = start(Limits::default()).await;
    let path = give(&api, "doc", &png("")).await;
    let name = path.rsplit('/').next().unwrap().to_owned();
    give(&api, "other", &png("other")).await;
    for wrong in [
        "..%2f..%2fkeys.json",
        "%2e%2e%2f%2e%2e%2ftoken.key",
        &format!("..%2f2-1%2f{name}"),
        &format!(".%2f{name}"),
        &format!("{name}%00"),
        &format!("{name}%2f"),
        &name.to_uppercase(),
        &name.replace("png", "html"),
        &name.replace(".png", ".png.html"),
        "incoming",
        &format!("{}.png", "0".repeat(64)),
    ] {
        for method in ["GET", "DELETE"] {
            let answer = api.send(method, &format!("/doc/files/{wrong}"), &[], b"").await;
            problem(&answer, 404, "no such file");
        }
    }
    problem(&api.get(&path.replace("/doc/", "/other/"), &[]).await, 404, "no such file");
    problem(&api.get(&path.replace("/doc/", "/nowhere/"), &[]).await, 404, "no document");
}

#[tokio::test]
async fn what_stops_coming_is_let_go_of() {
    let (server, api) = start(Limits::default()).await;
    let incoming = server.data().join("files/incoming");
    let mut connection = Asking::connect(api.address()).await;
    let head =
        "POST /api/docs/doc/files HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\n";
    connection.say(head).await;
    connection.say("GIF89a").await;
    let until = async |count: usize| {
        patiently("files that are being received", async {
            while !incoming.exists() || files(&incoming).len() != count {
                tokio::task::yield_now().await;
            }
        })
        .await;
    };
    until(1).await;
    drop(connection);
    until(0).await;
}
