//! What people say a document is: its title and its language, in a root map of its own, so that it merges like the text.
//! It knows neither which languages there are nor who shows a title.

use yrs::{Any, Map, Out, Transact};

use super::Replica;
use crate::limits::{LANGUAGE_CHARS, TITLE_CHARS};
use crate::presence::clean;

/// The root map that holds it.
pub const ABOUT: &str = "codraft";

/// One thing that is said of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// What it is called; at most [`TITLE_CHARS`] characters.
    Title,
    /// What its text is written in; at most [`LANGUAGE_CHARS`] characters.
    Language,
}

/// What is said of a document; empty where nothing is. It can be shown: there are no control and bidirectional characters
/// in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// See [`Fact::Title`].
    pub title: String,
    /// See [`Fact::Language`].
    pub language: String,
}

impl Fact {
    /// The fact that is kept under a key.
    pub fn of(key: &str) -> Option<Self> {
        [Self::Title, Self::Language].into_iter().find(|fact| fact.key() == key)
    }

    fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Language => "language",
        }
    }

    fn clean(self, words: &str) -> String {
        clean(words, if self == Self::Title { TITLE_CHARS } else { LANGUAGE_CHARS })
    }
}

impl Replica {
    /// What is said of this document. What another app keeps under these names counts where it is a string.
    pub fn about(&self) -> About {
        About { title: self.fact(Fact::Title), language: self.fact(Fact::Language) }
    }

    fn fact(&self, fact: Fact) -> String {
        match self.about.get(&self.doc.transact(), fact.key()) {
            Some(Out::Any(Any::String(words))) => fact.clean(&words),
            _ => String::new(),
        }
    }

    /// Says something of this document, cleaned; nothing takes back what was said. Returns the update for the other replicas;
    /// none where it is so already, and where an app keeps something else than a map under the name of ours. It is no step
    /// of the history.
    pub fn say(&mut self, fact: Fact, words: &str) -> Option<Vec<u8>> {
        let words = fact.clean(words);
        if self.fact(fact) == words || !self.can_say() {
            return None;
        }
        let mut txn = self.doc.transact_mut();
        self.about.insert(&mut txn, fact.key(), words);
        let update = txn.encode_update_v1();
        drop(txn);
        self.note_own(&update);
        Some(update)
    }

    /// Whether something can be said of this document: not where an app keeps something else under the name of our map. A
    /// root type does not say what it is: what is in it does.
    pub fn can_say(&self) -> bool {
        let about: &yrs::branch::Branch = self.about.as_ref();
        about.content_len() == 0 && *self.field != *ABOUT
    }
}

#[cfg(test)]
mod tests {
    use yrs::{Doc, ReadTxn, StateVector, Text};

    use super::*;
    use crate::replica::CONTENT;
    use crate::{ClientId, Splice};

    fn replica(client: u64) -> Replica {
        Replica::new(ClientId::from_random(client))
    }

    fn about(title: &str, language: &str) -> About {
        About { title: title.to_owned(), language: language.to_owned() }
    }

    #[test]
    fn what_is_said_of_a_document_is_an_update_like_an_edit() {
        let (mut ann, mut bob) = (replica(1), replica(2));
        bob.merge(&ann.edit(&[Splice::new(0, 0, "text")])).unwrap();
        assert_eq!(ann.about(), About::default());
        let title = ann.say(Fact::Title, " Minutes\u{202e} of\n Monday ").unwrap();
        let language = ann.say(Fact::Language, "python").unwrap();
        for update in [&title, &language] {
            assert_eq!(bob.merge(update).unwrap().new.as_deref(), Some(update.as_slice()));
        }
        assert_eq!(bob.about(), about("Minutes of Monday", "python"));
        assert_eq!((ann.about(), ann.digest()), (bob.about(), bob.digest()));
        assert_eq!(ann.say(Fact::Title, "Minutes of Monday"), None, "it is so already");
        let taken_back = bob.say(Fact::Title, "").unwrap();
        ann.merge(&taken_back).unwrap();
        assert_eq!((ann.about(), ann.text()), (about("", "python"), "text".to_owned()));
        assert!(ann.roots().iter().all(|(name, _)| name == CONTENT), "{:?}", ann.roots());
    }

    #[test]
    fn two_who_say_different_things_at_once_come_to_the_same() {
        let (mut ann, mut bob) = (replica(1), replica(2));
        bob.merge(&ann.say(Fact::Title, "first").unwrap()).unwrap();
        let (one, two) = (ann.say(Fact::Title, "ann's"), bob.say(Fact::Title, "bob's"));
        let python = bob.say(Fact::Language, "python").unwrap();
        ann.merge(&two.unwrap()).unwrap();
        ann.merge(&python).unwrap();
        bob.merge(&one.unwrap()).unwrap();
        assert_eq!((ann.about(), ann.digest()), (bob.about(), bob.digest()));
        assert_eq!(ann.about().language, "python");
        let mut late = replica(3);
        late.merge(&ann.encode()).unwrap();
        assert_eq!(late.about(), ann.about());
    }

    #[test]
    fn what_is_too_long_is_cut_on_the_way_in_and_on_the_way_out() {
        let mut ann = replica(1);
        ann.say(Fact::Title, &"é".repeat(TITLE_CHARS + 9)).unwrap();
        ann.say(Fact::Language, &"x".repeat(LANGUAGE_CHARS + 9)).unwrap();
        assert_eq!(ann.about(), about(&"é".repeat(TITLE_CHARS), &"x".repeat(LANGUAGE_CHARS)));
        let mut bob = replica(2);
        bob.merge(&foreign(|doc| {
            let map = doc.get_or_insert_map(ABOUT);
            let mut txn = doc.transact_mut();
            map.insert(&mut txn, "title", format!("\u{7}{}", "é".repeat(9_000)));
            map.insert(&mut txn, "language", 7);
        }))
        .unwrap();
        assert_eq!(bob.about(), about(&"é".repeat(TITLE_CHARS), ""));
    }

    #[test]
    fn it_is_no_step_of_the_history() {
        let mut ann = replica(1);
        ann.track_history();
        ann.mark_history(None, 0);
        ann.edit(&[Splice::new(0, 0, "text")]);
        ann.undo(None).unwrap();
        ann.say(Fact::Title, "Title").unwrap();
        assert_eq!(ann.can_undo_redo(), (false, true));
        ann.redo(None).unwrap();
        ann.undo(None).unwrap();
        assert_eq!((ann.about(), ann.text()), (about("Title", ""), String::new()));
    }

    /// A document that another app has made.
    fn foreign(make: impl FnOnce(&Doc)) -> Vec<u8> {
        let doc = Doc::new();
        make(&doc);
        doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    #[test]
    fn what_another_app_keeps_under_the_name_is_left_alone() {
        let mut ann = replica(1);
        ann.merge(&foreign(|doc| {
            let text = doc.get_or_insert_text(ABOUT);
            text.insert(&mut doc.transact_mut(), 0, "words of another app");
        }))
        .unwrap();
        assert_eq!(ann.about(), About::default());
        assert_eq!(ann.say(Fact::Title, "Title"), None);
        assert_eq!(ann.field(ABOUT).unwrap(), "words of another app");
        // Nor is it touched where it is the very text that is shown.
        let mut shown = Replica::of_field(ClientId::from_random(2), &ABOUT.into());
        assert_eq!(shown.say(Fact::Title, "Title"), None);
        shown.edit(&[Splice::new(0, 0, "words")]);
        assert_eq!((shown.text().as_str(), shown.about()), ("words", About::default()));
    }
}
