//! What the allocator has given out, and what it has of the system. It knows nothing of what the memory is for.
//!
//! What is in use growing says that something is kept; only what it has of the system, that what was let go lies between what
//! was not.

/// Bytes of the heap at one moment.
pub(crate) struct Heap {
    pub(crate) live: i64,
    pub(crate) resident: i64,
}

/// The heap now; nothing where the allocator is another one, or does not say.
#[cfg(not(target_env = "msvc"))]
pub(crate) fn read() -> Option<Heap> {
    use tikv_jemalloc_ctl::{epoch, stats};
    // The numbers are those of the last epoch.
    epoch::advance().ok()?;
    let [live, resident] = [stats::allocated::read().ok()?, stats::resident::read().ok()?];
    Some(Heap { live: i64::try_from(live).ok()?, resident: i64::try_from(resident).ok()? })
}

/// The heap now; nothing where the allocator is another one, or does not say.
#[cfg(target_env = "msvc")]
pub(crate) fn read() -> Option<Heap> {
    None
}
