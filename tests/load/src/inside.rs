//! What a server of ours says of its inside: the heap in use, what its allocator has of the system for that, and its tasks.
//! Knows one page of numbers, and nothing of what the memory is for, or what the tasks do.

use std::net::SocketAddr;

use codraft_tests::Asking;

use crate::stop::Stop;

/// What there is at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inside {
    /// Bytes of the heap that are in use.
    pub(crate) live: u64,
    /// Bytes that the allocator has of the system.
    pub(crate) resident: u64,
    /// Tasks that have not ended.
    pub(crate) tasks: u64,
}

/// What there is in a server now.
pub(crate) async fn of_server(address: SocketAddr) -> Result<Inside, Stop> {
    let answer = Asking::get(address, "/metrics", &[("host", "localhost")]).await;
    let number = |name: &str| {
        let mut lines = answer.body.lines().filter_map(|line| line.strip_prefix(name));
        let number = lines.find_map(|rest| rest.strip_prefix(' ')?.parse().ok());
        number.ok_or_else(|| Stop::wrong(format!("the server does not say {name}")))
    };
    Ok(Inside {
        live: number("codraft_heap_live_bytes")?,
        resident: number("codraft_heap_resident_bytes")?,
        tasks: number("codraft_tasks_alive")?,
    })
}
