//! What an operator does to a data directory from the command line. It knows documents as updates; it serves nobody.
//!
//! Everything but a backup needs the directory for itself, and says so when a server has it.

mod archive;
mod files;
mod folder;
mod place;
mod progress;
mod workshop;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use codraft_core::{DocId, DocIdError};
use thiserror::Error;

use crate::document::{By, Document, LoadError, Notes};
use crate::files::FileName;
use crate::journal::JournalError;
use crate::shelves::Shelves;
use crate::storage::{self, BUILDING, Rescue, StorageError, beside};
use crate::store::{DocEntry, StoreError, sync_directory};
use place::{folder_of, is_mount_point, remove_folder, unused_beside};
use progress::Progress;
use workshop::Workshop;

pub(crate) use archive::{Backup, write_backup};

/// Why an operator's command did not do what it was asked; each is a sentence.
#[derive(Debug, Error)]
pub(crate) enum OperateError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{} exists already; name another, or say --force to replace it", .0.display())]
    Exists(PathBuf),
    #[error("{} is not a whole Codraft backup: {what}", path.display())]
    Backup { path: PathBuf, what: String },
    #[error("{name:?} cannot be a document's name: {error}")]
    Name { name: String, error: DocIdError },
    #[error("the document {name:?} cannot be read: {error}")]
    Document { name: String, error: Box<LoadError> },
    #[error("{0} of {1} documents are damaged; nothing was changed")]
    Damaged(usize, usize),
    #[error(
        "the update of {0:?} builds on something that is not in it; what can stand without it was taken"
    )]
    Gap(String),
    #[error(
        "{} is a mount point, which nothing can be moved into the place of; \
         restore into a folder in it, and name that with --data",
        .0.display()
    )]
    MountPoint(PathBuf),
    #[error("the data directory is damaged, as it was said; nothing was changed")]
    NotWhole,
    #[error("{0}; nothing was written: say --partial to take what is whole")]
    Partial(Arc<Rescue>),
    #[error("{0}; nothing was changed")]
    Rescued(Arc<Rescue>),
    #[error(
        "{} is damaged: its bytes are not those that its name stands for; restore a backup with `codraft restore`",
        .0.display()
    )]
    DamagedFile(PathBuf),
    #[error("{0} of {1} files are damaged; nothing was changed")]
    DamagedFiles(usize, usize),
}

/// A document as it is kept outside a data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Its name.
    pub(crate) name: String,
    /// The whole document as one Yjs update in the v1 encoding.
    pub(crate) update: Bytes,
    /// What is noted beside it, encoded: who wrote what, who may enter, what may not come back; or nothing.
    pub(crate) notes: Bytes,
    /// It was deleted: all that is kept of it is that its name is not to be used.
    pub(crate) is_deleted: bool,
}

/// What is kept outside a data directory, one after another: a document, then the files that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Document(Kept),
    File { name: FileName, bytes: Bytes },
}

/// Attaches a path to a file system's error.
fn at(path: &Path) -> impl Fn(io::Error) -> OperateError {
    let path = path.to_owned();
    move |source| OperateError::File { path: path.clone(), source }
}

/// How documents are taken out of a data directory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taking {
    /// What is in their new place already may be replaced.
    pub(crate) force: bool,
    /// Those that cannot be read may be left out.
    pub(crate) partial: bool,
}

/// What was read of a document; none if it cannot be and may be left out, which is said.
fn whole<T>(read: Result<T, OperateError>, partial: bool) -> Result<Option<T>, OperateError> {
    match read {
        Err(error @ (OperateError::Document { .. } | OperateError::DamagedFile(_))) if partial => {
            tracing::error!("left out: {error}");
            Ok(None)
        }
        read => read.map(Some),
    }
}

async fn load(shelves: &Shelves, name: &str) -> Result<Document, OperateError> {
    let id =
        DocId::new(name).map_err(|error| OperateError::Name { name: name.to_owned(), error })?;
    let unreadable =
        |error| OperateError::Document { name: name.to_owned(), error: Box::new(error) };
    let mut document = Document::load(id, Arc::new(shelves.clone())).await.map_err(unreadable)?;
    document.wake().map_err(unreadable)?;
    Ok(document)
}

/// A document as it is on disk at this moment, also while a server has it open.
async fn read(shelves: &Shelves, name: &str) -> Result<(Kept, DocEntry), OperateError> {
    let mut document = load(shelves, name).await?;
    let (notes, is_deleted) = (document.notes().encode().into(), document.is_deleted());
    let kept = Kept { name: name.to_owned(), update: document.encode(), notes, is_deleted };
    Ok((kept, document.entry()))
}

/// Reads everything and checks every sum; says what is wrong where.
pub(crate) async fn verify(data: &Path) -> Result<(), OperateError> {
    let workshop = Workshop::open_to_read(data, true)?;
    let progress = Progress::new("verifying", workshop.names.len());
    workshop.report_damage();
    let (mut damaged, mut files) = (0, files::Checked::default());
    for (name, _) in &workshop.names {
        match load(&workshop.shelves, name).await {
            Ok(document) => files += files::check(&workshop.shelves, document.entry())?,
            Err(error) => {
                tracing::error!("{error}");
                damaged += 1;
            }
        }
        progress.step();
    }
    let all = workshop.names.len();
    let is_damaged = workshop.shelves.rescue.is_some();
    workshop.close().await?;
    if is_damaged {
        return Err(OperateError::NotWhole);
    }
    let history = storage::check_history(data)?;
    if history > 0 {
        tracing::info!("{history} entries of history are whole");
    }
    if damaged > 0 {
        return Err(OperateError::Damaged(damaged, all));
    }
    if files.damaged > 0 {
        return Err(OperateError::DamagedFiles(files.damaged, files.all));
    }
    progress.end(&format!("{all} documents are whole, and {} files", files.all));
    Ok(())
}

/// Folds every document, so that the journal is empty and the next start reads nothing but names, and lets go of what is
/// kept from before the last folds.
pub(crate) async fn compact(data: &Path) -> Result<(), OperateError> {
    let workshop = Workshop::open_existing(data)?;
    let progress = Progress::new("compacting", workshop.names.len());
    let mut folded = 0;
    for (name, entry) in &workshop.names {
        let mut document = load(&workshop.shelves, name).await?;
        if document.is_unfolded()
            && let Ok(Some(through)) = document.fold().await
        {
            document.folded(through);
            folded += 1;
        }
        workshop.shelves.store.forget_previous(entry.number)?;
        progress.step();
    }
    workshop.close().await?;
    progress.end(&format!("{folded} documents were folded"));
    Ok(())
}

/// Writes a backup, with the help of the server if one has the directory.
pub(crate) async fn backup(
    data: &Path,
    file: &Path,
    Taking { force, partial }: Taking,
) -> Result<(), OperateError> {
    let backup = Backup::create(file, force)?;
    let written = match Workshop::open_to_read(data, partial) {
        Ok(workshop) => {
            workshop.report_damage();
            let progress = Progress::new("backing up", workshop.names.len());
            let step = || progress.step();
            let (shelves, names) = (&workshop.shelves, &workshop.names);
            let written = write_backup(backup.writer()?, shelves, names, partial, step).await?;
            workshop.close().await?;
            written
        }
        Err(OperateError::Storage(in_use @ StorageError::InUse { .. })) => {
            from_server(data, partial, backup.writer()?, in_use)?
        }
        Err(error) => return Err(error),
    };
    let documents = backup.finish(written)?;
    tracing::info!("{documents} documents are in {}", file.display());
    Ok(())
}

/// Has the running server write the backup; when it gives none, the directory is simply in use.
fn from_server(
    data: &Path,
    partial: bool,
    writer: File,
    in_use: StorageError,
) -> Result<File, OperateError> {
    #[cfg(unix)]
    if crate::operator::fetch_backup(data, partial, &writer).is_ok() {
        return Ok(writer);
    }
    let _ = (data, partial, writer);
    Err(in_use.into())
}

/// Makes a data directory from a backup. One that has something in it is moved aside, and only with `force`.
pub(crate) async fn restore(file: &Path, data: &Path, force: bool) -> Result<(), OperateError> {
    let all = archive::check_backup(file)? as usize;
    let is_used = std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
    if is_used && !force {
        return Err(OperateError::Exists(data.to_owned()));
    }
    if is_mount_point(data) {
        return Err(OperateError::MountPoint(data.to_owned()));
    }
    // Whoever uses it is asked first, by taking its lock; what is in it may be damaged.
    let held = is_used.then(|| storage::hold(data)).transpose()?;
    // Built aside and moved into place: a restore that is cut off leaves what was there.
    let building = beside(data, BUILDING);
    remove_folder(&building)?;
    keep_all(&building, "restoring", all, archive::items(file)).await?;
    if is_used {
        let aside = unused_beside(data, "before-restore");
        std::fs::rename(data, &aside).map_err(at(data))?;
        tracing::info!("what was there is in {}", aside.display());
    } else {
        remove_folder(data)?;
    }
    std::fs::rename(&building, data).map_err(at(data))?;
    sync_directory(&folder_of(data)).map_err(at(data))?;
    drop(held);
    tracing::info!("{all} documents were restored");
    Ok(())
}

/// Writes every document as text and as a Yjs update into a folder of its own making.
pub(crate) async fn export(
    data: &Path,
    folder: &Path,
    Taking { force, partial }: Taking,
) -> Result<(), OperateError> {
    let workshop = Workshop::open_to_read(data, partial)?;
    workshop.report_damage();
    let mut export = folder::Export::create(folder, force)?;
    let progress = Progress::new("exporting", workshop.names.len());
    for (name, _) in workshop.names.iter().filter(|(_, entry)| !entry.is_deleted()) {
        if let Some(mut document) = whole(load(&workshop.shelves, name).await, partial)? {
            export.add(name, &document.text(), &document.encode())?;
            files::each(&workshop.shelves, document.entry(), partial, |name, file| {
                export.add_file(name, file)
            })?;
        }
        progress.step();
    }
    let documents = export.finish()?;
    workshop.close().await?;
    progress.end(&format!("{documents} documents are in {}", folder.display()));
    Ok(())
}

/// Merges every document of an export into a data directory: what is there already stays.
pub(crate) async fn import(folder: &Path, data: &Path) -> Result<(), OperateError> {
    let (all, items) = folder::items(folder)?;
    keep_all(data, "importing", all, items).await?;
    tracing::info!("{all} documents were imported");
    Ok(())
}

async fn keep_all(
    data: &Path,
    what: &'static str,
    all: usize,
    items: impl Iterator<Item = Result<Item, OperateError>>,
) -> Result<(), OperateError> {
    let workshop = Workshop::open(data)?;
    let progress = Progress::new(what, all);
    let mut owner = None;
    for item in items {
        match (item?, owner) {
            (Item::Document(kept), _) => {
                owner = Some(keep(&workshop.shelves, &kept).await?);
                progress.step();
            }
            (Item::File { name, bytes }, Some(owner)) => {
                files::keep(&workshop.shelves, owner, &name, &bytes).await?;
            }
            (Item::File { .. }, None) => {}
        }
    }
    workshop.close().await
}

/// Merges a document into what a data directory has of it, durably. Returns which one that is.
async fn keep(shelves: &Shelves, kept: &Kept) -> Result<DocEntry, OperateError> {
    let mut document = load(shelves, &kept.name).await?;
    let refused =
        |error| OperateError::Document { name: kept.name.clone(), error: Box::new(error) };
    let notes = Notes::decode(&kept.notes).map_err(LoadError::from).map_err(refused)?;
    // An entry each for the name, the notes, the update and the deletion.
    let mut slots = shelves.journal.reserve(4).await.map_err(|_| JournalError::Closed)?;
    let by = By::nobody();
    if !document.exists() {
        document.begin(&by);
    }
    // Before the update, which would be taken for whoever runs this.
    document.take_notes(&notes);
    let change = document.merge(&kept.update, &by).map_err(LoadError::from).map_err(refused)?;
    if kept.is_deleted {
        document.delete(&by);
    }
    document.create().await?;
    document.hand_over(&mut slots);
    if change.has_gap {
        return Err(OperateError::Gap(kept.name.clone()));
    }
    if document.is_unfolded()
        && let Ok(Some(through)) = document.fold().await
    {
        document.folded(through);
    }
    Ok(document.entry())
}
