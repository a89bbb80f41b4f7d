//! One WebSocket connection to one document: frames in, frames out. It knows dialects and mailboxes, nothing of yrs.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use codraft_core::DocId;
use codraft_core::frame::KEEP_ALIVE;
use futures_util::SinkExt;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};
use tracing::{debug, warn};

use crate::close::Close;
use crate::dialect;
use crate::hub::Hub;
use crate::mail::{Mail, OUTBOX_FRAMES, Outgoing, PeerId};

/// Silence after which a sign of life is sent: stock clients reconnect after 30 s without a message.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
/// How long a peer may take to accept what is written to it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a peer may take to say goodbye.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Frames taken from the outbox for one write.
const BATCH: usize = 256;

/// Serves a connection until either side ends it.
pub(crate) async fn serve(
    mut socket: WebSocket,
    name: DocId,
    id: PeerId,
    hub: Hub,
    mut closing: watch::Receiver<()>,
) {
    let Some(room) = hub.open(name).await else {
        return finish(socket, Close::RESTARTING).await;
    };
    // From here on the room's mailbox is what keeps the room; the hub must not be kept by a connection.
    drop(hub);
    let (outbox, inbox) = mpsc::channel(OUTBOX_FRAMES);
    if room.send(Mail::Join { peer: id, outbox }).await.is_err() {
        return finish(socket, Close::INTERNAL).await;
    }
    let mut connection = Connection { id, room, inbox, unsent: Vec::new() };
    let end = connection.run(&mut socket, &mut closing).await;
    // The room may have ended before us.
    let _ = connection.room.send(Mail::Leave { peer: id }).await;
    if let End::Ours(close) = end {
        finish(socket, close).await;
    }
}

struct Connection {
    id: PeerId,
    room: mpsc::Sender<Mail>,
    inbox: mpsc::Receiver<Outgoing>,
    /// Mails of a frame that do not fit into the room's mailbox yet; the socket is not read meanwhile.
    unsent: Vec<Mail>,
}

/// Who ends the connection.
enum End {
    Theirs,
    Ours(Close),
}

impl Connection {
    async fn run(&mut self, socket: &mut WebSocket, closing: &mut watch::Receiver<()>) -> End {
        let mut batch = Vec::with_capacity(BATCH);
        let mut quiet_since = Instant::now();
        loop {
            let step = tokio::select! {
                permit = self.room.reserve(), if !self.unsent.is_empty() => match permit {
                    Ok(permit) => {
                        permit.send(self.unsent.remove(0));
                        Ok(())
                    }
                    Err(_) => Err(End::Ours(Close::INTERNAL)),
                },
                message = socket.recv(), if self.unsent.is_empty() => read(message, self.id).map(|mails| self.unsent = mails),
                count = self.inbox.recv_many(&mut batch, BATCH) => {
                    quiet_since = Instant::now();
                    // The room drops an outbox that is full; whatever is still in it is not worth sending.
                    if count == 0 { Err(End::Ours(Close::FELL_BEHIND)) } else { write(socket, &mut batch).await }
                }
                () = tokio::time::sleep_until(quiet_since + KEEP_ALIVE_EVERY) => {
                    quiet_since = Instant::now();
                    batch.push(Outgoing::Frame(Bytes::from_static(KEEP_ALIVE)));
                    write(socket, &mut batch).await
                }
                _ = closing.changed() => Err(End::Ours(Close::RESTARTING)),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }
}

/// Turns a frame into mails for the room.
fn read(message: Option<Result<Message, axum::Error>>, peer: PeerId) -> Result<Vec<Mail>, End> {
    let frame = match message {
        Some(Ok(Message::Binary(frame))) => frame,
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(Vec::new()),
        Some(Ok(Message::Text(_))) => {
            return Err(refuse(peer, Close::malformed("frames must be binary")));
        }
        Some(Ok(Message::Close(_))) | None => return Err(End::Theirs),
        Some(Err(error)) if is_too_large(&error) => return Err(refuse(peer, Close::TOO_LARGE)),
        Some(Err(error)) => {
            debug!(peer = peer.0, %error, "connection lost");
            return Err(End::Theirs);
        }
    };
    let said = dialect::read(&frame)
        .map_err(|error| refuse(peer, Close::malformed(&error.to_string())))?;
    Ok(said.into_iter().map(|said| Mail::Said { peer, said }).collect())
}

fn refuse(peer: PeerId, close: Close) -> End {
    warn!(peer = peer.0, code = close.code, reason = %close.reason, "peer closed");
    End::Ours(close)
}

/// Writes all that waits in one go; a quiet document is not delayed, because nothing waits for more.
async fn write(socket: &mut WebSocket, batch: &mut Vec<Outgoing>) -> Result<(), End> {
    let all = async {
        for outgoing in batch.drain(..) {
            match outgoing {
                Outgoing::Frame(frame) => {
                    socket.feed(Message::Binary(frame)).await.map_err(|_| End::Theirs)?
                }
                Outgoing::Close(close) => return Err(End::Ours(close)),
            }
        }
        socket.flush().await.map_err(|_| End::Theirs)
    };
    timeout(WRITE_TIMEOUT, all).await.unwrap_or(Err(End::Theirs))
}

fn is_too_large(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error).unwrap_or(error);
    source.to_string().contains("too long") || source.to_string().contains("too large")
}

/// Says why, and waits a moment for the other side to have read it.
pub(crate) async fn finish(mut socket: WebSocket, close: Close) {
    let frame = CloseFrame { code: close.code, reason: close.reason.as_ref().into() };
    let goodbye = async {
        socket.send(Message::Close(Some(frame))).await?;
        while let Some(Ok(_)) = socket.recv().await {}
        Ok::<_, axum::Error>(())
    };
    // A peer that does not answer is left to its own timeout.
    let _ = timeout(CLOSE_TIMEOUT, goodbye).await;
}
