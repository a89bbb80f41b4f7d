//! How far each client's operations are known: a state vector.

use std::collections::HashMap;

use crate::gate::Extent;
use crate::lib0::Writer;

/// For each client id, the number of its operations that are known: its next clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clocks {
    next: HashMap<u64, u32>,
}

impl Clocks {
    /// The next clock of a client; 0 for one never heard of.
    pub fn get(&self, client: u64) -> u32 {
        self.next.get(&client).copied().unwrap_or(0)
    }

    /// Notes a client's next clock; false when the client was known already (then nothing changes).
    pub fn insert(&mut self, client: u64, clock: u32) -> bool {
        match self.next.entry(client) {
            std::collections::hash_map::Entry::Occupied(_) => false,
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(clock);
                true
            }
        }
    }

    /// Raises a client's next clock; never lowers it.
    pub fn advance(&mut self, client: u64, clock: u32) {
        let next = self.next.entry(client).or_insert(0);
        *next = clock.max(*next);
    }

    /// Whether all of these operations are known.
    pub fn cover(&self, extents: &[Extent]) -> bool {
        extents.iter().all(|extent| extent.end <= self.get(extent.client))
    }

    /// Every client and its next clock, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u32)> + Clone + '_ {
        self.next.iter().map(|(&client, &clock)| (client, clock))
    }

    /// How many clients are known.
    pub fn len(&self) -> usize {
        self.next.len()
    }

    /// Whether nobody has written anything.
    pub fn is_empty(&self) -> bool {
        self.next.is_empty()
    }

    /// The v1 encoding that a step1 carries.
    pub fn encode(&self) -> Vec<u8> {
        let known = self.iter().filter(|&(_, clock)| clock > 0);
        let mut writer = Writer::with_capacity(2 + self.next.len() * 8);
        writer.var_uint(known.clone().count() as u64);
        for (client, clock) in known {
            writer.var_uint(client).var_uint(u64::from(clock));
        }
        writer.finish()
    }
}
