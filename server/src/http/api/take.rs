//! What is taken out of a request: the document's name, its field, its conditions. It asks nobody.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use codraft_core::DocId;
use codraft_core::limits::DOC_ID_BYTES;
use codraft_core::replica::CONTENT;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::problem::Problem;
use crate::request::{Condition, Tags};

/// The name in the path.
pub(in crate::http) struct Name(pub(in crate::http) DocId);

impl<S: Sync + Send> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let bad = |error: &str| Problem::bad(format!("This cannot be a document's name: {error}."));
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|_| bad("a document's name must be UTF-8"))?;
        let name = params.iter().find_map(|(key, name)| (key == "doc").then_some(name));
        let name = DocId::new(name.unwrap_or_default()).map_err(|error| bad(&error.to_string()))?;
        Ok(Self(name))
    }
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
