//! The update of an edit that is made here, written without yrs having to look for the place: it is handed the result as it
//! is handed everyone's.

use yrs::block::ClientID;
use yrs::updates::encoder::Encode;
use yrs::{ID, IdSet};

use super::{BESIDE, GONE, Places, Run, Spot};
use crate::gate::BlockId;
use crate::lib0::Writer;
use crate::replica::text::FEW;
use crate::{Splice, utf16_len};

/// The tags of a block of words and of what it stands beside (Yjs `ContentString`, `Item.write`).
const WORDS: u8 = 4;
const HAS_LEFT: u8 = 0x80;
const HAS_RIGHT: u8 = 0x40;

impl Places {
    /// Makes a change of the root text `field`, and writes it as an update of the client whose next character is `id`. None,
    /// and nothing is changed, when it is not known of a place whether anything stands there that is gone, or when there are so
    /// many that their order matters to whoever applies them: see `text::splice`.
    pub(in crate::replica) fn edit(
        &mut self,
        splices: &[Splice],
        mut id: BlockId,
        field: &str,
    ) -> Option<Vec<u8>> {
        if splices.len() > FEW {
            return None;
        }
        let (first, own) = (splices.first().map_or(0, |splice| splice.from), id);
        let last = splices.last().map_or(0, |splice| splice.to);
        let (start, at) = self.before(first);
        let stop = (self.spot(last).run + 1).min(self.runs.len());
        let mut stretch = Stretch {
            before: self.runs[..start].last().copied(),
            rest: self.runs[start..stop].iter().rev().copied().collect(),
            done: Vec::new(),
            at,
            deleted: IdSet::new(),
        };
        let (mut blocks, mut count) = (Writer::new(), 0);
        for splice in splices {
            stretch.pass(splice.from, 0);
            stretch.pass(splice.to, GONE);
            if splice.insert.is_empty() {
                continue;
            }
            let at = stretch.place(self.is_end_beside)?;
            let (left, right) = (stretch.left_of(at), stretch.right_of(at));
            let beside = [left.map(|run| run.id(run.len() - 1)), right.map(|run| run.id(0))];
            write_block(&mut blocks, beside, field, &splice.insert);
            let bits = utf16_len(&splice.insert) as u32;
            match stretch.done[..at].last_mut().filter(|run| run.goes_on(id)) {
                Some(run) => run.bits += bits,
                None => {
                    let run = Run { client: id.0, clock: id.1, bits: bits | BESIDE };
                    stretch.done.insert(at, run);
                }
            }
            (id.1, count) = (id.1 + bits, count + 1);
        }
        stretch.done.extend(stretch.rest.into_iter().rev());
        self.runs = [&self.runs[..start], &stretch.done, &self.runs[stop..]].concat();
        let mut update = Writer::new();
        update.var_uint(u64::from(count > 0));
        if count > 0 {
            update.var_uint(count).var_uint(own.0).var_uint(u64::from(own.1));
        }
        Some(update.raw(&blocks.finish()).raw(&stretch.deleted.encode_v1()).finish())
    }

    /// The last run that is shown before an offset, as far as it is not behind it, and the offset at which it begins.
    fn before(&self, offset: u32) -> (usize, u32) {
        let Spot { run: mut start, offset: mut at, .. } = self.spot(offset);
        while start > 0 {
            start -= 1;
            let width = self.runs[start].width();
            at -= width;
            if width > 0 {
                break;
            }
        }
        (start, at)
    }
}

/// The runs that an edit concerns, on their way from the old order to the new.
struct Stretch {
    /// The one that it follows.
    before: Option<Run>,
    /// The next one last.
    rest: Vec<Run>,
    done: Vec<Run>,
    /// The offset in the old text.
    at: u32,
    deleted: IdSet,
}

impl Stretch {
    /// Goes on to an offset; what is shown until there stays, or is [`GONE`] from now on.
    fn pass(&mut self, to: u32, gone: u32) {
        while self.at < to {
            let Some(mut run) = self.rest.pop() else { return };
            let len = run.width().min(to - self.at);
            if 0 < len && len < run.len() {
                let (first, second) = run.cut(len);
                self.rest.push(second);
                run = first;
            }
            if 0 < len && gone == GONE {
                self.deleted.insert(ID::new(ClientID::new(run.client), run.clock), len);
                run.bits |= GONE;
            }
            self.at += len;
            self.done.push(run);
        }
    }

    /// Where new words may be put: behind what is gone, as in Yjs, or else between some of it. None when nothing is known.
    fn place(&mut self, is_end_beside: bool) -> Option<usize> {
        while self.rest.last().is_some_and(|run| run.width() == 0) {
            self.done.extend(self.rest.pop());
        }
        let mut at = self.done.len();
        let mut is_beside = self.rest.last().map_or(is_end_beside, |run| run.is(BESIDE));
        while !is_beside {
            at = at.checked_sub(1)?;
            let run = self.done[at];
            if run.width() > 0 {
                return None;
            }
            is_beside = run.is(BESIDE);
        }
        Some(at)
    }

    fn left_of(&self, at: usize) -> Option<Run> {
        self.done[..at].last().copied().or(self.before)
    }

    fn right_of(&self, at: usize) -> Option<Run> {
        self.done.get(at).or(self.rest.last()).copied()
    }
}

fn write_block(writer: &mut Writer, [left, right]: [Option<BlockId>; 2], field: &str, words: &str) {
    let flag = |named: Option<BlockId>, flag| if named.is_some() { flag } else { 0 };
    writer.raw(&[WORDS | flag(left, HAS_LEFT) | flag(right, HAS_RIGHT)]);
    for (client, clock) in [left, right].into_iter().flatten() {
        writer.var_uint(client).var_uint(u64::from(clock));
    }
    if left.is_none() && right.is_none() {
        writer.var_uint(1).var_string(field);
    }
    writer.var_string(words);
}
