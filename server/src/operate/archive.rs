//! The backup file: a tar of documents as Yjs updates, with sums, whole or not at all. It knows no data directory.
//!
//! `codraft-backup.json`, then for each document `NUMBER.json` (its name, length and CRC32C) and `NUMBER.update`, then
//! `end.json` with their number: a file that was cut off has no end.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Kept, OperateError, at};
use crate::document::Shelves;
use crate::store::{DocEntry, sync_directory};

/// The format that this release writes, and the newest that it reads.
const FORMAT: u32 = 1;

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
    bytes: u64,
    crc32c: u32,
}

#[derive(Serialize, Deserialize)]
struct End {
    documents: u64,
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
        let partial = super::beside(file, "partial");
        Ok(Self { file: file.to_owned(), partial, force })
    }

    /// Where to write.
    pub(crate) fn writer(&self) -> Result<File, OperateError> {
        File::create(&self.partial).map_err(at(&self.partial))
    }

    /// Makes it durable, reads it once more and moves it into place.
    pub(crate) fn finish(self, file: File) -> Result<u64, OperateError> {
        file.sync_all().map_err(at(&self.partial))?;
        drop(file);
        let documents = read_backup(&self.partial)?.len() as u64;
        if self.file.exists() && !self.force {
            return Err(OperateError::Exists(self.file));
        }
        fs::rename(&self.partial, &self.file).map_err(at(&self.file))?;
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        sync_directory(folder.unwrap_or(Path::new("."))).map_err(at(&self.file))?;
        Ok(documents)
    }
}

/// Writes every document, as it is when its turn comes, and gives the writer back.
pub(crate) async fn write_backup<W: Write>(
    writer: W,
    shelves: &Shelves,
    names: &[(String, DocEntry)],
    step: impl Fn(),
) -> Result<W, OperateError> {
    let mut tar = tar::Builder::new(BufWriter::new(writer));
    let head = Head { format: FORMAT, codraft: env!("CARGO_PKG_VERSION").to_owned() };
    let failed = |source| OperateError::File { path: "the backup".into(), source };
    add_json(&mut tar, HEAD, &head).map_err(failed)?;
    for (number, (name, _)) in names.iter().enumerate() {
        add_document(&mut tar, number, &super::read(shelves, name).await?).map_err(failed)?;
        step();
    }
    add_json(&mut tar, END, &End { documents: names.len() as u64 }).map_err(failed)?;
    let buffered = tar.into_inner().map_err(failed)?;
    buffered.into_inner().map_err(|error| failed(error.into_error()))
}

fn add_document<W: Write>(tar: &mut tar::Builder<W>, number: usize, kept: &Kept) -> io::Result<()> {
    let label = Label {
        name: kept.name.clone(),
        bytes: kept.update.len() as u64,
        crc32c: crc32c::crc32c(&kept.update),
    };
    add_json(tar, &format!("{number:08}.json"), &label)?;
    add(tar, &format!("{number:08}.update"), &kept.update)
}

fn add_json<W: Write>(
    tar: &mut tar::Builder<W>,
    name: &str,
    value: &impl Serialize,
) -> io::Result<()> {
    add(tar, name, &serde_json::to_vec(value)?)
}

fn add<W: Write>(tar: &mut tar::Builder<W>, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    tar.append_data(&mut header, name, bytes)
}

/// Reads a whole backup and checks every sum.
pub(super) fn read_backup(file: &Path) -> Result<Vec<Kept>, OperateError> {
    let bad = |what: &str| OperateError::Backup { path: file.to_owned(), what: what.to_owned() };
    let opened = File::open(file).map_err(at(file))?;
    let mut tar = tar::Archive::new(BufReader::new(opened));
    let mut parts = tar.entries().map_err(at(file))?.map(|entry| read_part(entry?));
    let mut next = || parts.next().transpose().map_err(|error| bad(&error.to_string()));

    let head =
        next()?.filter(|(name, _)| name == HEAD).ok_or_else(|| bad("it does not begin as one"))?;
    let head: Head = serde_json::from_slice(&head.1).map_err(|error| bad(&error.to_string()))?;
    if head.format > FORMAT {
        return Err(bad(&format!("it was written by a newer Codraft ({})", head.codraft)));
    }
    let mut documents = Vec::new();
    while let Some((name, bytes)) = next()? {
        if name == END {
            let end: End =
                serde_json::from_slice(&bytes).map_err(|error| bad(&error.to_string()))?;
            let all = end.documents == documents.len() as u64;
            return if all { Ok(documents) } else { Err(bad("some documents are missing")) };
        }
        let label: Label =
            serde_json::from_slice(&bytes).map_err(|error| bad(&error.to_string()))?;
        let (_, update) = next()?.ok_or_else(|| bad("it ends early"))?;
        if label.bytes != update.len() as u64 || label.crc32c != crc32c::crc32c(&update) {
            return Err(bad(&format!("the document {:?} has a wrong checksum", label.name)));
        }
        documents.push(Kept { name: label.name, update: update.into() });
    }
    Err(bad("it ends early"))
}

fn read_part<R: Read>(mut entry: tar::Entry<'_, R>) -> io::Result<(String, Vec<u8>)> {
    let name = entry.path()?.to_string_lossy().into_owned();
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    Ok((name, bytes))
}
