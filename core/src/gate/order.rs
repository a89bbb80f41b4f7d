//! An order in which the blocks of an update can be applied, when the order of its bytes is none, the part of it that can
//! be applied when something is missing, and its parts when it has too many clients for yrs to take at once. It reads each
//! block a second time and keeps none.
//!
//! Each client's blocks are taken in their order for as long as everything they name is there; a client that has to wait
//! is woken when the block it waits for has been taken.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::gate::clocks::Clocks;
use crate::gate::depths::Depths;
use crate::gate::update::{Accepted, Block, BlockId, Extent, Known};
use crate::lib0::{Malformed, Reader, Writer};

/// The blocks of one client in an update, as the first pass found them.
#[derive(Debug, Clone)]
pub(super) struct Section<'a> {
    pub(super) extent: Extent,
    /// At its first block.
    pub(super) blocks: Reader<'a>,
}

/// The clients that yrs may be handed at once. For each client whose blocks it has taken out of their turn, yrs 0.28.1
/// calls itself once more (`BlockPicker::next`), until the stack ends: a document of 15,000 sessions killed a server.
pub(super) const CLIENTS_AT_ONCE: usize = 256;

/// What an update that misses nothing carries. If some of its blocks can never be applied, they name one another in a
/// circle, and it is garbage.
pub(super) fn accept(
    known: &Known,
    sections: Vec<Section<'_>>,
    deleted: &[u8],
    blocks_at_once: usize,
) -> Result<Accepted, Malformed> {
    let extents = sections.iter().map(|section| section.extent).collect();
    let order = Order::run(known, sections, blocks_at_once)?;
    if order.cursors.iter().any(|cursor| cursor.place.at < cursor.section.extent.end) {
        return Err(Malformed("blocks build on one another in a circle"));
    }
    Ok(Accepted { extents, parts: order.parts(deleted), depths: order.depths })
}

/// An update that misses something, not applied yet.
#[derive(Debug, Clone)]
pub struct Gap<'a> {
    pub(super) sections: Vec<Section<'a>>,
    pub(super) deleted: Reader<'a>,
    pub(super) blocks_at_once: usize,
}

impl Gap<'_> {
    /// The operations of each client that the update carries, whether they can be applied or not.
    pub fn extents(&self) -> impl Iterator<Item = Extent> + '_ {
        self.sections.iter().map(|section| section.extent)
    }

    /// What can be applied of it all the same, as an update of its own; none when that says nothing new.
    pub fn part(self, known: &Known) -> Result<Option<(Vec<u8>, Accepted)>, Malformed> {
        let order = Order::run(known, self.sections, self.blocks_at_once)?;
        let is_new = |cursor: &&Cursor<'_>| {
            cursor.place.taken > 0
                && cursor.place.at > known.clocks.get(cursor.section.extent.client)
        };
        let taken: Vec<&Cursor<'_>> = order.cursors.iter().filter(is_new).collect();
        let mut ends = Clocks::default();
        let mut extents = Vec::with_capacity(taken.len());
        let mut writer = Writer::new();
        writer.var_uint(taken.len() as u64);
        for cursor in taken {
            let Extent { client, start, .. } = cursor.section.extent;
            let end = cursor.place.at;
            cursor.section.write(&mut writer, &cursor.section.start(), &cursor.place);
            ends.insert(client, end);
            extents.push(Extent { client, start, end });
        }
        let mut deleted = Writer::new();
        let deletes = clip_deleted(&mut deleted, self.deleted, |client| {
            ends.get(client).max(known.clocks.get(client))
        })?;
        let deleted = deleted.finish();
        let part = writer.raw(&deleted).finish();
        let says_something = deletes || !extents.is_empty();
        Ok(says_something.then(|| {
            let parts = order.parts(&deleted);
            (part, Accepted { extents, parts, depths: order.depths })
        }))
    }
}

/// Copies a delete set as far as its blocks are there; returns whether it says anything.
fn clip_deleted(
    writer: &mut Writer,
    mut deleted: Reader<'_>,
    end_of: impl Fn(u64) -> u32,
) -> Result<bool, Malformed> {
    let mut clients = Vec::new();
    for _ in 0..deleted.var_uint()? {
        let client = deleted.var_uint()?;
        let mut ranges = Vec::new();
        for _ in 0..deleted.var_uint()? {
            let (clock, len) = (deleted.var_u32()?, deleted.var_u32()?);
            let len = len.min(end_of(client).saturating_sub(clock));
            if len > 0 {
                ranges.push((clock, len));
            }
        }
        if !ranges.is_empty() {
            clients.push((client, ranges));
        }
    }
    writer.var_uint(clients.len() as u64);
    for (client, ranges) in &clients {
        writer.var_uint(*client).var_uint(ranges.len() as u64);
        for (clock, len) in ranges {
            writer.var_uint(u64::from(*clock)).var_uint(u64::from(*len));
        }
    }
    Ok(!clients.is_empty())
}

/// How far one client's blocks have been taken.
#[derive(Clone)]
struct Place<'a> {
    /// The clock of the next block.
    at: u32,
    /// At the next block.
    reader: Reader<'a>,
    /// How many blocks have been taken.
    taken: u64,
}

impl<'a> Section<'a> {
    fn start(&self) -> Place<'a> {
        Place { at: self.extent.start, reader: self.blocks.clone(), taken: 0 }
    }

    /// Writes the blocks from one place to another.
    fn write(&self, writer: &mut Writer, from: &Place<'a>, to: &Place<'a>) {
        let rest = from.reader.rest();
        writer
            .var_uint(to.taken - from.taken)
            .var_uint(self.extent.client)
            .var_uint(u64::from(from.at))
            .raw(&rest[..rest.len() - to.reader.rest().len()]);
    }
}

struct Cursor<'a> {
    section: Section<'a>,
    place: Place<'a>,
}

/// Why a block cannot be taken yet.
enum Missing {
    /// This cursor has to come to this clock first.
    Waits { cursor: usize, clock: u32 },
    /// It is not in the update.
    Absent,
}

struct Order<'a> {
    known: &'a Known,
    cursors: Vec<Cursor<'a>>,
    /// One more than the cursor of each client.
    index: Clocks,
    /// By the cursor they wait for: the clock that has to be taken, and the cursor that waits; the lowest clock first.
    waiting: Vec<BinaryHeap<Reverse<(u32, usize)>>>,
    depths: Depths,
    /// The cursors that were taken from, in that order, and how far.
    runs: Vec<(usize, Place<'a>)>,
    blocks_at_once: usize,
}

impl<'a> Order<'a> {
    /// Takes every block that can be taken.
    fn run(
        known: &'a Known,
        sections: Vec<Section<'a>>,
        blocks_at_once: usize,
    ) -> Result<Self, Malformed> {
        let mut index = Clocks::default();
        for (section, next) in sections.iter().zip(1..) {
            index.insert(section.extent.client, next);
        }
        let sections_len = sections.len();
        let cursors =
            sections.into_iter().map(|section| Cursor { place: section.start(), section });
        let cursors: Vec<Cursor<'a>> = cursors.collect();
        let mut ready: Vec<usize> = (0..cursors.len()).collect();
        let mut order = Self {
            known,
            cursors,
            index,
            waiting: vec![BinaryHeap::new(); sections_len],
            depths: Depths::default(),
            runs: Vec::new(),
            blocks_at_once,
        };
        while let Some(i) = ready.pop() {
            order.take(i, &mut ready)?;
        }
        Ok(order)
    }

    /// Takes blocks of one client until one has to wait; wakes those that waited for what was taken.
    fn take(&mut self, i: usize, ready: &mut Vec<usize>) -> Result<(), Malformed> {
        let Extent { client, start, end } = self.cursors[i].section.extent;
        if start > self.known.clocks.get(client) {
            return Ok(());
        }
        let mut noted = self.cursors[i].place.taken;
        while self.cursors[i].place.at < end {
            let mut after = self.cursors[i].place.reader.clone();
            let id = (client, self.cursors[i].place.at);
            let block = Block::read(&mut after)?;
            match block.named().find_map(|named| self.missing(named)) {
                Some(Missing::Waits { cursor, clock }) => {
                    self.waiting[cursor].push(Reverse((clock, i)));
                    break;
                }
                Some(Missing::Absent) => break,
                None if block.is_skip => break,
                None => {}
            }
            let next = block.end(id)?;
            let depth = block.depth(|named| self.depth_of(named));
            block.note(&mut self.depths, id, next, depth)?;
            let place = &mut self.cursors[i].place;
            *place = Place { at: next, reader: after, taken: place.taken + 1 };
            if place.taken - noted == self.blocks_at_once as u64 {
                noted = place.taken;
                self.runs.push((i, place.clone()));
            }
        }
        if self.cursors[i].place.taken > noted {
            self.runs.push((i, self.cursors[i].place.clone()));
        }
        self.wake(i, ready);
        Ok(())
    }

    fn missing(&self, (client, clock): BlockId) -> Option<Missing> {
        if clock < self.known.clocks.get(client) {
            return None;
        }
        let Some(cursor) = (self.index.get(client) as usize).checked_sub(1) else {
            return Some(Missing::Absent);
        };
        let place = &self.cursors[cursor].place;
        if clock < place.at && place.taken > 0 {
            return None;
        }
        Some(Missing::Waits { cursor, clock })
    }

    fn wake(&mut self, i: usize, ready: &mut Vec<usize>) {
        let at = self.cursors[i].place.at;
        while let Some(&Reverse((clock, cursor))) = self.waiting[i].peek() {
            if clock >= at {
                break;
            }
            self.waiting[i].pop();
            ready.push(cursor);
        }
    }

    fn depth_of(&self, id: BlockId) -> u32 {
        self.depths.get(id).or_else(|| self.known.depths.get(id)).unwrap_or(1)
    }

    /// What was taken as updates of at most [`CLIENTS_AT_ONCE`] clients and about as many blocks as may come at once, to be
    /// applied one after another; none when it is as few altogether. The last one deletes.
    fn parts(&self, deleted: &[u8]) -> Vec<Vec<u8>> {
        let mut parts = Vec::new();
        let most = self.blocks_at_once as u64;
        let blocks: u64 = self.cursors.iter().map(|cursor| cursor.place.taken).sum();
        if self.cursors.len() <= CLIENTS_AT_ONCE && blocks <= most {
            return parts;
        }
        // Of each cursor: how far it has been written, and how far it is to be with the next part.
        let mut places: Vec<(Place<'a>, Option<Place<'a>>)> =
            self.cursors.iter().map(|cursor| (cursor.section.start(), None)).collect();
        let mut part = Vec::with_capacity(self.cursors.len().min(CLIENTS_AT_ONCE));
        let mut in_part = 0;
        for (i, place) in &self.runs {
            if in_part >= most || (places[*i].1.is_none() && part.len() == CLIENTS_AT_ONCE) {
                parts.push(self.write(&mut part, &mut places, &[0]));
                in_part = 0;
            }
            let (written, to) = &mut places[*i];
            if to.is_none() {
                part.push(*i);
            }
            in_part += place.taken - to.as_ref().unwrap_or(written).taken;
            *to = Some(place.clone());
        }
        parts.push(self.write(&mut part, &mut places, deleted));
        parts
    }

    fn write(
        &self,
        part: &mut Vec<usize>,
        places: &mut [(Place<'a>, Option<Place<'a>>)],
        deleted: &[u8],
    ) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.var_uint(part.len() as u64);
        for i in part.drain(..) {
            if let Some(to) = places[i].1.take() {
                self.cursors[i].section.write(&mut writer, &places[i].0, &to);
                places[i].0 = to;
            }
        }
        writer.raw(deleted);
        writer.finish()
    }
}
