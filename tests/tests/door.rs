//! Who gets in: own pages, named sites and programs; nobody under a foreign name, and nobody who only holds the door.

use std::process::Stdio;
use std::time::{Duration, Instant};

use codraft::{Limits, ServeConfig};
use codraft_core::frame;
use codraft_core::session::Network;
use codraft_tests::{
    Answer, Asking, Client, Peer, Said, ServerProcess, TestServer, free_port, patiently,
};

/// What every answer carries, whatever it is.
const SECURE: [(&str, &str); 5] = [
    ("content-security-policy", "default-src 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

fn expect_secure(what: &str, answer: &Answer) {
    for (name, value) in SECURE {
        let said = answer.header(name).unwrap_or_else(|| panic!("{what} has no {name}"));
        assert!(said.starts_with(value), "{what}: {name}: {said}");
    }
}

fn named() -> ServeConfig {
    ServeConfig {
        public_url: Some("https://docs.example.org".parse().expect("a site")),
        allow_origins: vec!["https://app.example.org".parse().expect("a site")],
        ..ServeConfig::default()
    }
}

#[tokio::test]
async fn a_socket_opens_for_own_pages_named_sites_and_programs_only() {
    let server = TestServer::start_with(named()).await;
    let (to, own) = (server.address(), server.address().to_string());
    let ask = async |host: &str, origin: Option<&str>| {
        let origin = origin.map(|origin| ("origin", origin));
        let headers: Vec<_> = [("host", host)].into_iter().chain(origin).collect();
        Asking::upgrade(to, "/ws/doc", &headers).await
    };
    for (host, origin) in [
        (own.as_str(), Some(format!("http://{own}"))),
        (&own, None),
        ("localhost:5173", Some("http://localhost:5173".to_owned())),
        ("docs.example.org", Some("https://docs.example.org".to_owned())),
        // A proxy that passes its own idea of the host on.
        (&own, Some("https://docs.example.org".to_owned())),
        (&own, Some("https://app.example.org".to_owned())),
    ] {
        let answer = ask(host, origin.as_deref()).await;
        assert_eq!(answer.status, 101, "{origin:?} at {host}: {}", answer.body);
    }
    for origin in [
        "https://evil.example",
        "http://docs.example.org",
        "https://docs.example.org:8443",
        "https://docs.example.org.evil.example",
        "http://localhost:1",
        "null",
        "",
    ] {
        let answer = ask(&own, Some(origin)).await;
        assert_eq!(answer.status, 403, "{origin}");
        assert!(answer.body.contains("--allow-origin"), "{}", answer.body);
        expect_secure(origin, &answer);
    }
    let plain = ask("docs.example.org", Some("http://docs.example.org")).await;
    assert_eq!(plain.status, 403, "a page that anybody on the way could have written");
    let twice = [
        ("host", own.as_str()),
        ("origin", "https://app.example.org"),
        ("origin", "https://evil.example"),
    ];
    assert_eq!(Asking::upgrade(to, "/ws/doc", &twice).await.status, 403);
}

#[tokio::test]
async fn only_the_page_that_is_made_for_it_is_framed_and_only_on_named_sites() {
    let framing = async |embed_in: &[&str], path: &str| {
        let embed_in = embed_in.iter().map(|site| site.parse().expect("a site")).collect();
        let config = ServeConfig { embed_in, ..ServeConfig::default() };
        let server = TestServer::start_with(config).await;
        let answer = Asking::get(server.address(), path, &[("host", "localhost")]).await;
        expect_secure(path, &answer);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        let (loads, ancestors) = policy.split_once("; frame-ancestors ").expect("who may frame it");
        assert!(loads.ends_with("form-action 'self'"), "{loads}");
        ancestors.to_owned()
    };
    let sites = ["https://app.example.org", "http://127.0.0.1:3000"];
    assert_eq!(
        framing(&sites, "/embed/a%2Fb?theme=dark").await,
        "'self' https://app.example.org http://127.0.0.1:3000"
    );
    assert_eq!(framing(&[], "/embed/doc").await, "'self'");
    for path in ["/", "/d/doc", "/embed", "/embed/", "/embed/a/b", "/d/embed", "/healthz"] {
        assert_eq!(framing(&sites, path).await, "'none'", "{path}");
    }
}

#[tokio::test]
async fn a_foreign_name_is_answered_with_the_flag_that_makes_it_known() {
    let server = TestServer::start_with(named()).await;
    let get = async |host: &str| Asking::get(server.address(), "/healthz", &[("host", host)]).await;
    for host in [
        "localhost",
        "127.0.0.1:1",
        "[::1]:8080",
        "192.0.2.7",
        "Docs.Example.org:443",
        "app.example.org.",
    ] {
        assert_eq!(get(host).await.status, 200, "{host}");
    }
    for host in ["evil.example", "docs.example.org.evil.example", "localhost.evil.example"] {
        let answer = get(host).await;
        assert_eq!(answer.status, 421, "{host}");
        assert!(answer.body.contains("--public-url"), "{}", answer.body);
        expect_secure(host, &answer);
    }
    for hosts in [
        &[][..],
        &[("host", "localhost"), ("host", "localhost")],
        &[("host", "a b")],
        &[("host", "")],
    ] {
        assert_eq!(Asking::get(server.address(), "/", hosts).await.status, 400, "{hosts:?}");
    }
    let absolute =
        Asking::get(server.address(), "http://evil.example/healthz", &[("host", "localhost")]);
    assert_eq!(absolute.await.status, 421, "the address of a request comes before its header");
    let mut old = Asking::connect(server.address()).await;
    old.say("GET /healthz HTTP/1.0\r\n\r\n").await;
    assert_eq!(old.answer().await.status, 200, "HTTP/1.0 has no hosts, and no browser speaks it");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::start().await;
    let (to, host) = (server.address(), server.address().to_string());
    for (method, path, status) in [
        ("GET", "/", None),
        ("GET", "/d/doc", None),
        ("GET", "/favicon.svg", None),
        ("GET", "/d/a%00b", Some(400)),
        ("GET", "/d/%ff", Some(400)),
        ("GET", "/assets/none.js", Some(404)),
        ("GET", "/nowhere", Some(404)),
        ("POST", "/", Some(405)),
        ("GET", "/ws/doc", Some(426)),
        ("GET", "/ws/", Some(400)),
        ("GET", "/healthz", Some(200)),
        ("GET", "/metrics", Some(200)),
    ] {
        let what = format!("{method} {path}");
        let answer = Asking::connect(to).await.ask(method, path, &[("host", &host)]).await;
        if let Some(status) = status {
            assert_eq!(answer.status, status, "{what}: {}", answer.body);
        }
        expect_secure(&what, &answer);
    }
    expect_secure("a socket", &Asking::upgrade(to, "/ws/doc", &[("host", &host)]).await);
    expect_secure("no host", &Asking::get(to, "/", &[]).await);
}

#[tokio::test]
async fn whoever_only_holds_the_door_is_cut_and_nobody_waits_for_them() {
    let server = TestServer::start().await;
    let began = Instant::now();
    let mut silent = Asking::connect(server.address()).await;
    let mut slow = Asking::connect(server.address()).await;
    slow.say("GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await;
    let trickle = async {
        for _ in 0..30 {
            slow.say("x").await;
            if tokio::time::timeout(Duration::from_secs(1), slow.ended()).await.is_ok() {
                return;
            }
        }
        panic!("a head that trickles in is waited for");
    };
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("meanwhile");
    ann.until_saved().await;
    let (said, ()) = tokio::join!(silent.ended(), trickle);
    assert_eq!(said, "");
    assert!(began.elapsed() > Duration::from_secs(9), "a slow network is given time");
}

#[tokio::test]
async fn a_head_without_an_end_is_not_read_for_ever() {
    let server = TestServer::start().await;
    let host = ("host", "localhost");
    let get = async |headers: &[(&str, &str)]| {
        Asking::get(server.address(), "/healthz", headers).await.status
    };
    assert_eq!(get(&[host, ("x-long", &"x".repeat(60_000))]).await, 200);
    assert_eq!(get(&[host, ("x-long", &"x".repeat(70_000))]).await, 431);
    assert_eq!(get(&[&[host][..], &[("x", "y"); 90]].concat()).await, 200);
    assert_eq!(get(&[&[host][..], &[("x", "y"); 100]].concat()).await, 431);
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request_and_let_go_when_the_server_stops() {
    let mut server = TestServer::start().await;
    let mut kept = Asking::connect(server.address()).await;
    for _ in 0..3 {
        assert_eq!(kept.ask("GET", "/healthz", &[("host", "localhost")]).await.status, 200);
    }
    let _fresh = Asking::connect(server.address()).await;
    let began = Instant::now();
    server.stop().await;
    assert_eq!(kept.ended().await, "");
    assert!(began.elapsed() < Duration::from_secs(5), "idle connections hold a stop up");
}

fn limited(limits: Limits) -> ServeConfig {
    ServeConfig { limits, ..ServeConfig::default() }
}

#[tokio::test]
async fn an_address_over_its_share_is_told_and_the_others_are_not_held_up() {
    let limits = Limits { connections_per_address: 2, counts_loopback: true, ..Limits::default() };
    let server = TestServer::start_with(limited(limits)).await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    let second = Peer::connect(&server.url("doc")).await;
    let (code, reason) = Peer::connect(&server.url("doc")).await.closed().await;
    assert_eq!(code, 4529);
    assert!(reason.contains("address"), "{reason}");
    let own = [("host", "localhost")];
    let answer = Asking::get(server.address(), "/", &own).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("5")));
    expect_secure("too many", &answer);
    assert_eq!(Asking::get(server.address(), "/healthz", &own).await.status, 200);
    let mut elsewhere = Asking::connect_from([127, 0, 0, 2].into(), server.address()).await;
    assert_eq!(elsewhere.ask("GET", "/healthz", &own).await.status, 200);
    assert_ne!(elsewhere.ask("GET", "/", &own).await.status, 429);
    ann.append("not held up");
    ann.until_saved().await;
    second.vanish();
    patiently("the place that was left", async {
        while Asking::get(server.address(), "/", &own).await.status == 429 {}
    })
    .await;
}

#[tokio::test]
async fn a_full_server_says_so_and_its_operator_still_gets_an_answer() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let server = TestServer::start_with(limited(limits)).await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    assert_eq!(Peer::connect(&server.url("doc")).await.closed().await.0, 4529);
    let own = [("host", "localhost")];
    let answer = Asking::get(server.address(), "/", &own).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert_eq!(Asking::get(server.address(), "/healthz", &own).await.status, 200);
    let metrics = Asking::get(server.address(), "/metrics", &own).await.body;
    assert!(metrics.contains("codraft_refused_total{reason=\"connections\"} 2\n"), "{metrics}");
    ann.append("still here");
    ann.until_saved().await;
}

#[tokio::test]
async fn no_more_connections_are_taken_than_the_system_has_room_for() {
    let data = tempfile::tempdir().expect("a temporary directory");
    let to = ([127, 0, 0, 1], free_port()).into();
    let mut command = tokio::process::Command::new("sh");
    command.args(["-c", "ulimit -Sn 300 && ulimit -Hn 900 && exec \"$0\" \"$@\""]);
    command.arg(ServerProcess::command().as_std().get_program()).kill_on_drop(true);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let server = ServerProcess::start_with(command, to, data.path()).await;
    let mut held = Vec::new();
    // What 900 leaves once the server's own files and those who are turned away are set aside, and more than the 300 it was
    // started with.
    for _ in 0..388 {
        held.push(Asking::connect(to).await);
    }
    let own = [("host", "localhost")];
    let mut last = held.pop().expect("a connection");
    assert_eq!(last.ask("GET", "/nowhere", &own).await.status, 404);
    assert_eq!(Asking::get(to, "/nowhere", &own).await.status, 503);
    drop((held, last));
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("its files can be opened");
    ann.until_saved().await;
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn a_peer_that_talks_faster_than_allowed_is_closed_to_come_back_and_the_others_stay() {
    let limits = Limits { messages_per_second: 10, ..Limits::default() };
    let server = TestServer::start_with(limited(limits)).await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    let mut flood = Peer::connect(&server.url("doc")).await;
    for _ in 0..101 {
        flood.try_send(vec![3]).await;
    }
    let (code, reason) = flood.closed().await;
    assert_eq!(code, 4529);
    assert!(reason.contains("messages"), "{reason}");
    let mut many = Peer::connect(&server.url("doc")).await;
    many.try_send(vec![3; 101]).await;
    assert_eq!(many.closed().await.0, 4529, "messages in one frame count one by one");
    ann.append("quiet");
    ann.until_saved().await;
}

#[tokio::test]
async fn frames_and_documents_are_held_to_their_limits() {
    let limits = Limits { frame_bytes: 100_000, document_bytes: 70_000, ..Limits::default() };
    let server = TestServer::start_with(limited(limits)).await;
    let mut large = Peer::connect(&server.url("doc")).await;
    large.try_send(vec![0; 100_001]).await;
    assert_eq!(large.closed().await.0, 4413, "a frame over its limit");
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append(&"x".repeat(60_000));
    ann.until_saved().await;
    let mut bob = Client::connect(&server.url("doc"), 2).await;
    bob.append(&"y".repeat(20_000));
    bob.until("the refusal", |session| session.status().network == Network::Refused { code: 4413 })
        .await;
    ann.append("there is room for a little more");
    ann.until_saved().await;
}

#[tokio::test]
async fn a_peer_that_gives_no_sign_of_life_is_let_go_and_one_that_answers_stays() {
    let limits = Limits { silence: Duration::from_millis(50), ..Limits::default() };
    let server = TestServer::start_with(ServeConfig { limits, ..ServeConfig::default() }).await;
    let mut alive = Peer::connect(&server.url("doc")).await;
    let mut dead = Asking::connect(server.address()).await;
    let handshake = [
        ("host", "localhost"),
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    assert_eq!(dead.ask("GET", "/ws/doc", &handshake).await.status, 101);
    // Reading is what makes a client answer pings.
    tokio::select! {
        said = dead.ended() => assert!(said.matches('\u{fffd}').count() >= 2, "it was not asked"),
        said = alive.closed() => panic!("{said:?}"),
    }
    alive.send(&frame::step1(&[0])).await;
    alive.hear_until("the document", |said| matches!(said, Said::Step2(_)).then_some(())).await;
}
