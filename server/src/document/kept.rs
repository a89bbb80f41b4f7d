//! What those who join are sent, encoded once for all of them until something is added. It knows no document.

use bytes::Bytes;
use codraft_core::{Malformed, frame};

/// A whole document as one update, in the frame that every newcomer is sent.
#[derive(Clone)]
pub(super) struct Whole {
    pub(super) frame: Bytes,
    pub(super) state: Bytes,
}

impl Whole {
    pub(super) fn new(state: &[u8]) -> Self {
        let frame = Bytes::from(frame::step2(state));
        Self { state: frame.slice(frame.len() - state.len()..), frame }
    }
}

/// What was encoded lately.
#[derive(Default)]
pub(super) struct Kept {
    whole: Option<Wanted<Whole>>,
    /// What somebody with a state vector lacks, in a frame: when a connection is cut, it is cut for everyone, and all who come
    /// back have the same.
    missing: Option<Wanted<(Vec<u8>, Bytes)>>,
}

struct Wanted<T> {
    it: T,
    /// Somebody has asked for it lately.
    is_wanted: bool,
}

impl<T> Wanted<T> {
    fn new(it: T) -> Self {
        Self { it, is_wanted: true }
    }

    /// None if nobody has wanted it since this was asked last.
    fn still(self) -> Option<Self> {
        self.is_wanted.then_some(Self { it: self.it, is_wanted: false })
    }
}

impl Kept {
    /// Only the whole document.
    pub(super) fn of(whole: Whole) -> Self {
        Self { whole: Some(Wanted::new(whole)), missing: None }
    }

    /// The whole document.
    pub(super) fn whole(&mut self, encode: impl FnOnce() -> Vec<u8>) -> Whole {
        let wanted = self.whole.get_or_insert_with(|| Wanted::new(Whole::new(&encode())));
        wanted.is_wanted = true;
        wanted.it.clone()
    }

    /// The frame with what somebody lacks who has this.
    pub(super) fn step2(
        &mut self,
        state_vector: &[u8],
        diff: impl FnOnce() -> Result<Vec<u8>, Malformed>,
    ) -> Result<Bytes, Malformed> {
        if let Some(wanted) = self.missing.as_mut().filter(|wanted| wanted.it.0 == state_vector) {
            wanted.is_wanted = true;
            return Ok(wanted.it.1.clone());
        }
        let frame = Bytes::from(frame::step2(&diff()?));
        self.missing = Some(Wanted::new((state_vector.to_vec(), frame.clone())));
        Ok(frame)
    }

    /// Lets go of what nobody has wanted since the last call.
    pub(super) fn tidy(&mut self) {
        self.whole = self.whole.take().and_then(Wanted::still);
        self.missing = self.missing.take().and_then(Wanted::still);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_lack_is_encoded_once_until_nobody_wants_it() {
        let mut kept = Kept::default();
        let mut encoded = 0;
        let mut step2 = |kept: &mut Kept, state_vector: &[u8]| {
            let diff = || {
                encoded += 1;
                Ok(vec![encoded, 0])
            };
            kept.step2(state_vector, diff).unwrap()
        };
        let first = step2(&mut kept, b"one");
        assert_eq!(step2(&mut kept, b"one"), first);
        assert_ne!(step2(&mut kept, b"two"), first, "another has something else");
        kept.tidy();
        let again = step2(&mut kept, b"two");
        kept.tidy();
        assert_eq!(step2(&mut kept, b"two"), again, "it was wanted in between");
        kept.tidy();
        kept.tidy();
        assert_ne!(step2(&mut kept, b"two"), again);
        assert!(kept.step2(b"three", || Err(Malformed("no state vector"))).is_err());
    }
}
