//! Documents as such: which there are, what is known of one, creating and deleting. It knows no texts.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use codraft_core::DocId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::blocking;
use super::problem::Problem;
use super::take::{Name, query};
use super::visit::{Administrator, Visit};
use crate::document::Card;
use crate::http::App;
use crate::request::{Description, Request, Written};
use crate::store::{DocEntry, Listed};

/// Documents on a page, unless it is said how many.
const PAGE: usize = 100;
/// Documents on a page at most.
const PAGE_MOST: usize = 1_000;

/// Which documents to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only those whose names begin with this.
    prefix: Option<String>,
    /// Only those after this name: `next` of the page before.
    after: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
}

/// Some documents, in the order of their names' bytes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page {
    documents: Vec<Entry>,
    /// `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A document in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entry {
    name: String,
    /// Bytes it takes as a Yjs update, as of when it was last folded; absent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// What it is called, or its first line with words in it, as of then; absent where there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    /// What its text is written in, as of then; absent where nobody has said so.
    #[serde(skip_serializing_if = "String::is_empty")]
    language: String,
}

/// What is known of a document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Document {
    name: String,
    /// Which life of the name this is: it grows when the document is deleted and created again.
    incarnation: u32,
    /// How many changes it has had.
    sequence: u64,
    /// The last of them that is on disk.
    saved: u64,
    /// Bytes it takes as a Yjs update, or somewhat more.
    bytes: usize,
    /// Connections that are open to it.
    connections: usize,
    /// When the oldest of what is in it was written, in seconds since 1970; absent while nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<u64>,
    /// When something was last written in it, in seconds since 1970; absent while nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<u64>,
}

impl From<Listed> for Entry {
    fn from(Listed { name, bytes, about, .. }: Listed) -> Self {
        let Card { title, language } = Card::decode(&about).unwrap_or_default();
        Self { name, bytes, title, language }
    }
}

impl Document {
    fn new(name: &DocId, description: &Description) -> Self {
        let &Description { incarnation, sequence, saved, bytes, peers, written } = description;
        let (created, updated) = written.unzip();
        let (name, connections) = (name.as_str().to_owned(), peers);
        Self { name, incarnation, sequence, saved, bytes, connections, created, updated }
    }
}

/// Lists documents, a page at a time.
#[utoipa::path(get, path = "/api/docs", tag = "documents", params(Which), responses(
    (status = 200, description = "A page of documents.", body = Page),
))]
pub(super) async fn list(
    State(app): State<App>,
    _administrator: Administrator,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Page>, Problem> {
    let Which { prefix, after, limit } = query(which)?;
    let limit = limit.unwrap_or(PAGE);
    if !(1..=PAGE_MOST).contains(&limit) {
        return Err(Problem::bad(format!("A page has 1 to {PAGE_MOST} documents: limit says so.")));
    }
    let (prefix, after) = (prefix.unwrap_or_default(), after.unwrap_or_default());
    // One more than fits tells whether there is a next page.
    let listed = blocking(move || app.shelves.page(&prefix, &after, limit + 1)).await??;
    let is_last = listed.len() <= limit;
    let documents: Vec<Entry> = listed.into_iter().take(limit).map(Entry::from).collect();
    let next = documents.last().filter(|_| !is_last).map(|entry| entry.name.clone());
    Ok(Json(Page { documents, next }))
}

/// Says what is known of a document.
#[utoipa::path(get, path = "/api/docs/{doc}", tag = "documents", params(
    Name,
), responses(
    (status = 200, description = "What is known.", body = Document),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn describe(
    State(app): State<App>,
    visit: Visit,
) -> Result<Json<Document>, Problem> {
    app.expect_document(&visit).await?;
    let (description, _) = app.ask(&visit, Request::Describe).await?;
    Ok(Json(Document::new(&visit.name, &description)))
}

/// Creates a document, empty, if there is none of this name; also one that was deleted.
#[utoipa::path(put, path = "/api/docs/{doc}", tag = "documents", params(
    Name,
), responses(
    (status = 200, description = "It is there already.", body = Document),
    (status = 201, description = "It was created.", body = Document),
))]
pub(super) async fn create(
    State(app): State<App>,
    visit: Visit,
) -> Result<(StatusCode, Json<Document>), Problem> {
    let written = app.change(&visit, |reply| Request::Create { link: None, reply }).await?;
    let (description, _) = app.ask(&visit, Request::Describe).await?;
    let status = if written.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Document::new(&visit.name, &description))))
}

/// Deletes a document. Everybody in it is told, and nobody comes back to the name until it is created again.
#[utoipa::path(delete, path = "/api/docs/{doc}", tag = "documents", params(
    Name,
), responses(
    (status = 204, description = "It is deleted, on disk."),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn delete(State(app): State<App>, visit: Visit) -> Result<StatusCode, Problem> {
    app.expect_document(&visit).await?;
    let Written { entry, .. } = app.change(&visit, Request::Delete).await?;
    // What is left of them when the server ends here is removed after its next start.
    app.shelves.files.forget(DocEntry { incarnation: entry.incarnation - 1, ..entry }).await;
    Ok(StatusCode::NO_CONTENT)
}
