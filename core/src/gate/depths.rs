//! How deeply blocks lie in shared types, for the few that lie in more than one. It knows numbers only.
//!
//! yrs deletes nested types by recursion, so depth has to be bounded over all updates together. Plain text has depth 1
//! everywhere and costs nothing here.

use std::collections::HashMap;

/// The depth of every block that is not a child of a root type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Depths {
    /// Where each client's ranges are in `ranges`.
    index: HashMap<u64, u32>,
    ranges: Vec<Vec<Range>>,
}

/// Blocks of one client that lie equally deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    start: u32,
    end: u32,
    depth: u32,
}

impl Depths {
    /// The depth of a block that was noted; none for a child of a root type and for one never heard of.
    pub(super) fn get(&self, (client, clock): (u64, u32)) -> Option<u32> {
        let ranges = &self.ranges[*self.index.get(&client)? as usize];
        let after = ranges.partition_point(|range| range.start <= clock);
        let range = ranges[..after].last()?;
        (clock < range.end).then_some(range.depth)
    }

    /// Whether no block was noted, as in a document of plain text.
    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Notes the depth of a block; a client's blocks are noted in the order of their clocks.
    pub(super) fn note(&mut self, client: u64, start: u32, end: u32, depth: u32) {
        let next = self.ranges.len() as u32;
        let at = *self.index.entry(client).or_insert(next) as usize;
        if at == self.ranges.len() {
            self.ranges.push(Vec::new());
        }
        let ranges = &mut self.ranges[at];
        match ranges.last_mut() {
            Some(last) if last.end >= end => {}
            Some(last) if last.end == start && last.depth == depth => last.end = end,
            _ => ranges.push(Range { start, end, depth }),
        }
    }

    /// Adds what an accepted update brought.
    pub fn extend(&mut self, others: &Self) {
        for (&client, &at) in &others.index {
            for range in &others.ranges[at as usize] {
                self.note(client, range.start, range.end, range.depth);
            }
        }
    }
}
