//! What a room tells those who only listen: how it is by now, not all that happened. It knows no wire.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use codraft_core::presence::{Presence, clean_name, is_color};
use serde::Deserialize;
use tokio::sync::oneshot;

use super::Room;
use crate::access::{Pass, now};
use crate::request::{News, Someone};
use crate::rights::Admitted;

/// The part of an awareness state that says who somebody is.
#[derive(Deserialize)]
struct State {
    user: User,
}

#[derive(Deserialize)]
struct User {
    name: String,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    color: Option<String>,
}

/// Who is here, for listeners; kept while there are some.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Those whose states name them; none when nobody listens.
    named: Option<BTreeMap<u64, Someone>>,
    /// Clients whose presence has changed since the listeners were told.
    changed: BTreeSet<u64>,
}

impl People {
    /// Notes that the presence of some has changed.
    pub(super) fn change<'a>(&mut self, clients: impl IntoIterator<Item = &'a u64>) {
        self.changed.extend(clients);
    }

    /// All of them, if they are not who they were: only what has changed is read.
    fn news(&mut self, presence: &Presence) -> Option<Arc<[Someone]>> {
        let changed = std::mem::take(&mut self.changed);
        let is_first = self.named.is_none();
        let named = self.named.get_or_insert_with(|| {
            let someone = |(client, _, state)| Some((client, someone(client, state)?));
            presence.states().filter_map(someone).collect()
        });
        if is_first || !changed.is_empty() {
            for client in changed {
                match presence.state(client).and_then(|state| someone(client, state)) {
                    Some(someone) => drop(named.insert(client, someone)),
                    None => drop(named.remove(&client)),
                }
            }
            return Some(named.values().cloned().collect());
        }
        None
    }
}

/// Somebody who listens, for as long as they may.
#[derive(Debug)]
pub(super) struct Listener {
    pass: Pass,
    /// Dropped when they may not any more.
    end: oneshot::Sender<()>,
}

impl Room {
    /// Somebody listens; what is returned is ready when they may not any more.
    pub(super) fn listens(&mut self, pass: Pass, admitted: Admitted) -> oneshot::Receiver<()> {
        let (end, ends) = oneshot::channel();
        self.listeners.retain(|listener| !listener.end.is_closed());
        self.listeners.push(Listener { pass, end });
        self.look_again_at(admitted, now());
        ends
    }

    /// Looks again at who may listen.
    pub(super) fn look_again_at_listeners(&mut self, now: u64) {
        let mut listeners = std::mem::take(&mut self.listeners);
        listeners.retain(|listener| match self.admit(&listener.pass, now) {
            Ok(admitted) => {
                self.look_again_at(admitted, now);
                !listener.end.is_closed()
            }
            Err(_) => false,
        });
        self.listeners = listeners;
    }

    /// Notes the latest for whoever listens; they are woken once, however much has changed by the time they look.
    pub(super) fn tell_listeners(&mut self) {
        if self.news.is_closed() {
            self.people = People::default();
            return;
        }
        let people = self.people.news(&self.presence);
        let latest = News {
            incarnation: self.document.incarnation(),
            sequence: self.document.sequence(),
            saved: self.durable.borrow().through,
            people: people.unwrap_or_else(|| self.news.borrow().people.clone()),
            is_gone: self.document.is_deleted(),
        };
        self.news.send_if_modified(|news| {
            let is_new = *news != latest;
            *news = latest;
            is_new
        });
    }
}

/// Somebody whose state names them, made safe to show.
fn someone(client: u64, state: &str) -> Option<Someone> {
    let State { user } = serde_json::from_str(state).ok()?;
    Some(Someone {
        client,
        user: user.id.map(|id| clean_name(&id)).filter(|id| !id.is_empty()),
        name: clean_name(&user.name),
        color: user.color.filter(|color| is_color(color)),
    })
}
