//! The difference between two texts as splices, small enough that people who are typing in one keep their place. It knows
//! strings, not documents.
//!
//! Lines are compared first, then the words of those that differ, then the letters at both ends of a word. Texts that have
//! little in common could take for ever, and very many pieces far more memory than the texts: what is left then is replaced
//! as a whole.

use std::ops::Range;
use std::time::{Duration, Instant};

use codraft_core::{Splice, utf16_len};
use similar::{Algorithm, DiffTag};

use crate::request::SPLICES_MOST;

/// How long small differences are looked for; everybody else in the document waits meanwhile.
const PATIENCE: Duration = Duration::from_millis(200);

/// Pieces that a text is cut into at most; comparing takes dozens of bytes for each.
const PIECES_MOST: usize = 500_000;

/// Where scripts begin that put no spaces between words, near enough: each character is a word here.
const WITHOUT_SPACES: char = '\u{2e80}';

/// Which bytes of the text before go, and which of the one after come in their place.
type Change = (Range<usize>, Range<usize>);

/// What to change in one text to get another.
pub(crate) fn difference(before: &str, after: &str) -> Vec<Splice> {
    if before == after {
        return Vec::new();
    }
    let until = Instant::now() + PATIENCE;
    let mut found = Vec::new();
    for (gone, come) in changes(before, after, lines, until) {
        let words = changes(&before[gone.clone()], &after[come.clone()], words, until);
        let shift = |at: usize, by: Range<usize>| at + by.start..at + by.end;
        found.extend(words.into_iter().map(|(g, c)| (shift(gone.start, g), shift(come.start, c))));
    }
    to_splices(before, after, &joined(&found, SPLICES_MOST))
}

/// Neighbours together, so that there are no more than so many.
fn joined(changes: &[Change], most: usize) -> Vec<Change> {
    let together = changes.chunks(changes.len().div_ceil(most).max(1));
    let join = |some: &[Change]| {
        let ((gone, come), (gone_last, come_last)) = (&some[0], &some[some.len() - 1]);
        (gone.start..gone_last.end, come.start..come_last.end)
    };
    together.map(join).collect()
}

fn to_splices(before: &str, after: &str, changes: &[Change]) -> Vec<Splice> {
    // How far the text before is read, in bytes and in UTF-16 code units.
    let (mut read, mut offset) = (0, 0);
    let splice = |(gone, come): &Change| {
        offset += utf16_len(&before[read..gone.start]) as u32;
        read = gone.start;
        let Splice { from, to, insert } =
            Splice::between(&before[gone.clone()], &after[come.clone()]);
        Splice { from: offset + from, to: offset + to, insert }
    };
    changes.iter().map(splice).collect()
}

/// Where two texts differ that are cut into pieces.
fn changes<'a>(
    before: &'a str,
    after: &'a str,
    cut: impl Fn(&'a str) -> Option<Vec<&'a str>>,
    until: Instant,
) -> Vec<Change> {
    let (Some(old), Some(new)) = (cut(before), cut(after)) else {
        return vec![(0..before.len(), 0..after.len())];
    };
    let steps = similar::capture_diff_slices_deadline(Algorithm::Myers, &old, &new, Some(until));
    let (old, new) = (starts(&old), starts(&new));
    let bytes = |starts: &[usize], pieces: Range<usize>| starts[pieces.start]..starts[pieces.end];
    let steps = steps.iter().map(|step| step.as_tag_tuple());
    let changes = steps.filter(|(tag, ..)| *tag != DiffTag::Equal);
    changes.map(|(_, gone, come)| (bytes(&old, gone), bytes(&new, come))).collect()
}

/// Where each piece begins, and the end.
fn starts(pieces: &[&str]) -> Vec<usize> {
    let mut end = 0;
    let ends = pieces.iter().map(|piece| {
        end += piece.len();
        end
    });
    std::iter::once(0).chain(ends).collect()
}

/// None when they are too many.
fn lines(text: &str) -> Option<Vec<&str>> {
    let lines: Vec<_> = text.split_inclusive('\n').take(PIECES_MOST + 1).collect();
    (lines.len() <= PIECES_MOST).then_some(lines)
}

/// A word is its letters and the spaces behind them: spaces alone are alike everywhere, and each would be matched with any
/// other. None when they are too many.
fn words(text: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let (mut start, mut was_letter) = (0, true);
    for (at, char) in text.char_indices() {
        let is_letter = char.is_alphanumeric();
        let begins = is_letter && (!was_letter || char >= WITHOUT_SPACES);
        if at > start && (begins || !is_letter && !char.is_whitespace()) {
            if words.len() == PIECES_MOST {
                return None;
            }
            words.push(&text[start..at]);
            start = at;
        }
        was_letter = is_letter;
    }
    words.push(&text[start..]);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, expected: &[Splice]) {
        let splices = difference(before, after);
        assert_eq!(splices, expected, "{before:?} {after:?}");
        assert_eq!(Splice::apply_all(before, &splices), after);
    }

    #[test]
    fn only_what_differs_is_changed() {
        check("", "", &[]);
        check("same\n", "same\n", &[]);
        check("", "a\nb", &[Splice::new(0, 0, "a\nb")]);
        check("a\nb", "", &[Splice::new(0, 3, "")]);
        check("one two three", "one 2 three", &[Splice::new(4, 7, "2")]);
        check(
            "a 🦦 b\nc\n",
            "a 🦧 b\nc\nd\n",
            &[Splice::new(2, 4, "🦧"), Splice::new(9, 9, "d\n")],
        );
        check("日本語の文", "日本の文章", &[Splice::new(2, 3, ""), Splice::new(5, 5, "章")]);
        let (before, after) = ("one\ntwo\nthree\nfour", "zero\none\ntwo\nfour!");
        let splices =
            [Splice::new(0, 0, "zero\n"), Splice::new(8, 14, ""), Splice::new(18, 18, "!")];
        check(before, after, &splices);
    }

    #[test]
    fn any_text_becomes_any_other() {
        // A small alphabet meets itself often; the numbers come from a linear congruential generator.
        let mut state = 7_u64;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % n
        };
        let letters = ["a", "b", " ", "\n", "🦦", "é", "本", ", ", "word"];
        for round in 0..2_000 {
            let mut text =
                |n| (0..below(n)).map(|_| letters[below(9) as usize]).collect::<String>();
            let (before, after) = (text(40), text(40));
            let splices = difference(&before, &after);
            assert!(Splice::in_order(&splices) && Splice::fit(&splices, &before), "round {round}");
            assert_eq!(Splice::apply_all(&before, &splices), after, "round {round}");
        }
    }

    #[test]
    fn very_many_pieces_are_not_told_apart_and_very_many_changes_are_joined() {
        let many = "\n".repeat(PIECES_MOST);
        check(&format!("a{many}b"), &format!("a{many}b"), &[]);
        let end = PIECES_MOST as u32;
        check(&format!("{many}ab"), &format!("{many}cb"), &[Splice::new(end, end + 1, "c")]);
        check(&many, &format!("{many}\n"), &[Splice::new(end, end, "\n")]);

        let (before, after) = ("same\na\n".repeat(7), "same\n🦦\n".repeat(7));
        let changes = changes(&before, &after, lines, Instant::now() + PATIENCE);
        for (most, expected) in [(7, 7), (6, 4), (4, 4), (1, 1)] {
            let splices = to_splices(&before, &after, &joined(&changes, most));
            assert_eq!(splices.len(), expected, "of at most {most}");
            assert_eq!(Splice::apply_all(&before, &splices), after);
        }
    }

    #[test]
    fn texts_that_have_little_in_common_do_not_take_for_ever() {
        let mut state = 1_u32;
        let mut hard = |words: &[&str], n: usize| -> String {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 16
            };
            (0..n).map(|_| words[next() as usize % words.len()]).collect()
        };
        for words in [&["a ", "b "][..], &["a\n", "b\n"], &["日", "本", "語"]] {
            let (before, after) = (hard(words, 100_000), hard(words, 100_000));
            let started = Instant::now();
            let splices = difference(&before, &after);
            assert!(started.elapsed() < PATIENCE * 10, "{:?}", started.elapsed());
            assert_eq!(Splice::apply_all(&before, &splices), after);
        }
    }
}
