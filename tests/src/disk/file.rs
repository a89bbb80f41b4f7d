//! One file on a disk that may lose its power: what a process reads, what is durable, and the changes between. It knows
//! no names.

use std::rc::Rc;

use super::Survivors;

/// What a write is torn at.
const BLOCK: u64 = 4096;

/// A change of a file that no sync covers yet.
#[derive(Clone)]
pub(super) enum Change {
    Write { offset: u64, bytes: Rc<[u8]> },
    SetLen(u64),
}

/// A file, with or without a name.
#[derive(Default)]
pub(super) struct File {
    /// What a process reads.
    pub(super) now: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<(usize, Change)>,
}

impl File {
    /// Changes it; `ended` says when.
    pub(super) fn change(&mut self, ended: usize, change: Change) {
        change.apply(&mut self.now);
        self.pending.push((ended, change));
    }

    /// Makes durable what was over before a sync began.
    pub(super) fn sync(&mut self, began: usize) {
        for (_, change) in self.pending.extract_if(.., |(ended, _)| *ended < began) {
            change.apply(&mut self.durable);
        }
    }

    /// What is in it after the power has failed and come back.
    pub(super) fn after_loss(&self, survivors: Survivors, random: &mut fastrand::Rng) -> Vec<u8> {
        let mut content = self.durable.clone();
        for (_, change) in &self.pending {
            match survivors {
                Survivors::Nothing => {}
                Survivors::Calls if random.bool() => change.apply(&mut content),
                Survivors::Calls => {}
                Survivors::Blocks => {
                    for piece in change.pieces().filter(|_| random.bool()) {
                        piece.apply(&mut content);
                    }
                }
            }
        }
        content
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Change::SetLen(length) => content.resize(*length as usize, 0),
            Change::Write { offset, bytes } => {
                let (from, to) = (*offset as usize, *offset as usize + bytes.len());
                content.resize(content.len().max(to), 0);
                content[from..to].copy_from_slice(bytes);
            }
        }
    }

    /// The blocks of a write; anything else happens as a whole.
    fn pieces(&self) -> impl Iterator<Item = Change> {
        let (mut at, end) = match self {
            Change::SetLen(_) => (0, 1),
            Change::Write { offset, bytes } => (*offset, offset + bytes.len() as u64),
        };
        std::iter::from_fn(move || {
            let from = (at < end).then_some(at)?;
            at = (from / BLOCK + 1) * BLOCK;
            let Change::Write { offset, bytes } = self else { return Some(self.clone()) };
            let bytes = &bytes[(from - offset) as usize..(at.min(end) - offset) as usize];
            Some(Change::Write { offset: from, bytes: Rc::from(bytes) })
        })
    }
}
