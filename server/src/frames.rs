//! Frames on their way to peers: encoded once for everyone they go to, those of one moment in one buffer. It knows neither
//! peers nor the wire.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use codraft_core::frame;

/// What takes up memory beside the bytes: the object that is shared, the counts of what it shares itself, and what the
/// allocator rounds up.
const BESIDE: usize = 96;

/// One frame or several. A clone is one count more, and as small as a reference: it is made for everyone they go to.
#[derive(Debug, Clone)]
pub(crate) struct Frames(Arc<Encoded>);

#[derive(Debug)]
struct Encoded {
    bytes: Bytes,
    /// Where each ends; none when all of it is one frame.
    ends: Option<Box<[u32]>>,
}

impl Frames {
    /// One for each update, in the same order.
    pub(crate) fn of_updates<'a>(updates: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        bytes.reserve_exact(updates.clone().map(|update| update.len() + frame::UPDATE_BYTES).sum());
        for update in updates {
            frame::push_update(&mut bytes, update);
            ends.push(bytes.len() as u32);
        }
        let ends = (ends.len() != 1).then(|| ends.into());
        Self(Arc::new(Encoded { bytes: bytes.into(), ends }))
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.ends.as_ref().map_or(1, |ends| ends.len())
    }

    /// The bytes of all.
    pub(crate) fn len(&self) -> usize {
        self.0.bytes.len()
    }

    /// Bytes of memory that they take while they wait.
    pub(crate) fn weight(&self) -> usize {
        let ends = self.0.ends.as_ref().map_or(0, |ends| size_of_val(&**ends));
        self.0.bytes.len() + ends + BESIDE
    }

    /// Each of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let whole = self.0.ends.is_none().then_some(&self.0.bytes[..]);
        let ends = self.0.ends.as_deref().unwrap_or_default();
        let parts = ends.iter().scan(0, |start, &end| {
            let end = end as usize;
            Some(&self.0.bytes[std::mem::replace(start, end)..end])
        });
        whole.into_iter().chain(parts)
    }

    /// A part of their bytes, which are counted from the first frame on.
    pub(crate) fn slice(&self, range: Range<usize>) -> Bytes {
        self.0.bytes.slice(range)
    }
}

impl From<Bytes> for Frames {
    fn from(frame: Bytes) -> Self {
        Self(Arc::new(Encoded { bytes: frame, ends: None }))
    }
}

impl From<Vec<u8>> for Frames {
    fn from(frame: Vec<u8>) -> Self {
        Bytes::from(frame).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_as_they_went_in() {
        for updates in [vec![], vec![&b"one"[..]], vec![b"one", b"", &[7; 300]]] {
            let frames = Frames::of_updates(updates.iter().copied());
            let expected: Vec<_> = updates.iter().map(|update| frame::update(update)).collect();
            assert!(frames.iter().eq(&expected));
            assert_eq!(frames.count(), updates.len());
            assert_eq!(frames.len(), expected.concat().len());
        }
        let one = Frames::from(b"any frame".to_vec());
        assert!(one.iter().eq([b"any frame"]));
        assert_eq!((one.count(), one.len()), (1, 9));
    }
}
