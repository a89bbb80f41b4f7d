//! How the order changes with an update, and what that looks like in the text. It reads updates that the gate lets through,
//! and applies none.

use super::{GONE, Newcomer, Places};
use crate::Splice;
use crate::gate::{Block, BlockId, Clocks, read_blocks};
use crate::lib0::{Malformed, Reader};

/// Bytes that are followed at once: a few dozen letters. Each takes a search through all that is here, and a walk of yrs
/// through its blocks is less than hundreds of those.
const FOLLOWED_BYTES: usize = 2_048;

impl Places {
    /// Whether some updates are few enough to be followed one by one.
    pub(in crate::replica) fn can_follow(updates: &[Vec<u8>]) -> bool {
        updates.iter().map(Vec::len).sum::<usize>() <= FOLLOWED_BYTES
    }

    /// Follows what an update does to the root text `field`, and adds it to `splices`; `known` is what there was before.
    /// `look` finds the offset of a character that is gone, before the update. False when it cannot tell: then all has to be
    /// made anew.
    pub(in crate::replica) fn follow(
        &mut self,
        update: &[u8],
        known: &Clocks,
        field: &str,
        look: &dyn Fn(BlockId) -> Option<u32>,
        splices: &mut Vec<Splice>,
    ) -> bool {
        self.read(update, known, field, look, splices).unwrap_or(false)
    }

    fn read(
        &mut self,
        update: &[u8],
        known: &Clocks,
        field: &str,
        look: &dyn Fn(BlockId) -> Option<u32>,
        splices: &mut Vec<Splice>,
    ) -> Result<bool, Malformed> {
        let mut reader = Reader::new(update);
        let mut is_first = true;
        let is_followed = read_blocks(&mut reader, |id, block| {
            let known = known.get(id.0);
            if block.end(id)? <= known {
                return Ok(true);
            }
            // Where others are before the update is not where they are behind a block of it.
            let look: &dyn Fn(BlockId) -> Option<u32> = if is_first { look } else { &|_| None };
            is_first = false;
            // What is known in part is rare: an answer that crossed what it answers.
            Ok(known <= id.1 && self.add(block, id, field, look, splices))
        })?;
        if !is_followed {
            return Ok(false);
        }
        let mut fits = true;
        self.hide_all(&mut reader, |from, len| {
            fits &= Splice::append(splices, &Splice::new(from, from + len, ""));
        })?;
        Ok(fits)
    }

    /// Reads what an update deletes; `each` hears where that had been shown, one after another.
    pub(super) fn hide_all(
        &mut self,
        reader: &mut Reader<'_>,
        mut each: impl FnMut(u32, u32),
    ) -> Result<(), Malformed> {
        for _ in 0..reader.var_uint()? {
            let client = reader.var_uint()?;
            for _ in 0..reader.var_uint()? {
                let id = (client, reader.var_u32()?);
                self.hide(id, reader.var_u32()?, &mut each);
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        block: &Block<'_>,
        id: BlockId,
        field: &str,
        look: &dyn Fn(BlockId) -> Option<u32>,
        splices: &mut Vec<Splice>,
    ) -> bool {
        let is_elsewhere = block.root.is_some_and(|root| root != field) || block.inside.is_some();
        // What is neither in a root type nor beside anything is not in the document any more.
        let is_nowhere = block.root.is_none() && block.beside == [None; 2];
        if is_elsewhere || is_nowhere || block.has_key {
            return true;
        }
        let len = block.content.len;
        let mut put = |bits| {
            let new = Newcomer { id, bits, beside: block.beside, is_next: false };
            self.put(&new, look)
        };
        match block.content.words {
            Some(words) => {
                put(len).is_some_and(|at| Splice::append(splices, &Splice::new(at, at, words)))
            }
            // It is not shown, but others are not beside each other any more.
            None => block.content.is_gone && put(len | GONE).is_some(),
        }
    }
}
