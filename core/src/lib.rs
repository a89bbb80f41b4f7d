//! The part of Codraft that both ends share: what a document is and how two copies of it agree.
//!
//! It knows bytes, time as numbers it is given, and yrs; it knows no socket, no disk, no clock and no thread.
//! The same code compiles for the server and for wasm32.
//!
//! Read it in this order: a [`DocId`] names a document; outside bytes pass the [`gate`]; a [`Replica`] holds the
//! document and speaks of text in [`Splice`]s; [`frame`] and [`control`] are the words on the wire; [`presence`] is who
//! else is here; an [`Attribution`] is who wrote what; a [`Session`] ties them together on the client's side.

mod attribution;
mod doc_id;
mod json;
mod lib0;
mod splice;

pub mod control;
pub mod frame;
pub mod gate;
pub mod limits;
pub mod presence;
pub mod replica;
pub mod session;

pub use attribution::{Attribution, Written};
pub use doc_id::{DocId, DocIdError};
pub use lib0::{Malformed, Reader, Writer};
pub use replica::{ClientId, Replica, Selection};
pub use session::Session;
pub use splice::{Splice, utf16_len};
