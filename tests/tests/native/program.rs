//! What a program sees and does, and what becomes of it when the server is restarted or killed.

use codraft_client::{Document, Error, FAREWELL, Selection, Splice};
use codraft_tests::{
    Client, Mischief, Peer, ServerProcess, TestServer, free_port, patiently, seeds,
};

use super::{change, join, join_as, until};

#[tokio::test]
async fn a_program_is_seen_with_its_name_and_colour_and_goes_without_a_trace() {
    let server = TestServer::start().await;
    let page = format!("http://{}/d/doc", server.address());
    let (mut watcher, mut otter) = (join(&page, "Watcher").await, join(&page, "Otter").await);
    otter.set_text("words").unwrap();
    otter.set_cursor(Some(Selection { anchor: 1, head: 3 }));
    let is_shown = |watcher: &Document| watcher.peers().iter().any(|peer| peer.selection.is_some());
    tokio::select! {
        () = until(&mut watcher, "the program's selection", is_shown) => {}
        () = until(&mut otter, "nothing", |_| false) => unreachable!(),
    }
    let [peer] = watcher.peers() else { panic!("{:?}", watcher.peers()) };
    assert_eq!((peer.person.name.as_str(), peer.person.color.as_str()), ("Otter", "#8a4bc1"));
    assert_eq!((peer.person.id.len(), watcher.text().as_str()), (16, "words"));
    assert_eq!(peer.selection, Some(Selection { anchor: 1, head: 3 }));
    otter.close().await.unwrap();
    until(&mut watcher, "its leaving", |watcher| watcher.peers().is_empty()).await;
}

#[tokio::test]
async fn a_program_follows_what_is_written_and_offsets_hold_between_two_events() {
    let server = TestServer::start().await;
    let mut bot = join(&server.url("doc"), "Bot").await;
    let mut ann = Client::connect(&server.url("doc"), 1).await;
    ann.append("one 🦦 two");
    ann.until_saved().await;
    // It has arrived when the answer to this has; nothing of it is in the text before `next` says so.
    bot.edit(&[Splice::new(0, 0, "bot: ")]).unwrap();
    bot.saved().await.unwrap();
    assert_eq!(bot.text(), "bot: ");
    let brought = change(&mut bot).await;
    assert_eq!(brought.splices.len(), 1);
    let at = brought.inserted().next().unwrap();
    let inserted: Vec<u16> = bot.text().encode_utf16().collect();
    let inserted = &inserted[at.start as usize..at.end as usize];
    assert_eq!(String::from_utf16_lossy(inserted), "one 🦦 two");
    assert_eq!(bot.edit(&[Splice::new(0, 99, "")]), Err(Error::Splices));
    let emoji = bot.text().find('🦦').unwrap() as u32;
    assert_eq!(bot.edit(&[Splice::new(emoji + 1, emoji + 2, "")]), Err(Error::Splices));
}

#[tokio::test]
async fn programs_people_and_stock_clients_converge_whoever_writes() {
    for seed in seeds(3) {
        let mut mischief = Mischief::new(seed);
        let mut server = TestServer::start().await;
        let url = server.url("doc");
        let mut bots = [join(&url, "A").await, join(&url, "B").await];
        let mut ann = Client::connect(&url, 1).await;
        for round in 0..60 {
            for bot in &mut bots {
                let splices = mischief.splices(&bot.text());
                bot.edit(&splices).unwrap();
            }
            let splices = mischief.splices(&ann.editor);
            ann.edit(&splices);
            ann.drive().await;
            if round % 20 == 10 {
                server.restart().await;
            }
            if mischief.one_in(3) {
                // One of them may lag behind: nothing of it is lost.
                let bot = mischief.below(2);
                bots[bot].saved().await.unwrap();
            }
        }
        ann.until_saved().await;
        for bot in &mut bots {
            patiently("everything to be saved", bot.saved()).await.unwrap();
        }
        let stock = Peer::fetch_text(url.clone()).await.unwrap();
        ann.until_text(&stock).await;
        for bot in &mut bots {
            until(bot, "the same text", |bot| bot.text() == stock).await;
        }
    }
}

#[tokio::test]
async fn nothing_that_a_program_was_told_is_saved_is_lost_to_kill_9() {
    let data = tempfile::tempdir().unwrap();
    let address = ([127, 0, 0, 1], free_port()).into();
    let mut server = ServerProcess::start(address, data.path()).await;
    let mut bot = join(&server.url("doc"), "Bot").await;
    let mut saved = Vec::new();
    for round in 0..5 {
        let word = format!("<saved {round}>");
        bot.edit(&[Splice::new(0, 0, &*word)]).unwrap();
        patiently("the disk", bot.saved()).await.unwrap();
        saved.push(word);
        bot.edit(&[Splice::new(0, 0, format!("<open {round}>"))]).unwrap();
        assert!(!bot.status().is_saved);
        server.kill().await;
        server = ServerProcess::start(address, data.path()).await;
        let text = Peer::fetch_text(server.url("doc")).await.unwrap();
        for word in &saved {
            assert!(text.contains(word.as_str()), "{word} was saved and is gone");
        }
    }
    // What was not yet saved is in the program, which brings it when it is back.
    patiently("the disk", bot.saved()).await.unwrap();
    assert_eq!(Peer::fetch_text(server.url("doc")).await.as_ref(), Ok(&bot.text()));
    server.kill().await;
}

#[tokio::test]
async fn a_program_says_that_the_server_is_away_and_comes_back_when_it_is() {
    let mut server = TestServer::start().await;
    let mut bot = join(&server.url("doc"), "Bot").await;
    server.stop().await;
    until(&mut bot, "the end", |bot| !bot.status().is_connected).await;
    bot.edit(&[Splice::new(0, 0, "offline")]).unwrap();
    let refused = |bot: &Document| bot.status().reason == "Connection refused";
    until(&mut bot, "an attempt", refused).await;
    server.restart().await;
    until(&mut bot, "the way back", |bot| bot.status().is_connected && bot.status().is_saved).await;
    assert_eq!(Peer::fetch_text(server.url("doc")).await.as_deref(), Ok("offline"));
}

#[tokio::test]
async fn a_program_that_leaves_while_the_server_is_away_hears_that_something_is_not_saved() {
    let mut server = TestServer::start().await;
    let mut bot = join(&server.url("doc"), "Bot").await;
    server.stop().await;
    bot.edit(&[Splice::new(0, 0, "lost")]).unwrap();
    tokio::time::pause();
    let before = tokio::time::Instant::now();
    assert_eq!(bot.close().await, Err(Error::Unsaved));
    assert!(before.elapsed() >= FAREWELL);
}

#[tokio::test]
async fn a_program_that_begins_without_a_server_hears_it_in_a_sentence() {
    let url = format!("ws://127.0.0.1:{}/ws/doc", free_port());
    tokio::time::pause();
    let error = join_as(&url, "Bot", "".into()).await.err().unwrap();
    assert_eq!(error.to_string(), "the server cannot be reached: Connection refused");
}
