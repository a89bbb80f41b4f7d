//! The store on a real disk: generations, damage and panics.

mod damage;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{DocEntry, DocNumber, Folded, Store, StoreError, value};

const DOCUMENT: DocNumber = DocNumber(3);

fn store(parent: &TempDir) -> Store {
    let folder: PathBuf = parent.path().join("store");
    if !folder.exists() {
        Store::create_folder(&folder).unwrap();
    }
    Store::open(&folder, ()).unwrap()
}

fn folded(through: u64, length: usize) -> Folded {
    let state = (0..length).map(|at| ((at as u64 * through) >> 3) as u8).collect();
    Folded {
        through,
        incarnation: 1,
        state,
        attribution: through.to_le_bytes().into(),
        about: b"card".into(),
    }
}

/// How many values hold merged states.
fn chunks(store: &Store) -> usize {
    store.inner.writer.run(|held| Ok(held.database()?.states.iter().count())).unwrap()
}

/// Flips a bit in one value of a tree.
fn damage(
    store: &Store,
    tree: fn(&super::Database) -> &sled::Tree<4>,
    key: impl AsRef<[u8]> + Send + 'static,
) {
    let flip = move |database: &super::Database| {
        database.begin(0)?;
        let mut bytes = tree(database).get(&key)?.unwrap().to_vec();
        bytes[1] ^= 1;
        tree(database).insert(&key, bytes)?;
        Ok(())
    };
    store.inner.write(flip).unwrap();
}

#[test]
fn a_fold_of_another_life_keeps_nothing_of_the_one_before() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    for through in [1, 2] {
        store.fold(DOCUMENT, &folded(through, 2 * value::CHUNK)).unwrap();
    }
    let deleted = Folded { incarnation: 2, ..folded(3, 0) };
    store.fold(DOCUMENT, &deleted).unwrap();
    assert_eq!((store.load(DOCUMENT).unwrap(), chunks(&store)), (Some(deleted.clone()), 1));
    // One of the life before that is late changes nothing.
    store.fold(DOCUMENT, &folded(9, 10)).unwrap();
    assert_eq!(store.load(DOCUMENT).unwrap(), Some(deleted));
}

#[test]
fn names_come_a_page_at_a_time_whether_they_are_on_the_disk_or_not() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let entry = |number, incarnation| DocEntry { number: DocNumber(number), incarnation };
    for (number, name) in (1..).zip(["b", "a/2", "a/1", "c"]) {
        store.create(name, entry(number, 1)).unwrap();
    }
    store.fold(DocNumber(3), &folded(1, 10)).unwrap();
    store.create("a/3", entry(5, 1)).unwrap();
    store.create("a/2", entry(2, 2)).unwrap();
    let page = |prefix: &str, after: &str, most| -> Vec<(String, Option<u64>)> {
        let page = store.page(prefix, after, most).unwrap();
        page.into_iter().map(|listed| (listed.name, listed.bytes)).collect()
    };
    let none = |name: &str| (name.to_owned(), None);
    let first = ("a/1".to_owned(), Some(10));
    assert_eq!(page("", "", 9), [first.clone(), none("a/3"), none("b"), none("c")]);
    assert_eq!(page("", "a/3", 1), [none("b")]);
    assert_eq!(page("a/", "", 1), [first]);
    assert_eq!(page("a/", "a/1", 9), [none("a/3")]);
    assert_eq!(page("x", "", 9), []);
}

#[test]
fn a_fold_replaces_the_state_and_keeps_one_before_it() {
    let parent = TempDir::new().unwrap();
    let states = [
        folded(1, 0),
        folded(2, 10),
        folded(9, 2 * value::CHUNK + 1),
        folded(12, value::CHUNK),
        folded(13, 5),
    ];
    for (state, kept) in states.iter().zip([1, 2, 4, 5, 3]) {
        let store = store(&parent);
        store.fold(DOCUMENT, state).unwrap();
        assert_eq!(store.load(DOCUMENT).unwrap().as_ref(), Some(state));
        assert_eq!((store.through(DOCUMENT).unwrap(), chunks(&store)), (state.through, kept));
    }
    assert_eq!(store(&parent).load(DOCUMENT).unwrap().as_ref(), states.last());
    assert_eq!(store(&parent).load(DocNumber(4)).unwrap(), None);
}

#[test]
fn a_store_that_rests_is_opened_again_and_has_every_document_and_every_name() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let large = folded(7, 8 * value::CHUNK);
    store.fold(DOCUMENT, &large).unwrap();
    store.create("unwritten", DocEntry { number: DocNumber(4), incarnation: 1 }).unwrap();
    assert!(store.kept() > large.bytes());
    store.rest();
    // The writer does one thing after another.
    store.flush().unwrap();
    assert_eq!(store.kept(), 0);
    assert_eq!(store.find("unwritten").unwrap().unwrap().number, DocNumber(4));
    store.fold(DocNumber(4), &folded(1, 10)).unwrap();
    assert_eq!(store.load(DOCUMENT).unwrap(), Some(large));
    assert_eq!(store.load(DocNumber(4)).unwrap(), Some(folded(1, 10)));
}

#[test]
fn the_state_before_the_newest_is_let_go_when_it_is_told_to() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    for through in [1, 2] {
        store.fold(DOCUMENT, &folded(through, 10)).unwrap();
    }
    for _ in 0..2 {
        store.forget_previous(DOCUMENT).unwrap();
        assert_eq!((chunks(&store), store.load(DOCUMENT).unwrap()), (1, Some(folded(2, 10))));
    }
    store.fold(DOCUMENT, &folded(3, 10)).unwrap();
    assert_eq!((chunks(&store), store.load(DOCUMENT).unwrap()), (2, Some(folded(3, 10))));
    store.forget_previous(DocNumber(9)).unwrap();
}

#[test]
fn what_a_fold_that_was_cut_short_left_behind_goes_with_the_next_one() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    store.fold(DOCUMENT, &folded(1, 10)).unwrap();
    let leave = |database: &super::Database| {
        database.begin(0)?;
        for chunk in 0..3 {
            database
                .states
                .insert(value::chunk_key(DOCUMENT, 2, chunk), value::encode_chunk(b"part"))?;
        }
        Ok(())
    };
    store.inner.write(leave).unwrap();
    assert_eq!(store.load(DOCUMENT).unwrap(), Some(folded(1, 10)));
    store.fold(DOCUMENT, &folded(2, 10)).unwrap();
    assert_eq!((store.load(DOCUMENT).unwrap(), chunks(&store)), (Some(folded(2, 10)), 2));
}

#[test]
fn a_damaged_state_is_an_error_that_names_its_document_and_spares_the_others() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    for number in 1..=6 {
        store.fold(DocNumber(number), &folded(1, 100)).unwrap();
    }
    damage(&store, |database| &database.states, value::chunk_key(DOCUMENT, 1, 0));
    damage(&store, |database| &database.documents, 5_u64.to_be_bytes());
    for number in [1, 2, 4, 6] {
        assert_eq!(store.load(DocNumber(number)).unwrap(), Some(folded(1, 100)));
    }
    for number in [3, 5] {
        let error = store.load(DocNumber(number)).unwrap_err();
        assert!(
            matches!(error, StoreError::State { document, .. } if document.0 == number),
            "{error}"
        );
    }
}

#[test]
fn a_name_stands_for_one_document_until_a_later_life_of_it() {
    let parent = TempDir::new().unwrap();
    let first = DocEntry { number: DocNumber(7), incarnation: 1 };
    let later = DocEntry { incarnation: 2, ..first };
    for entry in [first, later] {
        let store = store(&parent);
        store.create("a/b", entry).unwrap();
        store.create("a/b", DocEntry { number: DocNumber(8), incarnation: 1 }).unwrap();
        assert_eq!(store.find("a/b").unwrap(), Some(entry));
        assert_eq!(store.count(), 1);
    }
    let store = store(&parent);
    assert_eq!((store.find("a/b").unwrap(), store.find("a").unwrap()), (Some(later), None));
    damage(&store, |database| &database.names, "a/b");
    assert!(matches!(store.find("a/b"), Err(StoreError::Name { name }) if name == "a/b"));
    drop(store);
    assert!(Store::open(&parent.path().join("store"), ()).is_err());
}

#[test]
fn numbers_are_never_given_twice() {
    let parent = TempDir::new().unwrap();
    let entry = DocEntry { number: DocNumber(40), incarnation: 1 };
    store(&parent).create("high", entry).unwrap();
    let store = store(&parent);
    assert_eq!((store.next_number().0, store.next_number().0), (41, 42));
    store.reserve_through(50);
    store.reserve_through(45);
    assert_eq!(store.next_number().0, 51);
}

#[test]
fn a_panic_in_the_database_is_an_error_and_the_store_goes_on() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let error =
        store.inner.reader.run::<()>(|_| panic!("as sled does on a damaged file")).unwrap_err();
    assert!(error.to_string().contains("panicked"), "{error}");
    assert_eq!(store.load(DOCUMENT).unwrap(), None);
}

#[test]
fn an_index_that_a_power_loss_left_without_a_log_is_kept() {
    let parent = TempDir::new().unwrap();
    let state = folded(7, 100);
    store(&parent).fold(DOCUMENT, &state).unwrap();
    // The second open moves all that is known into a snapshot; its own log is not durable yet.
    drop(store(&parent));
    let metadata = parent.path().join("store/metadata");
    for entry in std::fs::read_dir(&metadata).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("log_") {
            assert_eq!(path.metadata().unwrap().len(), 0, "the log holds something");
            std::fs::remove_file(path).unwrap();
        }
    }
    for _ in 0..3 {
        assert_eq!(store(&parent).load(DOCUMENT).unwrap().as_ref(), Some(&state));
    }
}

#[test]
fn a_damaged_list_of_what_lies_where_is_noticed_wherever_it_is() {
    let parent = TempDir::new().unwrap();
    for through in 1..6 {
        store(&parent).fold(DOCUMENT, &folded(through, 100)).unwrap();
    }
    let last = store(&parent);
    for through in 6..9 {
        last.fold(DOCUMENT, &folded(through, 100)).unwrap();
    }
    drop(last);
    let (folder, list) = (parent.path().join("store"), parent.path().join("store/metadata"));
    super::metadata::check(&folder).unwrap();
    for entry in std::fs::read_dir(list).unwrap() {
        let path = entry.unwrap().path();
        let whole = std::fs::read(&path).unwrap();
        let is_noticed = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            let said = super::metadata::check(&folder).unwrap_err().to_string();
            assert!(said.contains(&path.display().to_string()), "{said}");
        };
        for byte in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[byte] ^= 1 << (byte % 8);
            is_noticed(&flipped);
            is_noticed(&whole[..byte]);
        }
        // A power loss in the middle of the next write leaves this.
        let is_log = path.file_name().unwrap().to_string_lossy().starts_with("log_");
        if is_log {
            std::fs::write(&path, [&whole[..], &whole[..9]].concat()).unwrap();
            super::metadata::check(&folder).unwrap();
        }
        std::fs::write(&path, whole).unwrap();
    }
    super::metadata::check(&folder).unwrap();
}

/// A small disk of its own, if this process may have one.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount(bytes: &str) -> Option<SmallDisk> {
        let disk = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"])
            .arg(disk.path())
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(SmallDisk(disk));
        }
        eprintln!("skipped: only root on Linux may mount a small disk");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_folds_only_until_there_is_space_again() {
    let Some(disk) = SmallDisk::mount("64m") else { return };
    let store = store(&disk.0);
    let state = Folded { state: noise(3 << 20), ..folded(2, 0) };
    store.create("before", DocEntry { number: DOCUMENT, incarnation: 1 }).unwrap();
    store.fold(DOCUMENT, &folded(1, 1_000)).unwrap();
    let filler = disk.0.path().join("filler");
    assert!(std::fs::write(&filler, vec![1; 64 << 20]).is_err());
    let later = DocEntry { number: DocNumber(4), incarnation: 1 };
    store.create("while full", later).unwrap();
    for _ in 0..2 {
        let error = store.fold(DOCUMENT, &state).unwrap_err();
        assert!(matches!(error, StoreError::Full { free: 0, .. }), "{error}");
        assert_eq!(store.load(DOCUMENT).unwrap(), Some(folded(1, 1_000)));
        assert_eq!(store.find("while full").unwrap(), Some(later));
    }
    std::fs::remove_file(&filler).unwrap();
    store.fold(DOCUMENT, &state).unwrap();
    drop(store);
    let store = self::store(&disk.0);
    assert_eq!(store.load(DOCUMENT).unwrap(), Some(state));
    assert_eq!(store.find("while full").unwrap(), Some(later));
}

#[test]
fn a_store_whose_write_has_failed_ends_all_the_same() {
    let Some(disk) = SmallDisk::mount("8m") else { return };
    let store = store(&disk.0);
    let fill = {
        let filler = disk.0.path().join("filler");
        move |database: &super::Database| {
            database.begin(0)?;
            database.states.insert("large", noise(1 << 20))?;
            assert!(std::fs::write(filler, vec![1; 8 << 20]).is_err());
            database.flush()
        }
    };
    store.inner.write(fill).unwrap_err();
    let error = store.load(DOCUMENT).unwrap_err().to_string();
    assert!(error.contains("start the server again"), "{error}");
}

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[test]
fn a_document_can_be_read_while_others_are_folded() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    store.fold(DOCUMENT, &folded(1, 100)).unwrap();
    let folding = std::thread::spawn({
        let store = store.clone();
        move || (10..30).for_each(|number| store.fold(DocNumber(number), &folded(1, 100)).unwrap())
    });
    while !folding.is_finished() {
        assert_eq!(store.load(DOCUMENT).unwrap(), Some(folded(1, 100)));
    }
    folding.join().unwrap();
}
