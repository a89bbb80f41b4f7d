//! What a document is called and what it is written in: said over HTTP and by people, and told in lists.

use codraft_core::replica::{ABOUT, Fact};
use codraft_core::{ClientId, Replica, Session, Splice};
use codraft_tests::{Answer, Api, ServerProcess, free_port};

use super::{problem, with_ann};

async fn say(api: &Api, body: &str) -> Answer {
    api.send("PATCH", "/doc/about", &[], body.as_bytes()).await
}

async fn said(api: &Api) -> String {
    api.get("/doc/about", &[]).await.body
}

#[tokio::test]
async fn what_a_program_says_and_what_people_say_is_one_thing() {
    let (_server, api, mut ann) = with_ann("words").await;
    assert_eq!(said(&api).await, r#"{"title":"","language":""}"#);
    let answer = say(&api, r#"{"title":" Minutes\n of Monday ","language":"python"}"#).await;
    let expected = r#"{"title":"Minutes of Monday","language":"python"}"#;
    assert_eq!((answer.status, answer.body.as_str()), (200, expected));
    let is_called = |title| move |session: &Session| session.about().title == title;
    ann.until("the title", is_called("Minutes of Monday")).await;
    ann.session.say(Fact::Title, "Ann’s");
    ann.until_saved().await;
    assert_eq!(said(&api).await, r#"{"title":"Ann’s","language":"python"}"#);
    assert_eq!(say(&api, "{}").await.body, r#"{"title":"Ann’s","language":"python"}"#);
    say(&api, r#"{"title":""}"#).await;
    ann.until("no title", is_called("")).await;
    assert_eq!(ann.session.text(), "words");
    let fields = api.get("/doc/fields", &[]).await.body;
    assert_eq!(fields, r#"[{"name":"content","kind":"text"}]"#, "it is no field");
    let long = say(&api, &format!(r#"{{"title":"{}"}}"#, "é".repeat(9_000))).await;
    assert_eq!(long.body, format!(r#"{{"title":"{}","language":"python"}}"#, "é".repeat(200)));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_sentence() {
    let (_server, api, _ann) = with_ann("words").await;
    problem(&say(&api, r#"{"name":"x"}"#).await, 400, "name");
    problem(&say(&api, r#"{"title":7}"#).await, 400, "string");
    problem(&say(&api, "").await, 400, "JSON");
    problem(&api.get("/nothing/about", &[]).await, 404, "PUT");
    problem(&api.send("PATCH", "/nothing/about", &[], b"{}").await, 404, "PUT");
    assert_eq!(said(&api).await, r#"{"title":"","language":""}"#);
}

#[tokio::test]
async fn what_an_app_keeps_under_the_name_stays_its_own() {
    let (_server, api, _ann) = with_ann("words").await;
    let mut theirs = Replica::of_field(ClientId::from_random(9), &ABOUT.into());
    let update = theirs.edit(&[Splice::new(0, 0, "an app's")]);
    assert_eq!(api.send("POST", "/doc/update", &[], &update).await.status, 204);
    problem(&say(&api, r#"{"title":"x"}"#).await, 409, ABOUT);
    assert_eq!(api.get("/doc/text?field=codraft", &[]).await.body, "an app's");
}

#[tokio::test]
async fn lists_tell_titles_and_first_lines_once_they_are_folded() {
    let data = tempfile::tempdir().expect("a folder");
    let address = ([127, 0, 0, 1], free_port()).into();
    let server = ServerProcess::start(address, data.path()).await;
    let api = Api::of(address);
    for (name, text) in [("called", "# A first line\n"), ("lined", "\n\n## A *second* line \nx")] {
        let path = format!("/{name}/text");
        api.send("PUT", &path, &[], text.as_bytes()).await;
    }
    let called = r#"{"title":"Called so","language":"rust"}"#;
    api.send("PATCH", "/called/about", &[], called.as_bytes()).await;
    assert!(!api.get("", &[]).await.body.contains("Called so"), "it is not folded yet");
    assert!(server.terminate().await.success());
    let _server = ServerProcess::start(address, data.path()).await;
    let list = api.get("", &[]).await.body;
    for part in [
        r#""name":"called""#,
        r#""title":"Called so","language":"rust""#,
        r#""title":"A *second* line""#,
    ] {
        assert!(list.contains(part), "{list}");
    }
    assert_eq!(said_of(&api, "called").await, called);
    api.send("PATCH", "/called/about", &[], br#"{"language":""}"#).await;
    assert_eq!(said_of(&api, "called").await, r#"{"title":"Called so","language":""}"#);
}

async fn said_of(api: &Api, name: &str) -> String {
    api.get(&format!("/{name}/about"), &[]).await.body
}
