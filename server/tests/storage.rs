//! Conversations with a real data directory: what was reported durable is there again, and what is
//! damaged is refused with a sentence.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use codraft::{
    journal::{Durable, Journal, JournalConfig, Record, RecordKind, StorageState},
    storage::Storage,
    store::{DocEntry, DocNumber, Folded},
};
use tempfile::TempDir;
use tokio::sync::watch;

/// A document as a room would drive it.
struct Room {
    journal: Journal,
    number: DocNumber,
    next: u64,
    durable: Arc<watch::Sender<Durable>>,
}

impl Room {
    async fn open(storage: &Storage, number: u64, after: u64) -> Room {
        let number = DocNumber(number);
        let tail = storage.journal.tail(number, after).await.unwrap().records().await.unwrap();
        let through = after + tail.len() as u64;
        let durable = Durable { through, storage: StorageState::Accepting };
        Room {
            journal: storage.journal.clone(),
            number,
            next: through + 1,
            durable: Arc::new(watch::channel(durable).0),
        }
    }

    fn record(&mut self, bytes: impl Into<Bytes>) -> Record {
        let sequence = self.next;
        self.next += 1;
        record(self.number, sequence, bytes)
    }

    async fn append(&mut self, bytes: impl Into<Bytes>) {
        let record = self.record(bytes);
        self.journal.reserve(1).await.unwrap().append(vec![record], &self.durable);
    }

    async fn saved(&self) {
        let through = self.next - 1;
        self.durable.subscribe().wait_for(|durable| durable.through >= through).await.unwrap();
    }

    async fn type_and_save(&mut self, texts: impl IntoIterator<Item = String>) {
        for text in texts {
            self.append(text).await;
        }
        self.saved().await;
    }
}

fn record(document: DocNumber, sequence: u64, bytes: impl Into<Bytes>) -> Record {
    Record {
        kind: RecordKind::Update,
        document,
        incarnation: 1,
        sequence,
        author: "ada".into(),
        dialect: 1,
        time: 1_790_000_000_000 + sequence,
        bytes: bytes.into(),
    }
}

fn texts(range: std::ops::RangeInclusive<u64>) -> impl Iterator<Item = String> {
    range.map(|n| format!("edit {n}"))
}

async fn read(storage: &Storage, number: u64, after: u64) -> Vec<String> {
    let records =
        storage.journal.tail(DocNumber(number), after).await.unwrap().records().await.unwrap();
    records.iter().map(|record| String::from_utf8(record.bytes.to_vec()).unwrap()).collect()
}

fn folded(through: u64, state: &[u8]) -> Folded {
    Folded {
        through,
        incarnation: 1,
        state: state.to_vec(),
        attribution: Vec::new(),
        about: Vec::new(),
    }
}

async fn close(storage: Storage) {
    storage.journal.close().await.unwrap();
}

/// Every file of a directory with its bytes, at any depth.
fn files(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    files.sort();
    files
}

/// A copy of a data directory in use, as a kill would leave it.
fn killed(data: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for (path, bytes) in files(data) {
        let path = copy.path().join(path.strip_prefix(data).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    copy
}

/// A data directory that was used twice and holds one document, merged through record 3 of 5.
async fn used() -> TempDir {
    let data = TempDir::new().unwrap();
    let storage = Storage::open(data.path()).unwrap();
    let number = storage.store.next_number();
    storage.store.create("notes", DocEntry { number, incarnation: 1 }).unwrap();
    Room::open(&storage, number.0, 0).await.type_and_save(texts(1..=5)).await;
    storage.store.fold(number, &folded(3, b"merged")).unwrap();
    close(storage).await;
    close(Storage::open(data.path()).unwrap()).await;
    data
}

fn expect_refusal(data: &Path, words: &str) {
    let before = files(data);
    let error = Storage::open(data).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
    assert!(before == files(data), "refused with {error:?}, but something was touched");
}

#[tokio::test]
async fn what_was_saved_is_there_after_a_restart() {
    let data = TempDir::new().unwrap();
    let storage = Storage::open(data.path()).unwrap();
    let (mut one, mut two) = (Room::open(&storage, 1, 0).await, Room::open(&storage, 2, 0).await);
    for n in 1..=50 {
        one.append(format!("edit {n}")).await;
        two.append(format!("word {n}")).await;
    }
    one.saved().await;
    two.saved().await;
    close(storage).await;

    let storage = Storage::open(data.path()).unwrap();
    assert_eq!(storage.epoch, 2);
    assert!(read(&storage, 1, 0).await.into_iter().eq(texts(1..=50)));
    assert!(read(&storage, 1, 30).await.into_iter().eq(texts(31..=50)));
    assert!(read(&storage, 2, 49).await.into_iter().eq(["word 50".to_owned()]));
    assert!(read(&storage, 3, 0).await.is_empty());
}

#[tokio::test]
async fn a_second_server_is_refused() {
    let data = TempDir::new().unwrap();
    let _storage = Storage::open(data.path()).unwrap();
    expect_refusal(data.path(), "in use by another server");
}

#[tokio::test]
async fn names_and_folds_survive() {
    let data = used().await;
    let storage = Storage::open(data.path()).unwrap();
    let DocEntry { number, .. } = storage.store.find("notes").unwrap().unwrap();
    assert_eq!(storage.store.load(number).unwrap(), Some(folded(3, b"merged")));
    assert!(read(&storage, number.0, 3).await.into_iter().eq(texts(4..=5)));
    assert_eq!(
        (storage.epoch, storage.store.count(), storage.store.next_number().0),
        (3, 1, number.0 + 1)
    );
}

#[tokio::test]
async fn a_name_that_only_the_journal_knows_is_found_after_a_kill() {
    let data = TempDir::new().unwrap();
    let storage = Storage::open(data.path()).unwrap();
    let number = storage.store.next_number();
    storage.store.create("notes", DocEntry { number, incarnation: 1 }).unwrap();
    let mut room = Room::open(&storage, number.0, 0).await;
    let create = Record { kind: RecordKind::Create, ..room.record("notes") };
    let update = room.record("edit 1");
    storage.journal.reserve(2).await.unwrap().append(vec![create, update], &room.durable);
    room.saved().await;

    let storage = Storage::open(killed(data.path()).path()).unwrap();
    assert_eq!(storage.store.find("notes").unwrap().unwrap().number, number);
    assert_eq!(storage.store.next_number().0, number.0 + 1);
    assert_eq!(read(&storage, number.0, 1).await, ["edit 1"]);
}

#[tokio::test]
async fn a_directory_that_is_not_ours_is_left_alone() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "text").unwrap();
    assert!(Storage::open(&file).unwrap_err().to_string().contains("is not a directory"));
    expect_refusal(parent.path(), "not a Codraft data directory");
    fs::remove_file(&file).unwrap();
    fs::write(parent.path().join("FORMAT"), "something else").unwrap();
    expect_refusal(parent.path(), "not a Codraft data directory");
    fs::write(parent.path().join("FORMAT"), "codraft data 999\n").unwrap();
    expect_refusal(
        parent.path(),
        "was written by a newer Codraft: its file FORMAT says 999, this one knows 2",
    );
}

#[tokio::test]
async fn a_new_directory_and_a_fresh_volume_become_ours() {
    let parent = TempDir::new().unwrap();
    let nested = parent.path().join("var").join("codraft");
    close(Storage::open(&nested).unwrap()).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&nested).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let volume = parent.path().join("volume");
    fs::create_dir_all(volume.join("lost+found")).unwrap();
    close(Storage::open(&volume).unwrap()).await;
}

#[tokio::test]
async fn a_first_start_that_was_cut_short_is_begun_again() {
    let data = TempDir::new().unwrap();
    fs::write(data.path().join("lock"), "").unwrap();
    fs::write(data.path().join("FORMAT.new"), "codr").unwrap();
    close(Storage::open(data.path()).unwrap()).await;
    // Between the store's place and the first mark: what there is holds nothing yet.
    fs::remove_dir_all(data.path().join("store")).unwrap();
    fs::remove_file(data.path().join("SENTINEL")).unwrap();
    fs::create_dir_all(data.path().join("store.new").join("slabs")).unwrap();
    close(Storage::open(data.path()).unwrap()).await;
}

#[tokio::test]
async fn a_store_that_lost_something_is_refused_instead_of_served_empty() {
    for lost in ["store", "store/metadata"] {
        let data = used().await;
        fs::remove_dir_all(data.path().join(lost)).unwrap();
        let error = Storage::open(data.path()).unwrap_err().to_string();
        assert!(error.contains("has lost something: the"), "{error}");
    }
    let data = used().await;
    let older = killed(data.path());
    close(Storage::open(data.path()).unwrap()).await;
    fs::remove_dir_all(data.path().join("store")).unwrap();
    fs::rename(older.path().join("store"), data.path().join("store")).unwrap();
    let error = Storage::open(data.path()).unwrap_err().to_string();
    assert!(error.contains("the store is older than the files around it"), "{error}");
}

#[tokio::test]
async fn a_lost_journal_or_mark_is_refused() {
    let data = used().await;
    fs::write(data.path().join("SENTINEL"), "damaged").unwrap();
    expect_refusal(data.path(), "SENTINEL is damaged");
    fs::remove_file(data.path().join("SENTINEL")).unwrap();
    close(Storage::open(data.path()).unwrap()).await;
    for (path, _) in files(&data.path().join("journal")) {
        fs::remove_file(path).unwrap();
    }
    let error = Storage::open(data.path()).unwrap_err().to_string();
    assert!(error.contains("the folder journal is empty"), "{error}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn folds_that_a_full_disk_refused_succeed_when_there_is_space_again_and_the_journal_shrinks()
{
    let disk = TempDir::new().unwrap();
    let mount = ["-t", "tmpfs", "-o", "size=48m", "tmpfs"];
    let mounted =
        std::process::Command::new("mount").args(mount).arg(disk.path()).output().unwrap();
    if !mounted.status.success() {
        return eprintln!("skipped: only root may mount a small disk");
    }
    let config = JournalConfig { segment_bytes: 1_000, ..JournalConfig::default() };
    let storage = Storage::open_with(disk.path(), config).unwrap();
    let number = storage.store.next_number();
    storage.store.create("notes", DocEntry { number, incarnation: 1 }).unwrap();
    let mut room = Room::open(&storage, number.0, 0).await;
    let filler = disk.path().join("filler");
    fs::write(&filler, vec![1; 30 << 20]).unwrap();
    room.type_and_save(texts(1..=100)).await;
    let error = storage.store.fold(number, &folded(100, b"merged")).unwrap_err().to_string();
    assert!(error.contains("bytes of free space"), "{error}");
    // What is left is the journal's.
    room.type_and_save(texts(101..=200)).await;
    let segments = || files(&disk.path().join("journal")).len();
    assert!(segments() > 1);
    fs::remove_file(filler).unwrap();
    storage.store.fold(number, &folded(200, b"merged")).unwrap();
    storage.journal.folded(number, 200);
    // Whoever asks after it is answered after it.
    assert!(storage.journal.unfolded().await.unwrap().is_empty());
    assert_eq!(segments(), 1);
    close(storage).await;
    let storage = Storage::open(disk.path()).unwrap();
    assert_eq!(storage.store.find("notes").unwrap().unwrap().number, number);
    assert_eq!(storage.store.load(number).unwrap(), Some(folded(200, b"merged")));
    close(storage).await;
    let _ = std::process::Command::new("umount").arg("--lazy").arg(disk.path()).status();
}

/// The same test in a process whose files may not grow beyond a limit: a disk that is really full,
/// in the middle of a write.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_never_called_saved_and_nothing_is_lost_when_there_is_space_again() {
    const NAME: &str =
        "a_full_disk_is_never_called_saved_and_nothing_is_lost_when_there_is_space_again";
    if std::env::var_os("CODRAFT_FULL_DISK").is_some() {
        return tokio::runtime::Runtime::new().unwrap().block_on(a_disk_fills_up());
    }
    let status = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" --exact \"$1\" --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .arg(NAME)
        .env("CODRAFT_FULL_DISK", "1")
        .status()
        .unwrap();
    assert!(status.success());
}

#[cfg(target_os = "linux")]
async fn a_disk_fills_up() {
    let data = TempDir::new().unwrap();
    let config = JournalConfig { retry: Duration::from_millis(20), ..JournalConfig::default() };
    let storage = Storage::open_with(data.path(), config).unwrap();
    let mut room = Room::open(&storage, 1, 0).await;
    room.type_and_save(texts(1..=3)).await;
    // A segment's header still fits, and a few bytes of the record after it.
    limit_files("45");
    room.append("edit 4").await;
    room.append("edit 5").await;
    let refuses = |durable: &Durable| durable.storage != StorageState::Accepting;
    let refused = room.durable.subscribe().wait_for(refuses).await.unwrap().clone();
    assert_eq!(refused.through, 3);
    let segments = || files(&data.path().join("journal")).len();
    assert!(segments() <= 2);
    limit_files("unlimited");
    room.saved().await;
    assert_eq!(room.durable.borrow().storage, StorageState::Accepting);
    assert_eq!(segments(), 2);
    let killed = killed(data.path());
    assert!(read(&Storage::open(killed.path()).unwrap(), 1, 0).await.into_iter().eq(texts(1..=5)));
    close(storage).await;
}

/// Sets how large this process's files may become, while it runs.
#[cfg(target_os = "linux")]
fn limit_files(bytes: &str) {
    let process = std::process::id().to_string();
    let limit = format!("--fsize={bytes}:unlimited");
    assert!(
        std::process::Command::new("prlimit")
            .args(["--pid", &process, &limit])
            .status()
            .unwrap()
            .success()
    );
}
