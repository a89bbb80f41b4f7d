//! Names a page at a time, in their order. Does not know what a document is, nor who turns the pages.

use std::ops::Bound;

use super::{DocEntry, Store, StoreError, decode_entry, value::Header, worker::Held};

/// A document in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Its name.
    pub(crate) name: String,
    /// What the name stands for.
    pub(crate) entry: DocEntry,
    /// Bytes of its newest merged state; none before the first fold, or where it cannot be read.
    pub(crate) bytes: Option<u64>,
    /// What its newest fold said about it.
    pub(crate) about: Vec<u8>,
}

impl Store {
    /// The first names after one, in byte order, of those that begin with a prefix and are not deleted.
    pub(crate) fn page(
        &self,
        prefix: &str,
        after: &str,
        most: usize,
    ) -> Result<Vec<Listed>, StoreError> {
        let (prefix, after) = (prefix.to_owned(), after.to_owned());
        self.inner.read(move |held| {
            let mut names = stored(held, &prefix, &after, most)?;
            names.extend(fresh(held, &prefix, &after).take(most));
            names.sort();
            names.truncate(most);
            let listed = names.into_iter().map(|(name, entry)| {
                let header = held.database().ok().and_then(|db| db.header(entry.number).ok());
                let is_of_this = |header: &Header| header.current.incarnation == entry.incarnation;
                let header = header.flatten().filter(is_of_this);
                let bytes = header.as_ref().map(|header| header.current.state_bytes());
                let about = header.map(|header| header.about).unwrap_or_default();
                Listed { name, entry, bytes, about }
            });
            Ok(listed.collect())
        })
    }
}

/// Names in the database; those that have changed since are left to [`fresh`].
fn stored(
    held: &Held,
    prefix: &str,
    after: &str,
    most: usize,
) -> Result<Vec<(String, DocEntry)>, StoreError> {
    let mut names = Vec::new();
    let (start, end) = from(prefix, after);
    let bytes = (start.map(str::as_bytes), end.map(str::as_bytes));
    for pair in held.database()?.names.range::<&[u8], _>(bytes) {
        let (name, bytes) = pair?;
        if names.len() == most || !name.starts_with(prefix.as_bytes()) {
            break;
        }
        let entry = decode_entry(&name, &bytes)?;
        let name = String::from_utf8_lossy(&name).into_owned();
        if !entry.is_deleted() && !held.names.contains_key(&name) {
            names.push((name, entry));
        }
    }
    Ok(names)
}

/// Names that are not in the database yet.
fn fresh<'a>(
    held: &'a Held,
    prefix: &'a str,
    after: &'a str,
) -> impl Iterator<Item = (String, DocEntry)> + 'a {
    let names = held.names.range::<str, _>(from(prefix, after));
    let names = names.take_while(move |(name, _)| name.starts_with(prefix));
    let there = names.filter(|(_, entry)| !entry.is_deleted());
    there.map(|(name, &entry)| (name.clone(), entry))
}

/// Where to begin: behind a name, or at the first that can have the prefix.
fn from<'a>(prefix: &'a str, after: &'a str) -> (Bound<&'a str>, Bound<&'a str>) {
    let start = match after < prefix {
        true => Bound::Included(prefix),
        false => Bound::Excluded(after),
    };
    // No name is empty.
    let start = if prefix.is_empty() && after.is_empty() { Bound::Unbounded } else { start };
    (start, Bound::Unbounded)
}
