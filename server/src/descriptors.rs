//! How many files and sockets the system lets this process have open. It does not know who opens them.

use crate::door::TURNED_AWAY;

/// Descriptors that are not connections within the limit: those that are told of it, the journal's and the store's files, and
/// a few of the runtime's.
const OTHERS: u64 = 256 + TURNED_AWAY as u64;

/// Raises the limit as far as the system allows; returns how many connections fit, if there is a limit.
pub(crate) fn make_room() -> Option<usize> {
    let fit = limit()?.saturating_sub(OTHERS).max(1);
    Some(usize::try_from(fit).unwrap_or(usize::MAX))
}

#[cfg(unix)]
fn limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays as it is");
            current
        }
    }
}

#[cfg(not(unix))]
fn limit() -> Option<u64> {
    None
}
