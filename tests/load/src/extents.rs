//! What an update adds: clients and clocks, whether or not what it builds on is known.
//! Does not keep anything.

use codraft_core::gate::{Extent, Known, Verdict, check_update};

use crate::stop::Stop;

/// The operations of each client in an update; of one that has a gap, too.
pub(crate) fn extents(update: &[u8]) -> Result<Vec<Extent>, Stop> {
    let nothing = Known::default();
    let verdict = check_update(update, &nothing);
    match verdict.map_err(|error| Stop::wrong(format!("a strange update: {error}")))? {
        Verdict::Accept(accepted) => Ok(accepted.extents),
        Verdict::Gap(gap) => Ok(gap.extents().collect()),
    }
}
