//! People are whom they say they are: forged presence and forged client ids come to nothing while their victim keeps typing,
//! and what is honestly delivered second-hand arrives.

use codraft_core::presence::{self, Entry};
use codraft_core::{ClientId, Replica, Splice, frame};
use codraft_tests::{Client, Peer, Said};
use serde_json::{Value, json};

use super::Host;

/// A server, a document, the secret of the link that owns it, and of one for editors.
async fn shared() -> (Host, String, String, String) {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (_, link) = host.link(&doc, &owner, "editor").await;
    (host, doc, owner, link)
}

/// A replica that forges what its owner might type next under this client id.
async fn forged(host: &Host, doc: &str, owner: &str, client: u64, splice: Splice) -> Vec<u8> {
    let mut forger = Replica::new(ClientId::from_random(client));
    forger.merge(&fetch(host, doc, owner).await).unwrap();
    forger.edit(&[splice])
}

/// A connection as the guest with this number, who is an editor.
async fn guest(host: &Host, doc: &str, secret: &str, number: u8) -> Peer {
    Peer::connect(&host.url(doc, &host.ticket(doc, secret, number).await)).await
}

/// A frame that says who is there under a client id.
fn here(client: u64, clock: u32, user: &Value) -> Vec<u8> {
    let state = Some(json!({ "user": user, "cursor": null }).to_string().into());
    frame::awareness(&presence::encode(&[Entry { client, clock, state }]))
}

/// The state under a client id, once it is told.
async fn state_of(peer: &mut Peer, client: u64) -> Value {
    peer.hear_until("presence", |said| {
        let Said::Awareness(update) = said else { return None };
        let entries = presence::read(&update).unwrap();
        let entry = entries.into_iter().find(|entry| entry.client == client)?;
        Some(serde_json::from_str(&entry.state?).unwrap())
    })
    .await
}

fn letter(client: u64, text: &str) -> (Replica, Vec<u8>) {
    let mut replica = Replica::new(ClientId::from_random(client));
    let update = replica.edit(&[Splice::new(0, 0, text)]);
    (replica, update)
}

async fn text_at(host: &Host, doc: &str, owner: &str) -> String {
    Peer::fetch_text(host.url(doc, owner)).await.unwrap()
}

#[tokio::test]
async fn the_server_says_who_somebody_is_and_leaves_the_rest_of_their_state_alone() {
    let (host, doc, _, link) = shared().await;
    let token = json!({
        "docs": [doc], "role": "editor", "user": "42", "name": "Ada", "color": 1,
    });
    let mut ada = Peer::connect(&host.url(&doc, &host.token(&token).await)).await;
    let mut eve = guest(&host, &doc, &link, 1).await;
    let forged = json!({ "name": "The Boss", "id": "1", "color": "#000000", "mood": "fine" });
    ada.send(&here(1, 1, &forged)).await;
    let state = state_of(&mut eve, 1).await;
    let stamped = json!({
        "name": "Ada", "id": "42", "color": "#e0716c", "colorLight": "#ffddda", "mood": "fine",
    });
    assert_eq!(state, json!({ "user": stamped, "cursor": null }));
    // A guest has the name they like, but nobody else's, and no id of their choice.
    for (clock, name, shown) in
        [(1, "Eve", "Eve"), (2, "ada", "ada (2)"), (3, " ADA ", "ADA (2)"), (4, "", "Guest")]
    {
        eve.send(&here(2, clock, &json!({ "name": name, "id": "42", "color": "#123456" }))).await;
        let user = state_of(&mut ada, 2).await["user"].clone();
        assert_eq!((&user["name"], &user["color"]), (&json!(shown), &json!("#123456")));
        assert!(user["id"].as_str().unwrap().starts_with("guest:"), "{user}");
    }
    for odd in [json!("a string"), json!({ "name": 7 }), json!(null)] {
        eve.send(&here(2, 9, &odd)).await;
    }
    assert_eq!(state_of(&mut ada, 2).await["user"]["name"], "Guest");
}

#[tokio::test]
async fn the_same_browser_is_the_same_guest_and_two_guests_do_not_share_a_name() {
    let (host, doc, owner, link) = shared().await;
    let mut tabs = [guest(&host, &doc, &link, 1).await, guest(&host, &doc, &link, 1).await];
    let mut other = guest(&host, &doc, &link, 2).await;
    let otter = json!({ "name": "Otter" });
    for (client, tab) in (1..).zip(&mut tabs) {
        tab.send(&here(client, 1, &otter)).await;
        tab.settle().await;
    }
    let first = state_of_now(&host, &doc, &owner, 1).await.unwrap()["user"].clone();
    let second = state_of_now(&host, &doc, &owner, 2).await.unwrap()["user"].clone();
    assert_eq!(first, second, "two tabs of one person");
    other.send(&here(3, 1, &otter)).await;
    let third = state_of(&mut tabs[0], 3).await["user"].clone();
    assert_eq!(third["name"], "Otter (2)");
    assert_ne!(third["id"], first["id"]);
}

#[tokio::test]
async fn nobody_is_seen_under_the_client_id_of_somebody_who_is_here_or_has_written_under_it() {
    let (host, doc, owner, link) = shared().await;
    let mut ann = guest(&host, &doc, &link, 1).await;
    ann.send(&here(1, 1, &json!({ "name": "Ann" }))).await;
    ann.send(&frame::update(&letter(1, "a").1)).await;
    ann.settle().await;
    let mut eve = guest(&host, &doc, &link, 2).await;
    let forge = |clock| here(1, clock, &json!({ "name": "not Ann" }));
    eve.send(&forge(100)).await;
    eve.settle().await;
    assert_eq!(state_of_now(&host, &doc, &owner, 1).await.unwrap()["user"]["name"], "Ann");
    // Nor once she has gone: the id is hers when she is back.
    drop(ann);
    eve.hear_until("her going", |said| matches!(said, Said::Awareness(_)).then_some(())).await;
    eve.send(&forge(200)).await;
    eve.settle().await;
    assert_eq!(state_of_now(&host, &doc, &owner, 1).await, None);
    let mut ann = guest(&host, &doc, &link, 1).await;
    ann.send(&here(1, 300, &json!({ "name": "Ann" }))).await;
    assert_eq!(state_of(&mut eve, 1).await["user"]["name"], "Ann");
}

/// The state under a client id as a newcomer is told it, if it is.
async fn state_of_now(host: &Host, doc: &str, owner: &str, client: u64) -> Option<Value> {
    let mut peer = Peer::connect(&host.url(doc, owner)).await;
    peer.send(&frame::step1(&[0])).await;
    let mut states = Vec::new();
    peer.hear_until("the text", |said| match said {
        Said::Awareness(update) => {
            states.extend(presence::read(&update).unwrap());
            None
        }
        Said::Step2(_) => Some(()),
        _ => None,
    })
    .await;
    let entry = states.into_iter().find(|entry| entry.client == client)?;
    Some(serde_json::from_str(&entry.state?).unwrap())
}

#[tokio::test]
async fn what_is_written_in_the_name_of_somebody_who_is_here_comes_to_nothing() {
    let (host, doc, owner, link) = shared().await;
    let ticket = host.ticket(&doc, &link, 1).await;
    let mut ann = Client::connect(&host.url(&doc, &ticket), 1).await;
    ann.append("a");
    ann.until_saved().await;
    let mut eve = guest(&host, &doc, &link, 2).await;
    // Forged operations of hers: the next letter, garbage that takes a million clocks, and both behind one of Eve's own.
    let forged = forged(&host, &doc, &owner, 1, Splice::new(1, 1, "FORGED")).await;
    let gap = [&[1, 1, 1, 1, 0][..], &[0xc0, 0x84, 0x3d], &[0]].concat();
    eve.send(&frame::update(&forged)).await;
    eve.send(&frame::update(&gap)).await;
    eve.send(&[frame::update(&letter(2, "e").1), frame::update(&forged)].concat()).await;
    eve.send(&frame::step2(&forged)).await;
    eve.settle().await;
    ann.append("nn");
    ann.until_saved().await;
    let text = text_at(&host, &doc, &owner).await;
    assert!(text.contains("ann") && text.contains('e') && !text.contains("FORGED"), "{text}");
    ann.until("hers and Eve's own", |session| session.text() == text).await;
    let forged = self::forged(&host, &doc, &owner, 1, Splice::new(0, 0, "FORGED")).await;
    let bearer = format!("Bearer {link}");
    let headers = [("authorization", bearer.as_str())];
    let posted = host.api.send("POST", &format!("/{doc}/update"), &headers, &forged).await;
    assert_eq!(posted.status, 409, "{posted:?}");
}

#[tokio::test]
async fn an_id_is_its_owners_without_presence_and_for_a_while_after_they_have_gone() {
    let (host, doc, owner, link) = shared().await;
    let ticket = host.ticket(&doc, &link, 1).await;
    let mut ann = Client::connect(&host.url(&doc, &ticket), 1).await;
    ann.append("a");
    ann.until_saved().await;
    let gone = Entry { client: 1, clock: u32::MAX - 1, state: None };
    let mut hidden = guest(&host, &doc, &link, 1).await;
    hidden.send(&frame::awareness(&presence::encode(&[gone]))).await;
    hidden.settle().await;
    let mut eve = guest(&host, &doc, &link, 2).await;
    let forge = async |eve: &mut Peer| {
        let forged = forged(&host, &doc, &owner, 1, Splice::new(1, 1, "FORGED")).await;
        eve.send(&frame::update(&forged)).await;
        eve.settle().await;
    };
    forge(&mut eve).await;
    ann.append("n");
    ann.until_saved().await;
    ann.unplug();
    ann.append("n offline");
    forge(&mut eve).await;
    // Tickets are good for a minute, and so she is back with hers.
    ann.plug_in();
    ann.until_saved().await;
    assert_eq!(text_at(&host, &doc, &owner).await, "ann offline");
    assert_eq!(ann.editor, "ann offline");
}

#[tokio::test]
async fn whoever_writes_only_under_other_peoples_ids_has_to_go_and_keeps_nobody_waiting() {
    let (host, doc, owner, link) = shared().await;
    let ticket = host.ticket(&doc, &link, 1).await;
    let mut ann = Client::connect(&host.url(&doc, &ticket), 1).await;
    ann.append("a");
    ann.until_saved().await;
    let mut eve = guest(&host, &doc, &link, 2).await;
    let forged = frame::update(&forged(&host, &doc, &owner, 1, Splice::new(1, 1, "F")).await);
    for _ in 0..300 {
        eve.try_send(forged.clone()).await;
    }
    assert_eq!(eve.closed().await.0, 4400);
    ann.append("nn");
    ann.until_saved().await;
    assert_eq!(text_at(&host, &doc, &owner).await, "ann");
}

#[tokio::test]
async fn a_state_stays_as_it_came_and_none_becomes_larger_than_others_take() {
    let host = Host::start().await;
    let (doc, owner) = host.begin().await;
    let (_, link) = host.link(&doc, &owner, "viewer").await;
    let mut ann = Peer::connect(&host.url(&doc, &owner)).await;
    let mut vic = guest(&host, &doc, &link, 1).await;
    let numbers = vec!["1e15"; 3_000].join(",");
    let state = |more: &str| Some(format!("{{\"numbers\":[{more}],\"user\":{{}}}}").into());
    let say =
        |clock, state| frame::awareness(&presence::encode(&[Entry { client: 5, clock, state }]));
    vic.send(&say(1, state(&numbers))).await;
    let kept = ann.hear_until("the numbers", |said| match said {
        Said::Awareness(update) => {
            let entries = presence::read(&update).expect("a state that everybody takes");
            entries.into_iter().find(|entry| entry.client == 5)?.state
        }
        _ => None,
    });
    assert!(kept.await.contains("1e15,1e15"), "numbers are written as they came");
    let most = 16 << 10;
    let spaces = " ".repeat(most - 30);
    vic.send(&say(2, state(&spaces))).await;
    let closed = vic.closed();
    assert_eq!(closed.await.0, 4400);
}

#[tokio::test]
async fn whoever_has_a_token_without_an_id_is_a_guest_and_shown_under_its_name() {
    let host = Host::start_as(codraft::Mode::Tokens).await;
    let token = |user: &str, name: &str| json!({ "docs": ["d"], "role": "editor", "user": user, "name": name });
    let mut ada = Peer::connect(&host.url("d", &host.token(&token("42", "Ada")).await)).await;
    let nameless = json!({ "docs": ["d"], "role": "viewer", "name": "Eve" });
    let mut eve = Peer::connect(&host.url("d", &host.token(&nameless).await)).await;
    eve.send(&here(2, 1, &json!({ "name": "Ada", "id": "42" }))).await;
    let user = state_of(&mut ada, 2).await["user"].clone();
    assert_eq!(user["name"], "Eve");
    assert!(user["id"].as_str().unwrap().starts_with("guest:"), "{user}");
}

async fn fetch(host: &Host, doc: &str, owner: &str) -> Vec<u8> {
    let mut peer = Peer::connect(&host.url(doc, owner)).await;
    peer.send(&frame::step1(&[0])).await;
    let step2 = |said| if let Said::Step2(update) = said { Some(update) } else { None };
    peer.hear_until("the document", step2).await
}

#[tokio::test]
async fn what_is_delivered_second_hand_waits_for_its_owner_and_then_arrives_from_both() {
    let (host, doc, owner, link) = shared().await;
    // Bob has heard of Ann's words in another way than through the server, and writes behind them.
    let mut ann = guest(&host, &doc, &link, 1).await;
    ann.send(&here(1, 1, &json!({ "name": "Ann" }))).await;
    ann.send(&frame::step2(&[0, 0])).await;
    ann.settle().await;
    let (anns, hers) = letter(1, "ann ");
    let mut bobs = Replica::new(ClientId::from_random(2));
    bobs.merge(&hers).unwrap();
    bobs.edit(&[Splice::new(4, 4, "bob")]);
    let mut bob = guest(&host, &doc, &link, 2).await;
    bob.send(&here(2, 1, &json!({ "name": "Bob" }))).await;
    bob.send(&[frame::step2(&bobs.encode()), frame::saved(&[1])].concat()).await;
    // She is asked for them, and says what she has.
    ann.hear_until("the question", |said| matches!(said, Said::Step1(_)).then_some(())).await;
    assert_eq!(text_at(&host, &doc, &owner).await, "");
    ann.send(&frame::step2(&anns.encode())).await;
    // Then he is asked again.
    let mut questions = 0;
    bob.hear_until("the question", |said| {
        questions += u32::from(matches!(said, Said::Step1(_)));
        assert!(!matches!(said, Said::Saved(_)), "what was held back is called saved");
        (questions == 2).then_some(())
    })
    .await;
    bob.send(&frame::step2(&bobs.encode())).await;
    bob.hear_until("the word that it is saved", |said| {
        matches!(said, Said::Saved(_)).then_some(())
    })
    .await;
    assert_eq!(text_at(&host, &doc, &owner).await, "ann bob");
}

#[tokio::test]
async fn what_a_crash_lost_of_somebody_who_has_gone_is_taken_from_whoever_has_it() {
    let (host, doc, owner, link) = shared().await;
    let mut ann = guest(&host, &doc, &link, 1).await;
    ann.send(&here(1, 1, &json!({ "name": "Ann" }))).await;
    ann.send(&frame::step2(&[0, 0])).await;
    ann.settle().await;
    let (_, hers) = letter(1, "ann");
    let mut bob = guest(&host, &doc, &link, 2).await;
    bob.send(&frame::step2(&hers)).await;
    ann.hear_until("the question", |said| matches!(said, Said::Step1(_)).then_some(())).await;
    ann.vanish();
    let asked_again = |said| matches!(said, Said::Step1(_)).then_some(());
    bob.hear_until("the first question", asked_again).await;
    bob.hear_until("the question once she has gone", asked_again).await;
    bob.send(&frame::step2(&hers)).await;
    bob.settle().await;
    assert_eq!(text_at(&host, &doc, &owner).await, "ann");
}

#[tokio::test]
async fn what_somebody_wrote_offline_under_an_earlier_id_is_theirs() {
    let (host, doc, owner, link) = shared().await;
    let mut ann = guest(&host, &doc, &link, 1).await;
    ann.send(&here(7, 1, &json!({ "name": "Ann" }))).await;
    ann.send(&frame::step2(&letter(1, "offline").1)).await;
    ann.settle().await;
    assert_eq!(text_at(&host, &doc, &owner).await, "offline");
    let events = host.ticket(&doc, &link, 3).await;
    let mut events = host.api.events_at(&format!("/{doc}/events?token={events}"), "").await;
    let heard = events.until("presence", |data| data.contains("Ann")).await;
    assert!(heard.data.contains("\"user\":\"guest:"), "{heard:?}");
}
