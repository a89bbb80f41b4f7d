//! The thread that alone adds and removes files: so their sum is always known, and nothing is added to what is being removed.
//! It knows folders, not what is in files.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::{fs, io, thread};

use tokio::sync::{mpsc, oneshot};

use super::{FileName, NotKept, Received, folder_of, found, list};
use crate::store::{DocEntry, DocNumber, sync_directory};

/// What the thread is told.
#[derive(Debug)]
pub(super) enum Order {
    Keep {
        file: Received,
        owner: DocEntry,
        most: u64,
        reply: oneshot::Sender<Result<bool, NotKept>>,
    },
    Count {
        owner: DocEntry,
        reply: oneshot::Sender<io::Result<u64>>,
    },
    Remove {
        owner: DocEntry,
        name: FileName,
        reply: oneshot::Sender<io::Result<bool>>,
    },
    Forget {
        owner: DocEntry,
        reply: oneshot::Sender<io::Result<()>>,
    },
}

/// The folder, and what is known of it.
pub(super) struct Stock {
    folder: PathBuf,
    /// Bytes of the files of those who were asked about.
    used: BTreeMap<DocEntry, u64>,
    /// The last life of a document that is over.
    over: HashMap<DocNumber, u32>,
}

impl Stock {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, used: BTreeMap::new(), over: HashMap::new() }
    }

    /// Follows orders until nobody can give any more.
    pub(super) fn start(mut self, mut orders: mpsc::Receiver<Order>) {
        thread::spawn(move || {
            while let Some(order) = orders.blocking_recv() {
                self.follow(order);
            }
        });
    }

    fn follow(&mut self, order: Order) {
        // Whoever asked may be gone.
        match order {
            Order::Keep { file, owner, most, reply } => {
                drop(reply.send(self.keep(&file, owner, most)));
            }
            Order::Count { owner, reply } => drop(reply.send(self.count(owner))),
            Order::Remove { owner, name, reply } => drop(reply.send(self.remove(owner, &name))),
            Order::Forget { owner, reply } => drop(reply.send(self.forget(owner))),
        }
    }

    fn keep(&mut self, file: &Received, owner: DocEntry, most: u64) -> Result<bool, NotKept> {
        if self.over.get(&owner.number).is_some_and(|&over| owner.incarnation <= over) {
            return Err(NotKept::Gone);
        }
        let folder = folder_of(&self.folder, owner);
        let path = folder.join(file.name.to_string());
        let is_new = !path.try_exists()?;
        if is_new {
            let needed = self.count(owner)? + file.bytes;
            if needed > most {
                return Err(NotKept::Full { needed, most });
            }
            self.make(owner)?;
            // Counted anew if anything goes wrong from here on.
            self.used.remove(&owner);
            fs::rename(&file.place.0, &path)?;
            sync_directory(&folder)?;
            self.used.insert(owner, needed);
        } else {
            // Whoever brought it first may not have heard that it is on the disk.
            sync_directory(&folder)?;
        }
        Ok(is_new)
    }

    /// The folder of a life, whose name is durable when this returns.
    fn make(&self, owner: DocEntry) -> io::Result<()> {
        let folder = folder_of(&self.folder, owner);
        if !folder.is_dir() {
            fs::create_dir(&folder)?;
        }
        sync_directory(&self.folder)?;
        self.folder.parent().map_or(Ok(()), sync_directory)
    }

    fn count(&mut self, owner: DocEntry) -> io::Result<u64> {
        if let Some(&used) = self.used.get(&owner) {
            return Ok(used);
        }
        let used = list(&folder_of(&self.folder, owner))?.iter().map(|file| file.bytes).sum();
        self.used.insert(owner, used);
        Ok(used)
    }

    fn remove(&mut self, owner: DocEntry, name: &FileName) -> io::Result<bool> {
        let folder = folder_of(&self.folder, owner);
        self.used.remove(&owner);
        let was_there = found(fs::remove_file(folder.join(name.to_string())))?.is_some();
        if was_there {
            sync_directory(&folder)?;
        }
        Ok(was_there)
    }

    fn forget(&mut self, owner: DocEntry) -> io::Result<()> {
        let over = self.over.entry(owner.number).or_default();
        *over = owner.incarnation.max(*over);
        self.used.remove(&owner);
        match found(fs::remove_dir_all(folder_of(&self.folder, owner)))? {
            Some(()) => sync_directory(&self.folder),
            None => Ok(()),
        }
    }
}
