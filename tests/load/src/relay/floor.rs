//! A relay over bare sockets in one thread: each message is framed once and written to everyone else, one write each.
//! Nothing that sends message by message over a socket can cost less.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;

use mio::event::Event;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::{EMPTY_STEP2, Heard};

/// The listener's token; members have their number.
const DOOR: Token = Token(usize::MAX);
/// Events taken at once.
const EVENTS: usize = 1_024;
/// Bytes read at once.
const READ_BYTES: usize = 256 << 10;
/// What a client's frame that is a whole binary message begins with, and one that closes.
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
/// The end of a request's head.
const END: &[u8] = b"\r\n\r\n";

/// Serves until the process ends.
pub(super) fn serve(address: SocketAddr) -> io::Result<()> {
    let mut relay = Relay::new(address)?;
    let mut events = Events::with_capacity(EVENTS);
    loop {
        match relay.poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            polled => polled?,
        }
        for event in &events {
            match event.token() {
                DOOR => relay.accept()?,
                Token(id) => relay.serve(id, event),
            }
        }
    }
}

struct Relay {
    poll: Poll,
    door: TcpListener,
    members: Vec<Option<Member>>,
    free: Vec<usize>,
    rooms: HashMap<String, Vec<usize>>,
    chunk: Vec<u8>,
}

/// A connection.
struct Member {
    socket: TcpStream,
    /// None until it is a WebSocket.
    room: Option<String>,
    incoming: Vec<u8>,
    /// What could not be written yet.
    outgoing: Vec<u8>,
}

/// The connection has ended.
struct Gone;

impl Relay {
    fn new(address: SocketAddr) -> io::Result<Self> {
        let (poll, mut door) = (Poll::new()?, TcpListener::bind(address)?);
        poll.registry().register(&mut door, DOOR, Interest::READABLE)?;
        let (members, free, rooms) = (Vec::new(), Vec::new(), HashMap::new());
        Ok(Self { poll, door, members, free, rooms, chunk: vec![0; READ_BYTES] })
    }

    fn accept(&mut self) -> io::Result<()> {
        while let Ok((mut socket, _)) = self.door.accept() {
            // One that has gone already need not be told.
            let _ = socket.set_nodelay(true);
            let id = self.free.pop().unwrap_or_else(|| {
                self.members.push(None);
                self.members.len() - 1
            });
            let interest = Interest::READABLE | Interest::WRITABLE;
            self.poll.registry().register(&mut socket, Token(id), interest)?;
            let (incoming, outgoing) = (Vec::new(), Vec::new());
            self.members[id] = Some(Member { socket, room: None, incoming, outgoing });
        }
        Ok(())
    }

    fn serve(&mut self, id: usize, event: &Event) {
        let Some(member) = &mut self.members[id] else { return };
        if event.is_writable() && !member.outgoing.is_empty() {
            member.flush();
        }
        if event.is_readable() && self.read(id).is_err() {
            self.leave(id);
        }
    }

    /// Reads all there is and hands it on.
    fn read(&mut self, id: usize) -> Result<(), Gone> {
        loop {
            let Some(member) = &mut self.members[id] else { return Err(Gone) };
            let count = match member.socket.read(&mut self.chunk) {
                Ok(0) => return Err(Gone),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return Err(Gone),
            };
            member.incoming.extend_from_slice(&self.chunk[..count]);
            if member.room.is_none() {
                let Some(room) = member.upgrade() else { continue };
                self.rooms.entry(room).or_default().push(id);
            }
            self.hand_on(id)?;
            if count < self.chunk.len() {
                return Ok(());
            }
        }
    }

    /// Handles every whole frame that a member has sent.
    fn hand_on(&mut self, id: usize) -> Result<(), Gone> {
        let Some(member) = &mut self.members[id] else { return Err(Gone) };
        let mut incoming = std::mem::take(&mut member.incoming);
        let room = member.room.as_ref().and_then(|room| self.rooms.get(room));
        let mut start = 0;
        let mut end = Ok(());
        while let Some((kind, payload)) = unmask(&mut incoming, start) {
            start = payload.end;
            match kind {
                BINARY => {}
                CLOSE => end = Err(Gone),
                _ => continue,
            }
            match Heard::of(&incoming[payload.clone()]) {
                Heard::Question => tell(&mut self.members[id], &framed(EMPTY_STEP2)),
                Heard::Answer => {}
                Heard::News => {
                    let frame = framed(&incoming[payload]);
                    for &other in room.into_iter().flatten().filter(|other| **other != id) {
                        tell(&mut self.members[other], &frame);
                    }
                }
            }
        }
        incoming.drain(..start);
        if let Some(member) = &mut self.members[id] {
            member.incoming = incoming;
        }
        end
    }

    fn leave(&mut self, id: usize) {
        let Some(mut member) = self.members[id].take() else { return };
        // The socket is closed in any case.
        let _ = self.poll.registry().deregister(&mut member.socket);
        if let Some(room) = member.room.and_then(|room| self.rooms.get_mut(&room)) {
            room.retain(|other| *other != id);
        }
        self.free.push(id);
    }
}

impl Member {
    /// Answers the request to become a WebSocket, once all of it is there; the document it is for.
    fn upgrade(&mut self) -> Option<String> {
        let end = self.incoming.windows(END.len()).position(|bytes| bytes == END)?;
        let head = String::from_utf8_lossy(&self.incoming[..end]).into_owned();
        let path = head.split(' ').nth(1)?.to_owned();
        let key = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim())
        })?;
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {}\r\n\r\n",
            derive_accept_key(key.as_bytes())
        );
        self.incoming.drain(..end + END.len());
        self.write(answer.as_bytes());
        self.room = Some(path.clone());
        Some(path)
    }

    /// Writes, and keeps what does not fit.
    fn write(&mut self, bytes: &[u8]) {
        if !self.outgoing.is_empty() {
            self.outgoing.extend_from_slice(bytes);
            return;
        }
        // One that has gone is noticed when it is read.
        let written = self.socket.write(bytes).unwrap_or(0);
        self.outgoing.extend_from_slice(&bytes[written..]);
    }

    fn flush(&mut self) {
        let waiting = std::mem::take(&mut self.outgoing);
        let mut rest = &waiting[..];
        while let Ok(written @ 1..) = self.socket.write(rest) {
            rest = &rest[written..];
        }
        self.outgoing = rest.to_vec();
    }
}

fn tell(member: &mut Option<Member>, frame: &[u8]) {
    if let Some(member) = member {
        member.write(frame);
    }
}

/// A server's binary frame.
fn framed(payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 10);
    frame.push(BINARY);
    match payload.len() {
        n @ 0..=125 => frame.push(n as u8),
        n @ 126..=0xffff => {
            frame.push(126);
            frame.extend_from_slice(&(n as u16).to_be_bytes());
        }
        n => {
            frame.push(127);
            frame.extend_from_slice(&(n as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(payload);
    frame
}

/// Takes the mask off the client's frame that begins at `start`, if all of it is there; its first byte and where its payload
/// is.
fn unmask(buffer: &mut [u8], start: usize) -> Option<(u8, std::ops::Range<usize>)> {
    let &[first, second, ref rest @ ..] = buffer.get(start..)? else { return None };
    let (length, header) = match second & 0x7f {
        126 => (usize::from(u16::from_be_bytes(*rest.first_chunk()?)), 4),
        127 => (usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?, 10),
        n => (usize::from(n), 2),
    };
    let begin = start + header + 4;
    let end = begin.checked_add(length)?;
    let mask: [u8; 4] = *buffer.get(begin - 4..begin)?.first_chunk()?;
    let payload = buffer.get_mut(begin..end)?;
    if mask != [0; 4] {
        payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    }
    Some((first, begin..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_frame_is_read_once_all_of_it_is_there() {
        let mut frame = vec![BINARY, 0x83, 1, 2, 3, 4, b'a' ^ 1, b'b' ^ 2, b'c' ^ 3];
        assert_eq!(unmask(&mut frame[..8], 0), None);
        assert_eq!(unmask(&mut frame, 0), Some((BINARY, 6..9)));
        assert_eq!(&frame[6..], b"abc");
    }
}
