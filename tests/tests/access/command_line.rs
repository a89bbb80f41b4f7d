//! What an administrator does on the command line, beside a running server.

use std::path::Path;
use std::process::Output;

use codraft_tests::{Api, Peer, ServerProcess, free_port};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{expect, text};

/// A running server and its data directory.
struct Running {
    server: ServerProcess,
    data: tempfile::TempDir,
    api: Api,
}

impl Running {
    async fn start(access: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let address = ([127, 0, 0, 1], free_port()).into();
        let server = ServerProcess::start_with(serving(access), address, data.path()).await;
        Self { server, data, api: Api::of(address) }
    }

    async fn says(&self, arguments: &[&str]) -> String {
        let output = run(self.data.path(), arguments).await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn serving(access: &str) -> tokio::process::Command {
    let mut command = ServerProcess::command();
    command.env("CODRAFT_ACCESS", access);
    command
}

async fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut command = ServerProcess::command();
    command.args(arguments).arg("--data").arg(data).output().await.unwrap()
}

fn signed(claims: &Value, kid: &str, algorithm: Algorithm, key: &EncodingKey) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

fn in_a_minute() -> u64 {
    std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() + 60
}

/// The id and what signs, as `codraft key new` says them.
fn key(said: &str) -> (String, String) {
    let id = said.lines().next().unwrap().strip_prefix("key id (kid): ").unwrap().to_owned();
    (id, said.split_once("backend:\n").unwrap().1.trim().to_owned())
}

#[tokio::test]
async fn keys_are_made_for_a_running_server_live_side_by_side_and_go_with_whom_they_let_in() {
    let running = Running::start("tokens").await;
    let (old, secret) = key(&running.says(&["key", "new"]).await);
    let (new, _) = key(&running.says(&["key", "new", "--algorithm", "eddsa"]).await);
    assert_eq!(running.says(&["key", "list"]).await.lines().count(), 2);
    let claims = json!({
        "aud": "codraft", "exp": in_a_minute(), "sub": "42", "docs": ["notes"], "role": "editor",
    });
    let signing = EncodingKey::from_secret(secret.as_bytes());
    let token = signed(&claims, &old, Algorithm::HS256, &signing);
    let mut ann = Peer::connect(&format!("{}?token={token}", running.server.url("notes"))).await;
    ann.settle().await;
    let forged = signed(&claims, &new, Algorithm::HS256, &signing);
    let mut eve = Peer::connect(&format!("{}?token={forged}", running.server.url("notes"))).await;
    assert_eq!(eve.closed().await.0, 4401);
    running.says(&["key", "remove", &old]).await;
    assert_eq!(ann.closed().await.0, 4401, "her app's key is gone");
    assert!(!run(running.data.path(), &["key", "remove", &old]).await.status.success());
}

#[tokio::test]
async fn tokens_links_lists_and_removals_come_from_the_command_line() {
    let running = Running::start("links").await;
    let admin = running.says(&["admin", "new"]).await;
    let admin = admin.trim().rsplit(' ').next().unwrap().to_owned();
    expect(&running.api.as_who(&admin, "PUT", "/api/docs/a%2Fb", "").await, 201);
    assert!(running.says(&["docs", "a"]).await.trim().ends_with("a/b"));
    let link = running.says(&["link", "a/b", "--role", "editor", "--name", "Ada"]).await;
    let secret = link.trim().strip_prefix("/d/a%2Fb#key=").unwrap();
    let links = running.api.as_who(&admin, "GET", "/api/docs/a%2Fb/links", "").await;
    assert_eq!(expect(&links, 200)["links"][0]["name"], "Ada");
    let token = running.says(&["token", "--doc", "a/b", "--role", "viewer", "--user", "42"]).await;
    let url = running.server.url("a%2Fb");
    let mut bob = Peer::connect(&format!("{url}?token={}", token.trim())).await;
    bob.settle().await;
    let mut ada = Peer::connect(&format!("{url}?token={secret}")).await;
    ada.settle().await;
    running.says(&["kick", "a/b", "42", "--for", "1h"]).await;
    assert_eq!(bob.closed().await.0, 4403);
    ada.settle().await;
    let output = run(running.data.path(), &["link", "missing", "--role", "owner"]).await;
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && says.contains("no document"), "{says}");
    // A second admin key takes the place of the first.
    running.says(&["admin", "new"]).await;
    assert_eq!(running.api.as_who(&admin, "GET", "/api/docs", "").await.status, 403);
}

#[tokio::test]
async fn an_admin_key_is_shown_once_and_beyond_this_machine_it_must_be_said_who_may_come() {
    let data = tempfile::tempdir().unwrap();
    let refused = ServerProcess::command()
        .args(["serve", "--listen", "0.0.0.0:0", "--data"])
        .arg(data.path())
        .output()
        .await
        .unwrap();
    let says = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && says.contains("--access links"), "{says}");
    let output = run(data.path(), &["docs"]).await;
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && says.contains("no server runs"), "{says}");
    assert!(!run(data.path(), &["key", "new"]).await.status.success(), "not a data directory");
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0, "nothing is left behind");
}

#[tokio::test]
async fn what_is_logged_of_who_comes_names_them_and_holds_no_secret() {
    let mut running = Running::start("links").await;
    let begun = expect(&running.api.as_who("", "POST", "/api/docs", "").await, 201);
    let (doc, secret) = (text(&begun["name"]), text(&begun["link"]["secret"]));
    let mut ann = Peer::connect(&format!("{}?token={secret}", running.server.url(&doc))).await;
    ann.settle().await;
    let path = format!("/api/docs/{doc}/links");
    let made = running.api.as_who(&secret, "POST", &path, r#"{"role":"viewer"}"#).await;
    let made = expect(&made, 201);
    running.api.as_who("nonsense", "GET", &path, "").await;
    let path = format!("{path}/{}", text(&made["id"]));
    expect(&running.api.as_who(&secret, "DELETE", &path, "").await, 204);
    let log = running.server.log_until("link revoked").await;
    for word in ["link made", "let in", "refused", "127.0.0.1", &doc] {
        assert!(log.contains(word), "{word} is not in {log}");
    }
    assert!(!log.contains(&secret) && !log.contains(&text(&made["secret"])), "{log}");
}

#[tokio::test]
async fn links_outlive_a_kill_and_a_backup_and_so_does_their_end() {
    let running = Running::start("links").await;
    let begun = expect(&running.api.as_who("", "POST", "/api/docs", "").await, 201);
    let (doc, owner) = (text(&begun["name"]), text(&begun["link"]["secret"]));
    let path = format!("/api/docs/{doc}/links");
    let mut links = Vec::new();
    for role in ["viewer", "editor"] {
        let wanted = json!({ "role": role }).to_string();
        let made = running.api.as_who(&owner, "POST", &path, &wanted).await;
        links.push(expect(&made, 201));
    }
    let revoked = format!("{path}/{}", text(&links[0]["id"]));
    expect(&running.api.as_who(&owner, "DELETE", &revoked, "").await, 204);
    let Running { server, data, api } = running;
    server.kill().await;
    let address = api.address();
    let server = ServerProcess::start_with(serving("links"), address, data.path()).await;
    let works = async |link: &Value| {
        let path = format!("/api/docs/{doc}/text");
        api.as_who(&text(&link["secret"]), "GET", &path, "").await.status == 200
    };
    assert!(!works(&links[0]).await && works(&links[1]).await, "after a kill");
    let elsewhere = tempfile::tempdir().unwrap();
    let (file, other) = (elsewhere.path().join("backup.tar"), elsewhere.path().join("data"));
    assert!(run(data.path(), &["backup", file.to_str().unwrap()]).await.status.success());
    server.kill().await;
    assert!(run(&other, &["restore", file.to_str().unwrap()]).await.status.success());
    let server = ServerProcess::start_with(serving("links"), address, &other).await;
    assert!(!works(&links[0]).await && works(&links[1]).await, "after a restore");
    server.kill().await;
}
