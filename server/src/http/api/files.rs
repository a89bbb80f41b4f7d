//! Files of a document, pictures so far: taken in, shown, listed and removed. It knows bytes and who may have them; what is
//! in a text about them is the text's business.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use codraft_core::DocId;
use futures_util::stream;
use serde::Serialize;
use tracing::error;
use utoipa::ToSchema;

use super::answer::blocking;
use super::bodies::Arriving;
use super::problem::Problem;
use super::take::{self, File, Name, private};
use super::visit::{FileVisit, Visit, files_path};
use crate::access::Role;
use crate::files::{Incoming, NotKept, NotReceived, Received, Stored};
use crate::http::App;
use crate::request::{Refused, Request};
use crate::store::DocEntry;

/// Bytes of a file that are in memory, on their way in and out.
const PIECE_BYTES: usize = 256 << 10;
/// What such a file may do where it is opened by itself: nothing.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");
/// A name stands for its bytes, so they never change; and they are for whoever asked.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// A file of a document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = File)]
pub(super) struct FileOut {
    /// Where it is, on this server.
    path: String,
    /// Bytes.
    size: u64,
    /// What it is, by its first bytes.
    #[serde(rename = "type")]
    kind: &'static str,
}

/// The files of a document.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilesOut {
    files: Vec<FileOut>,
    /// Bytes of all of them.
    size: u64,
    /// How many that may be.
    size_most: u64,
}

/// A picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it only describes what is sent")]
struct Picture(Bytes);

impl FileOut {
    fn new(document: &DocId, &Stored { ref name, bytes }: &Stored) -> Self {
        let path = format!("{}/{name}", files_path(document));
        Self { path, size: bytes, kind: name.kind.media_type() }
    }
}

/// Gives a document a picture: PNG, JPEG, GIF, WebP or AVIF, by its first bytes, whatever the type in the header. Creates the
/// document if there never was one of this name.
#[utoipa::path(post, path = "/api/docs/{doc}/files", operation_id = "keep_file", tag = "files", params(
    Name,
), request_body(content = Picture, content_type = "application/octet-stream", description = "The picture as it is."),
responses(
    (status = 200, description = "The document has it already.", body = FileOut),
    (status = 201, description = "It is on disk.", body = FileOut, headers(("Location" = String, description = "Where it is."))),
    (status = 404, description = "The document was deleted."),
    (status = 413, description = "It is larger than a file may be."),
    (status = 415, description = "It is no picture of these kinds."),
    (status = 507, description = "The files of the document would be larger than they may be together."),
))]
pub(super) async fn keep(
    State(app): State<App>,
    visit: Visit,
    body: Body,
) -> Result<Response, Problem> {
    app.expect_editor(&visit).await?;
    app.expect_writable()?;
    let received = receive(&app, &visit, body).await?;
    let stored = Stored { name: received.name.clone(), bytes: received.bytes };
    // Only now: rights may have changed while it came.
    let written = app.change(&visit, Request::Own).await?;
    let kept = app.shelves.files.keep(received, written.entry, app.limits.files_bytes).await;
    let is_new = kept.map_err(|refused| not_kept(&refused))?;
    if is_new {
        app.metrics.files_stored.inc();
        app.metrics.file_bytes_stored.inc_by(stored.bytes);
    }
    let out = FileOut::new(&visit.name, &stored);
    let location = [(header::LOCATION, out.path.clone())];
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, location, Json(out)).into_response())
}

/// Shows a picture. A browser that has been given a ticket for the document shows a cookie by itself.
#[utoipa::path(get, path = "/api/docs/{doc}/files/{file}", operation_id = "read_file", tag = "files", params(
    Name,
    File,
    ("If-None-Match" = Option<String>, Header, description = "Tags of files that you have."),
), responses(
    (status = 200, description = "The picture.", body = Picture, content_type = "image/*",
        headers(("ETag" = String, description = "The tag of this file."))),
    (status = 304, description = "You have it."),
    (status = 404, description = "There is no such document, or it has no such file."),
))]
pub(super) async fn read(
    State(app): State<App>,
    FileVisit(visit): FileVisit,
    File(name): File,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (owner, files) = (enter(&app, &visit, Role::Viewer).await?, app.shelves.files.clone());
    let tag = format!("\"{name}\"");
    let opened = {
        let name = name.clone();
        move || {
            let file = files.open(owner, &name)?;
            file.map(|file| Ok((file.metadata()?.len(), file))).transpose()
        }
    };
    let (size, file) = blocking(opened)
        .await?
        .map_err(|error| unreadable(&error))?
        .ok_or_else(Problem::no_file)?;
    let known = [(header::ETAG, value(&tag)), (header::CACHE_CONTROL, FOR_EVER)];
    if take::is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, known).into_response());
    }
    app.metrics.files_read.inc();
    let shown = [
        (header::CONTENT_TYPE, HeaderValue::from_static(name.kind.media_type())),
        (header::CONTENT_LENGTH, HeaderValue::from(size)),
        (header::CONTENT_DISPOSITION, value(&format!("inline; filename=\"{name}\""))),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    Ok((known, shown, Body::from_stream(pieces(file))).into_response())
}

/// Lists the files of a document.
#[utoipa::path(get, path = "/api/docs/{doc}/files", operation_id = "list_files", tag = "files", params(Name), responses(
    (status = 200, description = "In the order of their names.", body = FilesOut),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (owner, files) = (enter(&app, &visit, Role::Viewer).await?, app.shelves.files.clone());
    let stored = blocking(move || files.list(owner)).await?.map_err(|error| unreadable(&error))?;
    let size = stored.iter().map(|file| file.bytes).sum();
    let files = stored.iter().map(|file| FileOut::new(&visit.name, file)).collect();
    let out = FilesOut { files, size, size_most: app.limits.files_bytes };
    Ok((private(), Json(out)).into_response())
}

/// Removes a file for good, whether a text still shows it or not.
#[utoipa::path(delete, path = "/api/docs/{doc}/files/{file}", operation_id = "remove_file", tag = "files", params(Name, File), responses(
    (status = 204, description = "It is gone from the disk."),
    (status = 404, description = "There is no such document, or it has no such file."),
))]
pub(super) async fn remove(
    State(app): State<App>,
    visit: Visit,
    File(name): File,
) -> Result<StatusCode, Problem> {
    let owner = enter(&app, &visit, Role::Owner).await?;
    app.expect_writable()?;
    let removed = app.shelves.files.remove(owner, name).await;
    let was_there = removed.map_err(|error| not_kept(&error.into()))?;
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::no_file()) }
}

/// Which document it is, for somebody who may do as much as this in it.
async fn enter(app: &App, visit: &Visit, needs: Role) -> Result<DocEntry, Problem> {
    let entry = app.find_document(visit).await?;
    let (entered, _) = app.ask(visit, Request::Enter).await?;
    if entered.role >= needs { Ok(entry) } else { Err(Refused::Forbidden.into()) }
}

/// Takes a body to the disk, where it belongs to nobody yet; of it no more than a piece is in memory.
async fn receive(app: &App, visit: &Visit, body: Body) -> Result<Received, Problem> {
    let most = app.limits.file_bytes;
    let too_large = || {
        let detail = format!(
            "The file is larger than {}, which is the most that a file may have here.",
            amount(most)
        );
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    };
    let mut arriving = Arriving::new(body, usize::try_from(most).unwrap_or(usize::MAX), too_large)?;
    expect_room(app, visit, arriving.said.unwrap_or(1) as u64).await?;
    let files = app.shelves.files.clone();
    let begun = blocking(move || files.receive()).await?.map_err(NotReceived::from);
    let mut incoming = begun.map_err(|refused| not_received(&refused))?;
    // What is being gathered, and what is being written.
    let _space = app.bodies.space_for(2 * PIECE_BYTES).await?;
    let mut gathered = BytesMut::new();
    while let Some(piece) = arriving.next().await? {
        gathered.extend_from_slice(&piece);
        if gathered.len() >= PIECE_BYTES {
            incoming = write(incoming, gathered.split().freeze()).await?;
        }
    }
    let incoming = write(incoming, gathered.freeze()).await?;
    let finished = blocking(move || incoming.finish()).await?;
    finished.map_err(|refused| not_received(&refused))
}

async fn write(mut incoming: Incoming, bytes: Bytes) -> Result<Incoming, Problem> {
    let written = blocking(move || incoming.write(&bytes).map(|()| incoming)).await?;
    written.map_err(|refused| not_received(&refused))
}

/// An error when a document can be given no file of so many bytes: then it need not be sent.
async fn expect_room(app: &App, visit: &Visit, bytes: u64) -> Result<(), Problem> {
    let most = app.limits.files_bytes;
    let (shelves, name) = (app.shelves.clone(), visit.name.clone());
    let known = blocking(move || shelves.find(name.as_str())).await??;
    let used = match known {
        Some(owner) => app.shelves.files.used(owner).await.map_err(|error| unreadable(&error))?,
        None => 0,
    };
    let needed = used.saturating_add(bytes);
    if needed > most { Err(not_kept(&NotKept::Full { needed, most })) } else { Ok(()) }
}

/// What is in a file, piece by piece.
fn pieces(file: std::fs::File) -> impl stream::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, async |mut file| {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE_BYTES];
            let count = std::io::Read::read(&mut file, &mut piece)?;
            piece.truncate(count);
            std::io::Result::Ok((piece, file))
        });
        let (piece, file) = read.await.map_err(std::io::Error::other)??;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    })
}

fn not_received(refused: &NotReceived) -> Problem {
    match refused {
        NotReceived::Unknown => {
            let detail = "This is no picture that is shown here. PNG, JPEG, GIF, WebP and AVIF are; it is the bytes that \
                          count, not the name.";
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
        }
        NotReceived::NoSpace => no_space(),
        NotReceived::Disk(error) => {
            error!(%error, "a file cannot be taken");
            no_space()
        }
    }
}

fn not_kept(refused: &NotKept) -> Problem {
    match refused {
        NotKept::Gone => Refused::Deleted.into(),
        NotKept::Full { most: 0, .. } => {
            Problem::new(StatusCode::INSUFFICIENT_STORAGE, "This server takes no files.")
        }
        NotKept::Full { needed, most } => {
            let (needed, most) = (amount(*needed), amount(*most));
            let detail = format!(
                "The files of this document would take {needed}, and may take {most}. An owner can remove some of them."
            );
            Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail)
        }
        NotKept::Disk(error) => {
            error!(%error, "a file cannot be kept");
            no_space()
        }
    }
}

fn no_space() -> Problem {
    let detail = "The disk takes no files at the moment. Try again later; nothing was kept.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
}

fn unreadable(error: &std::io::Error) -> Problem {
    error!(%error, "a file cannot be read");
    Refused::Unreadable.into()
}

/// Bytes, as people say them.
fn amount(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1_024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// Digits, letters and quotes are a header's value.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("a name of hexadecimal digits")
}
