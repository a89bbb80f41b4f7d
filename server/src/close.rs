//! Why a server ends a connection: close codes and their sentences. It closes nothing itself.
//!
//! y-websocket 3.1 stops for good on 4400–4499 and retries everything else, so a code says whether to come back.

use std::borrow::Cow;

use crate::access::Denied;

/// A WebSocket close code with a reason for people, at most 123 bytes of it (RFC 6455 §5.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Close {
    pub(crate) code: u16,
    pub(crate) reason: Cow<'static, str>,
}

impl Close {
    /// For good: the bytes were not what a Yjs client sends, or the document's name is not valid.
    pub(crate) fn malformed(what: &str) -> Self {
        let mut reason = what.to_owned();
        let end = (0..=reason.len().min(123)).rev().find(|&end| reason.is_char_boundary(end));
        reason.truncate(end.unwrap_or(0));
        Self { code: 4400, reason: reason.into() }
    }

    /// For good: the document was deleted, and its name is not in use again, or not for this copy of what it was before.
    pub(crate) const GONE: Self = Self::new(4404, "the document was deleted");

    /// For good: the document or the frame is over the limit.
    pub(crate) const TOO_LARGE: Self = Self::new(4413, "the document has reached its size limit");

    /// What was shown does not let anybody in: for good, or, where it only was too old, until there is something newer.
    pub(crate) fn denied(denied: Denied) -> Self {
        let code = match denied {
            Denied::Expired => Self::EXPIRED,
            Denied::Barred => Self::FORBIDDEN,
            Denied::Nothing
            | Denied::Unknown
            | Denied::Elsewhere
            | Denied::Ended
            | Denied::Revoked => Self::UNAUTHORIZED,
        };
        Self { code, ..Self::malformed(&denied.to_string()) }
    }

    const UNAUTHORIZED: u16 = 4401;
    const FORBIDDEN: u16 = 4403;
    const EXPIRED: u16 = 4501;

    /// Whether it is about what the peer has shown.
    pub(crate) fn is_denial(&self) -> bool {
        Self::is_denial_code(self.code)
    }

    /// Whether a code is one of these.
    pub(crate) fn is_denial_code(code: u16) -> bool {
        matches!(code, Self::UNAUTHORIZED | Self::FORBIDDEN | Self::EXPIRED)
    }

    /// Of a Hocuspocus provider, which comes back after every code: a frame that nobody can read.
    pub(crate) fn reset(what: &str) -> Self {
        Self { code: 4205, ..Self::malformed(what) }
    }

    /// Of a Hocuspocus provider: it has not shown a token.
    pub(crate) const NO_TOKEN: Self = Self::new(4408, "no token was shown in time");

    /// Try again: a fault of ours.
    pub(crate) const INTERNAL: Self =
        Self::new(1011, "the server had to close the document; connect again");

    /// Try again: the document does not open.
    pub(crate) const UNREADABLE: Self = Self::new(
        1011,
        "the server cannot open this document; its operator finds the reason in its log",
    );

    /// Try again: what the server has of the document may be less than there was.
    pub(crate) const NOT_WHOLE: Self = Self::new(
        1011,
        "the server's files are damaged, and this document may not be whole; it waits for its operator",
    );

    /// Try again: the server is going down, perhaps to come back.
    pub(crate) const RESTARTING: Self = Self::new(1012, "the server is restarting");

    /// Try again: the peer did not read what it was sent.
    pub(crate) const FELL_BEHIND: Self = Self::new(1013, "connect again to catch up");

    /// Try again: the document does not keep up with what is sent to it.
    pub(crate) const TOO_BUSY: Self = Self::new(1013, "the document is busy; try again");

    /// Try again: the server has no room for one more.
    pub(crate) const TOO_MANY_CONNECTIONS: Self =
        Self::new(4529, "the server has as many connections as it takes; try again later");

    /// Try again: others at the same address have taken all there are for it.
    pub(crate) const TOO_MANY_FROM_ADDRESS: Self =
        Self::new(4529, "too many connections come from this address; try again later");

    /// Try again: it says more than anybody can.
    pub(crate) const TOO_MANY_MESSAGES: Self =
        Self::new(4529, "too many messages in a second; try again later");

    /// Try again: others at the same address have shown what does not let anybody in, again and again.
    pub(crate) const TOO_MANY_ATTEMPTS: Self =
        Self::new(4529, "too many attempts from this address have failed; try again later");

    /// Whether a client is told not to come back by itself.
    pub(crate) fn is_permanent(&self) -> bool {
        matches!(self.code, 4400..4500)
    }

    /// Whether it is about one document, and stays so until somebody does something about it.
    pub(crate) fn is_about_document(&self) -> bool {
        self.is_permanent()
            || self.is_denial()
            || [Self::UNREADABLE, Self::NOT_WHOLE].contains(self)
    }

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }
}
