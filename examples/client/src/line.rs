//! The lines of a text and where they are, in the offsets that splices have. It changes nothing.

use std::ops::Range;

/// One line, without its line break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// What it says.
    pub text: &'a str,
    /// Where it is, in UTF-16 code units; behind its end is its line break, except behind that of the last line.
    pub at: Range<u32>,
}

impl<'a> Line<'a> {
    /// All lines of a text.
    pub fn of(text: &'a str) -> impl Iterator<Item = Self> {
        let mut from = 0;
        text.split('\n').map(move |text| {
            let to = from + text.encode_utf16().count() as u32;
            let at = from..to;
            from = to + 1;
            Self { text, at }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_where_splices_would_find_them() {
        let lines: Vec<_> = Line::of("a🦦\n\nend").map(|line| (line.text, line.at)).collect();
        assert_eq!(lines, [("a🦦", 0..3), ("", 4..4), ("end", 5..8)]);
        assert_eq!(Line::of("").count(), 1);
    }
}
