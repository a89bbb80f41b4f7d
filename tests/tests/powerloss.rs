//! Saved means on disk, also when the machine loses its power: the real binary's calls are recorded with the moments of
//! its acknowledgements, the disk is rebuilt as it might look after any of them, and everything acknowledged has to be
//! there. Long form: `CODRAFT_ROUNDS=200`; `CODRAFT_POWERLOSS=1` makes a machine that cannot trace a failure.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use codraft_core::Splice;
use codraft_tests::{
    Call, Client, Disk, Mischief, Names, Recorder, ServerProcess, Survivors, Trace, free_port,
    seeds,
};
use futures_util::FutureExt;
use futures_util::future::join_all;

/// States of the disk that are tried unless `CODRAFT_ROUNDS` says how many.
const STATES: usize = 15;
/// States that are made from one recording.
const STATES_A_RECORDING: usize = 60;
/// Bursts of chatter in a run.
const ROUNDS: usize = 6;
const DOCUMENTS: [&str; 4] = ["notes", "minutes", "busy", "pasted"];
/// How much is written in a first run.
struct Load {
    /// Words typed at once.
    burst: usize,
    /// Pastes of `PASTE_BYTES`.
    pastes: usize,
}

/// Enough bytes for a document to be folded while somebody is in it.
const BRIEF: Load = Load { burst: 100, pastes: 6 };
/// Enough entries for that as well, and enough bytes to fill a segment of the journal.
const LONG: Load = Load { burst: 4_200, pastes: 24 };
const PASTE_BYTES: usize = 750_000;

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_micros() as u64
}

/// What a writer was told about one word, in µs since 1970.
struct Word {
    document: &'static str,
    word: String,
    saved: u64,
    /// When its deletion was typed, and when that was acknowledged.
    deleting: Option<u64>,
    deleted: Option<u64>,
}

/// A writer who keeps a diary.
struct Writer {
    client: Client,
    document: &'static str,
    mischief: Mischief,
    typed: usize,
    words: Vec<Word>,
}

impl Writer {
    async fn join(server: &ServerProcess, document: &'static str, id: u64, seed: u64) -> Self {
        let client = Client::connect(&server.url(document), id).await;
        Self { client, document, mischief: Mischief::new(seed ^ id), typed: 0, words: Vec::new() }
    }

    /// Types words at the beginning, each an edit with so much more behind it, and waits until they are saved.
    async fn write(&mut self, count: usize, more: &str) {
        let first = self.typed;
        for _ in 0..count {
            let word = format!("<{}.{}>{more}", self.client.id, self.typed);
            self.client.edit(&[Splice::new(0, 0, word)]);
            self.typed += 1;
            if self.typed.is_multiple_of(64) {
                self.client.drive().await;
            }
        }
        self.client.until_saved().await;
        let saved = now();
        for n in first..self.typed {
            let word = format!("<{}.{n}>", self.client.id);
            let (deleting, deleted) = (None, None);
            self.words.push(Word { document: self.document, word, saved, deleting, deleted });
        }
    }

    /// Deletes the newest word with what is behind it, and waits until that is saved.
    async fn delete(&mut self, more: usize) {
        let newest = self.words.last_mut().expect("a word to delete");
        let from = self.client.editor.find(&newest.word).expect("our own word");
        let to = from + newest.word.len() + more;
        newest.deleting = Some(now());
        self.client.edit(&[Splice::new(from as u32, to as u32, "")]);
        self.client.until_saved().await;
        newest.deleted = Some(now());
    }

    async fn chat(&mut self, rounds: usize) {
        for _ in 0..rounds {
            let count = 1 + self.mischief.below(8);
            self.write(count, "").await;
            if self.mischief.one_in(3) {
                self.delete(0).await;
            }
        }
    }

    async fn paste(&mut self, pastes: usize) {
        let filler = "x".repeat(PASTE_BYTES);
        for _ in 0..pastes {
            self.write(1, &filler).await;
            self.delete(PASTE_BYTES).await;
        }
    }
}

/// How a run ends.
enum End {
    /// SIGTERM.
    Asked,
    /// `kill -9`.
    Killed,
}

/// Everything that happened from a first start on.
struct Recording {
    folder: tempfile::TempDir,
    trace: Trace,
    words: Vec<Word>,
    keeps_history: bool,
}

impl Recording {
    /// A first start, chatter, a burst, pastes, SIGTERM; chatter, `kill -9`; the folds of what that left, which becomes
    /// history, SIGTERM; chatter, `kill -9`.
    async fn make(seed: u64, load: Load) -> Recording {
        let mut recording = Recording::empty();
        recording.run(seed, 100, Some(load), End::Asked).await;
        recording.run(seed, 200, None, End::Killed).await;
        recording.keeps_history = true;
        recording.run(seed, 300, None, End::Asked).await;
        assert!(recording.has_history(), "no segment became history while calls were recorded");
        recording.keeps_history = false;
        recording.run(seed, 400, None, End::Killed).await;
        recording
    }

    fn has_history(&self) -> bool {
        let is_there = |to: &Path| to.to_string_lossy().contains("/journal/history/");
        let mut calls = self.trace.events.iter().map(|event| &event.call);
        calls.any(|call| matches!(call, Call::Rename { to, .. } if is_there(&to.path)))
    }

    fn empty() -> Recording {
        let folder = tempfile::tempdir().expect("a temporary directory");
        Recording { folder, trace: Trace::default(), words: Vec::new(), keeps_history: false }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    async fn run(&mut self, seed: u64, id: u64, load: Option<Load>, end: End) {
        let disk = self.data();
        std::fs::create_dir_all(&disk).expect("a folder");
        let (mut command, recorder) = Recorder::new(self.folder.path());
        command.envs(self.keeps_history.then_some(("CODRAFT_KEEP_HISTORY", "1")));
        let server = ServerProcess::start_with(command, address(), &disk.join("data")).await;
        let mut writers = Vec::new();
        for (n, document) in (0..).zip(["notes", "notes", "minutes", "busy"]) {
            writers.push(Writer::join(&server, document, id + n, seed).await);
        }
        if let Some(load) = load {
            let mut pasting = Writer::join(&server, "pasted", id + 9, seed).await;
            let [.., busy] = &mut writers[..] else { unreachable!() };
            tokio::join!(pasting.paste(load.pastes), busy.write(load.burst, ""));
            writers.push(pasting);
        }
        join_all(writers.iter_mut().map(|writer| writer.chat(ROUNDS))).await;
        match end {
            End::Killed => server.kill().await,
            End::Asked => assert!(server.terminate().await.success()),
        }
        self.words.extend(writers.into_iter().flat_map(|writer| writer.words));
        self.trace.extend(recorder.finish());
        let mut whole = Disk::new(&disk, Names::Posix);
        self.trace.events.iter().for_each(|event| whole.apply(event));
        assert_eq!(whole.difference(), None, "the recorded calls do not add up to the directory");
    }

    /// Where to lose power: after any call, just after an acknowledgement, and around changes of names.
    fn cuts(&self, mischief: &mut Mischief, count: usize) -> Vec<usize> {
        let changes = |call: &Call| !matches!(call, Call::Close { .. } | Call::Read { .. });
        let names = |call: &Call| {
            matches!(
                call,
                Call::Rename { .. }
                    | Call::Remove { .. }
                    | Call::MakeFolder { .. }
                    | Call::Open { create: true, .. }
            )
        };
        let lines = |pick: &dyn Fn(&Call) -> bool| -> Vec<usize> {
            let picked = self.trace.events.iter().filter(|event| pick(&event.call));
            picked.map(|event| event.ended + 1).collect()
        };
        let (any, naming) = (lines(&changes), lines(&names));
        let pick = |n: usize| match n % 3 {
            0 => any[mischief.below(any.len())],
            1 => naming[mischief.below(naming.len())] + mischief.below(3),
            _ => {
                let word = &self.words[mischief.below(self.words.len())];
                self.trace.times.partition_point(|&time| time <= word.saved)
            }
        };
        (0..count).map(pick).collect()
    }

    /// What has to be in each document, and what must not be, when power is lost before this line.
    fn promises(&self, cut: usize) -> Promises {
        let until = self.trace.times.get(cut).copied().unwrap_or(u64::MAX);
        let mut promises = Promises::default();
        for word in &self.words {
            let (there, gone) = promises.0.entry(word.document).or_default();
            if word.deleted.is_some_and(|at| at < until) {
                gone.insert(word.word.clone());
            } else if word.saved < until && word.deleting.is_none_or(|at| at >= until) {
                there.insert(word.word.clone());
            }
        }
        promises
    }

    /// The calls before a line, for people.
    fn calls_before(&self, cut: usize) -> String {
        let before = self.trace.events.iter().take_while(|event| event.ended < cut);
        before.map(|event| format!("{} {} {}\n", event.ended, event.process, event.call)).collect()
    }

    /// The disk as the calls before a line have left it.
    fn disk(&self, mut disk: Disk, cut: usize) -> Disk {
        let before = self.trace.events.iter().take_while(|event| event.ended < cut);
        before.for_each(|event| disk.apply(event));
        disk
    }
}

/// Document → words that were acknowledged, words whose deletion was.
#[derive(Default)]
struct Promises(BTreeMap<&'static str, (BTreeSet<String>, BTreeSet<String>)>);

impl Promises {
    fn count(&self) -> usize {
        self.0.values().map(|(there, gone)| there.len() + gone.len()).sum()
    }

    /// What is lost of one document with this text.
    fn lost(&self, document: &str, text: &str) -> Vec<String> {
        let Some((there, gone)) = self.0.get(document) else { return Vec::new() };
        let words: HashSet<&str> = text.split_inclusive('>').filter_map(word_in).collect();
        let lost = there.iter().filter(|word| !words.contains(word.as_str()));
        let back = gone.iter().filter(|word| words.contains(word.as_str()));
        let lost = lost.map(|word| format!("{word} of {document} was saved and is gone"));
        lost.chain(back.map(|word| format!("{word} of {document} is back"))).collect()
    }
}

fn word_in(piece: &str) -> Option<&str> {
    piece.ends_with('>').then(|| piece.rfind('<').map(|from| &piece[from..]))?
}

/// Starts the binary on what is left, twice, and says what is lost; it has to take new words as well.
async fn lost_on(data: &Path, promises: &Promises) -> Vec<String> {
    let mut lost = Vec::new();
    let server = ServerProcess::start(address(), data).await;
    for (id, document) in (900..).zip(DOCUMENTS) {
        let mut client = Client::connect(&server.url(document), id).await;
        lost.extend(promises.lost(document, &client.session.text()));
        client.edit(&[Splice::new(0, 0, "<after.1>")]);
        client.until_saved().await;
    }
    assert!(server.terminate().await.success());
    let server = ServerProcess::start(address(), data).await;
    for (id, document) in (950..).zip(DOCUMENTS) {
        let client = Client::connect(&server.url(document), id).await;
        let text = client.session.text();
        assert!(text.contains("<after.1>"), "what was written after the loss is gone: {document}");
        lost.extend(promises.lost(document, &text));
    }
    server.kill().await;
    lost
}

/// Whether the real binary can be traced as it will be: that strace runs says little about what it is asked for.
async fn can_trace() -> bool {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let possible = Recorder::is_possible() && {
        let (mut command, recorder) = Recorder::new(folder.path());
        let ended = command.arg("--version").output().await;
        // Only a command that went well has opened the pipe that is read here.
        ended.is_ok_and(|ended| ended.status.success()) && !recorder.finish().events.is_empty()
    };
    let demanded = std::env::var_os("CODRAFT_POWERLOSS").is_some();
    assert!(possible || !demanded, "strace is missing or may not trace here");
    if !possible {
        eprintln!("power loss was not simulated: strace is missing or may not trace here");
    }
    possible
}

fn states() -> usize {
    std::env::var("CODRAFT_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(STATES)
}

const VARIANTS: [(Names, Survivors); 6] = [
    (Names::Posix, Survivors::Nothing),
    (Names::Posix, Survivors::Calls),
    (Names::Posix, Survivors::Blocks),
    (Names::Logged, Survivors::Nothing),
    (Names::Logged, Survivors::Calls),
    (Names::Logged, Survivors::Blocks),
];

/// One state of the disk after a power loss; what is wrong with it, if anything is.
async fn try_state(recording: &Recording, seed: u64, n: usize, cut: usize) -> Option<String> {
    let (names, survivors) = VARIANTS[(n / 3 + 2 * (n % 3)) % VARIANTS.len()];
    let disk = recording.disk(Disk::new(&recording.data(), names), cut);
    let after = tempfile::tempdir().expect("a temporary directory");
    let rebuild = |folder: &Path| {
        std::fs::create_dir(folder).expect("a folder");
        let random = &mut fastrand::Rng::with_seed(seed << 32 | n as u64);
        disk.lose_power(survivors, random, folder).expect("a rebuilt disk");
    };
    rebuild(&after.path().join("used"));
    let (data, promises) = (after.path().join("used/data"), recording.promises(cut));
    // What does not start has panicked, and said why.
    let trying = AssertUnwindSafe(lost_on(&data, &promises)).catch_unwind();
    let lost = trying.await.unwrap_or_else(|_| vec!["the server did not come back".into()]);
    let first = lost.first()?;
    let (count, lines) = (lost.len(), recording.trace.times.len());
    let kept = after.keep();
    rebuild(&kept.join("found"));
    std::fs::write(kept.join("calls.txt"), recording.calls_before(cut)).expect("a file");
    Some(format!(
        "seed {seed}, state {n}, power lost before call {cut} of {lines}, {names:?}, {survivors:?}: {count} lost, \
         first: {first}; the disk and the calls before are in {}",
        kept.display()
    ))
}

#[tokio::test]
async fn a_power_loss_at_any_moment_loses_nothing_that_was_acknowledged() {
    if !can_trace().await {
        return;
    }
    let (states, mut tried, mut promised, mut failures) = (states(), 0, 0, Vec::new());
    for seed in seeds(states.div_ceil(STATES_A_RECORDING) as u64) {
        let mut mischief = Mischief::new(seed);
        let load = if states > STATES { LONG } else { BRIEF };
        let recording = Recording::make(seed, load).await;
        eprintln!(
            "seed {seed}: {} calls, {} edits",
            recording.trace.times.len(),
            recording.words.len()
        );
        let left = states.saturating_sub(tried).clamp(1, STATES_A_RECORDING);
        for (n, cut) in (0..).zip(recording.cuts(&mut mischief, left)) {
            failures.extend(try_state(&recording, seed, n, cut).await);
            (tried, promised) = (tried + 1, promised + recording.promises(cut).count());
        }
    }
    eprintln!("{tried} states after a power loss, {promised} acknowledged edits looked for");
    assert!(promised > 0, "nothing was acknowledged before any cut");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[tokio::test]
async fn a_disk_that_lies_about_its_syncs_is_seen_to_lose_words() {
    if !can_trace().await {
        return;
    }
    let mut recording = Recording::empty();
    recording.run(1, 100, None, End::Killed).await;
    let cut = recording.trace.times.len();
    let disk = recording.disk(Disk::lying(&recording.data(), Names::Posix), cut);
    let after = tempfile::tempdir().unwrap();
    disk.lose_power(Survivors::Nothing, &mut fastrand::Rng::with_seed(1), after.path()).unwrap();
    let lost = lost_on(&after.path().join("data"), &recording.promises(cut)).await;
    assert!(!lost.is_empty(), "the harness does not notice a loss");
}
