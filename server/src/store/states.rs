//! Merged states as generations of chunks behind one header: the newest one is switched to last, the
//! one before it is kept. Does not know names, nor when a fold is worth it.

use std::io;

use super::{
    DocNumber, Folded, StoreError,
    database::{Database, LEFT_BYTES},
    value::{self, Generation, Header},
};

/// The key of the count of folds.
const FOLDS: &str = "folds";
/// How many times its own size a state may take while it is written: whole leaves are written anew.
const COPIES: u64 = 4;

/// A merged state, and who wrote it, cut into the values that will hold them.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) through: u64,
    pub(super) incarnation: u32,
    length: u64,
    attribution: u64,
    sum: u32,
    chunks: Vec<Vec<u8>>,
    about: Vec<u8>,
}

impl Parts {
    /// Cuts a state; this copies it, so it is done before the store's thread is asked.
    pub(super) fn of(folded: &Folded) -> Parts {
        let Folded { through, incarnation, state, attribution, about } = folded;
        let all = [&state[..], attribution].concat();
        Parts {
            through: *through,
            incarnation: *incarnation,
            length: all.len() as u64,
            attribution: attribution.len() as u64,
            sum: crc32c::crc32c(&all),
            chunks: all.chunks(value::CHUNK).map(value::encode_chunk).collect(),
            about: about.clone(),
        }
    }
}

impl Database {
    /// Which merged states a document has.
    pub(super) fn header(&self, document: DocNumber) -> Result<Option<Header>, StoreError> {
        let Some(bytes) = self.documents.get(document.0.to_be_bytes())? else { return Ok(None) };
        let what = "its header has a wrong checksum";
        Header::decode(&bytes).map(Some).ok_or(StoreError::State { document, what })
    }

    /// One merged state, without what is said about it.
    pub(super) fn read(
        &self,
        document: DocNumber,
        generation: &Generation,
    ) -> Result<Folded, StoreError> {
        let damaged = |what| StoreError::State { document, what };
        let mut state = Vec::new();
        for chunk in 0..generation.chunks {
            let key = value::chunk_key(document, generation.number, chunk);
            let bytes = self.states.get(key)?.ok_or(damaged("a part is missing"))?;
            state.extend_from_slice(
                value::decode_chunk(&bytes).ok_or(damaged("a part has a wrong checksum"))?,
            );
        }
        if state.len() as u64 != generation.length || crc32c::crc32c(&state) != generation.sum {
            return Err(damaged("its parts do not add up"));
        }
        let attribution = generation.length.checked_sub(generation.attribution);
        let attribution = attribution.ok_or(damaged("its parts do not add up"))?;
        let attribution = state.split_off(attribution as usize);
        let (through, incarnation) = (generation.through, generation.incarnation);
        Ok(Folded { through, incarnation, state, attribution, about: Vec::new() })
    }

    /// How many folds there have been.
    pub(super) fn folds(&self) -> Result<u64, StoreError> {
        let Some(bytes) = self.marks.get(FOLDS)? else { return Ok(0) };
        value::decode_count(&bytes).ok_or_else(|| {
            StoreError::Database(io::Error::new(
                io::ErrorKind::InvalidData,
                "its count of folds is damaged",
            ))
        })
    }

    /// Stores a merged state as the newest one, durable with the next flush; returns how many folds there have been.
    pub(super) fn fold(&self, document: DocNumber, parts: Parts) -> Result<u64, StoreError> {
        let folds = self.folds()?;
        let known = self.header(document)?;
        let previous = known.as_ref().map(|header| header.current);
        // A room that died may have left a fold behind that comes after its successor's.
        let newer =
            |had: Generation| (had.incarnation, had.through) >= (parts.incarnation, parts.through);
        if previous.is_some_and(newer) {
            return Ok(folds);
        }
        let number = previous.map_or(1, |generation| generation.number + 1);
        let oldest = known.and_then(|header| header.previous);
        // Of an earlier life nothing is kept: the document was deleted.
        let (previous, ended) = match previous {
            Some(had) if had.incarnation != parts.incarnation => (None, Some(had)),
            previous => (previous, None),
        };
        for old in [oldest, ended] {
            self.read_before(document, number, old)?;
        }
        self.begin(LEFT_BYTES + COPIES * parts.length)?;
        let about = parts.about.clone();
        let current = self.write(document, number, parts)?;
        let header = Header { current, previous, about };
        self.documents.insert(document.0.to_be_bytes(), header.encode())?;
        for old in [oldest, ended].into_iter().flatten() {
            self.forget(document, old.number)?;
        }
        // In the same flush: whoever has the count has the fold.
        self.marks.insert(FOLDS, value::encode_count(folds + 1))?;
        Ok(folds + 1)
    }

    /// Lets go of the state before the newest one, durable with the next flush.
    pub(super) fn forget_previous(&self, document: DocNumber) -> Result<(), StoreError> {
        let Some(Header { current, previous: Some(previous), about }) = self.header(document)?
        else {
            return Ok(());
        };
        self.forget(document, previous.number)?;
        let header = Header { current, previous: None, about };
        self.documents.insert(document.0.to_be_bytes(), header.encode())?;
        Ok(())
    }

    /// Meets what is damaged while nothing has changed: the database can still be opened again then.
    fn read_before(
        &self,
        document: DocNumber,
        number: u64,
        oldest: Option<Generation>,
    ) -> Result<(), StoreError> {
        self.states.get(value::chunk_key(document, number, 0))?;
        if let Some(generation) = oldest {
            for chunk in 0..=generation.chunks {
                self.states.get(value::chunk_key(document, generation.number, chunk))?;
            }
        }
        Ok(())
    }

    /// Writes the chunks of a generation that nothing refers to yet.
    fn write(
        &self,
        document: DocNumber,
        number: u64,
        parts: Parts,
    ) -> Result<Generation, StoreError> {
        // A fold that was cut short may have left chunks under this number.
        self.forget(document, number)?;
        let Parts { through, incarnation, length, attribution, sum, chunks, .. } = parts;
        let count = chunks.len() as u32;
        let generation =
            Generation { number, through, incarnation, length, attribution, sum, chunks: count };
        for (chunk, bytes) in (0..).zip(chunks) {
            self.states.insert(value::chunk_key(document, number, chunk), bytes)?;
        }
        Ok(generation)
    }

    fn forget(&self, document: DocNumber, generation: u64) -> Result<(), StoreError> {
        for chunk in 0.. {
            if self.states.remove(value::chunk_key(document, generation, chunk))?.is_none() {
                break;
            }
        }
        Ok(())
    }
}
