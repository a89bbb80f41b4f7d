//! Names of files: the SHA-256 of the bytes in hexadecimal digits, and the kind. Whatever else is asked for is no name, so
//! none leads anywhere but into its document's folder.

use std::fmt;

use super::Kind;

/// The name of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileName {
    hash: [u8; 32],
    pub(crate) kind: Kind,
}

impl FileName {
    pub(super) fn new(hash: [u8; 32], kind: Kind) -> Self {
        Self { hash, kind }
    }

    /// Whether these bytes are what it stands for.
    pub(crate) fn is_of(&self, bytes: &[u8]) -> bool {
        super::is_whole(bytes, self).is_ok_and(|is_whole| is_whole)
    }

    /// Reads one exactly as it is written.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (digits, ending) = text.split_once('.')?;
        let kind = Kind::ending(ending)?;
        let is_plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if digits.len() != 64 || !digits.bytes().all(is_plain) {
            return None;
        }
        let mut hash = [0; 32];
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self { hash, kind })
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, ".{}", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written_and_as_nothing_else() {
        let name = FileName::new([0xa5; 32], Kind::Jpeg).to_string();
        assert_eq!(name, format!("{}.jpg", "a5".repeat(32)));
        assert_eq!(FileName::read(&name).map(|name| name.to_string()), Some(name.clone()));
        for other in [
            "",
            ".png",
            "../../keys.json",
            &name[1..],
            &name.to_uppercase(),
            &name.replace("jpg", "jpeg"),
            &name.replace("jpg", "svg"),
            &format!("{name}.png"),
            &format!("{name}/"),
            &format!("../{name}"),
            &name.replacen('a', "é", 1),
        ] {
            assert_eq!(FileName::read(other), None, "{other}");
        }
    }
}
