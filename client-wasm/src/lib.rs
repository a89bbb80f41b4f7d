//! The browser's half: `codraft_core::Session` for JavaScript. It converts and decides nothing.
//!
//! Changes cross the boundary as one typed array and one string a batch. The timer and whoever listens to the socket are
//! JavaScript's: when this module has failed they are still in working hands. Nothing here calls JavaScript while the session is borrowed.

mod changes;
mod client;

pub use changes::{Changes, Presence, Status};
pub use client::{Client, Host};
