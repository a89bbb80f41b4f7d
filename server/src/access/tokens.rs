//! Tokens: JSON Web Tokens (RFC 7519) that say who their bearer is and what they may do in which documents. It knows keys and
//! names of documents, not what is in these.
//!
//! A token of an app is signed with one of the keys that were made for it. A *ticket* is a token of the server's own: good
//! for a minute and one document, so that it may stand in an address, where no lasting secret may.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use codraft_core::DocId;
use codraft_core::presence::clean_name;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{Claim, Denied, KEY_BYTES, Keys, Pass, Person, Role, guest, is_for_apps, now};

/// What this server calls itself in a token: one that was made for something else is not for us.
const AUDIENCE: &str = "codraft";
/// The same in what is good for a document's files and nothing else: neither is taken for the other.
const FILES_AUDIENCE: &str = "codraft-files";
/// How far clocks may be apart.
const LEEWAY_SECONDS: u64 = 5;
/// Characters of a token that are looked at.
const TOKEN_BYTES: usize = 8 << 10;
/// Bytes of a person's id: it stands in every record they write.
pub(crate) const PERSON_BYTES: usize = 128;
/// The latest time that is told from for ever, in seconds since 1970: the year 2242.
const TIME_MOST: u64 = 1 << 33;
/// How long what lets somebody read files is good for; whether it still does is looked up each time.
pub(crate) const FILES_PASS: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a ticket is good for.
pub(crate) const TICKET: Duration = Duration::from_secs(60);

/// What a token says.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Claims {
    aud: Audience,
    /// Seconds since 1970.
    exp: u64,
    /// Who it is: the same for all connections of one person, and not a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sub: String,
    /// Names of documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    docs: Vec<String>,
    /// What names of documents begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    /// What others see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// An index into the palette.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    color: Option<u8>,
    /// It was made for anybody who asked, where everybody may do everything: elsewhere it is worth nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    open: bool,
    /// Of a ticket: what it was given out for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<Ticket>,
}

/// `aud` is one string or several.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Audience(serde_json::Value);

/// What stands behind a ticket.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Ticket {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<Arc<str>>,
}

/// Whom a token is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) docs: Vec<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) role: Role,
    pub(crate) person: Person,
    /// Anybody could have had it made.
    pub(crate) is_open: bool,
}

/// A token that was made, and when it ends, in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Minted {
    pub(crate) token: String,
    pub(crate) expires: u64,
}

/// Makes tokens and reads them.
#[derive(Clone)]
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    keys: watch::Receiver<Arc<Keys>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

impl Tokens {
    /// Those of a server with this key of its own, and apps with these.
    pub(crate) fn new(key: &[u8; KEY_BYTES], keys: watch::Receiver<Arc<Keys>>) -> Self {
        let (signing, checking) = (EncodingKey::from_secret(key), DecodingKey::from_secret(key));
        Self { signing, checking, keys }
    }

    /// The keys of apps, as they are at the moment.
    pub(super) fn keys(&self) -> Arc<Keys> {
        self.keys.borrow().clone()
    }

    /// A token of the server's own, good for as long as said.
    pub(crate) fn mint(&self, scope: Scope, valid_for: Duration) -> Minted {
        let Scope { docs, prefix, role, person, is_open } = scope;
        let role = Some(role);
        let claims = Claims { docs, prefix, role, open: is_open, ..Claims::of(person) };
        self.sign(claims, valid_for)
    }

    /// A ticket for whoever has this pass for a document.
    pub(crate) fn ticket(&self, document: &DocId, pass: Pass, link: Option<Arc<str>>) -> Minted {
        self.sign(Self::ticket_claims(document, pass, link), TICKET)
    }

    /// What lets them read its files, and do nothing else.
    pub(crate) fn files_pass(
        &self,
        document: &DocId,
        pass: Pass,
        link: Option<Arc<str>>,
    ) -> Minted {
        self.sign_for(FILES_AUDIENCE, Self::ticket_claims(document, pass, link), FILES_PASS)
    }

    fn ticket_claims(document: &DocId, pass: Pass, link: Option<Arc<str>>) -> Claims {
        let Pass { claim, person, until, key, .. } = pass;
        let role = if let Claim::Role(role) = claim { Some(role) } else { None };
        let ticket = Some(Ticket { link, until, key });
        let docs = vec![document.as_str().to_owned()];
        Claims { docs, role, ticket, ..Claims::of(person) }
    }

    fn sign(&self, claims: Claims, valid_for: Duration) -> Minted {
        self.sign_for(AUDIENCE, claims, valid_for)
    }

    fn sign_for(&self, audience: &str, mut claims: Claims, valid_for: Duration) -> Minted {
        claims.exp = now().saturating_add(valid_for.as_secs());
        claims.aud = Audience(audience.into());
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing);
        Minted { token: token.expect("plain claims can be signed"), expires: claims.exp }
    }

    /// What somebody with this token may do in a document.
    pub(super) fn pass(
        &self,
        token: &str,
        document: &DocId,
        is_open: bool,
    ) -> Result<Pass, Denied> {
        // No token is an empty one in Hocuspocus's dialect.
        if token.is_empty() {
            return Err(Denied::Nothing);
        }
        if token.len() > TOKEN_BYTES {
            return Err(Denied::Unknown);
        }
        let (claims, key) = self.read(token)?;
        Self::judge(claims, key, document, is_open)
    }

    /// What somebody may do with a document's files who shows what `files_pass` has made.
    pub(super) fn reader(&self, shown: &str, document: &DocId) -> Result<Pass, Denied> {
        match shown.len() {
            0 => Err(Denied::Nothing),
            1..=TOKEN_BYTES => {
                let claims = read_with(shown, &self.checking, Algorithm::HS256, FILES_AUDIENCE)?;
                Self::judge(claims, None, document, false)
            }
            _ => Err(Denied::Unknown),
        }
    }

    fn judge(
        claims: Claims,
        key: Option<Arc<str>>,
        document: &DocId,
        is_open: bool,
    ) -> Result<Pass, Denied> {
        if claims.open && !is_open {
            return Err(Denied::Unknown);
        }
        let is_named = claims.docs.iter().any(|name| name == document.as_str())
            || claims.prefix.as_ref().is_some_and(|prefix| document.as_str().starts_with(prefix));
        if !is_named {
            return Err(Denied::Elsewhere);
        }
        // Whoever is not named is somebody all the same, and the same with each token that says the same.
        let nameless = (claims.sub.is_empty() && !is_open).then(|| claims.nameless(key.as_deref()));
        let mut pass = claims.into_pass(key).ok_or(Denied::Unknown)?;
        pass.person.id = nameless.unwrap_or(pass.person.id);
        Ok(pass)
    }

    /// What a token says that one of our keys has signed, and which it was, if not the server's own. A token that names its
    /// key is held to that.
    fn read(&self, token: &str) -> Result<(Claims, Option<Arc<str>>), Denied> {
        let kid = jsonwebtoken::decode_header(token).map_err(|_| Denied::Unknown)?.kid;
        if kid.is_none() {
            match read_with(token, &self.checking, Algorithm::HS256, AUDIENCE) {
                Err(Denied::Unknown) => {}
                read => return read.map(|claims| (claims, None)),
            }
        }
        let keys = self.keys.borrow().clone();
        let may_be = |id: &str| kid.as_ref().is_none_or(|kid| kid == id);
        for key in keys.iter().filter(|key| may_be(&key.id)) {
            let Some(checking) = key.checking() else { continue };
            match read_with(token, &checking, key.algorithm(), AUDIENCE) {
                Err(Denied::Unknown) => {}
                // What only the server gives out counts only from the server.
                read => {
                    let claims = read?;
                    return Ok((Claims { ticket: None, ..claims }, Some(key.id.clone())));
                }
            }
        }
        Err(Denied::Unknown)
    }
}

fn read_with(
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
    audience: &str,
) -> Result<Claims, Denied> {
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["aud", "exp"]);
    validation.leeway = LEEWAY_SECONDS;
    validation.validate_nbf = true;
    // The signature is looked at before the time.
    let denied = |error: Error| match error.kind() {
        ErrorKind::ExpiredSignature => Denied::Expired,
        _ => Denied::Unknown,
    };
    jsonwebtoken::decode::<Claims>(token, key, &validation)
        .map(|token| token.claims)
        .map_err(denied)
}

impl Claims {
    fn of(person: Person) -> Self {
        let Person { id, name, color } = person;
        let (sub, name) = (id.as_ref().to_owned(), name.map(|name| name.as_ref().to_owned()));
        Self { sub, name, color, ..Self::default() }
    }

    /// A guest for all tokens that say this, whenever they end.
    fn nameless(&self, key: Option<&str>) -> Arc<str> {
        let Self { docs, prefix, role, name, color, .. } = self;
        guest(&format!("{key:?} {docs:?} {prefix:?} {role:?} {name:?} {color:?}"))
    }

    /// None when it does not say what is allowed, or who it is in too many words.
    fn into_pass(self, key: Option<Arc<str>>) -> Option<Pass> {
        let Self { exp, sub, role, name, color, ticket, .. } = self;
        // Of a ticket it may be a guest.
        if ticket.is_none() && !sub.is_empty() && !is_for_apps(&sub) {
            return None;
        }
        let exp = exp.min(TIME_MOST) + LEEWAY_SECONDS;
        let name = name.map(|name| clean_name(&name)).filter(|name| !name.is_empty());
        let person = Person { id: sub.into(), name: name.map(Into::into), color };
        let Some(Ticket { link, until, key }) = ticket else {
            let (claim, until) = (Claim::Role(role?), Some(exp));
            return Some(Pass { claim, person, until, key, is_ticket: false });
        };
        let claim = match link {
            Some(link) => Claim::Link(link),
            None => Claim::Role(role?),
        };
        Some(Pass { claim, person, until, key, is_ticket: true })
    }
}
