use super::*;
use crate::presence::{self, NOTE, Person};
use crate::replica::{CONTENT, Digest};

/// A server's end of one connection, with a replica of its own and a disk that obeys the test.
pub(super) struct Server {
    pub(super) replica: Replica,
    unsaved: Vec<Vec<u8>>,
    pub(super) frames: Vec<Vec<u8>>,
    /// What it says when it is asked for its digest; the truth unless the test says otherwise.
    pub(super) digest: Option<Digest>,
}

impl Server {
    pub(super) fn new() -> Self {
        Self {
            replica: Replica::new(ClientId::from_random(99)),
            unsaved: Vec::new(),
            frames: Vec::new(),
            digest: None,
        }
    }

    /// Takes what the session sends and answers until both are quiet. Acknowledgements wait for `save`.
    pub(super) fn talk(&mut self, session: &mut Session, now: u64) {
        while let Some(action) = session.poll(now) {
            match action {
                Action::Open => {
                    session.opened(now);
                    session.receive(&frame::step1(&self.replica.state_vector()), now);
                }
                Action::Send(frame) => self.take(&frame, session, now),
                Action::Keep(_) => {}
                Action::Close => panic!("the session closed"),
            }
        }
    }

    fn take(&mut self, frame: &[u8], session: &mut Session, now: u64) {
        self.frames.push(frame.to_vec());
        for message in frame::messages(frame) {
            match message.unwrap() {
                Message::Step1(theirs) => {
                    let missing = self.replica.diff(theirs).unwrap();
                    session.receive(&frame::step2(&missing), now);
                }
                Message::Step2(update) | Message::Update(update) => {
                    assert!(!self.replica.merge(update).unwrap().has_gap);
                }
                Message::Control(payload) => {
                    if let Control::Digest(_) = Control::read(payload).unwrap() {
                        let ours = self.digest.unwrap_or_else(|| self.replica.digest());
                        session.receive(&Control::Digest(ours).frame(), now);
                    }
                }
                Message::Saved(version) => self.unsaved.push(frame::saved(version)),
                _ => {}
            }
        }
    }

    pub(super) fn save(&mut self, session: &mut Session, now: u64) {
        for frame in self.unsaved.drain(..) {
            session.receive(&frame, now);
        }
    }

    pub(super) fn awareness(&self) -> Vec<presence::Entry> {
        let messages = self.frames.iter().flat_map(|frame| frame::messages(frame));
        let states = messages.filter_map(|message| match message {
            Ok(Message::Awareness(update)) => Some(presence::read(update).unwrap()),
            _ => None,
        });
        states.flatten().collect()
    }
}

pub(super) fn session(client: u64) -> Session {
    Session::new(ClientId::from_random(client), CONTENT, client)
}

pub(super) fn type_at(session: &mut Session, offset: u32, text: &str) {
    session.edit(&[Splice::new(offset, offset, text)], None, 0);
}

#[test]
fn saved_is_said_only_after_the_servers_word_for_the_last_edit() {
    let (mut ann, mut server) = (session(1), Server::new());
    ann.connect(0);
    server.talk(&mut ann, 0);
    assert!(ann.status().synced && ann.status().saved);
    type_at(&mut ann, 0, "a");
    server.talk(&mut ann, 0);
    assert!(!ann.status().saved);
    let early = std::mem::take(&mut server.unsaved);
    type_at(&mut ann, 1, "b");
    server.talk(&mut ann, 0);
    for frame in early {
        ann.receive(&frame, 0);
    }
    assert!(!ann.status().saved, "an older version is not the last");
    server.save(&mut ann, 0);
    assert!(ann.status().saved);
    ann.receive(&frame::saved(&[100]), 0);
    type_at(&mut ann, 2, "c");
    assert!(!ann.status().saved, "a version never sent acknowledges nothing");
}

#[test]
fn what_is_typed_offline_travels_with_the_next_sync() {
    let (mut ann, mut server) = (session(1), Server::new());
    type_at(&mut ann, 0, "before");
    ann.connect(0);
    server.talk(&mut ann, 0);
    ann.closed(1006, "", 10);
    assert!(matches!(ann.status().network, Network::Offline { retry_at } if retry_at > 10));
    type_at(&mut ann, 6, " offline");
    let Some(Action::Keep(kept)) = ann.poll(10) else { panic!("it is nobody's to keep") };
    assert_eq!(ann.poll(10), None);
    assert!(!ann.status().saved);
    server.unsaved.clear();
    let retry_at = ann.deadline().unwrap();
    server.talk(&mut ann, retry_at);
    assert_eq!(server.replica.text(), "before offline");
    server.save(&mut ann, retry_at);
    assert!(ann.status().saved);
    let frames = server.frames.iter().chain([&kept]);
    let mut next = session(2);
    frames.for_each(|frame| next.receive(frame, retry_at));
    next.pull(retry_at);
    assert_eq!(next.text(), "before offline", "what was sent and kept is all there is");
}

#[test]
fn an_edit_between_opening_and_the_servers_question_is_not_a_gap() {
    let (mut ann, mut server) = (session(1), Server::new());
    type_at(&mut ann, 0, "a");
    ann.connect(0);
    assert_eq!(ann.poll(0), Some(Action::Open));
    ann.opened(0);
    type_at(&mut ann, 1, "b");
    server.talk(&mut ann, 0);
    assert_eq!(server.replica.text(), "");
    ann.receive(&frame::step1(&server.replica.state_vector()), 0);
    type_at(&mut ann, 2, "c");
    server.talk(&mut ann, 0);
    assert_eq!(server.replica.text(), "abc");
}

#[test]
fn arrivals_wait_for_a_pull_and_become_one_change() {
    let (mut ann, mut bob) = (session(1), Replica::new(ClientId::from_random(2)));
    type_at(&mut ann, 0, "x");
    for (offset, text) in [(0, "a"), (1, "b"), (2, "c")] {
        ann.receive(&frame::update(&bob.edit(&[Splice::new(offset, offset, text)])), 0);
    }
    assert_eq!(ann.text(), "x");
    assert!(ann.waiting() > 0);
    let splices = ann.pull(0);
    assert_eq!(splices.len(), 1);
    assert_eq!(Splice::apply_all("x", &splices), ann.text());
    assert_eq!(ann.pull(0), []);
}

#[test]
fn a_gap_is_asked_about_once_until_something_new_comes() {
    let (mut ann, mut server) = (session(1), Server::new());
    ann.connect(0);
    server.talk(&mut ann, 0);
    ann.pull(0);
    server.frames.clear();
    let mut bob = Replica::new(ClientId::from_random(2));
    let lost = bob.edit(&[Splice::new(0, 0, "lost")]);
    for _ in 0..3 {
        ann.receive(&frame::update(&bob.edit(&[Splice::new(0, 0, "x")])), 0);
        ann.pull(0);
    }
    server.talk(&mut ann, 0);
    let asked = server
        .frames
        .iter()
        .flat_map(|f| frame::messages(f))
        .filter(|m| matches!(m, Ok(Message::Step1(_))));
    assert_eq!(asked.count(), 1);
    ann.receive(&frame::step2(&bob.encode()), 0);
    ann.pull(0);
    assert_eq!(ann.text(), bob.text());
    drop(lost);
}

#[test]
fn updates_that_overtake_the_document_do_not_hide_it() {
    let (mut ann, mut bob) = (session(1), Replica::new(ClientId::from_random(2)));
    ann.connect(0);
    ann.poll(0);
    ann.opened(0);
    let mut typed = |text: &str| bob.edit(&[Splice::new(0, 0, text)]);
    let (first, second) = (typed("hello"), typed("1"));
    let document = [first.clone(), second.clone()];
    ann.receive(&frame::update(&second), 0);
    let mut server = Replica::new(ClientId::from_random(9));
    for update in &document {
        server.merge(update).unwrap();
    }
    ann.receive(&frame::step2(&server.encode()), 0);
    ann.pull(0);
    assert_eq!(ann.text(), "1hello");
    // And once more: the answer comes in a later pull than the update that overtook it.
    let third = typed("2");
    let fourth = typed("3");
    ann.receive(&frame::update(&fourth), 0);
    ann.pull(0);
    ann.receive(&frame::update(&typed("4")), 0);
    server.merge(&third).unwrap();
    server.merge(&fourth).unwrap();
    ann.receive(&frame::step2(&server.encode()), 0);
    ann.pull(0);
    assert_eq!(ann.text(), "321hello");
    while let Some(Action::Send(frame)) = ann.poll(0) {
        let asks = frame::messages(&frame).any(|message| matches!(message, Ok(Message::Step1(_))));
        if asks && ann.text() == "321hello" {
            ann.receive(&frame::step2(&bob.encode()), 0);
            ann.pull(0);
        }
    }
    assert_eq!(ann.text(), "4321hello");
}

#[test]
fn a_refusal_is_final_and_other_closes_are_retried_ever_more_slowly() {
    let mut ann = session(1);
    ann.connect(0);
    let mut now = 0;
    let mut waits = Vec::new();
    for _ in 0..10 {
        assert_eq!(ann.poll(now), Some(Action::Open));
        ann.closed(1006, "", now);
        let next = ann.deadline().unwrap();
        waits.push(next - now);
        now = next;
    }
    assert!(
        waits[0] <= 250 && waits[9] >= 2_000 && waits.iter().all(|&wait| wait <= 4_000),
        "{waits:?}"
    );
    assert_eq!(ann.poll(now), Some(Action::Open));
    ann.closed(4403, "this document is private", now);
    assert_eq!(ann.status().network, Network::Refused { code: 4403 });
    assert_eq!(ann.status().reason, "this document is private");
    assert_eq!((ann.poll(now + 100_000), ann.deadline()), (None, None));
}

#[test]
fn a_silent_server_is_asked_and_then_given_up() {
    let (mut ann, mut server) = (session(1), Server::new());
    ann.connect(0);
    server.talk(&mut ann, 0);
    let mut sent = Vec::new();
    let closed_at = loop {
        let now = ann.deadline().unwrap();
        match ann.poll(now) {
            Some(Action::Send(frame)) => sent.push(frame),
            Some(Action::Close) => break now,
            _ => {}
        }
    };
    assert!(sent.contains(&Control::Ping.frame()));
    assert_eq!(closed_at, 25_000);
    assert!(matches!(ann.status().network, Network::Offline { .. }));
}

#[test]
fn a_malformed_frame_from_the_server_ends_the_connection_not_the_text() {
    let (mut ann, mut server) = (session(1), Server::new());
    ann.connect(0);
    server.talk(&mut ann, 0);
    type_at(&mut ann, 0, "kept");
    ann.receive(&[0, 9, 9], 5);
    assert_eq!(ann.poll(5), Some(Action::Close));
    assert_eq!(ann.text(), "kept");
    let retry_at = ann.deadline().unwrap();
    server.talk(&mut ann, retry_at);
    assert_eq!(server.replica.text(), "kept");
}

#[test]
fn presence_is_paced_renewed_and_defended() {
    let (mut ann, mut server) = (session(1), Server::new());
    ann.set_person(
        Person { name: "Ann\u{202e}".into(), color: "#30bced".into(), ..Person::default() },
        0,
    );
    ann.connect(0);
    server.talk(&mut ann, 0);
    assert_eq!(server.awareness().len(), 1);
    type_at(&mut ann, 0, "hello");
    for offset in 0..5 {
        ann.set_cursor(Some(Selection { anchor: offset, head: offset }), u64::from(offset));
        server.talk(&mut ann, u64::from(offset));
    }
    assert_eq!(server.awareness().len(), 1, "a keystroke sends no presence");
    server.talk(&mut ann, 100);
    let sent = server.awareness();
    assert_eq!(sent.len(), 2);
    let state = sent[1].state.as_deref().unwrap();
    assert!(state.contains("\"name\":\"Ann\"") && state.contains("\"cursor\""), "{state}");
    server.talk(&mut ann, 15_100);
    assert_eq!(server.awareness().len(), 3, "a state is renewed");
    let gone = presence::Entry { client: 1, clock: 9, state: None };
    ann.receive(&frame::awareness(&presence::encode(&[gone])), 15_200);
    server.talk(&mut ann, 15_200);
    assert_eq!(server.awareness()[3].clock, 10, "who is here says so again");
}

#[test]
fn carets_of_others_move_with_the_text() {
    let (mut ann, mut bob) = (session(1), session(2));
    let (mut server, mut relay) = (Server::new(), Server::new());
    ann.connect(0);
    server.talk(&mut ann, 0);
    type_at(&mut ann, 0, "hello");
    bob.receive(&frame::step2(&ann.replica.encode()), 0);
    bob.pull(0);
    bob.set_person(Person { name: "Bob".into(), ..Person::default() }, 0);
    bob.set_cursor(Some(Selection { anchor: 1, head: 4 }), 0);
    bob.connect(0);
    relay.talk(&mut bob, 0);
    for entry in relay.awareness() {
        ann.receive(&frame::awareness(&presence::encode(&[entry])), 0);
    }
    let peers = ann.take_peers().unwrap();
    assert_eq!(peers[0].person.name, "Bob");
    assert_eq!(peers[0].selection, Some(Selection { anchor: 1, head: 4 }));
    assert_eq!(ann.take_peers(), None);
    type_at(&mut ann, 0, "so ");
    let cat = presence::Entry {
        client: 3,
        clock: 1,
        state: Some("{\"user\":{\"name\":\"Cat\"}}".into()),
    };
    ann.receive(&frame::awareness(&presence::encode(&[cat])), 0);
    assert_eq!(ann.take_peers().unwrap()[0].selection, Some(Selection { anchor: 4, head: 7 }));
    ann.closed(1012, "", 1);
    assert_eq!(ann.take_peers(), Some(vec![]));
}

#[test]
fn a_text_with_something_in_it_that_is_not_shown_is_left_alone() {
    let mut ann = session(1);
    type_at(&mut ann, 0, "words");
    // Three bytes that are no text, by client 5, in the root that is our text.
    let foreign = b"\x01\x01\x05\x00\x03\x01\x07content\x03abc\x00";
    ann.connect(0);
    ann.poll(0);
    ann.opened(0);
    ann.receive(&frame::update(foreign), 0);
    assert_eq!(ann.pull(0), []);
    ann.edit(&[Splice::new(0, 9, "")], None, 0);
    assert_eq!(ann.text(), "words");
    assert_eq!(ann.status().network, Network::Refused { code: NOT_TEXT });
    assert_eq!(ann.poll(0), Some(Action::Close));
    assert!(matches!(ann.poll(0), Some(Action::Keep(_))));
    assert_eq!((ann.poll(0), ann.deadline()), (None, None));
    // Where nothing is in the way, offsets beyond the end are moved to it.
    let mut bob = session(2);
    bob.edit(&[Splice::new(7, 9, "x")], None, 0);
    bob.edit(&[Splice::new(0, 99, "")], None, 0);
    assert_eq!(bob.text(), "");
}

#[test]
fn a_note_reaches_other_clients_of_ours_beside_what_all_understand() {
    let (mut ann, mut bob, mut relay) = (session(1), session(2), Server::new());
    bob.set_person(Person { name: "Bob".into(), ..Person::default() }, 0);
    bob.connect(0);
    let mut now = 0;
    for (said, heard) in [("{\"t\":1}", "{\"t\":1}"), (&*"x".repeat(513), ""), ("", "")] {
        now += 1_000;
        bob.set_note(said.into(), now);
        relay.talk(&mut bob, now);
        relay.talk(&mut bob, now + 100);
        let entry = relay.awareness().pop().unwrap();
        assert_eq!(entry.state.as_ref().unwrap().contains(NOTE), !said.is_empty());
        ann.receive(&frame::awareness(&presence::encode(&[entry])), now);
        assert_eq!(&*ann.take_peers().unwrap()[0].note, heard);
    }
}
