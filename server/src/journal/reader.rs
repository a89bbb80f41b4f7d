//! Answers in the writer's place for a journal that is only read: nothing is saved, and everyone is told so.
//! Does not know why.

use std::sync::mpsc;

use super::{index::Index, refuse, writer::Command};

/// Works until the journal is closed or its last handle is gone.
pub(super) fn run(index: &Index, inbox: &mpsc::Receiver<Command>, reason: &str) {
    for command in inbox {
        match command {
            Command::Append { durable, .. } => refuse(&durable, reason),
            // Whoever asked may be gone.
            Command::Tail { document, after, reply } => {
                drop(reply.send(index.after(document, after)));
            }
            // What is not folded stays so.
            Command::Unfolded { reply } => drop(reply.send(Vec::new())),
            Command::Folded { .. } => {}
            Command::Close { reply } => {
                drop(reply.send(Ok(())));
                return;
            }
        }
    }
}
