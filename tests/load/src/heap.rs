//! What a server of ours says of its heap: what is in use, and what its allocator has of the system for that.
//! Knows one page of numbers, and nothing of what the memory is for.

use std::net::SocketAddr;

use codraft_tests::Asking;

use crate::stop::Stop;

/// Bytes of a heap at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heap {
    pub(crate) live: u64,
    pub(crate) resident: u64,
}

/// The heap of a server now.
pub(crate) async fn of_server(address: SocketAddr) -> Result<Heap, Stop> {
    let answer = Asking::get(address, "/metrics", &[("host", "localhost")]).await;
    let number = |name: &str| {
        let mut lines = answer.body.lines().filter_map(|line| line.strip_prefix(name));
        let number = lines.find_map(|rest| rest.strip_prefix(' ')?.parse().ok());
        number.ok_or_else(|| Stop::wrong(format!("the server does not say {name}")))
    };
    let (live, resident) = ("codraft_heap_live_bytes", "codraft_heap_resident_bytes");
    Ok(Heap { live: number(live)?, resident: number(resident)? })
}
