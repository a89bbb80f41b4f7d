//! Who may do what in a document, as a token says it. It knows no connections and no dialects.
//!
//! Tokens are JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256 under a key of the data directory. Access is open: a
//! connection without a token may write, so a token can only take something away, and one that is not ours means nothing: an
//! app that has tokens of its own goes on sending them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use codraft_core::DocId;
use jsonwebtoken::errors::ErrorKind;
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

    /// What somebody with this token may do in a document.
    pub(crate) fn role(&self, token: &str, document: &DocId) -> Result<Role, Denied> {
        // No token is an empty one in Hocuspocus's dialect.
        if token.is_empty() || token.len() > TOKEN_BYTES {
            return Ok(Role::Editor);
        }
        match jsonwebtoken::decode::<Claims>(token, &self.checking, &validation()) {
            Ok(token) if token.claims.doc == document.as_str() => Ok(token.claims.role),
            Ok(_) => Err(Denied::Elsewhere),
            // The signature is looked at before the time.
            Err(error) if *error.kind() == ErrorKind::ExpiredSignature => Err(Denied::Expired),
            Err(_) => Ok(Role::Editor),
        }
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

    const ANYBODY: Result<Role, Denied> = Ok(Role::Editor);

    #[test]
    fn a_token_says_what_it_was_made_to_say_and_only_to_the_server_that_made_it() {
        let (ours, theirs) = (Tokens::new(&[7; KEY_BYTES]), Tokens::new(&[8; KEY_BYTES]));
        let token = ours.mint(&doc("a"), Role::Viewer, Duration::from_secs(60));
        assert_eq!(ours.role(&token, &doc("a")), Ok(Role::Viewer));
        assert_eq!(ours.role(&token, &doc("b")), Err(Denied::Elsewhere));
        assert_eq!(theirs.role(&token, &doc("a")), ANYBODY);
        let (head, _signature) = token.rsplit_once('.').unwrap();
        let long = "x".repeat(TOKEN_BYTES + 1);
        for foreign in ["", "an app's own", head, &long] {
            assert_eq!(ours.role(foreign, &doc("a")), ANYBODY, "{foreign}");
        }
    }

    #[test]
    fn a_token_counts_until_its_time_is_over_and_only_if_it_was_made_for_us() {
        let tokens = Tokens::new(&[7; KEY_BYTES]);
        let sign = |aud: &str, exp| {
            let claims = Claims { aud: aud.into(), exp, doc: "a".into(), role: Role::Viewer };
            jsonwebtoken::encode(&Header::default(), &claims, &tokens.signing).unwrap()
        };
        assert_eq!(tokens.role(&sign(AUDIENCE, 1), &doc("a")), Err(Denied::Expired));
        assert_eq!(tokens.role(&sign("another", u64::from(u32::MAX)), &doc("a")), ANYBODY);
    }
}
