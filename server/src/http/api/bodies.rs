//! What requests send, whole or piece by piece, and the memory that all of them may take. It knows bytes, not what they are
//! for.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::problem::Problem;
use crate::limits::Limits;

/// How long the next bytes of a body may take, and all of it beside what its size adds.
const SILENCE: Duration = Duration::from_secs(30);
/// What has to come in a second, on average: a phone on a bad line does it.
const BYTES_PER_SECOND: usize = 16 << 10;
/// Bodies up to this size take no space: whoever keeps a few large ones open does not keep everybody from writing.
const SMALL_BYTES: usize = 64 << 10;
/// How long a body may wait for space.
const PATIENCE: Duration = Duration::from_secs(5);

/// The space for all bodies, in bytes.
#[derive(Debug, Clone)]
pub(crate) struct Bodies {
    space: Arc<Semaphore>,
}

/// The part of it that a body has taken, until whatever was made of the body is let go of; small ones take none.
pub(in crate::http) type Space = Option<OwnedSemaphorePermit>;

impl Bodies {
    /// Space for four of the largest documents.
    pub(crate) fn new(limits: &Limits) -> Self {
        let most = limits.document_bytes.max(limits.frame_bytes);
        Self { space: Arc::new(Semaphore::new(4 * most)) }
    }

    /// The whole body, at most so many bytes of it.
    pub(in crate::http) async fn take(
        &self,
        body: Body,
        most: usize,
    ) -> Result<(Bytes, Space), Problem> {
        let mut arriving = Arriving::new(body, most, || too_large(most))?;
        let whole = arriving.said.unwrap_or(most);
        let (mut bytes, mut space) = (BytesMut::new(), None);
        while let Some(piece) = arriving.next().await? {
            if arriving.bytes > SMALL_BYTES && space.is_none() {
                space = Some(self.space_for(whole).await?);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok((bytes.freeze(), space))
    }

    /// All the space that a body is going to need: no two wait for each other.
    pub(super) async fn space_for(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let space = timeout(PATIENCE, self.space.clone().acquire_many_owned(bytes)).await;
        space.ok().and_then(Result::ok).ok_or_else(too_many)
    }
}

/// A body of which there may be more to come: so many bytes at most, and not too slowly.
pub(super) struct Arriving<F> {
    stream: BodyDataStream,
    began: Instant,
    /// How many bytes were announced, if they were.
    pub(super) said: Option<usize>,
    /// How many have come.
    bytes: usize,
    most: usize,
    too_large: F,
}

impl<F: Fn() -> Problem> Arriving<F> {
    /// A body that has not begun yet; what to say if it is too large.
    pub(super) fn new(body: Body, most: usize, too_large: F) -> Result<Self, Problem> {
        let said = body.size_hint().upper().map(|said| usize::try_from(said).unwrap_or(usize::MAX));
        if said.is_some_and(|said| said > most) {
            return Err(too_large());
        }
        let stream = body.into_data_stream();
        Ok(Self { stream, began: Instant::now(), said, bytes: 0, most, too_large })
    }

    /// What comes next; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let earned = Duration::from_secs((self.bytes / BYTES_PER_SECOND) as u64);
        let until = (Instant::now() + SILENCE).min(self.began + SILENCE + earned);
        let next = timeout_at(until, self.stream.next()).await.map_err(|_| too_slow())?;
        let Some(piece) = next else { return Ok(None) };
        let piece = piece.map_err(|_| Problem::bad("The body ended early. Send it again."))?;
        self.bytes += piece.len();
        if self.bytes > self.most { Err((self.too_large)()) } else { Ok(Some(piece)) }
    }
}

fn too_large(most: usize) -> Problem {
    let detail = format!("The body is larger than {most} bytes, which this server takes at most.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

fn too_slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "The body did not come in time. Send it again.")
}

fn too_many() -> Problem {
    let detail = "Too much is being sent to this server at the moment. Try again later; nothing was changed.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
}
