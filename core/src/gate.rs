//! The gate that every outside byte passes before yrs sees it. It reads structure and clocks; it holds no document.
//!
//! yrs 0.28.1 trusts its input: a nested value overflows the stack, a declared length reserves gigabytes, a cyclic
//! origin loops for ever, and `catch_unwind` stops none of these. The gate reads each update once, without recursion and
//! without allocating from declared lengths, and answers *accept*, *gap* or *garbage*.

mod buried;
mod clocks;
mod content;
mod depths;
mod order;
mod update;

pub use buried::{bury, has_buried, is_buried};
pub use clocks::Clocks;
pub use depths::Depths;
pub use order::Gap;
pub use update::{Accepted, Extent, Known, Verdict, check_update, check_update_in_steps};
pub(crate) use update::{Block, BlockId, read_blocks};

use crate::lib0::{Malformed, Reader};

/// Reads an outside state vector: client ids and the number of their operations somebody has.
pub fn check_state_vector(bytes: &[u8]) -> Result<Clocks, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut clocks = Clocks::default();
    for _ in 0..count(&mut reader, 2)? {
        let client = reader.var_uint()?;
        let clock = reader.var_u32()?;
        if !clocks.insert(client, clock) {
            return Err(Malformed("a state vector names a client twice"));
        }
    }
    if !reader.is_empty() {
        return Err(Malformed("bytes follow the state vector"));
    }
    Ok(clocks)
}

/// A declared number of elements of at least `least` bytes each: never more than the bytes that carry them.
fn count(reader: &mut Reader<'_>, least: u64) -> Result<u64, Malformed> {
    let n = reader.var_uint()?;
    if n.saturating_mul(least) > reader.rest().len() as u64 {
        return Err(Malformed("a count is beyond the bytes"));
    }
    Ok(n)
}

#[cfg(test)]
mod tests;
