//! One outside update in the v1 encoding: accept, gap or garbage.
//!
//! The first pass reads every block in the order of the bytes, and for nearly all updates that is an order in which they
//! can be applied: nothing names a block that comes later. Where it is not, a second pass ([`order`]) looks for one.

use crate::gate::clocks::Clocks;
use crate::gate::content::{self, Content};
use crate::gate::count;
use crate::gate::depths::Depths;
use crate::gate::order::{self, CLIENTS_AT_ONCE, Gap, Section};
use crate::lib0::{Malformed, Reader};
use crate::limits::TYPE_DEPTH;

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_PARENT_SUB: u8 = 0x20;
const GC: u8 = 0;
const SKIP: u8 = 10;

/// Sections that are looked through one by one.
const FEW: usize = 8;

/// Blocks of one part: with as many others between the neighbours of each as a document may have, a few seconds' work.
const BLOCKS_IN_A_STEP: usize = 16;

/// A block's name: the client that made it and the clock at that time.
pub(crate) type BlockId = (u64, u32);

/// What a document has, as far as the gate has to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// How far each client is known.
    pub clocks: Clocks,
    /// How deep blocks lie.
    pub depths: Depths,
}

impl Known {
    /// Adds what an accepted update brought.
    pub fn extend(&mut self, accepted: &Accepted) {
        for extent in &accepted.extents {
            self.clocks.advance(extent.client, extent.end);
        }
        self.depths.extend(&accepted.depths);
    }
}

/// What may be done with an update that is well-formed.
#[derive(Debug, Clone)]
pub enum Verdict<'a> {
    /// Everything it builds on is known: apply it, and know this much more afterwards.
    Accept(Accepted),
    /// It builds on something unknown: ask for what is missing, and apply no more than [`Gap::part`] of it.
    Gap(Gap<'a>),
}

/// What an accepted update carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The operations of each client.
    pub extents: Vec<Extent>,
    /// The same update as several, to be applied one after another in its place; none when yrs can take it at once.
    pub parts: Vec<Vec<u8>>,
    pub(super) depths: Depths,
}

impl Accepted {
    /// Whether any of its operations is not known yet.
    pub(crate) fn has_new(&self, known: &Clocks) -> bool {
        !known.cover(&self.extents)
    }

    /// Leaves only the operations that are not known yet.
    pub(crate) fn keep_new(&mut self, known: &Clocks) {
        for extent in &mut self.extents {
            extent.start = extent.start.max(known.get(extent.client));
        }
        self.extents.retain(|extent| extent.start < extent.end);
    }
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
pub fn check_update<'a>(bytes: &'a [u8], known: &'a Known) -> Result<Verdict<'a>, Malformed> {
    check(bytes, known, usize::MAX)
}

/// The same, and what is accepted of a larger update comes in small parts, so that whoever applies it can look at the clock
/// in between: a block takes yrs as long as there are others between its neighbours, and an update may have many of them.
pub fn check_update_in_steps<'a>(
    bytes: &'a [u8],
    known: &'a Known,
) -> Result<Verdict<'a>, Malformed> {
    check(bytes, known, BLOCKS_IN_A_STEP)
}

fn check<'a>(
    bytes: &'a [u8],
    known: &'a Known,
    blocks_at_once: usize,
) -> Result<Verdict<'a>, Malformed> {
    let mut check = Check {
        reader: Reader::new(bytes),
        known,
        blocks: 0,
        blocks_at_once,
        starts: Vec::new(),
        extents: Vec::new(),
        ends: Clocks::default(),
        wanted: Vec::new(),
        depths: Depths::default(),
        gap: false,
    };
    for _ in 0..count(&mut check.reader, 3)? {
        check.section()?;
    }
    check.index_extents()?;
    let deleted = check.reader.clone();
    check.delete_set()?;
    if !check.reader.is_empty() {
        return Err(Malformed("bytes follow the update"));
    }
    check.verdict(deleted)
}

struct Check<'a> {
    reader: Reader<'a>,
    known: &'a Known,
    blocks: usize,
    /// The most that one part may have.
    blocks_at_once: usize,
    /// Where the blocks of each extent begin.
    starts: Vec<Reader<'a>>,
    extents: Vec<Extent>,
    /// The extents' ends by client, when there are more than [`FEW`].
    ends: Clocks,
    /// Blocks that were not known when they were named; they may come later in the same update.
    wanted: Vec<BlockId>,
    depths: Depths,
    gap: bool,
}

impl<'a> Check<'a> {
    /// The blocks of one client, in the order of their clocks.
    fn section(&mut self) -> Result<(), Malformed> {
        let n = count(&mut self.reader, 2)?;
        let client = self.reader.var_uint()?;
        let start = self.reader.var_u32()?;
        if n == 0 {
            return Ok(());
        }
        self.gap |= start > self.known.clocks.get(client);
        self.starts.push(self.reader.clone());
        let at = self.extents.len();
        self.extents.push(Extent { client, start, end: start });
        self.blocks = self.blocks.saturating_add(usize::try_from(n).unwrap_or(usize::MAX));
        for _ in 0..n {
            let clock = self.extents[at].end;
            self.extents[at].end = self.block((client, clock))?;
        }
        Ok(())
    }

    /// One block; returns the clock after it.
    fn block(&mut self, id: BlockId) -> Result<u32, Malformed> {
        let block = Block::read(&mut self.reader)?;
        self.gap |= block.is_skip;
        let end = block.end(id)?;
        let mut is_here = true;
        for named in block.named() {
            if named.0 == id.0 {
                if named.1 >= id.1 {
                    return Err(Malformed("a block builds on itself or on one that follows it"));
                }
            } else if !self.is_known(named) {
                self.wanted.push(named);
                is_here = false;
            }
        }
        if is_here {
            let depth = block.depth(|named| self.depth_of(named));
            block.note(&mut self.depths, id, end, depth)?;
        }
        Ok(end)
    }

    /// Whether a block was there before this update, or has been read in it.
    fn is_known(&self, (client, clock): BlockId) -> bool {
        if clock < self.known.clocks.get(client) {
            return true;
        }
        // Looked through only while there are few sections: otherwise the second pass settles it.
        self.extents.len() <= FEW
            && self.extents.iter().any(|extent| extent.client == client && clock < extent.end)
    }

    fn depth_of(&self, id: BlockId) -> u32 {
        if self.depths.is_empty() && self.known.depths.is_empty() {
            return 1;
        }
        self.depths.get(id).or_else(|| self.known.depths.get(id)).unwrap_or(1)
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
        end.max(self.known.clocks.get(client))
    }

    fn delete_set(&mut self) -> Result<(), Malformed> {
        for _ in 0..count(&mut self.reader, 2)? {
            let client = self.reader.var_uint()?;
            let end = self.end_of(client);
            for _ in 0..count(&mut self.reader, 2)? {
                let clock = self.reader.var_u32()?;
                let len = self.reader.var_u32()?;
                let last = clock.checked_add(len).ok_or(OVERFLOW)?;
                if len == 0 {
                    return Err(Malformed("a deleted range is empty"));
                }
                self.gap |= last > end;
            }
        }
        Ok(())
    }

    fn verdict(self, deleted: Reader<'a>) -> Result<Verdict<'a>, Malformed> {
        let misses =
            self.gap || self.wanted.iter().any(|&(client, clock)| clock >= self.end_of(client));
        let is_small = self.extents.len() <= CLIENTS_AT_ONCE && self.blocks <= self.blocks_at_once;
        if !misses && self.wanted.is_empty() && is_small {
            let (extents, depths) = (self.extents, self.depths);
            return Ok(Verdict::Accept(Accepted { extents, depths, parts: Vec::new() }));
        }
        let sections = self.extents.iter().zip(self.starts);
        let sections = sections.map(|(&extent, blocks)| Section { extent, blocks }).collect();
        if misses {
            return Ok(Verdict::Gap(Gap {
                sections,
                deleted,
                blocks_at_once: self.blocks_at_once,
            }));
        }
        let order = order::accept(self.known, sections, deleted.rest(), self.blocks_at_once)?;
        Ok(Verdict::Accept(order))
    }
}

const OVERFLOW: Malformed = Malformed("a clock is larger than 32 bits");

/// Reads the blocks of an update for as long as `each` wants more, with the name of each; whether it wanted all. Then the
/// reader stands behind the last.
pub(crate) fn read_blocks<'a>(
    reader: &mut Reader<'a>,
    mut each: impl FnMut(BlockId, &Block<'a>) -> Result<bool, Malformed>,
) -> Result<bool, Malformed> {
    for _ in 0..count(reader, 3)? {
        let n = count(reader, 2)?;
        let client = reader.var_uint()?;
        let mut id = (client, reader.var_u32()?);
        for _ in 0..n {
            let block = Block::read(reader)?;
            if !each(id, &block)? {
                return Ok(false);
            }
            id.1 = block.end(id)?;
        }
    }
    Ok(true)
}

/// A block, as far as its place in the document matters.
pub(crate) struct Block<'a> {
    pub(super) is_skip: bool,
    /// The blocks it stands beside, left and right: they lie as deep as it does.
    pub(crate) beside: [Option<BlockId>; 2],
    /// The root type it lies in, where it stands beside nothing.
    pub(crate) root: Option<&'a str>,
    /// The block whose type it lies in, where it stands beside nothing.
    pub(crate) inside: Option<BlockId>,
    /// It has a key instead of a place: the first entry of a map under it.
    pub(crate) has_key: bool,
    pub(crate) content: Content<'a>,
}

impl<'a> Block<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let info = reader.byte()?;
        let mut block = Self {
            is_skip: info == SKIP,
            beside: [None; 2],
            root: None,
            inside: None,
            has_key: false,
            content: Content::default(),
        };
        if info == GC || info == SKIP {
            block.content = content::gone(reader)?;
        } else {
            block.read_item(reader, info)?;
        }
        if block.content.len == 0 { Err(Malformed("a block is empty")) } else { Ok(block) }
    }

    fn read_item(&mut self, reader: &mut Reader<'a>, info: u8) -> Result<(), Malformed> {
        if info & HAS_ORIGIN != 0 {
            self.beside[0] = Some(id(reader)?);
        }
        if info & HAS_RIGHT_ORIGIN != 0 {
            self.beside[1] = Some(id(reader)?);
        }
        if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
            match reader.var_uint()? {
                1 => self.root = Some(reader.var_string()?),
                0 => self.inside = Some(id(reader)?),
                _ => return Err(Malformed("a block's parent is of no known kind")),
            }
            if info & HAS_PARENT_SUB != 0 {
                self.has_key = true;
                reader.var_string()?;
            }
        }
        self.content = content::read(reader, info)?;
        Ok(())
    }

    /// Every block that this one names.
    pub(super) fn named(&self) -> impl Iterator<Item = BlockId> + use<> {
        [self.beside[0], self.beside[1], self.inside].into_iter().flatten()
    }

    pub(crate) fn end(&self, (_, clock): BlockId) -> Result<u32, Malformed> {
        clock.checked_add(self.content.len).ok_or(OVERFLOW)
    }

    /// How deep it lies, given how deep the blocks lie that it names.
    pub(super) fn depth(&self, depth_of: impl Fn(BlockId) -> u32) -> u32 {
        let beside = self.beside.iter().flatten().map(|&named| depth_of(named)).max().unwrap_or(1);
        self.inside.map_or(beside, |parent| depth_of(parent) + 1)
    }

    /// Notes its depth; a type that lies too deep is garbage.
    pub(super) fn note(
        &self,
        depths: &mut Depths,
        id: BlockId,
        end: u32,
        depth: u32,
    ) -> Result<(), Malformed> {
        if self.content.is_type && depth > TYPE_DEPTH {
            return Err(Malformed("shared types are nested too deeply"));
        }
        if depth > 1 {
            depths.note(id.0, id.1, end, depth);
        }
        Ok(())
    }
}

fn id(reader: &mut Reader<'_>) -> Result<BlockId, Malformed> {
    Ok((reader.var_uint()?, reader.var_u32()?))
}
