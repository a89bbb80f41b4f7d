//! Every route, with everything that somebody can show.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use codraft::{Creation, Mode, ServeConfig};
use codraft_tests::{Api, Peer, TestServer};
use serde_json::json;

use super::{Host, expect, text};

/// What somebody is, or must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Viewer,
    Editor,
    Owner,
    Admin,
}

/// A file that no document has.
const NO_FILE: &str =
    "/api/docs/{}/files/0000000000000000000000000000000000000000000000000000000000000000.png";

/// Routes that leave a document as it is, or nearly, and what they take; `{}` stands for its name.
const ROUTES: [(&str, &str, &str, Option<Level>); 29] = [
    ("GET", "/", "", None),
    ("GET", "/d/{}", "", None),
    ("GET", "/healthz", "", None),
    ("GET", "/api/access", "", None),
    ("GET", "/api/openapi.json", "", None),
    ("GET", "/api/docs/{}", "", Some(Level::Viewer)),
    ("GET", "/api/docs/{}/text", "", Some(Level::Viewer)),
    ("GET", "/api/docs/{}/fields", "", Some(Level::Viewer)),
    ("GET", "/api/docs/{}/about", "", Some(Level::Viewer)),
    ("GET", "/api/docs/{}/update", "", Some(Level::Viewer)),
    ("GET", "/d/{}/as-update", "", Some(Level::Viewer)),
    ("POST", "/api/docs/{}/ticket", "{}", Some(Level::Viewer)),
    ("GET", "/api/docs/{}/files", "", Some(Level::Viewer)),
    ("GET", NO_FILE, "", Some(Level::Viewer)),
    ("POST", "/api/docs/{}/files", "no picture", Some(Level::Editor)),
    ("DELETE", NO_FILE, "", Some(Level::Owner)),
    ("PUT", "/api/docs/{}/text", "words", Some(Level::Editor)),
    ("PATCH", "/api/docs/{}/text", "[]", Some(Level::Editor)),
    ("PATCH", "/api/docs/{}/about", "{}", Some(Level::Editor)),
    ("POST", "/api/docs/{}/update", "\0\0", Some(Level::Editor)),
    ("POST", "/d/{}/update", "\0\0", Some(Level::Editor)),
    ("PUT", "/api/docs/{}", "", Some(Level::Owner)),
    ("GET", "/api/docs/{}/links", "", Some(Level::Owner)),
    ("POST", "/api/docs/{}/links", r#"{"role":"viewer"}"#, Some(Level::Owner)),
    ("PATCH", "/api/docs/{}/links/none", "{}", Some(Level::Owner)),
    ("DELETE", "/api/docs/{}/links/none", "", Some(Level::Owner)),
    ("POST", "/api/docs/{}/kick", r#"{"user":"nobody"}"#, Some(Level::Owner)),
    ("GET", "/api/docs", "", Some(Level::Admin)),
    ("POST", "/api/tokens", r#"{"docs":["x"],"role":"viewer"}"#, Some(Level::Admin)),
];

/// The same of y-sweet, which its client's backend asks.
const Y_SWEET: [(&str, &str, &str, Option<Level>); 2] = [
    ("POST", "/doc/new", r#"{"docId":"new"}"#, Some(Level::Admin)),
    ("POST", "/doc/{}/auth", "{}", Some(Level::Admin)),
];

/// Whether an answer is what somebody of this level has to hear.
#[track_caller]
fn check(what: &str, status: u16, level: Option<Level>, need: Option<Level>, shows: bool) {
    let expected = match (level, need) {
        (_, None) => None,
        (None, Some(Level::Admin)) => Some(if shows { 403 } else { 401 }),
        (None, Some(_)) => Some(401),
        (Some(level), Some(need)) => (level < need).then_some(403),
    };
    match expected {
        Some(expected) => assert_eq!(status, expected, "{what}"),
        // A server without its pages says so with 503.
        None => assert!(![401, 403, 500].contains(&status), "{what}: {status}"),
    }
}

/// Everything that somebody can show for a document, by what it is called and what it is worth.
async fn shown(host: &Host, doc: &str, owner: &str) -> Vec<(&'static str, String, Option<Level>)> {
    let (_, viewer) = host.link(doc, owner, "viewer").await;
    let (_, editor) = host.link(doc, owner, "editor").await;
    let (id, revoked) = host.link(doc, owner, "owner").await;
    expect(&host.links(doc, owner, "DELETE", &format!("/{id}"), "").await, 204);
    let (other, others) = host.begin().await;
    let token = |doc: &str, role: &str| json!({ "docs": [doc], "role": role, "user": "7" });
    let viewer_token = host.token(&token(doc, "viewer")).await;
    let owner_token = host.token(&token(doc, "owner")).await;
    let elsewhere = host.token(&token(&other, "owner")).await;
    let (head, signature) = viewer_token.rsplit_once('.').unwrap();
    let claims = head.split('.').nth(1).unwrap();
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let claims = URL_SAFE_NO_PAD.encode(claims.replace("viewer", "owner"));
    let tampered = format!("{}.{claims}.{signature}", head.split('.').next().unwrap());
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    vec![
        ("nothing", String::new(), None),
        ("nonsense", "nonsense".to_owned(), None),
        ("a viewer's link", viewer.clone(), Some(Level::Viewer)),
        ("an editor's link", editor, Some(Level::Editor)),
        ("an owner's link", owner.to_owned(), Some(Level::Owner)),
        ("a revoked link", revoked, None),
        ("a link of another document", others, None),
        ("a link that never was", format!("cl_{}", "A".repeat(24)), None),
        // It opens connections, and buys nothing else.
        ("a viewer's ticket", host.ticket(doc, &viewer, 1).await, None),
        ("a link that has ended", ended(host, doc, owner).await, None),
        ("a viewer's token", viewer_token, Some(Level::Viewer)),
        ("an owner's token", owner_token, Some(Level::Owner)),
        ("a token of another document", elsewhere, None),
        ("a token that was tampered with", tampered, None),
        ("a token that nobody signed", format!("{none}.{claims}."), None),
        ("the admin key", host.server.admin().to_owned(), Some(Level::Admin)),
    ]
}

/// The secret of a link that worked, once it does not any more.
async fn ended(host: &Host, doc: &str, owner: &str) -> String {
    let wanted = json!({ "role": "owner", "validForSeconds": 1 }).to_string();
    let link = expect(&host.links(doc, owner, "POST", "", &wanted).await, 201);
    let secret = text(&link["secret"]);
    let mut peer = Peer::connect(&host.url(doc, &secret)).await;
    assert_eq!(peer.closed().await.0, 4401);
    secret
}

#[tokio::test]
async fn a_ticket_buys_no_ticket_and_what_anybody_may_make_is_worth_nothing_elsewhere() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let ticket = host.ticket(&doc, &owner, 1).await;
    let path = format!("/api/docs/{doc}/ticket");
    expect(&host.api.as_who(&ticket, "POST", &path, "{}").await, 401);
    let open = Host::start_as(Mode::Open).await;
    expect(
        &open.api.as_who("", "POST", "/api/tokens", r#"{"docs":["x"],"role":"owner"}"#).await,
        401,
    );
    expect(&open.api.as_who("", "PUT", "/api/docs/x", "").await, 201);
    let wanted = r#"{"role":"owner"}"#;
    expect(&open.api.as_who("", "POST", "/api/docs/x/links", wanted).await, 409);
    expect(&open.api.as_who("", "PATCH", "/api/docs/x/links/1", wanted).await, 409);
    let made = expect(&open.api.as_who("", "POST", "/doc/x/auth", "{}").await, 200);
    let token = text(&made["token"]);
    assert_eq!(open.api.as_who(&token, "GET", "/api/docs/x", "").await.status, 200);
    let mut server = open.server;
    server.restart_as(Mode::Tokens).await;
    assert_eq!(
        Api::of(server.address()).as_who(&token, "GET", "/api/docs/x", "").await.status,
        401
    );
}

#[tokio::test]
async fn nobody_sends_the_administrator_away_or_is_named_as_one() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let path = format!("/api/docs/{doc}/kick");
    for user in ["admin", "", "a\u{7}"] {
        let kick = json!({ "user": user }).to_string();
        expect(&host.api.as_who(&owner, "POST", &path, &kick).await, 400);
    }
    for user in ["admin", "guest:1"] {
        let wanted = json!({ "docs": ["x"], "role": "viewer", "user": user }).to_string();
        expect(&host.api.as_who(host.server.admin(), "POST", "/api/tokens", &wanted).await, 400);
    }
}

#[tokio::test]
async fn every_route_takes_what_it_takes_and_nothing_less() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    expect(&host.links(&doc, &owner, "GET", "", "").await, 200);
    for (called, shown, level) in shown(&host, &doc, &owner).await {
        for (method, path, body, need) in ROUTES.iter().chain(&Y_SWEET) {
            let path = path.replace("{}", &doc);
            let answer = host.api.as_who(&shown, method, &path, body).await;
            let what = format!("{method} {path} with {called}: {}", answer.body);
            check(&what, answer.status, level, *need, !shown.is_empty());
        }
        // What ends the document, only where it must not.
        if level < Some(Level::Owner) {
            let path = format!("/api/docs/{doc}");
            let answer = host.api.as_who(&shown, "DELETE", &path, "").await;
            check(called, answer.status, level, Some(Level::Owner), !shown.is_empty());
        }
        let path = format!("/api/docs/{doc}/events?token={shown}");
        let answer = host.api.as_who("", "GET", &path, "").await;
        let level = if called == "a viewer's ticket" { Some(Level::Viewer) } else { level };
        check(&format!("events with {called}"), answer.status, level, Some(Level::Viewer), true);
    }
    let path = format!("/api/docs/{doc}");
    assert_eq!(host.api.as_who(&owner, "DELETE", &path, "").await.status, 204);
}

#[tokio::test]
async fn a_document_that_is_missing_answers_as_one_that_is_not_for_you() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (_, others) = host.begin().await;
    for shown in ["", "nonsense", &others, &format!("cl_{}", "A".repeat(24))] {
        for path in ["", "/text", "/fields", "/update", "/links", "/files"] {
            let mut answers = Vec::new();
            for name in [&doc, "missing"] {
                let path = format!("/api/docs/{name}{path}");
                let answer = host.api.as_who(shown, "GET", &path, "").await;
                answers.push((answer.status, answer.headers.len(), answer.body));
            }
            assert_eq!(answers[0], answers[1], "{path}");
            assert_eq!(answers[0].0, 401);
        }
    }
    // Whoever has a right to the name is told.
    let token = host.token(&json!({ "docs": ["missing"], "role": "viewer" })).await;
    assert_eq!(host.api.as_who(&token, "GET", "/api/docs/missing", "").await.status, 404);
    assert_eq!(host.api.as_who(&owner, "GET", &format!("/api/docs/{doc}"), "").await.status, 200);
}

#[tokio::test]
async fn who_begins_a_document_owns_it_and_an_administrator_may_keep_that_to_themselves() {
    let creation = Creation::Admin;
    let config = ServeConfig { access: Mode::Links, creation, ..ServeConfig::default() };
    let server = TestServer::start_with(config).await;
    let host = Host { api: Api::of(server.address()), server };
    assert_eq!(host.api.as_who("", "POST", "/api/docs", "").await.status, 401);
    let begun = host.api.as_who(host.server.admin(), "POST", "/api/docs", "").await;
    let begun = expect(&begun, 201);
    assert_eq!(begun["link"]["role"], "owner");
    let path = format!("/api/docs/{}/links", text(&begun["name"]));
    let links = host.api.as_who(&text(&begun["link"]["secret"]), "GET", &path, "").await;
    assert_eq!(expect(&links, 200)["links"].as_array().unwrap().len(), 1);

    let tokens = Host::start_as(Mode::Tokens).await;
    assert_eq!(tokens.api.as_who("", "POST", "/api/docs", "").await.status, 401);
    let mode = expect(&tokens.api.as_who("", "GET", "/api/access", "").await, 200);
    assert_eq!(mode, json!({ "mode": "tokens", "creates": "admin" }));
}

#[tokio::test]
async fn links_are_made_changed_and_revoked_and_outlive_the_server_without_their_secrets() {
    let mut host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (id, secret) = host.link(&doc, &owner, "viewer").await;
    let change = json!({ "name": "Ada", "role": "editor", "validForSeconds": 600 }).to_string();
    let changed = expect(&host.links(&doc, &owner, "PATCH", &format!("/{id}"), &change).await, 200);
    assert_eq!((&changed["name"], &changed["role"]), (&json!("Ada"), &json!("editor")));
    assert!(changed["expires"].as_u64() > changed["created"].as_u64());
    let unending = json!({ "validForSeconds": null }).to_string();
    let changed =
        expect(&host.links(&doc, &owner, "PATCH", &format!("/{id}"), &unending).await, 200);
    assert_eq!(changed["expires"], json!(null));
    let path = format!("/api/docs/{doc}/text");
    assert_eq!(host.api.as_who(&secret, "PUT", &path, "words").await.status, 204);
    host.server.restart().await;
    assert_eq!(host.api.as_who(&secret, "GET", &path, "").await.body, "words");
    let links = expect(&host.links(&doc, &owner, "GET", "", "").await, 200).to_string();
    assert!(
        links.contains("Ada") && !links.contains(&secret) && !links.contains("hash"),
        "{links}"
    );
    let own = expect(&host.links(&doc, &owner, "GET", "", "").await, 200)["links"][0]["id"].clone();
    let own = format!("/{}", text(&own));
    expect(&host.links(&doc, &owner, "DELETE", &own, "").await, 409);
    for wrong in [r#"{"role":"king"}"#, r#"{"role":"viewer","validForSeconds":0}"#, "[]", "{}", "x"]
    {
        assert_eq!(host.links(&doc, &owner, "POST", "", wrong).await.status, 400, "{wrong}");
    }
    expect(&host.links(&doc, &owner, "DELETE", "/none", "").await, 404);
    expect(&host.links(&doc, &owner, "DELETE", &format!("/{id}"), "").await, 204);
    assert_eq!(host.api.as_who(&secret, "GET", &path, "").await.status, 401);
    host.server.restart().await;
    assert_eq!(host.api.as_who(&secret, "GET", &path, "").await.status, 401);
    for (path, bytes) in codraft_tests::files(host.server.data()) {
        let holds = |secret: &str| bytes.windows(20).any(|at| at == &secret.as_bytes()[3..23]);
        assert!(!holds(&owner) && !holds(&secret), "a secret lies in {}", path.display());
        assert!(!holds(host.server.admin()), "the admin key lies in {}", path.display());
    }
}
