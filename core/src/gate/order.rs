//! An order in which the blocks of an update can be applied, when the order of its bytes is none, and the part of it that
//! can be applied when something is missing. It reads each block a second time and keeps none.
//!
//! Each client's blocks are taken in their order for as long as everything they name is there; a client that has to wait
//! is woken when the block it waits for has been taken.

use std::collections::HashMap;

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

/// The depths of all blocks of an update that misses nothing. If some can never be applied, they name one another in a
/// circle, and the update is garbage.
pub(super) fn depths(known: &Known, sections: Vec<Section<'_>>) -> Result<Depths, Malformed> {
    let order = Order::run(known, sections)?;
    if order.cursors.iter().any(|cursor| cursor.at < cursor.section.extent.end) {
        return Err(Malformed("blocks build on one another in a circle"));
    }
    Ok(order.depths)
}

/// An update that misses something, not applied yet.
#[derive(Debug, Clone)]
pub struct Gap<'a> {
    pub(super) sections: Vec<Section<'a>>,
    pub(super) deleted: Reader<'a>,
}

impl Gap<'_> {
    /// What can be applied of it all the same, as an update of its own; none when that says nothing new.
    pub fn part(self, known: &Known) -> Result<Option<(Vec<u8>, Accepted)>, Malformed> {
        let order = Order::run(known, self.sections)?;
        let is_new = |cursor: &&Cursor<'_>| {
            cursor.taken > 0 && cursor.at > known.clocks.get(cursor.section.extent.client)
        };
        let taken: Vec<&Cursor<'_>> = order.cursors.iter().filter(is_new).collect();
        let mut ends = Clocks::default();
        let mut accepted =
            Accepted { extents: Vec::with_capacity(taken.len()), depths: order.depths };
        let mut writer = Writer::new();
        writer.var_uint(taken.len() as u64);
        for cursor in taken {
            let Extent { client, start, .. } = cursor.section.extent;
            writer
                .var_uint(cursor.taken)
                .var_uint(client)
                .var_uint(u64::from(start))
                .raw(cursor.taken_bytes());
            ends.insert(client, cursor.at);
            accepted.extents.push(Extent { client, start, end: cursor.at });
        }
        let deletes = clip_deleted(&mut writer, self.deleted, |client| {
            ends.get(client).max(known.clocks.get(client))
        })?;
        Ok((deletes || !accepted.extents.is_empty()).then(|| (writer.finish(), accepted)))
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

struct Cursor<'a> {
    section: Section<'a>,
    /// The clock of the next block.
    at: u32,
    /// At the next block.
    reader: Reader<'a>,
    /// How many blocks have been taken.
    taken: u64,
}

impl<'a> Cursor<'a> {
    fn taken_bytes(&self) -> &'a [u8] {
        let all = self.section.blocks.rest();
        &all[..all.len() - self.reader.rest().len()]
    }
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
    /// The cursor of each client.
    index: HashMap<u64, u32>,
    /// By the cursor they wait for: the clock that has to be taken, and the cursor that waits.
    waiting: Vec<Vec<(u32, usize)>>,
    depths: Depths,
}

impl<'a> Order<'a> {
    /// Takes every block that can be taken.
    fn run(known: &'a Known, sections: Vec<Section<'a>>) -> Result<Self, Malformed> {
        let index =
            sections.iter().zip(0..).map(|(section, i)| (section.extent.client, i)).collect();
        let sections_len = sections.len();
        let cursors = sections.into_iter().map(|section| Cursor {
            at: section.extent.start,
            reader: section.blocks.clone(),
            taken: 0,
            section,
        });
        let cursors: Vec<Cursor<'a>> = cursors.collect();
        let mut ready: Vec<usize> = (0..cursors.len()).collect();
        let mut order = Self {
            known,
            cursors,
            index,
            waiting: vec![Vec::new(); sections_len],
            depths: Depths::default(),
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
        while self.cursors[i].at < end {
            let mut after = self.cursors[i].reader.clone();
            let id = (client, self.cursors[i].at);
            let block = Block::read(&mut after)?;
            match block.named().find_map(|named| self.missing(named)) {
                Some(Missing::Waits { cursor, clock }) => {
                    self.waiting[cursor].push((clock, i));
                    break;
                }
                Some(Missing::Absent) => break,
                None if block.is_skip => break,
                None => {}
            }
            let next = block.end(id)?;
            let depth = block.depth(|named| self.depth_of(named));
            block.note(&mut self.depths, id, next, depth)?;
            let cursor = &mut self.cursors[i];
            (cursor.at, cursor.reader, cursor.taken) = (next, after, cursor.taken + 1);
        }
        self.wake(i, ready);
        Ok(())
    }

    fn missing(&self, (client, clock): BlockId) -> Option<Missing> {
        if clock < self.known.clocks.get(client) {
            return None;
        }
        let Some(&cursor) = self.index.get(&client) else { return Some(Missing::Absent) };
        let cursor = cursor as usize;
        if clock < self.cursors[cursor].at && self.cursors[cursor].taken > 0 {
            return None;
        }
        Some(Missing::Waits { cursor, clock })
    }

    fn wake(&mut self, i: usize, ready: &mut Vec<usize>) {
        let at = self.cursors[i].at;
        self.waiting[i].retain(|&(clock, cursor)| {
            let waits = clock >= at;
            if !waits {
                ready.push(cursor);
            }
            waits
        });
    }

    fn depth_of(&self, id: BlockId) -> u32 {
        self.depths.get(id).or_else(|| self.known.depths.get(id)).unwrap_or(1)
    }
}
