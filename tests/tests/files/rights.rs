//! Who may bring a file and who may see it: by what they show, and by the cookie that a browser shows by itself.

use codraft::{Mode, ServeConfig};
use codraft_tests::{Answer, Api, Asking, Peer, TestServer};
use serde_json::{Value, json};

use super::{path, png};

/// A server with links, and a document on it with a picture.
struct Host {
    api: Api,
    admin: String,
    doc: String,
    owner: String,
    picture: String,
    _server: TestServer,
}

impl Host {
    async fn start() -> Self {
        let config = ServeConfig { access: Mode::Links, ..ServeConfig::default() };
        let server = TestServer::start_with(config).await;
        let api = Api::of(server.address());
        let (doc, owner) = begin(&api).await;
        let picture = api.send("POST", &format!("/{doc}/files"), &[bearer(&owner)], &png("")).await;
        let (picture, admin) = (path(&picture), server.admin().to_owned());
        Self { api, admin, doc, owner: key(&owner).to_owned(), picture, _server: server }
    }

    async fn link(&self, role: &str) -> (String, String) {
        let links = format!("/api/docs/{}/links", self.doc);
        let wanted = json!({ "role": role }).to_string();
        let link = json(&self.api.as_who(&self.owner, "POST", &links, &wanted).await);
        (text(&link["id"]), text(&link["secret"]))
    }

    /// The cookie that comes with a ticket, as a browser sends it back; and all that was said of it.
    async fn cookie(&self, shown: &str) -> (String, String) {
        self.cookie_for(shown, "{}").await
    }

    /// The same for who says something of themselves.
    async fn cookie_for(&self, shown: &str, comes: &str) -> (String, String) {
        let ticket = format!("/api/docs/{}/ticket", self.doc);
        let answer = self.api.as_who(shown, "POST", &ticket, comes).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let said = answer.header("set-cookie").unwrap().to_owned();
        (said.split(';').next().unwrap().to_owned(), said)
    }

    async fn see(&self, headers: &[(&str, &str)]) -> u16 {
        self.api.get(&self.picture, headers).await.status
    }
}

async fn begin(api: &Api) -> (String, String) {
    let begun = json(&api.as_who("", "POST", "/api/docs", "").await);
    (text(&begun["name"]), format!("Bearer {}", text(&begun["link"]["secret"])))
}

fn bearer(shown: &str) -> (&str, &str) {
    ("authorization", shown)
}

fn key(bearer: &str) -> &str {
    bearer.strip_prefix("Bearer ").unwrap()
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn editors_bring_files_viewers_see_them_and_owners_remove_them() {
    let host = Host::start().await;
    let files = format!("/{}/files", host.doc);
    let (_, viewer) = host.link("viewer").await;
    let (_, editor) = host.link("editor").await;
    for (shown, brings, sees, removes) in [
        ("", 401, 401, 401),
        ("nonsense", 401, 401, 401),
        (&viewer, 403, 200, 403),
        (&editor, 201, 200, 403),
        (&host.owner.clone(), 200, 200, 204),
    ] {
        let shown = format!("Bearer {shown}");
        let shown = &[bearer(&shown)];
        let brought = host.api.send("POST", &files, shown, &png("more")).await;
        assert_eq!(brought.status, brings, "{shown:?}");
        assert_eq!(host.see(shown).await, sees, "{shown:?}");
        let removed = host.api.send("DELETE", &host.picture, shown, b"").await;
        assert_eq!(removed.status, removes, "{shown:?}");
    }
}

#[tokio::test]
async fn a_page_in_a_frame_of_another_site_gets_a_cookie_that_is_sent_from_there() {
    let host = Host::start().await;
    let (cookie, said) = host.cookie_for(&host.owner, r#"{ "framed": true }"#).await;
    assert!(said.ends_with("; HttpOnly; SameSite=None; Secure; Partitioned"), "{said}");
    assert_eq!(host.see(&[("cookie", &cookie)]).await, 200);
}

#[tokio::test]
async fn a_ticket_comes_with_a_cookie_that_shows_the_documents_pictures_and_does_nothing_else() {
    let host = Host::start().await;
    let (_, editor) = host.link("editor").await;
    let (cookie, said) = host.cookie(&editor).await;
    for attribute in ["HttpOnly", "SameSite=Strict", &format!("Path=/api/docs/{}/files", host.doc)]
    {
        assert!(said.split("; ").any(|part| part == attribute), "{attribute} is not in {said}");
    }
    let other = format!("theme=dark; {cookie}; x=y");
    assert_eq!(host.see(&[("cookie", &other)]).await, 200);
    assert_eq!(host.see(&[]).await, 401);
    for wrong in ["codraft-files=", "codraft-files=nonsense", "codraft-filesx=1"] {
        assert_eq!(host.see(&[("cookie", wrong)]).await, 401, "{wrong}");
    }
    let shown = [("cookie", cookie.as_str())];
    let files = format!("/{}/files", host.doc);
    for (method, path) in [
        ("POST", &files),
        ("GET", &files),
        ("DELETE", &host.picture),
        ("GET", &format!("/{}/text", host.doc)),
        ("POST", &format!("/{}/ticket", host.doc)),
    ] {
        let answer = host.api.send(method, path, &shown, &png("by cookie")).await;
        assert_eq!(answer.status, 401, "{method} {path}");
    }
    // Neither as a token, nor for a connection; and a ticket is no cookie.
    let value = cookie.strip_prefix("codraft-files=").unwrap();
    let token = format!("Bearer {value}");
    assert_eq!(host.see(&[bearer(&token)]).await, 401);
    let url = format!("ws://{}/ws/{}?token={value}", host.api.address(), host.doc);
    assert_eq!(Peer::connect(&url).await.closed().await.0, 4401);
    let ticket = json(
        &host.api.as_who(&editor, "POST", &format!("/api/docs/{}/ticket", host.doc), "{}").await,
    );
    let ticket = format!("codraft-files={}", text(&ticket["ticket"]));
    assert_eq!(host.see(&[("cookie", &ticket)]).await, 401);
    // Nor for another document, whose files they may not see.
    let (doc, owner) = begin(&host.api).await;
    let theirs =
        host.api.send("POST", &format!("/{doc}/files"), &[bearer(&owner)], &png("theirs")).await;
    assert_eq!(host.api.get(&path(&theirs), &shown).await.status, 401);
}

#[tokio::test]
async fn the_cookie_of_a_link_is_worth_nothing_once_the_link_is_revoked() {
    let host = Host::start().await;
    let (id, viewer) = host.link("viewer").await;
    let (cookie, _) = host.cookie(&viewer).await;
    assert_eq!(host.see(&[("cookie", &cookie)]).await, 200);
    let link = format!("/api/docs/{}/links/{id}", host.doc);
    assert_eq!(host.api.as_who(&host.owner, "DELETE", &link, "").await.status, 204);
    assert_eq!(host.see(&[("cookie", &cookie)]).await, 401);
    // Pages with many pictures that are not shown keep nobody else from coming.
    for _ in 0..150 {
        assert_eq!(host.see(&[("cookie", &cookie)]).await, 401);
        assert_eq!(host.see(&[]).await, 401);
    }
    let (_, editor) = host.link("editor").await;
    host.cookie(&editor).await;
}

#[tokio::test]
async fn rights_that_were_taken_while_a_file_came_are_gone() {
    let host = Host::start().await;
    let (id, editor) = host.link("editor").await;
    let picture = png(&"x".repeat(100));
    let mut connection = Asking::connect(host.api.address()).await;
    let head = format!(
        "POST /api/docs/{}/files HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {editor}\r\n\
         expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        host.doc,
        picture.len()
    );
    connection.say(&head).await;
    // The body is asked for once the rights were looked at.
    assert_eq!(connection.answer().await.status, 100);
    let link = format!("/api/docs/{}/links/{id}", host.doc);
    assert_eq!(host.api.as_who(&host.owner, "DELETE", &link, "").await.status, 204);
    connection.say_bytes(&picture).await;
    assert_eq!(connection.answer().await.status, 401);
    let listed =
        host.api.as_who(&host.owner, "GET", &format!("/api/docs/{}/files", host.doc), "").await;
    assert_eq!(json(&listed)["files"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_of_another_site_brings_nothing_and_the_administrator_may_do_everything() {
    let host = Host::start().await;
    let files = format!("/{}/files", host.doc);
    let owner = format!("Bearer {}", host.owner);
    let foreign = [bearer(&owner), ("origin", "https://evil.example")];
    assert_eq!(host.api.send("POST", &files, &foreign, &png("evil")).await.status, 403);
    let admin = format!("Bearer {}", host.admin);
    assert_eq!(host.see(&[bearer(&admin)]).await, 200);
}
