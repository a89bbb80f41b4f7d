//! Values that rot in the database's files.

use super::*;
use crate::store::shadow;

#[test]
fn a_damaged_part_of_the_database_spares_the_documents_in_others() {
    let parent = TempDir::new().unwrap();
    let first = store(&parent);
    for number in 1..=40 {
        first.fold(DocNumber(number), &folded(number, 3_000)).unwrap();
    }
    drop(first);
    let damaged = |store: &Store| (1..=40).filter(|&n| store.load(DocNumber(n)).is_err()).count();
    damage_a_value(&parent.path().join("store"), 1_000, |store| damaged(store) > 0);
    let store = store(&parent);
    for _ in 0..3 {
        let new = DocEntry { number: store.next_number(), incarnation: 1 };
        store.create("new", new).unwrap();
        let loaded = |number| store.load(DocNumber(number));
        let damaged: Vec<u64> = (1..=40).filter(|&number| loaded(number).is_err()).collect();
        assert!((1..=4).contains(&damaged.len()), "a leaf holds four values: {damaged:?}");
        assert!(store.fold(DocNumber(damaged[0]), &folded(50, 3_000)).is_err());
        store.fold(DocNumber(41), &folded(1, 10)).unwrap();
        assert!(store.find("new").unwrap().is_some());
    }
}

/// Flips a bit in the first value of more than so many bytes, from the end, in which it is noticed.
fn damage_a_value(folder: &Path, bytes: usize, is_noticed: impl Fn(&Store) -> bool) {
    let scratch = TempDir::new().unwrap();
    for (path, whole) in files(folder).into_iter().rev() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let Ok(slot) = name.parse::<usize>() else { continue };
        if slot < bytes {
            continue;
        }
        for at in (0..whole.len() / slot).rev() {
            let mut bytes = whole.clone();
            bytes[at * slot + slot / 2] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            let store = Store::open_to_read(Some(folder), vec![scratch.path().to_owned()], ());
            if store.is_ok_and(|store| is_noticed(&store)) {
                return;
            }
        }
        std::fs::write(&path, whole).unwrap();
    }
    panic!("no damage is noticed");
}

fn large() -> Folded {
    Folded { state: noise(12 * value::CHUNK), ..folded(1, 0) }
}

/// A database as a kill leaves it: the last fold has made room before a large document.
fn worn(parent: &TempDir) -> PathBuf {
    let original = store(parent);
    for number in [1, 2] {
        original.fold(DocNumber(number), &large()).unwrap();
    }
    for through in [2, 3] {
        original.fold(DocNumber(1), &folded(through, 10)).unwrap();
    }
    let folder = parent.path().join("killed");
    shadow::cast(&parent.path().join("store"), &folder).unwrap();
    for (path, bytes) in files(&folder) {
        std::fs::remove_file(&path).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

#[test]
fn a_store_that_is_only_read_keeps_every_byte() {
    let parent = TempDir::new().unwrap();
    let folder = worn(&parent);
    let before = files(&folder);
    let store = Store::open_to_read(Some(&folder), vec![parent.path().to_owned()], ()).unwrap();
    assert_eq!(store.load(DocNumber(1)).unwrap(), Some(folded(3, 10)));
    assert_eq!(store.load(DocNumber(2)).unwrap(), Some(large()));
    let entry = DocEntry { number: store.next_number(), incarnation: 1 };
    store.create("new", entry).unwrap();
    assert!(matches!(store.fold(DOCUMENT, &folded(9, 10)), Err(StoreError::ReadOnly)));
    drop(store);
    assert!(files(&folder) == before);
}

#[test]
fn what_nobody_reads_is_not_moved_about_and_so_its_damage_stops_no_fold() {
    let parent = TempDir::new().unwrap();
    let folder = worn(&parent);
    let is_damaged = |store: &Store| store.load(DocNumber(2)).is_err();
    damage_a_value(&folder, 100_000, is_damaged);
    let store = Store::open(&folder, ()).unwrap();
    for through in 4..7 {
        store.fold(DocNumber(1), &folded(through, 10)).unwrap();
    }
    assert!(is_damaged(&store), "the damage is gone");
}

/// Every file of a database with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let folders = ["", "metadata", "slabs"].map(|name| folder.join(name));
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let mut files: Vec<_> =
        paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    files.sort();
    files
}
