//! One change of text, the same shape in both directions and the same as CodeMirror's `ChangeSpec`.

/// Replaces the text between two offsets.
///
/// Offsets count UTF-16 code units in the document *before* the change. A list of splices is sorted by `from` and
/// disjoint; all of them speak of the same document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// Where the replaced text begins.
    pub from: u32,
    /// Where it ends; equal to `from` when nothing is taken away.
    pub to: u32,
    /// What stands there afterwards, with `\n` as its only line break when it comes from our editor.
    pub insert: String,
}

impl Splice {
    /// A change that takes away `from..to` and puts `insert` there.
    pub fn new(from: u32, to: u32, insert: impl Into<String>) -> Self {
        Self { from, to, insert: insert.into() }
    }

    /// The smallest single change that turns one text into another.
    pub fn between(before: &str, after: &str) -> Self {
        let is_edge = |at: &usize| before.is_char_boundary(*at) && after.is_char_boundary(*at);
        let same = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let start = (0..=same).rev().find(is_edge).unwrap_or(0);
        let (gone, come) = (&before[start..], &after[start..]);
        let same = gone.bytes().rev().zip(come.bytes().rev()).take_while(|(a, b)| a == b).count();
        let is_edge = |tail: &usize| gone.is_char_boundary(gone.len() - tail);
        let tail = (0..=same).rev().find(is_edge).unwrap_or(0);
        let from = utf16_len(&before[..start]) as u32;
        let gone = utf16_len(&gone[..gone.len() - tail]) as u32;
        Self::new(from, from + gone, &come[..come.len() - tail])
    }

    /// Whether a list is sorted and disjoint: what every function that takes splices expects.
    pub fn in_order(splices: &[Self]) -> bool {
        splices.iter().all(|splice| splice.from <= splice.to)
            && splices.windows(2).all(|pair| pair[0].to <= pair[1].from)
    }

    /// Whether splices that are in order are of this text: within it, and none begins or ends inside a character.
    pub fn fit(splices: &[Self], text: &str) -> bool {
        let (mut chars, mut at) = (text.chars(), 0);
        splices.iter().flat_map(|splice| [splice.from, splice.to]).all(|offset| {
            while at < offset {
                let Some(char) = chars.next() else { return false };
                at += char.len_utf16() as u32;
            }
            at == offset
        })
    }

    /// Where an offset before the splices is after them; it stays beside the character that followed it.
    pub fn map_offset(splices: &[Self], offset: u32) -> u32 {
        let mut shift = 0i64;
        for splice in splices {
            if splice.from > offset {
                break;
            }
            let inserted = utf16_len(&splice.insert) as i64;
            if splice.to > offset {
                return (i64::from(splice.from) + shift + inserted) as u32;
            }
            shift += inserted - i64::from(splice.to - splice.from);
        }
        (i64::from(offset) + shift) as u32
    }

    /// Adds a change of the text after these splices to them; then all speak of the text before. False, and nothing is added,
    /// when it concerns several of them, or half of a character that one inserts.
    pub(crate) fn append(splices: &mut Vec<Self>, next: &Self) -> bool {
        let (from, to) = (i64::from(next.from), i64::from(next.to));
        // How much longer the text is for the splices that lie before.
        let (mut shift, mut at) = (0, 0);
        while let Some(splice) = splices.get(at).filter(|splice| splice.end(shift) < from) {
            shift += splice.growth();
            at += 1;
        }
        let is_near = |at: usize, shift: i64| {
            splices.get(at).is_some_and(|splice: &Self| i64::from(splice.from) + shift <= to)
        };
        if !is_near(at, shift) {
            let (from, to) = ((from - shift) as u32, (to - shift) as u32);
            splices.insert(at, Self::new(from, to, next.insert.as_str()));
            return true;
        }
        if is_near(at + 1, shift + splices[at].growth()) {
            return false;
        }
        // The two become one.
        let splice = &mut splices[at];
        let (start, end) = (i64::from(splice.from) + shift, splice.end(shift));
        let (Some(head), Some(tail)) =
            (byte_at(&splice.insert, from - start), byte_at(&splice.insert, to - start))
        else {
            return false;
        };
        splice.insert = [&splice.insert[..head], &next.insert, &splice.insert[tail..]].concat();
        splice.from -= (start - from).max(0) as u32;
        splice.to += (to - end).max(0) as u32;
        if splice.from == splice.to && splice.insert.is_empty() {
            splices.remove(at);
        }
        true
    }

    /// Where what it inserts ends, in a text that is so much longer for what lies before.
    fn end(&self, shift: i64) -> i64 {
        i64::from(self.to) + shift + self.growth()
    }

    fn growth(&self) -> i64 {
        utf16_len(&self.insert) as i64 - i64::from(self.to - self.from)
    }

    /// The text after the splices: for tests and for clients that keep a plain string.
    pub fn apply_all(text: &str, splices: &[Self]) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut out = Vec::with_capacity(units.len());
        let mut at = 0;
        for splice in splices {
            let from = (splice.from as usize).clamp(at, units.len());
            out.extend_from_slice(&units[at..from]);
            out.extend(splice.insert.encode_utf16());
            at = (splice.to as usize).clamp(from, units.len());
        }
        out.extend_from_slice(&units[at..]);
        String::from_utf16_lossy(&out)
    }
}

/// How many UTF-16 units a string has: what editors and Yjs count in. Every byte that begins a character counts, and one more
/// where that becomes a pair; decoding it takes several times as long. Most strings are ASCII, which is told by the word.
pub fn utf16_len(string: &str) -> usize {
    if string.is_ascii() {
        return string.len();
    }
    let units = |byte: u8| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0);
    string.bytes().map(units).sum()
}

/// Where so many UTF-16 units of a string end, in bytes; at its end if it has fewer. None inside of a character.
pub(crate) fn byte_at(string: &str, units: i64) -> Option<usize> {
    let mut left = units;
    for (at, char) in string.char_indices() {
        if left <= 0 {
            return (left == 0 || at == 0).then_some(at);
        }
        left -= char.len_utf16() as i64;
    }
    (left >= 0 || units <= 0).then_some(string.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_stays_beside_the_character_that_followed_it() {
        let splices = [Splice::new(2, 2, "XY"), Splice::new(4, 6, "z"), Splice::new(8, 9, "")];
        let mapped: Vec<_> = (0..=10).map(|offset| Splice::map_offset(&splices, offset)).collect();
        assert_eq!(mapped, [0, 1, 4, 5, 7, 7, 7, 8, 9, 9, 10]);
    }

    #[test]
    fn the_change_between_two_texts_is_small_and_cuts_no_character() {
        for (before, after, splice) in [
            ("", "a", Splice::new(0, 0, "a")),
            ("same", "same", Splice::new(4, 4, "")),
            ("aaa", "aa", Splice::new(2, 3, "")),
            ("a🦦b", "a🦧b", Splice::new(1, 3, "🦧")),
            ("🦦 x", "🦦 yx", Splice::new(3, 3, "y")),
            ("é", "è", Splice::new(0, 1, "è")),
            ("one two", "one three two", Splice::new(5, 5, "hree t")),
        ] {
            assert_eq!(Splice::between(before, after), splice, "{before:?} {after:?}");
            assert_eq!(Splice::apply_all(before, &[Splice::between(before, after)]), after);
        }
    }

    #[test]
    fn a_string_is_as_long_as_its_utf16() {
        for text in ["", "plain", "é ü ß", "日本語", "a🦦b👩‍👩‍👧", "\u{ffff}\u{10000}\u{10ffff}"]
        {
            assert_eq!(utf16_len(text), text.encode_utf16().count(), "{text:?}");
        }
    }

    #[test]
    fn splices_fit_a_text_that_is_long_enough_and_whose_characters_they_do_not_cut() {
        let fits = |from, to| Splice::fit(&[Splice::new(from, to, "")], "a🦦b");
        assert!(fits(0, 0) && fits(0, 4) && fits(1, 3) && fits(4, 4));
        assert!(!fits(0, 2) && !fits(2, 3) && !fits(0, 5) && !fits(5, 5));
        assert!(Splice::fit(&[Splice::new(1, 3, ""), Splice::new(3, 4, "")], "a🦦b"));
        assert!(!Splice::fit(&[Splice::new(1, 3, ""), Splice::new(5, 5, "")], "a🦦b"));
    }

    #[test]
    fn changes_one_after_another_come_to_one_list() {
        // The numbers come from a linear congruential generator.
        let mut state = 7_u64;
        let mut below = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as u32 % n as u32
        };
        for round in 0..2_000 {
            let before = "0123456789".repeat(1 + below(3) as usize);
            let (mut text, mut splices) = (before.clone(), Vec::new());
            for _ in 0..below(12) {
                let from = below(text.len() + 1);
                let to = from + below((text.len() - from as usize).min(9) + 1);
                let next = Splice::new(from, to, ["", "a", "bcd", "efghi"][below(4) as usize]);
                let after = Splice::apply_all(&text, std::slice::from_ref(&next));
                if next.from == next.to && next.insert.is_empty() {
                    continue;
                }
                if Splice::append(&mut splices, &next) {
                    text = after;
                }
                assert!(Splice::in_order(&splices), "round {round}: {splices:?}");
                assert_eq!(Splice::apply_all(&before, &splices), text, "round {round}");
            }
        }
    }

    #[test]
    fn what_comes_and_goes_is_no_change_and_no_character_is_cut() {
        let after = |changes: &[Splice]| {
            let mut splices = Vec::new();
            let fits = changes.iter().all(|next| Splice::append(&mut splices, next));
            fits.then_some(splices)
        };
        assert_eq!(after(&[Splice::new(3, 3, "ab"), Splice::new(3, 5, "")]), Some(vec![]));
        let inside = after(&[Splice::new(3, 3, "a🦦b"), Splice::new(4, 6, "c")]);
        assert_eq!(inside, Some(vec![Splice::new(3, 3, "acb")]));
        assert_eq!(after(&[Splice::new(3, 3, "a🦦b"), Splice::new(5, 6, "")]), None);
        let apart = after(&[Splice::new(9, 9, "z"), Splice::new(2, 4, "")]);
        assert_eq!(apart, Some(vec![Splice::new(2, 4, ""), Splice::new(9, 9, "z")]));
    }

    #[test]
    fn splices_speak_of_the_text_before_them() {
        let splices = [Splice::new(0, 1, "XY"), Splice::new(3, 3, "-"), Splice::new(4, 6, "")];
        assert!(Splice::in_order(&splices));
        assert_eq!(Splice::apply_all("abc🦦d", &splices), "XYbc-\u{fffd}");
        assert!(!Splice::in_order(&[Splice::new(2, 4, ""), Splice::new(3, 3, "x")]));
    }
}
