//! Attribution against a plain table of who wrote each clock.

use super::*;

fn extent(client: u64, start: u32, end: u32) -> Extent {
    Extent { client, start, end }
}

/// A small generator, so that a failure can be run again.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    *state >> 33
}

#[test]
fn it_says_of_every_operation_what_a_plain_table_says() {
    for seed in 0..200 {
        let mut state = seed;
        let (mut attribution, mut table) = (Attribution::default(), BTreeMap::new());
        for minute in 0..40 {
            let client = random(&mut state) % 3;
            let start = (random(&mut state) % 50) as u32;
            let end = start + (random(&mut state) % 10) as u32;
            let author = ["ada", "", "Grace 👩‍🚀"][(random(&mut state) % 3) as usize];
            attribution.note(extent(client, start, end), author, minute * 3_600_000);
            for clock in start..end {
                table.entry((client, clock)).or_insert((author, minute * 3600));
            }
        }
        let read = Attribution::decode(&attribution.encode()).unwrap();
        assert_eq!(read, attribution, "seed {seed}");
        for client in 0..3 {
            for clock in 0..70 {
                let said = read.of(client, clock).map(|written| (written.author, written.since));
                assert_eq!(said, table.get(&(client, clock)).copied(), "seed {seed}");
            }
        }
    }
}

#[test]
fn a_sitting_is_one_run_however_many_edits_it_has() {
    let mut attribution = Attribution::default();
    for edit in 0..10_000 {
        attribution.note(
            extent(1 << 31, edit, edit + 1),
            "ada",
            1_790_000_000_000 + u64::from(edit) * 200,
        );
    }
    assert_eq!(
        attribution.of(1 << 31, 9_999).unwrap(),
        Written { author: "ada", since: 1_790_000_000, until: 1_790_001_999 }
    );
    let bytes = attribution.encode().len();
    assert!(bytes < 32, "{bytes} bytes");
}

#[test]
fn a_break_between_sittings_is_kept() {
    let mut attribution = Attribution::default();
    attribution.note(extent(1, 0, 5), "ada", 1_000);
    attribution.note(extent(1, 5, 9), "ada", 3_600_000);
    let since = |clock| attribution.of(1, clock).map(|written| written.since);
    assert_eq!((since(4), since(5), since(9)), (Some(1), Some(3_600), None));
}

#[test]
fn what_was_known_before_wins_over_what_is_merged() {
    let (mut first, mut second) = (Attribution::default(), Attribution::default());
    first.note(extent(1, 2, 4), "ada", 1_000);
    second.note(extent(1, 0, 6), "grace", 9_000);
    first.merge(&second);
    let authors: Vec<&str> = (0..6).map(|clock| first.of(1, clock).unwrap().author).collect();
    assert_eq!(authors, ["grace", "grace", "ada", "ada", "grace", "grace"]);
}

#[test]
fn no_cut_and_no_odd_byte_makes_it_panic() {
    let mut attribution = Attribution::default();
    attribution.note(extent(5, 3, 4), "ada", 5_000);
    attribution.note(extent(9, 0, u32::MAX), "grace", 7_000);
    let bytes = attribution.encode();
    for cut in 1..bytes.len() {
        assert!(Attribution::decode(&bytes[..cut]).is_err(), "cut at {cut}");
    }
    for at in 0..bytes.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut odd = bytes.clone();
            odd[at] = byte;
            if let Ok(odd) = Attribution::decode(&odd) {
                odd.encode();
            }
        }
    }
}
