//! Which documents are open: one serial task that hands out mailboxes. It knows rooms by their mailboxes only.
//!
//! The hub holds mailboxes weakly, so a room lives as long as somebody else holds one. A successor is given its
//! predecessor's handle and waits for it before it loads: there are never two rooms for one document.

use std::collections::HashMap;
use std::sync::Arc;

use codraft_core::DocId;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::mail::{Mailbox, WeakMailbox, mailbox};
use crate::room::Room;
use crate::shelves::Shelves;

/// Requests that may wait for the hub.
const REQUESTS: usize = 1_024;

/// A way to open documents; the hub ends when the last one is dropped and all rooms have ended.
#[derive(Debug, Clone)]
pub(crate) struct Hub {
    requests: mpsc::Sender<Request>,
}

#[derive(Debug)]
struct Request {
    name: DocId,
    reply: oneshot::Sender<Mailbox>,
}

struct Open {
    /// Which room it is, of those that the document has had.
    number: u64,
    mailbox: WeakMailbox,
    task: JoinHandle<()>,
}

/// Tells the hub of a room's end when it is dropped, after a panic, too: what the room's task and its mailbox took is given
/// back once the hub has let go of them.
struct End {
    name: DocId,
    number: u64,
    ended: mpsc::UnboundedSender<(DocId, u64)>,
}

impl Drop for End {
    fn drop(&mut self) {
        // The hub may be ending itself; it waits for the room's task then.
        let _ = self.ended.send((self.name.clone(), self.number));
    }
}

impl Hub {
    /// Starts the hub's task. Rooms do not linger once the sender of `closing` is dropped.
    pub(crate) fn start(shelves: Shelves, closing: watch::Receiver<()>) -> (Self, JoinHandle<()>) {
        let (requests, inbox) = mpsc::channel(REQUESTS);
        let task = tokio::spawn(run(inbox, Arc::new(shelves), closing));
        (Self { requests }, task)
    }

    /// The mailbox of a document's room, opened if it is not; none when the server is going down.
    pub(crate) async fn open(&self, name: DocId) -> Option<Mailbox> {
        let (reply, mailbox) = oneshot::channel();
        self.requests.send(Request { name, reply }).await.ok()?;
        mailbox.await.ok()
    }
}

async fn run(
    mut requests: mpsc::Receiver<Request>,
    shelves: Arc<Shelves>,
    closing: watch::Receiver<()>,
) {
    let mut rooms: HashMap<DocId, Open> = HashMap::new();
    let (over, mut ended) = mpsc::unbounded_channel();
    let mut number = 0_u64;
    loop {
        let Request { name, reply } = tokio::select! {
            Some((name, number)) = ended.recv() => {
                if rooms.get(&name).is_some_and(|open| open.number == number) {
                    rooms.remove(&name);
                }
                continue;
            }
            request = requests.recv() => match request {
                Some(request) => request,
                None => break,
            },
        };
        let live = rooms
            .get(&name)
            .and_then(|open| open.mailbox.upgrade())
            .filter(|mailbox| !mailbox.is_closed());
        let mailbox = match live {
            Some(mailbox) => mailbox,
            None => {
                let predecessor = rooms.remove(&name).map(|open| open.task);
                number += 1;
                let end = End { name: name.clone(), number, ended: over.clone() };
                let (mailbox, task) = start_room(end, predecessor, &shelves, &closing);
                rooms.insert(name, Open { number, mailbox: mailbox.downgrade(), task });
                mailbox
            }
        };
        // A socket that has gone meanwhile needs no mailbox.
        let _ = reply.send(mailbox);
    }
    for (_, open) in rooms {
        // A room that panicked has been reported by itself.
        let _ = open.task.await;
    }
}

fn start_room(
    end: End,
    predecessor: Option<JoinHandle<()>>,
    shelves: &Arc<Shelves>,
    closing: &watch::Receiver<()>,
) -> (Mailbox, JoinHandle<()>) {
    let (mailbox, inbox) = mailbox();
    let (own, shelves, closing) = (mailbox.downgrade(), shelves.clone(), closing.clone());
    let task = tokio::spawn(async move {
        if let Some(predecessor) = predecessor {
            let _ = predecessor.await;
        }
        Room::run(end.name.clone(), shelves, inbox, own, closing).await;
    });
    (mailbox, task)
}
