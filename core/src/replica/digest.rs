//! A replica in two numbers, so that two of them can be compared over the wire. It knows no wire.
//!
//! Replicas with the same operations and deletions show the same text: where they do not, one of them has a fault. The
//! numbers find faults, not forgery: anybody can make two texts that have the same.

use yrs::{ReadTxn, Transact};

use super::{Replica, text};
use crate::lib0::{Malformed, Reader};

/// What two replicas compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// Of the operations and deletions that are known.
    pub known: u64,
    /// Of the text that they make.
    pub text: u64,
}

impl Replica {
    /// The digest of what this replica holds, computed anew only after a change.
    pub fn digest(&mut self) -> Digest {
        if let Some(digest) = self.digest {
            return digest;
        }
        let digest = Digest { known: self.known_hash(), text: self.text_hash() };
        self.digest = Some(digest);
        digest
    }

    /// Neither clients nor deletions come in an order of their own: what each hashes to is added up.
    fn known_hash(&self) -> u64 {
        let clocks = self.known.clocks.iter().filter(|&(_, clock)| clock > 0);
        let mut sum = 0_u64;
        for (client, clock) in clocks {
            sum = sum.wrapping_add(hash_of(&[client, u64::from(clock)]));
        }
        let txn = self.doc.transact();
        // To somebody who has every operation there is nothing to send but the deletions.
        let update = txn.encode_state_as_update_v1(&txn.state_vector());
        short(sum.wrapping_add(deletions_hash(&update).unwrap_or_default()))
    }

    fn text_hash(&self) -> u64 {
        let mut hash = BASIS;
        text::chunks(&self.text, &self.doc.transact(), |chunk| add(&mut hash, chunk.as_bytes()));
        short(hash)
    }
}

/// Adds up the deleted ranges of an update without operations; ranges that touch count as one.
fn deletions_hash(update: &[u8]) -> Result<u64, Malformed> {
    let mut reader = Reader::new(update);
    reader.var_uint()?;
    let mut sum = 0_u64;
    for _ in 0..reader.var_uint()? {
        let client = reader.var_uint()?;
        let (mut start, mut end) = (0, 0);
        for _ in 0..reader.var_uint()? {
            let (clock, len) = (reader.var_uint()?, reader.var_uint()?);
            if clock != end {
                sum = sum.wrapping_add(hash_of(&[client, start, end]));
                start = clock;
            }
            end = clock + len;
        }
        sum = sum.wrapping_add(hash_of(&[client, start, end]));
    }
    Ok(sum)
}

// FNV-1a, 64 bits wide.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

fn add(hash: &mut u64, bytes: &[u8]) {
    for &byte in bytes {
        *hash = (*hash ^ u64::from(byte)).wrapping_mul(PRIME);
    }
}

fn hash_of(numbers: &[u64]) -> u64 {
    let mut hash = BASIS;
    for number in numbers {
        add(&mut hash, &number.to_le_bytes());
    }
    hash
}

/// The 53 bits that a number on the wire can have.
fn short(hash: u64) -> u64 {
    hash >> 11
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientId, Splice};

    fn replica(client: u64) -> Replica {
        Replica::new(ClientId::from_random(client))
    }

    fn copy(of: &Replica, client: u64) -> Replica {
        let mut copy = replica(client);
        copy.merge(&of.encode()).unwrap();
        copy
    }

    #[test]
    fn replicas_with_the_same_operations_have_the_same_digest_however_they_came_by_them() {
        let (mut ann, mut live) = (replica(1), replica(2));
        for at in 0..200 {
            let update = match at % 4 {
                3 => ann.edit(&[Splice::new(at / 7, at / 7 + 2, "")]),
                _ => ann.edit(&[Splice::new(at / 5, at / 5, "né")]),
            };
            live.merge(&update).unwrap();
        }
        let mut bob = copy(&ann, 3);
        assert_eq!(ann.text(), bob.text());
        assert_eq!(ann.digest(), bob.digest());
        assert_eq!(ann.digest(), live.digest());
        bob.merge(&live.edit(&[Splice::new(0, 1, "x")])).unwrap();
        assert_eq!(bob.digest(), live.digest());
        assert_ne!(ann.digest(), bob.digest());
    }

    #[test]
    fn a_deletion_alone_is_told() {
        let mut ann = replica(1);
        ann.edit(&[Splice::new(0, 0, "aa")]);
        let mut bob = copy(&ann, 2);
        assert_eq!(ann.digest(), bob.digest());
        bob.edit(&[Splice::new(0, 1, "")]);
        assert_ne!(ann.digest().known, bob.digest().known);
        // The other of two equal letters: the texts are the same, what is known is not.
        ann.edit(&[Splice::new(1, 2, "")]);
        assert_eq!(ann.digest().text, bob.digest().text);
        assert_ne!(ann.digest().known, bob.digest().known);
    }

    #[test]
    fn the_same_clocks_with_other_words_are_told_by_the_text_alone() {
        let (mut ann, mut twin) = (replica(1), replica(1));
        ann.edit(&[Splice::new(0, 0, "one")]);
        twin.edit(&[Splice::new(0, 0, "two")]);
        assert_eq!(ann.digest().known, twin.digest().known);
        assert_ne!(ann.digest().text, twin.digest().text);
    }
}
