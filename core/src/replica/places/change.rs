//! What has become of a text, by its order before and after. Characters never change their order, so one look at both from the
//! beginning to the end tells. It knows no yrs.

use super::Run;
use crate::Splice;
use crate::splice::byte_at;

/// The order as it was, and how far it has been found again.
pub(super) struct Change {
    pub(super) old: Vec<Run>,
    /// The first of the old runs that has not been found, and what of it has been is cut off.
    pub(super) next: usize,
    /// How much of the old text lies before.
    pub(super) at: u32,
    pub(super) splices: Vec<Splice>,
}

impl Change {
    /// The next run is this; what of it has a clock from `before` on is new.
    pub(super) fn meets(&mut self, run: Run, words: &str, before: u32) {
        let known = before.clamp(run.clock, run.end()) - run.clock;
        let mut found = 0;
        while found < known {
            let (client, clock) = run.id(found);
            self.lacks(|old| old.client == client && old.clock <= clock && clock < old.end());
            let Some(old) = self.old.get(self.next).copied() else { break };
            if old.clock < clock {
                self.delete(clock - old.clock);
            }
            let same = (old.end() - clock).min(known - found);
            self.pass(same);
            self.at += same;
            found += same;
        }
        // Blocks are cut between characters.
        let fresh = byte_at(words, found.into()).map_or("", |from| &words[from..]);
        if !fresh.is_empty() {
            self.touching().insert.push_str(fresh);
        }
    }

    /// Whatever comes before the next old run that is like this is gone.
    pub(super) fn lacks(&mut self, is_next: impl Fn(Run) -> bool) {
        while let Some(&old) = self.old.get(self.next) {
            if old.width() > 0 && is_next(old) {
                return;
            }
            match old.width() {
                0 => self.next += 1,
                width => self.delete(width),
            }
        }
    }

    fn delete(&mut self, len: u32) {
        self.touching().to += len;
        self.at += len;
        self.pass(len);
    }

    fn pass(&mut self, len: u32) {
        let old = &mut self.old[self.next];
        (old.clock, old.bits) = (old.clock + len, old.bits - len);
        self.next += usize::from(old.len() == 0);
    }

    /// The splice that ends here, or a new one.
    fn touching(&mut self) -> &mut Splice {
        let at = self.at;
        if self.splices.last().is_none_or(|last| last.to != at) {
            self.splices.push(Splice::new(at, at, ""));
        }
        self.splices.last_mut().expect("a splice was pushed when there was none")
    }
}
