//! The order against the plain walk: one who keeps it, and one who does not and is sent the same updates.

use fastrand::Rng;
use yrs::Transact;

use super::Places;
use crate::Splice;
use crate::replica::{ClientId, Replica, Selection};

/// Operations of the long random test; `CODRAFT_TRIES` says another number, `CODRAFT_SEED` where the numbers begin.
const OPERATIONS: u64 = 10_000;
/// How often the whole order is compared: that takes a walk, too.
const LOOK_EVERY: u64 = 50;
const WORDS_AT_FIRST: u32 = 300;

const WORDS: [&str; 10] =
    ["a", "b", "c ", "\n", "é", "🦦", "👩‍👩‍👧", "word", "日本語", "a longer one "];

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn replica(client: u64) -> Replica {
    Replica::new(ClientId::from_random(client))
}

/// Those who write in one document: one keeps the order, the rest walk.
struct Meeting {
    random: Rng,
    quick: Replica,
    /// What an editor would show of `quick`.
    shown: String,
    others: Vec<Replica>,
    /// What each of the others has not been sent yet, and what `quick` has not.
    unsent: Vec<Vec<Vec<u8>>>,
    arrived: Vec<Vec<u8>>,
    /// Whether `quick` undoes anything: from then on yrs is asked less.
    undoes: bool,
    now: u64,
}

impl Meeting {
    fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let mut quick = replica(50);
        quick.track_history();
        let shown: String =
            (0..WORDS_AT_FIRST).map(|_| WORDS[random.usize(..WORDS.len())]).collect();
        let mut others: Vec<Replica> = (0..3).map(|n| replica(n * 40 + 1)).collect();
        let first = others[0].edit(&[Splice::new(0, 0, shown.as_str())]);
        for other in &mut others[1..] {
            other.merge(&first).unwrap();
        }
        quick.merge_text(&[first]).1.unwrap();
        let unsent = vec![Vec::new(); others.len()];
        let undoes = random.bool();
        Self { random, quick, shown, others, unsent, arrived: Vec::new(), undoes, now: 0 }
    }

    /// Some places in a text that begin and end between characters, sorted and disjoint.
    fn splices(&mut self, text: &str, most: usize) -> Vec<Splice> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let is_low = |at: usize| units.get(at).is_some_and(|unit| (0xdc00..0xe000).contains(unit));
        let mut ends: Vec<u32> = (0..self.random.usize(1..=most))
            .flat_map(|_| {
                let from = self.random.usize(..=units.len());
                let len = if self.random.u8(..3) == 0 { self.random.usize(..12) } else { 0 };
                [from, (from + len).min(units.len())]
            })
            .map(|at| if is_low(at) { at as u32 + 1 } else { at as u32 })
            .collect();
        ends.sort_unstable();
        let mut splice = |pair: &[u32]| {
            // Sorted, the ends of one may be those of two: most are short all the same.
            let to = if pair[1] - pair[0] > 40 { pair[0] } else { pair[1] };
            let word = WORDS[self.random.usize(..WORDS.len())];
            Splice::new(pair[0], to, if self.random.u8(..4) == 0 { "" } else { word })
        };
        ends.chunks_exact(2).map(&mut splice).collect()
    }

    fn operate(&mut self) {
        match self.random.u8(..20) {
            0..7 => self.edit(),
            7..12 => self.edit_elsewhere(),
            12..14 => self.deliver(),
            14..18 => self.pull(),
            18 if self.undoes => self.step(),
            _ => self.now += self.random.u64(..1_500),
        }
    }

    fn edit(&mut self) {
        let most = if self.random.u8(..50) == 0 { 30 } else { 3 };
        let text = self.shown.clone();
        let splices = self.splices(&text, most);
        let at = splices[0].from;
        self.quick.mark_history(Some(Selection { anchor: at, head: at }), self.now);
        let update = self.quick.edit_shown(&splices);
        self.shown = Splice::apply_all(&self.shown, &splices);
        self.send(&update);
    }

    fn send(&mut self, update: &[u8]) {
        self.unsent.iter_mut().for_each(|unsent| unsent.push(update.to_vec()));
    }

    fn edit_elsewhere(&mut self) {
        let who = self.random.usize(..self.others.len());
        let text = self.others[who].text();
        let splices = self.splices(&text, 2);
        let update = self.others[who].edit(&splices);
        for (n, unsent) in self.unsent.iter_mut().enumerate() {
            if n != who {
                unsent.push(update.clone());
            }
        }
        self.arrived.push(update);
    }

    fn deliver(&mut self) {
        let who = self.random.usize(..self.others.len());
        for update in self.unsent[who].drain(..) {
            let merged = self.others[who].merge(&update).unwrap();
            assert!(!merged.has_gap, "updates are delivered in an order in which they were made");
        }
    }

    fn pull(&mut self) {
        let arrived = std::mem::take(&mut self.arrived);
        let (splices, outcome) = self.quick.merge_text(&arrived);
        assert_eq!(outcome.unwrap(), None);
        assert!(Splice::in_order(&splices));
        self.shown = Splice::apply_all(&self.shown, &splices);
    }

    fn step(&mut self) {
        let undone = if self.random.bool() { self.quick.undo(None) } else { self.quick.redo(None) };
        if let Some(undone) = undone {
            self.shown = Splice::apply_all(&self.shown, &undone.splices);
            self.send(&undone.update);
        }
    }

    /// What is kept must be what yrs has, and every answer the one that the walk gives.
    fn look(&mut self) {
        assert_eq!(self.quick.text(), self.shown);
        let kept = self.quick.take_places();
        self.quick.places = Some(kept.clone());
        let mut anew = Places::default();
        anew.renew(&self.quick.text, &self.quick.doc, |_| 0);
        assert_eq!(characters(&kept), characters(&anew));
        for _ in 0..4 {
            let at = self.random.u32(..=self.quick.text_len());
            let quick =
                (self.quick.sticky(at), self.quick.sticky(at).map(|at| self.quick.offset_of(&at)));
            self.quick.places = None;
            let slow =
                (self.quick.sticky(at), self.quick.sticky(at).map(|at| self.quick.offset_of(&at)));
            self.quick.places = Some(kept.clone());
            assert_eq!(quick, slow);
        }
    }

    fn settle(&mut self) {
        self.pull();
        assert_eq!(self.quick.text(), self.shown);
        for who in 0..self.others.len() {
            for update in self.unsent[who].drain(..) {
                self.others[who].merge(&update).unwrap();
            }
            assert_eq!(self.others[who].text(), self.shown);
            assert_eq!(self.others[who].digest(), self.quick.digest());
        }
    }
}

/// Every character that is shown, one by one: how they are cut into runs is nobody's business.
fn characters(places: &Places) -> Vec<crate::gate::BlockId> {
    let shown = places.runs.iter().filter(|run| run.width() > 0);
    shown.flat_map(|run| (0..run.len()).map(|into| run.id(into))).collect()
}

#[test]
fn what_is_known_of_the_order_is_what_a_walk_finds() {
    let seed = number("CODRAFT_SEED").unwrap_or(1);
    let operations = number("CODRAFT_TRIES").unwrap_or(OPERATIONS);
    let mut meeting = Meeting::new(seed);
    for operation in 0..operations {
        meeting.operate();
        if operation % LOOK_EVERY == 0 {
            meeting.look();
        }
        // A fresh document now and then: texts grow and yrs walks.
        if operation % 2_500 == 2_499 {
            meeting.settle();
            meeting = Meeting::new(seed + operation);
        }
    }
    meeting.settle();
}

/// One who keeps the order of a text, and one who walks, under the same client id: twins.
fn twins() -> (Replica, Replica) {
    let mut first = replica(7);
    let update = first.edit(&[Splice::new(0, 0, "one 🦦 two\n".repeat(500))]);
    let (mut quick, mut slow) = (replica(9), replica(9));
    for twin in [&mut quick, &mut slow] {
        twin.merge(&update).unwrap();
    }
    quick.edit_shown(&[]);
    (quick, slow)
}

#[test]
fn an_own_edit_is_written_as_yrs_writes_it() {
    let (mut quick, mut slow) = twins();
    let end = quick.text_len();
    for splices in [
        vec![Splice::new(100, 100, "in the middle of a block")],
        vec![Splice::new(124, 124, "x")],
        vec![Splice::new(110, 120, "")],
        vec![Splice::new(110, 110, "behind what is gone")],
        vec![Splice::new(100, 104, "over")],
        vec![Splice::new(end, end, "near the end")],
        vec![Splice::new(0, 3, "")],
        vec![Splice::new(9_999, 9_999, "!")],
    ] {
        assert_eq!(quick.edit_shown(&splices), slow.edit(&splices), "{splices:?}");
        assert_eq!(quick.text(), slow.text());
    }
    for splice in [Splice::new(0, 99_999, ""), Splice::new(0, 0, "after nothing")] {
        slow.merge(&quick.edit_shown(&[splice])).unwrap();
    }
    assert_eq!((quick.text(), slow.text()), ("after nothing".into(), "after nothing".into()));
}

#[test]
fn yrs_is_asked_once_for_a_place_where_something_gone_may_stand() {
    let mut first = replica(7);
    first.edit(&[Splice::new(0, 0, "0123456789")]);
    for at in [8, 4, 0] {
        first.edit(&[Splice::new(at, at + 2, "")]);
    }
    let (mut quick, mut slow) = (replica(9), replica(9));
    for twin in [&mut quick, &mut slow] {
        twin.merge(&first.encode()).unwrap();
    }
    for (at, is_known) in
        [(2, false), (3, true), (4, true), (0, false), (1, true), (9, false), (10, true)]
    {
        let splices = [Splice::new(at, at, "x")];
        let next = (9, quick.known.clocks.get(9));
        let places = quick.take_places();
        assert_eq!(places.clone().edit(&splices, next, "content").is_some(), is_known, "at {at}");
        quick.places = Some(places);
        assert_eq!(quick.edit_shown(&splices), slow.edit(&splices), "at {at}");
        assert!(quick.places.is_some(), "it was not learned at {at}");
    }
    assert_eq!(quick.text(), "xx23xxx67xx");
}

#[test]
fn many_splices_at_once_are_left_to_yrs_in_the_order_that_costs_least() {
    let (mut quick, mut slow) = twins();
    let splices: Vec<Splice> = (0..499)
        .map(|n| Splice::new(n * 11, n * 11 + 3, ["", "ONE", "🦧"][n as usize % 3]))
        .collect();
    let expected = Splice::apply_all(&quick.text(), &splices);
    assert_eq!(quick.edit_shown(&splices), slow.edit(&splices));
    assert_eq!((quick.text(), slow.text()), (expected.clone(), expected));
}

#[test]
fn what_two_wrote_at_the_same_place_is_shown_where_yrs_put_it() {
    let (mut quick, mut slow) = twins();
    for client in [3, 12] {
        let mut other = replica(client);
        other.merge(&quick.encode()).unwrap();
        let theirs = other.edit(&[Splice::new(40, 40, "theirs")]);
        quick.edit_shown(&[Splice::new(40, 40, "ours")]);
        let before = quick.text();
        let (splices, outcome) = quick.merge_text(std::slice::from_ref(&theirs));
        outcome.unwrap();
        assert_eq!(splices.len(), 1);
        assert_eq!(Splice::apply_all(&before, &splices), quick.text());
        let mut reader = replica(99);
        reader.merge(&quick.encode()).unwrap();
        assert_eq!(reader.text(), quick.text());
    }
    slow.merge(&quick.encode()).unwrap();
    assert_eq!(quick.text(), slow.text());
}

#[test]
fn what_else_is_in_the_document_changes_nothing_and_what_is_no_words_has_its_place() {
    let (mut quick, _) = twins();
    let doc = yrs::Doc::with_options(yrs::Options {
        offset_kind: yrs::OffsetKind::Utf16,
        ..yrs::Options::with_client_id(yrs::block::ClientID::new(5))
    });
    let state = yrs::updates::decoder::Decode::decode_v1(&quick.encode()).unwrap();
    let (map, text) = (doc.get_or_insert_map("other"), doc.get_or_insert_text("content"));
    doc.transact_mut().apply_update(state).unwrap();
    let change = |change: &dyn Fn(&mut yrs::TransactionMut<'_>)| {
        let mut txn = doc.transact_mut();
        change(&mut txn);
        txn.encode_update_v1()
    };
    for title in ["one", "another"] {
        let update = change(&|txn| _ = yrs::Map::insert(&map, txn, "title", title));
        assert_eq!(quick.merge_text(&[update]).0, []);
    }
    let update = change(&|txn| _ = yrs::Text::insert_embed(&text, txn, 6, yrs::Any::from(7.0)));
    assert_eq!(quick.merge_text(&[update]).0, [Splice::new(6, 6, "\u{fffc}")]);
    let update = change(&|txn| {
        yrs::Text::format(&text, txn, 0, 3, [("bold".into(), yrs::Any::from(true))].into());
    });
    assert_eq!(quick.merge_text(&[update]).0, []);
    quick.edit_shown(&[Splice::new(6, 7, "words"), Splice::new(8, 8, "!")]);
    assert!(quick.text().starts_with("one 🦦words !two"), "{}", &quick.text()[..40]);
}

#[test]
fn a_text_that_came_at_once_is_looked_through_when_somebody_asks_for_a_place() {
    let mut author = replica(3);
    for (at, words) in [(0, "one two"), (3, " and a half"), (18, "🦦")] {
        author.edit(&[Splice::new(at, at, words)]);
    }
    author.edit(&[Splice::new(4, 8, "")]);
    let (mut quick, mut slow) = (replica(50), replica(50));
    quick.find_places();
    let (splices, outcome) = quick.merge_text(&[author.encode()]);
    outcome.unwrap();
    assert_eq!(splices, [Splice::new(0, 0, author.text())]);
    assert_eq!(quick.places, None);
    let place = |replica: &Replica, offset| replica.sticky(offset).unwrap();
    let walked = [0, 3, 5, 14].map(|offset| place(&quick, offset));
    quick.find_places();
    assert_eq!([0, 3, 5, 14].map(|offset| place(&quick, offset)), walked);
    assert_eq!([0, 3, 5, 14], walked.map(|place| quick.offset_of(&place).unwrap()));
    slow.merge(&author.encode()).unwrap();
    for splice in [[Splice::new(2, 2, "x")], [Splice::new(4, 6, "y")]] {
        assert_eq!(quick.edit_shown(&splice), slow.edit(&splice));
    }
    assert_eq!(quick.text(), slow.text());
}
