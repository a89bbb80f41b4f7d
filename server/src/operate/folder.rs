//! An export: a folder with each document as a text and as a Yjs update, and an index of their names. It knows no data
//! directory.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Kept, OperateError, at};

const INDEX: &str = "documents.json";

/// A document in the index.
#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    text: String,
    update: String,
}

/// An export that is being written.
pub(super) struct Export {
    folder: PathBuf,
    entries: Vec<Entry>,
}

impl Export {
    /// Makes the folder; one that has something in it is refused unless `force` says to write over it.
    pub(super) fn create(folder: &Path, force: bool) -> Result<Self, OperateError> {
        let is_used = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if is_used && !force {
            return Err(OperateError::Exists(folder.to_owned()));
        }
        fs::create_dir_all(folder).map_err(at(folder))?;
        Ok(Self { folder: folder.to_owned(), entries: Vec::new() })
    }

    pub(super) fn add(
        &mut self,
        name: &str,
        text: &str,
        update: &[u8],
    ) -> Result<(), OperateError> {
        let stem = format!("{:06}-{}", self.entries.len() + 1, readable(name));
        let entry = Entry {
            name: name.to_owned(),
            text: format!("{stem}.txt"),
            update: format!("{stem}.update"),
        };
        self.write(&entry.text, text.as_bytes())?;
        self.write(&entry.update, update)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the index, without which the folder is not an export; returns how many documents are in it.
    pub(super) fn finish(self) -> Result<usize, OperateError> {
        let index = serde_json::to_vec_pretty(&self.entries)
            .map_err(|error| at(&self.folder)(error.into()))?;
        self.write(INDEX, &index)?;
        Ok(self.entries.len())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), OperateError> {
        let path = self.folder.join(name);
        fs::write(&path, bytes).map_err(at(&path))
    }
}

/// A part of a name that any file system takes.
fn readable(name: &str) -> String {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    plain.take(60).collect()
}

/// The documents of an export, read one after another.
pub(super) fn documents(
    folder: &Path,
) -> Result<impl ExactSizeIterator<Item = Result<Kept, OperateError>>, OperateError> {
    let index = folder.join(INDEX);
    let entries = fs::read(&index).map_err(at(&index))?;
    let entries: Vec<Entry> =
        serde_json::from_slice(&entries).map_err(|error| at(&index)(error.into()))?;
    Ok(entries.into_iter().map(|entry| {
        // Only the file's own name: an index from elsewhere must not reach beyond its folder.
        let path = folder.join(Path::new(&entry.update).file_name().unwrap_or_default());
        let update = fs::read(&path).map_err(at(&path))?;
        let (update, notes) = (update.into(), Bytes::new());
        Ok(Kept { name: entry.name, update, notes, is_deleted: false })
    }))
}
