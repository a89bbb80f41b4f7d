//! The control tag 103: what only Codraft's own client and server say to each other. It knows no document.
//!
//! `varUint 103 · varBytes(varUint kind · body)`. A server sends it only to a peer that announced itself with a
//! [`Control::Hello`]; an unknown kind is ignored, so either side may be newer. `docs/protocol.md` lists every kind.

use crate::frame::{Message, messages};
use crate::lib0::{Malformed, Reader, Writer};
use crate::replica::Digest;

/// The version of the control messages that this code speaks.
pub const VERSION: u64 = 1;

const HELLO: u64 = 0;
const PING: u64 = 1;
const STORAGE: u64 = 2;
const DIGEST: u64 = 3;
const DIVERGED: u64 = 4;
const YOU: u64 = 5;

/// One control message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// The first words of both sides: the version of the control messages it speaks.
    Hello {
        /// See [`VERSION`].
        version: u64,
    },
    /// "Are you there?" Answered with the same message.
    Ping,
    /// Whether the server's disk takes writes; when it does not, nothing is acknowledged until it does.
    Storage {
        /// Whether new edits reach the disk.
        accepting: bool,
    },
    /// "This is what I hold", when nothing has happened for a while. Answered with the server's own.
    Digest(Digest),
    /// "Mine is not what you hold, and nothing was under way": a fault, to be counted. Its sender asks for everything.
    Diverged,
    /// A kind from a newer version, to be ignored.
    Unknown,
}

impl Control {
    /// Reads the payload of a control frame.
    pub fn read(payload: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        Ok(match reader.var_uint()? {
            HELLO => Self::Hello { version: reader.var_uint()? },
            PING => Self::Ping,
            STORAGE => Self::Storage { accepting: reader.var_uint()? == 1 },
            DIGEST => Self::Digest(Digest { known: reader.var_uint()?, text: reader.var_uint()? }),
            DIVERGED => Self::Diverged,
            _ => Self::Unknown,
        })
    }

    /// A whole frame with this message.
    pub fn frame(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        match self {
            Self::Hello { version } => writer.var_uint(HELLO).var_uint(*version),
            Self::Ping => writer.var_uint(PING),
            Self::Storage { accepting } => writer.var_uint(STORAGE).var_uint(u64::from(*accepting)),
            Self::Digest(Digest { known, text }) => {
                writer.var_uint(DIGEST).var_uint(*known).var_uint(*text)
            }
            Self::Diverged => writer.var_uint(DIVERGED),
            Self::Unknown => &mut writer,
        };
        crate::frame::control(&writer.finish())
    }
}

/// A frame that tells a client who it is here and what it may do, as JSON. Whoever shows people reads it before a session
/// does, to which it is a kind to be ignored.
pub fn you_frame(json: &str) -> Vec<u8> {
    crate::frame::control(&Writer::new().var_uint(YOU).var_string(json).finish())
}

/// The JSON in such a frame; none if it is any other.
pub fn you_json(frame: &[u8]) -> Option<&str> {
    let Ok(Message::Control(payload)) = messages(frame).next()? else { return None };
    let mut reader = Reader::new(payload);
    if reader.var_uint().ok()? != YOU {
        return None;
    }
    reader.var_string().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CLIENT_ID_MAX;

    #[test]
    fn each_kind_comes_back_and_a_newer_kind_is_ignored() {
        for control in [
            Control::Hello { version: 1 },
            Control::Ping,
            Control::Storage { accepting: false },
            Control::Digest(Digest { known: 7, text: CLIENT_ID_MAX }),
            Control::Diverged,
        ] {
            let frame = control.frame();
            let Some(Ok(Message::Control(payload))) = messages(&frame).next() else {
                panic!("not a control frame")
            };
            assert_eq!(Control::read(payload), Ok(control));
        }
        assert_eq!(Control::read(&[99, 1, 2, 3]), Ok(Control::Unknown));
    }

    #[test]
    fn who_one_is_comes_back_and_nothing_else_is_taken_for_it() {
        assert_eq!(you_json(&you_frame("{\"role\":\"viewer\"}")), Some("{\"role\":\"viewer\"}"));
        for other in [Control::Ping.frame(), crate::frame::step1(&[0]), vec![103, 1], vec![]] {
            assert_eq!(you_json(&other), None, "{other:?}");
        }
    }
}
