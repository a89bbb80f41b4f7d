//! A document on its way from the disk into memory. It knows the store and the journal, and no peers.
//!
//! When nothing has come after the stored state, that is what a newcomer is sent, and the document stays asleep: making a
//! replica takes four times as long as reading the state and looking through it.

use std::sync::Arc;

use codraft_core::gate::{self, Known, Verdict};
use codraft_core::replica::MergeError;
use codraft_core::{DocId, Malformed};
use thiserror::Error;

use super::fold::blocking;
use super::kept::{Kept, Whole};
use super::merging::contained;
use super::{By, Document, Notes, aside};
use crate::crumbs::{Crumb, Quarantined};
use crate::journal::{JournalError, Record, RecordKind};
use crate::shelves::Shelves;
use crate::storage::NotWhole;
use crate::store::{DocEntry, Folded, StoreError};

/// Why a document cannot be opened.
#[derive(Debug, Error)]
pub(crate) enum LoadError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("its stored state cannot be read: {0}; restore a backup with `codraft restore`")]
    State(#[from] MergeError),
    #[error("what is noted of it cannot be read: {0}; restore a backup with `codraft restore`")]
    Notes(#[from] Malformed),
    #[error(
        "what is stored of it through entry {0} builds on something that is not there; \
         restore a backup with `codraft restore`"
    )]
    Gap(u64),
    #[error(transparent)]
    Quarantined(#[from] Quarantined),
    #[error(transparent)]
    NotWhole(#[from] NotWhole),
}

/// A document whose replica has not been made: the bytes that are stored are what a newcomer is sent.
pub(super) struct Asleep {
    pub(super) whole: Whole,
    pub(super) state_vector: Vec<u8>,
    /// What the fold said about it.
    pub(super) card: Vec<u8>,
}

impl Document {
    /// Loads the merged state and what came after it; a name never heard of is an empty document.
    pub(crate) async fn load(name: DocId, shelves: Arc<Shelves>) -> Result<Self, LoadError> {
        match Self::load_once(name.clone(), shelves.clone()).await {
            // Its room has folded it between the two reads: what is missing in the journal is in the store now.
            Err(LoadError::Journal(JournalError::Gap { .. })) => {
                Self::load_once(name, shelves).await
            }
            loaded => loaded,
        }
    }

    async fn load_once(name: DocId, shelves: Arc<Shelves>) -> Result<Self, LoadError> {
        let known = blocking({
            let (name, shelves) = (name.clone(), shelves.clone());
            move || shelves.find(name.as_str())
        })
        .await?;
        let crumb = match known {
            Some(entry) => Some(shelves.crumbs.lay(entry.number).await?),
            None => None,
        };
        let folded = blocking({
            let store = shelves.store.clone();
            move || known.map_or(Ok(None), |entry| store.load(entry.number))
        })
        .await?;
        let entry = known
            .unwrap_or_else(|| DocEntry { number: shelves.store.next_number(), incarnation: 1 });
        let through = folded.as_ref().map_or(0, |folded| folded.through);
        let tail = shelves.journal.tail(entry.number, through).await?;
        let mut document = Self::empty(name, shelves, entry, false, through);
        let folded_life = folded.as_ref().map(|folded| folded.incarnation);
        if let Some(folded) = folded {
            document.size = folded.state.len();
            document.notes = Notes::decode(&folded.attribution)?;
            // The rest is being read meanwhile.
            if tail.is_empty() && !crumb.as_ref().is_some_and(Crumb::is_of_a_suspect) {
                document.asleep = Some(Asleep::new(&folded, through)?);
            } else {
                document.make_replica(Whole::new(&folded.state))?;
            }
        }
        let records = tail.records().await?;
        let last = records.last().map_or(through, |record| record.sequence);
        let life = records.iter().map(Record::life).fold(entry.incarnation, u32::max);
        // What was written before the document was deleted is no part of it.
        let is_of_this = |record: &Record| record.life() == life;
        let (records, buried): (Vec<_>, Vec<_>) = records.into_iter().partition(is_of_this);
        document.is_outlived = folded_life.is_some_and(|folded| folded != life);
        if folded_life != Some(life) {
            document.live(life);
        }
        document.bury_all(&buried)?;
        document.created = known == Some(document.entry);
        for records in records.chunk_by(|one, next| one.is_update() && next.is_update()) {
            document.replay(records)?;
        }
        document.sequence = last;
        document.durable.send_modify(|durable| durable.through = document.sequence);
        Ok(document)
    }

    /// Makes the replica if there is none yet: before anything is merged, compared or read as text.
    pub(crate) fn wake(&mut self) -> Result<(), LoadError> {
        let Some(Asleep { whole, .. }) = self.asleep.take() else { return Ok(()) };
        let _crumb = self.shelves.crumbs.lay_again(self.entry.number);
        self.make_replica(whole)
    }

    fn make_replica(&mut self, whole: Whole) -> Result<(), LoadError> {
        let state = &whole.state;
        let merged = aside(state.len(), || contained(|| self.replica.merge(state)))?;
        if merged.has_gap {
            return Err(LoadError::Gap(self.folded));
        }
        // Whoever joins is sent what was stored, until something is added to it.
        self.kept = Kept::of(whole);
        Ok(())
    }

    /// Sees to it that what the journal still has of earlier lives never comes back.
    fn bury_all(&mut self, records: &[Record]) -> Result<(), LoadError> {
        for record in records {
            if record.is_update() {
                let buried = &mut self.notes.buried;
                gate::bury(&record.bytes, buried).map_err(MergeError::from)?;
            } else if record.kind == RecordKind::Notes {
                self.notes.bury(&Notes::decode(&record.bytes)?.buried);
            }
        }
        Ok(())
    }

    /// Takes up entries from the journal: several updates, or one of another kind.
    fn replay(&mut self, records: &[Record]) -> Result<(), LoadError> {
        for record in records {
            match record.kind {
                RecordKind::Notes => self.notes.merge(&Notes::decode(&record.bytes)?),
                RecordKind::Rights => self.notes.rights.read(&record.bytes)?,
                RecordKind::Update | RecordKind::Create | RecordKind::Delete => {}
            }
        }
        let updates = records.iter().filter(|record| record.is_update());
        let bytes = updates.clone().map(|record| &record.bytes[..]);
        let all = bytes.clone().map(<[u8]>::len).sum();
        let brought =
            aside(all, || self.replica.replay(bytes)).map_err(|(at, error)| match error {
                MergeError::Gap => LoadError::Gap(records[at].sequence),
                error => LoadError::State(error),
            })?;
        for (record, added) in updates.zip(brought) {
            let by = By { author: record.author.as_str().into(), dialect: record.dialect };
            self.note(&added, &by, record.time);
            self.grown(record.bytes.len());
        }
        Ok(())
    }
}

impl Asleep {
    /// The gate looks through the state as through any update: what it would refuse is not sent to anybody.
    fn new(folded: &Folded, through: u64) -> Result<Self, LoadError> {
        let mut known = Known::default();
        let state = &folded.state;
        let checked = gate::check_update(state, &known).map_err(MergeError::from)?;
        let Verdict::Accept(accepted) = checked else { return Err(LoadError::Gap(through)) };
        known.extend(&accepted);
        let (state_vector, card) = (known.clocks.encode(), folded.about.clone());
        Ok(Self { state_vector, whole: Whole::new(state), card })
    }
}
