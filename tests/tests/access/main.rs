//! Who may do what: every way to ask, with everything that somebody can show, over every dialect; and what becomes of those
//! who are connected when their rights change.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod command_line;
mod identity;
mod live;
mod routes;
mod sockets;

use codraft::{Mode, ServeConfig};
use codraft_tests::{Answer, Api, TestServer};
use serde_json::{Value, json};

/// A server whose documents are reached by links, and what its administrator asks of it.
struct Host {
    server: TestServer,
    api: Api,
}

impl Host {
    async fn start() -> Self {
        Self::start_as(Mode::Links).await
    }

    async fn start_as(access: Mode) -> Self {
        let config = ServeConfig { access, ..ServeConfig::default() };
        let server = TestServer::start_with(config).await;
        let api = Api::of(server.address());
        Self { server, api }
    }

    /// A document that has just begun: its name, and the secret of the link that owns it.
    async fn begin(&self) -> (String, String) {
        let begun = expect(&self.api.as_who("", "POST", "/api/docs", "").await, 201);
        (text(&begun["name"]), text(&begun["link"]["secret"]))
    }

    /// A link of this role, made by an owner: its id and its secret.
    async fn link(&self, doc: &str, owner: &str, role: &str) -> (String, String) {
        let wanted = json!({ "role": role, "name": format!("a link for a {role}") });
        let link = self.links(doc, owner, "POST", "", &wanted.to_string()).await;
        let link = expect(&link, 201);
        (text(&link["id"]), text(&link["secret"]))
    }

    async fn links(&self, doc: &str, owner: &str, method: &str, id: &str, body: &str) -> Answer {
        self.api.as_who(owner, method, &format!("/api/docs/{doc}/links{id}"), body).await
    }

    /// A token that the administrator has made.
    async fn token(&self, wanted: &Value) -> String {
        let (admin, wanted) = (self.server.admin(), wanted.to_string());
        let answer = self.api.as_who(admin, "POST", "/api/tokens", &wanted).await;
        text(&expect(&answer, 200)["token"])
    }

    /// A ticket for whoever shows this, as the guest with this number.
    async fn ticket(&self, doc: &str, shown: &str, guest: u8) -> String {
        let body = json!({ "guest": format!("{guest:02x}").repeat(16) }).to_string();
        let answer =
            self.api.as_who(shown, "POST", &format!("/api/docs/{doc}/ticket"), &body).await;
        text(&expect(&answer, 200)["ticket"])
    }

    /// Where a client connects that shows this.
    fn url(&self, doc: &str, shown: &str) -> String {
        format!("{}?token={shown}", self.server.url(doc))
    }
}

/// The JSON of an answer with this status.
#[track_caller]
fn expect(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{answer:?}");
    if answer.body.is_empty() { Value::Null } else { serde_json::from_str(&answer.body).unwrap() }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no string: {value}")).to_owned()
}
