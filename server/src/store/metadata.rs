//! Looks through the database's list of what lies where before the database does, which takes a damaged list for a
//! shorter one, without a word, and may look for ever for what that one says. Knows how the list is framed, not what it
//! says.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::StoreError;

const FOLDER: &str = "metadata";
const SNAPSHOT: &str = "snapshot_";
const LOG: &str = "log_";
/// Bytes in front of a frame: six of length, two that check them.
const HEAD: usize = 8;
/// Bytes behind a frame that check all of it.
const SUM: usize = 4;
/// What the database adds to a frame's checksum.
const TWIST: u32 = 0xAF;
/// The file that says how far the list is durable, and how many bytes it has.
const REACHED: &str = "REACHED";
const REACHED_BYTES: usize = 20;

/// How far the list is durable: so many bytes of the log with this number, or more.
#[derive(Clone, Copy)]
struct Reached {
    log: u64,
    bytes: u64,
}

/// Notes how far the list has come, after a flush. The note itself need not be durable, it is a bound from below: an older
/// one is right too, and one that is damaged says nothing.
pub(super) fn note(database: &Path) -> Result<(), StoreError> {
    let logs = list(&database.join(FOLDER), LOG)?;
    let length = |path: &PathBuf| fs::metadata(path).map(|log| log.len()).unwrap_or_default();
    let mut written = logs.iter().rev().map(|(&log, path)| Reached { log, bytes: length(path) });
    let Some(reached) = written.find(|reached| reached.bytes > 0) else { return Ok(()) };
    let path = database.join(REACHED);
    // Not emptied first: a kill in between leaves the older one.
    let file = fs::File::options().create(true).truncate(false).write(true).open(&path);
    file.and_then(|mut file| file.write_all(&reached.encode())).map_err(at(&path))
}

/// Refuses a list that is not whole: a snapshot, and the logs written after it. Only the newest log may end in an
/// unfinished frame, as a power loss leaves it, and only behind what was noted as durable.
pub(super) fn check(database: &Path) -> Result<(), StoreError> {
    let folder = database.join(FOLDER);
    if !folder.is_dir() {
        return Ok(());
    }
    let damaged = |what: &str| StoreError::damaged(&folder, 0, what);
    let (snapshots, mut logs) = (list(&folder, SNAPSHOT)?, list(&folder, LOG)?);
    for path in snapshots.values() {
        let bytes = read(path)?;
        if frame(&bytes) != Some(bytes.len()) {
            return Err(StoreError::damaged(path, 0, "it has a wrong length or checksum"));
        }
    }
    let snapshot = snapshots.last_key_value().map(|(&number, _)| number);
    let snapshot = snapshot.ok_or_else(|| damaged("there is no snapshot in it"))?;
    logs.retain(|&number, _| number > snapshot);
    let newest = logs.last_key_value().map_or(snapshot, |(&number, _)| number);
    if newest - snapshot != logs.len() as u64 {
        return Err(damaged("one of its logs is missing"));
    }
    let reached = fs::read(database.join(REACHED)).ok().and_then(|bytes| Reached::decode(&bytes));
    let reached = reached.filter(|reached| reached.log > snapshot);
    if reached.is_some_and(|reached| reached.log > newest) {
        return Err(damaged("its newest log is missing"));
    }
    for (&number, path) in &logs {
        let whole = check_log(path, number == newest)? as u64;
        if reached.is_some_and(|reached| reached.log == number && reached.bytes > whole) {
            return Err(StoreError::damaged(
                path,
                whole as usize,
                "what was written there is gone",
            ));
        }
    }
    Ok(())
}

/// Refuses a log that is not whole; returns how many of its bytes are.
fn check_log(path: &Path, is_newest: bool) -> Result<usize, StoreError> {
    let bytes = read(path)?;
    let mut offset = 0;
    while let Some(length) = frame(&bytes[offset..]) {
        offset += length;
    }
    let is_followed = || (offset + 1..bytes.len()).any(|at| frame(&bytes[at..]).is_some());
    if offset < bytes.len() && (!is_newest || is_followed()) {
        return Err(StoreError::damaged(
            path,
            offset,
            "what follows has a wrong length or checksum",
        ));
    }
    Ok(offset)
}

impl Reached {
    fn encode(self) -> Vec<u8> {
        let mut bytes = [self.log.to_le_bytes(), self.bytes.to_le_bytes()].concat();
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Reached> {
        let bytes: &[u8; REACHED_BYTES] = bytes.try_into().ok()?;
        let (log, rest) = bytes.split_first_chunk::<8>()?;
        let (length, sum) = rest.split_first_chunk::<8>()?;
        let is_whole = crc32fast::hash(&bytes[..REACHED_BYTES - SUM]).to_le_bytes() == sum;
        is_whole.then_some(Reached {
            log: u64::from_le_bytes(*log),
            bytes: u64::from_le_bytes(*length),
        })
    }
}

/// The length of the frame that some bytes begin with, if it is whole.
fn frame(bytes: &[u8]) -> Option<usize> {
    let (head, _) = bytes.split_first_chunk::<HEAD>()?;
    let (length, check) = head.split_at(HEAD - 2);
    if (crc32fast::hash(length) as u16).to_le_bytes() != check {
        return None;
    }
    let length = length.iter().rev().fold(0, |length, &byte| length << 8 | usize::from(byte));
    let (body, rest) = bytes.split_at_checked(HEAD.checked_add(length)?)?;
    let sum = u32::from_le_bytes(*rest.first_chunk::<SUM>()?);
    (crc32fast::hash(body) ^ TWIST == sum).then_some(body.len() + SUM)
}

/// The files with this prefix, by the number that follows it.
fn list(folder: &Path, prefix: &str) -> Result<BTreeMap<u64, PathBuf>, StoreError> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(number) = name.strip_prefix(prefix).filter(|number| number.len() == 16)
            && let Ok(number) = u64::from_str_radix(number, 16)
        {
            files.insert(number, path);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    fs::read(path).map_err(at(path))
}

fn at(path: &Path) -> impl Fn(io::Error) -> StoreError + '_ {
    |error| io::Error::new(error.kind(), format!("{}: {error}", path.display())).into()
}
