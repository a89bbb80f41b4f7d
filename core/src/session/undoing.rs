//! Undo and redo of what was typed in this session. It knows no steps: the replica keeps them.

use super::Session;
use crate::replica::{Selection, Undone};

impl Session {
    /// Takes back the last undo step of this session; `selection` is the one before, for redo.
    pub fn undo(&mut self, selection: Option<Selection>) -> Option<Undone> {
        let undone = self.replica.undo(selection)?;
        self.typed(&undone.splices, &undone.update);
        Some(undone)
    }

    /// Brings back what was undone last.
    pub fn redo(&mut self, selection: Option<Selection>) -> Option<Undone> {
        let redone = self.replica.redo(selection)?;
        self.typed(&redone.splices, &redone.update);
        Some(redone)
    }

    /// Whether there is something to undo, and to redo.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        self.replica.can_undo_redo()
    }

    /// Ends the undo step: the next edit begins another.
    pub fn close_undo_step(&mut self) {
        self.replica.close_undo_step();
    }
}
