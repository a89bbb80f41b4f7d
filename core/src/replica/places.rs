//! Where every character of the text is: the order of yrs's blocks once more, in one piece of memory.
//!
//! yrs finds an offset or a character by a walk through its blocks, which takes milliseconds in a text of many; here it takes
//! a look at as many neighbouring numbers. It decides no order and holds no words. What lands between two characters that are
//! known neighbours can land nowhere else: that much is followed, and of anything else it says that it cannot tell. Then it
//! is made anew from the text as yrs has it, and the difference is the change.
//!
//! yrs shows nothing of what is deleted, so between two characters that are shown one after another others may stand. Where it
//! is known that none does, they are *beside* each other: only there may new words name the two as their neighbours, because
//! every replica relies on it that the author of a block saw nothing between the blocks it names (YATA). Elsewhere yrs is asked
//! for the place once, and from its answer it is known.

mod change;
mod follow;
mod learn;
mod own;

use std::ops::Range;

use yrs::{Doc, ID, ReadTxn, Snapshot, Text, TextRef, Transact};

use crate::gate::BlockId;
use crate::replica::text;
use crate::{Splice, utf16_len};
use change::Change;

/// The order of a text's characters, and of some that are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Places {
    runs: Vec<Run>,
    /// Nothing stands behind the last run.
    is_end_beside: bool,
}

/// Characters that one client wrote one after another and that stand so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    client: u64,
    /// Of the first.
    clock: u32,
    /// How many UTF-16 units, and the marks below.
    bits: u32,
}

/// Marks characters that are deleted: they still stand between others.
const GONE: u32 = 1 << 31;
/// Marks a run that is beside the one before it, or at the very beginning.
const BESIDE: u32 = 1 << 30;
/// Marks a run whose own characters may not be beside each other.
const LOOSE: u32 = 1 << 29;

impl Run {
    fn len(self) -> u32 {
        self.bits & (LOOSE - 1)
    }

    fn is(self, mark: u32) -> bool {
        self.bits & mark != 0
    }

    fn width(self) -> u32 {
        if self.is(GONE) { 0 } else { self.len() }
    }

    fn end(self) -> u32 {
        self.clock + self.len()
    }

    fn id(self, into: u32) -> BlockId {
        (self.client, self.clock + into)
    }

    /// Whether a character is the next that this run's client wrote, and the run is shown.
    fn goes_on(self, id: BlockId) -> bool {
        self.width() > 0 && self.id(self.len()) == id
    }

    /// The two parts, of which the first has so many units.
    fn cut(self, into: u32) -> (Self, Self) {
        let (client, clock) = self.id(into);
        let beside = if self.is(LOOSE) { 0 } else { BESIDE };
        let bits = (self.len() - into) | (self.bits & (GONE | LOOSE)) | beside;
        let marks = self.bits & (GONE | BESIDE | LOOSE);
        (Self { bits: into | marks, ..self }, Self { client, clock, bits })
    }
}

/// Characters that are to be put in their place.
struct Newcomer {
    /// The first.
    id: BlockId,
    /// How many UTF-16 units, and [`GONE`].
    bits: u32,
    /// The characters that their author saw on both sides; none is the beginning or the end.
    beside: [Option<BlockId>; 2],
    /// It is known that they are beside those.
    is_next: bool,
}

/// A character: the number of its run, how far into that it is, and the offset at which the run begins.
#[derive(Debug, Clone, Copy)]
struct Spot {
    run: usize,
    into: u32,
    offset: u32,
}

impl Places {
    /// Makes it anew from the text as yrs has it, and answers how the text has changed since it was made last. `before` is how
    /// far each client had been known then.
    pub(super) fn renew(
        &mut self,
        text: &TextRef,
        doc: &Doc,
        before: impl Fn(u64) -> u32,
    ) -> Vec<Splice> {
        // Compared with nothing, every block of words is a change of its own and says its name.
        let (now, nothing) = (doc.transact().snapshot(), Snapshot::default());
        let chunks =
            text.diff_range(&mut doc.transact_mut(), Some(&now), Some(&nothing), text::name_of);
        let txn = doc.transact();
        let mut runs = Vec::with_capacity(chunks.len());
        let mut change =
            Change { old: std::mem::take(&mut self.runs), next: 0, at: 0, splices: Vec::new() };
        let mut offset = 0;
        for chunk in &chunks {
            let shown = text::shown(&chunk.insert);
            let len = utf16_len(shown) as u32;
            let name =
                chunk.ychange.or_else(|| text::sticky(text, &txn, None, offset)?.id().copied());
            offset += len;
            let Some(ID { client, clock }) = name else { continue };
            let run = Run { client: client.get(), clock, bits: len };
            change.meets(run, shown, before(run.client));
            runs.push(run);
        }
        change.lacks(|_| false);
        *self = Self { runs, is_end_beside: false };
        change.splices
    }

    /// The character at an offset; none behind the last.
    pub(super) fn at(&self, offset: u32) -> Option<BlockId> {
        let Spot { run, into, .. } = self.spot(offset);
        Some(self.runs.get(run)?.id(into))
    }

    /// The offset of a character that is shown.
    pub(super) fn offset_of(&self, id: BlockId) -> Option<u32> {
        let spot = self.find(id)?;
        (self.runs[spot.run].width() > 0).then_some(spot.offset + spot.into)
    }

    fn find(&self, (client, clock): BlockId) -> Option<Spot> {
        let mut offset = 0;
        for (number, run) in self.runs.iter().enumerate() {
            let into = clock.wrapping_sub(run.clock);
            if run.client == client && into < run.len() {
                return Some(Spot { run: number, into, offset });
            }
            offset += run.width();
        }
        None
    }

    /// How many UTF-16 units are shown.
    fn len(&self) -> u32 {
        self.runs.iter().map(|run| run.width()).sum()
    }

    /// The character that is shown at an offset, or the end.
    fn spot(&self, wanted: u32) -> Spot {
        let mut offset = 0;
        for (run, width) in self.runs.iter().map(|run| run.width()).enumerate() {
            if wanted - offset < width {
                return Spot { run, into: wanted - offset, offset };
            }
            offset += width;
        }
        Spot { run: self.runs.len(), into: 0, offset }
    }

    /// Has a run begin there; its number.
    fn cut(&mut self, run: usize, into: u32) -> usize {
        if into == 0 {
            return run;
        }
        let whole = self.runs[run];
        if into < whole.len() {
            let (first, second) = whole.cut(into);
            self.runs[run] = first;
            self.runs.insert(run + 1, second);
        }
        run + 1
    }

    /// Whether a run is beside the one before it; behind the last, whether nothing stands there.
    fn is_beside(&self, run: usize) -> bool {
        self.runs.get(run).map_or(self.is_end_beside, |run| run.is(BESIDE))
    }

    fn set_beside(&mut self, run: usize, is_beside: bool) {
        match self.runs.get_mut(run) {
            Some(run) if is_beside => run.bits |= BESIDE,
            Some(run) => run.bits &= !BESIDE,
            None => self.is_end_beside = is_beside,
        }
    }

    /// Puts new characters between two others, or behind the beginning or before the end; the offset at which they are shown,
    /// or where they would be, if they are gone. Of those that are not known, being gone, `look` finds the offset. None when
    /// they may be elsewhere: something that is shown stands between the two, or one is not found.
    fn put(&mut self, new: &Newcomer, look: &dyn Fn(BlockId) -> Option<u32>) -> Option<u32> {
        let [left, right] = new.beside.map(|named| named.map(|id| (id, self.find(id))));
        let offset = match left {
            None => 0,
            Some((_, Some(spot))) => spot.offset + self.runs[spot.run].width().min(spot.into + 1),
            Some((id, None)) => look(id)?,
        };
        let until = match right {
            None => self.len(),
            Some((_, Some(spot))) => spot.offset + self.runs[spot.run].width().min(spot.into),
            Some((id, None)) => look(id)?,
        };
        if until != offset {
            return None;
        }
        // The part of it that is cut off here is on the right.
        let Spot { run, into, .. } = self.spot(offset);
        let next = self.cut(run, into);
        let from = match left {
            None => 0,
            Some((id, Some(_))) => self.find(id).map(|spot| self.cut(spot.run, spot.into + 1))?,
            Some(_) => {
                self.runs[..next].iter().rposition(|run| run.width() > 0).map_or(0, |n| n + 1)
            }
        };
        let to = match right {
            None => self.runs.len(),
            Some((id, Some(_))) => self.find(id).map(|spot| self.cut(spot.run, spot.into))?,
            Some(_) => from + self.runs[from..].iter().take_while(|run| run.width() == 0).count(),
        };
        if from > to {
            return None;
        }
        let unknown = |named: Option<(BlockId, Option<Spot>)>| {
            named.and_then(|(id, spot)| spot.is_none().then_some(id))
        };
        let gone = [unknown(left), unknown(right)];
        let is_beside = new.is_next || (from == to && gone == [None; 2] && self.is_beside(from));
        self.lay(from..to, new, gone, is_beside);
        Some(offset)
    }

    /// Lays new characters, and those beside them that were not known, where only such are that are gone. On which side of
    /// these they are cannot be told from here: they are forgotten.
    fn lay(
        &mut self,
        place: Range<usize>,
        new: &Newcomer,
        [left, right]: [Option<BlockId>; 2],
        is_beside: bool,
    ) {
        let beside = if is_beside { BESIDE } else { 0 };
        let gone = |(client, clock), beside| Run { client, clock, bits: 1 | GONE | beside };
        let mut at = place.start;
        self.runs.drain(place);
        if let Some(left) = left {
            self.runs.insert(at, gone(left, 0));
            at += 1;
        }
        if left.is_some() || !self.extend(at, new.id, new.bits, is_beside) {
            let (client, clock) = new.id;
            self.runs.insert(at, Run { client, clock, bits: new.bits | beside });
            at += 1;
        }
        if let Some(right) = right {
            self.runs.insert(at, gone(right, beside));
            at += 1;
        }
        self.set_beside(at, is_beside && right.is_none());
    }

    /// Adds new characters to the run before, if they go on with it.
    fn extend(&mut self, at: usize, id: BlockId, bits: u32, is_beside: bool) -> bool {
        let before = self.runs[..at].last_mut().filter(|run| run.goes_on(id) && bits & GONE == 0);
        // What is typed letter by letter is one run, though something may be between: not so the block before it.
        let Some(before) = before.filter(|run| is_beside || run.is(LOOSE) || run.len() == 1) else {
            return false;
        };
        before.bits = (before.bits + bits) | if is_beside { 0 } else { LOOSE };
        true
    }

    /// Notes that characters are gone; `each` hears where those were that had been shown, one after another.
    fn hide(&mut self, (client, clock): BlockId, len: u32, mut each: impl FnMut(u32, u32)) {
        let (end, mut unseen) = (clock + len, len);
        let (mut number, mut offset) = (0, 0);
        while unseen > 0 && number < self.runs.len() {
            let run = self.runs[number];
            let (from, to) = (clock.max(run.clock), end.min(run.end()));
            if run.client == client && from < to {
                unseen -= to - from;
                if run.width() > 0 {
                    offset += from - run.clock;
                    number = self.cut(number, from - run.clock);
                    self.cut(number, to - from);
                    self.runs[number].bits |= GONE;
                    each(offset, to - from);
                }
            }
            offset += self.runs[number].width();
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests;
