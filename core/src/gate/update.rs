//! One outside update in the v1 encoding: accept, gap or garbage.

use std::collections::HashMap;

use crate::gate::clocks::Clocks;
use crate::gate::{content, count};
use crate::lib0::{Malformed, Reader};
use crate::limits::TYPE_DEPTH;

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_PARENT_SUB: u8 = 0x20;
const GC: u8 = 0;
const SKIP: u8 = 10;

/// What may be done with an update that is well-formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything it builds on is known: apply it, and know this much more afterwards.
    Accept(Vec<Extent>),
    /// It builds on something unknown: do not apply it, ask for what is missing.
    Gap,
}

/// The operations of one client that an update carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The client that wrote them.
    pub client: u64,
    /// The first clock.
    pub start: u32,
    /// The clock after the last.
    pub end: u32,
}

/// Reads an outside update against what is known. An error is garbage: never apply it, and count it against its sender.
pub fn check_update(bytes: &[u8], known: &Clocks) -> Result<Verdict, Malformed> {
    let mut check = Check::new(bytes, known);
    for _ in 0..count(&mut check.reader, 3)? {
        check.section()?;
    }
    check.delete_set()?;
    if !check.reader.is_empty() {
        return Err(Malformed("bytes follow the update"));
    }
    Ok(check.verdict())
}

/// Sections that are looked through one by one.
const FEW: usize = 8;

type BlockId = (u64, u32);

struct Check<'a> {
    reader: Reader<'a>,
    known: &'a Clocks,
    extents: Vec<Extent>,
    /// The extents' ends by client, when there are more than [`FEW`].
    ends: Clocks,
    /// Blocks of other clients that were not known when they were named; they may come later in the same update.
    wanted: Vec<BlockId>,
    /// How deep the shared types of this update lie in one another.
    depths: HashMap<BlockId, u32>,
    gap: bool,
}

impl<'a> Check<'a> {
    fn new(bytes: &'a [u8], known: &'a Clocks) -> Self {
        let reader = Reader::new(bytes);
        Self {
            reader,
            known,
            extents: Vec::new(),
            ends: Clocks::default(),
            wanted: Vec::new(),
            depths: HashMap::new(),
            gap: false,
        }
    }

    /// The blocks of one client, in the order of their clocks.
    fn section(&mut self) -> Result<(), Malformed> {
        let n = count(&mut self.reader, 2)?;
        let client = self.reader.var_uint()?;
        let start = self.reader.var_u32()?;
        self.gap |= n > 0 && start > self.known.get(client);
        let mut clock = start;
        for _ in 0..n {
            let len = self.block((client, clock))?;
            clock = clock.checked_add(len).ok_or(Malformed("a clock is larger than 32 bits"))?;
        }
        if n > 0 {
            self.extents.push(Extent { client, start, end: clock });
        }
        Ok(())
    }

    /// One block; returns how many clock ticks it takes.
    fn block(&mut self, id: BlockId) -> Result<u32, Malformed> {
        let info = self.reader.byte()?;
        let len = match info {
            GC => self.reader.var_u32()?,
            SKIP => {
                self.gap = true;
                self.reader.var_u32()?
            }
            _ => self.item(id, info)?,
        };
        if len == 0 { Err(Malformed("a block is empty")) } else { Ok(len) }
    }

    fn item(&mut self, id: BlockId, info: u8) -> Result<u32, Malformed> {
        if info & HAS_ORIGIN != 0 {
            self.origin(id)?;
        }
        if info & HAS_RIGHT_ORIGIN != 0 {
            self.origin(id)?;
        }
        let mut depth = 1;
        if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
            depth = self.parent(id)?;
            if info & HAS_PARENT_SUB != 0 {
                self.reader.var_string()?;
            }
        }
        let content = content::read(&mut self.reader, info)?;
        if content.is_type {
            if depth > TYPE_DEPTH {
                return Err(Malformed("shared types are nested too deeply"));
            }
            self.depths.insert(id, depth);
        }
        Ok(content.len)
    }

    /// The block an item stands beside: known, earlier in this section, or wanted from another section.
    fn origin(&mut self, (client, clock): BlockId) -> Result<BlockId, Malformed> {
        let origin = (self.reader.var_uint()?, self.reader.var_u32()?);
        if origin.0 == client {
            if origin.1 >= clock {
                return Err(Malformed("a block builds on one that follows it"));
            }
        } else if origin.1 >= self.known.get(origin.0) {
            self.wanted.push(origin);
        }
        Ok(origin)
    }

    /// The shared type an item lies in, named by its root or by the block that made it; returns the item's depth.
    fn parent(&mut self, id: BlockId) -> Result<u32, Malformed> {
        match self.reader.var_uint()? {
            1 => self.reader.var_string().map(|_| 1),
            0 => {
                let parent = self.origin(id)?;
                Ok(self.depths.get(&parent).map_or(1, |depth| depth + 1))
            }
            _ => Err(Malformed("a block's parent is of no known kind")),
        }
    }

    fn delete_set(&mut self) -> Result<(), Malformed> {
        self.index_extents()?;
        for _ in 0..count(&mut self.reader, 2)? {
            let client = self.reader.var_uint()?;
            let end = self.end_of(client);
            for _ in 0..count(&mut self.reader, 2)? {
                let clock = self.reader.var_u32()?;
                let len = self.reader.var_u32()?;
                let last =
                    clock.checked_add(len).ok_or(Malformed("a clock is larger than 32 bits"))?;
                if len == 0 {
                    return Err(Malformed("a deleted range is empty"));
                }
                self.gap |= last > end;
            }
        }
        Ok(())
    }

    /// Prepares [`Check::end_of`]; an ordinary update has a section or two, which need no index.
    fn index_extents(&mut self) -> Result<(), Malformed> {
        let extents = &self.extents;
        let twice = if extents.len() <= FEW {
            extents
                .iter()
                .enumerate()
                .any(|(i, a)| extents[..i].iter().any(|b| a.client == b.client))
        } else {
            !extents.iter().all(|extent| self.ends.insert(extent.client, extent.end))
        };
        if twice { Err(Malformed("an update names a client twice")) } else { Ok(()) }
    }

    /// A client's next clock once the update is applied.
    fn end_of(&self, client: u64) -> u32 {
        let end = if self.extents.len() <= FEW {
            self.extents
                .iter()
                .find(|extent| extent.client == client)
                .map_or(0, |extent| extent.end)
        } else {
            self.ends.get(client)
        };
        end.max(self.known.get(client))
    }

    fn verdict(self) -> Verdict {
        let missing = self.wanted.iter().any(|&(client, clock)| clock >= self.end_of(client));
        if self.gap || missing { Verdict::Gap } else { Verdict::Accept(self.extents) }
    }
}
