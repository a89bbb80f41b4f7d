//! One try: a document that real people wrote meets bytes that nobody should have sent. Panics when something is wrong.

use std::fmt;

use codraft_core::presence::Presence;
use codraft_core::replica::{CONTENT, MergeError};
use codraft_core::session::{Network, Session};
use codraft_core::{ClientId, Replica, frame, gate};
use fastrand::Rng;

use crate::session::Recording;
use crate::{grammar, mutate};

/// How many of what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) tries: u64,
    pub(crate) merged: u64,
    pub(crate) gaps: u64,
    pub(crate) garbage: u64,
    /// yrs itself said no after the gate had said yes.
    pub(crate) broken: u64,
    /// Text that is another one after saving and loading.
    pub(crate) differs: u64,
    pub(crate) unmutated: u64,
    pub(crate) refused_unmutated: u64,
}

impl Counts {
    fn fields(&mut self) -> [&mut u64; 8] {
        let Self { tries, merged, gaps, garbage, broken, differs, unmutated, refused_unmutated } =
            self;
        [tries, merged, gaps, garbage, broken, differs, unmutated, refused_unmutated]
    }

    pub(crate) fn add(&mut self, more: &Self) {
        let mut more = more.clone();
        self.fields().into_iter().zip(more.fields()).for_each(|(sum, more)| *sum += *more);
    }

    pub(crate) fn write(&mut self) -> String {
        self.fields().map(|field| field.to_string()).join(" ")
    }

    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut counts = Self::default();
        let mut numbers = line.split(' ');
        for field in counts.fields() {
            *field = numbers.next()?.trim().parse().ok()?;
        }
        Some(counts)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tries, merged, gaps, garbage, broken, differs, unmutated, refused_unmutated } =
            self;
        write!(
            f,
            "{tries} tries: {merged} merged ({differs} with another text after loading), {gaps} gaps, {garbage} garbage, \
             {broken} refused by yrs; {unmutated} real updates, {refused_unmutated} of them refused"
        )
    }
}

/// Plays a part of a recording and then something hostile.
pub(crate) fn run(recording: &Recording, random: &mut Rng, counts: &mut Counts) {
    counts.tries += 1;
    let mut replica = Replica::new(ClientId::from_random(random.u64(..)));
    let played = random.usize(..=recording.updates.len());
    for update in &recording.updates[..played] {
        counts.unmutated += 1;
        let merged = replica.merge(update);
        counts.refused_unmutated +=
            u64::from(merged.is_err() || merged.is_ok_and(|merged| merged.has_gap));
    }
    if played == recording.updates.len() {
        // What is not text stands as one character in ours.
        let text = replica.text().replace('\u{fffc}', "");
        assert_eq!(text, recording.text, "a real session came out differently");
    }
    match random.u8(..8) {
        0 => {
            let state_vector = mutated(replica.state_vector(), recording, random);
            let _ = gate::check_state_vector(&state_vector);
            let _ = replica.diff(&state_vector);
        }
        1 => presence(recording, random),
        2 => session(recording, random),
        3..6 => {
            let update = mutated(victim(recording, random), recording, random);
            hostile(replica, recording, &update, counts);
        }
        _ => {
            let update = grammar::update(random);
            hostile(replica, recording, &update, counts);
        }
    }
}

fn victim(recording: &Recording, random: &mut Rng) -> Vec<u8> {
    if random.u8(..4) == 0 {
        return recording.state.clone();
    }
    recording.updates[random.usize(..recording.updates.len())].clone()
}

fn mutated(mut bytes: Vec<u8>, recording: &Recording, random: &mut Rng) -> Vec<u8> {
    mutate::mutate(&mut bytes, &recording.updates, random);
    bytes
}

/// Merges it, and looks at what became of the document.
fn hostile(mut replica: Replica, recording: &Recording, update: &[u8], counts: &mut Counts) {
    match replica.merge(update) {
        Err(MergeError::Garbage(_)) => counts.garbage += 1,
        // The room gives such a replica up and builds another from what is stored.
        Err(MergeError::Broken(_) | MergeError::Costly | MergeError::Gap) => {
            counts.broken += 1;
            return;
        }
        Ok(merged) if merged.has_gap => counts.gaps += 1,
        Ok(_) => counts.merged += 1,
    }
    assert!(!replica.has_pending(), "something stays pending");
    let state = replica.encode();
    let mut loaded = Replica::new(ClientId::from_random(1));
    let merged = loaded.merge(&state).expect("what is saved is let in again");
    assert!(!merged.has_gap && !loaded.has_pending(), "what is saved has a gap");
    counts.differs += u64::from(loaded.text() != replica.text());
    // People go on writing.
    for update in &recording.updates {
        let _ = replica.merge(update);
    }
    if replica.text().encode_utf16().count() as u32 == replica.text_len() {
        replica.edit(&[codraft_core::Splice::new(0, 1, "still here")]);
    }
    replica.encode();
}

fn presence(recording: &Recording, random: &mut Rng) {
    let states = [
        &b"\x01\x05\x01\x02{}"[..],
        b"\x02\x05\x01\x0c{\"user\":null}\x06\x07\x04null",
        b"\x01\xff\xff\xff\xff\x0f\x01\x15{\"cursor\":{\"anchor\":{}}}",
    ];
    let update = states[random.usize(..states.len())].to_vec();
    let mut presence = Presence::new();
    let _ = presence.apply(1, &mutated(update, recording, random), 0);
    presence.everyone();
}

/// A client of ours hears mutated frames of its server's.
fn session(recording: &Recording, random: &mut Rng) {
    let mut session = Session::new(ClientId::from_random(random.u64(..)), CONTENT, 1);
    session.connect(0);
    session.opened(0);
    for update in &recording.updates {
        session.receive(&frame::update(update), 0);
        if random.bool() {
            session.pull(0);
        }
    }
    session.pull(0);
    let refused = matches!(session.status().network, Network::Refused { .. });
    assert!(!refused, "a real session is refused");
    for _ in 0..random.usize(1..4) {
        let update = victim(recording, random);
        let frame = match random.u8(..3) {
            0 => frame::step2(&update),
            1 => frame::update(&update),
            _ => frame::step1(&[0]),
        };
        let frame = if random.bool() { mutated(frame, recording, random) } else { frame };
        session.receive(&frame, 0);
        session.pull(0);
        while session.poll(0).is_some() {}
    }
    session.edit(&[codraft_core::Splice::new(0, 0, "words")], None, 0);
    session.text();
    session.encode();
}
