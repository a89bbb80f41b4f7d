//! WebSocket frames as bytes, with as little work as possible: the load must not be what is measured.
//! Knows no socket and no message.

use std::ops::Range;

/// What a client sends to become a WebSocket; the key is the one of RFC 6455.
pub(crate) fn upgrade_request(host: &str, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// Adds a client's binary frame. The mask is zero, which is allowed and leaves the payload as it is.
pub(crate) fn push_frame(out: &mut Vec<u8>, payload: &[u8]) {
    out.push(0x82);
    match payload.len() {
        n @ 0..=125 => out.push(0x80 | n as u8),
        n @ 126..=0xffff => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(n as u16).to_be_bytes());
        }
        n => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(n as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

/// What a server's frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Binary,
    Close,
    /// Pings and pongs, which nobody answers: no run is long enough for that to matter.
    Control,
    /// A text or a part of a message, which no document server sends.
    Strange,
}

/// A frame in a buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: Kind,
    /// Where its payload is.
    pub(crate) payload: Range<usize>,
}

/// The server's frame that begins at `start`, if all of it is there.
pub(crate) fn frame_at(buffer: &[u8], start: usize) -> Option<Frame> {
    announced_at(buffer, start).filter(|frame| frame.payload.end <= buffer.len())
}

/// The server's frame that begins at `start`, if as much of it is there as says where it ends.
pub(crate) fn announced_at(buffer: &[u8], start: usize) -> Option<Frame> {
    let &[first, second, ref rest @ ..] = buffer.get(start..)? else { return None };
    let (length, header) = match second & 0x7f {
        126 => (u64::from(u16::from_be_bytes(*rest.first_chunk()?)), 4),
        127 => (u64::from_be_bytes(*rest.first_chunk()?), 10),
        n => (u64::from(n), 2),
    };
    let begin = start + header;
    let end = begin.checked_add(usize::try_from(length).ok()?)?;
    let kind = match first {
        0x82 => Kind::Binary,
        0x88 => Kind::Close,
        0x89 | 0x8a => Kind::Control,
        _ => Kind::Strange,
    };
    Some(Frame { kind, payload: begin..end })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a server would send it.
    fn unmasked(payload: &[u8]) -> Vec<u8> {
        let mut frame = Vec::new();
        push_frame(&mut frame, payload);
        let header = frame.len() - payload.len();
        frame[1] &= 0x7f;
        frame.drain(header - 4..header);
        frame
    }

    #[test]
    fn frames_of_every_length_come_back_whole_and_never_early() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, 70_000] {
            let payload: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let bytes = [unmasked(b"before"), unmasked(&payload)].concat();
            let start = unmasked(b"before").len();
            let frame = frame_at(&bytes, start).expect("a whole frame");
            assert_eq!(frame.kind, Kind::Binary);
            assert_eq!(bytes[frame.payload], payload);
            assert_eq!(frame_at(&bytes[..bytes.len() - 1], start), None, "{length}");
            let header = bytes.len() - length;
            assert_eq!(announced_at(&bytes[..header], start), frame_at(&bytes, start), "{length}");
            assert_eq!(announced_at(&bytes[..header - 1], start), None, "{length}");
        }
    }

    #[test]
    fn a_server_that_hangs_up_is_told_from_one_that_pings() {
        assert_eq!(frame_at(&[0x88, 2, 3, 0xf5], 0).map(|frame| frame.kind), Some(Kind::Close));
        assert_eq!(frame_at(&[0x89, 0], 0).map(|frame| frame.kind), Some(Kind::Control));
        assert_eq!(frame_at(&[0x81, 0], 0).map(|frame| frame.kind), Some(Kind::Strange));
    }
}
