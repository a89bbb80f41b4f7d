//! The messages of y-sync, as stock Yjs clients send and expect them. It knows tags and lengths, not what they lead to.
//!
//! A frame is binary. Clients up to y-websocket 3.1 read one message a frame, so a server sends one; towards the server
//! a frame may carry several. Payloads of updates are in the v1 encoding. Source: `yjs/y-protocols` PROTOCOL.md and
//! y-sweet's `doc_connection.rs` for tag 102.

use crate::lib0::{Malformed, Reader, Writer};

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;
const STATELESS: u64 = 5;
const SAVED: u64 = 102;
const CONTROL: u64 = 103;

const STEP1: u64 = 0;
const STEP2: u64 = 1;
const UPDATE: u64 = 2;

/// An awareness update about nobody: stock clients accept it without an event, and their watchdog counts it as a sign
/// of life, which WebSocket pings are not to them.
pub const KEEP_ALIVE: &[u8] = &[1, 1, 0];

/// One message was applied, and is on disk. Only Hocuspocus's clients know it, behind a document's key (`SyncStatus` in its
/// `packages/provider/src/types.ts`).
pub const APPLIED: &[u8] = &[8, 1];

/// One message was not applied, because its sender may only read.
pub const REFUSED: &[u8] = &[8, 0];

/// One message, borrowing its payload from the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message<'a> {
    /// "This is what I have": a state vector. Answered with a step2.
    Step1(&'a [u8]),
    /// "This is what you lack": an update, the answer to a step1.
    Step2(&'a [u8]),
    /// What was just typed: an update.
    Update(&'a [u8]),
    /// Presence of one or more clients.
    Awareness(&'a [u8]),
    /// Access refused, with a reason for people.
    Denied(&'a str),
    /// "Who is here?"
    QueryAwareness,
    /// A version number of the sender's; sent back unchanged once everything before it is on disk.
    Saved(&'a [u8]),
    /// Codraft's own tag: see [`crate::control`].
    Control(&'a [u8]),
}

/// The messages of one frame, in order; after an error there are no more.
pub fn messages(frame: &[u8]) -> impl Iterator<Item = Result<Message<'_>, Malformed>> {
    let mut reader = Reader::new(frame);
    let mut failed = false;
    std::iter::from_fn(move || {
        if failed || reader.is_empty() {
            return None;
        }
        let message = read(&mut reader);
        failed = message.is_err();
        Some(message)
    })
}

fn read<'a>(reader: &mut Reader<'a>) -> Result<Message<'a>, Malformed> {
    match reader.var_uint()? {
        SYNC => match reader.var_uint()? {
            STEP1 => reader.var_bytes().map(Message::Step1),
            STEP2 => reader.var_bytes().map(Message::Step2),
            UPDATE => reader.var_bytes().map(Message::Update),
            _ => Err(Malformed("a sync message is of no known kind")),
        },
        AWARENESS => reader.var_bytes().map(Message::Awareness),
        AUTH => match reader.var_uint()? {
            0 => reader.var_string().map(Message::Denied),
            _ => Err(Malformed("an auth message is of no known kind")),
        },
        QUERY_AWARENESS => Ok(Message::QueryAwareness),
        SAVED => reader.var_bytes().map(Message::Saved),
        CONTROL => reader.var_bytes().map(Message::Control),
        _ => Err(Malformed("a message is of no known kind")),
    }
}

/// A frame with our state vector.
pub fn step1(state_vector: &[u8]) -> Vec<u8> {
    sync(STEP1, state_vector)
}

/// A frame with what the other side lacks.
pub fn step2(update: &[u8]) -> Vec<u8> {
    sync(STEP2, update)
}

/// A frame with what was just typed.
pub fn update(update: &[u8]) -> Vec<u8> {
    sync(UPDATE, update)
}

/// The most that a frame of [`update`] has beside its update.
pub const UPDATE_BYTES: usize = 2 + 8;

/// Adds a frame with what was just typed to others.
pub fn push_update(frames: &mut Vec<u8>, update: &[u8]) {
    let mut writer = Writer::after(std::mem::take(frames));
    *frames = writer.var_uint(SYNC).var_uint(UPDATE).var_bytes(update).finish();
}

fn sync(kind: u64, payload: &[u8]) -> Vec<u8> {
    Writer::with_capacity(payload.len() + 8)
        .var_uint(SYNC)
        .var_uint(kind)
        .var_bytes(payload)
        .finish()
}

/// A frame with presence, as [`crate::presence::Presence`] encodes it.
pub fn awareness(payload: &[u8]) -> Vec<u8> {
    tagged(AWARENESS, payload)
}

/// A frame that refuses access, with a reason for people.
pub fn denied(reason: &str) -> Vec<u8> {
    Writer::new().var_uint(AUTH).var_uint(0).var_string(reason).finish()
}

/// A frame that asks about, or acknowledges, everything sent before it.
pub fn saved(version: &[u8]) -> Vec<u8> {
    tagged(SAVED, version)
}

/// A frame with a message of the app's own, which leaves the document alone. Only Hocuspocus's clients know it.
pub fn stateless(payload: &str) -> Vec<u8> {
    Writer::with_capacity(payload.len() + 8).var_uint(STATELESS).var_string(payload).finish()
}

/// A frame of Codraft's own tag.
pub fn control(payload: &[u8]) -> Vec<u8> {
    tagged(CONTROL, payload)
}

fn tagged(tag: u64, payload: &[u8]) -> Vec<u8> {
    Writer::with_capacity(payload.len() + 8).var_uint(tag).var_bytes(payload).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_captured_from_stock_clients_are_read_and_written() {
        assert_eq!(step1(&[0]), [0, 0, 1, 0]);
        assert_eq!(step2(&[0, 0]), [0, 1, 2, 0, 0]);
        assert_eq!(denied("no"), [2, 0, 2, 0x6e, 0x6f]);
        assert_eq!(saved(&[5]), [0x66, 1, 5]);
        assert_eq!(awareness(&[0]), KEEP_ALIVE);
        assert_eq!(stateless("x"), [5, 1, 0x78]);
        let hi = [0, 2, 0x0c, 1, 1, 1, 0, 4, 1, 1, 0x78, 2, 0x68, 0x69, 0];
        assert_eq!(messages(&hi).collect::<Vec<_>>(), [Ok(Message::Update(&hi[3..]))]);
    }

    #[test]
    fn a_frame_may_carry_several_messages_and_ends_at_the_first_error() {
        let frame = [step1(&[0]), vec![3], saved(&[7]), vec![9]].concat();
        let read: Vec<_> = messages(&frame).collect();
        assert_eq!(
            read[..3],
            [Ok(Message::Step1(&[0])), Ok(Message::QueryAwareness), Ok(Message::Saved(&[7]))]
        );
        assert!(read[3].is_err());
        assert_eq!(read.len(), 4);
    }
}
