//! Who may ask: which names the server answers to, and which sites' pages may open its sockets. It decides from the headers
//! of a request; it knows no routes.
//!
//! A name server may lie about where its names lead, so a page of any site could have a name of its own lead to this server
//! and then read from it as from itself. That is why only names that were given to the server are answered.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Version, header};

use super::upgrade::has_token;
use crate::door::{Excess, Guest};
use crate::metrics::MetricsAccess;
use crate::origin::{Host, Origin};

/// What a proxy leaves on a request.
const PROXIED: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/// The names a server has and the sites it trusts.
#[derive(Debug)]
pub(crate) struct Admission {
    /// The server's own address from outside, and the sites whose pages may connect.
    pub(crate) origins: Vec<Origin>,
    pub(crate) metrics: MetricsAccess,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It does not say, or not clearly, whom it asks.
    NoHost,
    /// It asks somebody that this server is not known to be.
    Host,
    /// A page of another site wants a socket.
    Origin,
    /// There are too many connections.
    Excess(Excess),
}

impl Refusal {
    /// The status of the answer.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::NoHost => StatusCode::BAD_REQUEST,
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::Excess(Excess::Server) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Excess(Excess::Address) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// The answer, for whoever runs the server.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::NoHost => "A request names the host it is for, once.",
            Self::Host => {
                "This server is not known by this name. Start it with --public-url and the address that people open, \
                 as in --public-url https://docs.example.org."
            }
            Self::Origin => {
                "Pages of this site may not connect. Start the server with --allow-origin and the site, as in \
                 --allow-origin https://app.example.org, or with --public-url if it is the server's own address."
            }
            Self::Excess(Excess::Server) => {
                "The server has as many connections as it takes. Try again later; --max-connections raises the limit."
            }
            Self::Excess(Excess::Address) => {
                "Too many connections come from this address. Try again later; --max-connections-per-address raises \
                 the limit."
            }
        }
    }

    /// What it is counted as.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::NoHost | Self::Host => "host",
            Self::Origin => "origin",
            Self::Excess(Excess::Server) => "connections",
            Self::Excess(Excess::Address) => "address",
        }
    }
}

impl Admission {
    /// Whether a request may be looked at.
    pub(super) fn check(&self, request: &Request) -> Result<(), Refusal> {
        let host = host(request)?;
        let is_known =
            |host: &Host| host.is_certain() || self.origins.iter().any(|own| own.is_at(host));
        if host.as_ref().is_some_and(|host| !is_known(host)) {
            return Err(Refusal::Host);
        }
        let may_change = wants_socket(request.headers()) || !request.method().is_safe();
        if may_change && !self.trusts(request.headers(), host.as_ref()) {
            return Err(Refusal::Origin);
        }
        Ok(())
    }

    /// Whether a socket may be opened: by the server's own pages, those of the sites that were named, and whatever is not a
    /// page. Browsers let no page leave its origin out.
    fn trusts(&self, headers: &HeaderMap, host: Option<&Host>) -> bool {
        headers.get_all(header::ORIGIN).iter().all(|origin| {
            let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Origin>().ok());
            // A name that was given with its scheme is at home under that scheme only.
            let is_named = |host: &Host| self.origins.iter().any(|own| own.is_served_by(host));
            origin.is_some_and(|origin| {
                host.is_some_and(|host| origin.is_served_by(host) && !is_named(host))
                    || self.origins.contains(&origin)
            })
        })
    }

    /// Whether somebody may read the metrics.
    pub(super) fn may_measure(&self, guest: Guest, headers: &HeaderMap) -> bool {
        match self.metrics {
            MetricsAccess::Open => true,
            MetricsAccess::Off => false,
            MetricsAccess::Local => {
                let is_local = guest.address.ip().to_canonical().is_loopback();
                is_local && !PROXIED.iter().any(|name| headers.contains_key(*name))
            }
        }
    }
}

/// Whom a request asks; nobody in HTTP/1.0, which browsers do not speak.
fn host(request: &Request) -> Result<Option<Host>, Refusal> {
    if let Some(authority) = request.uri().authority() {
        return Host::of(authority).map(Some).ok_or(Refusal::NoHost);
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => {
            let host = host.to_str().ok().and_then(Host::read);
            host.map(Some).ok_or(Refusal::NoHost)
        }
        (None, _) if request.version() == Version::HTTP_10 => Ok(None),
        (_, _) => Err(Refusal::NoHost),
    }
}

/// Whether a request is to become a WebSocket.
pub(super) fn wants_socket(headers: &HeaderMap) -> bool {
    has_token(headers, &header::UPGRADE, "websocket")
}
