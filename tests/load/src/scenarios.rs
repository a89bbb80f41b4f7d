//! One module a scenario: each starts what it needs, verifies what it did, and returns figures or a sentence.
//! None knows another.

pub(crate) mod aw50;
pub(crate) mod cold;
pub(crate) mod disk;
pub(crate) mod fan;
pub(crate) mod flood;
pub(crate) mod gate;
pub(crate) mod growth;
pub(crate) mod hostile;
pub(crate) mod idle;
pub(crate) mod joiners;
pub(crate) mod many;
pub(crate) mod memory;
pub(crate) mod reconnect;
pub(crate) mod replay;
pub(crate) mod restart;
pub(crate) mod saved;
pub(crate) mod slow;
pub(crate) mod soak;
pub(crate) mod start;
pub(crate) mod viewers;
