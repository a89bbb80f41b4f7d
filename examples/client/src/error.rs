//! What can be wrong for good, as sentences that say what to do. What passes by itself is a [`Status`](crate::Status).

use std::fmt;

use thiserror::Error;

/// Why there is no way on. A document that has said so says the same whenever it is asked again.
#[derive(Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// The address is not of a document.
    #[error(
        "this is no document's address: it looks as in https://docs.example.org/d/notes or \
         wss://docs.example.org/ws/notes, with what is special in the name percent-encoded"
    )]
    Address,
    /// The colour is none.
    #[error("a person's colour is #rrggbb, as in #8a4bc1")]
    Color,
    /// The server does not let this program in, or not any more; `code` is one of `docs/protocol.md`.
    #[error("{}", refusal(*.code, .reason))]
    Refused {
        /// The close code.
        code: u16,
        /// The server's words; empty if it said none.
        reason: String,
    },
    /// Something answers at the address, but not with a WebSocket.
    #[error(
        "there is no document server at this address: it was answered with HTTP status {status}{}",
        quoted(.said)
    )]
    NoServer {
        /// The HTTP status.
        status: u16,
        /// What it said about that; empty if nothing.
        said: String,
    },
    /// There was no server when the program began.
    #[error("the server cannot be reached: {}", if .reason.is_empty() { "it does not answer" } else { .reason })]
    Away {
        /// What the last attempt met with; empty if nothing came back.
        reason: String,
    },
    /// What may only be read was to be changed.
    #[error("this program may only read the document: it needs a link or token of an editor")]
    ReadOnly,
    /// Splices that mean nothing in this text.
    #[error(
        "the splices do not fit the text: they have to be sorted and disjoint, within the text, in UTF-16 offsets that cut \
         no character in two"
    )]
    Splices,
    /// The document was left while the server's disk had not got everything.
    #[error("what was written last is not saved: the server was away, or its disk took nothing")]
    Unsaved,
    /// The system has no random numbers, without which clients cannot be told apart.
    #[error("the system gives no random numbers")]
    Random,
}

/// The sentence, so that a program whose `main` ends with an error says it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn refusal(code: u16, reason: &str) -> String {
    let advice = match code {
        4401 => "bring a link or a token that is good for this document",
        4403 => "ask an owner of the document",
        4404 => "somebody has to create it again",
        4413 => "make it smaller, or raise the server's limit",
        4415 => {
            return "the document has something else than text under this name: name the text with \
                    ?field= in the address"
                .to_owned();
        }
        _ => "connecting again would end the same way",
    };
    let reason = if reason.is_empty() { "it gave no reason" } else { reason };
    format!("the server refused this program ({code}): {reason}; {advice}")
}

fn quoted(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(" and the words {said:?}") }
}
