//! Who may do what in a document, as a token says it. It knows no connections and no dialects.
//!
//! Tokens are JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256 under a key of the data directory. Where access is open,
//! a connection without a token may write, so a token can only take something away.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use codraft_core::DocId;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What this server calls itself in a token: one that was made for something else is not for us.
const AUDIENCE: &str = "codraft";
/// How far clocks may be apart.
const LEEWAY_SECONDS: u64 = 5;
/// Characters of a token that are looked at.
const TOKEN_BYTES: usize = 4 << 10;
/// Bytes of the key: as many as SHA-256 has (RFC 7518 §3.2 wants no fewer).
pub(crate) const KEY_BYTES: usize = 32;

/// What somebody may do in a document; a later one may all that an earlier one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Reads, and is seen to be there.
    Viewer,
    /// Writes as well.
    Editor,
}

impl Role {
    /// Whether it includes changing the document.
    pub(crate) fn may_write(self) -> bool {
        self >= Self::Editor
    }
}

/// Why a token lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Denied {
    /// It was not made by this server, or was changed since.
    #[error("the token is not valid here")]
    Invalid,
    /// It was good once.
    #[error("the token has expired")]
    Expired,
    /// It is good for something else.
    #[error("the token is for another document")]
    Elsewhere,
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    aud: String,
    /// Seconds since 1970.
    exp: u64,
    /// The document's name.
    doc: String,
    role: Role,
}

/// Makes tokens and reads them.
#[derive(Clone)]
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

impl Tokens {
    /// Those of a server with this key.
    pub(crate) fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self { signing: EncodingKey::from_secret(key), checking: DecodingKey::from_secret(key) }
    }

    /// A token that lets its bearer into one document for as long as said.
    pub(crate) fn mint(&self, document: &DocId, role: Role, valid_for: Duration) -> String {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let claims = Claims {
            aud: AUDIENCE.to_owned(),
            exp: since_1970.saturating_add(valid_for).as_secs(),
            doc: document.as_str().to_owned(),
            role,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .expect("four plain claims can be signed")
    }

    /// What a token allows in a document. No token, or an empty one, is what a client sends that has none: where access is
    /// open it may write.
    pub(crate) fn role(&self, token: &str, document: &DocId) -> Result<Role, Denied> {
        if token.is_empty() {
            return Ok(Role::Editor);
        }
        if token.len() > TOKEN_BYTES {
            return Err(Denied::Invalid);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &validation())
            .map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::ExpiredSignature => Denied::Expired,
                _ => Denied::Invalid,
            })?
            .claims;
        if claims.doc == document.as_str() { Ok(claims.role) } else { Err(Denied::Elsewhere) }
    }
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["aud", "exp"]);
    validation.leeway = LEEWAY_SECONDS;
    validation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(name: &str) -> DocId {
        DocId::new(name).unwrap()
    }

    #[test]
    fn a_token_says_what_it_was_made_to_say_and_only_to_the_server_that_made_it() {
        let (ours, theirs) = (Tokens::new(&[7; KEY_BYTES]), Tokens::new(&[8; KEY_BYTES]));
        let token = ours.mint(&doc("a"), Role::Viewer, Duration::from_secs(60));
        assert_eq!(ours.role(&token, &doc("a")), Ok(Role::Viewer));
        assert_eq!(ours.role(&token, &doc("b")), Err(Denied::Elsewhere));
        assert_eq!(theirs.role(&token, &doc("a")), Err(Denied::Invalid));
        let (head, signature) = token.rsplit_once('.').unwrap();
        let other = ours.mint(&doc("a"), Role::Editor, Duration::from_secs(60));
        let (forged, _) = other.rsplit_once('.').unwrap();
        assert_eq!(ours.role(&format!("{forged}.{signature}"), &doc("a")), Err(Denied::Invalid));
        assert_eq!(ours.role(head, &doc("a")), Err(Denied::Invalid));
        assert_eq!(ours.role("", &doc("a")), Ok(Role::Editor));
        assert_eq!(ours.role(&"x".repeat(TOKEN_BYTES + 1), &doc("a")), Err(Denied::Invalid));
    }

    #[test]
    fn a_token_without_an_algorithm_or_out_of_date_is_none() {
        let tokens = Tokens::new(&[7; KEY_BYTES]);
        // {"alg":"none","typ":"JWT"}.{"aud":"codraft","exp":99999999999,"doc":"a","role":"editor"}.
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.\
             eyJhdWQiOiJjb2RyYWZ0IiwiZXhwIjo5OTk5OTk5OTk5OSwiZG9jIjoiYSIsInJvbGUiOiJlZGl0b3IifQ.";
        assert_eq!(tokens.role(unsigned, &doc("a")), Err(Denied::Invalid));
        let claims =
            |aud: &str, exp| Claims { aud: aud.into(), exp, doc: "a".into(), role: Role::Editor };
        let sign =
            |claims| jsonwebtoken::encode(&Header::default(), &claims, &tokens.signing).unwrap();
        let old = sign(claims(AUDIENCE, 1));
        assert_eq!(tokens.role(&old, &doc("a")), Err(Denied::Expired));
        let elsewhere = sign(claims("other", u64::from(u32::MAX)));
        assert_eq!(tokens.role(&elsewhere, &doc("a")), Err(Denied::Invalid));
    }
}
