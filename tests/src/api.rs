//! A program that uses the HTTP API, and one that listens to events. It knows addresses, not what they answer.

use std::collections::VecDeque;
use std::net::SocketAddr;

use crate::http::{Answer, Asking};
use crate::patiently;

/// A program that asks, on a connection of its own each time.
#[derive(Debug, Clone, Copy)]
pub struct Api {
    to: SocketAddr,
}

/// An event that was heard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    /// What kind of event.
    pub event: String,
    /// Its data.
    pub data: String,
    /// Its id, if it has one.
    pub id: String,
}

/// A listener's connection.
pub struct Events {
    connection: Asking,
    text: String,
    heard: VecDeque<Heard>,
}

impl Api {
    /// The API of a server.
    pub fn of(to: SocketAddr) -> Self {
        Self { to }
    }

    /// The server's address.
    pub fn address(&self) -> SocketAddr {
        self.to
    }

    /// Asks for something under `/api/docs`.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, b"").await
    }

    /// Sends something there.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let headers = [&[("host", "localhost")], headers].concat();
        let path = format!("/api/docs{path}");
        Asking::connect(self.to).await.send(method, &path, &headers, body).await
    }

    /// Asks for something anywhere, showing this.
    pub async fn as_who(&self, shown: &str, method: &str, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {shown}");
        let mut headers = vec![("host", "localhost"), ("content-type", "application/json")];
        headers.extend((!shown.is_empty()).then_some(("authorization", bearer.as_str())));
        Asking::connect(self.to).await.send(method, path, &headers, body.as_bytes()).await
    }

    /// Listens to a document.
    pub async fn events(&self, path: &str, last_id: &str) -> Events {
        self.events_at(&format!("{path}/events"), last_id).await
    }

    /// The same, at an address with more in it.
    pub async fn events_at(&self, path: &str, last_id: &str) -> Events {
        let mut connection = Asking::connect(self.to).await;
        let headers = [("host", "localhost"), ("last-event-id", last_id)];
        let answer = connection.ask("GET", &format!("/api/docs{path}"), &headers).await;
        assert_eq!(answer.header("content-type"), Some("text/event-stream"), "{answer:?}");
        Events { connection, text: String::new(), heard: VecDeque::new() }
    }
}

impl Events {
    /// The next event; none when the server ends them.
    pub async fn next(&mut self) -> Option<Heard> {
        while self.heard.is_empty() {
            self.text.push_str(&self.connection.chunk().await?);
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let heard = read(event);
                let rest = rest.to_owned();
                self.heard.extend((!heard.event.is_empty()).then_some(heard));
                self.text = rest;
            }
        }
        self.heard.pop_front()
    }

    /// The data of the next event of a kind for which something holds; others are passed over.
    pub async fn until(&mut self, event: &str, holds: impl Fn(&str) -> bool) -> Heard {
        patiently(event, async {
            loop {
                let heard = self.next().await.expect("more events");
                if heard.event == event && holds(&heard.data) {
                    return heard;
                }
            }
        })
        .await
    }
}

fn read(event: &str) -> Heard {
    let mut heard = Heard::default();
    for (field, value) in event.lines().filter_map(|line| line.split_once(": ")) {
        match field {
            "event" => heard.event = value.to_owned(),
            "data" => heard.data = value.to_owned(),
            "id" => heard.id = value.to_owned(),
            _ => {}
        }
    }
    heard
}
