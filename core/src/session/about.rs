//! What is said of the document itself, as the page hears and changes it. It knows no words.

use super::Session;
use crate::replica::{About, Fact};

impl Session {
    /// What is said of the document.
    pub fn about(&self) -> About {
        self.replica.about()
    }

    /// What is said of the document, when that has changed since the last call; the first one is told in any case.
    pub fn take_about(&mut self) -> Option<About> {
        let about = self.replica.about();
        if self.about.as_ref() == Some(&about) {
            return None;
        }
        self.about = Some(about.clone());
        Some(about)
    }

    /// Says something of the document; it is sent and saved like what is typed. A document that cannot be edited is left as
    /// it is.
    pub fn say(&mut self, fact: Fact, words: &str) {
        if self.shown != self.replica.text_len() {
            return;
        }
        if let Some(update) = self.replica.say(fact, words) {
            self.typed(&[], &update);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Splice;
    use crate::session::tests::{Server, session};

    #[test]
    fn what_is_said_is_sent_saved_and_told_once() {
        let (mut server, mut ann, mut bob) = (Server::new(), session(1), session(2));
        ann.connect(0);
        server.talk(&mut ann, 0);
        assert_eq!(ann.take_about(), Some(About::default()));
        ann.edit(&[Splice::new(0, 0, "text")], None, 0);
        ann.say(Fact::Title, "Minutes");
        server.talk(&mut ann, 0);
        assert!(!ann.status().saved, "its disk has not answered");
        server.save(&mut ann, 0);
        assert!(ann.status().saved);
        let said = About { title: "Minutes".to_owned(), language: String::new() };
        assert_eq!((ann.take_about(), ann.take_about()), (Some(said.clone()), None));
        bob.connect(0);
        server.talk(&mut bob, 0);
        bob.pull(0);
        assert_eq!((bob.take_about(), bob.take_about()), (Some(said), None));
        assert_eq!(bob.text(), "text");
    }

    #[test]
    fn what_is_said_offline_travels_with_the_next_sync() {
        let (mut server, mut ann) = (Server::new(), session(1));
        ann.say(Fact::Language, "python");
        assert!(!ann.status().saved);
        ann.connect(0);
        server.talk(&mut ann, 0);
        server.save(&mut ann, 0);
        assert!(ann.status().saved);
        assert_eq!(server.replica.about().language, "python");
    }
}
