//! Who may do what in one document, as its owners have said: links, who was sent away, and what people here are called. It
//! knows no connections; how it is kept is a list of changes, in the journal one by one and beside a merged state all at once.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use codraft_core::Malformed;
use codraft_core::presence::clean_name;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::access::{Claim, Denied, Hash, LinkId, PERSON_BYTES, Pass, Role, is_for_apps, is_guest};

/// Links of one document.
const LINKS: usize = 100;
/// People whose names are kept: beyond them guests are forgotten first, and of these those who were named first.
const PEOPLE: usize = 1_000;
/// How often it is noted that somebody is still called the same.
const NAMED_EVERY_SECONDS: u64 = 24 * 3_600;
/// People who are sent away at the same time.
const BARS: usize = 1_000;
/// How often it is noted that a link is in use.
const USED_EVERY_SECONDS: u64 = 60;

/// What its owners have said of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    links: Vec<Link>,
    /// Until when, in seconds since 1970.
    bars: BTreeMap<Arc<str>, u64>,
    people: BTreeMap<Arc<str>, Named>,
}

/// A way into a document for whoever has its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    pub(crate) id: LinkId,
    /// What the owners call it.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// In seconds since 1970, as all times here.
    pub(crate) created: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<u64>,
    hash: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) used: Option<Used>,
}

/// Who came by a link last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Used {
    pub(crate) at: u64,
    /// The person's id.
    pub(crate) by: Arc<str>,
}

/// What somebody is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Named {
    name: Arc<str>,
    seen: u64,
}

/// One change; applying it twice does what once does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Change {
    /// A link is made, or is another one now.
    Link(Link),
    /// A link is taken back.
    Revoked(LinkId),
    /// A link was used.
    Used(LinkId, Used),
    /// Somebody is sent away until then.
    Barred(Arc<str>, u64),
    /// Somebody was here, under this name.
    Named(Arc<str>, Arc<str>, u64),
}

/// What is wanted of a link; what is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) name: Option<String>,
    pub(crate) role: Option<Role>,
    /// None in it: without an end.
    pub(crate) expires: Option<Option<u64>>,
}

/// What was let in, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Admitted {
    pub(crate) role: Role,
    pub(crate) until: Option<u64>,
}

/// Why something is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Unchanged {
    #[error("There is no such link.")]
    NoLink,
    #[error("A document has {LINKS} links at most. Revoke one that is not needed any more.")]
    TooMany,
    #[error("This is the last link with which somebody owns the document. Make another one first.")]
    LastOwner,
    #[error("This is the id of nobody who can be sent away: presence tells the ids of people.")]
    Nobody,
}

impl Link {
    /// A link whose secret has this hash.
    pub(crate) fn new(hash: Hash, name: &str, role: Role, now: u64, expires: Option<u64>) -> Self {
        let id = hash.name().into();
        Self { id, name: clean_name(name), role, created: now, expires, hash, used: None }
    }

    fn works(&self, now: u64) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

impl Rights {
    /// What a pass is good for at the moment.
    pub(crate) fn admit(&self, pass: &Pass, now: u64) -> Result<Admitted, Denied> {
        if pass.until.is_some_and(|until| until <= now) {
            return Err(Denied::Expired);
        }
        let is_barred = self.bars.get(&pass.person.id).is_some_and(|&until| now < until);
        if is_barred && !pass.is_admin() {
            return Err(Denied::Barred);
        }
        let link = match &pass.claim {
            Claim::Role(role) => return Ok(Admitted { role: *role, until: pass.until }),
            Claim::Link(id) => self.link(id).ok_or(Denied::Revoked)?,
            Claim::Secret(hash) => {
                self.links.iter().find(|link| link.hash == *hash).ok_or(Denied::Unknown)?
            }
        };
        if !link.works(now) {
            return Err(Denied::Ended);
        }
        let until = [pass.until, link.expires].into_iter().flatten().min();
        Ok(Admitted { role: link.role, until })
    }

    /// The link with which somebody came.
    pub(crate) fn link_of(&self, pass: &Pass) -> Option<&Link> {
        match &pass.claim {
            Claim::Role(_) => None,
            Claim::Link(id) => self.link(id),
            Claim::Secret(hash) => self.links.iter().find(|link| link.hash == *hash),
        }
    }

    /// All links, in the order in which they were made.
    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    fn link(&self, id: &str) -> Option<&Link> {
        self.links.iter().find(|link| *link.id == *id)
    }

    /// What somebody was called when they were here last.
    pub(crate) fn name_of(&self, person: &str) -> Option<&Arc<str>> {
        self.people.get(person).map(|named| &named.name)
    }

    /// Everybody whose name is kept.
    pub(crate) fn people(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.people.iter().map(|(id, named)| (id, &named.name))
    }

    /// That a new link is made.
    pub(crate) fn adding(&self, link: Link) -> Result<Change, Unchanged> {
        if self.links.len() < LINKS { Ok(Change::Link(link)) } else { Err(Unchanged::TooMany) }
    }

    /// That a link is to be another one. A document that has an owner keeps one.
    pub(crate) fn changing(&self, id: &str, wish: Wish, now: u64) -> Result<Change, Unchanged> {
        let mut link = self.link(id).ok_or(Unchanged::NoLink)?.clone();
        let Wish { name, role, expires } = wish;
        let ends = role.is_some_and(|role| role != Role::Owner)
            || expires.is_some_and(|expires| expires.is_some());
        if ends && self.is_last_owner(id, now) {
            return Err(Unchanged::LastOwner);
        }
        link.name = name.map_or(link.name, |name| clean_name(&name));
        link.role = role.unwrap_or(link.role);
        link.expires = expires.unwrap_or(link.expires);
        Ok(Change::Link(link))
    }

    /// That a link is to work no more.
    pub(crate) fn revoking(&self, id: &str, now: u64) -> Result<Change, Unchanged> {
        let link = self.link(id).ok_or(Unchanged::NoLink)?;
        if self.is_last_owner(id, now) {
            return Err(Unchanged::LastOwner);
        }
        Ok(Change::Revoked(link.id.clone()))
    }

    /// That somebody is sent away until then; the administrator and nobody in particular cannot be.
    pub(crate) fn barring(&self, person: Arc<str>, until: u64) -> Result<Change, Unchanged> {
        let is_somebody = is_for_apps(&person) || is_guest(&person);
        if is_somebody && person.len() <= PERSON_BYTES {
            return Ok(Change::Barred(person, until));
        }
        Err(Unchanged::Nobody)
    }

    /// Whether nobody owns the document without this link; one that is to end is not counted on.
    fn is_last_owner(&self, id: &str, now: u64) -> bool {
        let owns = |link: &&Link| link.role == Role::Owner && link.works(now);
        let lasts = |link: &&Link| link.expires.is_none();
        let is_owner = self.links.iter().filter(owns).any(|link| *link.id == *id);
        is_owner && !self.links.iter().filter(owns).filter(lasts).any(|link| *link.id != *id)
    }

    /// That somebody is here by a link, if that was not noted lately.
    pub(crate) fn using(&self, pass: &Pass, now: u64) -> Option<Change> {
        let link = self.link_of(pass)?;
        let is_noted =
            link.used.as_ref().is_some_and(|used| now.saturating_sub(used.at) < USED_EVERY_SECONDS);
        let used = Used { at: now, by: pass.person.id.clone() };
        (!is_noted).then(|| Change::Used(link.id.clone(), used))
    }

    /// That somebody is called this, if it is not known.
    pub(crate) fn naming(&self, person: &Arc<str>, name: &Arc<str>, now: u64) -> Option<Change> {
        let is_same =
            |known: &&Named| known.name == *name && now < known.seen + NAMED_EVERY_SECONDS;
        let is_known = self.people.get(person).filter(is_same).is_some();
        (!is_known).then(|| Change::Named(person.clone(), name.clone(), now))
    }

    /// Makes a change.
    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::Link(link) => match self.links.iter_mut().find(|known| known.id == link.id) {
                Some(known) => *known = link,
                None => self.links.push(link),
            },
            Change::Revoked(id) => self.links.retain(|link| link.id != id),
            Change::Used(id, used) => {
                if let Some(link) = self.links.iter_mut().find(|link| link.id == id) {
                    link.used = Some(used);
                }
            }
            Change::Barred(person, until) => {
                self.bars.insert(person, until);
                forget_first(&mut self.bars, BARS, |_, until| (false, *until));
            }
            Change::Named(person, name, seen) => {
                self.people.insert(person, Named { name, seen });
                forget_first(&mut self.people, PEOPLE, |who, named| (!is_guest(who), named.seen));
            }
        }
    }

    /// Reads what [`encode`] wrote, on top of what is known.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Result<(), Malformed> {
        if bytes.is_empty() {
            return Ok(());
        }
        let changes: Vec<Change> = serde_json::from_slice(bytes)
            .map_err(|_| Malformed("the rights have a format that this release cannot read"))?;
        changes.into_iter().for_each(|change| self.apply(change));
        Ok(())
    }

    /// Whether nobody has said anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.links.is_empty() && self.bars.is_empty() && self.people.is_empty()
    }

    /// All of it, as changes; no bytes when there is nothing.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let links = self.links.iter().cloned().map(Change::Link);
        let bars = self.bars.iter().map(|(who, &until)| Change::Barred(who.clone(), until));
        let people = self
            .people
            .iter()
            .map(|(who, named)| Change::Named(who.clone(), named.name.clone(), named.seen));
        let changes: Vec<Change> = links.chain(bars).chain(people).collect();
        if changes.is_empty() { Vec::new() } else { encode(&changes) }
    }
}

/// Changes as bytes for the journal.
pub(crate) fn encode(changes: &[Change]) -> Vec<u8> {
    serde_json::to_vec(changes).expect("strings and numbers are JSON")
}

/// Keeps only so many, and forgets those with the lowest numbers.
fn forget_first<V>(
    map: &mut BTreeMap<Arc<str>, V>,
    most: usize,
    number: impl Fn(&str, &V) -> (bool, u64),
) {
    while map.len() > most {
        let first = map.iter().min_by_key(|(key, value)| number(key, value));
        let first = first.map(|(key, _)| key.clone());
        first.and_then(|key| map.remove(&key));
    }
}
