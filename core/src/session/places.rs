//! Places in the text that stay where they are while everybody writes. It does not know who wants them.

use super::Session;
use crate::json;

impl Session {
    /// The place at an offset, as `JSON.stringify` of a Yjs relative position: good in every copy of the document, for as
    /// long as there is one. None behind the end.
    pub fn place(&self, offset: u32) -> Option<String> {
        self.replica.sticky(offset).map(|place| json::write(&place))
    }

    /// Where a place of [`Session::place`] is now; none when what it was in is not in this text, or it is no place.
    pub fn offset_of(&self, place: &str) -> Option<u32> {
        self.replica.offset_of(&json::parse(place)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Splice;
    use crate::replica::{CONTENT, ClientId};

    fn session(seed: u64) -> Session {
        Session::new(ClientId::from_random(seed), CONTENT, seed)
    }

    fn insert(session: &mut Session, at: u32, words: &str) {
        session.edit(&[Splice { from: at, to: at, insert: words.into() }], None, 0);
    }

    #[test]
    fn a_place_goes_along_with_what_is_written_before_it() {
        let mut ann = session(1);
        insert(&mut ann, 0, "one two");
        let (start, two) = (ann.place(0).unwrap(), ann.place(4).unwrap());
        insert(&mut ann, 0, "and ");
        assert_eq!(ann.offset_of(&two), Some(8));
        assert_eq!(ann.offset_of(&start), Some(4));
    }

    #[test]
    fn a_place_is_the_same_in_another_copy_and_what_is_none_is_nowhere() {
        let (mut ann, mut ben) = (session(1), session(2));
        insert(&mut ann, 0, "one two");
        let two = ann.place(4).unwrap();
        assert_eq!(ben.offset_of(&two), None);
        ben.receive(&crate::frame::step2(&ann.encode()), 0);
        ben.pull(0);
        assert_eq!(ben.offset_of(&two), Some(4));
        for wrong in ["", "4", "{}", r#"{"item":{"client":1}}"#] {
            assert_eq!(ben.offset_of(wrong), None, "{wrong}");
        }
    }
}
