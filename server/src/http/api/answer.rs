//! Where answers come from: the shelves for what can be seen without opening a document, its room for everything else. It
//! knows no headers.

use axum::http::StatusCode;
use codraft_core::DocId;
use tokio::sync::oneshot;

use super::problem::Problem;
use super::visit::Visit;
use crate::access::{Claim, Pass};
use crate::http::App;
use crate::journal::{Durable, StorageState};
use crate::mail::Mailbox;
use crate::request::{Refused, Reply, Request, Written};
use crate::store::DocEntry;

/// Runs what blocks on a thread for that.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refused::Unreadable.into())
}

impl App {
    /// An error when a name stands for no document: asking must not make one, nor open what is not there.
    pub(in crate::http) async fn expect_document(&self, visit: &Visit) -> Result<(), Problem> {
        self.find_document(visit).await.map(drop)
    }

    /// Which document a name stands for, and which life of it; an error likewise.
    pub(super) async fn find_document(&self, visit: &Visit) -> Result<DocEntry, Problem> {
        let (shelves, name) = (self.shelves.clone(), visit.name.clone());
        let refused = match blocking(move || shelves.find(name.as_str())).await?? {
            None => Refused::Absent,
            Some(entry) if entry.is_deleted() => Refused::Deleted,
            Some(entry) => return Ok(entry),
        };
        let problem = visit.absent(refused.into());
        self.doorkeeper.not_let_in(&visit.visitor).await;
        Err(problem)
    }

    /// The same for those who come by a link: with a token one may come to what is not there yet.
    pub(super) async fn expect_document_of_link(&self, visit: &Visit) -> Result<(), Problem> {
        if visit.is_by_link() { self.expect_document(visit).await } else { Ok(()) }
    }

    /// An error when somebody may not change a document: what they send is not read then.
    pub(in crate::http) async fn expect_editor(&self, visit: &Visit) -> Result<(), Problem> {
        let role = match visit.visitor.pass.claim {
            Claim::Role(role) => role,
            Claim::Link(_) | Claim::Secret(_) => {
                self.expect_document(visit).await?;
                self.ask(visit, Request::Enter).await?.0.role
            }
        };
        if role.may_write() { Ok(()) } else { Err(Refused::Forbidden.into()) }
    }

    /// An error when nothing can be saved.
    pub(super) fn expect_writable(&self) -> Result<(), Problem> {
        let detail = "The server's files are damaged: it shows what is whole and takes no changes until its operator has \
                      restored them.";
        match self.is_read_only {
            true => Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)),
            false => Ok(()),
        }
    }

    /// What a document's room answers, and a way to the room, which it lives for.
    pub(in crate::http) async fn ask<T>(
        &self,
        visit: &Visit,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<(T, Mailbox), Problem> {
        let room = self.hub.open(visit.name.clone()).await.ok_or(Refused::Ending)?;
        let (reply, answer) = oneshot::channel();
        let ended = |_| Problem::from(Refused::Unreadable);
        room.clone().ask(visit.visitor.clone(), request(reply)).await.map_err(ended)?;
        let answer = answer.await.map_err(|_| Refused::Unreadable)?;
        if let Err(Refused::Denied(_)) = &answer {
            self.doorkeeper.not_let_in(&visit.visitor).await;
        }
        Ok((answer?, room))
    }

    /// A change to what exists, by somebody who is not on the network; an error is a sentence.
    pub(crate) async fn change_as(
        &self,
        name: DocId,
        pass: Pass,
        request: impl FnOnce(Reply<Written>) -> Request,
    ) -> Result<(), String> {
        let visit = self.visit_as(name, None, pass);
        let changed = async {
            self.expect_document(&visit).await?;
            self.change(&visit, request).await
        };
        changed.await.map(drop).map_err(Problem::into_sentence)
    }

    /// A change, once it is on disk.
    pub(in crate::http) async fn change(
        &self,
        visit: &Visit,
        request: impl FnOnce(Reply<Written>) -> Request,
    ) -> Result<Written, Problem> {
        self.expect_writable()?;
        let (mut written, room) = self.ask(visit, request).await?;
        drop(room);
        let refuses = |durable: &Durable| durable.storage != StorageState::Accepting;
        let through = written.sequence;
        let settled = written
            .durable
            .wait_for(|durable| durable.through >= through || refuses(durable))
            .await
            .is_ok_and(|durable| durable.through >= through);
        if settled {
            return Ok(written);
        }
        let detail = "The change is made, and the disk does not take it at the moment: it is lost if the server ends before \
                      it does. Read the document again later.";
        Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail))
    }
}
