//! Where answers come from: the shelves for what can be seen without opening a document, its room for everything else. It
//! knows no headers.

use axum::http::StatusCode;
use codraft_core::DocId;
use tokio::sync::oneshot;

use super::problem::Problem;
use crate::http::App;
use crate::journal::{Durable, StorageState};
use crate::mail::Mailbox;
use crate::request::{Refused, Reply, Request, Written};

/// Runs what blocks on a thread for that.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refused::Unreadable.into())
}

impl App {
    /// An error when a name stands for no document: asking must not make one, nor open what is not there.
    pub(in crate::http) async fn expect_document(&self, name: &DocId) -> Result<(), Problem> {
        let (shelves, name) = (self.shelves.clone(), name.clone());
        match blocking(move || shelves.find(name.as_str())).await?? {
            None => Err(Refused::Absent.into()),
            Some(entry) if entry.is_deleted() => Err(Refused::Deleted.into()),
            Some(_) => Ok(()),
        }
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
        name: DocId,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<(T, Mailbox), Problem> {
        let room = self.hub.open(name).await.ok_or(Refused::Ending)?;
        let (reply, answer) = oneshot::channel();
        let ended = |_| Problem::from(Refused::Unreadable);
        room.clone().ask(request(reply)).await.map_err(ended)?;
        let answer = answer.await.map_err(|_| Refused::Unreadable)??;
        Ok((answer, room))
    }

    /// A change, once it is on disk.
    pub(in crate::http) async fn change(
        &self,
        name: DocId,
        request: impl FnOnce(Reply<Written>) -> Request,
    ) -> Result<Written, Problem> {
        self.expect_writable()?;
        let (mut written, room) = self.ask(name, request).await?;
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
