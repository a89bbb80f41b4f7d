//! An export: a folder with each document as a text and as a Yjs update, its files, and an index of all names. It knows no
//! data directory.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Item, Kept, OperateError, at};
use crate::files::FileName;

const INDEX: &str = "documents.json";

/// A document in the index.
#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    text: String,
    update: String,
    /// In a folder of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<String>,
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
            files: Vec::new(),
        };
        self.write(&entry.text, text.as_bytes())?;
        self.write(&entry.update, update)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Adds a file to the last document.
    pub(super) fn add_file(&mut self, name: &FileName, mut file: File) -> Result<(), OperateError> {
        let Some(entry) = self.entries.last_mut() else { return Ok(()) };
        let folder = self.folder.join(files_of(&entry.update));
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let path = folder.join(name.to_string());
        let copied = File::create(&path).and_then(|mut copy| io::copy(&mut file, &mut copy));
        copied.map_err(at(&path))?;
        entry.files.push(name.to_string());
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

/// The folder with a document's files, beside its update.
fn files_of(update: &str) -> String {
    format!("{}.files", update.trim_end_matches(".update"))
}

/// How many documents are in an export; and all that is in it, read one after another.
pub(super) fn items(
    folder: &Path,
) -> Result<(usize, impl Iterator<Item = Result<Item, OperateError>>), OperateError> {
    let index = folder.join(INDEX);
    let entries = fs::read(&index).map_err(at(&index))?;
    let entries: Vec<Entry> =
        serde_json::from_slice(&entries).map_err(|error| at(&index)(error.into()))?;
    let items = |entry: Entry| {
        // Only the file's own name: an index from elsewhere must not reach beyond its folder.
        let path = folder.join(Path::new(&entry.update).file_name().unwrap_or_default());
        let files = files_of(&path.to_string_lossy());
        let document = fs::read(&path).map_err(at(&path)).map(|update| {
            let (update, notes) = (update.into(), Bytes::new());
            Item::Document(Kept { name: entry.name, update, notes, is_deleted: false })
        });
        let file = move |name: String| read_file(Path::new(&files), &name);
        std::iter::once(document).chain(entry.files.into_iter().map(file))
    };
    Ok((entries.len(), entries.into_iter().flat_map(items)))
}

fn read_file(folder: &Path, name: &str) -> Result<Item, OperateError> {
    let path = folder.join(Path::new(name).file_name().unwrap_or_default());
    let bytes = fs::read(&path).map_err(at(&path))?;
    let name = FileName::read(name).filter(|name| name.is_of(&bytes));
    let name = name.ok_or(OperateError::DamagedFile(path))?;
    Ok(Item::File { name, bytes: bytes.into() })
}
