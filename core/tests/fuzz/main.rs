//! Hostile bytes: mutated updates of real sessions, updates made of nothing but grammar, and mutated frames, through the
//! gate and into yrs. Nothing may crash, hang, take memory or stay pending, and nothing that was not mutated be refused.
//! Knows no server.
//!
//! A worker process tries seed after seed under a memory limit; when it dies, the seed that killed it is searched for and
//! named. `CODRAFT_TRIES` says how many seeds, `CODRAFT_SEED` with which to begin (`CODRAFT_SEED=7 CODRAFT_TRIES=1` runs one
//! again).

mod grammar;
mod mutate;
mod session;
mod trial;

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fastrand::Rng;

use session::Recording;
use trial::Counts;

/// Seeds where `CODRAFT_TRIES` does not say otherwise.
const TRIES: u64 = 30_000;
/// Seeds of one worker process.
const BATCH: u64 = 10_000;
/// Seeds that share a recorded session.
const SEEDS_PER_SESSION: u64 = 250;
/// What a worker may take in bytes of address space.
const MEMORY_BYTES: u64 = 1 << 30;
/// How long a worker may take for a batch, and for one seed when the culprit is searched for.
const BATCH_PATIENCE: Duration = Duration::from_secs(300);
const SEED_PATIENCE: Duration = Duration::from_secs(10);

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn no_bytes_crash_hang_or_linger() {
    let first = number("CODRAFT_SEED").unwrap_or(1);
    let end = first + number("CODRAFT_TRIES").unwrap_or(TRIES);
    let mut all = Counts::default();
    let mut from = first;
    while from < end {
        let to = end.min(from + BATCH);
        match work(from, to, BATCH_PATIENCE) {
            Ok(counts) => all.add(&counts),
            Err(how) => panic!("{}", culprit(from, to, &how)),
        }
        from = to;
    }
    eprintln!("{all}");
    assert_eq!(all.refused_unmutated, 0, "the gate refuses what real sessions write");
}

/// The first seed of a batch that kills a worker of its own.
fn culprit(from: u64, to: u64, how: &str) -> String {
    let deadly =
        (from..to).find_map(|seed| Some((seed, work(seed, seed + 1, SEED_PATIENCE).err()?)));
    match deadly {
        Some((seed, how)) => format!("CODRAFT_SEED={seed} CODRAFT_TRIES=1: {how}"),
        None => format!("the seeds from {from} to {to} together: {how}"),
    }
}

/// Has a process of its own try some seeds.
fn work(from: u64, to: u64, patience: Duration) -> Result<Counts, String> {
    let mut worker = Command::new(std::env::current_exe().expect("this test's binary"));
    worker
        .args(["--exact", "worker", "--nocapture", "--test-threads=1"])
        .env("CODRAFT_WORK", format!("{from} {to}"))
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut worker = worker.spawn().expect("a worker");
    let (mut out, mut err) = (worker.stdout.take(), worker.stderr.take());
    let read = |pipe: &mut dyn Read| {
        let mut said = String::new();
        pipe.read_to_string(&mut said).map(|_| said).unwrap_or_default()
    };
    // Both are read in threads of their own, so that a worker is never held up by what it says.
    let said = std::thread::spawn(move || out.as_mut().map(|out| read(out)).unwrap_or_default());
    let cried = std::thread::spawn(move || err.as_mut().map(|err| read(err)).unwrap_or_default());
    let until = Instant::now() + patience;
    let status = loop {
        if let Some(status) = worker.try_wait().expect("a child of ours") {
            break status;
        }
        if Instant::now() > until {
            worker.kill().expect("a child of ours");
            return Err(format!("it hangs: more than {} s", patience.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let (said, cried) = (said.join().expect("its words"), cried.join().expect("its words"));
    let counts = said.lines().find_map(|line| Counts::read(line.split_once("counts ")?.1));
    match counts {
        Some(counts) if status.success() => Ok(counts),
        _ => Err(format!("{status}: {}", cried.lines().take(6).collect::<Vec<_>>().join(" | "))),
    }
}

/// What the test above runs in processes of its own; alone it does nothing.
#[test]
fn worker() {
    let Ok(work) = std::env::var("CODRAFT_WORK") else { return };
    let (from, to) = work.split_once(' ').expect("two seeds");
    let (from, to): (u64, u64) = (from.parse().expect("a seed"), to.parse().expect("a seed"));
    limit_memory();
    let mut counts = Counts::default();
    let mut recorded: Option<(u64, Recording)> = None;
    for seed in from..to {
        let group = seed / SEEDS_PER_SESSION;
        if recorded.as_ref().is_none_or(|(known, _)| *known != group) {
            recorded = Some((group, Recording::make(&mut Rng::with_seed(group))));
        }
        if let Some((_, recording)) = &recorded {
            trial::run(recording, &mut Rng::with_seed(seed), &mut counts);
        }
    }
    let told = writeln!(std::io::stdout(), "counts {}", counts.write());
    told.expect("somebody who listens");
}

/// A declared length that reserves memory must end this process, not the machine.
fn limit_memory() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let limit = Rlimit { current: Some(MEMORY_BYTES), maximum: Some(MEMORY_BYTES) };
        setrlimit(Resource::As, limit).expect("a memory limit");
    }
}
