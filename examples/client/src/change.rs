//! What others have changed. It holds no text but what they inserted.

use std::ops::Range;

use codraft_core::Splice;

/// A change of the text by others: everything that has arrived since the last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// In offsets of the text before it, as in [`Document::edit`](crate::Document::edit).
    pub splices: Vec<Splice>,
}

impl Change {
    /// Where what was inserted is in the text after it, in UTF-16 code units; sorted.
    pub fn inserted(&self) -> impl Iterator<Item = Range<u32>> {
        let mut shift = 0i64;
        self.splices.iter().map(move |splice| {
            let length = splice.insert.encode_utf16().count() as u32;
            let from = (i64::from(splice.from) + shift) as u32;
            shift += i64::from(length) - i64::from(splice.to - splice.from);
            from..from + length
        })
    }

    /// Whether something was inserted at this offset of the text after it.
    pub fn brought(&self, offset: u32) -> bool {
        self.inserted().any(|range| range.contains(&offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_inserted_is_found_in_the_text_after_it() {
        let splices =
            vec![Splice::new(0, 2, "🦦!"), Splice::new(4, 4, "xy"), Splice::new(5, 6, "")];
        let change = Change { splices };
        let after = Splice::apply_all("abcdef", &change.splices);
        let after: Vec<u16> = after.encode_utf16().collect();
        let found: Vec<_> = change
            .inserted()
            .map(|at| String::from_utf16_lossy(&after[at.start as usize..at.end as usize]))
            .collect();
        assert_eq!(found, ["🦦!", "xy", ""]);
        assert!(change.brought(0) && change.brought(5) && !change.brought(3) && !change.brought(7));
    }
}
