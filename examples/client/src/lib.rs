//! A program in a document: it sees who is there and what they write, writes itself, and knows what of that is on disk.
//!
//! It is the session of the browser's editor (`codraft_core::Session`) with a socket of tokio's; it knows nothing of pages,
//! and decides nothing that the session decides. Read [`Document`] first; `docs/native-client.md` begins with a bot.

mod address;
mod change;
mod connection;
mod dial;
mod document;
mod error;
mod line;
mod pass;
mod status;

pub use codraft_core::presence::Person;
pub use codraft_core::session::Peer;
pub use codraft_core::{Selection, Splice};

pub use change::Change;
pub use document::{Document, Event, FAREWELL, WELCOME};
pub use error::Error;
pub use line::Line;
pub use pass::Pass;
pub use status::{Role, Status};
