//! Who was let in, given a right or refused one, and where from: a line each in the log, under the target `audit`. No secrets
//! and no text stand in them. It decides nothing.

use std::net::IpAddr;

use tracing::info;

use crate::access::{Denied, Role};

/// Where something came from, for people.
fn place(from: Option<IpAddr>) -> String {
    from.map_or_else(|| "the operator".to_owned(), |address| address.to_canonical().to_string())
}

/// Somebody has come to a document.
pub(crate) fn let_in(doc: &str, from: Option<IpAddr>, who: &str, role: Role) {
    info!(target: "audit", doc, from = place(from), who, ?role, "let in");
}

/// Somebody has not.
pub(crate) fn refused(doc: &str, from: Option<IpAddr>, why: Denied) {
    info!(target: "audit", doc, from = place(from), %why, "refused");
}

/// Somebody may do more or less than before.
pub(crate) fn changed(doc: &str, who: &str, role: Role) {
    info!(target: "audit", doc, who, ?role, "may do something else now");
}

/// Somebody who was there may not be any more.
pub(crate) fn sent_away(doc: &str, who: &str, why: Denied) {
    info!(target: "audit", doc, who, %why, "sent away");
}

/// Somebody has changed who may do what: `what` says how, about whom or which link.
pub(crate) fn rights(doc: &str, from: Option<IpAddr>, by: &str, what: &str, about: &str) {
    info!(target: "audit", doc, from = place(from), by, what, about, "rights changed");
}

/// A token was made.
pub(crate) fn token(from: Option<IpAddr>, who: &str, docs: &str, role: Role, seconds: u64) {
    info!(target: "audit", from = place(from), who, docs, ?role, seconds, "token made");
}

/// Something was asked for that takes the admin key, and was refused.
pub(crate) fn not_admin(from: Option<IpAddr>) {
    info!(target: "audit", from = place(from), "refused: this takes the admin key");
}
