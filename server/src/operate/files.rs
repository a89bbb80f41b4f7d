//! Files of documents, on their way out of a data directory and into one. It knows no archive and no export.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::ops::AddAssign;
use std::path::Path;

use super::{OperateError, at, whole};
use crate::files::{FileName, NotKept, Stored, is_whole};
use crate::shelves::Shelves;
use crate::store::DocEntry;

/// How many files were looked at.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Checked {
    pub(super) all: usize,
    pub(super) damaged: usize,
}

impl AddAssign for Checked {
    fn add_assign(&mut self, more: Self) {
        self.all += more.all;
        self.damaged += more.damaged;
    }
}

/// Hands on each file of a document, to be read from its beginning. Those that are damaged are left out only if the rest will
/// do.
pub(super) fn each(
    shelves: &Shelves,
    owner: DocEntry,
    partial: bool,
    mut take: impl FnMut(&FileName, File) -> Result<(), OperateError>,
) -> Result<(), OperateError> {
    for Stored { name, .. } in list(shelves, owner)? {
        // One that is gone meanwhile was removed, or its document deleted.
        let Some(file) = open(shelves, owner, &name)? else { continue };
        if let Some(file) = whole(checked(shelves, owner, &name, file), partial)? {
            take(&name, file)?;
        }
    }
    Ok(())
}

/// Reads every file of a document; says which are damaged.
pub(super) fn check(shelves: &Shelves, owner: DocEntry) -> Result<Checked, OperateError> {
    let mut all = 0;
    let mut sound = 0;
    for Stored { name, .. } in list(shelves, owner)? {
        let Some(file) = open(shelves, owner, &name)? else { continue };
        all += 1;
        sound += usize::from(whole(checked(shelves, owner, &name, file), true)?.is_some());
    }
    Ok(Checked { all, damaged: all - sound })
}

/// Gives a document a file, durably.
pub(super) async fn keep(
    shelves: &Shelves,
    owner: DocEntry,
    name: &FileName,
    bytes: &[u8],
) -> Result<(), OperateError> {
    let path = shelves.files.path(owner, name);
    let unkept =
        |error: &dyn std::error::Error| at(&path)(std::io::Error::other(error.to_string()));
    let incoming = shelves.files.receive().map_err(at(&path))?;
    let received = incoming.take(bytes, name).map_err(|error| unkept(&error))?;
    match shelves.files.keep(received, owner, u64::MAX).await {
        Ok(_) => Ok(()),
        Err(NotKept::Disk(error)) => Err(at(&path)(error)),
        Err(error) => Err(unkept(&error)),
    }
}

fn list(shelves: &Shelves, owner: DocEntry) -> Result<Vec<Stored>, OperateError> {
    shelves.files.list(owner).map_err(at(Path::new("files")))
}

fn open(shelves: &Shelves, owner: DocEntry, name: &FileName) -> Result<Option<File>, OperateError> {
    shelves.files.open(owner, name).map_err(at(&shelves.files.path(owner, name)))
}

fn checked(
    shelves: &Shelves,
    owner: DocEntry,
    name: &FileName,
    mut file: File,
) -> Result<File, OperateError> {
    let path = shelves.files.path(owner, name);
    if !is_whole(&file, name).map_err(at(&path))? {
        return Err(OperateError::DamagedFile(path));
    }
    file.seek(SeekFrom::Start(0)).map_err(at(&path))?;
    Ok(file)
}
