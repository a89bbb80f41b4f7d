//! Remembers what a step was last made from, so that a second run takes seconds.
//! Does not know what the steps make.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::tree::{Tree, files, make_folder};
use crate::trouble::Trouble;

/// A hash of the names and contents of every file at or below `inputs`.
///
/// The standard hasher may differ between Rust releases: a step is then done once more.
pub(crate) fn fingerprint(inputs: &[PathBuf]) -> Result<String, Trouble> {
    let mut hasher = DefaultHasher::new();
    for input in inputs {
        for file in files(input)? {
            file.hash(&mut hasher);
            fs::read(&file).map_err(Trouble::at(&file))?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// One step's memory, a file that holds the fingerprint of its last inputs.
pub(crate) struct Stamp {
    path: PathBuf,
}

impl Stamp {
    /// The stamp of a step, kept in the target folder.
    pub(crate) fn of(tree: &Tree, step: &str) -> Self {
        Self { path: tree.target.join("xtask").join(step) }
    }

    /// A stamp kept inside what the step makes: it goes when that is deleted.
    pub(crate) fn inside(folder: &Path) -> Self {
        Self { path: folder.join(".made-from") }
    }

    /// Whether the step was last done from exactly these inputs.
    pub(crate) fn holds(&self, fingerprint: &str) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|last| last == fingerprint)
    }

    /// Notes that the step is done from these inputs.
    pub(crate) fn set(&self, fingerprint: &str) -> Result<(), Trouble> {
        if let Some(folder) = self.path.parent() {
            make_folder(folder)?;
        }
        fs::write(&self.path, fingerprint).map_err(Trouble::at(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_and_a_renamed_file_change_the_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = [folder.path().to_path_buf()];
        fs::write(folder.path().join("a"), "one").unwrap();
        let first = fingerprint(&inputs).unwrap();
        assert_eq!(first, fingerprint(&inputs).unwrap());
        fs::write(folder.path().join("a"), "two").unwrap();
        let second = fingerprint(&inputs).unwrap();
        fs::rename(folder.path().join("a"), folder.path().join("b")).unwrap();
        let third = fingerprint(&inputs).unwrap();
        assert!(first != second && second != third, "{first} {second} {third}");
    }

    #[test]
    fn a_stamp_holds_only_what_was_set_last() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = Stamp::inside(&folder.path().join("made"));
        assert!(!stamp.holds("one"));
        stamp.set("one").unwrap();
        assert!(stamp.holds("one") && !stamp.holds("two"));
    }
}
