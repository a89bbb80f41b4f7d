//! One bit flipped or one file cut short. Knows where files of which kind lie, nothing of servers.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    JournalOlder,
    JournalNewest,
    StoreLog,
    StoreSnapshot,
    StoreSlab,
    StoreCookie,
    StoreReached,
    Format,
    Sentinel,
}

/// Every kind.
pub(crate) const KINDS: [Kind; 9] = [
    Kind::JournalOlder,
    Kind::JournalNewest,
    Kind::StoreLog,
    Kind::StoreSnapshot,
    Kind::StoreSlab,
    Kind::StoreCookie,
    Kind::StoreReached,
    Kind::Format,
    Kind::Sentinel,
];

/// What is done to which file.
pub(crate) struct Damage {
    file: PathBuf,
    how: How,
}

enum How {
    Flip { byte: usize, bit: u8 },
    Cut { length: usize },
}

impl Damage {
    /// Something to do to a file of this kind, if there is one that is not empty.
    pub(crate) fn choose(data: &Path, kind: Kind, random: &mut fastrand::Rng) -> Option<Damage> {
        let files = files(data, kind);
        let file = random.choice(files)?;
        let length = fs::metadata(data.join(&file)).expect("a file that was listed").len() as usize;
        let how = if random.bool() {
            How::Flip { byte: random.usize(..length), bit: random.u8(..8) }
        } else {
            How::Cut { length: random.usize(..length) }
        };
        Some(Damage { file, how })
    }

    /// Whether the file loses its end.
    pub(crate) fn is_cut(&self) -> bool {
        matches!(self.how, How::Cut { .. })
    }

    /// Does it to a copy.
    pub(crate) fn apply(&self, data: &Path) {
        let path = data.join(&self.file);
        let mut bytes = fs::read(&path).expect("a file to damage");
        match self.how {
            How::Flip { byte, bit } => bytes[byte] ^= 1 << bit,
            How::Cut { length } => bytes.truncate(length),
        }
        fs::write(&path, bytes).expect("a file to damage");
    }

    /// Puts the file of the whole directory in its place again.
    pub(crate) fn undo(&self, whole: &Path, data: &Path) {
        fs::copy(whole.join(&self.file), data.join(&self.file)).expect("a file to put right");
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match self.how {
            How::Flip { byte, bit } => write!(f, "{file}: bit {bit} of byte {byte} flipped"),
            How::Cut { length } => write!(f, "{file}: cut to {length} bytes"),
        }
    }
}

/// The files of a kind that have something in them, relative to the data directory.
fn files(data: &Path, kind: Kind) -> Vec<PathBuf> {
    let in_folder = |folder: &str, prefix: &str| {
        let entries = fs::read_dir(data.join(folder)).expect("a folder of the data directory");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let names = names.filter(|name| name.to_string_lossy().starts_with(prefix));
        let mut files: Vec<PathBuf> = names.map(|name| Path::new(folder).join(name)).collect();
        files.sort();
        files
    };
    let mut files = match kind {
        Kind::JournalOlder | Kind::JournalNewest => in_folder("journal", "0"),
        Kind::StoreLog => in_folder("store/metadata", "log_"),
        Kind::StoreSnapshot => in_folder("store/metadata", "snapshot_"),
        Kind::StoreSlab => in_folder("store/slabs", ""),
        Kind::StoreCookie => vec!["store/durability_cookie".into()],
        Kind::StoreReached => vec!["store/REACHED".into()],
        Kind::Format => vec!["FORMAT".into()],
        Kind::Sentinel => vec!["SENTINEL".into()],
    };
    if matches!(kind, Kind::JournalOlder | Kind::JournalNewest) {
        let newest = files.pop().into_iter().collect();
        files = if kind == Kind::JournalNewest { newest } else { files };
    }
    files.retain(|file| fs::metadata(data.join(file)).is_ok_and(|metadata| metadata.len() > 0));
    files
}
