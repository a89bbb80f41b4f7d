//! The disk that the power loss test believes in: what a sync covers is there, what it does not may be lost or torn.

use std::path::Path;

use codraft_tests::{Call, Disk, Names, Survivors, Trace};

/// What a program did in `/d`, as strace writes it.
fn trace(calls: &[&str]) -> Trace {
    let lines = (1..).zip(calls).map(|(n, call)| format!("7 100.{n:06} {call}\n"));
    Trace::parse(lines.collect::<String>().as_bytes())
}

/// The content of a file after a power loss, if it is there.
fn after(calls: &[&str], names: Names, survivors: Survivors, file: &str) -> Option<Vec<u8>> {
    let mut disk = Disk::new(Path::new("/d"), names);
    trace(calls).events.iter().for_each(|event| disk.apply(event));
    let folder = tempfile::tempdir().expect("a temporary directory");
    let random = &mut fastrand::Rng::with_seed(3);
    disk.lose_power(survivors, random, folder.path()).expect("a rebuilt disk");
    std::fs::read(folder.path().join(file)).ok()
}

const MADE: [&str; 5] = [
    r#"openat(AT_FDCWD, "/d", O_RDONLY|O_CLOEXEC) = 3"#,
    r#"openat(AT_FDCWD, "/d/a", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 4"#,
    r#"write(4, "one\n\0012\"", 7) = 7"#,
    "fsync(4) = 0",
    "fsync(3) = 0",
];

#[test]
fn what_was_synced_is_there_with_its_name_only_once_its_folder_was() {
    let lost = |calls: &[&str], names| after(calls, names, Survivors::Nothing, "a");
    assert_eq!(lost(&MADE, Names::Posix).as_deref(), Some(&b"one\n\x012\""[..]));
    assert_eq!(lost(&MADE[..4], Names::Posix), None);
    assert!(lost(&MADE[..4], Names::Logged).is_some());
    assert_eq!(lost(&MADE[..3], Names::Logged), None);
}

#[test]
fn a_write_that_was_under_way_when_the_sync_began_is_not_covered() {
    let later = [
        r#"pwrite64(4, "two", 3, 0 <unfinished ...>"#,
        "fsync(4) = 0",
        "<... pwrite64 resumed>) = 3",
    ];
    let mut calls: Vec<String> =
        MADE.iter().map(|&call| format!("7 100.000001 {call}\n")).collect();
    let threads = [7, 8, 7];
    calls.extend(threads.iter().zip(later).map(|(t, call)| format!("{t} 100.000002 {call}\n")));
    calls.insert(0, "7 100.000000 clone3({flags=CLONE_THREAD}, 88) = 8\n".into());
    let mut disk = Disk::new(Path::new("/d"), Names::Posix);
    Trace::parse(calls.concat().as_bytes()).events.iter().for_each(|event| disk.apply(event));
    let folder = tempfile::tempdir().unwrap();
    disk.lose_power(Survivors::Nothing, &mut fastrand::Rng::new(), folder.path()).unwrap();
    assert_eq!(std::fs::read(folder.path().join("a")).unwrap(), b"one\n\x012\"");
}

#[test]
fn a_rename_happens_as_a_whole_or_not_at_all() {
    let mut calls = MADE.to_vec();
    calls.push(r#"rename("/d/a", "/d/b") = 0"#);
    let lost = |calls: &[&str], file| after(calls, Names::Posix, Survivors::Nothing, file);
    assert_eq!((lost(&calls, "a").is_some(), lost(&calls, "b").is_some()), (true, false));
    calls.push("fsync(3) = 0");
    assert_eq!((lost(&calls, "a").is_some(), lost(&calls, "b").is_some()), (false, true));
}

#[test]
fn an_unsynced_write_can_lose_any_of_its_blocks() {
    let bytes = "x".repeat(20 * 4_096);
    let write = format!(r#"pwrite64(4, "{bytes}", {0}, 100) = {0}"#, bytes.len());
    let mut calls = MADE.to_vec();
    calls.push(&write);
    let torn = after(&calls, Names::Posix, Survivors::Blocks, "a").unwrap();
    let kept = torn[4_096..].chunks(4_096).filter(|block| block[0] == b'x').count();
    assert!((1..19).contains(&kept), "{kept} of 20 blocks");
    assert!(torn.chunks(4_096).skip(1).all(|block| block.iter().all(|&byte| byte == block[0])));
}

#[test]
fn failed_calls_and_other_folders_are_not_seen() {
    let calls = [
        r#"openat(AT_FDCWD, "/d/a", O_WRONLY|O_CREAT, 0666) = -1 EACCES (Permission denied)"#,
        r#"openat(AT_FDCWD, "/e/a", O_WRONLY|O_CREAT, 0666) = 5"#,
        r#"write(5, "x", 1) = 1"#,
    ];
    let trace = trace(&calls);
    assert_eq!(trace.events.len(), 2);
    assert!(matches!(&trace.events[1].call, Call::Write { fd: 5, bytes } if bytes == b"x"));
    assert_eq!(after(&calls, Names::Logged, Survivors::Calls, "a"), None);
}
