//! What becomes of a document, as Server-Sent Events: the latest of it, however much has happened. It knows no room but by
//! its news.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;
use utoipa::ToSchema;

use super::problem::Problem;
use super::take::Name;
use super::visit::BareVisit;
use crate::http::App;
use crate::mail::Mailbox;
use crate::request::{News, Request, Watched};

/// How long after some events the next may come: what happens meanwhile is told as one.
const PAUSE: Duration = Duration::from_millis(100);
/// Silence after which a comment is sent: proxies end what is silent for a minute.
const SILENCE: Duration = Duration::from_secs(15);

/// The data of `changed` and `saved`.
#[derive(Debug, Serialize, ToSchema)]
struct At {
    /// Which life of the document.
    incarnation: u32,
    /// How many changes it has had, or how many of them are on disk.
    sequence: u64,
}

/// A person, in the data of `presence`.
#[derive(Debug, Serialize, ToSchema)]
struct Person {
    client: u64,
    /// Their id, over all their connections.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<String>,
}

/// Listens to a document: `changed` (there is more than you have read), `saved` (so much of it is on disk), `presence` (who
/// is here) and `deleted`. What happens at once is told as one; a reader that is slow is told only the latest.
#[utoipa::path(get, path = "/api/docs/{doc}/events", tag = "events", params(
    Name,
    ("token" = Option<String>, Query, description = "A ticket, from whoever cannot send headers."),
    ("Last-Event-ID" = Option<String>, Header, description = "The last id that came: `changed` is left out if nothing has."),
), responses(
    (status = 200, description = "Events, until the document is deleted or the server ends.", body = String, content_type = "text/event-stream"),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn listen(
    State(app): State<App>,
    BareVisit(visit): BareVisit,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    app.expect_document(&visit).await?;
    let (watched, room) = app.ask(&visit, Request::Watch).await?;
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let listener = Listener::new(watched, room, known.to_owned(), app.closing);
    let events = stream::unfold(listener, |mut listener| async {
        let events = listener.next().await?;
        Some((stream::iter(events.into_iter().map(Ok)), listener))
    });
    Ok(Sse::new(events.flatten()).keep_alive(KeepAlive::new().interval(SILENCE)))
}

/// Somebody who listens, and what they know.
struct Listener {
    news: watch::Receiver<News>,
    /// Ready when they may not listen any more.
    end: oneshot::Receiver<()>,
    /// The room lives as long as somebody listens.
    _room: Mailbox,
    told: Option<News>,
    /// The last event that came before this connection.
    last_id: String,
    closing: watch::Receiver<()>,
}

impl Listener {
    fn new(watched: Watched, room: Mailbox, last_id: String, closing: watch::Receiver<()>) -> Self {
        let Watched { news, end } = watched;
        Self { news, end, _room: room, told: None, last_id, closing }
    }

    /// The next events, at once or when there are some; none when there will be no more.
    async fn next(&mut self) -> Option<Vec<Event>> {
        if self.told.as_ref().is_some_and(|told| told.is_gone) {
            return None;
        }
        if self.told.is_some() {
            let changed = async {
                sleep(PAUSE).await;
                self.news.changed().await
            };
            tokio::select! {
                biased;
                _ = &mut self.end => return None,
                changed = changed => changed.ok()?,
                _ = self.closing.changed() => return None,
            }
        }
        let latest = self.news.borrow_and_update().clone();
        let events = self.events(&latest);
        self.told = Some(latest);
        Some(events)
    }

    /// What is new to whoever listens.
    fn events(&self, latest: &News) -> Vec<Event> {
        let News { incarnation, sequence, saved, people, is_gone } = latest;
        let told = self.told.as_ref();
        let at = |sequence: u64| At { incarnation: *incarnation, sequence };
        let mut events = Vec::new();
        if *is_gone {
            return vec![event("deleted", &at(*sequence))];
        }
        // Only what is on disk has an id: after a crash the same number may stand for something else.
        let is_known = told.is_none() && self.last_id == id(*incarnation, *sequence);
        if !is_known && told.is_none_or(|told| told.sequence != *sequence) {
            events.push(event("changed", &at(*sequence)));
        }
        if told.is_none_or(|told| told.saved != *saved) {
            events.push(event("saved", &at(*saved)).id(id(*incarnation, *saved)));
        }
        if told.is_none_or(|told| told.people != *people) {
            let people: Vec<Person> = people.iter().map(person).collect();
            events.push(event("presence", &people));
        }
        events
    }
}

fn id(incarnation: u32, sequence: u64) -> String {
    format!("{incarnation}-{sequence}")
}

fn person(someone: &crate::request::Someone) -> Person {
    let crate::request::Someone { client, user, name, color } = someone.clone();
    Person { client, user, name, color }
}

fn event(kind: &str, data: &impl Serialize) -> Event {
    Event::default().event(kind).json_data(data).expect("numbers and strings are JSON")
}
