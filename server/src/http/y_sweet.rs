//! What an app's backend asks a y-sweet server for: a document's name, and what a client needs to connect to it. It knows
//! tokens, no rooms. Source of the shapes: `jamsocket/y-sweet`, `crates/y-sweet-core/src/api_types.rs`.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Json, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use codraft_core::DocId;
use serde::{Deserialize, Serialize};
use tracing::error;

use super::App;
use super::api::problem::Problem;
use crate::access::Role;
use crate::request::Request;

/// How long a client's token is good for where nothing else is asked.
const VALID_FOR_SECONDS: u64 = 3_600;
/// The longest time that may be asked for: a token cannot be taken back.
const VALID_FOR_SECONDS_MOST: u64 = 30 * 24 * 3_600;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewDocument {
    doc_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Named<'a> {
    doc_id: &'a str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WantsIn {
    authorization: Authorization,
    valid_for_seconds: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Authorization {
    #[default]
    Full,
    ReadOnly,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WayIn<'a> {
    url: String,
    base_url: String,
    doc_id: &'a str,
    token: String,
    authorization: Authorization,
}

/// `POST /check_store`: whether the store can be used.
pub(super) async fn check_store(State(app): State<App>) -> Response {
    Json(serde_json::json!({ "ok": !app.is_read_only })).into_response()
}

/// `POST /doc/new`: lets a document exist under the name that was given, or a fresh one; one that exists stays as it is.
pub(super) async fn new_document(
    State(app): State<App>,
    wanted: Option<Json<NewDocument>>,
) -> Result<Response, Problem> {
    let name = match wanted.and_then(|Json(wanted)| wanted.doc_id) {
        Some(name) => name,
        None => fresh_name()?,
    };
    let name = document(&name)?;
    app.change(name.clone(), Request::Create).await?;
    Ok(Json(Named { doc_id: name.as_str() }).into_response())
}

/// `POST /doc/{doc}/auth`: where a client connects, and the token that lets it in.
pub(super) async fn way_in(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    wanted: Option<Json<WantsIn>>,
) -> Result<Response, Problem> {
    let name = document(&name)?;
    let address = app.address(&headers);
    let address =
        address.ok_or_else(|| Problem::bad("A request names the host it is for, once."))?;
    let WantsIn { authorization, valid_for_seconds } =
        wanted.map_or_else(WantsIn::default, |Json(wanted)| wanted);
    let role = match authorization {
        Authorization::Full => Role::Editor,
        Authorization::ReadOnly => Role::Viewer,
    };
    let seconds = valid_for_seconds.unwrap_or(VALID_FOR_SECONDS).min(VALID_FOR_SECONDS_MOST);
    let token = app.tokens.mint(&name, role, Duration::from_secs(seconds));
    let encoded = percent_encoding::utf8_percent_encode(name.as_str(), SEGMENT);
    let base_url = format!("{address}/d/{encoded}");
    let url = format!("{}/ws", base_url.replacen("http", "ws", 1));
    let way_in = WayIn { url, base_url, doc_id: name.as_str(), token, authorization };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(way_in)).into_response())
}

/// `GET /d/{doc}/as-update`: the whole document, for whoever has a token for it.
pub(super) async fn as_update(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let name = document(&name)?;
    role(&app, &headers, &name)?;
    app.expect_document(&name).await?;
    let whole = |reply| Request::Update { state_vector: None, reply };
    let (update, _) = app.ask(name, whole).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], update).into_response())
}

/// `POST /d/{doc}/update`: merges an update; answered when it is on disk.
pub(super) async fn merge(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let name = document(&name)?;
    if !role(&app, &headers, &name)?.may_write() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "This token is for reading only."));
    }
    let (update, _space) = app.bodies.take(body, app.limits.frame_bytes).await?;
    app.change(name, |reply| Request::Merge { update, reply }).await?;
    Ok(StatusCode::OK)
}

fn document(name: &str) -> Result<DocId, Problem> {
    DocId::new(name)
        .map_err(|error| Problem::bad(format!("This cannot be a document's name: {error}.")))
}

/// What the token in a request's head allows.
fn role(app: &App, headers: &HeaderMap, name: &DocId) -> Result<Role, Problem> {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    app.tokens.role(token, name).map_err(|denied| {
        Problem::new(StatusCode::UNAUTHORIZED, format!("This does not work: {denied}."))
    })
}

/// What is not itself in one segment of a path.
const SEGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// 128 random bits: nobody finds it by trying.
fn fresh_name() -> Result<String, Problem> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| {
        error!(%error, "there are no random numbers");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "No name could be made up.")
    })?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
