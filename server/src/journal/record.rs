//! What one journal entry is, and its bytes on disk: a frame with its length and checksum around it.
//! Does not know files, threads or documents' contents.

use bytes::Bytes;

use crate::store::DocNumber;

/// The frame format written by this release.
const VERSION: u8 = 1;
/// Length and checksum, which the checksum itself does not cover.
const ENVELOPE: usize = 8;
/// The fields of every frame after the envelope and before author and bytes.
const FIXED: usize = 46;
/// Where in the body the epoch lies.
const EPOCH_AT: usize = 30;
/// Bytes of one frame: above the largest document, so that only a damaged length exceeds it.
const MAX_FRAME: usize = 256 * 1024 * 1024;

/// What an entry says about its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// An update, as the gate let it through.
    Update,
    /// The document begins; the bytes are its name.
    Create,
    /// The document of this incarnation is gone; the bytes are its name.
    Delete,
    /// Its rights changed.
    Rights,
    /// What is noted beside what is in the document, as a fold keeps it.
    Notes,
}

/// One entry of the journal. Version, epoch, length and checksum are added when it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What the bytes mean.
    pub kind: RecordKind,
    /// The document it belongs to.
    pub document: DocNumber,
    /// Which life of that document.
    pub incarnation: u32,
    /// Its place in the document's order: one more than the record before it, beginning with 1.
    pub sequence: u64,
    /// Who wrote it; empty for anonymous.
    pub author: String,
    /// The dialect it arrived in.
    pub dialect: u8,
    /// When it was accepted, in milliseconds since 1970.
    pub time: u64,
    /// The content, opaque here.
    pub bytes: Bytes,
}

/// Why bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("it ends in the middle of a record")]
    Short,
    #[error("a record's length is impossible")]
    Length,
    #[error("a record's checksum is wrong")]
    Checksum,
    #[error("a record has format version {0}, which this release cannot read")]
    Version(u8),
    #[error("a record's fields are impossible")]
    Fields,
}

/// A record read back, with what the journal added to it.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) record: Record,
    pub(super) epoch: u64,
    /// Bytes from the start of its batch: everything before that start was durable when this was written.
    pub(super) back: u32,
    /// Bytes the frame takes on disk.
    pub(super) length: usize,
}

impl RecordKind {
    fn to_byte(self) -> u8 {
        match self {
            RecordKind::Update => 1,
            RecordKind::Create => 2,
            RecordKind::Delete => 3,
            RecordKind::Rights => 4,
            RecordKind::Notes => 5,
        }
    }

    fn from_byte(byte: u8) -> Option<RecordKind> {
        Some(match byte {
            1 => RecordKind::Update,
            2 => RecordKind::Create,
            3 => RecordKind::Delete,
            4 => RecordKind::Rights,
            5 => RecordKind::Notes,
            _ => return None,
        })
    }
}

impl Record {
    /// The life of the document that it belongs to, or that begins with it. A deletion ends one, and what follows is none:
    /// an even number.
    pub(crate) fn life(&self) -> u32 {
        self.incarnation + u32::from(self.kind == RecordKind::Delete)
    }

    /// Whether it is an update.
    pub(crate) fn is_update(&self) -> bool {
        self.kind == RecordKind::Update
    }

    /// The bytes its frame takes on disk.
    pub(super) fn frame_len(&self) -> usize {
        ENVELOPE + FIXED + self.author.len() + self.bytes.len()
    }

    /// Whether a frame can hold it.
    pub(super) fn fits(&self) -> bool {
        self.author.len() <= usize::from(u16::MAX) && self.frame_len() <= MAX_FRAME
    }

    /// Adds the frame of this record to a batch; the record must fit.
    pub(super) fn encode(&self, epoch: u64, batch: &mut Vec<u8>) {
        let start = batch.len();
        let author_len = self.author.len() as u16;
        let body_len = (self.frame_len() - ENVELOPE) as u32;
        batch.extend_from_slice(&body_len.to_le_bytes());
        batch.extend_from_slice(&[0; 4]);
        batch.extend_from_slice(&[VERSION, self.kind.to_byte(), self.dialect, 0]);
        batch.extend_from_slice(&author_len.to_le_bytes());
        batch.extend_from_slice(&(start as u32).to_le_bytes());
        batch.extend_from_slice(&self.incarnation.to_le_bytes());
        for field in [self.document.0, self.sequence, epoch, self.time] {
            batch.extend_from_slice(&field.to_le_bytes());
        }
        batch.extend_from_slice(self.author.as_bytes());
        batch.extend_from_slice(&self.bytes);
        let sum = crc32c::crc32c(&batch[start + ENVELOPE..]);
        batch[start + 4..start + ENVELOPE].copy_from_slice(&sum.to_le_bytes());
    }
}

impl Frame {
    /// A cheap look before `decode`, for a search through bytes of unknown alignment.
    pub(super) fn is_plausible(input: &[u8], epoch: u64) -> bool {
        input.get(ENVELOPE) == Some(&VERSION)
            && input.get(ENVELOPE + EPOCH_AT..ENVELOPE + EPOCH_AT + 8)
                == Some(&epoch.to_le_bytes()[..])
    }

    /// Reads the frame that begins `input`.
    pub(super) fn decode(input: &[u8]) -> Result<Frame, Fault> {
        let envelope = input.first_chunk::<ENVELOPE>().ok_or(Fault::Short)?;
        let body_len =
            u32::from_le_bytes([envelope[0], envelope[1], envelope[2], envelope[3]]) as usize;
        if !(FIXED..=MAX_FRAME - ENVELOPE).contains(&body_len) {
            return Err(Fault::Length);
        }
        let body = input[ENVELOPE..].get(..body_len).ok_or(Fault::Short)?;
        let sum = u32::from_le_bytes([envelope[4], envelope[5], envelope[6], envelope[7]]);
        if crc32c::crc32c(body) != sum {
            return Err(Fault::Checksum);
        }
        decode_body(body).map(|frame| Frame { length: ENVELOPE + body_len, ..frame })
    }
}

fn decode_body(body: &[u8]) -> Result<Frame, Fault> {
    if body[0] != VERSION {
        return Err(Fault::Version(body[0]));
    }
    let word = |at: usize| u32::from_le_bytes([body[at], body[at + 1], body[at + 2], body[at + 3]]);
    let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
    let author_len = usize::from(u16::from_le_bytes([body[4], body[5]]));
    let (author, bytes) = body[FIXED..].split_at_checked(author_len).ok_or(Fault::Fields)?;
    let record = Record {
        kind: RecordKind::from_byte(body[1]).ok_or(Fault::Fields)?,
        dialect: body[2],
        incarnation: word(10),
        document: DocNumber(long(14)),
        sequence: long(22),
        time: long(38),
        author: std::str::from_utf8(author).map_err(|_| Fault::Fields)?.to_owned(),
        bytes: Bytes::copy_from_slice(bytes),
    };
    Ok(Frame { record, epoch: long(EPOCH_AT), back: word(6), length: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(author: &str, bytes: &[u8]) -> Record {
        Record {
            kind: RecordKind::Update,
            document: DocNumber(7),
            incarnation: 2,
            sequence: 1 << 40,
            author: author.to_owned(),
            dialect: 3,
            time: 1_790_000_000_000,
            bytes: Bytes::copy_from_slice(bytes),
        }
    }

    #[test]
    fn a_record_survives_its_frame() {
        for (author, bytes) in [("", &b""[..]), ("zoë", b"hello"), ("a", &[0; 5000])] {
            let mut batch = vec![9; 3];
            record(author, bytes).encode(11, &mut batch);
            let frame = Frame::decode(&batch[3..]).unwrap();
            assert_eq!(frame.record, record(author, bytes));
            assert_eq!((frame.epoch, frame.back, frame.length), (11, 3, batch.len() - 3));
            assert_eq!(frame.length, frame.record.frame_len());
        }
    }

    #[test]
    fn no_cut_and_no_flipped_bit_is_read_as_a_record() {
        let mut batch = Vec::new();
        record("someone", b"some words").encode(1, &mut batch);
        for cut in 0..batch.len() {
            assert!(Frame::decode(&batch[..cut]).is_err(), "cut at {cut}");
        }
        for bit in 0..batch.len() * 8 {
            batch[bit / 8] ^= 1 << (bit % 8);
            assert!(Frame::decode(&batch).is_err(), "bit {bit}");
            batch[bit / 8] ^= 1 << (bit % 8);
        }
    }

    #[test]
    fn a_newer_frame_is_told_apart_from_a_damaged_one() {
        let mut batch = Vec::new();
        record("", b"x").encode(1, &mut batch);
        batch[ENVELOPE] = VERSION + 1;
        let sum = crc32c::crc32c(&batch[ENVELOPE..]);
        batch[4..ENVELOPE].copy_from_slice(&sum.to_le_bytes());
        assert_eq!(Frame::decode(&batch).unwrap_err(), Fault::Version(VERSION + 1));
    }
}
