//! What a document says it is, for those who see it in a list: its title and its language. It knows no list.

use codraft_core::replica::{About, Fact};
use codraft_core::{Malformed, Reader, Writer};

use super::merging::contained;
use super::{By, Document, NotEdited, aside};
use crate::frames::Frames;

/// Characters of a first line that stands for a title.
const LINE_CHARS: usize = 80;
/// Bytes that saying something takes in an update beside the words, or more.
const SAYING_BYTES: usize = 64;

/// What stands in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Card {
    /// What the document is called, or its first line with words in it.
    pub(crate) title: String,
    /// What its text is written in; empty where nobody has said so.
    pub(crate) language: String,
}

impl Card {
    /// Its bytes; none when it says nothing.
    pub(crate) fn encode(&self) -> Vec<u8> {
        if *self == Self::default() {
            return Vec::new();
        }
        let mut writer = Writer::new();
        writer.var_bytes(self.title.as_bytes()).var_bytes(self.language.as_bytes()).finish()
    }

    /// Reads what `encode` wrote. A later release may write more behind it.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let mut reader = Reader::new(bytes);
        let mut words = || {
            let words = reader.var_bytes()?;
            String::from_utf8(words.to_vec()).map_err(|_| Malformed("the words are not UTF-8"))
        };
        Ok(Self { title: words()?, language: words()? })
    }
}

impl Document {
    /// What is said of the document; it must be awake.
    pub(crate) fn about(&self) -> About {
        self.replica.about()
    }

    /// Whether something can be said of it: see [`codraft_core::Replica::can_say`].
    pub(crate) fn can_say(&self) -> bool {
        self.replica.can_say()
    }

    /// What lists are to say about it. One that is asleep is as the last fold left it.
    pub(super) fn card(&self) -> Vec<u8> {
        if let Some(asleep) = &self.asleep {
            return asleep.card.clone();
        }
        let About { title, language } = self.replica.about();
        // The first line of a program says nothing of it: its name does.
        let is_prose = ["", "markdown", "plain"].contains(&&*language);
        let title = match title.is_empty() && is_prose {
            true => first_line(&self.replica.text()),
            false => title,
        };
        Card { title, language }.encode()
    }

    /// Says something of the document, in one entry for the journal; returns what is new, for those who are connected. It
    /// must be awake.
    pub(crate) fn say(
        &mut self,
        fact: Fact,
        words: &str,
        by: &By,
    ) -> Result<Option<Frames>, NotEdited> {
        if !self.has_room_for_bytes(words.len() + SAYING_BYTES) {
            return Err(NotEdited::TooLarge);
        }
        let before = self.own_clock();
        let said = aside(self.size, || contained(|| Ok(self.replica.say(fact, words))))?;
        let Some(update) = said else { return Ok(None) };
        Ok(Some(self.wrote(&update, before, by)))
    }
}

/// The first line that has words in it, without the marks of Markdown around them.
fn first_line(text: &str) -> String {
    let is_mark =
        |c: char| c.is_whitespace() || matches!(c, '#' | '>' | '*' | '+' | '-' | '_' | '`');
    let mut lines = text.lines().map(|line| line.trim_matches(is_mark));
    let line = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let shown = line.chars().filter(|c| !c.is_control());
    shown.take(LINE_CHARS).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_comes_back_as_it_was_written() {
        let card = Card { title: "Zoë’s minutes".to_owned(), language: "python".to_owned() };
        for card in [card, Card::default()] {
            assert_eq!(Card::decode(&card.encode()), Ok(card));
        }
        assert!(Card::default().encode().is_empty());
        assert_eq!(Card::decode(&[1, b'a', 0, 9, 9]).unwrap().title, "a", "more may follow");
        assert!(Card::decode(&[1]).is_err() && Card::decode(&[1, 0xff, 0]).is_err());
    }

    #[test]
    fn the_first_line_with_words_stands_for_a_title() {
        assert_eq!(first_line("\n\n# **Minutes** of _Monday_ \n\ntext"), "Minutes** of _Monday");
        assert_eq!(first_line("---\n- one\n"), "one");
        assert_eq!(first_line(&"é".repeat(300)), "é".repeat(LINE_CHARS));
        assert_eq!(first_line("a\u{7}b"), "ab");
        assert_eq!(first_line(" \n#\n"), "");
    }
}
