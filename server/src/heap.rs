//! What the allocator has given out, what it has of the system, and how it gives that back. It knows nothing of what the memory
//! is for.
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

/// Gives the system back what is free, at once instead of over the next seconds. What is asked for next then comes fresh from
/// it, as zeros that take no memory until they are written.
#[cfg(not(target_env = "msvc"))]
pub(crate) fn give_back() {
    use tikv_jemalloc_ctl::{Access, AsName, arenas};
    let usual: Result<isize, _> = "arenas.dirty_decay_ms\0".name().read();
    let (Ok(usual), Ok(count)) = (usual, arenas::narenas::read()) else { return };
    for arena in 0..count {
        let key = format!("arena.{arena}.dirty_decay_ms\0");
        // A decay of nothing is at once. One that is not in use has nothing, and says so.
        if key.name().write(0_isize).is_ok() {
            let _ = key.name().write(usual);
        }
    }
}

/// The heap now; nothing where the allocator is another one, or does not say.
#[cfg(target_env = "msvc")]
pub(crate) fn read() -> Option<Heap> {
    None
}

/// Another allocator gives back as it likes.
#[cfg(target_env = "msvc")]
pub(crate) fn give_back() {}

#[cfg(all(test, not(target_env = "msvc")))]
mod tests {
    use tikv_jemalloc_ctl::{Access, AsName};

    #[test]
    fn memory_is_given_back_once_and_kept_for_a_while_as_before() {
        let decay = |key: &str| -> isize { key.name().read().unwrap() };
        let usual = decay("arenas.dirty_decay_ms\0");
        super::give_back();
        assert!(usual > 0, "{usual}");
        assert_eq!(decay("arena.0.dirty_decay_ms\0"), usual);
    }
}
