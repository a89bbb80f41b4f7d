//! The keys with which apps sign tokens, and what is kept of the administrator's: which there are, and fresh ones. It does
//! not know what a token says, nor where keys are kept.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Hash, Secret};

/// Bytes of a secret key: as many as SHA-256 has (RFC 7518 §3.2 wants no fewer).
pub(crate) const KEY_BYTES: usize = 32;
/// Keys at the same time: two while one takes the other's place, for a few apps.
const KEYS_MOST: usize = 16;
/// What an Ed25519 private key begins with in PKCS #8, and a public one in SPKI (RFC 8410 §7 and §4).
const PRIVATE_HEAD: [u8; 16] =
    [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const PUBLIC_HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// The keys that vouch for tokens, and what is kept of the administrator's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Keys {
    keys: Vec<Key>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    admin: Option<Hash>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    /// What a token's header calls it (`kid`).
    pub(crate) id: Arc<str>,
    /// When it was made, in seconds since 1970.
    pub(crate) created: u64,
    #[serde(flatten)]
    material: Material,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "algorithm")]
enum Material {
    /// The same key signs and checks.
    HS256 { secret: String },
    /// The server has the public half only.
    EdDSA { public: String },
}

/// A key that was just made.
pub(crate) struct Fresh {
    pub(crate) key: Key,
    /// What the app signs with, in the form that JWT libraries take; it is not kept.
    pub(crate) signing: String,
}

/// Why a key cannot be added or is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum NotAKey {
    #[error("there are {KEYS_MOST} keys already; remove one that is not in use any more")]
    TooMany,
    #[error("there is no key with this id")]
    Unknown,
    #[error("this is no Ed25519 public key in PEM")]
    NotPublic,
    #[error("the system has no random numbers")]
    NotRandom,
    #[error("it holds a key that is none")]
    Damaged,
}

impl Keys {
    /// Those that a file holds.
    pub(crate) fn read(json: &[u8]) -> Result<Self, NotAKey> {
        let keys: Self = serde_json::from_slice(json).map_err(|_| NotAKey::Damaged)?;
        let is_whole = keys.keys.iter().all(|key| key.checking().is_some());
        if is_whole { Ok(keys) } else { Err(NotAKey::Damaged) }
    }

    /// What [`Keys::read`] reads.
    pub(crate) fn write(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("strings and numbers are JSON")
    }

    /// Whether there is an admin key.
    pub(crate) fn has_admin(&self) -> bool {
        self.admin.is_some()
    }

    /// Whether somebody shows it.
    pub(crate) fn is_admin(&self, shown: &Secret) -> bool {
        self.admin.as_ref().is_some_and(|known| shown.hash() == *known)
    }

    /// Makes a fresh admin key, which takes the place of the one before.
    pub(crate) fn renew_admin(&mut self) -> Result<Secret, NotAKey> {
        let secret = Secret::admin().map_err(|_| NotAKey::NotRandom)?;
        self.admin = Some(secret.hash());
        Ok(secret)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// Whether there is one with this id, or the administrator's has it.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.keys.iter().any(|key| *key.id == *id) || self.admin_id().is_some_and(|own| *own == *id)
    }

    /// What the administrator's key is called: another one is called otherwise.
    pub(crate) fn admin_id(&self) -> Option<Arc<str>> {
        self.admin.as_ref().map(|hash| format!("admin:{}", hash.name()).into())
    }

    pub(crate) fn add(&mut self, key: Key) -> Result<(), NotAKey> {
        if self.keys.len() == KEYS_MOST {
            return Err(NotAKey::TooMany);
        }
        self.keys.push(key);
        Ok(())
    }

    pub(crate) fn remove(&mut self, id: &str) -> Result<(), NotAKey> {
        let before = self.keys.len();
        self.keys.retain(|key| *key.id != *id);
        if self.keys.len() < before { Ok(()) } else { Err(NotAKey::Unknown) }
    }
}

impl Fresh {
    /// A key that both the app and the server have.
    pub(crate) fn shared(now: u64) -> Result<Self, NotAKey> {
        let secret = URL_SAFE_NO_PAD.encode(random()?);
        let material = Material::HS256 { secret: secret.clone() };
        Ok(Self { key: Key { id: fresh_id()?, created: now, material }, signing: secret })
    }

    /// A key of which the server has the public half.
    pub(crate) fn pair(now: u64) -> Result<Self, NotAKey> {
        let seed = random()?;
        let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        let material = Material::EdDSA { public: pem("PUBLIC KEY", &PUBLIC_HEAD, &public) };
        let signing = pem("PRIVATE KEY", &PRIVATE_HEAD, &seed);
        Ok(Self { key: Key { id: fresh_id()?, created: now, material }, signing })
    }
}

impl Key {
    /// One whose private half somebody else has.
    pub(crate) fn public(pem: &str, now: u64) -> Result<Self, NotAKey> {
        let material = Material::EdDSA { public: pem.trim().to_owned() };
        let key = Self { id: fresh_id()?, created: now, material };
        key.checking().is_some().then_some(key).ok_or(NotAKey::NotPublic)
    }

    /// The one algorithm it is good for: a token does not choose.
    pub(crate) fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::HS256 { .. } => Algorithm::HS256,
            Material::EdDSA { .. } => Algorithm::EdDSA,
        }
    }

    /// What checks a signature; none when the key is none.
    pub(crate) fn checking(&self) -> Option<DecodingKey> {
        match &self.material {
            // As JWT libraries take it: the bytes of the text.
            Material::HS256 { secret } => {
                (secret.len() >= KEY_BYTES).then(|| DecodingKey::from_secret(secret.as_bytes()))
            }
            Material::EdDSA { public } => Some(DecodingKey::from_ed_der(&public_bytes(public)?)),
        }
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

fn random() -> Result<[u8; KEY_BYTES], NotAKey> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| NotAKey::NotRandom)?;
    Ok(bytes)
}

/// Digits, because what begins with a dash cannot be said on a command line.
fn fresh_id() -> Result<Arc<str>, NotAKey> {
    Ok(random()?[..6].iter().map(|byte| format!("{byte:02x}")).collect::<String>().into())
}

fn pem(what: &str, head: &[u8], bytes: &[u8]) -> String {
    let body = STANDARD.encode([head, bytes].concat());
    format!("-----BEGIN {what}-----\n{body}\n-----END {what}-----")
}

fn public_bytes(pem: &str) -> Option<[u8; KEY_BYTES]> {
    let body = pem.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?;
    let body: String = body.strip_suffix("-----END PUBLIC KEY-----")?.split_whitespace().collect();
    let der = STANDARD.decode(body).ok()?;
    der.strip_prefix(&PUBLIC_HEAD)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_from_their_file_and_what_is_none_is_refused() {
        let mut keys = Keys::default();
        for fresh in [Fresh::shared(1).unwrap(), Fresh::pair(2).unwrap()] {
            keys.add(fresh.key).unwrap();
        }
        assert_eq!(Keys::read(&keys.write()).unwrap(), keys);
        let text = String::from_utf8(keys.write()).unwrap();
        assert_eq!(
            Keys::read(text.replace("BEGIN PUBLIC", "BEGIN").as_bytes()),
            Err(NotAKey::Damaged)
        );
        assert_eq!(Keys::read(b"{"), Err(NotAKey::Damaged));
        let id = keys.iter().next().unwrap().id.clone();
        keys.remove(&id).unwrap();
        assert_eq!(keys.remove(&id), Err(NotAKey::Unknown));
        assert!(!keys.has(&id));
    }

    #[test]
    fn there_are_only_so_many_keys() {
        let mut keys = Keys::default();
        while keys.add(Fresh::shared(1).unwrap().key).is_ok() {}
        assert_eq!(keys.iter().count(), KEYS_MOST);
        assert!(keys.iter().all(|key| key.id.bytes().all(|byte| byte.is_ascii_hexdigit())));
    }

    #[test]
    fn an_apps_own_public_key_is_taken_and_nothing_else() {
        let Fresh { key, signing } = Fresh::pair(1).unwrap();
        let Material::EdDSA { public } = &key.material else { panic!("not a pair") };
        assert!(Key::public(&format!("{public}\n"), 1).is_ok());
        for pem in [&signing, "", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"] {
            assert_eq!(Key::public(pem, 1), Err(NotAKey::NotPublic), "{pem}");
        }
    }
}
