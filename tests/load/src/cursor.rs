//! A caret as y-codemirror.next tells of it: what presence is made of.
//! Does not know who is told.

use codraft_core::frame;
use codraft_core::presence::{self, Entry};

/// The frame with which somebody tells that their caret has moved, for the so manieth time. Client ids begin with 1.
pub(crate) fn cursor(number: usize, clock: u32) -> Vec<u8> {
    let position = format!(
        r#"{{"type":null,"tname":"content","item":{{"client":7,"clock":{clock}}},"assoc":0}}"#
    );
    let state = format!(
        r##"{{"user":{{"name":"Viewer {number}","color":"#30bced"}},"cursor":{{"anchor":{position},"head":{position}}}}}"##
    );
    let client = number as u64 + 1;
    frame::awareness(&presence::encode(&[Entry { client, clock, state: Some(state.into()) }]))
}

/// Whose caret it is, if it is one of so many.
pub(crate) fn number_of(client: u64, everyone: usize) -> Option<usize> {
    usize::try_from(client.checked_sub(1)?).ok().filter(|number| *number < everyone)
}
