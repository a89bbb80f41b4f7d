//! The class that JavaScript sees. It drives a session with the browser's socket, clock and timer.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use codraft_core::presence::Person;
use codraft_core::session::Action;
use codraft_core::{ClientId, Selection, Session};
use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::changes::{Changes, Presence, Status, to_splices};
use crate::socket::{Socket, SocketEvent};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = globalThis, js_name = setTimeout, catch)]
    fn set_timeout(callback: &Function, ms: i32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = globalThis, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// One document, held in this tab and kept in step with the server's.
///
/// Between two calls of `pull`, `undo` and `redo` its text is exactly what `edit` and they made it.
#[wasm_bindgen]
pub struct Client {
    inner: Rc<Inner>,
}

struct Inner {
    url: String,
    session: RefCell<Session>,
    socket: RefCell<Option<Socket>>,
    timer: RefCell<Option<JsValue>>,
    on_timer: Closure<dyn FnMut()>,
    wake: Function,
    /// A wake is owed to JavaScript.
    news: Cell<bool>,
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
    /// A document at a `ws:` or `wss:` URL, not yet connected. `wake` is called, never from inside another method, when
    /// something waits to be pulled or the status has changed.
    #[wasm_bindgen(constructor)]
    pub fn new(url: String, wake: Function) -> Self {
        let session = Session::new(ClientId::from_random(random()), random());
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| {
            let for_timer = weak.clone();
            let on_timer = Closure::new(move || {
                if let Some(inner) = for_timer.upgrade() {
                    inner.timer.take();
                    inner.drive();
                }
            });
            let session = RefCell::new(session);
            let news = Cell::new(false);
            Inner {
                url,
                session,
                socket: RefCell::default(),
                timer: RefCell::default(),
                on_timer,
                wake,
                news,
            }
        });
        Self { inner }
    }

    /// Connects, and reconnects whenever it has to.
    pub fn connect(&self) {
        self.inner.session.borrow_mut().connect(now());
        self.inner.drive();
    }

    /// Disconnects for good; the text stays readable.
    pub fn close(&self) {
        self.inner.session.borrow_mut().disconnect();
        self.inner.drive();
    }

    /// Does not wait for the next try.
    #[wasm_bindgen(js_name = retryNow)]
    pub fn retry_now(&self) {
        self.connect();
    }

    /// The machine has lost its network.
    #[wasm_bindgen(js_name = networkLost)]
    pub fn network_lost(&self) {
        self.inner.session.borrow_mut().network_lost(now());
        self.inner.drive();
    }

    /// Who the person here is: a name, two `#rrggbb` colours and an id that is the same in all their tabs.
    #[wasm_bindgen(js_name = setUser)]
    pub fn set_user(&self, name: String, color: String, color_light: String, id: String) {
        let person = Person { name, color, color_light, id };
        self.inner.session.borrow_mut().set_person(person, now());
        self.inner.schedule();
    }

    /// Where the selection is, in UTF-16 offsets; told to others at most ten times a second.
    #[wasm_bindgen(js_name = setCursor)]
    pub fn set_cursor(&self, anchor: i32, head: i32) {
        self.inner.session.borrow_mut().set_cursor(selection(anchor, head), now());
        self.inner.schedule();
    }

    /// The editor has lost the focus.
    #[wasm_bindgen(js_name = clearCursor)]
    pub fn clear_cursor(&self) {
        self.set_cursor(-1, -1);
    }

    /// The whole text; `\n` is its line break.
    pub fn text(&self) -> String {
        self.inner.session.borrow().text()
    }

    /// Whether the text is the same as this: for comparing with the editor when nothing happens.
    pub fn matches(&self, text: &str) -> bool {
        self.inner.session.borrow().text() == text
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
        self.inner.session.borrow_mut().edit(&splices, selection(anchor, head), now());
        self.inner.drive();
        Ok(())
    }

    /// Merges everything that has arrived into one change, to be dispatched to the editor at once.
    pub fn pull(&self) -> Option<Changes> {
        let splices = self.inner.session.borrow_mut().pull(now());
        self.inner.drive();
        (!splices.is_empty()).then(|| Changes::new(&splices, None))
    }

    /// Bytes that wait to be pulled.
    pub fn waiting(&self) -> usize {
        self.inner.session.borrow().waiting()
    }

    /// Takes back the last step typed here; others' edits stay. The selection is remembered for `redo`.
    pub fn undo(&self, anchor: Option<i32>, head: Option<i32>) -> Option<Changes> {
        let here = anchor.zip(head).and_then(|(anchor, head)| selection(anchor, head));
        let undone = self.inner.session.borrow_mut().undo(here);
        self.inner.drive();
        undone.map(|undone| Changes::new(&undone.splices, undone.selection))
    }

    /// Brings back what was undone last.
    pub fn redo(&self, anchor: Option<i32>, head: Option<i32>) -> Option<Changes> {
        let here = anchor.zip(head).and_then(|(anchor, head)| selection(anchor, head));
        let redone = self.inner.session.borrow_mut().redo(here);
        self.inner.drive();
        redone.map(|redone| Changes::new(&redone.splices, redone.selection))
    }

    /// Whether there is something to undo.
    #[wasm_bindgen(js_name = canUndo)]
    pub fn can_undo(&self) -> bool {
        self.inner.session.borrow().can_undo_redo().0
    }

    /// Whether there is something to redo.
    #[wasm_bindgen(js_name = canRedo)]
    pub fn can_redo(&self) -> bool {
        self.inner.session.borrow().can_undo_redo().1
    }

    /// The next edit begins another undo step.
    #[wasm_bindgen(js_name = closeUndoGroup)]
    pub fn close_undo_group(&self) {
        self.inner.session.borrow_mut().close_undo_step();
    }

    /// Everyone else, when something about them has changed since the last call.
    pub fn presence(&self) -> Option<Presence> {
        self.inner.session.borrow_mut().take_peers().map(Presence::new)
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        Status::new(self.inner.session.borrow().status(), now())
    }
}

impl Inner {
    /// Does what the session wants done, then sets the timer and wakes JavaScript if it is owed that.
    fn drive(self: &Rc<Self>) {
        loop {
            // Borrowed for the poll alone: the actions below call into the browser.
            let action = self.session.borrow_mut().poll(now());
            match action {
                Some(Action::Open) => self.open(),
                Some(Action::Send(frame)) => {
                    if let Some(socket) = &*self.socket.borrow() {
                        socket.send(&frame);
                    }
                }
                Some(Action::Close) => {
                    self.socket.take();
                    self.news.set(true);
                }
                None => break,
            }
        }
        self.schedule();
        if self.news.replace(false) {
            self.wake_soon();
        }
    }

    fn open(self: &Rc<Self>) {
        self.news.set(true);
        let weak = Rc::downgrade(self);
        let tell = move |event| {
            if let Some(inner) = weak.upgrade() {
                inner.heard(event);
            }
        };
        match Socket::open(&self.url, tell) {
            Ok(socket) => drop(self.socket.replace(Some(socket))),
            Err(_) => self.session.borrow_mut().closed(
                4400,
                "the address of the document is not valid",
                now(),
            ),
        }
    }

    fn heard(self: &Rc<Self>, event: SocketEvent) {
        let now = now();
        match event {
            SocketEvent::Opened => self.session.borrow_mut().opened(now),
            SocketEvent::Frame(frame) => self.session.borrow_mut().receive(&frame, now),
            SocketEvent::Closed { code, reason } => {
                // The listener that runs now goes with the socket; wasm-bindgen keeps it until it has returned.
                self.socket.take();
                self.session.borrow_mut().closed(code, &reason, now);
            }
        }
        self.news.set(true);
        self.drive();
    }

    /// Calls `wake` from a task of its own, so that it never runs inside another method.
    fn wake_soon(&self) {
        // JavaScript throwing in its own callback is its own affair.
        let _ = set_timeout(&self.wake, 0);
    }

    fn schedule(&self) {
        if let Some(timer) = self.timer.take() {
            clear_timeout(&timer);
        }
        let Some(deadline) = self.session.borrow().deadline() else { return };
        let wait = deadline.saturating_sub(now()).min(60_000) as i32;
        let timer = set_timeout(self.on_timer.as_ref().unchecked_ref(), wait);
        *self.timer.borrow_mut() = timer.ok();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            clear_timeout(&timer);
        }
    }
}
