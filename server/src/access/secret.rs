//! Secrets that let somebody in by themselves: the server makes them up, shows them once and keeps their hashes. It does not
//! know what they are good for.
//!
//! They are random and long, so a plain SHA-256 hides them: nobody finds 144 bits by trying.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What a link's secret begins with: whoever looks through files for secrets can find it.
const LINK: &str = "cl_";
/// What the admin key begins with.
const ADMIN: &str = "ca_";
/// Random bytes of a link's secret, and of an admin key.
const LINK_BYTES: usize = 18;
const ADMIN_BYTES: usize = 32;
/// What the id of somebody begins with whom nobody knows otherwise.
pub(super) const GUEST: &str = "guest:";
/// Digits of the id of somebody whom nobody knows otherwise: 80 bits.
const ID_DIGITS: usize = 20;

/// A secret as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Box<str>);

/// What is kept of one; comparing two takes as long whatever they are.
#[derive(Clone)]
pub(crate) struct Hash([u8; 32]);

impl Secret {
    /// A fresh one for a link; an error when the system has no random numbers.
    pub(crate) fn link() -> Result<Self, getrandom::Error> {
        fresh::<LINK_BYTES>(LINK)
    }

    /// A fresh admin key; likewise.
    pub(crate) fn admin() -> Result<Self, getrandom::Error> {
        fresh::<ADMIN_BYTES>(ADMIN)
    }

    /// What somebody shows, if it looks like a link's.
    pub(crate) fn of_link(shown: &str) -> Option<Self> {
        read::<LINK_BYTES>(LINK, shown)
    }

    /// What somebody shows, if it looks like an admin key.
    pub(crate) fn of_admin(shown: &str) -> Option<Self> {
        read::<ADMIN_BYTES>(ADMIN, shown)
    }

    /// To be shown once, and not kept.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// To be kept.
    pub(crate) fn hash(&self) -> Hash {
        Hash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// Who it is that shows the secret itself and says nothing of themselves: nobody can tell it from the id.
    pub(crate) fn bearer(&self) -> Arc<str> {
        guest(&self.0)
    }
}

/// The id of a guest, which everybody may see, from a number that only they have: who knows the id cannot take their place.
pub(crate) fn guest(private: &str) -> Arc<str> {
    let hash = Sha256::digest([b"codraft guest ", private.as_bytes()].concat());
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{GUEST}{}", &digits[..ID_DIGITS]).into()
}

fn fresh<const N: usize>(prefix: &str) -> Result<Secret, getrandom::Error> {
    let mut random = [0; N];
    getrandom::fill(&mut random)?;
    Ok(Secret(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random)).into()))
}

fn read<const N: usize>(prefix: &str, shown: &str) -> Option<Secret> {
    // So many characters at most, before anything is made of them.
    let digits = shown.strip_prefix(prefix).filter(|digits| digits.len() < 2 * N)?;
    let bytes = URL_SAFE_NO_PAD.decode(digits).ok()?;
    (bytes.len() == N).then(|| Secret(shown.into()))
}

impl Hash {
    /// A name for what it is of, which says nothing of that: a part of a hash of the hash.
    pub(crate) fn name(&self) -> String {
        URL_SAFE_NO_PAD.encode(&Sha256::digest(self.0)[..9])
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hash")
    }
}

impl PartialEq for Hash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Hash {}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(de::Error::custom)?;
        let bytes = bytes.try_into().map_err(|_| de::Error::custom("a hash has 32 bytes"))?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_only_as_what_it_is_and_says_nothing_of_itself() {
        let link = Secret::link().unwrap();
        assert_eq!(Secret::of_link(link.text()), Some(link.clone()));
        assert_eq!(Secret::of_admin(link.text()), None);
        assert_ne!(Secret::link().unwrap().hash(), link.hash());
        let longer = format!("{}A", link.text());
        for shown in ["", "cl_", "cl_!", &longer, &link.text()[1..], &"cl_A".repeat(1000)] {
            assert_eq!(Secret::of_link(shown), None, "{shown}");
        }
        let said = format!("{link:?} {:?} {}", link.hash(), link.bearer());
        assert!(!said.contains(&link.text()[3..]));
    }

    #[test]
    fn a_hash_comes_back_from_json() {
        let hash = Secret::admin().unwrap().hash();
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
        assert!(serde_json::from_str::<Hash>("\"AAAA\"").is_err());
    }
}
