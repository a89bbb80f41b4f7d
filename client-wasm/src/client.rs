//! The class that JavaScript sees: a session, and a host that does what the session wants done. It decides nothing.

use std::cell::RefCell;

use codraft_core::presence::Person;
use codraft_core::replica::{Fact, Undone};
use codraft_core::session::Action;
use codraft_core::{ClientId, Selection, Session, frame};
use wasm_bindgen::prelude::*;
use web_sys::WebSocket;

use crate::changes::{Changes, Presence, Status, to_splices};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;

    /// What a session needs of the world: a socket, a timer and a memory. None of its methods
    /// may call the client back before it has returned.
    pub type Host;

    /// A socket, which may fail later; tell `opened`, `received` and `closed` of it.
    #[wasm_bindgen(method)]
    fn open(this: &Host) -> Option<WebSocket>;
    /// Close the socket and hear no more of it.
    #[wasm_bindgen(method)]
    fn close(this: &Host);
    /// Call `tick` after so many ms, instead of when it was asked for before.
    #[wasm_bindgen(method)]
    fn wait(this: &Host, ms: i32);
    /// Something waits to be pulled, or the status has changed.
    #[wasm_bindgen(method)]
    fn wake(this: &Host);
    /// A frame that is sent, or would be if there were a connection; it is only lent.
    #[wasm_bindgen(method)]
    fn keep(this: &Host, frame: &[u8]);
}

/// One document, held in this tab and kept in step with the server's.
///
/// Between two calls of `pull`, `undo` and `redo` its text is exactly what `edit` and they made it.
#[wasm_bindgen]
pub struct Client {
    session: RefCell<Session>,
    socket: RefCell<Option<WebSocket>>,
    host: Host,
}

fn now() -> u64 {
    performance_now() as u64
}

fn random() -> u64 {
    (js_sys::Math::random() * 2f64.powi(53)) as u64
}

fn selection(anchor: i32, head: i32) -> Option<Selection> {
    Some(Selection { anchor: u32::try_from(anchor).ok()?, head: u32::try_from(head).ok()? })
}

#[wasm_bindgen]
impl Client {
    /// A document, not yet connected, of which the root text of this name is shown.
    #[wasm_bindgen(constructor)]
    pub fn new(host: Host, field: &str) -> Self {
        let client = ClientId::from_random(random());
        let session = RefCell::new(Session::new(client, field, random()));
        Self { session, socket: RefCell::default(), host }
    }

    /// The whole document as one frame, as if it had been received.
    pub fn snapshot(&self) -> Vec<u8> {
        frame::step2(&self.session.borrow().encode())
    }

    /// What was shown before a copy of the server's took its place, once, if that is another text.
    #[wasm_bindgen(js_name = takeLost)]
    pub fn take_lost(&self) -> Option<String> {
        self.session.borrow_mut().take_lost()
    }

    /// The socket is open.
    pub fn opened(&self) {
        self.session.borrow_mut().opened(now());
        self.drive_and_wake();
    }

    /// The socket is open, and has been asked for everything while this client was on its way: what
    /// `codraft_core::session::GREETING` says has been said.
    #[wasm_bindgen(js_name = openedGreeted)]
    pub fn opened_greeted(&self) {
        self.session.borrow_mut().opened_greeted(now());
        self.drive_and_wake();
    }

    /// A frame has arrived.
    pub fn received(&self, frame: &[u8]) {
        self.session.borrow_mut().receive(frame, now());
        self.drive_and_wake();
    }

    /// The socket has closed, with a code and perhaps a reason.
    pub fn closed(&self, code: u16, reason: &str) {
        self.socket.take();
        self.session.borrow_mut().closed(code, reason, now());
        self.drive_and_wake();
    }

    /// The time that `wait` asked for is over.
    pub fn tick(&self) {
        self.drive();
    }

    /// Connects, and reconnects whenever it has to.
    pub fn connect(&self) {
        self.session.borrow_mut().connect(now());
        self.drive();
    }

    /// Disconnects for good; the text stays readable.
    pub fn close(&self) {
        self.session.borrow_mut().disconnect();
        self.drive();
    }

    /// Does not wait for the next try.
    #[wasm_bindgen(js_name = retryNow)]
    pub fn retry_now(&self) {
        self.connect();
    }

    /// The machine has lost its network.
    #[wasm_bindgen(js_name = networkLost)]
    pub fn network_lost(&self) {
        self.session.borrow_mut().network_lost(now());
        self.drive();
    }

    /// Who the person here is: a name, two `#rrggbb` colours and an id that is the same in all their tabs.
    #[wasm_bindgen(js_name = setUser)]
    pub fn set_user(&self, name: String, color: String, color_light: String, id: String) {
        let person = Person { name, color, color_light, id };
        self.session.borrow_mut().set_person(person, now());
        self.schedule();
    }

    /// Where the selection is, in UTF-16 offsets; told to others at most ten times a second.
    #[wasm_bindgen(js_name = setCursor)]
    pub fn set_cursor(&self, anchor: i32, head: i32) {
        self.session.borrow_mut().set_cursor(selection(anchor, head), now());
        self.schedule();
    }

    /// The editor has lost the focus.
    #[wasm_bindgen(js_name = clearCursor)]
    pub fn clear_cursor(&self) {
        self.set_cursor(-1, -1);
    }

    /// What this client tells others of ours: a short string, empty for nothing; told at most ten times a second.
    #[wasm_bindgen(js_name = setNote)]
    pub fn set_note(&self, note: String) {
        self.session.borrow_mut().set_note(note, now());
        self.schedule();
    }

    /// The whole text; `\n` is its line break.
    pub fn text(&self) -> String {
        self.session.borrow().text()
    }

    /// Whether the text is the same as this: for comparing with the editor when nothing happens.
    pub fn matches(&self, text: &str) -> bool {
        self.session.borrow().text() == text
    }

    /// One local change: triples `from, to, inserted length` in UTF-16 offsets of the text before it, sorted and
    /// disjoint; all inserted text, concatenated; and the selection before it, for undo.
    pub fn edit(
        &self,
        ranges: &[u32],
        inserted: &str,
        anchor: i32,
        head: i32,
    ) -> Result<(), JsError> {
        let splices = to_splices(ranges, inserted)?;
        self.session.borrow_mut().edit(&splices, selection(anchor, head), now());
        self.drive();
        Ok(())
    }

    /// The place at an offset, as JSON of a Yjs relative position: it stays where it is while everybody writes.
    pub fn place(&self, offset: u32) -> Option<String> {
        self.session.borrow().place(offset)
    }

    /// Where a place is now.
    #[wasm_bindgen(js_name = offsetOf)]
    pub fn offset_of(&self, place: &str) -> Option<u32> {
        self.session.borrow().offset_of(place)
    }

    /// Merges everything that has arrived into one change, to be dispatched to the editor at once.
    pub fn pull(&self) -> Option<Changes> {
        let splices = self.session.borrow_mut().pull(now());
        self.drive();
        (!splices.is_empty()).then(|| Changes::new(&splices, None))
    }

    /// Does now what the first edit would take time for: worth calling when a text has been shown and nobody waits.
    pub fn prepare(&self) {
        self.session.borrow_mut().prepare();
    }

    /// Bytes that wait to be pulled.
    pub fn waiting(&self) -> usize {
        self.session.borrow().waiting()
    }

    /// Takes back the last step typed here; others' edits stay. The selection is remembered for `redo`.
    pub fn undo(&self, anchor: Option<i32>, head: Option<i32>) -> Option<Changes> {
        self.step(anchor, head, Session::undo)
    }

    /// Brings back what was undone last.
    pub fn redo(&self, anchor: Option<i32>, head: Option<i32>) -> Option<Changes> {
        self.step(anchor, head, Session::redo)
    }

    /// Whether there is something to undo.
    #[wasm_bindgen(js_name = canUndo)]
    pub fn can_undo(&self) -> bool {
        self.session.borrow().can_undo_redo().0
    }

    /// Whether there is something to redo.
    #[wasm_bindgen(js_name = canRedo)]
    pub fn can_redo(&self) -> bool {
        self.session.borrow().can_undo_redo().1
    }

    /// The next edit begins another undo step.
    #[wasm_bindgen(js_name = closeUndoGroup)]
    pub fn close_undo_group(&self) {
        self.session.borrow_mut().close_undo_step();
    }

    /// Everyone else, when something about them has changed since the last call.
    pub fn presence(&self) -> Option<Presence> {
        self.session.borrow_mut().take_peers().map(Presence::new)
    }

    /// What is said of the document, its title and its language, when that has changed since the last call.
    pub fn about(&self) -> Option<Vec<String>> {
        let about = self.session.borrow_mut().take_about()?;
        Some(vec![about.title, about.language])
    }

    /// Says something of the document: its `title` or its `language`; nothing takes back what was said.
    #[wasm_bindgen(js_name = setAbout)]
    pub fn set_about(&self, key: &str, words: &str) {
        if let Some(fact) = Fact::of(key) {
            self.session.borrow_mut().say(fact, words);
            self.drive_and_wake();
        }
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        Status::new(self.session.borrow().status(), now())
    }
}

impl Client {
    fn step(
        &self,
        anchor: Option<i32>,
        head: Option<i32>,
        step: fn(&mut Session, Option<Selection>) -> Option<Undone>,
    ) -> Option<Changes> {
        let here = anchor.zip(head).and_then(|(anchor, head)| selection(anchor, head));
        let undone = step(&mut self.session.borrow_mut(), here);
        self.drive();
        undone.map(|undone| Changes::new(&undone.splices, undone.selection))
    }

    fn drive_and_wake(&self) {
        self.drive();
        self.host.wake();
    }

    /// Does what the session wants done, then sets the timer.
    fn drive(&self) {
        loop {
            // Borrowed for the poll alone: the actions below call into the browser.
            let action = self.session.borrow_mut().poll(now());
            match action {
                Some(Action::Open) => drop(self.socket.replace(self.host.open())),
                Some(Action::Send(frame)) => self.send(&frame),
                Some(Action::Keep(frame)) => self.host.keep(&frame),
                Some(Action::Close) => {
                    self.socket.take();
                    self.host.close();
                }
                None => break,
            }
        }
        self.schedule();
    }

    /// On a closing socket a frame is dropped on purpose: the document is the offline queue.
    fn send(&self, frame: &[u8]) {
        self.host.keep(frame);
        if let Some(socket) = &*self.socket.borrow() {
            if socket.ready_state() == WebSocket::OPEN {
                // It can fail only in states excluded above.
                let _ = socket.send_with_u8_array(frame);
            }
        }
    }

    fn schedule(&self) {
        let deadline = self.session.borrow().deadline();
        if let Some(deadline) = deadline {
            self.host.wait(deadline.saturating_sub(now()).min(60_000) as i32);
        }
    }
}
