//! The journal at work: order, room, commits, folds, a disk that refuses and ends that are clean.

use super::*;

#[test]
fn whatever_waits_is_committed_at_once() {
    let folder = TempDir::new().unwrap();
    let records = (1..=500).flat_map(|sequence| [record(1, sequence), record(2, sequence)]);
    let room = commit_at_once(folder.path(), records);
    assert_eq!(room.borrow().through, 500);
    let segment = Image::take(folder.path()).0.swap_remove(0).1;
    let starts = frames(&segment).iter().filter(|(_, frame)| frame.back == 0).count();
    assert_eq!((frames(&segment).len(), starts), (1000, 1));
}

#[tokio::test]
async fn only_the_next_record_of_a_document_is_taken() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let (room, stale) = (room(), room());
    append(&journal, &room, [record(1, 1), record(1, 2)]).await;
    for sequence in [2, 4, 0, u64::MAX] {
        append(&journal, &stale, [record(1, sequence)]).await;
    }
    append(&journal, &stale, [record(2, 2)]).await;
    append(&journal, &room, [record(1, 3)]).await;
    saved(&room, 3).await;
    assert!(
        matches!(&stale.borrow().storage, StorageState::Refusing(reason) if reason.contains("was refused"))
    );
    assert_eq!((stale.borrow().through, room.borrow().through), (0, 3));
    assert_eq!(room.borrow().storage, StorageState::Accepting);
    expect_tail(&journal, 1, 1..=3).await;
    assert!(journal.tail(DocNumber(2), 0).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_document_goes_on_where_its_merged_state_ends() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    assert!(journal.tail(DocNumber(1), 7).await.unwrap().is_empty());
    append_each(&journal, 8..=9).await;
    expect_tail(&journal, 1, 8..=9).await;
    let error = journal.tail(DocNumber(1), 6).await.unwrap_err();
    assert!(matches!(error, JournalError::Gap { after: 6, first: 8, .. }), "{error}");
    drop(journal);
}

#[tokio::test]
async fn segments_go_oldest_first_once_everything_in_them_is_folded() {
    let folder = TempDir::new().unwrap();
    let journal = open_with(folder.path(), tiny(), 1, 0).unwrap();
    let pin = room();
    append_each(&journal, 1..=3).await;
    append(&journal, &pin, [record(2, 1)]).await;
    saved(&pin, 1).await;
    append_each(&journal, 4..=9).await;
    journal.folded(DocNumber(1), 9);
    expect_tail(&journal, 2, 1..=1).await;
    let names = |image: Image| {
        image.0.into_iter().map(|(path, _)| segment::number(&path)).collect::<Vec<_>>()
    };
    assert_eq!(names(Image::take(folder.path())), (4..=10).map(Some).collect::<Vec<_>>());
    journal.folded(DocNumber(2), 1);
    settled(&journal).await;
    append_each(&journal, 10..=10).await;
    assert_eq!(names(Image::take(folder.path())).len(), 1);
    expect_tail(&journal, 1, 10..=10).await;
    assert!(matches!(journal.tail(DocNumber(1), 8).await, Err(JournalError::Gap { .. })));
}

#[tokio::test]
async fn a_reservation_waits_for_room_and_a_large_record_takes_more_of_it() {
    let folder = TempDir::new().unwrap();
    let journal = open_with(folder.path(), JournalConfig { slots: 4, ..config() }, 1, 0).unwrap();
    let held = journal.reserve(3).await.unwrap();
    let mut waiting = Box::pin(journal.reserve(2));
    tokio::select! { biased; _ = &mut waiting => panic!("there was no room"), () = async {} => {} }
    drop(held);
    let mut slots = waiting.await.unwrap();

    let room = room();
    let large = Record { bytes: Bytes::from(vec![0; 64 * 1024]), ..record(1, 1) };
    let mut last = journal.reserve(1).await.unwrap();
    slots.append(vec![large], &room);
    last.append(vec![record(1, 2)], &room);
    saved(&room, 2).await;
    drop((slots, last));
    journal.reserve(4).await.unwrap();
}

#[tokio::test]
async fn closing_saves_what_waits_and_ends_the_reservations() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    let room = room();
    let mut slots = journal.reserve(301).await.unwrap();
    slots.append((1..=300).map(|sequence| record(1, sequence)).collect(), &room);
    journal.clone().close().await.unwrap();
    assert_eq!(room.borrow().through, 300);
    assert!(journal.reserve(1).await.is_err());
    assert!(matches!(journal.tail(DocNumber(1), 0).await, Err(JournalError::Closed)));
    slots.append(vec![record(1, 301)], &room);
    assert!(matches!(room.borrow().storage, StorageState::Refusing(_)));
    expect_tail(&open(folder.path()).unwrap(), 1, 1..=300).await;
}

/// Takes the folder away, so that no new segment can be created in it.
struct Starved {
    folder: PathBuf,
    away: PathBuf,
}

impl Starved {
    fn now(folder: &Path) -> Starved {
        let starved = Starved { folder: folder.to_owned(), away: folder.with_extension("away") };
        fs::rename(&starved.folder, &starved.away).unwrap();
        starved
    }

    fn end(self) {
        fs::rename(&self.away, &self.folder).unwrap();
    }
}

#[tokio::test]
async fn a_refusing_disk_is_told_to_everyone_who_writes_and_nothing_is_lost_when_it_recovers() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("journal");
    fs::create_dir(&folder).unwrap();
    let journal = open_with(&folder, tiny(), 1, 0).unwrap();
    append_each(&journal, 1..=1).await;
    let (one, two) = (room(), room());
    let starved = Starved::now(&folder);
    append(&journal, &one, [record(1, 2)]).await;
    let refuses = |durable: &Durable| matches!(&durable.storage, StorageState::Refusing(why) if why.contains("refuses writes"));
    one.subscribe().wait_for(refuses).await.unwrap();
    append(&journal, &two, [record(2, 1)]).await;
    append(&journal, &one, [record(1, 3)]).await;
    two.subscribe().wait_for(refuses).await.unwrap();
    assert_eq!((one.borrow().through, two.borrow().through), (0, 0));
    // A document with nothing in the queue can be read meanwhile; one with something there waits.
    assert!(journal.tail(DocNumber(3), 0).await.unwrap().is_empty());
    let mut reader = Box::pin(journal.tail(DocNumber(1), 0));
    tokio::select! { biased; _ = &mut reader => panic!("not all of it is durable"), () = settled(&journal) => {} }
    // The store was faster than the journal: what it has is not kept twice.
    journal.folded(DocNumber(2), 1);
    settled(&journal).await;

    starved.end();
    assert_eq!(reader.await.unwrap().records().await.unwrap().len(), 3);
    saved(&two, 1).await;
    assert_eq!(one.borrow().storage, StorageState::Accepting);
    assert_eq!(two.borrow().storage, StorageState::Accepting);
    assert!(journal.tail(DocNumber(2), 1).await.unwrap().is_empty());
    assert!(matches!(journal.tail(DocNumber(2), 0).await, Err(JournalError::Gap { .. })));
    journal.close().await.unwrap();
    expect_tail(&open(&folder).unwrap(), 1, 1..=3).await;
}

#[tokio::test]
async fn closing_on_a_refusing_disk_says_what_is_lost() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("journal");
    fs::create_dir(&folder).unwrap();
    let journal = open_with(&folder, tiny(), 1, 0).unwrap();
    append_each(&journal, 1..=2).await;
    let starved = Starved::now(&folder);
    append(&journal, &room(), [record(1, 3)]).await;
    let error = journal.close().await.unwrap_err();
    assert!(matches!(error, JournalError::NotSaved { records: 1, .. }), "{error}");
    starved.end();
    expect_tail(&open(&folder).unwrap(), 1, 1..=2).await;
}

#[tokio::test]
async fn random_lives_end_with_what_a_plain_list_says() {
    let seed = std::env::var("CODRAFT_SEED").map_or(20_261_122, |seed| seed.parse().unwrap());
    for round in 0..20 {
        eprintln!("CODRAFT_SEED={}", seed + round);
        random_life(seed + round).await;
    }
}

/// Appends, folds, kills and closes at random; after each start everything saved and not folded is there.
async fn random_life(seed: u64) {
    let mut random = Random(seed);
    let mut folder = TempDir::new().unwrap();
    let (mut last, mut folded) = ([0_u64; 3], [0_u64; 3]);
    for epoch in 1..=6 {
        let config = JournalConfig { segment_bytes: 1 + random.below(2000), ..config() };
        let opening =
            Opening::read(folder.path(), config, |document| Ok(folded[document.0 as usize]))
                .unwrap();
        let journal = opening.start(epoch, Nobody).unwrap();
        let rooms = last.map(room_at);
        for document in 0..3 {
            expect_tail(&journal, document as u64, folded[document] + 1..=last[document]).await;
        }
        for _ in 0..random.below(60) {
            let document = random.below(3) as usize;
            if random.below(8) == 0 {
                saved(&rooms[document], last[document]).await;
                folded[document] = last[document];
                journal.folded(DocNumber(document as u64), last[document]);
            } else {
                last[document] += 1;
                let record = record(document as u64, last[document]);
                append(&journal, &rooms[document], [record]).await;
            }
        }
        for document in 0..3 {
            saved(&rooms[document], last[document]).await;
        }
        if random.below(2) == 0 {
            journal.close().await.unwrap();
        } else {
            settled(&journal).await;
            folder = Image::take(folder.path()).lay();
        }
    }
}

/// SplitMix64: enough randomness for a test, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

#[tokio::test]
async fn folded_segments_are_kept_as_history_for_as_long_as_they_should() {
    let folder = TempDir::new().unwrap();
    let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    let config = || JournalConfig { keep_history: Some(days(2)), ..tiny() };
    let journal = open_with(folder.path(), config(), 1, 0).unwrap();
    append_each(&journal, 1..=5).await;
    journal.folded(DocNumber(1), 5);
    settled(&journal).await;
    append_each(&journal, 6..=6).await;
    let history = folder.path().join("history");
    let kept = || Image::take(&history).0;
    assert_eq!((check_history(folder.path()).unwrap(), kept().len()), (5, 5));
    journal.close().await.unwrap();

    let old = fs::File::options().write(true).open(&kept()[0].0).unwrap();
    old.set_modified(SystemTime::now() - days(3)).unwrap();
    let journal = open_with(folder.path(), config(), 2, 5).unwrap();
    assert_eq!((check_history(folder.path()).unwrap(), kept().len()), (4, 4));
    journal.close().await.unwrap();

    let (path, mut bytes) = kept().swap_remove(2);
    bytes[10] ^= 1;
    fs::write(&path, bytes).unwrap();
    let error = check_history(folder.path()).unwrap_err().to_string();
    assert!(error.contains(&path.display().to_string()), "{error}");
}
