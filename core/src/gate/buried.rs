//! Whether outside bytes belong to operations that are never to come back. It knows clocks, not why.
//!
//! A client that is buried and whose operations are not all known here has written them elsewhere: whatever else it has
//! written follows them.

use super::clocks::Clocks;
use super::update::read_blocks;
use crate::lib0::{Malformed, Reader};

/// Whether an update has operations of buried clients that are not known, or ones that build on such. Bytes that are no
/// update have none as far as they can be read. That it deletes some does not count: it brings nothing back.
pub fn is_buried(update: &[u8], known: &Clocks, buried: &Clocks) -> bool {
    let is_lost = |client, clock| is_lost(client, clock, known, buried);
    let mut found = false;
    let read = read_blocks(&mut Reader::new(update), |id, block| {
        let is_here = !block.is_skip && is_lost(id.0, block.end(id)? - 1);
        found |= is_here || block.named().any(|(client, clock)| is_lost(client, clock));
        Ok(!found)
    });
    found && read.is_ok()
}

/// Whether somebody with this state vector has operations of buried clients that are not known.
pub fn has_buried(has: &Clocks, known: &Clocks, buried: &Clocks) -> bool {
    has.iter().any(|(client, next)| next > 0 && is_lost(client, next - 1, known, buried))
}

/// Buries all operations of an update.
pub fn bury(update: &[u8], buried: &mut Clocks) -> Result<(), Malformed> {
    read_blocks(&mut Reader::new(update), |id, block| {
        if !block.is_skip {
            buried.advance(id.0, block.end(id)?);
        }
        Ok(true)
    })?;
    Ok(())
}

fn is_lost(client: u64, clock: u32, known: &Clocks, buried: &Clocks) -> bool {
    let end = buried.get(client);
    end > 0 && {
        let known = known.get(client);
        known < end && known <= clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientId, Replica, Splice};

    fn replica(client: u64) -> Replica {
        Replica::new(ClientId::from_random(client))
    }

    fn typed(replica: &mut Replica, text: &str) -> Vec<u8> {
        let end = replica.text_len();
        replica.edit(&[Splice { from: end, to: end, insert: text.into() }])
    }

    fn of(replica: &Replica) -> Clocks {
        replica.clocks().clone()
    }

    #[test]
    fn what_was_buried_and_what_builds_on_it_is_told_from_what_is_new() {
        let (mut ann, mut bob) = (replica(1), replica(2));
        let old = typed(&mut ann, "old");
        let mut buried = Clocks::default();
        bury(&old, &mut buried).unwrap();
        assert_eq!(buried, of(&ann));
        let nothing = Clocks::default();
        assert!(is_buried(&old, &nothing, &buried));
        assert!(is_buried(&typed(&mut ann, "er"), &nothing, &buried), "of the same client");
        bob.merge(&ann.encode()).unwrap();
        assert!(is_buried(&typed(&mut bob, "!"), &nothing, &buried), "beside what is buried");
        assert!(!is_buried(&typed(&mut replica(3), "new"), &nothing, &buried));
        assert!(has_buried(&of(&bob), &nothing, &buried));
        assert!(!has_buried(&of(&replica(3)), &nothing, &buried));
    }

    #[test]
    fn what_is_known_here_is_not_lost() {
        let mut ann = replica(1);
        let old = typed(&mut ann, "old");
        let buried = of(&ann);
        assert!(!is_buried(&old, &buried, &buried));
        assert!(!has_buried(&buried, &buried, &buried));
        let more = typed(&mut ann, "er");
        assert!(!is_buried(&more, &buried, &buried), "it builds on what is known");
        let mut known = Clocks::default();
        known.insert(1, 2);
        assert!(is_buried(&old, &known, &buried), "only some of it is");
        assert!(has_buried(&buried, &known, &buried));
    }

    #[test]
    fn deletions_and_places_that_are_left_out_bring_nothing_back() {
        let mut ann = replica(1);
        typed(&mut ann, "old");
        let buried = of(&ann);
        let nothing = Clocks::default();
        let deletion = ann.edit(&[Splice { from: 0, to: 3, insert: "".into() }]);
        assert!(!is_buried(&deletion, &nothing, &buried));
        let skip = [1, 1, 1, 0, 10, 3, 0];
        assert!(!is_buried(&skip, &nothing, &buried));
        assert!(!is_buried(b"no update", &nothing, &buried));
    }
}
