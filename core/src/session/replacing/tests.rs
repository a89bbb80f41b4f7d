use super::super::tests::{Server, session, type_at};
use super::*;
use crate::frame::Message;
use crate::replica::Digest;

/// More than any pause before a question.
const PAUSE_MS: u64 = 10_000;
/// More than the least time between two questions.
const PACE_MS: u64 = 40_000;

/// A session with all it has typed on the server's disk.
fn settled(client: u64, text: &str) -> (Session, Server) {
    let (mut session, mut server) = (session(client), Server::new());
    type_at(&mut session, 0, text);
    session.connect(0);
    server.talk(&mut session, 0);
    settle(&mut session, &mut server, 0);
    (session, server)
}

/// Lets both speak; the server has given signs of life until then.
fn talk(session: &mut Session, server: &mut Server, now: u64) {
    session.receive(frame::KEEP_ALIVE, now);
    server.talk(session, now);
}

fn settle(session: &mut Session, server: &mut Server, now: u64) {
    session.pull(now);
    talk(session, server, now);
    server.save(session, now);
    talk(session, server, now);
}

/// What the session has said since the last call that only our server understands.
fn said(server: &mut Server) -> Vec<Control> {
    let frames = std::mem::take(&mut server.frames);
    let messages = frames.iter().flat_map(|frame| crate::frame::messages(frame));
    let controls = messages.filter_map(|message| match message {
        Ok(Message::Control(payload)) => Some(Control::read(payload).unwrap()),
        _ => None,
    });
    controls.filter(|control| !matches!(control, Control::Hello { .. } | Control::Ping)).collect()
}

fn questions(server: &mut Server) -> usize {
    said(server).iter().filter(|control| matches!(control, Control::Digest(_))).count()
}

/// A server that holds other words under the numbers of ann's.
fn twins(ann: &str, other: &str) -> (Session, Server) {
    let (session, mut server) = settled(7, ann);
    let mut twin = Replica::new(ClientId::from_random(7));
    let theirs = twin.edit(&[Splice::new(0, 0, other)]);
    server.replica = Replica::new(ClientId::from_random(99));
    server.replica.merge(&theirs).unwrap();
    said(&mut server);
    (session, server)
}

#[test]
fn copies_that_agree_are_compared_once_after_each_pause() {
    let (mut ann, mut server) = settled(1, "words");
    said(&mut server);
    talk(&mut ann, &mut server, 4_999);
    assert_eq!(questions(&mut server), 0, "hardly a pause");
    let due = ann.deadline().unwrap();
    assert!((5_000..8_000).contains(&due), "{due}");
    for now in [due, due + PACE_MS] {
        talk(&mut ann, &mut server, now);
    }
    assert_eq!(questions(&mut server), 1, "nothing has changed since");
    type_at(&mut ann, 0, "more ");
    settle(&mut ann, &mut server, due + 1);
    talk(&mut ann, &mut server, due + PAUSE_MS);
    assert_eq!(questions(&mut server), 0, "a question a letter would be many");
    talk(&mut ann, &mut server, due + PACE_MS);
    assert_eq!(questions(&mut server), 1);
}

#[test]
fn nothing_is_asked_while_something_is_under_way() {
    let (mut ann, mut server) = settled(1, "words");
    type_at(&mut ann, 0, "unsaved ");
    talk(&mut ann, &mut server, 0);
    said(&mut server);
    talk(&mut ann, &mut server, PACE_MS);
    assert_eq!(questions(&mut server), 0, "not on the server's disk yet");
    let mut bob = Replica::new(ClientId::from_random(2));
    server.save(&mut ann, PACE_MS);
    ann.receive(&frame::update(&bob.edit(&[Splice::new(0, 0, "bob")])), PACE_MS);
    talk(&mut ann, &mut server, 2 * PACE_MS);
    assert_eq!(questions(&mut server), 0, "not in the editor yet");
}

#[test]
fn an_answer_that_something_came_before_means_nothing() {
    let other = Control::Digest(Digest { known: 1, text: 1 }).frame();
    for typed in [true, false] {
        let (mut ann, mut server) = settled(1, "words");
        ann.poll(PAUSE_MS);
        while ann.poll(PAUSE_MS).is_some() {}
        if typed {
            type_at(&mut ann, 0, "x");
        } else {
            let mut bob = Replica::new(ClientId::from_random(2));
            ann.receive(&frame::update(&bob.edit(&[Splice::new(0, 0, "y")])), PAUSE_MS);
        }
        said(&mut server);
        ann.receive(&other, PAUSE_MS);
        settle(&mut ann, &mut server, PAUSE_MS);
        assert!(!said(&mut server).contains(&Control::Diverged), "typed: {typed}");
    }
}

#[test]
fn a_copy_that_differs_is_reported_and_replaced_and_its_words_can_be_kept() {
    let (mut ann, mut server) = twins("ann's 🦦", "other words");
    talk(&mut ann, &mut server, PAUSE_MS);
    assert!(said(&mut server).contains(&Control::Diverged));
    let splices = ann.pull(PAUSE_MS);
    assert_eq!(Splice::apply_all("ann's 🦦", &splices), ann.text());
    assert_eq!(ann.text(), "other words");
    assert_eq!(ann.take_lost().as_deref(), Some("ann's 🦦"));
    assert_eq!(ann.take_lost(), None);
    // It goes on under another number: the old one's clocks mean other words here and there.
    type_at(&mut ann, 0, "new ");
    settle(&mut ann, &mut server, PAUSE_MS);
    assert_eq!(server.replica.text(), "new other words");
    assert!(ann.status().saved);
    assert!(server.replica.clocks().get(7) < server.replica.clocks().iter().map(|(_, n)| n).sum());
    let gone = server.awareness().iter().any(|entry| entry.client == 7 && entry.state.is_none());
    assert!(gone, "the old number stays behind in the others' lists");
    said(&mut server);
    talk(&mut ann, &mut server, 2 * PAUSE_MS);
    assert_eq!(said(&mut server).len(), 1, "equal from then on");
}

#[test]
fn what_is_typed_while_the_whole_state_is_on_its_way_is_kept() {
    let (mut ann, mut server) = twins("one", "two");
    talk(&mut ann, &mut server, PAUSE_MS);
    assert!(ann.waiting() > 0);
    type_at(&mut ann, 3, " and more");
    let bob = Replica::new(ClientId::from_random(2)).edit(&[Splice::new(0, 0, "bob ")]);
    server.replica.merge(&bob).unwrap();
    ann.receive(&frame::update(&bob), PAUSE_MS);
    settle(&mut ann, &mut server, PAUSE_MS);
    assert_eq!(ann.text(), server.replica.text());
    for words in ["two", " and more", "bob "] {
        assert!(ann.text().contains(words), "{words:?} is not in {:?}", ann.text());
    }
}

#[test]
fn what_the_server_has_lost_is_sent_again() {
    let (mut ann, mut server) = settled(1, "kept");
    server.replica = Replica::new(ClientId::from_random(99));
    talk(&mut ann, &mut server, PAUSE_MS);
    settle(&mut ann, &mut server, PAUSE_MS);
    assert_eq!((ann.text().as_str(), server.replica.text().as_str()), ("kept", "kept"));
    assert_eq!(ann.take_lost(), None);
    assert!(ann.status().saved);
}

#[test]
fn a_copy_that_does_not_help_is_not_fetched_again() {
    let (mut ann, mut server) = settled(1, "words");
    server.digest = Some(Digest { known: 1, text: 1 });
    said(&mut server);
    let mut reports = 0;
    for round in 1..10 {
        talk(&mut ann, &mut server, round * PACE_MS);
        settle(&mut ann, &mut server, round * PACE_MS);
        reports += said(&mut server).iter().filter(|&said| *said == Control::Diverged).count();
        type_at(&mut ann, 0, "x");
        settle(&mut ann, &mut server, round * PACE_MS);
    }
    assert_eq!(reports, 2);
}
