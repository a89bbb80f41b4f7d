//! What tells one text from another, as an entity tag (RFC 9110 §8.8.3), and the conditions that name some. It knows texts,
//! not documents.
//!
//! A tag is a digest of the text alone: it is the same after a restart, and nobody is told of a change that was none.

use std::fmt;

use sha2::{Digest, Sha256};

/// Bytes of a tag: nobody finds two texts with the same.
const BYTES: usize = 16;

/// The tag of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag([u8; BYTES]);

/// Tags that a request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tags {
    /// Whatever there is.
    Any,
    /// One of these.
    These(Vec<Tag>),
}

/// What must be so for a text to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Nothing.
    None,
    /// It has one of these tags.
    Match(Tags),
    /// It has none of these tags.
    NoneMatch(Tags),
}

impl Tag {
    /// The tag of a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut tag = Self([0; BYTES]);
        tag.0.copy_from_slice(&Sha256::digest(text)[..BYTES]);
        tag
    }

    fn read(quoted: &str) -> Option<Self> {
        let hex = quoted.strip_prefix('"')?.strip_suffix('"')?;
        let is_hex = hex.len() == 2 * BYTES && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = is_hex.then(|| u128::from_str_radix(hex, 16).ok()).flatten()?;
        Some(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{:032x}\"", u128::from_be_bytes(self.0))
    }
}

impl Tags {
    /// Reads the value of a header. What is no tag of ours names no text; `weak` ones count where the texts need only be
    /// equivalent.
    pub(crate) fn read(header: &str, weak: bool) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let tag = |tag: &str| {
            let tag = tag.trim();
            Tag::read(if weak { tag.strip_prefix("W/").unwrap_or(tag) } else { tag })
        };
        Self::These(header.split(',').filter_map(tag).collect())
    }

    /// Whether a text that may be nowhere yet has one of them.
    pub(crate) fn names(&self, tag: Tag, exists: bool) -> bool {
        match self {
            Self::Any => exists,
            Self::These(tags) => exists && tags.contains(&tag),
        }
    }
}

impl Condition {
    /// Whether it is met by a text that may be nowhere yet.
    pub(crate) fn is_met(&self, tag: impl FnOnce() -> Tag, exists: bool) -> bool {
        match self {
            Self::None => true,
            Self::Match(tags) => tags.names(tag(), exists),
            Self::NoneMatch(tags) => !tags.names(tag(), exists),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_as_it_was_written_and_other_texts_have_others() {
        let tag = Tag::of("one");
        assert_eq!(Tag::read(&tag.to_string()), Some(tag));
        assert_ne!(tag, Tag::of("two"));
        for other in ["", "\"", "\"+2\"", "one", "\"é\""] {
            assert_eq!(Tag::read(other), None, "{other}");
        }
    }

    #[test]
    fn conditions_name_tags_and_whatever_there_is() {
        let (one, two) = (Tag::of("one"), Tag::of("two"));
        let both = format!("\"x\", W/{one} ,{two}");
        assert_eq!(Tags::read(&both, false), Tags::These(vec![two]));
        assert_eq!(Tags::read(&both, true), Tags::These(vec![one, two]));
        let met = |condition: &Condition, exists| condition.is_met(|| one, exists);
        let any = || Tags::read(" * ", false);
        assert!(met(&Condition::Match(any()), true) && !met(&Condition::Match(any()), false));
        assert!(
            met(&Condition::NoneMatch(any()), false) && !met(&Condition::NoneMatch(any()), true)
        );
        assert!(met(&Condition::Match(Tags::These(vec![one])), true));
        assert!(!met(&Condition::Match(Tags::These(vec![two])), true));
        assert!(met(&Condition::None, false));
    }
}
