//! A recorded editing session as the updates a client would send.
//! Knows the format of github.com/josephg/editing-traces (sequential, ASCII), and no socket.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use codraft_core::{ClientId, Replica, Splice};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::bench::Bench;
use crate::stop::Stop;

/// The writing of a LaTeX paper, 260,000 edits of one character.
const PAPER: &str = "automerge-paper";
/// The author's number: short, as in the sources that other figures about this trace come from.
const AUTHOR: u64 = 1_000;

/// A session that was replayed once here.
#[derive(Debug)]
pub(crate) struct Trace {
    /// One an edit, in order.
    pub(crate) updates: Vec<Vec<u8>>,
    /// The text at the end.
    pub(crate) text: String,
    /// The document at the end, as one update.
    pub(crate) state: Vec<u8>,
}

impl Trace {
    /// The paper, from the folder of traces; skipped where it is not there.
    pub(crate) fn paper(bench: &Bench) -> Result<Self, Stop> {
        let file = bench.traces.join(format!("{PAPER}.json.gz"));
        if !file.exists() {
            return Err(Stop::Skipped(format!(
                "there is no {}: name the folder with --traces (github.com/josephg/editing-traces)",
                file.display()
            )));
        }
        let session = read(&file).map_err(Stop::during("read the trace"))?;
        let text = session["endContent"].as_str().unwrap_or_default().to_owned();
        // yrs walks a text from its start for each local edit: a minute, so it is done once.
        let kept = bench.work.join(format!("{PAPER}.updates"));
        let updates = match fs::read(&kept) {
            Ok(bytes) => unpack(&bytes),
            Err(_) => {
                let updates = type_all(&session)?;
                fs::write(&kept, pack(&updates))?;
                updates
            }
        };
        let replica = replay(&updates)?;
        if replica.text() != text || text.is_empty() {
            return Err(Stop::wrong(format!(
                "the trace does not replay to its end text; remove {}",
                kept.display()
            )));
        }
        Ok(Self { updates, text, state: replica.encode() })
    }
}

/// A document that has merged some updates.
pub(crate) fn replay(updates: &[Vec<u8>]) -> Result<Replica, Stop> {
    let mut replica = Replica::new(ClientId::from_random(1));
    for update in updates {
        let merged = replica.merge(update).map_err(|error| Stop::wrong(error.to_string()))?;
        if merged.has_gap {
            return Err(Stop::wrong("an update is missing among those that were kept or received"));
        }
    }
    Ok(replica)
}

fn read(file: &Path) -> io::Result<Value> {
    let mut json = Vec::new();
    GzDecoder::new(File::open(file)?).read_to_end(&mut json)?;
    serde_json::from_slice(&json).map_err(io::Error::other)
}

fn type_all(session: &Value) -> Result<Vec<Vec<u8>>, Stop> {
    let strange = || Stop::wrong("the trace is not a sequential one, or not in ASCII");
    let mut replica = Replica::new(ClientId::from_random(AUTHOR));
    let mut updates = Vec::new();
    let start = session["startContent"].as_str().unwrap_or_default();
    if !start.is_empty() {
        updates.push(replica.edit(&[Splice::new(0, 0, start)]));
    }
    for txn in session["txns"].as_array().ok_or_else(strange)? {
        for patch in txn["patches"].as_array().ok_or_else(strange)? {
            let number = |at: usize| patch[at].as_u64().and_then(|n| u32::try_from(n).ok());
            let (at, deleted) = number(0).zip(number(1)).ok_or_else(strange)?;
            let insert = patch[2].as_str().filter(|text| text.is_ascii()).ok_or_else(strange)?;
            updates.push(replica.edit(&[Splice::new(at, at + deleted, insert)]));
        }
    }
    Ok(updates)
}

/// Byte strings one after another, each behind its length.
pub(crate) fn pack(items: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in items {
        bytes.extend_from_slice(&(item.len() as u32).to_le_bytes());
        bytes.extend_from_slice(item);
    }
    bytes
}

/// What [`pack`] put together; a part that was cut off is left out.
pub(crate) fn unpack(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut items = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let Some((item, rest)) = rest.split_at_checked(u32::from_le_bytes(*length) as usize) else {
            break;
        };
        items.push(item.to_vec());
        bytes = rest;
    }
    items
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_session_is_typed_patch_by_patch() {
        let session = json!({
            "startContent": "ab",
            "txns": [{ "patches": [[1, 0, "x"]] }, { "patches": [[0, 1, ""], [2, 0, "!"]] }],
        });
        let updates = type_all(&session).expect("a sequential session");
        assert_eq!(updates.len(), 4);
        assert_eq!(replay(&updates).expect("a document").text(), "xb!");
        assert!(replay(&updates[1..]).is_err(), "a lost update must not go unnoticed");
        assert!(type_all(&json!({ "txns": [{ "patches": [[0, 0, "é"]] }] })).is_err());
    }

    #[test]
    fn packed_bytes_come_back_and_a_torn_end_is_left_out() {
        let items = vec![vec![1, 2, 3], Vec::new(), vec![4; 300]];
        let packed = pack(&items);
        assert_eq!(unpack(&packed), items);
        assert_eq!(unpack(&packed[..packed.len() - 1]), items[..2]);
    }
}
