//! One WebSocket connection to one document: frames in, frames out. It knows dialects and mailboxes, nothing of yrs.

use std::collections::VecDeque;
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
use crate::mail::{Mail, PeerId, Said};
use crate::outbox::{Inbox, Outgoing, outbox};

/// Silence after which a sign of life is sent: stock clients reconnect after 30 s without a message.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
/// How long a room may take to let somebody in.
const JOIN_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a peer may take to accept what is written to it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a peer may take to say goodbye.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Entries taken from the outbox for one write.
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
    let (outbox, inbox) = outbox();
    let joined = tokio::select! {
        joined = timeout(JOIN_TIMEOUT, room.send(Mail::Join { peer: id, outbox })) => joined,
        _ = closing.changed() => return finish(socket, Close::RESTARTING).await,
    };
    match joined {
        Ok(Ok(())) => {}
        Ok(Err(_)) => return finish(socket, Close::INTERNAL).await,
        Err(_) => return finish(socket, Close::TOO_BUSY).await,
    }
    let mut connection = Connection { id, room, inbox, unsent: VecDeque::new() };
    let end = connection.run(&mut socket, &mut closing).await;
    // The room may have ended before us.
    let _ = connection.room.send(Mail::Leave { peer: id }).await;
    match end {
        End::Ours(close) => finish(socket, close).await,
        End::Theirs => farewell(socket).await,
    }
}

struct Connection {
    id: PeerId,
    room: mpsc::Sender<Mail>,
    inbox: Inbox,
    /// What a frame says that does not fit into the room's mailbox yet; the socket is not read meanwhile.
    unsent: VecDeque<Said>,
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
                        if let Some(said) = self.unsent.pop_front() {
                            permit.send(Mail::Said { peer: self.id, said });
                        }
                        Ok(())
                    }
                    Err(_) => Err(End::Ours(Close::INTERNAL)),
                },
                message = socket.recv(), if self.unsent.is_empty() => read(message, self.id).map(|said| self.unsent = said),
                count = self.inbox.take(&mut batch, BATCH) => {
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
fn read(
    message: Option<Result<Message, axum::Error>>,
    peer: PeerId,
) -> Result<VecDeque<Said>, End> {
    let frame = match message {
        Some(Ok(Message::Binary(frame))) => frame,
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(VecDeque::new()),
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
    dialect::read(&frame).map_err(|error| refuse(peer, Close::malformed(&error.to_string())))
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
                Outgoing::Frame(frame) => feed(socket, frame).await?,
                Outgoing::Frames(frames) => {
                    for frame in frames {
                        feed(socket, frame).await?;
                    }
                }
                Outgoing::Close(close) => return Err(End::Ours(close)),
            }
        }
        socket.flush().await.map_err(|_| End::Theirs)
    };
    timeout(WRITE_TIMEOUT, all).await.unwrap_or(Err(End::Theirs))
}

async fn feed(socket: &mut WebSocket, frame: Bytes) -> Result<(), End> {
    socket.feed(Message::Binary(frame)).await.map_err(|_| End::Theirs)
}

fn is_too_large(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error).unwrap_or(error);
    source.to_string().contains("too long") || source.to_string().contains("too large")
}

/// Says why, and waits a moment for the other side to have read it.
pub(crate) async fn finish(mut socket: WebSocket, close: Close) {
    let frame = CloseFrame { code: close.code, reason: close.reason.as_ref().into() };
    let goodbye = async {
        // A peer that has gone already need not be told.
        let _ = socket.send(Message::Close(Some(frame))).await;
        farewell(socket).await;
    };
    // A peer that does not take it is left to its own timeout.
    let _ = timeout(CLOSE_TIMEOUT, goodbye).await;
}

/// Reads until the end, so that both sides have closed; a peer that does not answer is left to its own timeout.
async fn farewell(mut socket: WebSocket) {
    let end = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _ = timeout(CLOSE_TIMEOUT, end).await;
}
