//! What the order is around an edit that yrs has made: its update names the neighbours that it found, those that are gone among
//! them.

use super::{Newcomer, Places};
use crate::Splice;
use crate::gate::read_blocks;
use crate::lib0::{Malformed, Reader};
use crate::replica::text::FEW;

impl Places {
    /// Follows an edit by the update that yrs has written of it. False when that does not tell, or takes longer than to make
    /// all of it anew: then this is of no use any more.
    pub(in crate::replica) fn learn(&mut self, update: &[u8], splices: &[Splice]) -> bool {
        splices.len() <= FEW && self.read_own(update, splices).ok().flatten().is_some()
    }

    fn read_own(&mut self, update: &[u8], splices: &[Splice]) -> Result<Option<()>, Malformed> {
        let mut reader = Reader::new(update);
        let mut made = Vec::new();
        read_blocks(&mut reader, |id, block| {
            made.push(Newcomer {
                id,
                bits: block.content.len,
                beside: block.beside,
                is_next: true,
            });
            Ok(true)
        })?;
        self.hide_all(&mut reader, |_, _| {})?;
        let inserts = || splices.iter().filter(|splice| !splice.insert.is_empty());
        if inserts().count() != made.len() {
            return Ok(None);
        }
        let (mut gone, mut come, mut made) = (0, 0, made.into_iter());
        for splice in splices {
            let at = splice.from - gone + come;
            gone += splice.to - splice.from;
            if let Some(made) = (!splice.insert.is_empty()).then(|| made.next()).flatten() {
                come += made.bits;
                // Whoever is not known stands where the words were put.
                if self.put(&made, &|_| Some(at)) != Some(at) {
                    return Ok(None);
                }
            }
        }
        Ok(Some(()))
    }
}
