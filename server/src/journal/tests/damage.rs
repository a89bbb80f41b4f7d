//! Journals that are not as they were written: what is cut, what is refused.

use super::*;

fn expect_damage(folder: &Path, at: u64) {
    let error = open(folder).unwrap_err();
    let ScanError::Damaged(Damaged { path, offset, .. }) = &error else { panic!("{error}") };
    assert!(*offset == at && path.starts_with(folder), "{error}");
}

#[tokio::test]
async fn a_tail_torn_at_any_byte_costs_only_the_record_that_was_not_acknowledged() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    append_each(&journal, 1..=4).await;
    let mut image = Image::take(folder.path());
    let whole = image.newest().clone();
    let (last, frame) = &frames(&whole)[3];
    let (last, end) = (*last, last + frame.length);
    // A file that was made longer before has zeros where nothing arrived.
    for (cut, length) in (last..end).flat_map(|cut| [(cut, cut), (cut, whole.len())]) {
        image.newest()[cut..].fill(0);
        image.newest().truncate(length);
        let torn = image.lay();
        *image.newest() = whole.clone();
        let journal = open(torn.path()).unwrap();
        expect_tail(&journal, 1, 1..=3).await;
        append_each(&journal, 4..=5).await;
        journal.close().await.unwrap();
        expect_tail(&open(torn.path()).unwrap(), 1, 1..=5).await;
    }
}

#[tokio::test]
async fn a_flipped_bit_in_what_was_durable_is_refused_with_file_and_offset() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    append_each(&journal, 1..=4).await;
    let mut image = Image::take(folder.path());
    let (second, third) = (frames(image.newest())[1].0, frames(image.newest())[2].0);
    for byte in second..third {
        image.newest()[byte] ^= 1 << (byte % 8);
        expect_damage(image.lay().path(), second as u64);
        image.newest()[byte] ^= 1 << (byte % 8);
    }
    image.newest()[9] ^= 1;
    expect_damage(image.lay().path(), 0);
}

#[tokio::test]
async fn a_clean_end_makes_damage_to_the_last_record_visible_too() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    append_each(&journal, 1..=2).await;
    journal.close().await.unwrap();
    let mut image = Image::take(folder.path());
    let (_, written) = &mut image.0[0];
    let last = frames(written)[1].0;
    written[last + 60] ^= 4;
    expect_damage(image.lay().path(), last as u64);
    let (_, written) = &mut image.0[0];
    written.truncate(last);
    expect_damage(image.lay().path(), last as u64);
}

#[tokio::test]
async fn a_hole_in_the_last_batch_is_a_torn_end_and_a_hole_before_it_is_damage() {
    let folder = TempDir::new().unwrap();
    commit_at_once(folder.path(), (1..=5).map(|sequence| record(1, sequence)));
    let mut image = Image::take(folder.path());
    // Without the seal of a clean end, the batch may never have been acknowledged.
    image.0.pop();
    let third = frames(image.newest())[2].0;
    image.newest()[third + 8..third + 40].fill(0);
    let journal = open(image.lay().path()).unwrap();
    expect_tail(&journal, 1, 1..=2).await;

    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    append_each(&journal, 1..=5).await;
    let mut image = Image::take(folder.path());
    image.newest()[third + 8..third + 40].fill(0);
    expect_damage(image.lay().path(), third as u64);
}

#[tokio::test]
async fn a_missing_or_shortened_segment_is_refused() {
    let folder = TempDir::new().unwrap();
    let journal = open_with(folder.path(), tiny(), 1, 0).unwrap();
    append_each(&journal, 1..=5).await;
    let whole = Image::take(folder.path());
    for missing in 1..whole.0.len() - 1 {
        let mut image = Image(whole.0.clone());
        image.0.remove(missing);
        expect_damage(image.lay().path(), 0);
    }
    let mut image = Image(whole.0.clone());
    let end = image.0[2].1.len() - 1;
    image.0[2].1.truncate(end);
    expect_damage(image.lay().path(), end as u64);
    let mut image = Image(whole.0.clone());
    image.0.remove(0);
    // The oldest one may be gone only when its records are folded.
    expect_damage(image.lay().path(), HEADER as u64);
    let folded = image.lay();
    expect_tail(&open_with(folded.path(), config(), 2, 1).unwrap(), 1, 2..=5).await;
}

#[tokio::test]
async fn a_segment_that_was_never_finished_is_overwritten() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    append_each(&journal, 1..=3).await;
    for torn in [&b""[..], b"codraf", &[0; HEADER]] {
        let torn_folder = Image::take(folder.path()).lay();
        fs::write(segment::path(torn_folder.path(), 2), torn).unwrap();
        let journal = open(torn_folder.path()).unwrap();
        expect_tail(&journal, 1, 1..=3).await;
    }
}

#[tokio::test]
async fn what_lies_behind_the_durable_end_of_an_abandoned_segment_is_not_read() {
    let folder = TempDir::new().unwrap();
    let journal = open_with(folder.path(), tiny(), 1, 0).unwrap();
    append_each(&journal, 1..=3).await;
    let mut image = Image::take(folder.path());
    // As if a failed batch had reached the disk all the same and was then written again.
    let again = image.0[2].1[HEADER..].to_vec();
    image.0[1].1.extend_from_slice(&again);
    expect_tail(&open(image.lay().path()).unwrap(), 1, 1..=3).await;
}

#[tokio::test]
async fn room_that_was_made_in_advance_says_nothing_whatever_is_in_it_and_goes_with_a_clean_end() {
    let folder = TempDir::new().unwrap();
    let journal = open(folder.path()).unwrap();
    append_each(&journal, 1..=4).await;
    let mut image = Image::take(folder.path());
    let ends = |segment: &[u8]| frames(segment).last().map(|(at, frame)| at + frame.length);
    assert!(image.newest().len() > ends(image.newest()).unwrap());
    *image.newest().last_mut().unwrap() ^= 1;
    let killed = image.lay();
    let journal = open_with(killed.path(), config(), 2, 0).unwrap();
    expect_tail(&journal, 1, 1..=4).await;
    append_each(&journal, 5..=6).await;
    journal.close().await.unwrap();
    for (path, bytes) in Image::take(killed.path()).0 {
        assert_eq!(ends(&bytes).unwrap_or(HEADER), bytes.len(), "{}", path.display());
    }
    expect_tail(&open(killed.path()).unwrap(), 1, 1..=6).await;
}
