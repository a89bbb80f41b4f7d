//! The text as a resource: what is sent is merged into what people are typing, and nothing is overwritten unseen.

use codraft_core::{ClientId, Replica, Splice};
use codraft_tests::{Api, Asking, Client, Mischief, ServerProcess, TestServer, free_port, seeds};

use super::{problem, tag, with_ann};

#[tokio::test]
async fn what_a_program_changes_and_what_a_person_types_end_up_in_one_text() {
    let (_server, api, mut ann) = with_ann("one\ntwo\nthree\n").await;
    let seen = api.get("/doc/text", &[]).await;
    assert_eq!((seen.status, seen.body.as_str()), (200, "one\ntwo\nthree\n"));
    assert_eq!(seen.header("content-type"), Some("text/plain; charset=utf-8"));
    // Ann's words are not in what the program sends, and stay: her line is another one.
    let put = api.send("PUT", "/doc/text", &[], b"one\r\n2\rthree\nfour").await;
    assert_eq!(put.status, 204, "{put:?}");
    ann.until_text("one\n2\nthree\nfour").await;
    ann.append("!");
    ann.until_saved().await;
    let seen = api.get("/doc/text?field=content", &[]).await;
    assert_eq!(seen.body, "one\n2\nthree\nfour!");
    assert_ne!(tag(&seen), tag(&put));
}

#[tokio::test]
async fn a_text_is_replaced_by_as_little_as_it_takes() {
    let (_server, api, mut ann) = with_ann("The quick brown fox.\nIt jumps.\n").await;
    let put = api.send("PUT", "/doc/text", &[], "A quick red fox.\nIt jumps!\n".as_bytes()).await;
    assert_eq!(put.status, 204);
    ann.until_text("A quick red fox.\nIt jumps!\n").await;
    // What is the same is still Ann's: it goes when she takes back what she has written.
    ann.undo(None);
    ann.until_text("Ared!").await;
}

#[tokio::test]
async fn splices_are_of_the_text_that_their_tag_names() {
    let (_server, api, mut ann) = with_ann("a🦦b").await;
    let json = [("content-type", "application/json")];
    let tag_before = tag(&api.get("/doc/text", &[]).await);
    let patch = async |tag: &str, body: &str| {
        let headers = [json[0], ("if-match", tag)];
        api.send("PATCH", "/doc/text", &headers, body.as_bytes()).await
    };
    let splices = r#"[{"from":0,"to":1,"insert":"x\r\ny"},{"from":3,"to":4,"insert":""}]"#;
    let patched = patch(&tag_before, splices).await;
    assert_eq!(patched.status, 204, "{patched:?}");
    ann.until_text("x\ny🦦").await;
    assert_eq!(tag(&patched), tag(&api.get("/doc/text", &[]).await));
    problem(&patch(&tag_before, splices).await, 412, "again");
    problem(&patch("*", r#"[{"from":3,"to":4,"insert":""}]"#).await, 422, "UTF-16");
    problem(&patch("*", r#"[{"from":0,"to":9,"insert":""}]"#).await, 422, "within");
    problem(
        &patch("*", r#"[{"from":1,"to":2,"insert":""},{"from":0,"to":0,"insert":"x"}]"#).await,
        422,
        "sorted",
    );
    problem(&patch("*", r#"[{"from":-1,"to":2,"insert":""}]"#).await, 400, "splices");
    let many = |n: usize| format!("[{}]", [r#"{"from":0,"to":0,"insert":""}"#].repeat(n).join(","));
    problem(&patch("*", &many(20_001)).await, 422, "PUT");
    assert_eq!(patch("*", &many(20_000)).await.status, 204);
    problem(&api.send("PATCH", "/doc/text", &json, b"[]").await, 428, "If-Match");
    problem(&api.send("PATCH", "/doc/text", &[("if-match", "*")], b"[]").await, 415, "JSON");
    let nothing = patch("*", "[]").await;
    assert_eq!((nothing.status, tag(&nothing)), (204, tag(&patched)));
}

#[tokio::test]
async fn of_two_who_replace_the_same_text_one_is_told_to_read_it_again() {
    let (_server, api, _ann) = with_ann("0").await;
    let mut text = "0".to_owned();
    for _ in 0..20 {
        let tag_before = tag(&api.get("/doc/text", &[]).await);
        let headers = [("if-match", tag_before.as_str())];
        let (ours, theirs) = (format!("{text}a"), format!("{text}b"));
        let (ours, theirs) = tokio::join!(
            api.send("PUT", "/doc/text", &headers, ours.as_bytes()),
            api.send("PUT", "/doc/text", &headers, theirs.as_bytes()),
        );
        let mut codes = [ours.status, theirs.status];
        codes.sort_unstable();
        assert_eq!(codes, [204, 412]);
        text = api.get("/doc/text", &[]).await.body;
    }
    assert_eq!(text.len(), 21);
    let weak = format!("W/{}", tag(&api.get("/doc/text", &[]).await));
    problem(&api.send("PUT", "/doc/text", &[("if-match", &weak)], b"x").await, 412, "again");
}

#[tokio::test]
async fn a_text_that_is_known_is_not_sent_again_not_even_after_a_restart() {
    let (mut server, api, ann) = with_ann("words").await;
    let tag_before = tag(&api.get("/doc/text", &[]).await);
    drop(ann);
    server.restart().await;
    for known in [tag_before.clone(), format!("\"x\", W/{tag_before}"), "*".to_owned()] {
        let seen = api.get("/doc/text", &[("if-none-match", &known)]).await;
        assert_eq!((seen.status, seen.body.as_str()), (304, ""), "{known}");
        assert_eq!(tag(&seen), tag_before);
    }
    assert_eq!(api.get("/doc/text", &[("if-none-match", "\"other\"")]).await.body, "words");
    // Another field is none of this one's business.
    assert_eq!(api.send("PUT", "/doc/text?field=notes", &[], b"aside").await.status, 204);
    assert_eq!(api.get("/doc/text", &[("if-none-match", &tag_before)]).await.status, 304);
    assert_eq!(api.get("/doc/text?field=notes", &[]).await.body, "aside");
    let mut bob = Client::connect(&server.url("doc"), 2).await;
    bob.append("!");
    bob.until_saved().await;
    assert_eq!(api.get("/doc/text", &[("if-none-match", &tag_before)]).await.body, "words!");
}

#[tokio::test]
async fn a_head_is_that_of_the_text_before_and_after_it_was_read() {
    let (server, api, mut ann) = with_ann("a🦦").await;
    let head = async |known: &str| {
        let mut connection = Asking::connect(server.address()).await;
        let headers = format!("host: localhost\r\nif-none-match: {known}\r\nconnection: close");
        connection.say(&format!("HEAD /api/docs/doc/text HTTP/1.1\r\n{headers}\r\n\r\n")).await;
        connection.ended().await
    };
    for (text, bytes) in [("a🦦", 5), ("a🦦b", 6)] {
        let first = head("\"other\"").await;
        let tag = tag(&api.get("/doc/text", &[]).await);
        let second = head("\"other\"").await;
        for head in [first, second] {
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            assert!(head.contains(&format!("content-length: {bytes}\r\n")), "{head}");
            assert!(head.contains(&format!("etag: {tag}\r\n")), "{head}");
        }
        assert!(head(&tag).await.starts_with("HTTP/1.1 304"), "{text}");
        ann.append("b");
        ann.until_saved().await;
    }
}

#[tokio::test]
async fn a_text_that_is_put_where_nothing_is_makes_a_document() {
    let server = TestServer::start().await;
    let api = Api::of(server.address());
    let name = "/a%2Fb%20%E6%97%A5/text";
    let only_new = [("if-none-match", "*")];
    problem(&api.send("PUT", name, &[("if-match", "*")], b"x").await, 412, "again");
    let put = api.send("PUT", name, &only_new, "text\u{0}".as_bytes()).await;
    assert_eq!(put.status, 201, "{put:?}");
    problem(&api.send("PUT", name, &only_new, b"other").await, 412, "again");
    Client::connect(&server.url("a/b%20%E6%97%A5"), 1).await.until_text("text\u{0}").await;
    let empty = api.send("PUT", "/empty/text", &[], b"").await;
    assert_eq!((empty.status, api.get("/empty/text", &[]).await.status), (201, 200));
}

#[tokio::test]
async fn programs_and_people_at_once_leave_one_text_that_has_all_of_their_words() {
    for seed in seeds(3) {
        let mut mischief = Mischief::new(seed);
        let (_server, api, mut ann) = with_ann("start\n").await;
        let mut words = Vec::new();
        for n in 0..40 {
            let word = format!("w{n} ");
            if mischief.one_in(2) {
                let at = ann.editor.len().min(mischief.below(1 + ann.editor.len()));
                ann.edit(&[Splice::new(at as u32, at as u32, word.as_str())]);
                ann.drive().await;
            } else {
                let seen = api.get("/doc/text", &[]).await;
                let headers = [("if-match", tag(&seen))];
                let headers = [(headers[0].0, headers[0].1.as_str())];
                let at = mischief.below(1 + seen.body.len());
                let text = format!("{}{word}{}", &seen.body[..at], &seen.body[at..]);
                let put = api.send("PUT", "/doc/text", &headers, text.as_bytes()).await;
                match put.status {
                    204 => {}
                    412 => continue,
                    _ => panic!("seed {seed}: {put:?}"),
                }
            }
            words.push(format!("w{n}"));
        }
        ann.until_saved().await;
        let text = api.get("/doc/text", &[]).await.body;
        ann.until_text(&text).await;
        // A word may have come between the letters of another.
        let letters = words.iter().map(String::len).sum::<usize>() + words.len();
        assert_eq!(text.len(), "start\n".len() + letters, "seed {seed}");
    }
}

#[tokio::test]
async fn what_was_answered_is_there_after_the_process_was_killed() {
    let data = tempfile::tempdir().unwrap();
    let address = ([127, 0, 0, 1], free_port()).into();
    let api = Api::of(address);
    let mut replica = Replica::new(ClientId::from_random(9));
    for round in 0..5 {
        let server = ServerProcess::start(address, data.path()).await;
        if round > 0 {
            let before = round - 1;
            assert_eq!(api.get("/doc/text", &[]).await.body, format!("text {before}"));
            assert_eq!(api.get("/doc/text?field=other", &[]).await.body, "x".repeat(round));
        }
        let put = api.send("PUT", "/doc/text", &[], format!("text {round}").as_bytes()).await;
        assert!([201, 204].contains(&put.status), "{put:?}");
        let update = replica.edit_field("other", &[Splice::new(0, 0, "x")]);
        assert_eq!(api.send("POST", "/doc/update", &[], &update).await.status, 204);
        server.kill().await;
    }
}
