//! The backup file: a tar of documents as Yjs updates, with sums, whole or not at all. It knows no data directory.
//!
//! `codraft-backup.json`, then for each document `NUMBER.json` (its name, and length and CRC32C of what follows),
//! `NUMBER.update` and, where anything is noted beside it, `NUMBER.notes`, and `NUMBER/FILE` for each of its files, whose
//! name is a sum of their bytes; then `end.json` with their numbers: a file that was cut off has no end. Of a deleted document the name is kept, so that a restore does not bring it back.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Item, Kept, OperateError, at, files};
use crate::files::FileName;
use crate::shelves::Shelves;
use crate::store::{DocEntry, sync_directory};

/// The format that this release writes, and the newest that it reads; the first one had no notes, the second no files.
const FORMAT: u32 = 3;
/// Documents that are read before they are asked for.
const READ_AHEAD: usize = 4;

const HEAD: &str = "codraft-backup.json";
const END: &str = "end.json";

#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    codraft: String,
}

#[derive(Serialize, Deserialize)]
struct Label {
    name: String,
    #[serde(flatten)]
    update: Sum,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notes: Option<Sum>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Sum {
    bytes: u64,
    crc32c: u32,
}

#[derive(Serialize, Deserialize)]
struct End {
    documents: u64,
    #[serde(default)]
    files: u64,
}

impl Sum {
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, crc32c: crc32c::crc32c(bytes) }
    }
}

/// A backup file that is being written beside its final place.
#[derive(Debug)]
pub(crate) struct Backup {
    file: PathBuf,
    partial: PathBuf,
    force: bool,
}

impl Backup {
    /// Refuses to replace a file unless told to.
    pub(crate) fn create(file: &Path, force: bool) -> Result<Self, OperateError> {
        if file.exists() && !force {
            return Err(OperateError::Exists(file.to_owned()));
        }
        let partial = crate::storage::beside(file, "partial");
        Ok(Self { file: file.to_owned(), partial, force })
    }

    /// Where to write.
    pub(crate) fn writer(&self) -> Result<File, OperateError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        // All texts in one file: for nobody but its owner, as the data directory.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.partial).map_err(at(&self.partial))
    }

    /// Makes it durable, reads it once more and moves it into place.
    pub(crate) fn finish(self, file: File) -> Result<u64, OperateError> {
        file.sync_all().map_err(at(&self.partial))?;
        drop(file);
        let documents = check_backup(&self.partial)?;
        if self.file.exists() && !self.force {
            return Err(OperateError::Exists(self.file));
        }
        fs::rename(&self.partial, &self.file).map_err(at(&self.file))?;
        sync_directory(&super::place::folder_of(&self.file)).map_err(at(&self.file))?;
        Ok(documents)
    }
}

/// Writes every document, as it is when its turn comes, and gives the writer back. Those that cannot be read are left out
/// only if a partial backup will do.
pub(crate) async fn write_backup<W: Write>(
    writer: W,
    shelves: &Shelves,
    names: &[(String, DocEntry)],
    partial: bool,
    step: impl Fn(),
) -> Result<W, OperateError> {
    let mut tar = tar::Builder::new(BufWriter::new(writer));
    let head = Head { format: FORMAT, codraft: env!("CARGO_PKG_VERSION").to_owned() };
    let failed = |source| OperateError::File { path: "the backup".into(), source };
    add_json(&mut tar, HEAD, &head).map_err(failed)?;
    let mut end = End { documents: 0, files: 0 };
    for (name, _) in names {
        if let Some((kept, owner)) = super::whole(super::read(shelves, name).await, partial)? {
            add_document(&mut tar, end.documents, &kept).map_err(failed)?;
            // After the text: what it mentions has been there before it.
            files::each(shelves, owner, partial, |name, file| {
                end.files += 1;
                add_file(&mut tar, &format!("{:08}/{name}", end.documents), file).map_err(failed)
            })?;
            end.documents += 1;
        }
        step();
    }
    add_json(&mut tar, END, &end).map_err(failed)?;
    let buffered = tar.into_inner().map_err(failed)?;
    buffered.into_inner().map_err(|error| failed(error.into_error()))
}

fn add_document<W: Write>(tar: &mut tar::Builder<W>, number: u64, kept: &Kept) -> io::Result<()> {
    let notes = Some(&kept.notes).filter(|bytes| !bytes.is_empty());
    let label = Label {
        name: kept.name.clone(),
        update: Sum::of(&kept.update),
        notes: notes.map(|bytes| Sum::of(bytes)),
        deleted: kept.is_deleted,
    };
    add_json(tar, &format!("{number:08}.json"), &label)?;
    add(tar, &format!("{number:08}.update"), &kept.update)?;
    notes.map_or(Ok(()), |bytes| add(tar, &format!("{number:08}.notes"), bytes))
}

fn add_json<W: Write>(
    tar: &mut tar::Builder<W>,
    name: &str,
    value: &impl Serialize,
) -> io::Result<()> {
    add(tar, name, &serde_json::to_vec(value)?)
}

fn add<W: Write>(tar: &mut tar::Builder<W>, name: &str, bytes: &[u8]) -> io::Result<()> {
    tar.append_data(&mut header(bytes.len() as u64), name, bytes)
}

fn add_file<W: Write>(tar: &mut tar::Builder<W>, name: &str, file: File) -> io::Result<()> {
    let bytes = file.metadata()?.len();
    tar.append_data(&mut header(bytes), name, file)
}

fn header(bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_cksum();
    header
}

/// Reads a backup to its end and checks every sum; returns how many documents are in it.
pub(super) fn check_backup(file: &Path) -> Result<u64, OperateError> {
    read_backup(file, |_| true)
}

/// The documents of a backup and their files, one after another: a thread reads ahead of whoever takes them.
pub(super) fn items(file: &Path) -> impl Iterator<Item = Result<Item, OperateError>> {
    let (sender, items) = mpsc::sync_channel(READ_AHEAD);
    let file = file.to_owned();
    thread::spawn(move || {
        if let Err(error) = read_backup(&file, |item| sender.send(Ok(item)).is_ok()) {
            // Whoever took them may have stopped.
            let _ = sender.send(Err(error));
        }
    });
    items.into_iter()
}

/// Reads a backup for as long as `take` wants more.
fn read_backup(file: &Path, mut take: impl FnMut(Item) -> bool) -> Result<u64, OperateError> {
    let bad = |what: &str| OperateError::Backup { path: file.to_owned(), what: what.to_owned() };
    let opened = File::open(file).map_err(at(file))?;
    let mut tar = tar::Archive::new(BufReader::new(opened));
    let mut parts = tar.entries().map_err(at(file))?.map(|entry| read_part(entry?));
    let mut next = || {
        let part = parts.next().transpose().map_err(|error| bad(&error.to_string()))?;
        part.ok_or_else(|| bad("it ends early; if a server wrote it, its log has the reason"))
    };
    let (name, head) = next().map_err(|_| bad("it does not begin as one"))?;
    if name != HEAD {
        return Err(bad("it does not begin as one"));
    }
    let head: Head = serde_json::from_slice(&head).map_err(|error| bad(&error.to_string()))?;
    if head.format > FORMAT {
        return Err(bad(&format!("it was written by a newer Codraft ({})", head.codraft)));
    }
    let (mut count, mut files) = (0, 0);
    loop {
        let (name, bytes) = next()?;
        if name == END {
            let end: End =
                serde_json::from_slice(&bytes).map_err(|error| bad(&error.to_string()))?;
            let is_all = end.documents == count && end.files == files;
            return if is_all { Ok(count) } else { Err(bad("some documents are missing")) };
        }
        if let Some((_, name)) = name.split_once('/') {
            let name = FileName::read(name).filter(|name| count > 0 && name.is_of(&bytes));
            let name = name.ok_or_else(|| bad("a file is not what its name says"))?;
            files += 1;
            if !take(Item::File { name, bytes: bytes.into() }) {
                return Ok(count);
            }
            continue;
        }
        let label: Label =
            serde_json::from_slice(&bytes).map_err(|error| bad(&error.to_string()))?;
        let mut part = |sum: &Sum| match next()?.1 {
            bytes if Sum::of(&bytes) == *sum => Ok(Bytes::from(bytes)),
            _ => Err(bad(&format!("the document {:?} has a wrong checksum", label.name))),
        };
        let update = part(&label.update)?;
        let notes = label.notes.as_ref().map(part).transpose()?.unwrap_or_default();
        count += 1;
        let kept = Kept { name: label.name, update, notes, is_deleted: label.deleted };
        if !take(Item::Document(kept)) {
            return Ok(count);
        }
    }
}

fn read_part<R: Read>(mut entry: tar::Entry<'_, R>) -> io::Result<(String, Vec<u8>)> {
    let name = entry.path()?.to_string_lossy().into_owned();
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    Ok((name, bytes))
}
