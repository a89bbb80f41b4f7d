//! The dialect of Hocuspocus's provider 3 and 4: y-sync behind a document's key, many documents on one connection. A pure
//! translation. Source: `ueberdosis/hocuspocus`, `packages/{provider,common}/src`.
//!
//! A frame is `varString key · varUint type · body`, one message each. The key is a document's name, or a name, NUL and the
//! name of a session; what is sent back carries the same key.

use bytes::Bytes;
use codraft_core::frame;
use codraft_core::{DocId, DocIdError, Malformed, Reader, Writer};

use crate::access::Role;
use crate::mail::Said;
use crate::outbox::Notice;

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;
const STATELESS: u64 = 5;
const CLOSE: u64 = 7;
const PING: u8 = 9;
const PONG: u8 = 10;

const TOKEN: u64 = 0;
const DENIED: u64 = 1;
const AUTHENTICATED: u64 = 2;

const STEP1: u64 = 0;
const STEP2: u64 = 1;
const UPDATE: u64 = 2;

/// Bytes of a key: a name, and as much again for a session.
const KEY_BYTES: usize = 2 << 10;
/// Bytes of a message of the app's own.
const STATELESS_BYTES: usize = 1 << 20;

/// A sign of life that is about no document: a provider counts it and looks no further.
pub(crate) const KEEP_ALIVE: &[u8] = &[0, 1, 1, 0];

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    /// About the document, or the session, with this key.
    For { key: &'a str, message: Message<'a> },
    /// A ping or pong: a sign of life.
    Sign,
}

/// What is said about a document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    /// "This lets me in."
    Token(&'a str),
    /// To the room.
    Said(Said),
    /// "I have done with it."
    Close,
}

/// A frame that nobody can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unread<'a> {
    /// The document it was about, if that much could be read.
    pub(crate) key: Option<&'a str>,
    pub(crate) error: Malformed,
}

/// Reads a frame; what follows its message is passed over, as the reference server does: a token has the provider's version
/// behind it.
pub(crate) fn read(frame: &Bytes) -> Result<Frame<'_>, Unread<'_>> {
    // Before a key is looked for, because a lone byte is none.
    if let [PING | PONG] = frame[..] {
        return Ok(Frame::Sign);
    }
    let mut reader = Reader::new(frame);
    let key = reader.var_string().and_then(|key| match key.len() {
        0 => Err(Malformed("a frame names no document")),
        n if n > KEY_BYTES => Err(Malformed("a document's key is too long")),
        _ => Ok(key),
    });
    let key = key.map_err(|error| Unread { key: None, error })?;
    let message = message(frame, &mut reader);
    let message = message.map_err(|error| Unread { key: Some(key), error })?;
    Ok(Frame::For { key, message })
}

fn message<'a>(frame: &'a Bytes, reader: &mut Reader<'a>) -> Result<Message<'a>, Malformed> {
    let said = match reader.var_uint()? {
        SYNC => {
            let kind = reader.var_uint()?;
            let payload = frame.slice_ref(reader.var_bytes()?);
            match kind {
                STEP1 => Said::Step1(payload),
                STEP2 => Said::Step2(payload),
                UPDATE => Said::Update(payload),
                _ => return Err(Malformed("a sync message is of no known kind")),
            }
        }
        AWARENESS => Said::Awareness(frame.slice_ref(reader.var_bytes()?)),
        AUTH => match reader.var_uint()? {
            TOKEN => return reader.var_string().map(Message::Token),
            _ => return Err(Malformed("an auth message is of no known kind")),
        },
        QUERY_AWARENESS => Said::QueryAwareness,
        STATELESS => {
            let payload = reader.var_string()?;
            if payload.len() > STATELESS_BYTES {
                return Err(Malformed("a stateless message is larger than a MiB"));
            }
            Said::Stateless(frame::stateless(payload).into())
        }
        CLOSE => return Ok(Message::Close),
        _ => return Err(Malformed("a message is of no known kind")),
    };
    Ok(Message::Said(said))
}

/// The document that a key is about.
pub(crate) fn document(key: &str) -> Result<DocId, DocIdError> {
    DocId::new(key.split_once('\0').map_or(key, |(name, _session)| name))
}

/// What every frame about a document begins with.
pub(crate) fn prefix(key: &str) -> Bytes {
    Writer::with_capacity(key.len() + 2).var_string(key).finish().into()
}

/// What a peer is told about its rights.
pub(crate) fn notice(notice: Notice) -> Bytes {
    match notice {
        Notice::LetIn(role) | Notice::Changed(role) => authenticated(role),
        Notice::Renew => Writer::new().var_uint(AUTH).var_uint(TOKEN).finish().into(),
    }
}

/// "You are in, and may do this."
fn authenticated(role: Role) -> Bytes {
    let scope = if role.may_write() { "read-write" } else { "readonly" };
    Writer::new().var_uint(AUTH).var_uint(AUTHENTICATED).var_string(scope).finish().into()
}

/// "You are not let in", with a reason for people. The connection stays open for another try.
pub(crate) fn denied(reason: &str) -> Bytes {
    Writer::new().var_uint(AUTH).var_uint(DENIED).var_string(reason).finish().into()
}

/// "No more of this document", with a reason; the provider does not come back to it by itself.
pub(crate) fn closed(reason: &str) -> Bytes {
    Writer::new().var_uint(CLOSE).var_string(reason).finish().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(digits: &str) -> Bytes {
        let digits: String = digits.split_whitespace().collect();
        (0..digits.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap())
            .collect()
    }

    fn said(frame: &Bytes) -> Said {
        match read(frame) {
            Ok(Frame::For { key: "a", message: Message::Said(said) }) => said,
            other => panic!("{other:?}"),
        }
    }

    /// Captured from the providers, and from the reference server's own writers where they never send a thing.
    #[test]
    fn the_vectors_captured_from_the_providers_are_read() {
        let token = Ok(Frame::For { key: "a", message: Message::Token("t") });
        assert_eq!(read(&hex("0161 02 00 01 74")), token);
        assert_eq!(read(&hex("0161 02 00 01 74 05 342e382e30")), token, "with a version behind it");
        assert_eq!(said(&hex("0161 00 00 01 00")), Said::Step1(hex("00")));
        assert_eq!(said(&hex("0161 00 01 02 0000")), Said::Step2(hex("0000")));
        let update = "01 01 01 00 04 01 01 78 01 68 00";
        assert_eq!(said(&hex(&format!("0161 00 02 0b {update}"))), Said::Update(hex(update)));
        let presence = "01 01 01 02 7b7d";
        assert_eq!(said(&hex(&format!("0161 01 06 {presence}"))), Said::Awareness(hex(presence)));
        assert_eq!(said(&hex("0161 03")), Said::QueryAwareness);
        assert_eq!(said(&hex("0161 05 01 78")), Said::Stateless(hex("05 01 78")));
        assert_eq!(read(&hex("0161 07")), Ok(Frame::For { key: "a", message: Message::Close }));
        assert_eq!(read(&hex("0a")), Ok(Frame::Sign));
    }

    #[test]
    fn what_is_sent_is_what_the_reference_server_sends() {
        let under_a = |frame: Bytes| Bytes::from([&prefix("a")[..], &frame].concat());
        let read_write = "0161 02 02 0a 726561642d7772697465";
        assert_eq!(under_a(authenticated(Role::Editor)), hex(read_write));
        assert_eq!(under_a(authenticated(Role::Viewer)), hex("0161 02 02 08 726561646f6e6c79"));
        assert_eq!(under_a(denied("x")), hex("0161 02 01 01 78"));
        assert_eq!(under_a(closed("x")), hex("0161 07 01 78"));
        assert_eq!(under_a(Bytes::from_static(frame::APPLIED)), hex("0161 08 01"));
    }

    #[test]
    fn a_key_is_a_name_or_a_name_and_a_session() {
        assert_eq!(document("a").unwrap().as_str(), "a");
        assert_eq!(document("a/b\0s\0t").unwrap().as_str(), "a/b");
        assert_eq!(document("\0s"), Err(DocIdError::Empty));
    }

    #[test]
    fn a_frame_that_cannot_be_read_says_which_document_it_was_about() {
        for (bytes, key) in [
            ("", None),
            ("00 00 00 01 00", None),
            ("05 61", None),
            ("01 ff 03", None),
            ("0161", Some("a")),
            ("0161 00 03 01 00", Some("a")),
            ("0161 00 02 7f 00", Some("a")),
            ("0161 02 02 00", Some("a")),
            ("0161 06 01 78", Some("a")),
            ("0161 63", Some("a")),
            ("0161 05 01 ff", Some("a")),
        ] {
            assert_eq!(read(&hex(bytes)).unwrap_err().key, key, "{bytes}");
        }
        let long = Writer::new().var_string(&"x".repeat(KEY_BYTES + 1)).var_uint(3).finish();
        assert_eq!(read(&long.into()).unwrap_err().key, None);
    }
}
