//! The root text of a replica in splices and sticky positions. It opens no transaction of its own.

use std::sync::{Arc, OnceLock};

use yrs::block::ClientID;
use yrs::types::Delta;
use yrs::types::text::YChange;
use yrs::{
    Any, Assoc, Doc, GetString, ID, IndexedSequence, Out, ReadTxn, StickyIndex, Text, TextRef,
    TransactionMut,
};

use crate::gate::BlockId;
use crate::replica::places::Places;
use crate::{Splice, utf16_len};

/// What stands in the text for something that is not text.
pub(super) const OBJECT: &str = "\u{fffc}";

/// Splices that one walk of the text does not take long for, wherever they are.
pub(super) const FEW: usize = 16;

/// The key of the observer that lives for one call.
const KEY: &str = "codraft";

/// The whole text.
pub(super) fn read(text: &TextRef, txn: &impl ReadTxn) -> String {
    // Much faster, and without what is not text.
    let words = text.get_string(txn);
    if utf16_len(&words) == text.len(txn) as usize {
        return words;
    }
    let mut whole = String::with_capacity(text.len(txn) as usize);
    chunks(text, txn, |chunk| whole.push_str(chunk));
    whole
}

/// The text piece by piece.
pub(super) fn chunks(text: &TextRef, txn: &impl ReadTxn, mut each: impl FnMut(&str)) {
    for chunk in text.diff(txn, name_of) {
        each(shown(&chunk.insert));
    }
}

/// The block that a change is about. One function for all walks, so that there is one walk in the wasm.
pub(super) fn name_of(YChange { id, .. }: YChange) -> ID {
    id
}

/// What stands in the text for a piece of it.
pub(super) fn shown(content: &Out) -> &str {
    match content {
        Out::Any(Any::String(string)) => string,
        _ => OBJECT,
    }
}

/// Changes the text. One splice goes straight to its place; several go through walks of the text.
///
/// A splice cuts the block that it falls in, and cutting copies what is behind the cut. In one walk, many splices in a large
/// block would copy its end again for each; so the middle one goes first, then those in the middle of either half, and so on:
/// a walk cuts a block once at most.
pub(super) fn splice(text: &TextRef, txn: &mut TransactionMut<'_>, splices: &[Splice]) {
    let len = text.len(txn);
    if let [splice] = splices {
        let (from, to) = (splice.from.min(len), splice.to.min(len));
        if from < to {
            text.remove_range(txn, from, to - from);
        }
        if !splice.insert.is_empty() {
            text.insert(txn, from, &splice.insert);
        }
        return;
    }
    let mut stride = match splices.len() {
        0..=FEW => 1,
        many => many.next_power_of_two(),
    };
    let mut is_first = true;
    while stride > 0 {
        let delta = to_delta(splices, len, stride, is_first);
        text.apply_delta(txn, delta);
        (stride, is_first) = (stride / 2, false);
    }
}

/// The splices whose numbers are multiples of `stride`; those of twice the stride are in the text already, unless this is the
/// first walk.
fn to_delta(splices: &[Splice], len: u32, stride: usize, is_first: bool) -> Vec<Delta<Any>> {
    let mut delta = Vec::with_capacity((splices.len() / stride + 1) * 3);
    // How far the text before is read, and what is behind that but not in the delta yet.
    let (mut at, mut retained) = (0, 0);
    for (number, splice) in splices.iter().enumerate().step_by(stride) {
        let (from, to) = (splice.from.min(len), splice.to.min(len));
        retained += from - at;
        at = to;
        if !is_first && number % (2 * stride) == 0 {
            retained += utf16_len(&splice.insert) as u32;
            continue;
        }
        if retained > 0 {
            delta.push(Delta::Retain(std::mem::take(&mut retained), None));
        }
        if !splice.insert.is_empty() {
            delta.push(Delta::Inserted(Any::from(splice.insert.as_str()), None));
        }
        if to > from {
            delta.push(Delta::Deleted(to - from));
        }
    }
    delta
}

/// Runs a change that makes its own transaction, and returns its update.
pub(super) fn update_of(doc: &Doc, change: impl FnOnce()) -> Vec<u8> {
    let seen = Arc::new(OnceLock::new());
    let sees = seen.clone();
    // One call is one transaction, and so at most one event.
    let watch = doc.observe_update_v1(KEY, move |_, event| drop(sees.set(event.update.clone())));
    debug_assert!(watch.is_ok(), "no transaction is open between two methods of a replica");
    change();
    let unwatch = doc.unobserve_update_v1(KEY);
    debug_assert!(unwatch.is_ok(), "no transaction is open between two methods of a replica");
    Arc::into_inner(seen).and_then(OnceLock::into_inner).unwrap_or_default()
}

/// A position that stays beside the character after it, or at the end of the text.
pub(super) fn sticky(
    text: &TextRef,
    txn: &impl ReadTxn,
    places: Option<&Places>,
    offset: u32,
) -> Option<StickyIndex> {
    let len = text.len(txn);
    if offset >= len {
        return Some(StickyIndex::from_type(txn, text, Assoc::After));
    }
    if let Some((client, clock)) = places.and_then(|places| places.at(offset)) {
        return Some(StickyIndex::from_id(ID::new(ClientID::new(client), clock), Assoc::After));
    }
    text.sticky_index(txn, offset, Assoc::After)
}

/// Where a character stands that is deleted; none when it is in another type.
pub(super) fn offset_of_gone(text: &TextRef, txn: &impl ReadTxn, id: BlockId) -> Option<u32> {
    let id = ID::new(ClientID::new(id.0), id.1);
    offset_of(text, txn, None, &StickyIndex::from_id(id, Assoc::After))
}

/// Where a position is now; none when it is in another type or builds on something unknown.
pub(super) fn offset_of(
    text: &TextRef,
    txn: &impl ReadTxn,
    places: Option<&Places>,
    sticky: &StickyIndex,
) -> Option<u32> {
    let id = sticky.id().map(|id| (id.client.get(), id.clock));
    if let Some(offset) = places.zip(id).and_then(|(places, id)| places.offset_of(id)) {
        return Some(if sticky.assoc == Assoc::After { offset } else { offset + 1 });
    }
    let offset = sticky.get_offset(txn)?;
    let ours: &yrs::branch::Branch = text.as_ref();
    std::ptr::eq(&*offset.branch, ours).then_some(offset.index.min(text.len(txn)))
}
