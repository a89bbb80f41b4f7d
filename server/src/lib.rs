//! Codraft's document server: any Yjs client connects, and what it was told is saved is on disk.
//!
//! Inside, dependencies run one way: `cli → server → door → http, socket → hub → room → document → journal, store`. A room does
//! not know axum; the store knows bytes, not documents. State belongs to a task: there are no locks.
//!
//! Read [`server`] for how the parts are put together, [`room`] for what happens to a keystroke and [`journal`] for when
//! it is saved.

pub mod cli;
pub mod server;

mod access;
mod audit;
mod close;
mod control;
mod crumbs;
mod descriptors;
mod dialect;
mod difference;
mod document;
mod door;
mod doorkeeper;
mod ear;
mod files;
mod frames;
mod garbage;
mod heap;
mod http;
mod hub;
mod janitor;
mod limits;
mod mail;
mod metrics;
mod names;
mod operate;
#[cfg(unix)]
mod operator;
mod origin;
mod outbox;
mod palette;
mod request;
mod rights;
mod room;
mod scratch;
mod shelves;
mod socket;
mod wire;

pub mod journal;
pub mod storage;
pub mod store;

pub use access::{Creation, Mode};
pub use limits::Limits;
pub use metrics::MetricsAccess;
pub use origin::{NotAnOrigin, Origin};
pub use server::{ServeConfig, Server, ServerError};
