//! A folder on a disk that may lose its power: what its calls have made durable, and what else may or may not be there.
//! It knows files and names, not what is in them.

mod file;

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use self::file::{Change, File};
use crate::trace::{Call, Event, Place};

/// The folder that is watched.
const ROOT: usize = 0;

/// When a new, moved or removed name is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Once its folder was synced: all that POSIX promises.
    Posix,
    /// With any later sync, in their order: a file system with one log for names, such as ext4.
    Logged,
}

/// Which of the changes that no sync covers are on the disk after the power is back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survivors {
    /// None.
    Nothing,
    /// Each call as a whole or not at all, at random.
    Calls,
    /// Each 4 KiB of each write, at random.
    Blocks,
}

/// A change of names that no sync covers yet: what each of them stands for afterwards. It happens as a whole.
struct Naming {
    ended: usize,
    entries: Vec<(usize, OsString, Option<usize>)>,
}

type Entries = BTreeMap<OsString, usize>;

#[derive(Default)]
struct Folder {
    now: Entries,
    durable: Entries,
}

enum Node {
    File(File),
    Folder(Folder),
}

/// An open file; descriptors may share it.
struct Opened {
    node: usize,
    offset: u64,
    append: bool,
}

/// The disk.
pub struct Disk {
    root: PathBuf,
    names: Names,
    nodes: Vec<Node>,
    namings: Vec<Naming>,
    opened: Vec<Opened>,
    descriptors: HashMap<(u32, u64), usize>,
    /// Syncs of data alone do nothing: the disk lies.
    is_liar: bool,
}

impl Disk {
    /// The disk below an empty folder.
    pub fn new(root: &Path, names: Names) -> Self {
        Self {
            root: root.to_owned(),
            names,
            nodes: vec![Node::Folder(Folder::default())],
            namings: Vec::new(),
            opened: Vec::new(),
            descriptors: HashMap::new(),
            is_liar: false,
        }
    }

    /// A disk that says *written* to `fdatasync` and is not; nobody is promised anything on it.
    pub fn lying(root: &Path, names: Names) -> Self {
        Self { is_liar: true, ..Self::new(root, names) }
    }

    /// Does what a call did; calls on other folders are not seen.
    pub fn apply(&mut self, event: &Event) {
        let (process, ended) = (event.process, event.ended);
        match &event.call {
            Call::Open { place, fd, create, truncate, append } => {
                self.descriptors.remove(&(process, *fd));
                let Some(node) = self.open(process, place, *create, ended) else { return };
                if *truncate {
                    self.change(node, ended, Change::SetLen(0));
                }
                self.opened.push(Opened { node, offset: 0, append: *append });
                self.descriptors.insert((process, *fd), self.opened.len() - 1);
            }
            Call::Close { fd } => drop(self.descriptors.remove(&(process, *fd))),
            Call::Dup { fd, copy } => {
                if let Some(&opened) = self.descriptors.get(&(process, *fd)) {
                    self.descriptors.insert((process, *copy), opened);
                }
            }
            Call::MakeFolder { place } => {
                if let Some((folder, name)) = self.locate(process, place) {
                    self.nodes.push(Node::Folder(Folder::default()));
                    let made = self.nodes.len() - 1;
                    self.name(ended, vec![(folder, name, Some(made))]);
                }
            }
            Call::Rename { from, to } => {
                if let (Some(from), Some(to)) =
                    (self.locate(process, from), self.locate(process, to))
                {
                    let node = self.folder(from.0).now.get(&from.1).copied();
                    self.name(ended, vec![(from.0, from.1, None), (to.0, to.1, node)]);
                }
            }
            Call::Remove { place } => {
                if let Some((folder, name)) = self.locate(process, place) {
                    self.name(ended, vec![(folder, name, None)]);
                }
            }
            Call::Read { fd, .. }
            | Call::Seek { fd, .. }
            | Call::Write { fd, .. }
            | Call::WriteAt { fd, .. }
            | Call::SetLen { fd, .. }
            | Call::Sync { fd, .. } => {
                if let Some(&opened) = self.descriptors.get(&(process, *fd)) {
                    self.use_file(opened, event);
                }
            }
        }
    }

    fn use_file(&mut self, opened: usize, event: &Event) {
        let Opened { node, offset, append } = self.opened[opened];
        match &event.call {
            Call::Read { count, .. } => self.opened[opened].offset += count,
            Call::Seek { offset, .. } => self.opened[opened].offset = *offset,
            Call::Write { bytes, .. } => {
                let offset = if append { self.file(node).now.len() as u64 } else { offset };
                self.opened[opened].offset = offset + bytes.len() as u64;
                let bytes = Rc::from(bytes.as_slice());
                self.change(node, event.ended, Change::Write { offset, bytes });
            }
            Call::WriteAt { bytes, offset, .. } => {
                let change = Change::Write { offset: *offset, bytes: Rc::from(bytes.as_slice()) };
                self.change(node, event.ended, change);
            }
            Call::SetLen { length, .. } => self.change(node, event.ended, Change::SetLen(*length)),
            Call::Sync { data_only: true, .. } if self.is_liar => {}
            Call::Sync { .. } => self.sync(node, event.began),
            _ => {}
        }
    }

    fn open(&mut self, process: u32, place: &Place, create: bool, ended: usize) -> Option<usize> {
        if place.path.as_path() == self.root {
            return Some(ROOT);
        }
        let (folder, name) = self.locate(process, place)?;
        if let Some(&node) = self.folder(folder).now.get(&name) {
            return Some(node);
        }
        assert!(create, "{} was opened, but nobody has made it", place.path.display());
        self.nodes.push(Node::File(File::default()));
        let made = self.nodes.len() - 1;
        self.name(ended, vec![(folder, name, Some(made))]);
        Some(made)
    }

    /// The folder and the name in it that a path stands for, if it is on this disk.
    fn locate(&self, process: u32, place: &Place) -> Option<(usize, OsString)> {
        let (mut folder, below) = match place.path.strip_prefix(&self.root) {
            Ok(below) => (ROOT, below),
            Err(_) if place.path.is_relative() => {
                let opened = *self.descriptors.get(&(process, place.at?))?;
                (self.opened[opened].node, place.path.as_path())
            }
            Err(_) => return None,
        };
        let mut names = below.components().filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            _ => None,
        });
        let mut name = names.next()?;
        for next in names {
            folder = *self.folder(folder).now.get(&name)?;
            name = next;
        }
        Some((folder, name))
    }

    fn name(&mut self, ended: usize, entries: Vec<(usize, OsString, Option<usize>)>) {
        for (folder, name, node) in &entries {
            put(&mut self.folder_mut(*folder).now, name, *node);
        }
        self.namings.push(Naming { ended, entries });
    }

    fn change(&mut self, node: usize, ended: usize, change: Change) {
        self.file_mut(node).change(ended, change);
    }

    /// Makes durable what was over before the sync began.
    fn sync(&mut self, node: usize, began: usize) {
        if let Node::File(file) = &mut self.nodes[node] {
            file.sync(began);
        }
        let logged = self.names == Names::Logged;
        let covered = |naming: &mut Naming| {
            let touches = naming.entries.iter().any(|(folder, ..)| *folder == node);
            naming.ended < began && (logged || touches)
        };
        let namings: Vec<Naming> = self.namings.extract_if(.., covered).collect();
        for (folder, name, node) in namings.into_iter().flat_map(|naming| naming.entries) {
            put(&mut self.folder_mut(folder).durable, &name, node);
        }
    }

    /// Writes what is there after the power has failed and come back into an empty folder.
    pub fn lose_power(
        &self,
        survivors: Survivors,
        random: &mut fastrand::Rng,
        into: &Path,
    ) -> io::Result<()> {
        let mut folders: HashMap<usize, Entries> = HashMap::new();
        for (number, node) in self.nodes.iter().enumerate() {
            if let Node::Folder(folder) = node {
                folders.insert(number, folder.durable.clone());
            }
        }
        for naming in self.surviving_names(survivors, random) {
            for (folder, name, node) in &naming.entries {
                put(folders.entry(*folder).or_default(), name, *node);
            }
        }
        self.rebuild(ROOT, &folders, into, &mut |file| file.after_loss(survivors, random))
    }

    fn surviving_names(&self, survivors: Survivors, random: &mut fastrand::Rng) -> Vec<&Naming> {
        match (survivors, self.names) {
            (Survivors::Nothing, _) => Vec::new(),
            (_, Names::Posix) => self.namings.iter().filter(|_| random.bool()).collect(),
            (_, Names::Logged) => {
                let count = random.usize(..=self.namings.len());
                self.namings.iter().take(count).collect()
            }
        }
    }

    fn rebuild(
        &self,
        folder: usize,
        folders: &HashMap<usize, Entries>,
        into: &Path,
        content: &mut impl FnMut(&File) -> Vec<u8>,
    ) -> io::Result<()> {
        for (name, &node) in folders.get(&folder).into_iter().flatten() {
            let path = into.join(name);
            match &self.nodes[node] {
                Node::File(file) => fs::write(path, content(file))?,
                Node::Folder(_) => {
                    fs::create_dir(&path)?;
                    self.rebuild(node, folders, &path, content)?;
                }
            }
        }
        Ok(())
    }

    /// Says where the real folder is not what all calls together have made of it: a call that was not understood.
    pub fn difference(&self) -> Option<String> {
        self.compare(ROOT, &self.root).err()
    }

    fn compare(&self, folder: usize, path: &Path) -> Result<(), String> {
        let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        // A socket is in no call that is watched, and no file system keeps what it is for.
        let kept =
            |entry: &fs::DirEntry| entry.file_type().is_ok_and(|t| t.is_file() || t.is_dir());
        let kept = entries.flatten().filter(kept);
        let mut real: Vec<OsString> = kept.map(|entry| entry.file_name()).collect();
        real.sort();
        let known: Vec<OsString> = self.folder(folder).now.keys().cloned().collect();
        if real != known {
            return Err(format!("{} has {real:?}, the calls made {known:?}", path.display()));
        }
        for (name, &node) in &self.folder(folder).now {
            let path = path.join(name);
            match &self.nodes[node] {
                Node::Folder(_) => self.compare(node, &path)?,
                Node::File(file) if fs::read(&path).ok().as_deref() == Some(&file.now) => {}
                Node::File(_) => return Err(format!("{} has another content", path.display())),
            }
        }
        Ok(())
    }

    fn folder(&self, node: usize) -> &Folder {
        match &self.nodes[node] {
            Node::Folder(folder) => folder,
            Node::File(_) => panic!("a file was used as a folder"),
        }
    }

    fn folder_mut(&mut self, node: usize) -> &mut Folder {
        match &mut self.nodes[node] {
            Node::Folder(folder) => folder,
            Node::File(_) => panic!("a file was used as a folder"),
        }
    }

    fn file(&self, node: usize) -> &File {
        match &self.nodes[node] {
            Node::File(file) => file,
            Node::Folder(_) => panic!("a folder was used as a file"),
        }
    }

    fn file_mut(&mut self, node: usize) -> &mut File {
        match &mut self.nodes[node] {
            Node::File(file) => file,
            Node::Folder(_) => panic!("a folder was used as a file"),
        }
    }
}

fn put(entries: &mut Entries, name: &OsString, node: Option<usize>) {
    match node {
        Some(node) => drop(entries.insert(name.clone(), node)),
        None => drop(entries.remove(name)),
    }
}
