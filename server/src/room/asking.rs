//! What a room answers to those who are not connected to it. It awaits nothing, and knows no HTTP.

use bytes::Bytes;
use codraft_core::Splice;
use codraft_core::replica::{ABOUT, About, Fact, Kind, MergeError, NotText};

use super::Room;
use crate::access::{Visitor, now};
use crate::audit;
use crate::close::Close;
use crate::dialect::{HTTP, HTTP_UPDATE};
use crate::difference::difference;
use crate::document::{By, NEWCOMER, NotEdited, aside};
use crate::journal::StorageState;
use crate::mail::Mailbox;
use crate::request::{
    Condition, Description, Refused, Request, Seen, Tag, Tags, Text, TextChange, Watched, Written,
};
use crate::rights::{Admitted, Change, Link};

impl Room {
    /// Answers a request, if whoever asks may ask that. The room lingers after them, as after a peer: they may ask again.
    pub(super) fn ask(&mut self, request: Request, visitor: &Visitor, from: Mailbox) {
        let admitted = match self.admit(&visitor.pass, now()) {
            Ok(admitted) => admitted,
            Err(denied) => {
                audit::refused(self.document.name().as_str(), visitor.from, denied);
                return request.refuse(denied.into());
            }
        };
        if admitted.role < request.needs() {
            return request.refuse(Refused::Forbidden);
        }
        let work = self.document.size() + request.bytes();
        aside(work, || self.answer(request, visitor, admitted));
        if self.document.exists() && !self.is_closing {
            self.own.get_or_insert(from);
        }
    }

    fn answer(&mut self, request: Request, visitor: &Visitor, admitted: Admitted) {
        let by = |dialect| By { author: visitor.pass.person.id.clone(), dialect };
        // Whoever asked may be gone.
        match request {
            Request::Describe(reply) => drop(reply.send(self.describe())),
            Request::Enter(reply) => drop(reply.send(Ok(self.enter(&visitor.pass, admitted)))),
            Request::About(reply) => drop(reply.send(self.about())),
            Request::Say { said, reply } => drop(reply.send(self.say(&said, &by(HTTP)))),
            Request::Fields(reply) => drop(reply.send(self.fields())),
            Request::Create { link, reply } => {
                drop(reply.send(self.begin(link, visitor, &by(HTTP))));
            }
            Request::Delete(reply) => drop(reply.send(self.delete(&by(HTTP)))),
            Request::Read { field, unless, reply } => {
                drop(reply.send(self.read(&field, unless.as_ref())));
            }
            Request::Write { field, change, condition, reply } => {
                drop(reply.send(self.write(&field, change, &condition, &by(HTTP))));
            }
            Request::Own(reply) => drop(reply.send(self.own(&by(HTTP)))),
            Request::Update { state_vector, reply } => {
                drop(reply.send(self.update_for(state_vector.as_deref())));
            }
            Request::Merge { update, reply } => {
                drop(reply.send(self.merge(&update, &by(HTTP_UPDATE))));
            }
            Request::Watch(reply) => drop(reply.send(self.watch(visitor, admitted))),
            request @ (Request::Links(_)
            | Request::AddLink { .. }
            | Request::ChangeLink { .. }
            | Request::RevokeLink { .. }
            | Request::Bar { .. }) => self.answer_owner(request, visitor),
        }
    }

    fn describe(&mut self) -> Result<Description, Refused> {
        self.expect_document()?;
        Ok(Description {
            incarnation: self.document.incarnation(),
            sequence: self.document.sequence(),
            saved: self.durable.borrow().through,
            bytes: self.document.size(),
            peers: self.peers.len(),
            written: self.document.notes().attribution.span(),
        })
    }

    fn begin(
        &mut self,
        link: Option<Link>,
        visitor: &Visitor,
        by: &By,
    ) -> Result<Written, Refused> {
        let is_new = !self.document.exists();
        if is_new {
            self.expect_disk()?;
            self.document.begin(by);
            if let Some(link) = link {
                self.change_rights(Change::Link(link), "link made", visitor);
            }
        }
        Ok(self.written(is_new, None))
    }

    /// Everybody is told to stop, and that they need not come back.
    fn delete(&mut self, by: &By) -> Result<Written, Refused> {
        self.expect_document()?;
        self.expect_disk()?;
        self.document.delete(by);
        let ids: Vec<_> = self.peers.keys().copied().collect();
        for id in ids {
            self.close(id, Close::GONE);
        }
        self.own = None;
        Ok(self.written(false, None))
    }

    fn about(&mut self) -> Result<About, Refused> {
        self.expect_document()?;
        self.awake()?;
        Ok(self.document.about())
    }

    fn say(&mut self, said: &[(Fact, String)], by: &By) -> Result<Written, Refused> {
        self.expect_document()?;
        self.awake()?;
        if !self.document.can_say() {
            return Err(Refused::NotText(format!("{ABOUT} is what an app calls its own")));
        }
        self.expect_disk()?;
        for (fact, words) in said {
            let new = self.document.say(*fact, words, by).map_err(|error| self.unedited(&error))?;
            if let Some(frame) = new {
                self.document.metrics().updates_merged.inc();
                self.tell(|_, _| true, &frame);
            }
        }
        Ok(self.written(false, None))
    }

    fn fields(&mut self) -> Result<Vec<(String, Kind)>, Refused> {
        self.expect_document()?;
        self.awake()?;
        Ok(self.document.fields())
    }

    fn read(&mut self, field: &str, unless: Option<&Tags>) -> Result<Seen, Refused> {
        self.expect_document()?;
        let is_known = |is: &Text| unless.is_some_and(|tags| tags.names(is.tag, true));
        if let Some(is) = self.texts.text(&self.document, field).filter(is_known) {
            return Ok(Seen { is, text: None });
        }
        self.awake()?;
        let text = match self.document.field(field) {
            Err(NotText(Kind::Xml)) => self.document.words(field),
            text => text.map_err(|error| Refused::NotText(error.to_string()))?,
        };
        let known = self.texts.text(&self.document, field);
        let is = known.unwrap_or_else(|| self.texts.note(&self.document, field, &text));
        Ok(Seen { is, text: (!is_known(&is)).then_some(text) })
    }

    fn write(
        &mut self,
        field: &str,
        change: TextChange,
        condition: &Condition,
        by: &By,
    ) -> Result<Written, Refused> {
        let exists = self.document.exists();
        if self.document.is_deleted() || !exists && matches!(change, TextChange::By(_)) {
            self.expect_document()?;
        }
        self.awake()?;
        let before = self.text_of(field)?;
        if !condition.is_met(|| Tag::of(&before), exists) {
            return Err(Refused::Stale);
        }
        self.expect_disk()?;
        let splices = splices(&before, change)?;
        if splices.is_empty() && !exists {
            self.document.begin(by);
        }
        let edited =
            self.document.edit_field(field, &splices, by).map_err(|error| self.unedited(&error))?;
        if let Some(frame) = &edited.new {
            self.document.metrics().updates_merged.inc();
            self.tell(|_, _| true, frame);
        }
        let is = self.texts.note(&self.document, field, &edited.text);
        Ok(self.written(!exists, Some(is.tag)))
    }

    fn own(&mut self, by: &By) -> Result<Written, Refused> {
        if self.document.is_deleted() {
            return Err(Refused::Deleted);
        }
        self.expect_disk()?;
        let is_new = !self.document.exists();
        if is_new {
            self.document.begin(by);
        }
        Ok(self.written(is_new, None))
    }

    fn update_for(&mut self, state_vector: Option<&[u8]>) -> Result<Bytes, Refused> {
        self.expect_document()?;
        let state_vector = state_vector.unwrap_or(NEWCOMER);
        if state_vector != NEWCOMER {
            self.awake()?;
        }
        self.document.diff(state_vector).map_err(|error| Refused::Garbage(error.to_string()))
    }

    fn merge(&mut self, update: &Bytes, by: &By) -> Result<Written, Refused> {
        if self.document.is_deleted() {
            return Err(Refused::Deleted);
        }
        self.expect_disk()?;
        self.awake()?;
        if self.document.is_buried(update) {
            return Err(Refused::Buried);
        }
        if !self.document.has_room_for(update) {
            return Err(Refused::TooLarge);
        }
        let exists = self.document.exists();
        if self.knows_people() && !self.foreign_clients(&by.author, update).is_empty() {
            return Err(Refused::Foreign);
        }
        let change = self.document.merge(update, by).map_err(|error| self.unmerged(&error))?;
        if let Some(frame) = &change.new {
            self.document.metrics().updates_merged.inc();
            self.tell(|_, _| true, frame);
        }
        if change.has_gap {
            self.document.metrics().gaps.inc();
            return Err(Refused::Gap);
        }
        if !self.document.exists() {
            self.document.begin(by);
        }
        Ok(self.written(!exists, None))
    }

    fn watch(&mut self, visitor: &Visitor, admitted: Admitted) -> Result<Watched, Refused> {
        self.expect_document()?;
        let news = self.news.subscribe();
        self.tell_listeners();
        let end = self.listens(visitor.pass.clone(), admitted);
        Ok(Watched { news, end })
    }

    pub(super) fn expect_document(&self) -> Result<(), Refused> {
        if self.document.is_deleted() {
            return Err(Refused::Deleted);
        }
        if self.document.exists() { Ok(()) } else { Err(Refused::Absent) }
    }

    /// A change that could not be saved is not made: whoever asks can ask again.
    pub(super) fn expect_disk(&self) -> Result<(), Refused> {
        // Whoever was just refused may ask again before the room has been told.
        let accepts = self.durable.borrow().storage == StorageState::Accepting;
        if accepts { Ok(()) } else { Err(Refused::Refusing) }
    }

    fn text_of(&self, field: &str) -> Result<String, Refused> {
        self.document.field(field).map_err(|error| Refused::NotText(error.to_string()))
    }

    pub(super) fn written(&self, is_new: bool, tag: Option<Tag>) -> Written {
        Written {
            sequence: self.document.sequence(),
            durable: self.document.durable(),
            is_new,
            entry: self.document.entry(),
            tag,
        }
    }

    fn unedited(&mut self, error: &NotEdited) -> Refused {
        match error {
            NotEdited::NotText(error) => Refused::NotText(error.to_string()),
            NotEdited::TooLarge => Refused::TooLarge,
            // Nothing of it came from outside but words.
            NotEdited::Broken(error) => {
                self.unmerged(error);
                Refused::Unreadable
            }
        }
    }

    fn unmerged(&mut self, error: &MergeError) -> Refused {
        // The sentence is ours; the code is for sockets.
        let _ = self.refusal(error);
        Refused::Garbage(error.to_string())
    }
}

fn splices(before: &str, change: TextChange) -> Result<Vec<Splice>, Refused> {
    match change {
        TextChange::Into(after) => Ok(difference(before, &after)),
        TextChange::By(splices) => {
            if !Splice::in_order(&splices) || !Splice::fit(&splices, before) {
                return Err(Refused::NotFitting);
            }
            let changes = |splice: &Splice| splice.from < splice.to || !splice.insert.is_empty();
            Ok(splices.into_iter().filter(changes).collect())
        }
    }
}
