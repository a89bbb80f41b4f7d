//! What a program hears that may not do what it wants: one clear sentence, and then nothing more is tried.

use codraft::{Mode, ServeConfig};
use codraft_client::{Document, Error, Pass, Person, Role, Splice};
use codraft_tests::{Api, Asking, TestServer, patiently};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{join_as, until};

async fn start(access: Mode) -> (TestServer, Api) {
    let server = TestServer::start_with(ServeConfig { access, ..ServeConfig::default() }).await;
    let api = Api::of(server.address());
    (server, api)
}

async fn begin(api: &Api) -> (String, String) {
    let answer = api.as_who("", "POST", "/api/docs", "").await;
    let begun: Value = serde_json::from_str(&answer.body).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&begun["name"]), text(&begun["link"]["secret"]))
}

async fn token(server: &TestServer, api: &Api, wanted: &Value) -> String {
    let answer = api.as_who(server.admin(), "POST", "/api/tokens", &wanted.to_string()).await;
    let made: Value = serde_json::from_str(&answer.body).unwrap();
    made["token"].as_str().unwrap().to_owned()
}

fn removed() -> Error {
    Error::Refused { code: 4401, reason: "access was removed".to_owned() }
}

/// How it ends for a program that goes on until somebody ends it.
async fn refusal(document: &mut Document) -> Error {
    patiently("a refusal", async {
        loop {
            if let Err(error) = document.next().await {
                return error;
            }
        }
    })
    .await
}

/// What the server has counted under this name.
async fn count(api: &Api, name: &str) -> String {
    let answer = Asking::get(api.address(), "/metrics", &[("host", "localhost")]).await;
    let line = answer.body.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.to_owned()
}

#[tokio::test]
async fn whoever_shows_nothing_good_hears_it_once_and_stops() {
    let (server, api) = start(Mode::Links).await;
    let (doc, _) = begin(&api).await;
    let url = server.url(&doc);
    for (shown, reason) in [
        ("", "a link or a token is needed"),
        ("nonsense", "this link or token does not let anybody in"),
        ("two\nlines", "the token has characters that no token has"),
    ] {
        let error = join_as(&url, "Bot", shown.into()).await.err().unwrap();
        let sentence = format!(
            "the server refused this program (4401): {reason}; bring a link or a token that is good for this document"
        );
        assert_eq!(error.to_string(), sentence);
        assert_eq!(format!("{error:?}"), sentence, "what `main` would print");
    }
    assert_eq!(count(&api, "codraft_peers_total").await, "codraft_peers_total 2");
}

#[tokio::test]
async fn a_link_as_it_was_copied_opens_its_document() {
    let (server, api) = start(Mode::Links).await;
    let (doc, secret) = begin(&api).await;
    let link = format!("http://{}/d/{doc}#key={secret}", server.address());
    let mut bot = join_as(&link, "Bot", Pass::default()).await.unwrap();
    until(&mut bot, "its role", |bot| bot.status().role == Some(Role::Owner)).await;
    bot.set_text("mine").unwrap();
    bot.saved().await.unwrap();
}

#[tokio::test]
async fn a_viewer_reads_and_hears_that_it_may_not_write_until_it_may() {
    let (server, api) = start(Mode::Links).await;
    let (doc, owner) = begin(&api).await;
    let links = format!("/api/docs/{doc}/links");
    let made = api.as_who(&owner, "POST", &links, &json!({ "role": "viewer" }).to_string()).await;
    let link: Value = serde_json::from_str(&made.body).unwrap();
    let secret = link["secret"].as_str().unwrap();
    let mut bot = join_as(&server.url(&doc), "Bot", secret.into()).await.unwrap();
    until(&mut bot, "its role", |bot| bot.status().role == Some(Role::Viewer)).await;
    assert_eq!(bot.edit(&[Splice::new(0, 0, "x")]), Err(Error::ReadOnly));
    let path = format!("{links}/{}", link["id"].as_str().unwrap());
    api.as_who(&owner, "PATCH", &path, &json!({ "role": "editor" }).to_string()).await;
    until(&mut bot, "its new role", |bot| bot.status().role == Some(Role::Editor)).await;
    bot.edit(&[Splice::new(0, 0, "x")]).unwrap();
    bot.saved().await.unwrap();
    api.as_who(&owner, "DELETE", &path, "").await;
    assert_eq!(refusal(&mut bot).await, removed());
    assert_eq!(bot.edit(&[Splice::new(0, 0, "x")]), Err(removed()), "it stays so");
    assert_eq!(bot.next().await, Err(removed()));
}

#[tokio::test]
async fn a_token_that_expires_is_renewed_by_whoever_can_and_is_the_end_otherwise() {
    let (server, api) = start(Mode::Tokens).await;
    let short = json!({ "docs": ["doc"], "role": "editor", "validForSeconds": 2 });
    let lasting = token(&server, &api, &json!({ "docs": ["doc"], "role": "editor" })).await;
    let mut shown = vec![lasting, token(&server, &api, &short).await];
    let fresh = Pass::renewed(move || shown.pop().unwrap_or_default());
    let mut renewed = join_as(&server.url("doc"), "Bot", fresh).await.unwrap();
    let mut bot = join_as(&server.url("doc"), "Bot", token(&server, &api, &short).await.into())
        .await
        .unwrap();
    let reason = "the token has expired".to_owned();
    assert_eq!(refusal(&mut bot).await, Error::Refused { code: 4401, reason });
    until(&mut renewed, "the end of its token", |bot| !bot.status().is_connected).await;
    until(&mut renewed, "its next", |bot| bot.status().is_connected).await;
}

#[tokio::test]
async fn what_is_no_document_server_is_told_from_one_that_is_away() {
    let server = TestServer::start().await;
    let open = async |url: &str, color: &str| {
        Document::open(url, Pass::default(), Person::named("Bot", color)).await.err().unwrap()
    };
    let nothing_there = format!("http://{}/d/a%2F..%2Fb", server.address());
    let error = open(&nothing_there, "#8a4bc1").await.to_string();
    assert!(error.starts_with("the server refused this program (4400): "), "{error}");
    assert_eq!(open("notes", "#8a4bc1").await, Error::Address);
    assert_eq!(open(&server.url("doc"), "red").await, Error::Color);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let other = format!("http://{}/d/doc", listener.local_addr().unwrap());
    let answers = async {
        let (mut asking, _) = listener.accept().await.unwrap();
        let mut asked = [0; 1_024];
        let length = asking.read(&mut asked).await.unwrap();
        assert!(asked[..length].starts_with(b"GET /ws/doc "));
        let answer = "HTTP/1.1 404 Not Found\r\ncontent-length: 8\r\n\r\nNo more.";
        asking.write_all(answer.as_bytes()).await.unwrap();
    };
    let (error, ()) = tokio::join!(open(&other, "#8a4bc1"), answers);
    assert_eq!(error, Error::NoServer { status: 404, said: "No more.".to_owned() });
}
