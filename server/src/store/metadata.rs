//! Looks through the database's list of what lies where before the database does, which takes a damaged list for a
//! shorter one, without a word. Knows how the list is framed, not what it says.

use std::{
    collections::BTreeMap,
    fs, io,
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

/// Refuses a list that is not whole: a snapshot, and the logs written after it. Only the newest log may end in an
/// unfinished frame, as a power loss leaves it; that one was never reported as durable.
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
    for (&number, path) in &logs {
        check_log(path, number == newest)?;
    }
    Ok(())
}

fn check_log(path: &Path, is_newest: bool) -> Result<(), StoreError> {
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
    Ok(())
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
