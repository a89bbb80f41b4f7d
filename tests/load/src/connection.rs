//! A client's connection: binary messages out and in over one TCP socket.
//! Knows y-sync only as far as joining a document goes.

use std::io;
use std::net::SocketAddr;
use std::ops::Range;

use codraft_core::Writer;
use codraft_core::frame::{self, Message};
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::wire::{self, Frame, Kind};

/// Bytes read at once.
const READ_BYTES: usize = 64 << 10;
/// Bytes of buffer that a connection keeps while nothing is in it.
const IDLE_BYTES: usize = 4 << 10;
/// Sync and awareness are the same in every dialect; the other tags are not.
const LAST_COMMON_TAG: u8 = 1;
/// An update that says nothing: what a newcomer has.
const NOTHING: [u8; 2] = [0, 0];
/// The state vector of an empty document.
const EMPTY: [u8; 1] = [0];

/// An open WebSocket.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) incoming: Incoming,
    pub(crate) outgoing: OwnedWriteHalf,
    /// What is in front of every message, where a connection is one of many documents (Hocuspocus).
    key: Vec<u8>,
}

/// What comes from the server.
#[derive(Debug)]
pub(crate) struct Incoming {
    socket: OwnedReadHalf,
    buffer: Vec<u8>,
    /// Where in the buffer the next frame begins.
    start: usize,
    /// Bytes in front of every message.
    key_bytes: usize,
}

/// How the server ended a connection.
#[derive(Debug, Error)]
#[error("the server closed the connection: {code} {reason}")]
pub(crate) struct Closed {
    pub(crate) code: u16,
    reason: String,
}

impl Closed {
    /// The code with which a connection ended, if this error is such an end.
    pub(crate) fn code(error: &io::Error) -> Option<u16> {
        error.get_ref()?.downcast_ref::<Self>().map(|closed| closed.code)
    }
}

impl Connection {
    /// Dials and becomes a WebSocket.
    pub(crate) async fn open(address: SocketAddr, path: &str) -> io::Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        let (incoming, mut outgoing) = socket.into_split();
        outgoing.write_all(wire::upgrade_request(&address.to_string(), path).as_bytes()).await?;
        let mut incoming =
            Incoming { socket: incoming, buffer: Vec::new(), start: 0, key_bytes: 0 };
        incoming.upgraded().await?;
        Ok(Self { incoming, outgoing, key: Vec::new() })
    }

    /// Speaks of this document from now on, as Hocuspocus's clients do, and says who we are: nobody in particular.
    pub(crate) async fn attach(&mut self, document: &str) -> io::Result<()> {
        const AUTH: u64 = 2;
        const TOKEN: u64 = 0;
        self.key = Writer::new().var_string(document).finish();
        self.incoming.key_bytes = self.key.len();
        let token = Writer::new()
            .var_uint(AUTH)
            .var_uint(TOKEN)
            .var_string("-")
            .var_string("4.8.0")
            .finish();
        self.send(&token).await
    }

    /// A message as it travels.
    pub(crate) fn addressed(&self, message: &[u8]) -> Vec<u8> {
        [&self.key, message].concat()
    }

    /// Sends one message.
    pub(crate) async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(self.key.len() + message.len() + 14);
        wire::push_frame(&mut bytes, &self.addressed(message));
        self.outgoing.write_all(&bytes).await
    }

    /// Joins the document with nothing in hand; returns all of it as one update.
    pub(crate) async fn join(&mut self) -> io::Result<Vec<u8>> {
        self.join_with(&EMPTY).await
    }

    /// Joins the document with this in hand, a state vector; returns the rest as one update.
    pub(crate) async fn join_with(&mut self, state_vector: &[u8]) -> io::Result<Vec<u8>> {
        self.send(&frame::step1(state_vector)).await?;
        loop {
            let heard = self.incoming.next().await?.to_vec();
            for message in frame::messages(&heard) {
                match message.map_err(io::Error::other)? {
                    // Asked before ours is answered; nothing is acknowledged before it has its answer.
                    Message::Step1(_) => self.send(&frame::step2(&NOTHING)).await?,
                    Message::Step2(update) => return Ok(update.to_vec()),
                    _ => {}
                }
            }
        }
    }

    /// Joins a document of which the message with all of it is known, and waits until that is here.
    pub(crate) async fn join_known(&mut self, step2: &[u8]) -> io::Result<()> {
        self.send(&frame::step1(&EMPTY)).await?;
        self.incoming.expect(step2).await
    }

    /// Reads until somebody has said this.
    pub(crate) async fn until_heard(
        &mut self,
        is_it: impl Fn(Message<'_>) -> bool,
    ) -> io::Result<()> {
        loop {
            for message in frame::messages(self.incoming.next().await?) {
                if is_it(message.map_err(io::Error::other)?) {
                    return Ok(());
                }
            }
        }
    }

    /// Asks whether everything sent before is on disk, and reads until the answer is yes.
    pub(crate) async fn until_saved(&mut self) -> io::Result<()> {
        let question = frame::saved(&[1]);
        self.send(&question).await?;
        while self.incoming.next().await? != question {}
        Ok(())
    }

    /// Sends an update and waits until it comes back, which says that it is on disk.
    pub(crate) async fn save(&mut self, update: &[u8]) -> io::Result<()> {
        self.send(&frame::update(update)).await?;
        loop {
            let is_echo = |message| message == Ok(Message::Update(update));
            if frame::messages(self.incoming.next().await?).any(is_echo) {
                return Ok(());
            }
        }
    }
}

impl Incoming {
    async fn upgraded(&mut self) -> io::Result<()> {
        const END: &[u8] = b"\r\n\r\n";
        loop {
            self.fill().await?;
            if let Some(at) = self.buffer.windows(END.len()).position(|bytes| bytes == END) {
                self.start = at + END.len();
                break;
            }
        }
        if self.buffer.starts_with(b"HTTP/1.1 101") {
            return Ok(());
        }
        let line =
            String::from_utf8_lossy(self.buffer.split(|&b| b == b'\r').next().unwrap_or(&[]));
        Err(io::Error::other(format!("the server refused the WebSocket: {line}")))
    }

    /// The next binary message. May be dropped while it waits: nothing is lost.
    pub(crate) async fn next(&mut self) -> io::Result<&[u8]> {
        let payload = loop {
            match self.take()? {
                Some(payload) => break payload,
                None => self.fill().await?,
            }
        };
        Ok(&self.buffer[payload])
    }

    /// The next one of those that have been read already.
    pub(crate) fn next_here(&mut self) -> io::Result<Option<&[u8]>> {
        Ok(self.take()?.map(|payload| &self.buffer[payload]))
    }

    /// Where the next binary message in the buffer is, if all of it is there.
    fn take(&mut self) -> io::Result<Option<Range<usize>>> {
        while let Some(frame) = wire::frame_at(&self.buffer, self.start) {
            self.start = frame.payload.end;
            match frame.kind {
                Kind::Binary => {
                    let begin = frame.payload.start + self.key_bytes;
                    // Hocuspocus also says what y-sync does not know.
                    let is_known = self.key_bytes == 0 || self.buffer[begin] <= LAST_COMMON_TAG;
                    if is_known {
                        return Ok(Some(begin..frame.payload.end));
                    }
                }
                Kind::Control => {}
                Kind::Close => return Err(self.goodbye(&self.buffer[frame.payload])),
                Kind::Strange => return Err(io::Error::other("the server sent a strange frame")),
            }
        }
        Ok(None)
    }

    /// Reads until a message of this length begins, which has to be this one. It is compared as it comes and not kept: the
    /// load must not be what is measured.
    async fn expect(&mut self, message: &[u8]) -> io::Result<()> {
        loop {
            match wire::announced_at(&self.buffer, self.start) {
                Some(Frame { kind: Kind::Binary, payload }) if payload.len() == message.len() => {
                    return self.compare(payload.start, message).await;
                }
                Some(Frame { kind: Kind::Close, payload }) if payload.end <= self.buffer.len() => {
                    return Err(self.goodbye(&self.buffer[payload]));
                }
                Some(frame) if frame.payload.end <= self.buffer.len() => {
                    self.start = frame.payload.end;
                }
                _ => self.fill().await?,
            }
        }
    }

    /// Compares a message whose payload begins there with this one of the same length.
    async fn compare(&mut self, begin: usize, message: &[u8]) -> io::Result<()> {
        let end = self.buffer.len().min(begin + message.len());
        let (here, mut rest) = message.split_at(end - begin);
        let mut is_same = self.buffer[begin..end] == *here;
        self.start = end;
        let mut chunk = vec![0; READ_BYTES.min(rest.len())];
        while !rest.is_empty() {
            let most = chunk.len().min(rest.len());
            let count = self.socket.read(&mut chunk[..most]).await?;
            if count == 0 {
                return Err(hung_up());
            }
            is_same &= chunk[..count] == rest[..count];
            rest = &rest[count..];
        }
        match is_same {
            true => Ok(()),
            false => Err(io::Error::other("a message is not the one that was expected")),
        }
    }

    /// Reads more, after what is left of the buffer.
    async fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        if self.buffer.is_empty() {
            self.buffer.shrink_to(IDLE_BYTES);
            // Nothing is reserved for a connection that is only waited on.
            self.socket.readable().await?;
        }
        self.buffer.reserve(READ_BYTES);
        match self.socket.read_buf(&mut self.buffer).await? {
            0 => Err(hung_up()),
            _ => Ok(()),
        }
    }

    fn goodbye(&self, payload: &[u8]) -> io::Error {
        let (code, reason) = payload
            .split_first_chunk()
            .map_or((1005, &[][..]), |(code, reason)| (u16::from_be_bytes(*code), reason));
        let reason = String::from_utf8_lossy(reason).into_owned();
        io::Error::other(Closed { code, reason })
    }
}

fn hung_up() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up")
}
