//! A document's text as a resource with an entity tag: read, replaced, spliced. It knows no replicas: whatever comes is
//! merged into what people are typing.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use codraft_core::Splice;
use codraft_core::replica::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::blocking;
use super::problem::Problem;
use super::take::{self, Field, Name};
use super::visit::Visit;
use crate::http::App;
use crate::request::{
    Condition, Request, SPLICES_MOST, Seen, Tag, Tags, Text, TextChange, Written,
};

const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
/// Whoever keeps a text asks whether it still is the latest.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Replaces the text between two offsets, in UTF-16 code units of the text before the request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// Where the replaced text begins.
    from: u32,
    /// Where it ends; not before `from`.
    to: u32,
    /// What stands there afterwards.
    insert: String,
}

/// What a document holds under one name.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Holds {
    name: String,
    kind: Holding,
}

/// Kinds of what a document holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Holding {
    /// Text: it can be read and changed.
    Text,
    /// Paragraphs and the like, as ProseMirror keeps them: they can be read as plain text.
    Xml,
    /// Values by their keys.
    Map,
    /// Values in an order.
    List,
}

impl From<Kind> for Holding {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text,
            Kind::Xml => Self::Xml,
            Kind::Map => Self::Map,
            Kind::List => Self::List,
        }
    }
}

/// Lists the fields of a document that hold anything.
#[utoipa::path(get, path = "/api/docs/{doc}/fields", tag = "text", params(Name), responses(
    (status = 200, description = "In the order of their names.", body = Vec<Holds>),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn fields(
    State(app): State<App>,
    visit: Visit,
) -> Result<Json<Vec<Holds>>, Problem> {
    app.expect_document(&visit).await?;
    let (fields, _) = app.ask(&visit, Request::Fields).await?;
    let holds = |(name, kind): (String, Kind)| Holds { name, kind: kind.into() };
    Ok(Json(fields.into_iter().map(holds).collect()))
}

/// Reads a text, or XML as plain text.
#[utoipa::path(get, path = "/api/docs/{doc}/text", tag = "text", params(
    Name,
    Field,
    ("If-None-Match" = Option<String>, Header, description = "Tags of texts that you have."),
), responses(
    (status = 200, description = "The text; an object in it stands as one U+FFFC. Of XML, the words, a line for each block.", body = String, content_type = "text/plain",
        headers(("ETag" = String, description = "The tag of this text."))),
    (status = 304, description = "You have this text."),
    (status = 404, description = "There is no such document."),
    (status = 409, description = "The field holds no text."),
))]
pub(super) async fn read(
    State(app): State<App>,
    method: Method,
    visit: Visit,
    field: Result<Query<Field>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let field = take::query(field)?.name()?;
    app.expect_document(&visit).await?;
    let known = take::known(&headers);
    // Whoever wants no more than the head has any text already.
    let only_head = method == Method::HEAD;
    let unless = if only_head { Some(Tags::Any) } else { known.clone() };
    let (seen, _) = app.ask(&visit, |reply| Request::Read { field, unless, reply }).await?;
    let Seen { is: Text { tag, bytes }, text } = seen;
    let head = [(header::ETAG, value(tag)), (header::CACHE_CONTROL, ASK_AGAIN)];
    let kind = [(header::CONTENT_TYPE, PLAIN)];
    Ok(match text {
        Some(text) => (head, kind, text).into_response(),
        None if only_head && !known.is_some_and(|tags| tags.names(tag, true)) => {
            (head, kind, [(header::CONTENT_LENGTH, HeaderValue::from(bytes))]).into_response()
        }
        None => (StatusCode::NOT_MODIFIED, head).into_response(),
    })
}

/// Replaces a text, by as small a change as it takes: who is typing elsewhere in it is not disturbed. Creates the document
/// if there never was one of this name.
#[utoipa::path(put, path = "/api/docs/{doc}/text", tag = "text", params(
    Name,
    Field,
    ("If-Match" = Option<String>, Header, description = "The tag of the text that this one replaces."),
    ("If-None-Match" = Option<String>, Header, description = "`*` to replace nothing: the document must be new."),
), request_body(content = String, content_type = "text/plain", description = "UTF-8; every line break becomes `\\n`."),
responses(
    (status = 201, description = "The document is new; its text is on disk.", headers(("ETag" = String))),
    (status = 204, description = "The text is on disk.", headers(("ETag" = String))),
    (status = 404, description = "The document was deleted."),
    (status = 409, description = "The field holds no text."),
    (status = 412, description = "The text is another one by now."),
    (status = 413, description = "The document would be too large."),
    (status = 415, description = "This is another encoding."),
))]
pub(super) async fn replace(
    State(app): State<App>,
    visit: Visit,
    field: Result<Query<Field>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let field = take::query(field)?.name()?;
    if take::has_other_charset(&headers) {
        return Err(unsupported("A text is sent in UTF-8."));
    }
    app.expect_editor(&visit).await?;
    let condition = take::condition(&headers);
    let (body, _space) = app.bodies.take(body, app.limits.document_bytes).await?;
    let change = blocking(move || whole(&body)).await??;
    let write = |reply| Request::Write { field, change, condition, reply };
    let written = app.change(&visit, write).await?;
    Ok(answer(&written))
}

/// Changes parts of a text. Offsets mean something in one text only: `If-Match` says which.
#[utoipa::path(patch, path = "/api/docs/{doc}/text", tag = "text", params(
    Name,
    Field,
    ("If-Match" = String, Header, description = "The tag of the text that the offsets are of; `*` for whichever it is."),
), request_body(content = Vec<Change>, description = "Sorted and disjoint, at most 20,000."), responses(
    (status = 204, description = "The change is on disk.", headers(("ETag" = String))),
    (status = 404, description = "There is no such document."),
    (status = 409, description = "The field holds no text."),
    (status = 412, description = "The text is another one by now."),
    (status = 413, description = "The document would be too large."),
    (status = 415, description = "This is no JSON."),
    (status = 422, description = "The offsets are not of this text, or they are too many."),
    (status = 428, description = "`If-Match` is missing."),
))]
pub(super) async fn splice(
    State(app): State<App>,
    visit: Visit,
    field: Result<Query<Field>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let field = take::query(field)?.name()?;
    app.expect_editor(&visit).await?;
    if !take::is_json(&headers) {
        return Err(unsupported("Splices are sent as JSON: Content-Type: application/json."));
    }
    let condition = take::condition(&headers);
    if !matches!(condition, Condition::Match(_)) {
        let detail = "Offsets mean something in one text only: send its ETag as If-Match, or If-Match: * to take your chances.";
        return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, detail));
    }
    app.expect_document(&visit).await?;
    let (body, _space) = app.bodies.take(body, app.limits.document_bytes).await?;
    let change = blocking(move || parts(&body)).await??;
    let write = |reply| Request::Write { field, change, condition, reply };
    let written = app.change(&visit, write).await?;
    Ok(answer(&written))
}

fn whole(body: &[u8]) -> Result<TextChange, Problem> {
    let text = std::str::from_utf8(body).map_err(|_| Problem::bad("The text is not UTF-8."))?;
    Ok(TextChange::Into(line_breaks(text)))
}

fn parts(body: &[u8]) -> Result<TextChange, Problem> {
    let changes: Vec<Change> = serde_json::from_slice(body)
        .map_err(|error| Problem::bad(format!("This is not a list of splices: {error}.")))?;
    if changes.len() > SPLICES_MOST {
        let detail =
            format!("A request has at most {SPLICES_MOST} splices. PUT replaces the whole text.");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    Ok(TextChange::By(changes.into_iter().map(Splice::from).collect()))
}

impl From<Change> for Splice {
    fn from(Change { from, to, insert }: Change) -> Self {
        Self { from, to, insert: line_breaks(&insert) }
    }
}

fn answer(written: &Written) -> Response {
    let status = if written.is_new { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
    let tag = written.tag.map(|tag| [(header::ETAG, value(tag))]);
    (status, tag.into_iter().flatten().collect::<HeaderMap>()).into_response()
}

fn value(tag: Tag) -> HeaderValue {
    tag.to_string().parse().expect("quoted digits are a header value")
}

/// `\n` is the only line break our editor makes.
fn line_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn unsupported(detail: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
}
