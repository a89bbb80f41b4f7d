//! What a room tells those who only listen: how it is by now, not all that happened. It knows no wire.

use std::sync::Arc;

use codraft_core::presence::{clean_name, is_color};
use serde::Deserialize;

use super::Room;
use crate::request::{News, Someone};

/// The part of an awareness state that says who somebody is.
#[derive(Deserialize)]
struct State {
    user: User,
}

#[derive(Deserialize)]
struct User {
    name: String,
    #[serde(default)]
    color: Option<String>,
}

impl Room {
    /// Notes the latest for whoever listens; they are woken once, however much has changed by the time they look.
    pub(super) fn tell_listeners(&mut self) {
        if self.news.is_closed() {
            return;
        }
        let people = std::mem::take(&mut self.is_presence_old).then(|| self.people());
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

    fn people(&self) -> Arc<[Someone]> {
        let mut people: Vec<Someone> = self.presence.states().filter_map(someone).collect();
        people.sort_by_key(|someone| someone.client);
        people.into()
    }
}

/// Somebody whose state names them, made safe to show.
fn someone((client, _, state): (u64, u32, &str)) -> Option<Someone> {
    let State { user } = serde_json::from_str(state).ok()?;
    Some(Someone {
        client,
        name: clean_name(&user.name),
        color: user.color.filter(|color| is_color(color)),
    })
}
