//! The name of a document, valid by construction. It does not know where documents are kept.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use crate::limits::DOC_ID_BYTES;

/// A document's name: 1 to 1,024 bytes of UTF-8 as the client sent it after percent-decoding once, compared byte for
/// byte.
///
/// Control characters are refused (NUL separates names in Hocuspocus frames), and so are the path segments `.` and `..`,
/// which URL parsers fold away, so that two addresses would mean one document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(Arc<str>);

/// Why a name cannot be a document's. Each message is a sentence fit for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DocIdError {
    /// Nothing was given.
    #[error("a document's name must not be empty")]
    Empty,
    /// More than [`DOC_ID_BYTES`] bytes.
    #[error("a document's name may have at most {DOC_ID_BYTES} bytes")]
    TooLong,
    /// A control character, NUL among them.
    #[error("a document's name must not contain control characters")]
    Control,
    /// A segment that URL parsers fold away.
    #[error("no part of a document's name between slashes may be \".\" or \"..\"")]
    DotSegment,
    /// Not UTF-8 after percent-decoding.
    #[error("a document's name must be UTF-8")]
    NotUtf8,
}

impl DocId {
    /// Checks a decoded name.
    pub fn new(name: &str) -> Result<Self, DocIdError> {
        if name.is_empty() {
            return Err(DocIdError::Empty);
        }
        if name.len() > DOC_ID_BYTES {
            return Err(DocIdError::TooLong);
        }
        if name.chars().any(char::is_control) {
            return Err(DocIdError::Control);
        }
        if name.split('/').any(|segment| segment == "." || segment == "..") {
            return Err(DocIdError::DotSegment);
        }
        Ok(Self(name.into()))
    }

    /// Checks a decoded name that may not be UTF-8.
    pub fn from_bytes(name: &[u8]) -> Result<Self, DocIdError> {
        std::str::from_utf8(name).map_err(|_| DocIdError::NotUtf8).and_then(Self::new)
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_a_stock_client_can_send_is_kept_byte_for_byte() {
        for name in [
            "a",
            "notes/2026/märz",
            "a b?c#d%",
            "日本語 🦦",
            &"x".repeat(1_024),
            "...",
            ".hidden",
            "a/",
        ] {
            assert_eq!(DocId::new(name).map(|id| id.as_str().to_owned()).as_deref(), Ok(name));
        }
    }

    #[test]
    fn names_that_could_be_confused_are_refused() {
        let cases = [
            ("", DocIdError::Empty),
            ("a\0b", DocIdError::Control),
            ("a\u{85}b", DocIdError::Control),
            ("a/../b", DocIdError::DotSegment),
            (".", DocIdError::DotSegment),
        ];
        for (name, error) in cases {
            assert_eq!(DocId::new(name), Err(error), "{name:?}");
        }
        assert_eq!(DocId::new(&"x".repeat(1_025)), Err(DocIdError::TooLong));
        assert_eq!(DocId::from_bytes(b"\xff"), Err(DocIdError::NotUtf8));
    }
}
