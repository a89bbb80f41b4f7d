//! What a process or a folder takes up, as the kernel counts it.
//! Does not know whose it is. Processes are looked up in Linux's `/proc`.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::Duration;

/// `/proc` counts CPU time in hundredths of a second, whatever the kernel's own clock does.
const TICK: Duration = Duration::from_millis(10);

/// What a process takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Bytes of memory now.
    pub(crate) resident: u64,
    /// Bytes of memory at the most so far.
    pub(crate) peak: u64,
    /// User and system time of all its threads.
    pub(crate) cpu: Duration,
    pub(crate) threads: u64,
    /// Open files and sockets.
    pub(crate) descriptors: u64,
}

/// What a process takes at this moment.
pub(crate) fn of_process(id: u32) -> io::Result<Usage> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let strange = || io::Error::other("/proc does not say what it says on Linux");
    Ok(Usage {
        resident: number(&status, "VmRSS:").ok_or_else(strange)? << 10,
        peak: number(&status, "VmHWM:").ok_or_else(strange)? << 10,
        cpu: cpu(&stat).ok_or_else(strange)?,
        threads: number(&status, "Threads:").ok_or_else(strange)?,
        descriptors: fs::read_dir(format!("/proc/{id}/fd"))?.count() as u64,
    })
}

/// The number of a line; of bytes it is in KiB.
fn number(status: &str, field: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().next()?.parse().ok()
}

fn cpu(stat: &str) -> Option<Duration> {
    // The name before it is in parentheses and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some(TICK * (ticks()? + ticks()?))
}

/// Bytes that a folder's files take on the disk.
pub(crate) fn of_folder(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { of_folder(&entry.path())? } else { allocated(&metadata) };
    }
    Ok(bytes)
}

#[cfg(unix)]
fn allocated(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(file) * 512
}

#[cfg(not(unix))]
fn allocated(file: &Metadata) -> u64 {
    file.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_read_behind_a_name_that_looks_like_more_fields() {
        let stat = "77 (a) b 1 2) S 1 2 3 4 5 6 7 8 9 10 150 30 0 0 20";
        assert_eq!(cpu(stat), Some(Duration::from_millis(1_800)));
    }

    #[test]
    fn memory_is_read_by_the_name_of_its_line() {
        let status = "VmPeak:\t  99 kB\nVmHWM:\t   64 kB\nVmRSS:\t  48 kB\n";
        assert_eq!(number(status, "VmRSS:"), Some(48));
        assert_eq!(number(status, "VmHWM:"), Some(64));
        assert_eq!(number(status, "VmSwap:"), None);
    }
}
