//! A document as a program has it: its text, who is there, and what of it is on disk. It knows no frames.

use std::time::Duration;

use codraft_core::presence::{Person, is_color};
use codraft_core::session::{Network, Peer, Session};
use codraft_core::{ClientId, Selection, Splice};
use tokio::time::timeout;

use crate::address::Address;
use crate::connection::Connection;
use crate::{Change, Error, Pass, Role, Status};

/// How long [`Document::open`] waits for the server.
pub const WELCOME: Duration = Duration::from_secs(10);

/// How long [`Document::close`] waits for the server's disk.
pub const FAREWELL: Duration = Duration::from_secs(10);

/// One program in one document.
///
/// Nothing happens between two calls: [`Document::next`] is what sends, receives, reconnects and answers the server, on the
/// task that calls it. Whatever else the program waits for belongs into one `tokio::select!` with it. Whoever stays away for
/// longer than a minute or so is disconnected; the next call connects again, and nothing is lost.
///
/// The text changes only in [`Document::next`], by what it returns, and by what is written here: so an offset that was found
/// in [`Document::text`] is right until then.
pub struct Document {
    connection: Connection,
    peers: Vec<Peer>,
    told: Status,
}

/// Something has happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Others have changed the text.
    Changed(Change),
    /// Somebody has come, gone or moved: see [`Document::peers`].
    Peers,
    /// How things stand has changed.
    Status(Status),
}

impl Document {
    /// Opens the document at this address, as this person; waits until it is there, for [`WELCOME`] at most: whoever starts
    /// a program wants to hear that its server is not there. Once it was, the program waits for it for ever.
    ///
    /// The address is that of its page or of its socket; a link with its `#key=` is a pass as well. Where the server knows
    /// who somebody is, it says their name and colour itself.
    pub async fn open(address: &str, pass: Pass, person: Person) -> Result<Self, Error> {
        let mut document = Self::of(address, pass, person)?;
        match timeout(WELCOME, document.arrival()).await {
            Ok(arrived) => arrived?,
            Err(_) => return Err(Error::Away { reason: document.status().reason }),
        }
        let now = document.connection.now();
        document.session_mut().pull(now);
        document.told = document.status();
        Ok(document)
    }

    async fn arrival(&mut self) -> Result<(), Error> {
        while !self.session().status().synced {
            self.go_on().await?;
        }
        Ok(())
    }

    fn of(address: &str, pass: Pass, person: Person) -> Result<Self, Error> {
        let address = Address::read(address)?;
        if !is_color(&person.color) {
            return Err(Error::Color);
        }
        let pass = if pass.is_nothing() { address.key.as_str().into() } else { pass };
        let mut session = Session::new(ClientId::from_random(random()?), &address.field, random()?);
        let id = if person.id.is_empty() { format!("{:016x}", random()?) } else { person.id };
        session.set_person(Person { id, ..person }, 0);
        let told = status(&session, None);
        let connection = Connection::new(session, address, pass);
        Ok(Self { connection, peers: Vec::new(), told })
    }

    fn session(&self) -> &Session {
        &self.connection.session
    }

    fn session_mut(&mut self) -> &mut Session {
        &mut self.connection.session
    }

    /// The next thing that happens. Nothing is lost when it is dropped while it waits. An error is the end: the document can
    /// still be read, but not any more reached.
    pub async fn next(&mut self) -> Result<Event, Error> {
        loop {
            if let Some(event) = self.news() {
                return Ok(event);
            }
            self.go_on().await?;
        }
    }

    fn news(&mut self) -> Option<Event> {
        let now = self.connection.now();
        let splices = self.session_mut().pull(now);
        if !splices.is_empty() {
            return Some(Event::Changed(Change { splices }));
        }
        if let Some(peers) = self.session_mut().take_peers() {
            self.peers = peers;
            return Some(Event::Peers);
        }
        let status = self.status();
        if self.told == status {
            return None;
        }
        self.told = status.clone();
        Some(Event::Status(status))
    }

    async fn go_on(&mut self) -> Result<(), Error> {
        match self.connection.refusal() {
            Some(error) => Err(error),
            None => {
                self.connection.turn().await;
                Ok(())
            }
        }
    }

    /// The whole text; `\n` is its line break. It is put together anew each time, so keep it while nothing changes.
    pub fn text(&self) -> String {
        self.session().text()
    }

    /// Changes the text, here at once and for the others as soon as there is a connection. All splices speak of the text
    /// before the change, in UTF-16 offsets; [`Line::of`](crate::Line::of) finds such.
    pub fn edit(&mut self, splices: &[Splice]) -> Result<(), Error> {
        if let Some(error) = self.connection.refusal() {
            return Err(error);
        }
        if self.connection.role == Some(Role::Viewer) {
            return Err(Error::ReadOnly);
        }
        if !Splice::in_order(splices) || !Splice::fit(splices, &self.text()) {
            return Err(Error::Splices);
        }
        if !splices.is_empty() {
            let now = self.connection.now();
            self.session_mut().edit(splices, None, now);
        }
        Ok(())
    }

    /// Turns the text into another one by the smallest single change.
    pub fn set_text(&mut self, text: &str) -> Result<(), Error> {
        let splice = Splice::between(&self.text(), text);
        if splice.from == splice.to && splice.insert.is_empty() {
            Ok(())
        } else {
            self.edit(&[splice])
        }
    }

    /// Shows others a caret or a selection; none for neither. It stays beside its letters, whoever writes.
    pub fn set_cursor(&mut self, cursor: Option<Selection>) {
        let now = self.connection.now();
        self.session_mut().set_cursor(cursor, now);
    }

    /// Everyone else who is there, as of the last [`Event::Peers`]. Names and colours are safe to show.
    pub fn peers(&self) -> &[Peer] {
        &self.peers
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        status(self.session(), self.connection.role)
    }

    /// Waits until everything that was written here is on the server's disk. What others write meanwhile is told by
    /// [`Document::next`] afterwards.
    pub async fn saved(&mut self) -> Result<(), Error> {
        while !self.session().status().saved {
            self.go_on().await?;
        }
        Ok(())
    }

    /// Waits until everything is saved, for [`FAREWELL`] at most, then leaves; an error says that something is not. Whoever
    /// just drops the document may lose what was written last.
    pub async fn close(mut self) -> Result<(), Error> {
        let saved = timeout(FAREWELL, self.saved()).await.unwrap_or(Err(Error::Unsaved));
        self.connection.leave().await;
        saved
    }
}

fn status(session: &Session, role: Option<Role>) -> Status {
    let now = session.status();
    let is_connected = now.network == Network::Live && now.synced;
    Status {
        is_connected,
        is_saved: now.saved,
        is_disk_refusing: now.storage_refusing,
        role,
        reason: if is_connected { String::new() } else { now.reason },
    }
}

fn random() -> Result<u64, Error> {
    getrandom::u64().map_err(|_| Error::Random)
}
