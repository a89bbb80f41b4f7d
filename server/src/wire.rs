//! Frames as they leave and reach a WebSocket: the one place that knows how. It knows nothing of what is in them.
//!
//! Reading is the library's. Writing goes past it, once it has nothing left to write itself: a server's frame is a header
//! and the payload as it is, so what waits leaves in one write, a large payload is written from where it lies, once for
//! everyone it goes to, and no connection keeps a buffer of the size of the largest document it was sent.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, Stream};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};

use crate::close::Close;
use crate::ear::Ear;
use crate::frames::Frames;

/// Bytes of read buffer a socket has: with the usual 128 KiB, 10,000 idle sockets cost 1.3 GB. It is a quarter of what an idle
/// connection takes; a large frame is read into a buffer of its size.
const READ_BUFFER_BYTES: usize = 2 << 10;
/// Payloads up to this size are copied together; a larger one is written from where it lies.
const COPIED_BYTES: usize = 4 << 10;
/// Bytes of copied frames in one write: with more, its buffer would be memory that the allocator has to ask for and give
/// back each time.
const WRITE_BYTES: usize = 24 << 10;

/// The most that the header of a frame takes.
const HEADER_BYTES: usize = 10;

/// How long a peer may take to accept what is written to it, however little that is.
const PATIENCE: Duration = Duration::from_secs(30);
/// What it must accept beyond that: a phone on a bad line does.
const BYTES_PER_SECOND: usize = 16 << 10;
/// How long a peer may take to say goodbye.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The first byte of a frame that is a whole binary message, and of one that is a ping (RFC 6455 §5.2).
const BINARY: u8 = 0x82;
const PING: u8 = 0x89;

/// An open WebSocket.
#[derive(Debug)]
pub(crate) struct Wire {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    ear: Ear,
    /// The library may have something to write by itself: its answer to what it has read.
    owes: bool,
}

/// Something came from the other side.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A binary message.
    Frame(Bytes),
    /// A sign of life.
    Sign,
}

/// Why nothing more comes.
#[derive(Debug)]
pub(crate) enum End {
    /// The other side has closed, or the connection is gone.
    Theirs,
    /// It sent what no client sends.
    Ours(Close),
}

impl Wire {
    /// A connection that has become a WebSocket; messages over `most` bytes are refused.
    pub(crate) async fn new(upgraded: Upgraded, most: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .max_message_size(Some(most))
            .max_frame_size(Some(most));
        let io = TokioIo::new(upgraded);
        let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
        Self { socket, ear: Ear::new(), owes: false }
    }

    /// The next thing from the other side; an end is told once.
    pub(crate) fn poll_heard(&mut self, cx: &mut Context<'_>) -> Poll<Result<Heard, End>> {
        let Self { socket, ear, owes } = self;
        ear.poll(cx, |cx| Pin::new(socket).poll_next(cx)).map(|message| match message {
            Some(Ok(Message::Binary(frame))) => Ok(Heard::Frame(frame)),
            other => {
                *owes = true;
                Self::heard_else(other)
            }
        })
    }

    fn heard_else(message: Option<Result<Message, tungstenite::Error>>) -> Result<Heard, End> {
        match message {
            Some(Ok(Message::Binary(frame))) => Ok(Heard::Frame(frame)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Heard::Sign),
            Some(Ok(Message::Text(_))) => Err(End::Ours(Close::malformed("frames must be binary"))),
            Some(Err(tungstenite::Error::Capacity(_))) => Err(End::Ours(Close::TOO_LARGE)),
            Some(Ok(Message::Close(_) | Message::Frame(_)) | Err(_)) | None => Err(End::Theirs),
        }
    }

    /// Writes binary messages; an error is a peer that has gone or does not take them.
    pub(crate) async fn send(&mut self, frames: &[Frames]) -> Result<(), End> {
        self.send_under(&[], frames).await
    }

    /// Writes binary messages, each behind the same bytes.
    pub(crate) async fn send_under<'a>(
        &mut self,
        prefix: &[u8],
        frames: impl IntoIterator<Item = &'a Frames, IntoIter: Clone>,
    ) -> Result<(), End> {
        let frames = frames.into_iter();
        let bytes: usize = frames.clone().map(Frames::len).sum();
        let patience = PATIENCE + Duration::from_secs((bytes / BYTES_PER_SECOND) as u64);
        within(patience, self.write(prefix, frames)).await
    }

    async fn write<'a>(
        &mut self,
        prefix: &[u8],
        frames: impl Iterator<Item = &'a Frames> + Clone,
    ) -> Result<(), End> {
        let before = prefix.len() + HEADER_BYTES;
        let room = |frames: &Frames| {
            let count = frames.count();
            frames.len().min(COPIED_BYTES * count) + before * count
        };
        let all: usize = frames.clone().map(room).sum();
        let mut together = Vec::with_capacity(all.min(WRITE_BYTES + COPIED_BYTES));
        for frame in frames.flat_map(Frames::iter) {
            push_header(&mut together, BINARY, prefix.len() + frame.len());
            together.extend_from_slice(prefix);
            if frame.len() <= COPIED_BYTES {
                together.extend_from_slice(frame);
            } else {
                self.put(&together).await?;
                together.clear();
                self.put(frame).await?;
            }
            if together.len() >= WRITE_BYTES {
                self.put(&together).await?;
                together.clear();
            }
        }
        self.put(&together).await
    }

    /// Asks for a sign of life.
    pub(crate) async fn ping(&mut self) -> Result<(), End> {
        let mut ping = Vec::new();
        push_header(&mut ping, PING, 0);
        within(PATIENCE, self.put(&ping)).await
    }

    /// Writes whole frames, or the rest of one, after what the library has still to write: its answer to a ping.
    async fn put(&mut self, bytes: &[u8]) -> Result<(), End> {
        if std::mem::take(&mut self.owes) {
            self.socket.flush().await.map_err(|_| End::Theirs)?;
        }
        self.socket.get_mut().write_all(bytes).await.map_err(|_| End::Theirs)
    }

    /// Says why, and waits a moment for the other side to have read it; returns the code.
    pub(crate) async fn close(mut self, close: Close) -> Option<u16> {
        let frame = CloseFrame { code: close.code.into(), reason: close.reason.as_ref().into() };
        let goodbye = async {
            // A peer that has gone already need not be told.
            let _ = self.socket.send(Message::Close(Some(frame))).await;
            self.farewell().await;
        };
        // A peer that does not take it is left to its own timeout.
        let _ = timeout(CLOSE_TIMEOUT, goodbye).await;
        Some(close.code)
    }

    /// Reads until the end, so that both sides have closed; a peer that does not answer is left to its own timeout.
    pub(crate) async fn farewell(&mut self) {
        let end = async { while poll_fn(|cx| self.poll_heard(cx)).await.is_ok() {} };
        let _ = timeout(CLOSE_TIMEOUT, end).await;
    }
}

/// Writes; gives up on a peer that takes too long. What is taken at once, as nearly everything is, needs no clock.
async fn within(
    patience: Duration,
    writing: impl Future<Output = Result<(), End>>,
) -> Result<(), End> {
    let mut writing = pin!(writing);
    match poll_fn(|cx| Poll::Ready(writing.as_mut().poll(cx))).await {
        Poll::Ready(written) => written,
        Poll::Pending => Box::pin(timeout(patience, writing)).await.unwrap_or(Err(End::Theirs)),
    }
}

/// The header of a server's frame: nothing is masked in this direction.
fn push_header(out: &mut Vec<u8>, first: u8, payload: usize) {
    out.push(first);
    match payload {
        0..=125 => out.push(payload as u8),
        126..=0xffff => {
            out.push(126);
            out.extend_from_slice(&(payload as u16).to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend_from_slice(&(payload as u64).to_be_bytes());
        }
    }
}
