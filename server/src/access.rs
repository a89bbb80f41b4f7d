//! Who may do what: what somebody shows becomes a pass, and a room says what the pass is good for in its document. It knows
//! no connections and no dialects.
//!
//! Three modes. *Open*: whoever reaches the server may do everything, so a token can only take something away, and one that
//! is not ours means nothing. *Links*: a document is reached by its links, of which the room knows, and by tokens. *Tokens*:
//! only by these.

mod attempts;
mod keys;
mod secret;
mod tokens;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use codraft_core::DocId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub(crate) use attempts::{Attempts, Trial};
pub(crate) use keys::{Fresh, KEY_BYTES, Key, Keys, NotAKey};
pub(crate) use secret::{Hash, Secret, guest};
pub(crate) use tokens::PERSON_BYTES;
pub(crate) use tokens::{FILES_PASS, Minted, Scope, TICKET, Tokens};

/// What somebody may do in a document; a later one may all that an earlier one may. Somebody who only comments will stand
/// between the first two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(utoipa::ToSchema, clap::ValueEnum)]
pub(crate) enum Role {
    /// Reads, and is seen to be there.
    Viewer,
    /// Writes as well.
    Editor,
    /// Says who may do what as well, and deletes.
    Owner,
}

impl Role {
    /// Whether it includes changing the document.
    pub(crate) fn may_write(self) -> bool {
        self >= Self::Editor
    }
}

/// How people come to a server's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(clap::ValueEnum, utoipa::ToSchema)]
pub enum Mode {
    /// Whoever reaches the server may read and write every document
    #[default]
    Open,
    /// By links that a document's owners make, and by tokens
    Links,
    /// By tokens that an app's backend makes
    Tokens,
}

/// Who may begin new documents where access is by links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[derive(clap::ValueEnum, utoipa::ToSchema)]
pub enum Creation {
    /// Everyone who reaches the server
    #[default]
    Everyone,
    /// Whoever has the admin key
    Admin,
}

/// Why somebody is not let in. None tells whether there is a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Denied {
    /// Nothing was shown.
    #[error("a link or a token is needed")]
    Nothing,
    /// It is no token or link of this document that works.
    #[error("this link or token does not let anybody in")]
    Unknown,
    /// It was good once.
    #[error("the token has expired")]
    Expired,
    /// So was the link, and there is nothing newer to bring.
    #[error("this link has ended")]
    Ended,
    /// It is good for something else.
    #[error("the token is for another document")]
    Elsewhere,
    /// It was good until an owner took it back.
    #[error("access was removed")]
    Revoked,
    /// An owner has sent this person away.
    #[error("an owner has removed you from this document")]
    Barred,
}

/// A link's name among the links of its document.
pub(crate) type LinkId = Arc<str>;

/// What lets somebody into one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) claim: Claim,
    pub(crate) person: Person,
    /// When it ends, in seconds since 1970.
    pub(crate) until: Option<u64>,
    /// The app's key that vouches for it, or the administrator's: with the key it goes.
    pub(crate) key: Option<Arc<str>>,
    /// It is good for a connection, and buys nothing else.
    pub(crate) is_ticket: bool,
}

/// What somebody may do, or where that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claim {
    /// This.
    Role(Role),
    /// What the link says at the moment.
    Link(LinkId),
    /// The same, for whoever shows the link itself.
    Secret(Hash),
}

/// Whom others see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The same over all connections of one person; empty where nobody knows who it is.
    pub(crate) id: Arc<str>,
    /// A name that is not theirs to change.
    pub(crate) name: Option<Arc<str>>,
    /// A colour of the palette, likewise.
    pub(crate) color: Option<u8>,
}

/// Somebody who comes to a document, over a connection or with a request.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) pass: Pass,
    /// Where from; none for the operator.
    pub(crate) from: Option<IpAddr>,
}

/// Who the administrator is.
const ADMIN: &str = "admin";

/// Whether an id can be of somebody whom an app knows: not of those whom the server names, nor of nobody.
pub(crate) fn is_for_apps(person: &str) -> bool {
    let is_plain = person.len() <= PERSON_BYTES && !person.chars().any(char::is_control);
    is_plain && !person.is_empty() && person != ADMIN && !is_guest(person)
}

/// Whether an id is of somebody whom only the server knows.
pub(crate) fn is_guest(person: &str) -> bool {
    person.starts_with(secret::GUEST)
}

impl Pass {
    /// Whoever comes where everybody may do everything.
    pub(crate) fn anybody() -> Self {
        Self::of(Role::Owner, Person::default())
    }

    /// The server's administrator.
    pub(crate) fn admin() -> Self {
        Self::of(Role::Owner, Person { id: ADMIN.into(), ..Person::default() })
    }

    /// Whether it is the administrator's.
    pub(crate) fn is_admin(&self) -> bool {
        &*self.person.id == ADMIN
    }

    fn of(role: Role, person: Person) -> Self {
        Self { claim: Claim::Role(role), person, until: None, key: None, is_ticket: false }
    }
}

/// What a server asks of those who come.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) mode: Mode,
    pub(crate) creation: Creation,
    pub(crate) tokens: Tokens,
}

impl Access {
    /// What may be shown for: the admin key, a token, a ticket, or a link's secret.
    pub(crate) fn pass(&self, shown: &str, document: &DocId) -> Result<Pass, Denied> {
        if self.is_admin(shown) {
            return Ok(Pass { key: self.tokens.keys().admin_id(), ..Pass::admin() });
        }
        if self.mode == Mode::Links
            && let Some(secret) = Secret::of_link(shown)
        {
            let person = Person { id: secret.bearer(), ..Person::default() };
            let claim = Claim::Secret(secret.hash());
            return Ok(Pass { claim, person, until: None, key: None, is_ticket: false });
        }
        self.weigh(self.tokens.pass(shown, document, self.is_for_all()))
    }

    /// The same for what a browser shows by itself with each file of a document.
    pub(crate) fn reader(&self, shown: &str, document: &DocId) -> Result<Pass, Denied> {
        self.weigh(self.tokens.reader(shown, document))
    }

    /// What a token is worth where people come to documents as they do here.
    fn weigh(&self, read: Result<Pass, Denied>) -> Result<Pass, Denied> {
        match (read, self.mode) {
            (Err(Denied::Nothing | Denied::Unknown), Mode::Open) => Ok(Pass::anybody()),
            // Where it was given out, a link may have been open to everyone or not: it is worth what its room says.
            (Ok(pass), Mode::Tokens) if matches!(pass.claim, Claim::Link(_)) => {
                Err(Denied::Unknown)
            }
            (pass, _) => pass,
        }
    }

    /// Whether everybody may do everything.
    pub(crate) fn is_for_all(&self) -> bool {
        self.mode == Mode::Open
    }

    /// Whether this is the admin key.
    pub(crate) fn is_admin(&self, shown: &str) -> bool {
        Secret::of_admin(shown).is_some_and(|shown| self.tokens.keys().is_admin(&shown))
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use tokio::sync::watch;

    use super::*;

    fn access(mode: Mode) -> Access {
        let tokens = Tokens::new(&[7; KEY_BYTES], watch::Sender::default().subscribe());
        Access { mode, creation: Creation::Everyone, tokens }
    }

    #[test]
    fn what_is_not_ours_lets_in_only_where_everybody_may_come() {
        let name = DocId::new("a").unwrap();
        for shown in ["", "an app's own", &"x".repeat(10_000)] {
            assert_eq!(access(Mode::Open).pass(shown, &name), Ok(Pass::anybody()), "{shown}");
            for mode in [Mode::Links, Mode::Tokens] {
                assert!(access(mode).pass(shown, &name).is_err(), "{shown}");
            }
        }
        assert_eq!(access(Mode::Links).pass("", &name), Err(Denied::Nothing));
    }

    #[test]
    fn a_link_is_looked_up_where_there_are_links_and_the_admin_key_counts_everywhere() {
        let name = DocId::new("a").unwrap();
        let link = Secret::link().unwrap();
        let pass = access(Mode::Links).pass(link.text(), &name).unwrap();
        assert_eq!(pass.claim, Claim::Secret(link.hash()));
        assert_eq!(access(Mode::Tokens).pass(link.text(), &name), Err(Denied::Unknown));
        let mut keys = Keys::default();
        let key = keys.renew_admin().unwrap();
        let tokens = Tokens::new(&[7; KEY_BYTES], watch::Sender::new(Arc::new(keys)).subscribe());
        let access = Access { tokens, ..access(Mode::Tokens) };
        assert!(access.pass(key.text(), &name).is_ok_and(|pass| pass.is_admin()));
        let another = Secret::admin().unwrap();
        assert_eq!(access.pass(another.text(), &name), Err(Denied::Unknown));
    }
}
