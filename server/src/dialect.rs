//! What peers speak, into what a room understands. Pure translations; they know no socket and no document.
//!
//! Here is the dialect of y-websocket, which y-sweet's client and our own speak as well: a frame is what it says.

pub(crate) mod hocuspocus;

use bytes::Bytes;
use codraft_core::Malformed;
use codraft_core::frame::{self, Message};

use crate::mail::Said;
use crate::outbox::Notice;

/// How peers are known in the journal.
pub(crate) const Y_WEBSOCKET: u8 = 1;
pub(crate) const HOCUSPOCUS: u8 = 2;
pub(crate) const Y_SWEET: u8 = 3;
/// Texts that were changed over HTTP: the server writes for whoever asks.
pub(crate) const HTTP: u8 = 4;
/// Updates that came over HTTP.
pub(crate) const HTTP_UPDATE: u8 = 5;

/// How a connection says what is about the peer's rights and not about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// y-websocket's and y-sweet's clients, and our own.
    YSync,
    /// Hocuspocus's providers.
    Hocuspocus,
}

impl Dialect {
    /// A frame, where there is a word for it.
    pub(crate) fn notice(self, notice: Notice) -> Option<Bytes> {
        match (self, notice) {
            (Self::Hocuspocus, notice) => Some(hocuspocus::notice(notice)),
            // The one thing that y-protocols can say: a client shows it to whoever develops the app.
            (Self::YSync, Notice::Changed(role)) if !role.may_write() => {
                Some(frame::denied("you may only read this document from here on").into())
            }
            (Self::YSync, Notice::LetIn(_) | Notice::Changed(_) | Notice::Renew) => None,
        }
    }

    /// "You are not let in", or not any more, with a reason for people.
    pub(crate) fn denied(self, reason: &str) -> Bytes {
        match self {
            Self::Hocuspocus => hocuspocus::denied(reason),
            Self::YSync => frame::denied(reason).into(),
        }
    }
}

/// Messages in one frame: stock clients send one, some a handful.
const MESSAGES: usize = 256;

/// Adds what one frame says, in order, or nothing of it when something is wrong with it. An auth message means nothing from
/// a client and is passed over, as the reference server does.
pub(crate) fn read(frame: &Bytes, all: &mut Vec<Said>) -> Result<(), Malformed> {
    let before = all.len();
    let outcome = read_all(frame, all);
    if outcome.is_err() {
        all.truncate(before);
    }
    outcome
}

fn read_all(frame: &Bytes, all: &mut Vec<Said>) -> Result<(), Malformed> {
    for (n, message) in frame::messages(frame).enumerate() {
        if n == MESSAGES {
            return Err(Malformed("too many messages in one frame"));
        }
        all.extend(said(frame, message?));
    }
    Ok(())
}

fn said(frame: &Bytes, message: Message<'_>) -> Option<Said> {
    Some(match message {
        Message::Step1(state_vector) => Said::Step1(frame.slice_ref(state_vector)),
        Message::Step2(update) => Said::Step2(frame.slice_ref(update)),
        Message::Update(update) => Said::Update(frame.slice_ref(update)),
        Message::Awareness(update) => Said::Awareness(frame.slice_ref(update)),
        Message::QueryAwareness => Said::QueryAwareness,
        Message::Saved(version) => Said::Saved(frame.slice_ref(version)),
        Message::Control(payload) => Said::Control(frame.slice_ref(payload)),
        Message::Denied(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_without_copying_and_refused_as_a_whole() {
        let bytes = Bytes::from(
            [frame::step1(&[0]), frame::denied("x"), vec![3], frame::saved(&[5])].concat(),
        );
        let expected = [
            Said::Step1(Bytes::from_static(&[0])),
            Said::QueryAwareness,
            Said::Saved(Bytes::from_static(&[5])),
        ];
        let mut all = Vec::new();
        let mut read = |frame: &Bytes| read(frame, &mut all).map(|()| std::mem::take(&mut all));
        assert_eq!(read(&bytes).unwrap(), expected);
        assert!(read(&Bytes::from_static(&[0, 0, 1, 0, 77])).is_err());
        assert_eq!(read(&Bytes::from(vec![3; MESSAGES])).unwrap().len(), MESSAGES);
        assert!(read(&Bytes::from(vec![3; MESSAGES + 1])).is_err());
        assert!(all.is_empty(), "something of a frame that was refused is left");
    }
}
