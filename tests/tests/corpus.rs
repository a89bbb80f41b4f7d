//! Every input that once broke yrs, sent to the real server as somebody's first words and in the middle of a
//! conversation: its sender is let go or asked for more, and nobody else notices. It knows no gate.
//!
//! `tests/src/corpus.rs` has the inputs.

use std::net::SocketAddr;

use codraft_core::{ClientId, Replica, Splice, frame};
use codraft_tests::{Client, Hostile, Peer, Reaction, Said, ServerProcess, corpus, free_port};
use tokio::sync::oneshot;

/// A document in which nobody does any harm.
const ELSEWHERE: &str = "elsewhere";

/// When an input comes.
#[derive(Debug, Clone, Copy)]
enum Moment {
    First,
    Later,
}

#[tokio::test]
async fn every_hostile_input_costs_at_most_its_sender_the_connection() {
    let inputs = corpus();
    assert!(inputs.len() >= 29, "the corpus is not there");
    let data = tempfile::tempdir().unwrap();
    let address: SocketAddr = ([127, 0, 0, 1], free_port()).into();
    let server = ServerProcess::start(address, data.path()).await;
    let (stop, stopped) = oneshot::channel();
    let elsewhere = tokio::spawn(type_on(server.url(ELSEWHERE), stopped));
    let mut texts = Vec::new();
    let mut wrong = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        for moment in [Moment::First, Moment::Later] {
            let document = format!("{at}-{moment:?}");
            let answer = attack(&server.url(&document), input, moment, &mut texts).await;
            if answer != input.reaction {
                wrong.push(format!("{}, {moment:?}: {answer:?}", input.name));
            }
        }
    }
    assert!(wrong.is_empty(), "answered otherwise than expected:\n{}", wrong.join("\n"));
    stop.send(()).unwrap();
    // A connection that has never ended has met one process.
    let typed = elsewhere.await.expect("somebody elsewhere who noticed nothing");
    server.kill().await;
    let server = ServerProcess::start(address, data.path()).await;
    for (url, text) in texts.into_iter().chain([(server.url(ELSEWHERE), typed)]) {
        let kept = Peer::fetch_text(url.clone()).await;
        assert!(kept.as_ref().is_ok_and(|kept| kept.contains(&text)), "{url}: {kept:?}");
    }
    assert!(server.terminate().await.success());
}

/// Types word after word, each once the one before it is saved, until told to stop; what was typed.
async fn type_on(url: String, mut stopped: oneshot::Receiver<()>) -> String {
    let mut person = Client::connect(&url, 1).await;
    for n in 0.. {
        person.append(&format!("{n} "));
        person.until_saved().await;
        if stopped.try_recv().is_ok() {
            break;
        }
    }
    assert_eq!(person.connections, 1, "somebody in another document was let go");
    person.editor
}

/// Sends the input into a document in which two people are writing; how the server took it. Adds where they wrote what.
async fn attack(
    url: &str,
    input: &Hostile,
    moment: Moment,
    texts: &mut Vec<(String, String)>,
) -> Reaction {
    let mut hostile = Peer::connect(url).await;
    if let Moment::Later = moment {
        converse(&mut hostile).await;
    }
    let mut ann = Client::connect(url, 2).await;
    let mut bob = Client::connect(url, 3).await;
    ann.append("before ");
    ann.until_saved().await;
    hostile.try_send(input.frame.clone()).await;
    let answer = answer(&mut hostile, moment).await;
    ann.append("and after");
    ann.until_saved().await;
    bob.until(&input.name, |session| session.text().ends_with("before and after")).await;
    bob.append(", says Bob");
    bob.until_saved().await;
    assert_eq!(ann.connections + bob.connections, 2, "{}: others were let go, too", input.name);
    texts.push((url.to_owned(), "before and after, says Bob".to_owned()));
    answer
}

/// What any client says: it joins, types, and is told that it is saved.
async fn converse(peer: &mut Peer) {
    let update = Replica::new(ClientId::from_random(4)).edit(&[Splice::new(0, 0, "hello ")]);
    peer.send(&frame::step2(&[0, 0])).await;
    peer.settle().await;
    peer.send(&frame::update(&update)).await;
    let is_echo = |said| (said == Said::Update(update.clone())).then_some(());
    peer.hear_until("the echo", is_echo).await;
}

/// How the server goes on after what was said last.
async fn answer(peer: &mut Peer, moment: Moment) -> Reaction {
    peer.try_send(frame::step1(&[0])).await;
    // Whoever has come just now is asked for what they have, whatever they said.
    let mut greetings = match moment {
        Moment::First => 1,
        Moment::Later => 0,
    };
    let mut asked = false;
    let end = |said| match said {
        Said::Closed(code, _) => Some(Reaction::Closes(code)),
        Said::Step1(_) if greetings > 0 => {
            greetings -= 1;
            None
        }
        Said::Step1(_) => {
            asked = true;
            None
        }
        Said::Step2(_) if asked => Some(Reaction::Asks),
        Said::Step2(_) => Some(Reaction::Takes),
        _ => None,
    };
    peer.hear_until("an answer", end).await
}

#[tokio::test]
async fn updates_that_come_out_of_order_end_as_they_do_in_yjs() {
    // yrs 0.28.1 keeps the last two aside for ever, and ends with "a".
    let updates: [&[u8]; 3] = [
        b"\x01\x01\x0a\x00\x04\x01\x07content\x01a\x00",
        b"\x01\x01\x0d\x00\x84\x0a\x00\x01a\x00",
        b"\x01\x01\x0a\x01\x84\x0d\x00\x03xyz\x00",
    ];
    let mut whole = Replica::new(ClientId::from_random(5));
    for update in updates {
        whole.merge(update).expect("updates in order");
    }
    let data = tempfile::tempdir().unwrap();
    let server = ServerProcess::start(([127, 0, 0, 1], free_port()).into(), data.path()).await;
    let url = server.url("order");
    let mut peer = Peer::connect(&url).await;
    peer.settle().await;
    for at in [1, 2, 0] {
        peer.send(&frame::update(updates[at])).await;
    }
    let question = |said| matches!(said, Said::Step1(_)).then_some(());
    peer.hear_until("the question for what is missing", question).await;
    peer.send(&frame::step2(&whole.encode())).await;
    Client::connect(&url, 6).await.until_text("aaxyz").await;
    assert!(server.terminate().await.success());
}
