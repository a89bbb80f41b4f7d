//! A document that somebody has worked on for long: letters typed and taken back, here and there.
//! Knows no server.

use std::fs;

use codraft_core::{ClientId, Replica};

use crate::bench::Bench;
use crate::stop::Stop;
use crate::writing::Author;

/// Who works on it.
const SEED: u64 = 3_000;

/// Such a document.
#[derive(Debug)]
pub(crate) struct Worn {
    /// All of it as one update.
    pub(crate) state: Vec<u8>,
    pub(crate) text: String,
    /// What somebody says who has all of it.
    pub(crate) state_vector: Vec<u8>,
}

impl Worn {
    /// After so many edits. It is made once and kept: yrs walks a text from its start for each local edit.
    pub(crate) fn after(bench: &Bench, edits: usize) -> Result<Self, Stop> {
        let kept = bench.work.join(format!("worn-{edits}"));
        let state = match fs::read(&kept) {
            Ok(state) => state,
            Err(_) => {
                let state = Author::after(SEED, edits).encode();
                fs::write(&kept, &state)?;
                state
            }
        };
        let mut replica = Replica::new(ClientId::from_random(1));
        let merged = replica.merge(&state);
        merged.map_err(|error| Stop::wrong(format!("remove {}: {error}", kept.display())))?;
        Ok(Self { state, text: replica.text(), state_vector: replica.state_vector() })
    }
}
