//! What a document's owners change: who may do what. It knows links and people, not what is typed.

use super::Room;
use crate::access::{Pass, Visitor, now};
use crate::audit;
use crate::dialect::HTTP;
use crate::document::By;
use crate::request::{Entered, Refused, Request, Way, Written};
use crate::rights::{Admitted, Change, Link};

impl Room {
    /// Answers what only an owner may ask.
    pub(super) fn answer_owner(&mut self, request: Request, visitor: &Visitor) {
        // Whoever asked may be gone.
        match request {
            Request::Links(reply) => drop(reply.send(self.links())),
            Request::AddLink { link, reply } => {
                let change = self.document.rights().adding(link).map_err(Refused::from);
                drop(reply.send(self.change(change, "link made", visitor)));
            }
            Request::ChangeLink { id, wish, reply } => {
                let change = self.document.rights().changing(&id, wish, now());
                let change = change.map_err(Refused::from);
                drop(reply.send(self.change(change, "link changed", visitor)));
            }
            Request::RevokeLink { id, reply } => {
                let change = self.document.rights().revoking(&id, now()).map_err(Refused::from);
                drop(reply.send(self.change(change, "link revoked", visitor)));
            }
            Request::Bar { person, until, reply } => {
                let change = self.document.rights().barring(person, until).map_err(Refused::from);
                drop(reply.send(self.change(change, "person removed", visitor)));
            }
            other => other.refuse(Refused::Forbidden),
        }
    }

    /// As what somebody is let in; for whoever then comes over a connection.
    pub(super) fn enter(&mut self, pass: &Pass, admitted: Admitted) -> Entered {
        let link = self.document.rights().link_of(pass).map(|link| link.id.clone());
        Entered { role: admitted.role, link }
    }

    fn links(&mut self) -> Result<Vec<Way>, Refused> {
        self.expect_document()?;
        let rights = self.document.rights();
        let here = |id: &str| {
            let mut here = self.peers.values().filter(|peer| *peer.person().id == *id);
            here.find_map(|peer| peer.called.as_ref().map(|called| called.shown.clone()))
        };
        let user = |link: &Link| {
            let by = &link.used.as_ref()?.by;
            here(by).or_else(|| rights.name_of(by).cloned())
        };
        Ok(rights.links().iter().map(|link| (link.clone(), user(link))).collect())
    }

    fn change(
        &mut self,
        change: Result<Change, Refused>,
        what: &str,
        visitor: &Visitor,
    ) -> Result<Written, Refused> {
        self.expect_document()?;
        let change = change?;
        // Who is to be sent away is sent away, whatever the disk says.
        if !matches!(change, Change::Revoked(_) | Change::Barred(..)) {
            self.expect_disk()?;
        }
        self.change_rights(change, what, visitor);
        Ok(self.written(false, None))
    }

    /// Changes the rights: whoever is here may do what they say from now on.
    pub(super) fn change_rights(&mut self, change: Change, what: &str, visitor: &Visitor) {
        let about = match &change {
            Change::Link(Link { id, .. }) | Change::Revoked(id) | Change::Used(id, _) => id.clone(),
            Change::Barred(person, _) | Change::Named(person, ..) => person.clone(),
        };
        let by = By { author: visitor.pass.person.id.clone(), dialect: HTTP };
        audit::rights(self.document.name().as_str(), visitor.from, &by.author, what, &about);
        self.document.change_rights(change, &by);
        self.look_again();
    }
}
