//! What only our own client is told, and reads as JSON: who it is here. It knows no peers.

use codraft_core::control;
use serde::Serialize;

use crate::access::{Mode, Person, Role};
use crate::room::Called;

#[derive(Serialize)]
struct You<'a> {
    access: Mode,
    role: Role,
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'a str>,
    /// Somebody else says what it is called.
    named: bool,
}

/// The frame that says it.
pub(crate) fn you(access: Mode, role: Role, person: &Person, called: Option<&Called>) -> Vec<u8> {
    let name = called.map(|called| &*called.shown).or(person.name.as_deref());
    let color = called.map(|called| &*called.color);
    let you = You { access, role, id: &person.id, name, color, named: person.name.is_some() };
    control::you_frame(&serde_json::to_string(&you).expect("strings are JSON"))
}
