//! How outside updates get into a replica: through the gate, then into yrs. It knows bytes, not where they come from.

use std::borrow::Cow;

use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{IdSet, ReadTxn, Transact, TransactionMut, Update};

use super::places::Places;
use super::{MergeError, Merged, Replica, text};
use crate::Splice;
use crate::gate::{self, Accepted, Clocks, Extent, Known, Verdict};
use crate::lib0::Malformed;

impl Replica {
    /// Merges an outside update.
    pub fn merge<'a>(&mut self, update: &'a [u8]) -> Result<Merged<'a>, MergeError> {
        self.merge_checked(update, gate::check_update, || true)
    }

    /// Merges an outside update for as long as it may take: a larger one is applied in small steps, and between them
    /// `goes_on` is asked. An update that is given up leaves this replica half-way.
    pub fn merge_while<'a>(
        &mut self,
        update: &'a [u8],
        goes_on: impl FnMut() -> bool,
    ) -> Result<Merged<'a>, MergeError> {
        let is_small = update.len() <= SMALL_BYTES;
        let check = if is_small { gate::check_update } else { gate::check_update_in_steps };
        self.merge_checked(update, check, goes_on)
    }

    fn merge_checked<'a>(
        &mut self,
        update: &'a [u8],
        check: for<'b> fn(&'b [u8], &'b Known) -> Result<Verdict<'b>, Malformed>,
        goes_on: impl FnMut() -> bool,
    ) -> Result<Merged<'a>, MergeError> {
        let (part, mut accepted, has_gap) = match check(update, &self.known)? {
            Verdict::Accept(accepted) => (None, accepted, false),
            Verdict::Gap(gap) => match gap.part(&self.known)? {
                Some((part, accepted)) => (Some(part), accepted, true),
                None => return Ok(Merged { has_gap: true, ..Merged::default() }),
            },
        };
        self.digest = None;
        self.places = None;
        let mut txn = self.doc.transact_mut_with(REMOTE);
        apply(&mut txn, part.as_deref().unwrap_or(update), &accepted.parts, goes_on)?;
        // Passed on as it came: yrs would write some values differently, and it costs nothing.
        let new =
            txn.has_changes().then(|| match part.is_none() && is_all_new(&accepted, &self.known) {
                true => Cow::Borrowed(update),
                false => Cow::Owned(txn.encode_update_v1()),
            });
        drop(txn);
        accepted.keep_new(&self.known.clocks);
        self.known.extend(&accepted);
        Ok(Merged { new, has_gap, added: accepted.extents })
    }

    /// Merges small outside updates in their order, as many from the first on as one transaction can take, which saves a
    /// quarter of the time. Answers what each of these did: the next, if there is one, is for [`Replica::merge_while`]. After
    /// an error none of them counts, and this replica must not be used any more.
    pub fn merge_run<'a>(
        &mut self,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<Merged<'a>>, MergeError> {
        self.digest = None;
        self.places = None;
        let mut txn = self.doc.transact_mut_with(REMOTE);
        let mut run = Vec::new();
        for update in updates {
            let Some(merged) = merge_next(&mut txn, &mut self.known, update)? else { break };
            run.push(merged);
        }
        Ok(run)
    }

    /// Merges updates that were merged before, in their order, and so need nothing that is not there: many of them in one
    /// transaction, which saves a fifth of the time. Answers what each brought, or which of them could not be merged.
    pub fn replay<'a>(
        &mut self,
        updates: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<Vec<Extent>>, (usize, MergeError)> {
        self.digest = None;
        self.places = None;
        let mut brought = Vec::new();
        let mut updates = updates.into_iter().peekable();
        while updates.peek().is_some() {
            let mut txn = self.doc.transact_mut_with(REMOTE);
            for update in updates.by_ref().take(REPLAYED_AT_ONCE) {
                let merged = merge_whole(&mut txn, &mut self.known, update);
                brought.push(merged.map_err(|error| (brought.len(), error))?);
            }
        }
        Ok(brought)
    }

    /// Merges outside updates in their order, as one change of the text. The second answer is the index of the last one
    /// that had a gap, of which nothing is merged; an error is told after what came before it was merged.
    pub fn merge_text(
        &mut self,
        updates: &[Vec<u8>],
    ) -> (Vec<Splice>, Result<Option<usize>, MergeError>) {
        self.digest = None;
        if self.text_len() == 0 {
            return self.merge_first(updates);
        }
        let places = self.take_places();
        let (mut followed, mut splices) = (places.clone(), Vec::new());
        let mut can_tell = Places::can_follow(updates);
        let mut txn = self.doc.transact_mut_with(REMOTE);
        let (text, field, has_stepped) = (&self.text, &self.field, self.has_stepped);
        let outcome = merge_all(&mut txn, &mut self.known, updates, |txn, update, known| {
            // Instead of what undoing has brought back yrs finds what it was brought back as.
            let look = |id| (!has_stepped).then(|| text::offset_of_gone(text, txn, id)).flatten();
            can_tell = can_tell && followed.follow(update, known, field, &look, &mut splices);
        });
        if can_tell && outcome.is_ok() {
            self.places = Some(followed);
            return (splices, outcome);
        }
        let new = txn.insert_set().clone();
        drop(txn);
        let splices = self.renew(places, |client| {
            new.get(&ClientID::new(client)).and_then(|new| new.clock_start()).unwrap_or(u32::MAX)
        });
        (splices, outcome)
    }

    /// The same where no text is yet: all there is afterwards has come. Where everything is in it is not asked before somebody
    /// wants to know, so that a large text is shown in half the time: see [`Replica::find_places`].
    fn merge_first(
        &mut self,
        updates: &[Vec<u8>],
    ) -> (Vec<Splice>, Result<Option<usize>, MergeError>) {
        self.places = None;
        let mut txn = self.doc.transact_mut_with(REMOTE);
        let outcome = merge_all(&mut txn, &mut self.known, updates, |_, _, _| {});
        drop(txn);
        let text = self.text();
        let splice = (!text.is_empty()).then(|| Splice::new(0, 0, text));
        (Vec::from_iter(splice), outcome)
    }

    /// Whether an outside update would change nothing here. What it deletes is looked for in the whole document.
    pub fn contains(&self, update: &[u8]) -> Result<bool, Malformed> {
        let known = match gate::check_update(update, &self.known)? {
            Verdict::Accept(accepted) => !accepted.has_new(&self.known.clocks),
            Verdict::Gap(_) => false,
        };
        if !known {
            return Ok(false);
        }
        let mut deleted = decode(update)?.delete_set().clone();
        if deleted.is_empty() {
            return Ok(true);
        }
        deleted.diff_with(&self.doc.transact().snapshot().delete_set);
        Ok(deleted.is_empty())
    }

    /// Whether an outside update has operations that are not known here; deleting alone makes no document larger.
    pub fn has_new_operations(&self, update: &[u8]) -> bool {
        let accepted = self.mergeable(update);
        accepted.is_some_and(|accepted| accepted.has_new(&self.known.clocks))
    }

    /// The clients of whose operations an outside update has some that are not known here, whether what they build on is or
    /// not; nothing of what is garbage.
    pub fn new_clients(&self, update: &[u8]) -> Vec<u64> {
        let is_new = |extent: &Extent| extent.end > self.known.clocks.get(extent.client);
        let new = |extents: &mut dyn Iterator<Item = Extent>| {
            extents.filter(is_new).map(|extent| extent.client).collect()
        };
        match gate::check_update(update, &self.known) {
            Ok(Verdict::Accept(accepted)) => new(&mut accepted.extents.into_iter()),
            Ok(Verdict::Gap(gap)) => new(&mut gap.extents()),
            Err(_) => Vec::new(),
        }
    }

    /// What would be merged of an outside update.
    fn mergeable(&self, update: &[u8]) -> Option<Accepted> {
        match gate::check_update(update, &self.known) {
            Ok(Verdict::Accept(accepted)) => Some(accepted),
            Ok(Verdict::Gap(gap)) => {
                gap.part(&self.known).ok().flatten().map(|(_, accepted)| accepted)
            }
            Err(_) => None,
        }
    }
}

/// The origin of outside changes: own history does not remember them.
const REMOTE: &str = "remote";

/// Bytes of an update that has few blocks, so that it can be merged together with others: see [`Replica::merge_run`].
pub const SMALL_BYTES: usize = 256;

/// Updates in one transaction: each commit is saved, and yrs does not have to carry many blocks that it could join.
const REPLAYED_AT_ONCE: usize = 64;

fn merge_all(
    txn: &mut TransactionMut<'_>,
    known: &mut Known,
    updates: &[Vec<u8>],
    mut each: impl FnMut(&TransactionMut<'_>, &[u8], &Clocks),
) -> Result<Option<usize>, MergeError> {
    let mut gap = None;
    for (i, update) in updates.iter().enumerate() {
        match gate::check_update(update, known)? {
            Verdict::Accept(accepted) => {
                each(txn, update, &known.clocks);
                apply(txn, update, &accepted.parts, always)?;
                known.extend(&accepted);
            }
            Verdict::Gap(_) => gap = Some(i),
        }
    }
    Ok(gap)
}

/// Merges a small update into a transaction that has merged others. None, and nothing is done, when it takes a transaction
/// of its own to say what was new, or when not all of it can be merged.
fn merge_next<'a>(
    txn: &mut TransactionMut<'_>,
    known: &mut Known,
    update: &'a [u8],
) -> Result<Option<Merged<'a>>, MergeError> {
    let verdict = (update.len() <= SMALL_BYTES).then(|| gate::check_update(update, known));
    let Some(Ok(Verdict::Accept(mut accepted))) = verdict else { return Ok(None) };
    let (is_all_new, is_bare) = (is_all_new(&accepted, known), accepted.extents.is_empty());
    accepted.keep_new(&known.clocks);
    let is_clear = is_all_new || accepted.extents.is_empty();
    let decoded = decode(update).ok().filter(|_| is_clear && accepted.parts.is_empty());
    let Some(decoded) = decoded else { return Ok(None) };
    let new = if is_all_new {
        apply_decoded(txn, decoded)?;
        Some(Cow::Borrowed(update))
    } else {
        let (deleted, is_all) = delete(txn, decoded)?;
        (!deleted.is_empty()).then(|| match is_bare && is_all {
            true => Cow::Borrowed(update),
            false => Cow::Owned(deletion_of(&deleted)),
        })
    };
    known.extend(&accepted);
    Ok(Some(Merged { new, has_gap: false, added: accepted.extents }))
}

/// Applies an update without new operations; answers which of those it deletes were there until now, and whether all were.
fn delete(txn: &mut TransactionMut<'_>, update: Update) -> Result<(IdSet, bool), MergeError> {
    let named = update.delete_set().clone();
    let before = named.intersect(txn.delete_set());
    apply_decoded(txn, update)?;
    let mut deleted = named.intersect(txn.delete_set());
    deleted.diff_with(&before);
    let is_all = deleted == named;
    Ok((deleted, is_all))
}

/// An update that deletes these, and says nothing else.
fn deletion_of(deleted: &IdSet) -> Vec<u8> {
    let mut update = vec![0];
    update.extend(deleted.encode_v1());
    update
}

/// Whether an accepted update has operations, and none of them is known.
fn is_all_new(accepted: &Accepted, known: &Known) -> bool {
    let is_new = |extent: &Extent| {
        extent.start == known.clocks.get(extent.client) && extent.start < extent.end
    };
    !accepted.extents.is_empty() && accepted.extents.iter().all(is_new)
}

/// Merges an update of which nothing may be missing; answers what it brought.
fn merge_whole(
    txn: &mut TransactionMut<'_>,
    known: &mut Known,
    update: &[u8],
) -> Result<Vec<Extent>, MergeError> {
    let Verdict::Accept(mut accepted) = gate::check_update(update, known)? else {
        return Err(MergeError::Gap);
    };
    apply(txn, update, &accepted.parts, always)?;
    accepted.keep_new(&known.clocks);
    known.extend(&accepted);
    Ok(accepted.extents)
}

/// Applies an update that the gate has let through, in the parts that it may have made of it. All of it is decoded before
/// any is applied: what yrs cannot read has touched nothing.
fn apply(
    txn: &mut TransactionMut<'_>,
    update: &[u8],
    parts: &[Vec<u8>],
    mut goes_on: impl FnMut() -> bool,
) -> Result<(), MergeError> {
    let whole = decode(update)?;
    if parts.is_empty() {
        return apply_decoded(txn, whole);
    }
    for part in parts {
        if !goes_on() {
            return Err(MergeError::Costly);
        }
        // A part before it may have been applied.
        let part = decode(part).map_err(|_| MergeError::Broken("a part cannot be decoded"))?;
        apply_decoded(txn, part)?;
    }
    Ok(())
}

/// Goes on whatever it takes.
fn always() -> bool {
    true
}

/// Applies an update that was written here.
pub(super) fn apply_own(txn: &mut TransactionMut<'_>, update: &[u8]) {
    let applied = apply(txn, update, &[], always);
    debug_assert!(applied.is_ok(), "yrs refuses an own update: {applied:?}");
}

/// The gate leaves JSON inside of blocks to yrs.
fn decode(update: &[u8]) -> Result<Update, Malformed> {
    Update::decode_v1(update).map_err(|_| Malformed("yrs cannot decode it"))
}

fn apply_decoded(txn: &mut TransactionMut<'_>, update: Update) -> Result<(), MergeError> {
    txn.apply_update(update).map_err(|_| MergeError::Broken("yrs cannot apply it"))?;
    if txn.has_missing_updates() {
        return Err(MergeError::Broken("yrs keeps a part of it aside"));
    }
    Ok(())
}
