//! Two servers that only hand on what they are sent, in this same binary: what everybody else's figures stand beside.
//! They know no document, check nothing and store nothing.

mod floor;
mod lean;

use std::net::{Ipv4Addr, SocketAddr};

use clap::ValueEnum;

use crate::stop::Stop;

/// Which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Relay {
    /// Over axum, as cheaply as it allows.
    Lean,
    /// Over bare sockets in one thread.
    Floor,
}

/// What a newcomer is answered: there is nothing.
const EMPTY_STEP2: &[u8] = &[0, 1, 2, 0, 0];

/// What a message is to a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// Somebody wants what they lack.
    Question,
    /// Somebody answers such a question, which nobody has asked.
    Answer,
    /// For everyone else.
    News,
}

impl Heard {
    fn of(message: &[u8]) -> Self {
        match message {
            [0, 0, ..] => Self::Question,
            [0, 1, ..] => Self::Answer,
            _ => Self::News,
        }
    }
}

/// Serves until the process ends.
pub(crate) fn serve(relay: Relay, port: u16) -> Result<(), Stop> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let served = match relay {
        Relay::Lean => lean::serve(address),
        Relay::Floor => floor::serve(address),
    };
    served.map_err(Stop::during("relay"))
}
