//! The bytes of the store's keys and values: a format version in front, a CRC32C behind.
//! Does not know the database they lie in.

use super::{DocEntry, DocNumber};

/// Bytes of a merged state in one value: a fold rewrites a leaf of the database, so leaves stay small.
pub(super) const CHUNK: usize = 256 * 1024;
const VERSION: u8 = 1;
/// The version of headers with nothing about their documents; those of the first version had no attribution either.
const HEADER_VERSION: u8 = 2;
/// The version of those that say something about their documents.
const ABOUT_VERSION: u8 = 3;
const SUM: usize = 4;

/// One merged state of a document: where its chunks are and what they add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Generation {
    pub(super) number: u64,
    pub(super) through: u64,
    pub(super) incarnation: u32,
    pub(super) chunks: u32,
    /// Bytes in the chunks.
    pub(super) length: u64,
    /// How many of them, at the end, say who wrote the rest.
    pub(super) attribution: u64,
    pub(super) sum: u32,
}

/// Which merged states a document has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) current: Generation,
    pub(super) previous: Option<Generation>,
    /// What lists say about the document, opaque here.
    pub(super) about: Vec<u8>,
}

/// A mark left at each start, in the store and in a file beside it: if one of them is lost, the other
/// one tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sentinel {
    /// The start's number.
    pub(crate) epoch: u64,
    /// Names in the store at that time.
    pub(crate) documents: u64,
    /// Folds that were durable when the journal last let go of records.
    pub(crate) folds: u64,
}

impl Generation {
    /// Bytes of the state alone.
    pub(super) fn state_bytes(&self) -> u64 {
        self.length.saturating_sub(self.attribution)
    }

    const LEN: usize = 44;
    const FIRST_LEN: usize = 36;

    fn encode(&self, value: &mut Vec<u8>) {
        value.extend_from_slice(&self.number.to_le_bytes());
        value.extend_from_slice(&self.through.to_le_bytes());
        value.extend_from_slice(&self.length.to_le_bytes());
        value.extend_from_slice(&self.incarnation.to_le_bytes());
        value.extend_from_slice(&self.chunks.to_le_bytes());
        value.extend_from_slice(&self.sum.to_le_bytes());
        value.extend_from_slice(&self.attribution.to_le_bytes());
    }

    fn decode(bytes: &[u8]) -> Generation {
        Generation {
            number: long(bytes, 0),
            through: long(bytes, 8),
            length: long(bytes, 16),
            incarnation: word(bytes, 24),
            chunks: word(bytes, 28),
            sum: word(bytes, 32),
            attribution: if bytes.len() == Generation::FIRST_LEN { 0 } else { long(bytes, 36) },
        }
    }
}

impl Header {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut value = match self.about.is_empty() {
            true => vec![HEADER_VERSION],
            false => vec![ABOUT_VERSION],
        };
        if !self.about.is_empty() {
            value.extend_from_slice(&(self.about.len() as u32).to_le_bytes());
            value.extend_from_slice(&self.about);
        }
        self.current.encode(&mut value);
        if let Some(previous) = &self.previous {
            previous.encode(&mut value);
        }
        sealed(value)
    }

    pub(super) fn decode(value: &[u8]) -> Option<Header> {
        if let Some(bytes) = opened_as(ABOUT_VERSION, value) {
            let (length, rest) = bytes.split_first_chunk::<4>()?;
            let (about, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            return Header::generations(rest, Generation::LEN, about);
        }
        match opened_as(HEADER_VERSION, value) {
            Some(bytes) => Header::generations(bytes, Generation::LEN, &[]),
            None => Header::generations(opened(value)?, Generation::FIRST_LEN, &[]),
        }
    }

    fn generations(bytes: &[u8], length: usize, about: &[u8]) -> Option<Header> {
        let (current, previous) = bytes.split_at_checked(length)?;
        let previous = match previous.len() {
            0 => None,
            rest if rest == length => Some(Generation::decode(previous)),
            _ => return None,
        };
        Some(Header { current: Generation::decode(current), previous, about: about.to_vec() })
    }
}

impl Sentinel {
    /// Its key in the store.
    pub(crate) const KEY: &str = "start";

    pub(crate) fn encode(self) -> Vec<u8> {
        let mut value = vec![VERSION];
        value.extend_from_slice(&self.epoch.to_le_bytes());
        value.extend_from_slice(&self.documents.to_le_bytes());
        value.extend_from_slice(&self.folds.to_le_bytes());
        sealed(value)
    }

    pub(crate) fn decode(value: &[u8]) -> Option<Sentinel> {
        let bytes = opened(value)?;
        // The first ones did not count folds.
        let folds = match bytes.len() {
            16 => 0,
            24 => long(bytes, 16),
            _ => return None,
        };
        Some(Sentinel { epoch: long(bytes, 0), documents: long(bytes, 8), folds })
    }
}

pub(super) fn encode_count(count: u64) -> Vec<u8> {
    let mut value = vec![VERSION];
    value.extend_from_slice(&count.to_le_bytes());
    sealed(value)
}

pub(super) fn decode_count(value: &[u8]) -> Option<u64> {
    let bytes = opened(value)?;
    (bytes.len() == 8).then(|| long(bytes, 0))
}

pub(super) fn encode_entry(entry: DocEntry) -> Vec<u8> {
    let mut value = vec![VERSION];
    value.extend_from_slice(&entry.number.0.to_le_bytes());
    value.extend_from_slice(&entry.incarnation.to_le_bytes());
    sealed(value)
}

pub(super) fn decode_entry(value: &[u8]) -> Option<DocEntry> {
    let bytes = opened(value)?;
    (bytes.len() == 12)
        .then(|| DocEntry { number: DocNumber(long(bytes, 0)), incarnation: word(bytes, 8) })
}

/// Chunks of a document lie together, in the order of their generations.
pub(super) fn chunk_key(document: DocNumber, generation: u64, chunk: u32) -> [u8; 20] {
    let mut key = [0; 20];
    key[..8].copy_from_slice(&document.0.to_be_bytes());
    key[8..16].copy_from_slice(&generation.to_be_bytes());
    key[16..].copy_from_slice(&chunk.to_be_bytes());
    key
}

pub(super) fn encode_chunk(bytes: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(1 + bytes.len() + SUM);
    value.push(VERSION);
    value.extend_from_slice(bytes);
    sealed(value)
}

pub(super) fn decode_chunk(value: &[u8]) -> Option<&[u8]> {
    opened(value)
}

fn sealed(mut value: Vec<u8>) -> Vec<u8> {
    let sum = crc32c::crc32c(&value);
    value.extend_from_slice(&sum.to_le_bytes());
    value
}

fn opened(value: &[u8]) -> Option<&[u8]> {
    opened_as(VERSION, value)
}

fn opened_as(version: u8, value: &[u8]) -> Option<&[u8]> {
    let (bytes, sum) = value.split_last_chunk::<SUM>()?;
    let intact = crc32c::crc32c(bytes) == u32::from_le_bytes(*sum);
    bytes.strip_prefix(&[version]).filter(|_| intact)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from(word(bytes, at)) | u64::from(word(bytes, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATION: Generation = Generation {
        number: 3,
        through: 1 << 33,
        incarnation: 4,
        chunks: 5,
        length: 60,
        attribution: 8,
        sum: 7,
    };

    #[test]
    fn values_survive_their_bytes() {
        for previous in [None, Some(Generation { number: 2, ..GENERATION })] {
            for about in [&b""[..], b"Minutes"] {
                let header = Header { current: GENERATION, previous, about: about.to_vec() };
                assert_eq!(Header::decode(&header.encode()), Some(header));
            }
        }
        let entry = DocEntry { number: DocNumber(1 << 40), incarnation: 9 };
        assert_eq!(decode_entry(&encode_entry(entry)), Some(entry));
        let sentinel = Sentinel { epoch: 8, documents: 10_000, folds: 3 };
        assert_eq!(Sentinel::decode(&sentinel.encode()), Some(sentinel));
        assert_eq!(decode_chunk(&encode_chunk(b"")), Some(&b""[..]));
        assert_eq!(decode_chunk(&encode_chunk(b"text")), Some(&b"text"[..]));
    }

    #[test]
    fn no_flipped_bit_and_no_cut_passes() {
        for about in [&b""[..], b"Minutes"] {
            let about = about.to_vec();
            let mut value = Header { current: GENERATION, previous: None, about }.encode();
            for cut in 0..value.len() {
                assert_eq!(Header::decode(&value[..cut]), None, "cut at {cut}");
            }
            for bit in 0..value.len() * 8 {
                value[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(Header::decode(&value), None, "bit {bit}");
                value[bit / 8] ^= 1 << (bit % 8);
            }
        }
    }

    #[test]
    fn a_header_about_nothing_is_written_as_it_always_was() {
        let value = Header { current: GENERATION, previous: None, about: Vec::new() }.encode();
        assert_eq!((value[0], value.len()), (HEADER_VERSION, 1 + Generation::LEN + SUM));
    }
}
