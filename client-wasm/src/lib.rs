//! The browser's half: a WebSocket and a timer around `codraft_core::Session`. It converts and decides nothing.
//!
//! Changes cross the boundary as one typed array and one string a batch. Nothing here calls JavaScript while the session
//! is borrowed, and the one callback, `wake`, only says that something waits to be pulled.

mod changes;
mod client;
mod socket;

pub use changes::{Changes, Presence, Status};
pub use client::Client;
