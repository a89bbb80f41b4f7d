//! Replicas that type at random and hear of each other in any order end with the same text, and every editor shows it.

use codraft_core::replica::{CONTENT, Undone};
use codraft_core::session::Action;
use codraft_core::{ClientId, Replica, Selection, Session, Splice, frame};
use codraft_tests::{Client, Mischief, TestServer, seeds};

/// A session beside the plain string its editor would hold.
struct Writer {
    session: Session,
    editor: String,
    /// What others wrote and this one has not heard yet, in order per author.
    inbox: Vec<Vec<Vec<u8>>>,
    now: u64,
}

impl Writer {
    fn new(id: u64, writers: usize) -> Self {
        let session = Session::new(ClientId::from_random(id), CONTENT, id);
        Self { session, editor: String::new(), inbox: vec![Vec::new(); writers], now: 0 }
    }

    fn check(&self) {
        assert_eq!(self.editor, self.session.text());
    }

    /// Types, undoes or redoes; returns the updates for the others.
    fn act(&mut self, mischief: &mut Mischief) -> Vec<Vec<u8>> {
        self.now += mischief.below(900) as u64;
        match mischief.below(8) {
            0 => self.step(Session::undo),
            1 => self.step(Session::redo),
            _ => {
                let splices = mischief.splices(&self.editor);
                if !splices.is_empty() {
                    self.editor = Splice::apply_all(&self.editor, &splices);
                    self.session.edit(&splices, Some(Selection { anchor: 0, head: 0 }), self.now);
                }
            }
        }
        self.check();
        self.sent()
    }

    fn step(&mut self, step: impl Fn(&mut Session, Option<Selection>) -> Option<Undone>) {
        if let Some(undone) = step(&mut self.session, None) {
            self.editor = Splice::apply_all(&self.editor, &undone.splices);
        }
    }

    /// The updates among the frames that the session wants sent.
    fn sent(&mut self) -> Vec<Vec<u8>> {
        let mut updates = Vec::new();
        while let Some(action) = self.session.poll(self.now) {
            let Action::Send(frame) = action else { continue };
            for message in frame::messages(&frame) {
                if let Ok(frame::Message::Update(update)) = message {
                    updates.push(update.to_vec());
                }
            }
        }
        updates
    }

    /// Hears the oldest unheard update of a random author, sometimes twice, and sometimes shows what it heard.
    fn hear(&mut self, mischief: &mut Mischief) {
        let author = mischief.below(self.inbox.len());
        if !self.inbox[author].is_empty() {
            let update = self.inbox[author].remove(0);
            for _ in 0..if mischief.one_in(4) { 2 } else { 1 } {
                self.session.receive(&frame::update(&update), self.now);
            }
        }
        if mischief.one_in(2) {
            self.pull();
        }
    }

    fn pull(&mut self) {
        let splices = self.session.pull(self.now);
        self.editor = Splice::apply_all(&self.editor, &splices);
        self.check();
    }

    /// Opens a connection to a server that has nothing, so that edits are sent as updates from now on.
    fn open(&mut self) {
        self.session.connect(0);
        self.session.poll(0);
        self.session.opened(0);
        self.session.receive(&frame::step1(&[0]), 0);
        self.sent();
    }
}

#[test]
fn three_writers_converge_whatever_the_order_of_delivery() {
    const WRITERS: usize = 3;
    for seed in seeds(60) {
        let mut mischief = Mischief::new(seed);
        let mut writers: Vec<Writer> =
            (0..WRITERS).map(|id| Writer::new(id as u64 + 1, WRITERS)).collect();
        writers.iter_mut().for_each(Writer::open);
        for _ in 0..150 {
            let author = mischief.below(WRITERS);
            let updates = writers[author].act(&mut mischief);
            for (reader, writer) in writers.iter_mut().enumerate() {
                if reader != author {
                    writer.inbox[author].extend(updates.iter().cloned());
                }
            }
            let reader = mischief.below(WRITERS);
            writers[reader].hear(&mut mischief);
        }
        settle(&mut writers, &mut mischief);
        let texts: Vec<&str> = writers.iter().map(|writer| writer.editor.as_str()).collect();
        assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "seed {seed}: {texts:?}");
    }
}

/// Delivers everything; an update that came before what it builds on comes again with the author's whole document.
fn settle(writers: &mut [Writer], mischief: &mut Mischief) {
    for writer in writers.iter_mut() {
        while writer.inbox.iter().any(|unheard| !unheard.is_empty()) {
            writer.hear(mischief);
        }
        writer.pull();
    }
    let documents: Vec<Vec<u8>> = writers.iter().map(|writer| writer.session.encode()).collect();
    for writer in writers {
        for document in &documents {
            writer.session.receive(&frame::update(document), writer.now);
            writer.pull();
        }
    }
}

#[tokio::test]
async fn clients_on_a_real_server_converge_offline_edits_included() {
    for seed in seeds(6) {
        let mut mischief = Mischief::new(seed);
        let server = TestServer::start().await;
        let url = server.url(&format!("seed-{seed}"));
        let mut clients = Vec::new();
        for id in 1..=3 {
            clients.push(Client::connect(&url, id).await);
        }
        for _ in 0..120 {
            let client = mischief.below(clients.len());
            let client = &mut clients[client];
            match mischief.below(20) {
                0 => client.unplug(),
                1 => client.plug_in(),
                2 => client.undo(None),
                _ => {
                    let splices = mischief.splices(&client.editor);
                    client.edit(&splices);
                }
            }
            client.drive().await;
        }
        for client in &mut clients {
            client.plug_in();
            client.until_saved().await;
        }
        let mut fresh = Client::connect(&url, 9).await;
        fresh.drive().await;
        let text = fresh.session.text();
        for client in &mut clients {
            client.until_text(&text).await;
        }
    }
}

#[test]
fn merging_is_the_same_in_any_order_and_any_number_of_times() {
    for seed in seeds(40) {
        let mut mischief = Mischief::new(seed);
        let mut author = Replica::new(ClientId::from_random(1));
        let mut updates: Vec<Vec<u8>> = Vec::new();
        for _ in 0..40 {
            let splices = mischief.splices(&author.text());
            if !splices.is_empty() {
                updates.push(author.edit(&splices));
            }
        }
        let mut reader = Replica::new(ClientId::from_random(2));
        let mut left = updates.clone();
        while !left.is_empty() {
            // A gap is answered by the author's own order in the end, so each round makes progress.
            let pick = mischief.below(left.len().min(4));
            if reader.merge(&left[pick]).unwrap().has_gap {
                assert_ne!(pick, 0, "seed {seed}: the next update is never a gap");
            } else {
                left.remove(pick);
            }
            let again = mischief.below(updates.len() - left.len() + 1);
            if again < updates.len() - left.len() {
                reader.merge(&updates[again]).unwrap();
            }
        }
        assert_eq!(reader.text(), author.text(), "seed {seed}");
        assert!(!reader.has_pending());
    }
}
