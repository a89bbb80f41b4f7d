//! Undo of a replica's own edits. It knows undo steps and where the selection was; nothing of who else types.
//!
//! yrs keeps the steps; beside each the selection from before it is kept here, made only when a step begins, because a
//! sticky position costs a walk through the text.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use yrs::sync::Clock;
use yrs::undo::{Options, UndoManager};
use yrs::{Doc, Origin, ReadTxn, StickyIndex, TextRef};

use crate::replica::places::Places;
use crate::replica::{Selection, text};

/// Edits less than this apart belong to one undo step, in ms (Yjs `captureTimeout`).
const STEP_MS: u64 = 500;

/// A selection that stays beside its neighbours.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    anchor: StickyIndex,
    head: StickyIndex,
}

/// The undo and redo stacks.
pub(super) struct History {
    manager: UndoManager<()>,
    time: Arc<AtomicU64>,
    last_edit: Option<u64>,
    /// The selection before each undo step, and the one that began with the next edit.
    undo: Vec<Option<Kept>>,
    redo: Vec<Option<Kept>>,
    next: Option<Kept>,
}

struct ManualClock(Arc<AtomicU64>);

impl Clock for ManualClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl History {
    pub(super) fn new(doc: &Doc, text: &TextRef) -> Self {
        let time = Arc::new(AtomicU64::new(1));
        let mut manager = UndoManager::with_options(Options {
            capture_timeout_millis: STEP_MS,
            tracked_origins: Default::default(),
            capture_transaction: None,
            timestamp: Arc::new(ManualClock(time.clone())),
            init_undo_stack: Vec::new(),
            init_redo_stack: Vec::new(),
        });
        manager.expand_scope(doc, text);
        Self { manager, time, last_edit: None, undo: Vec::new(), redo: Vec::new(), next: None }
    }

    /// The origin of own edits.
    pub(super) fn origin(&self) -> Origin {
        self.manager.as_origin()
    }

    /// Tells the time before an edit; `selection` is asked for only when the edit begins a step.
    pub(super) fn mark(&mut self, now: u64, selection: impl FnOnce() -> Option<Kept>) {
        self.settle();
        let begins = self.last_edit.is_none_or(|last| now.saturating_sub(last) >= STEP_MS);
        if begins {
            self.manager.reset();
            self.next = selection();
        }
        self.last_edit = Some(now);
        // yrs takes 0 for "never", so its time starts at 1.
        self.time.store(now + 1, Ordering::Relaxed);
    }

    pub(super) fn close_step(&mut self) {
        self.settle();
        self.last_edit = None;
        self.manager.reset();
    }

    pub(super) fn can_undo(&self) -> bool {
        self.manager.can_undo()
    }

    pub(super) fn can_redo(&self) -> bool {
        self.manager.can_redo()
    }

    /// Undoes one step; the outer option tells whether anything changed, the inner is the selection to restore.
    pub(super) fn undo(&mut self, here: Option<Kept>) -> Option<Option<Kept>> {
        self.settle();
        let changed = self.manager.undo_blocking();
        let restored = self.undo.get(self.manager.undo_stack().len()).cloned().flatten();
        self.redo.resize(self.manager.redo_stack().len(), here);
        self.after_step(changed, restored)
    }

    /// Redoes one step.
    pub(super) fn redo(&mut self, here: Option<Kept>) -> Option<Option<Kept>> {
        self.settle();
        let changed = self.manager.redo_blocking();
        let restored = self.redo.get(self.manager.redo_stack().len()).cloned().flatten();
        self.undo.resize(self.manager.undo_stack().len(), here);
        self.after_step(changed, restored)
    }

    fn after_step(&mut self, changed: bool, restored: Option<Kept>) -> Option<Option<Kept>> {
        self.undo.truncate(self.manager.undo_stack().len());
        self.redo.truncate(self.manager.redo_stack().len());
        self.last_edit = None;
        changed.then_some(restored)
    }

    /// Brings the selections in step with yrs's stacks after edits.
    fn settle(&mut self) {
        let steps = self.manager.undo_stack().len();
        if steps > self.undo.len() {
            self.undo.resize(steps - 1, None);
            self.undo.push(self.next.take());
        }
        self.redo.truncate(self.manager.redo_stack().len());
    }
}

/// Keeps a selection beside its neighbours.
pub(super) fn keep(
    text: &TextRef,
    txn: &impl ReadTxn,
    places: Option<&Places>,
    selection: Selection,
) -> Option<Kept> {
    let anchor = text::sticky(text, txn, places, selection.anchor)?;
    let head = if selection.head == selection.anchor {
        anchor.clone()
    } else {
        text::sticky(text, txn, places, selection.head)?
    };
    Some(Kept { anchor, head })
}

/// Where a kept selection is now.
pub(super) fn locate(
    text: &TextRef,
    txn: &impl ReadTxn,
    places: Option<&Places>,
    kept: &Kept,
) -> Option<Selection> {
    let anchor = text::offset_of(text, txn, places, &kept.anchor)?;
    let head = text::offset_of(text, txn, places, &kept.head)?;
    Some(Selection { anchor, head })
}
