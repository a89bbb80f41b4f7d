//! Listening to a document: told once of what happens at once, and told when it is over.

use codraft_core::presence::Person;
use codraft_tests::Client;

use super::{problem, with_ann};

#[tokio::test]
async fn a_listener_hears_of_changes_of_the_disk_and_of_who_is_here() {
    let (server, api, mut ann) = with_ann("a").await;
    let mut events = api.events("/doc", "").await;
    let first = events.next().await.unwrap();
    assert_eq!(
        (first.event.as_str(), first.data.as_str()),
        ("changed", r#"{"incarnation":1,"sequence":2}"#)
    );
    let saved = events.next().await.unwrap();
    assert_eq!((saved.event.as_str(), saved.id.as_str()), ("saved", "1-2"));
    let presence = events.next().await.unwrap();
    assert_eq!(presence.data, r#"[{"client":1,"name":""}]"#, "{presence:?}");

    let person =
        Person { name: "Bob\u{202e}".into(), color: "#30bced".into(), ..Person::default() };
    ann.append("b");
    ann.until_saved().await;
    let mut bob = Client::new(&server.url("doc"), 2);
    bob.session.set_person(person, 0);
    bob.session.connect(0);
    bob.until_saved().await;
    let here = events.until("presence", |data| data.contains("Bob")).await;
    assert!(here.data.contains(r##""name":"Bob","color":"#30bced""##), "{here:?}");
    let put = api.send("PUT", "/doc/text", &[], b"ab, and c").await;
    assert_eq!(put.status, 204);
    let last = events.until("saved", |data| data.contains(r#""sequence":4"#)).await;
    drop((ann, bob));
    events.until("presence", |data| data == "[]").await;

    // Whoever has heard of everything is not told of it again.
    let mut again = api.events("/doc", &last.id).await;
    assert_eq!(again.next().await.unwrap().event, "saved");
    let mut behind = api.events("/doc", "1-3").await;
    assert_eq!(behind.next().await.unwrap().event, "changed");
}

#[tokio::test]
async fn a_hundred_changes_at_once_are_told_as_a_few() {
    let (_server, api, mut ann) = with_ann("").await;
    ann.append("x");
    ann.until_saved().await;
    let mut events = api.events("/doc", "").await;
    for _ in 0..300 {
        ann.append("y");
        ann.drive().await;
    }
    ann.until_saved().await;
    let mut changed = 0;
    loop {
        let heard = events.next().await.unwrap();
        changed += usize::from(heard.event == "changed");
        if heard.event == "saved" && heard.data.contains(r#""sequence":302"#) {
            break;
        }
    }
    assert!((1..100).contains(&changed), "{changed} events");
}

#[tokio::test]
async fn events_end_with_the_document_and_with_the_server() {
    let (mut server, api, _ann) = with_ann("a").await;
    let mut events = api.events("/doc", "").await;
    events.until("presence", |_| true).await;
    assert_eq!(api.send("DELETE", "/doc", &[], b"").await.status, 204);
    events.until("deleted", |_| true).await;
    assert_eq!(events.next().await, None);
    problem(&api.get("/doc/events", &[]).await, 404, "deleted");

    assert_eq!(api.send("PUT", "/doc", &[], b"").await.status, 201);
    let mut events = api.events("/doc", "").await;
    events.until("presence", |_| true).await;
    let (_, next) = tokio::join!(server.stop(), events.next());
    assert_eq!(next, None);
}
