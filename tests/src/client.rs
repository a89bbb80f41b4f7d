//! Codraft's own client on a real socket: a `Session` with tokio for a browser, and a plain string for an editor.

use std::time::Duration;

use codraft_core::replica::CONTENT;
use codraft_core::session::{Action, Network, Session};
use codraft_core::{ClientId, Selection, Splice};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::patiently;

/// A session, its socket, and the text that its editor would show.
pub struct Client {
    /// The state machine under test.
    pub session: Session,
    /// Built from splices alone: it must always be what the session says.
    pub editor: String,
    /// The number it was made with.
    pub id: u64,
    /// How often it has connected.
    pub connections: u32,
    url: String,
    socket: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    started: Instant,
    /// The network cable is pulled.
    unplugged: bool,
}

impl Client {
    /// A client that has not connected yet.
    pub fn new(url: &str, id: u64) -> Self {
        let session = Session::new(ClientId::from_random(id), CONTENT, id);
        let (url, started) = (url.to_owned(), Instant::now());
        Self {
            session,
            editor: String::new(),
            id,
            connections: 0,
            url,
            socket: None,
            started,
            unplugged: false,
        }
    }

    /// A client that has the server's document.
    pub async fn connect(url: &str, id: u64) -> Self {
        let mut client = Self::new(url, id);
        client.session.connect(0);
        client.until("the document", |session| session.status().synced).await;
        client
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    /// Types, as an editor would tell of it.
    pub fn edit(&mut self, splices: &[Splice]) {
        self.editor = Splice::apply_all(&self.editor, splices);
        let now = self.now();
        self.session.edit(splices, None, now);
    }

    /// Types at the end.
    pub fn append(&mut self, text: &str) {
        let end = self.editor.encode_utf16().count() as u32;
        self.edit(&[Splice::new(end, end, text)]);
    }

    /// Takes back the last step.
    pub fn undo(&mut self, selection: Option<Selection>) {
        if let Some(undone) = self.session.undo(selection) {
            self.editor = Splice::apply_all(&self.editor, &undone.splices);
        }
    }

    /// Loses the network and stays without until [`Client::plug_in`].
    pub fn unplug(&mut self) {
        self.unplugged = true;
        self.socket = None;
        let now = self.now();
        self.session.network_lost(now);
    }

    /// Has a network again, and tries at once.
    pub fn plug_in(&mut self) {
        self.unplugged = false;
        let now = self.now();
        self.session.connect(now);
    }

    /// Talks to the server until something is so.
    pub async fn until(&mut self, what: &str, done: impl Fn(&Session) -> bool) {
        patiently(what, async {
            loop {
                self.drive().await;
                if done(&self.session) {
                    return;
                }
                self.wait().await;
            }
        })
        .await;
    }

    /// Talks to the server until everything typed here is on its disk.
    pub async fn until_saved(&mut self) {
        let saved =
            |session: &Session| session.status().saved && session.status().network == Network::Live;
        self.until("the word that it is saved", saved).await;
    }

    /// Talks to the server until the text is this.
    pub async fn until_text(&mut self, text: &str) {
        self.until(&format!("the text {text:?}"), |session| session.text() == text).await;
        assert_eq!(self.editor, text, "the splices do not add up to the text");
    }

    /// Talks to the server for a while, whatever comes.
    pub async fn run_for(&mut self, while_: Duration) {
        let end = Instant::now() + while_;
        while Instant::now() < end {
            self.drive().await;
            let _ = tokio::time::timeout_at(end, self.wait()).await;
        }
    }

    /// Does what the session wants and shows what has arrived.
    pub async fn drive(&mut self) {
        let now = self.now();
        let splices = self.session.pull(now);
        self.editor = Splice::apply_all(&self.editor, &splices);
        while let Some(action) = self.session.poll(self.now()) {
            match action {
                Action::Open => self.open().await,
                Action::Send(frame) => self.send(frame).await,
                Action::Close => self.socket = None,
                Action::Keep(_) => {}
            }
        }
        assert_eq!(
            self.editor,
            self.session.text(),
            "the editor shows something else than the document"
        );
    }

    async fn open(&mut self) {
        if self.unplugged {
            return self.session.closed(1006, "unplugged", self.now());
        }
        match Box::pin(connect_async(&self.url)).await {
            Ok((socket, _)) => {
                self.socket = Some(socket);
                self.connections += 1;
                self.session.opened(self.now());
            }
            Err(error) => self.session.closed(1006, &error.to_string(), self.now()),
        }
    }

    async fn send(&mut self, frame: Vec<u8>) {
        if let Some(socket) = &mut self.socket {
            // A socket that fails here fails in `wait` too.
            let _ = socket.send(Message::binary(frame)).await;
        }
    }

    /// Waits for a frame, the end of the socket, or the session's own clock.
    async fn wait(&mut self) {
        let deadline = self.session.deadline().map(|at| self.started + Duration::from_millis(at));
        let tick = async {
            match deadline {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let Some(socket) = &mut self.socket else { return tick.await };
        let heard = tokio::select! {
            message = socket.next() => message,
            () = tick => return,
        };
        let now = self.now();
        match heard {
            Some(Ok(Message::Binary(frame))) => self.session.receive(&frame, now),
            Some(Ok(Message::Close(close))) => {
                let (code, reason) =
                    close.map_or((1006, String::new()), |c| (c.code.into(), c.reason.to_string()));
                self.socket = None;
                self.session.closed(code, &reason, now);
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => {
                self.socket = None;
                self.session.closed(1006, "", now);
            }
        }
    }
}
