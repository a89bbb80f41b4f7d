//! Keeps sled from deleting its own index: at every open there is a log behind its newest snapshot.
//! Does not know what either holds.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use super::database::sync_directory;

/// sled's folder of snapshots and logs, inside its own.
const METADATA: &str = "metadata";
const SNAPSHOT: &str = "snapshot_";
const LOG: &str = "log_";

/// Makes an empty log if the newest snapshot has none behind it, durably.
///
/// sled writes a snapshot when it opens, numbered like the newest log, and then removes the one it
/// began with. A power loss or a kill can leave a snapshot alone, because the next log is durable
/// only with the first flush; the two are then one file, and the index is gone.
pub(super) fn ensure(sled: &Path) -> io::Result<()> {
    let folder = sled.join(METADATA);
    let (mut snapshot, mut log) = (None, None);
    match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
        Ok(entries) => {
            for entry in entries {
                let name = entry?.file_name();
                let name = name.to_string_lossy();
                snapshot = snapshot.max(number(&name, SNAPSHOT));
                log = log.max(number(&name, LOG));
            }
        }
    }
    let Some(snapshot) = snapshot.filter(|&snapshot| log.is_none_or(|log| log <= snapshot)) else {
        return Ok(());
    };
    File::create(folder.join(format!("{LOG}{:016x}", snapshot + 1)))?.sync_all()?;
    sync_directory(&folder)
}

/// The number in a file's name; unfinished files have more behind it.
fn number(name: &str, prefix: &str) -> Option<u64> {
    u64::from_str_radix(name.strip_prefix(prefix)?, 16).ok()
}
