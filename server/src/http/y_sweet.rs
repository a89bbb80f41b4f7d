//! What an app's backend asks a y-sweet server for: a document's name, and what a client needs to connect to it. It knows
//! tokens, no rooms. Source of the shapes: `jamsocket/y-sweet`, `crates/y-sweet-core/src/api_types.rs`.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Json, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use codraft_core::DocId;
use serde::{Deserialize, Serialize};

use super::api::problem::Problem;
use super::api::take::Name;
use super::api::visit::{Administrator, Visit};
use super::api::ways_in::{TOKEN_SECONDS, TOKEN_SECONDS_MOST, person_id};
use super::{App, fresh_name};
use crate::access::{Pass, Person, Role, Scope};
use crate::door::Guest;
use crate::request::Request;

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
    user_id: Option<String>,
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
/// Takes the admin key, which is what y-sweet calls a server token.
pub(super) async fn new_document(
    State(app): State<App>,
    _administrator: Administrator,
    wanted: Option<Json<NewDocument>>,
) -> Result<Response, Problem> {
    let name = match wanted.and_then(|Json(wanted)| wanted.doc_id) {
        Some(name) => name,
        None => fresh_name()?,
    };
    let name = DocId::new(&name)
        .map_err(|error| Problem::bad(format!("This cannot be a document's name: {error}.")))?;
    let visit = app.visit_as(name, None, Pass::admin());
    app.change(&visit, |reply| Request::Create { link: None, reply }).await?;
    Ok(Json(Named { doc_id: visit.name.as_str() }).into_response())
}

/// `POST /doc/{doc}/auth`: where a client connects, and the token that lets it in. Takes the admin key likewise.
pub(super) async fn way_in(
    State(app): State<App>,
    Extension(guest): Extension<Guest>,
    Name(name): Name,
    _administrator: Administrator,
    headers: HeaderMap,
    wanted: Option<Json<WantsIn>>,
) -> Result<Response, Problem> {
    let address = app.address(&headers);
    let address =
        address.ok_or_else(|| Problem::bad("A request names the host it is for, once."))?;
    let WantsIn { authorization, user_id, valid_for_seconds } =
        wanted.map_or_else(WantsIn::default, |Json(wanted)| wanted);
    let role = match authorization {
        Authorization::Full => Role::Editor,
        Authorization::ReadOnly => Role::Viewer,
    };
    let seconds = valid_for_seconds.unwrap_or(TOKEN_SECONDS).min(TOKEN_SECONDS_MOST);
    let person = Person { id: person_id(user_id)?.into(), ..Person::default() };
    let docs = vec![name.as_str().to_owned()];
    // Where anybody may ask, what they get is worth nothing anywhere else.
    let is_open = app.doorkeeper.access.is_for_all();
    let scope = Scope { docs, prefix: None, role, person, is_open };
    let token = app.mint(scope, seconds, guest).token;
    let encoded = percent_encoding::utf8_percent_encode(name.as_str(), SEGMENT);
    let base_url = format!("{address}/d/{encoded}");
    let url = format!("{}/ws", base_url.replacen("http", "ws", 1));
    let way_in = WayIn { url, base_url, doc_id: name.as_str(), token, authorization };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(way_in)).into_response())
}

/// `GET /d/{doc}/as-update`: the whole document, for whoever has a token for it.
pub(super) async fn as_update(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    app.expect_document(&visit).await?;
    let whole = |reply| Request::Update { state_vector: None, reply };
    let (update, _) = app.ask(&visit, whole).await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], update).into_response())
}

/// `POST /d/{doc}/update`: merges an update; answered when it is on disk.
pub(super) async fn merge(
    State(app): State<App>,
    visit: Visit,
    body: Body,
) -> Result<StatusCode, Problem> {
    app.expect_editor(&visit).await?;
    let (update, _space) = app.bodies.take(body, app.limits.frame_bytes).await?;
    app.change(&visit, |reply| Request::Merge { update, reply }).await?;
    Ok(StatusCode::OK)
}

/// What is not itself in one segment of a path.
const SEGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
