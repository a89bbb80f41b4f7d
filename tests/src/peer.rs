//! A bare y-websocket connection, for conversations frame by frame. It holds no document.

use codraft_core::frame::{self, Message};
use codraft_core::{ClientId, Replica};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{self, protocol::WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::patiently;

/// A message of the server's, owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Its state vector.
    Step1(Vec<u8>),
    /// What we lack.
    Step2(Vec<u8>),
    /// What somebody typed.
    Update(Vec<u8>),
    /// Presence.
    Awareness(Vec<u8>),
    /// Our version: everything before it is on disk.
    Saved(Vec<u8>),
    /// A control message.
    Control(Vec<u8>),
    /// What somebody shows does not let them do this.
    Denied(String),
    /// The end, with its code and reason.
    Closed(u16, String),
}

/// A connection.
pub struct Peer {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Peer {
    /// Connects and reads nothing yet.
    pub async fn connect(url: &str) -> Self {
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let connecting = Box::pin(connect_async_with_config(url, Some(config), true));
        let (socket, _) = patiently("a connection", connecting).await.expect("a WebSocket");
        Self { socket }
    }

    /// The text of a document, or the code with which the server refuses it.
    pub async fn fetch_text(url: String) -> Result<String, u16> {
        let mut peer = Self::connect(&url).await;
        peer.try_send(frame::step1(&[0])).await;
        let update = peer
            .hear_until("the document", |said| match said {
                Said::Step2(update) => Some(Ok(update)),
                Said::Closed(code, _) => Some(Err(code)),
                _ => None,
            })
            .await?;
        let mut replica = Replica::new(ClientId::from_random(1));
        replica.merge(&update).expect("an update of the server's");
        Ok(replica.text())
    }

    /// Sends one binary frame.
    pub async fn send(&mut self, frame: &[u8]) {
        self.socket
            .send(tungstenite::Message::binary(frame.to_vec()))
            .await
            .expect("an open socket");
    }

    /// Sends one frame as text, which no client does.
    pub async fn send_text(&mut self, text: &str) {
        self.socket
            .send(tungstenite::Message::text(text.to_owned()))
            .await
            .expect("an open socket");
    }

    /// Sends a frame to a server that may have hung up already.
    pub async fn try_send(&mut self, frame: Vec<u8>) {
        let _ = self.socket.send(tungstenite::Message::binary(frame)).await;
    }

    /// The next message; asserts that its frame holds nothing else, because stock clients read one message a frame.
    pub async fn hear(&mut self) -> Said {
        patiently("the server to say something", self.next()).await
    }

    /// The next binary frame as it is; none at the end.
    pub async fn hear_frame(&mut self) -> Option<Vec<u8>> {
        patiently("a frame", async {
            loop {
                match self.socket.next().await? {
                    Ok(tungstenite::Message::Binary(frame)) => return Some(frame.to_vec()),
                    Ok(tungstenite::Message::Close(_)) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        })
        .await
    }

    async fn next(&mut self) -> Said {
        loop {
            match self.socket.next().await {
                Some(Ok(tungstenite::Message::Binary(frame))) => return one_message(&frame),
                Some(Ok(tungstenite::Message::Close(Some(close)))) => {
                    return Said::Closed(close.code.into(), close.reason.to_string());
                }
                Some(Ok(tungstenite::Message::Ping(_) | tungstenite::Message::Pong(_))) => {}
                Some(Ok(_)) | None => return Said::Closed(1006, String::new()),
                Some(Err(error)) => return Said::Closed(1006, error.to_string()),
            }
        }
    }

    /// The next message that `pick` takes; others are passed over.
    pub async fn hear_until<T>(
        &mut self,
        what: &str,
        mut pick: impl FnMut(Said) -> Option<T>,
    ) -> T {
        patiently(what, async {
            loop {
                let said = self.next().await;
                let end = matches!(said, Said::Closed(..)).then(|| format!("{said:?}"));
                if let Some(picked) = pick(said) {
                    return picked;
                }
                if let Some(end) = end {
                    panic!("the connection ended while waiting for {what}: {end}");
                }
            }
        })
        .await
    }

    /// Asks for a sign of life and returns all that was said before it came: what a silence would have to be.
    pub async fn settle(&mut self) -> Vec<Said> {
        self.send(&frame::step1(&[0])).await;
        let mut before = Vec::new();
        self.hear_until("the answer to a step1", |said| {
            let answered = matches!(said, Said::Step2(_));
            before.push(said);
            answered.then_some(())
        })
        .await;
        before.pop();
        before
    }

    /// How the server ended the connection.
    pub async fn closed(&mut self) -> (u16, String) {
        let end =
            |said| if let Said::Closed(code, reason) = said { Some((code, reason)) } else { None };
        self.hear_until("the server to close", end).await
    }

    /// Closes with a code; returns the code that the server answers with.
    pub async fn close(mut self, code: u16) -> u16 {
        let frame = tungstenite::protocol::CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.expect("an open socket");
        self.closed().await.0
    }

    /// Goes without a word, as a lost network would.
    pub fn vanish(self) {
        drop(self);
    }
}

fn one_message(frame: &[u8]) -> Said {
    let mut messages = frame::messages(frame);
    let message =
        messages.next().expect("a frame that is not empty").expect("a message that can be read");
    assert!(
        messages.next().is_none(),
        "a second message in one frame: stock clients would not see it"
    );
    match message {
        Message::Step1(state_vector) => Said::Step1(state_vector.to_vec()),
        Message::Step2(update) => Said::Step2(update.to_vec()),
        Message::Update(update) => Said::Update(update.to_vec()),
        Message::Awareness(update) => Said::Awareness(update.to_vec()),
        Message::Saved(version) => Said::Saved(version.to_vec()),
        Message::Control(payload) => Said::Control(payload.to_vec()),
        Message::Denied(reason) => Said::Denied(reason.to_owned()),
        Message::QueryAwareness => panic!("the server does not say this: {message:?}"),
    }
}
