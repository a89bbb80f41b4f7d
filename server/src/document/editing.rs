//! Edits of a document's text that are made here, for somebody who is not connected to it. It knows texts and splices, not
//! who asks for them.

use codraft_core::Splice;
use codraft_core::gate::Extent;
use codraft_core::replica::{Kind, MergeError, NotText};
use thiserror::Error;

use super::merging::contained;
use super::{By, Document, aside, unix_ms};
use crate::frames::Frames;
use crate::journal::RecordKind;

/// Bytes that a splice takes in an update beside its text, or more.
const SPLICE_BYTES: usize = 32;

/// What an edit did.
#[derive(Debug)]
pub(crate) struct Edited {
    /// What is new, as a frame for those who are connected; none when nothing is.
    pub(crate) new: Option<Frames>,
    /// The text afterwards.
    pub(crate) text: String,
}

/// Why a text was not changed.
#[derive(Debug, Error)]
pub(crate) enum NotEdited {
    #[error(transparent)]
    NotText(#[from] NotText),
    #[error("the document has reached its size limit")]
    TooLarge,
    /// The replica must not be used any more.
    #[error(transparent)]
    Broken(#[from] MergeError),
}

impl Document {
    /// The text under a name; the document must be awake.
    pub(crate) fn field(&self, name: &str) -> Result<String, NotText> {
        aside(self.size, || self.replica.field(name))
    }

    /// XML under a name as plain text; the document must be awake.
    pub(crate) fn words(&self, name: &str) -> String {
        aside(self.size, || self.replica.words(name))
    }

    /// Under which names it holds what; it must be awake.
    pub(crate) fn fields(&self) -> Vec<(String, Kind)> {
        aside(self.size, || self.replica.roots())
    }

    /// Changes the text under a name, by what `splices` makes of it, in one entry for the journal. The document must be awake.
    pub(crate) fn edit_field(
        &mut self,
        name: &str,
        splices: &[Splice],
        by: &By,
    ) -> Result<Edited, NotEdited> {
        let text = self.field(name)?;
        if splices.is_empty() {
            return Ok(Edited { new: None, text });
        }
        let more: usize = splices.iter().map(|splice| splice.insert.len() + SPLICE_BYTES).sum();
        let only_deletes = splices.iter().all(|splice| splice.insert.is_empty());
        if !only_deletes && !self.has_room_for_bytes(more) {
            return Err(NotEdited::TooLarge);
        }
        let before = self.own_clock();
        let edit = || Ok(self.replica.edit_field(name, splices));
        let update = aside(self.size.max(more), || contained(edit))?;
        let frames = self.wrote(&update, before, by);
        let text = self.field(name)?;
        Ok(Edited { new: Some(frames), text })
    }

    /// How far the replica has written itself.
    pub(super) fn own_clock(&self) -> u32 {
        self.replica.clocks().get(self.replica.client().get())
    }

    /// Notes an update of the replica's own, which had come to `before`, as one entry; returns it for those who are connected.
    pub(super) fn wrote(&mut self, update: &[u8], before: u32, by: &By) -> Frames {
        let frames = Frames::of_updates(std::iter::once(update));
        let time = unix_ms();
        let entry = frames.slice(frames.len() - update.len()..frames.len());
        self.note_entry(RecordKind::Update, entry, time, by);
        let client = self.replica.client().get();
        self.note(&[Extent { client, start: before, end: self.own_clock() }], by, time);
        self.grown(update.len());
        frames
    }
}
