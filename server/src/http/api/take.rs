//! What is taken out of a request: the document's name, its field, its conditions. It asks nobody.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use codraft_core::DocId;
use codraft_core::limits::DOC_ID_BYTES;
use codraft_core::replica::CONTENT;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::problem::Problem;
use crate::files::FileName;
use crate::request::{Condition, Tags};

/// The name in the path.
pub(in crate::http) struct Name(pub(in crate::http) DocId);

/// The file in the path; whatever is no file's name names none.
pub(super) struct File(pub(super) FileName);

/// The link in the path.
pub(super) struct LinkName(pub(super) String);

impl<S: Sync + Send> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let bad = |error: &str| Problem::bad(format!("This cannot be a document's name: {error}."));
        let name = in_path("doc", parts, state).await;
        let name = name.ok_or_else(|| bad("a document's name must be UTF-8"))?;
        DocId::new(&name).map(Self).map_err(|error| bad(&error.to_string()))
    }
}

impl<S: Sync + Send> FromRequestParts<S> for File {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let name = in_path("file", parts, state).await;
        name.and_then(|name| FileName::read(&name)).map(Self).ok_or_else(Problem::no_file)
    }
}

impl<S: Sync + Send> FromRequestParts<S> for LinkName {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id = in_path("id", parts, state).await;
        id.map(Self).ok_or_else(|| Problem::bad("This cannot be a link's id."))
    }
}

/// What stands for something in the path, decoded; none when that is no UTF-8.
async fn in_path<S: Sync + Send>(what: &str, parts: &mut Parts, state: &S) -> Option<String> {
    let params = RawPathParams::from_request_parts(parts, state).await.ok()?;
    let found = params.iter().find_map(|(key, value)| (key == what).then(|| value.to_owned()));
    Some(found.unwrap_or_default())
}

/// Bytes of a question in JSON.
const ASKED_BYTES: usize = 64 << 10;

/// What is asked in a body of JSON; an empty body is `null`.
pub(in crate::http) struct Asked<T>(pub(in crate::http) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body = axum::body::to_bytes(request.into_body(), ASKED_BYTES).await;
        let body = body.map_err(|_| {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than any question.")
        })?;
        let json = if body.is_empty() { &b"null"[..] } else { &body };
        // A list would be read as the fields in their order.
        if json.trim_ascii_start().starts_with(b"[") {
            return Err(Problem::bad("What is asked for here is a JSON object."));
        }
        let bad = |error: serde_json::Error| {
            Problem::bad(format!("This is not the JSON that is asked for here: {error}."))
        };
        serde_json::from_slice(json).map(Self).map_err(bad)
    }
}

/// What is only for whoever asked.
pub(super) fn private() -> [(HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}

/// The part of an address behind the question mark.
pub(super) fn query<T: DeserializeOwned>(
    query: Result<Query<T>, QueryRejection>,
) -> Result<T, Problem> {
    let Query(query) = query.map_err(|error| Problem::bad(error.body_text()))?;
    Ok(query)
}

/// Which text of a document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Field {
    /// The name that the app gives its text: `content` is what Codraft's own editor shows.
    #[param(min_length = 1, max_length = 1024, default = "content")]
    field: Option<String>,
}

impl Field {
    /// The name, checked.
    pub(super) fn name(self) -> Result<String, Problem> {
        let field = self.field.unwrap_or_else(|| CONTENT.to_owned());
        if field.is_empty() || field.len() > DOC_ID_BYTES {
            return Err(Problem::bad(format!("A field's name has 1 to {DOC_ID_BYTES} bytes.")));
        }
        Ok(field)
    }
}

/// What must be so for a change to be made.
pub(super) fn condition(headers: &HeaderMap) -> Condition {
    if let Some(value) = list(headers, &header::IF_MATCH) {
        return Condition::Match(Tags::read(&value, false));
    }
    match known(headers) {
        Some(tags) => Condition::NoneMatch(tags),
        None => Condition::None,
    }
}

/// The texts that whoever asks has already.
pub(super) fn known(headers: &HeaderMap) -> Option<Tags> {
    list(headers, &header::IF_NONE_MATCH).map(|value| Tags::read(&value, true))
}

/// Whether whoever asks has what this tag is of.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let is_it = |known: &str| known == "*" || known.trim_start_matches("W/") == tag;
    let known = list(headers, &header::IF_NONE_MATCH);
    known.is_some_and(|known| known.split(',').any(|known| is_it(known.trim())))
}

/// A header that is a list, in one piece. What is no text in it names nothing.
fn list(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default());
    let values: Vec<&str> = values.collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Whether a body is said to be JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|media_type| media_type == "application/json")
}

/// Whether a body is said to be text in another encoding than UTF-8.
pub(super) fn has_other_charset(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let parameters = value.into_iter().flat_map(|value| value.split(';').skip(1));
    let charsets = parameters.filter_map(|parameter| {
        let (name, charset) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| charset.trim().trim_matches('"'))
    });
    let is_utf8 = |charset: &str| ["utf-8", "utf8", "us-ascii"].contains(&&*charset.to_lowercase());
    charsets.into_iter().any(|charset| !is_utf8(charset))
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}
