//! Sites as browsers name them: who a page belongs to (`Origin`) and whom it asks (`Host`). It knows no requests.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::Authority;
use thiserror::Error;

/// A scheme, a host and a port: what a browser takes for one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    host: String,
    /// None for a scheme without a usual port.
    port: Option<u16>,
}

/// Something is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a site: write it as in https://docs.example.org, without a path")]
pub struct NotAnOrigin;

/// What a request was sent to: the `Host` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    name: String,
    port: Option<u16>,
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let uri: Uri = text.parse().map_err(|_| NotAnOrigin)?;
        let scheme = uri.scheme_str().ok_or(NotAnOrigin)?.to_ascii_lowercase();
        let has_more = !matches!(uri.path(), "" | "/") || uri.query().is_some();
        let host = uri.authority().and_then(Host::of).filter(|_| !has_more).ok_or(NotAnOrigin)?;
        let port = host.port.or(usual_port(&scheme));
        Ok(Self { scheme, host: host.name, port })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match self.port.filter(|_| self.port != usual_port(&self.scheme)) {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl Origin {
    /// Whether a page of this origin asks the server it came from.
    pub(crate) fn is_served_by(&self, host: &Host) -> bool {
        self.host == host.name && self.port == host.port.or(usual_port(&self.scheme))
    }

    /// Whether what its pages send goes encrypted.
    pub(crate) fn is_secure(&self) -> bool {
        self.scheme == "https"
    }

    /// Whether a request was sent to this origin's host, on whatever port.
    pub(crate) fn is_at(&self, host: &Host) -> bool {
        self.host == host.name
    }
}

impl Host {
    /// Reads a `Host` header.
    pub(crate) fn read(header: &str) -> Option<Self> {
        Self::of(&header.parse().ok()?)
    }

    /// Who an address names, with upper case and a trailing dot, which mean nothing, taken off.
    pub(crate) fn of(authority: &Authority) -> Option<Self> {
        if authority.as_str().contains('@') {
            return None;
        }
        let name = authority.host().trim_end_matches('.').to_ascii_lowercase();
        let port = match authority.as_str().strip_prefix(authority.host())?.strip_prefix(':') {
            None | Some("") => None,
            Some(port) => Some(port.parse().ok()?),
        };
        (!name.is_empty()).then_some(Self { name, port })
    }

    /// Whether no name server was asked for it: nobody can make such a name lead here from elsewhere.
    pub(crate) fn is_certain(&self) -> bool {
        let bare = self.name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        bare.map_or_else(
            || self.name.parse::<IpAddr>().is_ok(),
            |bare| bare.parse::<Ipv6Addr>().is_ok(),
        ) || self.name == "localhost"
            || self.name.ends_with(".localhost")
    }
}

fn usual_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    fn host(text: &str) -> Host {
        Host::read(text).unwrap()
    }

    #[test]
    fn a_page_is_at_home_where_host_and_port_are_its_own() {
        for (page, server) in [
            ("http://localhost:8080", "localhost:8080"),
            ("https://docs.example.org", "docs.example.org"),
            ("https://docs.example.org", "Docs.Example.org:443"),
            ("https://docs.example.org:443", "docs.example.org."),
            ("http://[::1]:8080", "[::1]:8080"),
            ("tauri://localhost", "localhost"),
        ] {
            assert!(origin(page).is_served_by(&host(server)), "{page} at {server}");
        }
        for (page, server) in [
            ("http://localhost:8080", "localhost:8081"),
            ("http://localhost:8080", "127.0.0.1:8080"),
            ("http://docs.example.org", "docs.example.org:443"),
            ("https://docs.example.org.evil.example", "docs.example.org"),
            ("https://evil.example", "docs.example.org"),
        ] {
            assert!(!origin(page).is_served_by(&host(server)), "{page} at {server}");
        }
    }

    #[test]
    fn what_is_no_site_is_refused() {
        for text in [
            "",
            "null",
            "docs.example.org",
            "https://",
            "https://a/path",
            "https://a/?q",
            "https://me@a",
            "https://a:x",
            "*",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(NotAnOrigin), "{text}");
        }
        for text in ["", "a b", "me@a", "a:x", "a:99999", "a/b", "."] {
            assert_eq!(Host::read(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_and_this_machine_are_certain_and_names_are_not() {
        for name in [
            "127.0.0.1",
            "192.168.0.7:80",
            "[::1]:80",
            "[2001:db8::1]",
            "localhost:1",
            "a.localhost",
        ] {
            assert!(host(name).is_certain(), "{name}");
        }
        for name in [
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "notlocalhost",
            "2130706433",
        ] {
            assert!(!host(name).is_certain(), "{name}");
        }
    }
}
