//! Damage: one bit flipped, or one file cut short, in a data directory that was whole. Nothing may be served as whole that
//! is not, and whoever refuses says which file it is and what to do. Knows files by their place, not what is in them.

mod damage;
mod fixture;
mod running;

use std::collections::BTreeMap;
use std::fmt::Write;

use codraft_tests::{files, seeds};
use damage::{Damage, KINDS, Kind};
use fixture::Fixture;
use running::{Served, Started};

/// Rounds of each kind of file where `CODRAFT_ROUNDS` does not say otherwise.
const ROUNDS: u64 = 3;

/// A round that found nothing to damage.
const NO_FILE: &str = "no such file";

/// How often what came of which damage.
type Counts = BTreeMap<Kind, BTreeMap<&'static str, u32>>;

fn rounds() -> u64 {
    let rounds = std::env::var("CODRAFT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    rounds.unwrap_or(ROUNDS) * KINDS.len() as u64
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_is_noticed_or_does_no_harm() {
    let fixtures = [Fixture::stopped().await, Fixture::killed().await];
    let mut counts = Counts::new();
    let mut violations = Vec::new();
    for seed in seeds(rounds()) {
        let mut random = fastrand::Rng::with_seed(seed);
        let kind = KINDS[seed as usize % KINDS.len()];
        let fixture = &fixtures[random.usize(..fixtures.len())];
        let Some(damage) = Damage::choose(fixture.path(), kind, &mut random) else {
            *counts.entry(kind).or_default().entry(NO_FILE).or_default() += 1;
            continue;
        };
        match round(fixture, kind, &damage, random.u8(..4) == 0).await {
            Ok(outcome) => *counts.entry(kind).or_default().entry(outcome).or_default() += 1,
            Err(violation) => {
                let violation = format!("CODRAFT_SEED={seed}: {damage}: {violation}");
                eprintln!("{violation}");
                violations.push(violation);
            }
        }
    }
    eprintln!("{}", table(&counts));
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
    for (kind, outcomes) in &counts {
        let is_tried = outcomes.keys().any(|&outcome| outcome != NO_FILE);
        assert!(is_tried, "{kind:?}: no round found a file of this kind to damage");
    }
}

fn table(counts: &Counts) -> String {
    let mut table = String::new();
    for (kind, outcomes) in counts {
        let outcomes: Vec<_> =
            outcomes.iter().map(|(outcome, count)| format!("{outcome} {count}")).collect();
        let _ = writeln!(table, "{kind:?}: {}", outcomes.join(", "));
    }
    table
}

/// Damages a copy and looks at what the server and `codraft verify` make of it.
async fn round(
    fixture: &Fixture,
    kind: Kind,
    damage: &Damage,
    with_repair: bool,
) -> Result<&'static str, String> {
    let copy = fixture.copy();
    damage.apply(copy.path());
    let verified = running::verify(copy.path()).await?;
    let copy = fixture.copy();
    damage.apply(copy.path());
    let before = files(copy.path());
    let is_untouched = || match files(copy.path()) == before {
        true => Ok(()),
        false => Err("a damaged directory was touched"),
    };
    let outcome = match running::start(copy.path()).await? {
        Started::Refused(said) => {
            is_untouched()?;
            explains(&said, &copy.path().display().to_string())?;
            if with_repair {
                damage.undo(fixture.path(), copy.path());
                still_whole(fixture, copy.path()).await?;
            }
            "refused to start"
        }
        Started::Ready(server) if server.is_read_only => {
            let served = server.fetch_all(&fixture.texts).await;
            let said = server.kill().await;
            is_untouched()?;
            explains(&said, &copy.path().display().to_string())?;
            judge_read_only(&served, &said)?
        }
        Started::Ready(server) => {
            let served = server.fetch_all(&fixture.texts).await;
            let said = server.kill().await;
            judge(fixture, kind, damage, &served, &said)?
        }
    };
    match (outcome, verified) {
        ("whole", Ok(())) => Ok("whole"),
        ("whole", Err(said)) => {
            explains(&said, "").map(|()| "whole, and verify knew of the damage")
        }
        // Nobody can tell this from the end of an unfinished write.
        ("without its end", _) => Ok(outcome),
        (outcome, Ok(())) => Err(format!("{outcome}, but verify found everything whole")),
        (outcome, Err(said)) => explains(&said, "").map(|()| outcome),
    }
}

/// A refusal helps only if it says where the damage is and what to do.
fn explains(said: &str, place: &str) -> Result<(), String> {
    let last = said.lines().rev().find(|line| line.contains("ERROR")).unwrap_or_default();
    let is_placed = last.contains(place) || last.contains("in the folder store");
    let explains = is_placed && said.contains("codraft restore");
    if explains { Ok(()) } else { Err(format!("a refusal that does not help: {said}")) }
}

/// After a refusal everything is as it was: with the file put right, nothing is lost.
async fn still_whole(fixture: &Fixture, data: &std::path::Path) -> Result<(), String> {
    match running::start(data).await? {
        Started::Refused(said) => Err(format!("a refusal left its mark: {said}")),
        Started::Ready(server) => {
            let served = server.fetch_all(&fixture.texts).await;
            let said = server.kill().await;
            let whole = served.iter().all(|(_, served)| *served == Served::Whole);
            if whole { Ok(()) } else { Err(format!("a refusal lost something: {said}")) }
        }
    }
}

/// What a read-only server has served: documents as they were, or nothing of them.
fn judge_read_only(served: &BTreeMap<String, Served>, said: &str) -> Result<&'static str, String> {
    for (name, served) in served {
        if !matches!(served, Served::Whole | Served::Refused(1011)) {
            return Err(format!("read-only, {name} was served as {served:?}: {said}"));
        }
    }
    let whole = served.values().filter(|served| **served == Served::Whole).count();
    if whole > 0 { Ok("read-only") } else { Err(format!("read-only, and nothing to read: {said}")) }
}

/// What a server that started has served.
fn judge(
    fixture: &Fixture,
    kind: Kind,
    damage: &Damage,
    served: &BTreeMap<String, Served>,
    said: &str,
) -> Result<&'static str, String> {
    let mut outcome = "whole";
    let mut shortened = 0;
    for (name, served) in served {
        match served {
            Served::Whole => {}
            Served::Refused(1011) => {
                explains(said, "")?;
                outcome = "refused documents";
            }
            Served::Refused(code) => return Err(format!("{name} was refused with {code}: {said}")),
            Served::Lost => return Err(format!("the server died or hung over {name}: {said}")),
            Served::Other(text) => {
                let is_end = kind == Kind::JournalNewest && fixture.is_killed;
                if !is_end || !fixture.texts[name].starts_with(text.as_str()) {
                    let (is, was) = (text.len(), fixture.texts[name].len());
                    return Err(format!("{name} has {is} bytes and had {was}: {said}"));
                }
                shortened += 1;
            }
        }
    }
    // Whoever built this typed one word at a time: a batch of records is one document's.
    match shortened {
        0 => Ok(outcome),
        1 => Ok("without its end"),
        _ if damage.is_cut() => Ok("without its end"),
        n => Err(format!("a flipped bit cost {n} documents their end: {said}")),
    }
}
