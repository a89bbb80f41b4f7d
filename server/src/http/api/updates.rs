//! A document as Yjs knows it: updates in the v1 encoding, out and in. It knows bytes; the gate reads them.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::take::{self, Name};
use super::visit::Visit;
use crate::http::App;
use crate::request::Request;

const BINARY: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// The alphabet that needs no escapes in addresses; the padding is as you like it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A Yjs update in the v1 encoding.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it only describes what is sent")]
struct Update(Bytes);

/// What somebody has already.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Has {
    /// A state vector (v1) in base64url: only what it lacks is sent. Without it, everything is.
    #[param(min_length = 1)]
    sv: Option<String>,
}

/// Reads the document as a Yjs update.
#[utoipa::path(get, path = "/api/docs/{doc}/update", tag = "updates", params(
    Name,
    Has,
), responses(
    (status = 200, description = "An update in the v1 encoding.", body = Update, content_type = "application/octet-stream"),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn read(
    State(app): State<App>,
    visit: Visit,
    has: Result<Query<Has>, QueryRejection>,
) -> Result<Response, Problem> {
    let decode = |sv: String| BASE64.decode(sv);
    let state_vector = take::query(has)?.sv.map(decode).transpose();
    let state_vector = state_vector
        .map_err(|error| Problem::bad(format!("sv is a state vector in base64url: {error}")))?
        .map(Into::into);
    app.expect_document(&visit).await?;
    let (update, _) = app.ask(&visit, |reply| Request::Update { state_vector, reply }).await?;
    Ok(([(header::CONTENT_TYPE, BINARY)], update).into_response())
}

/// Merges a Yjs update. Creates the document if there never was one of this name.
#[utoipa::path(post, path = "/api/docs/{doc}/update", tag = "updates", params(
    Name,
), request_body(content = Update, content_type = "application/octet-stream", description = "An update in the v1 encoding."),
responses(
    (status = 201, description = "The document is new; the update is on disk."),
    (status = 204, description = "The update is on disk."),
    (status = 404, description = "The document was deleted."),
    (status = 409, description = "It builds on something the document lacks."),
    (status = 410, description = "It belongs to a document of this name that was deleted, or builds on it."),
    (status = 413, description = "The document would be too large."),
))]
pub(super) async fn merge(
    State(app): State<App>,
    visit: Visit,
    body: Body,
) -> Result<StatusCode, Problem> {
    app.expect_editor(&visit).await?;
    let (update, _space) = app.bodies.take(body, app.limits.frame_bytes).await?;
    let written = app.change(&visit, |reply| Request::Merge { update, reply }).await?;
    Ok(if written.is_new { StatusCode::CREATED } else { StatusCode::NO_CONTENT })
}
