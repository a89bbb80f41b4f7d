//! What is asked of a document by whoever is not connected to it, and what may be answered. It knows no HTTP and no room.
//!
//! Answers to changes come at once and tell how to wait for the disk: whoever waits does not hold up the room.

mod tag;

use std::sync::Arc;

use bytes::Bytes;
use codraft_core::Splice;
use codraft_core::replica::{About, Fact, Kind};
use thiserror::Error;
use tokio::sync::{oneshot, watch};

use crate::access::{Denied, LinkId, Role};
use crate::close::Close;
use crate::journal::Durable;
use crate::rights::{Link, Unchanged, Wish};
use crate::store::DocEntry;

pub(crate) use tag::{Condition, Tag, Tags};

/// Splices of one request: each cuts a block of the text, and ever more blocks take ever longer to cut.
pub(crate) const SPLICES_MOST: usize = 20_000;

/// Where an answer goes. Whoever asked may be gone.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, Refused>>;

/// What is asked.
#[derive(Debug)]
pub(crate) enum Request {
    /// What is known of the document.
    Describe(Reply<Description>),
    /// Whether somebody is let in, and as what.
    Enter(Reply<Entered>),
    /// Let it exist, with a link if one is given.
    Create { link: Option<Link>, reply: Reply<Written> },
    /// Let it exist no more.
    Delete(Reply<Written>),
    /// What is said of it.
    About(Reply<About>),
    /// Say something of it.
    Say { said: Vec<(Fact, String)>, reply: Reply<Written> },
    /// Under which names it holds what.
    Fields(Reply<Vec<(String, Kind)>>),
    /// The text under a name, unless it has one of these tags.
    Read { field: String, unless: Option<Tags>, reply: Reply<Seen> },
    /// Change the text under a name.
    Write { field: String, change: TextChange, condition: Condition, reply: Reply<Written> },
    /// All that somebody with a state vector lacks; everything without one.
    Update { state_vector: Option<Bytes>, reply: Reply<Bytes> },
    /// Own a file that is about to be kept; a name that nobody has used begins with it.
    Own(Reply<Written>),
    /// Merge an update.
    Merge { update: Bytes, reply: Reply<Written> },
    /// Hear what becomes of it.
    Watch(Reply<Watched>),
    /// The links to it, and what whoever came by them last is called.
    Links(Reply<Vec<Way>>),
    /// A link more.
    AddLink { link: Link, reply: Reply<Written> },
    /// Another kind of link.
    ChangeLink { id: String, wish: Wish, reply: Reply<Written> },
    /// A link less.
    RevokeLink { id: String, reply: Reply<Written> },
    /// Send somebody away until then, in seconds since 1970.
    Bar { person: Arc<str>, until: u64, reply: Reply<Written> },
}

/// A link, and what whoever came by it last is called, if that is known.
pub(crate) type Way = (Link, Option<Arc<str>>);

/// As what somebody is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entered {
    pub(crate) role: Role,
    /// The link they came by.
    pub(crate) link: Option<LinkId>,
}

/// A way to hear what becomes of a document.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) news: watch::Receiver<News>,
    /// Ready when nothing more may be heard.
    pub(crate) end: oneshot::Receiver<()>,
}

/// How a text is to change.
#[derive(Debug)]
pub(crate) enum TextChange {
    /// Into this text, by as little as it takes.
    Into(String),
    /// By these splices.
    By(Vec<Splice>),
}

/// What is known of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Description {
    pub(crate) incarnation: u32,
    /// Entries it has had.
    pub(crate) sequence: u64,
    /// The last of them that is on disk.
    pub(crate) saved: u64,
    /// Bytes, encoded, or somewhat more.
    pub(crate) bytes: usize,
    /// Connections to it.
    pub(crate) peers: usize,
    /// When the first and the last of what is in it was written, in seconds since 1970.
    pub(crate) written: Option<(u64, u64)>,
}

/// What tells a text from another, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) tag: Tag,
    pub(crate) bytes: usize,
}

/// A text that was asked for.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) is: Text,
    /// None when it has a tag that is known already.
    pub(crate) text: Option<String>,
}

/// A change that was made, and is on disk when everything up to its entry is.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) sequence: u64,
    pub(crate) durable: watch::Receiver<Durable>,
    /// The document did not exist before.
    pub(crate) is_new: bool,
    /// Which document it is, and which life of it from here on.
    pub(crate) entry: DocEntry,
    /// The tag of the text that was changed.
    pub(crate) tag: Option<Tag>,
}

/// The latest of a document, for those who only listen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) incarnation: u32,
    pub(crate) sequence: u64,
    pub(crate) saved: u64,
    pub(crate) people: Arc<[Someone]>,
    /// It is deleted.
    pub(crate) is_gone: bool,
}

/// A person in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Someone {
    pub(crate) client: u64,
    /// Who it is, over all their connections; none where nobody says.
    pub(crate) user: Option<String>,
    pub(crate) name: String,
    pub(crate) color: Option<String>,
}

/// Why something was not done; each is a sentence for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Refused {
    #[error("There is no document of this name. PUT /api/docs/{{name}} creates it.")]
    Absent,
    #[error("The document was deleted. PUT /api/docs/{{name}} lets the name begin anew, empty.")]
    Deleted,
    #[error(
        "The update belongs to a document of this name that was deleted, or builds on it; nothing of it was merged. PUT \
         /api/docs/{{name}}/text takes a text in."
    )]
    Buried,
    #[error("The document is not what the request expects. Read it again and repeat the change.")]
    Stale,
    #[error("This field holds something else: {0}. GET /api/docs/{{name}}/update has all of it.")]
    NotText(String),
    #[error(
        "The splices do not fit the text: they lie within it, counted in UTF-16 code units, are sorted and disjoint, and cut \
         no character in two."
    )]
    NotFitting,
    #[error("This cannot be merged: {0}.")]
    Garbage(String),
    #[error(
        "The update builds on something that the document does not have; what does not was merged. Send all that is \
         missing: GET /api/docs/{{name}}/update without sv has what the document has."
    )]
    Gap,
    #[error("The document would be larger than this server takes.")]
    TooLarge,
    #[error("The disk does not take writes at the moment. Try again later; nothing was changed.")]
    Refusing,
    #[error("The server cannot open this document. Its operator finds the reason in its log.")]
    Unreadable,
    #[error("The server is going down. Try again.")]
    Ending,
    #[error("This does not work: {0}.")]
    Denied(#[from] Denied),
    #[error("This takes more rights than you have in this document.")]
    Forbidden,
    #[error("{0}")]
    Unchanged(#[from] Unchanged),
    #[error(
        "The update has something of a client that is connected as somebody else. It is up to them to send it; nothing was \
         merged."
    )]
    Foreign,
}

impl Request {
    /// What whoever asks must be.
    pub(crate) fn needs(&self) -> Role {
        match self {
            Self::Describe(_)
            | Self::Enter(_)
            | Self::About(_)
            | Self::Fields(_)
            | Self::Read { .. }
            | Self::Update { .. }
            | Self::Watch(_) => Role::Viewer,
            Self::Say { .. } | Self::Write { .. } | Self::Merge { .. } | Self::Own(_) => {
                Role::Editor
            }
            Self::Create { .. }
            | Self::Delete(_)
            | Self::Links(_)
            | Self::AddLink { .. }
            | Self::ChangeLink { .. }
            | Self::RevokeLink { .. }
            | Self::Bar { .. } => Role::Owner,
        }
    }

    /// Answers that it is not done.
    pub(crate) fn refuse(self, why: Refused) {
        // Whoever asked may be gone.
        match self {
            Self::Describe(reply) => drop(reply.send(Err(why))),
            Self::Enter(reply) => drop(reply.send(Err(why))),
            Self::About(reply) => drop(reply.send(Err(why))),
            Self::Fields(reply) => drop(reply.send(Err(why))),
            Self::Read { reply, .. } => drop(reply.send(Err(why))),
            Self::Update { reply, .. } => drop(reply.send(Err(why))),
            Self::Watch(reply) => drop(reply.send(Err(why))),
            Self::Links(reply) => drop(reply.send(Err(why))),
            Self::Delete(reply)
            | Self::Own(reply)
            | Self::Create { reply, .. }
            | Self::Say { reply, .. }
            | Self::Write { reply, .. }
            | Self::Merge { reply, .. }
            | Self::AddLink { reply, .. }
            | Self::ChangeLink { reply, .. }
            | Self::RevokeLink { reply, .. }
            | Self::Bar { reply, .. } => drop(reply.send(Err(why))),
        }
    }

    /// Whether it takes a right away: that waits for nothing.
    pub(crate) fn is_urgent(&self) -> bool {
        matches!(self, Self::RevokeLink { .. } | Self::Bar { .. })
    }

    /// How many entries in the journal it may lead to.
    pub(crate) fn appends(&self) -> usize {
        match self {
            // The link is an entry of its own.
            Self::Create { .. } => 2,
            // So is each that is said.
            Self::Say { said, .. } => said.len(),
            Self::Delete(_)
            | Self::Own(_)
            | Self::Write { .. }
            | Self::Merge { .. }
            | Self::AddLink { .. }
            | Self::ChangeLink { .. }
            | Self::RevokeLink { .. }
            | Self::Bar { .. } => 1,
            Self::Describe(_)
            | Self::Enter(_)
            | Self::About(_)
            | Self::Fields(_)
            | Self::Read { .. }
            | Self::Update { .. }
            | Self::Watch(_)
            | Self::Links(_) => 0,
        }
    }

    /// Bytes of it.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Write { change: TextChange::Into(text), .. } => text.len(),
            Self::Write { change: TextChange::By(splices), .. } => {
                splices.iter().map(|splice| size_of::<Splice>() + splice.insert.len()).sum()
            }
            Self::Merge { update, .. } => update.len(),
            Self::Update { state_vector, .. } => state_vector.as_ref().map_or(0, Bytes::len),
            Self::Describe(_)
            | Self::Enter(_)
            | Self::About(_)
            | Self::Say { .. }
            | Self::Fields(_)
            | Self::Create { .. }
            | Self::Delete(_)
            | Self::Own(_)
            | Self::Read { .. }
            | Self::Watch(_)
            | Self::Links(_)
            | Self::AddLink { .. }
            | Self::ChangeLink { .. }
            | Self::RevokeLink { .. }
            | Self::Bar { .. } => 0,
        }
    }
}

impl From<Close> for Refused {
    fn from(close: Close) -> Self {
        if close.code == Close::TOO_LARGE.code { Self::TooLarge } else { Self::Unreadable }
    }
}
