//! What an app's backend asks a y-sweet server for: a document's name, and what a client needs to connect to it. It knows
//! tokens, no rooms. Source of the shapes: `jamsocket/y-sweet`, `crates/y-sweet-core/src/api_types.rs`.

use std::time::Duration;

use axum::extract::{Json, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use codraft_core::DocId;
use serde::{Deserialize, Serialize};
use tracing::error;

use super::{App, bad_name, sentence};
use crate::access::Role;

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

/// `POST /doc/new`: a name for a document, the one that was given or a fresh one.
pub(super) async fn new_document(wanted: Option<Json<NewDocument>>) -> Response {
    let name = match wanted.and_then(|Json(wanted)| wanted.doc_id) {
        Some(name) => name,
        None => match fresh_name() {
            Ok(name) => name,
            Err(error) => {
                error!(%error, "there are no random numbers");
                return sentence(StatusCode::INTERNAL_SERVER_ERROR, "No name could be made up.");
            }
        },
    };
    match DocId::new(&name) {
        Ok(name) => Json(Named { doc_id: name.as_str() }).into_response(),
        Err(error) => bad_name(error),
    }
}

/// `POST /doc/{doc}/auth`: where a client connects, and the token that lets it in.
pub(super) async fn way_in(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    wanted: Option<Json<WantsIn>>,
) -> Response {
    let name = match DocId::new(&name) {
        Ok(name) => name,
        Err(error) => return bad_name(error),
    };
    let Some(address) = app.address(&headers) else {
        return sentence(StatusCode::BAD_REQUEST, "A request names the host it is for, once.");
    };
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
    ([(header::CACHE_CONTROL, "no-store")], Json(way_in)).into_response()
}

/// What is not itself in one segment of a path.
const SEGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// 128 random bits: nobody finds it by trying.
fn fresh_name() -> Result<String, getrandom::Error> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
