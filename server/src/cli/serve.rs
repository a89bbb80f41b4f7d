//! What `codraft serve` can be told, and what that means for a server. It starts nothing.

use std::net::SocketAddr;
use std::num::{NonZeroU64, NonZeroUsize};
use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;
use codraft_core::limits::{DOCUMENT_BYTES, FRAME_BYTES};

use super::Data;
use crate::access::{Creation, Mode};
use crate::descriptors;
use crate::journal::JournalConfig;
use crate::limits::Limits;
use crate::metrics::MetricsAccess;
use crate::origin::Origin;
use crate::server::ServeConfig;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes that a limit may not be below: with less, not even presence fits.
const LEAST_BYTES: usize = 64 << 10;

#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// The address to listen on; beyond this machine --access has to say who may do what
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", env = "CODRAFT_LISTEN")]
    pub(super) listen: SocketAddr,
    /// Created if there is none
    #[command(flatten)]
    pub(super) data: Data,
    /// How people come to documents; beyond this machine it has to be said [default: open]
    #[arg(long, value_enum, env = "CODRAFT_ACCESS")]
    access: Option<Mode>,
    /// Who may begin new documents with --access links
    #[arg(long, value_enum, default_value_t = Creation::Everyone, env = "CODRAFT_NEW_DOCUMENTS")]
    new_documents: Creation,
    /// What people open, if it is a name and not an address, as in https://docs.example.org
    #[arg(long, value_name = "URL", env = "CODRAFT_PUBLIC_URL")]
    public_url: Option<Origin>,
    /// A site other than this server whose pages may connect, as in https://app.example.org; may be repeated
    #[arg(
        long = "allow-origin",
        value_name = "URL",
        env = "CODRAFT_ALLOW_ORIGIN",
        value_delimiter = ','
    )]
    allow_origins: Vec<Origin>,
    /// A site whose pages may show documents in a frame, /embed/NAME, as in https://app.example.org; may be repeated
    #[arg(long, value_name = "URL", env = "CODRAFT_EMBED_IN", value_delimiter = ',')]
    embed_in: Vec<Origin>,
    /// Keep every edit as it came for this many days after it was merged; deleted text stays as long
    #[arg(long, value_name = "DAYS", env = "CODRAFT_KEEP_HISTORY")]
    keep_history: Option<u16>,
    /// Who may read /metrics
    #[arg(long, value_enum, default_value_t = Metrics::Local, env = "CODRAFT_METRICS")]
    metrics: Metrics,
    #[command(flatten)]
    limits: LimitOptions,
}

/// The limits, which a team does not meet; docs/limits.md has a sentence on each.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
struct LimitOptions {
    /// Connections at the same time [default: 20000, or as many as the system has room for]
    #[arg(long, value_name = "N", env = "CODRAFT_MAX_CONNECTIONS")]
    max_connections: Option<NonZeroUsize>,
    /// Connections at the same time from one address, or one IPv6 network of 64 bits
    #[arg(
        long,
        value_name = "N",
        default_value = "1024",
        env = "CODRAFT_MAX_CONNECTIONS_PER_ADDRESS"
    )]
    max_connections_per_address: NonZeroUsize,
    /// Count this machine as an address, too; for a server that has no proxy in front of it
    #[arg(long, env = "CODRAFT_COUNT_LOOPBACK")]
    count_loopback: bool,
    /// The size of a document
    #[arg(long, value_name = "SIZE", default_value = "64MiB", env = "CODRAFT_MAX_DOCUMENT")]
    max_document: Size,
    /// The size of a frame; a client that was offline sends all it wrote in one
    #[arg(long, value_name = "SIZE", default_value = "64MiB", env = "CODRAFT_MAX_FRAME")]
    max_frame: Size,
    /// The size of a picture in a document
    #[arg(long, value_name = "SIZE", default_value = "10MiB", env = "CODRAFT_MAX_FILE")]
    max_file: Size,
    /// The size of all pictures of one document together; 0 to take none
    #[arg(long, value_name = "SIZE", default_value = "256MiB", env = "CODRAFT_MAX_FILES")]
    max_files: DiskSize,
    /// Messages of one connection in a second, averaged over ten
    #[arg(
        long,
        value_name = "N",
        default_value = "1000000",
        env = "CODRAFT_MAX_MESSAGES_PER_SECOND"
    )]
    max_messages_per_second: NonZeroU64,
    /// Seconds of silence after which a connection is pinged; after two pings without an answer it is closed
    #[arg(long, value_name = "SECONDS", default_value = "20", env = "CODRAFT_PING_AFTER")]
    ping_after: NonZeroU64,
    /// Seconds that a document stays in memory after everyone has left it
    #[arg(long, value_name = "SECONDS", default_value = "30", env = "CODRAFT_LINGER")]
    linger: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Metrics {
    /// Programs on this machine that ask without a proxy
    Local,
    /// Everyone who reaches the server
    Open,
    /// Nobody
    Off,
}

/// Bytes, as in 65536, 512KiB or 64MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size(usize);

/// The same of what lies on the disk and need not fit into memory, as in 0, 512KiB or 2GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DiskSize(u64);

impl Serve {
    /// Whether the address may be listened on: what others can reach has to be meant.
    pub(super) fn is_allowed(&self) -> bool {
        self.listen.ip().is_loopback() || self.access.is_some()
    }

    /// Whether an administrator has anything to say that others have not.
    pub(super) fn has_strangers(&self) -> bool {
        !self.listen.ip().is_loopback() || self.access.unwrap_or_default() != Mode::Open
    }

    /// Whether whoever reaches the address from elsewhere may do everything.
    pub(super) fn is_open_to_strangers(&self) -> bool {
        !self.listen.ip().is_loopback() && self.access == Some(Mode::Open)
    }

    /// How the journal is kept.
    pub(super) fn journal(&self) -> JournalConfig {
        let keep_history = self.keep_history.map(|days| DAY * u32::from(days));
        JournalConfig { keep_history, ..JournalConfig::default() }
    }

    /// How the server is run. Gives the process room for its connections.
    pub(super) fn config(&self) -> ServeConfig {
        ServeConfig {
            public_url: self.public_url.clone(),
            allow_origins: self.allow_origins.clone(),
            embed_in: self.embed_in.clone(),
            limits: self.limits.that_fit(),
            metrics: match self.metrics {
                Metrics::Local => MetricsAccess::Local,
                Metrics::Open => MetricsAccess::Open,
                Metrics::Off => MetricsAccess::Off,
            },
            access: self.access.unwrap_or_default(),
            creation: self.new_documents,
        }
    }
}

impl LimitOptions {
    /// The limits, with no more connections than the system has room for: the journal's files must never be what is refused.
    fn that_fit(&self) -> Limits {
        let usual = Limits::default().connections;
        let wanted = self.max_connections.map_or(usual, NonZeroUsize::get);
        let connections = descriptors::make_room().map_or(wanted, |fit| fit.min(wanted));
        if connections < wanted && self.max_connections.is_some() {
            tracing::warn!(
                "--max-connections is {wanted}, but the system's limit of open files has room for {connections}, \
                 so that is how many are taken; raise it (ulimit -n, LimitNOFILE=) or lower --max-connections"
            );
        }
        Limits {
            connections,
            connections_per_address: self.max_connections_per_address.get(),
            counts_loopback: self.count_loopback,
            frame_bytes: self.max_frame.0,
            document_bytes: self.max_document.0,
            file_bytes: self.max_file.0 as u64,
            files_bytes: self.max_files.0,
            messages_per_second: self.max_messages_per_second.get(),
            silence: Duration::from_secs(self.ping_after.get()),
            linger: Duration::from_secs(self.linger.into()),
        }
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const MOST: usize = if FRAME_BYTES < DOCUMENT_BYTES { FRAME_BYTES } else { DOCUMENT_BYTES };
        let bytes = usize::try_from(bytes_in(text)?).unwrap_or(usize::MAX);
        if !(LEAST_BYTES..=MOST).contains(&bytes) {
            return Err(format!("between {}KiB and {}MiB", LEAST_BYTES >> 10, MOST >> 20));
        }
        Ok(Self(bytes))
    }
}

impl FromStr for DiskSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        bytes_in(text).map(Self)
    }
}

fn bytes_in(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.split_at(text.trim_end_matches(char::is_alphabetic).len()) {
        (number, "") => (number, 1),
        (number, "KiB") => (number, 1 << 10),
        (number, "MiB") => (number, 1 << 20),
        (number, "GiB") => (number, 1 << 30),
        _ => return Err("write it as in 512KiB or 64MiB".to_owned()),
    };
    let number: u64 = number.trim().parse().map_err(|_| "not a whole number".to_owned())?;
    Ok(number.saturating_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_on_the_disk_may_be_larger_than_memory_or_nothing() {
        let bytes = |text: &str| text.parse::<DiskSize>().map(|size| size.0).ok();
        assert_eq!(bytes("2GiB"), Some(2 << 30));
        assert_eq!(bytes("0"), Some(0));
        assert_eq!(bytes("1MB"), None);
    }

    #[test]
    fn a_size_has_a_unit_and_stays_within_what_core_can_hold() {
        let bytes = |text: &str| text.parse::<Size>().map(|size| size.0).ok();
        assert_eq!(bytes("64MiB"), Some(64 << 20));
        assert_eq!(bytes("512 KiB"), Some(512 << 10));
        assert_eq!(bytes("65536"), Some(65_536));
        for text in
            ["65MiB", "1KiB", "64MB", "MiB", "", "-1", "99999999999999999999", "9999999999999MiB"]
        {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
