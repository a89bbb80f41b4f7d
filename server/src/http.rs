//! The routes: pages, assets and the door for sockets. It knows the hub; it does not know rooms.

mod assets;
mod upgrade;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use codraft_core::limits::FRAME_BYTES;
use codraft_core::{DocId, DocIdError};
use percent_encoding::percent_decode_str;
use tokio::sync::watch;

use crate::close::Close;
use crate::hub::Hub;
use crate::mail::PeerId;
use crate::socket;
use crate::wire::Wire;
use upgrade::{NoHandshake, Upgrade};

/// What a page may load: itself, its WebAssembly and its socket. Nothing inline, nothing foreign.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What the routes share.
#[derive(Clone)]
pub(crate) struct App {
    hub: Hub,
    closing: watch::Receiver<()>,
    peers: Arc<AtomicU64>,
    is_read_only: bool,
}

impl App {
    pub(crate) fn new(hub: Hub, closing: watch::Receiver<()>, is_read_only: bool) -> Self {
        Self { hub, closing, peers: Arc::default(), is_read_only }
    }
}

/// All routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/", get(start_page))
        .route("/d/{doc}", get(editor_page))
        .route("/assets/{*path}", get(asset))
        .route("/favicon.svg", get(favicon))
        // What browsers ask for where a page names none.
        .route("/favicon.ico", get(favicon))
        .route("/healthz", get(health))
        .route("/ws/", any(y_websocket))
        .route("/ws/{*doc}", any(y_websocket))
        .fallback(|| async { sentence(StatusCode::NOT_FOUND, "There is nothing at this address.") })
        .layer(middleware::from_fn(secure))
        .with_state(app)
}

async fn start_page(headers: HeaderMap) -> Response {
    assets::page("index.html", &headers)
}

async fn editor_page(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match DocId::new(&name) {
        Ok(_) => assets::page("editor.html", &headers),
        Err(error) => bad_name(error),
    }
}

/// A read-only server is alive, and a restart would not change what it says: that is for people to notice.
async fn health(State(app): State<App>) -> &'static str {
    if app.is_read_only { "read-only\n" } else { "ok\n" }
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    assets::asset(&format!("assets/{path}"), &headers)
}

async fn favicon(headers: HeaderMap) -> Response {
    assets::asset("favicon.svg", &headers)
}

/// The y-websocket door. A name that cannot be a document's is refused on the open socket: a stock client takes an HTTP
/// error for a network failure and would try for ever.
async fn y_websocket(
    State(app): State<App>,
    upgrade: Result<Upgrade, NoHandshake>,
    request: Request,
) -> Response {
    let name = document_name(request.uri().path());
    let upgrade = match (upgrade, &name) {
        (Ok(upgrade), _) => upgrade,
        (Err(NoHandshake), Err(error)) => return bad_name(*error),
        (Err(NoHandshake), Ok(_)) => {
            return sentence(
                StatusCode::UPGRADE_REQUIRED,
                "This address is for WebSocket connections of Yjs clients.",
            );
        }
    };
    let id = PeerId(app.peers.fetch_add(1, Ordering::Relaxed));
    upgrade.then(async move |upgraded| {
        let wire = Wire::new(upgraded, FRAME_BYTES).await;
        match name {
            Ok(name) => socket::serve(wire, name, id, app.hub, app.closing).await,
            Err(error) => wire.close(Close::malformed(&error.to_string())).await,
        }
    })
}

/// The document behind `/ws/`: everything up to the query, slashes included, decoded once.
fn document_name(path: &str) -> Result<DocId, DocIdError> {
    let encoded = path.strip_prefix("/ws/").unwrap_or_default();
    DocId::from_bytes(&percent_decode_str(encoded).collect::<Vec<u8>>())
}

fn bad_name(error: DocIdError) -> Response {
    sentence(StatusCode::BAD_REQUEST, &format!("This cannot be a document's address: {error}."))
}

fn sentence(status: StatusCode, text: &str) -> Response {
    (status, format!("{text}\n")).into_response()
}

async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_everything_after_the_prefix_decoded_once() {
        let name = |path: &str| document_name(path).map(|id| id.as_str().to_owned());
        assert_eq!(name("/ws/a/b%20c").as_deref(), Ok("a/b c"));
        assert_eq!(name("/ws/%E6%97%A5%2520").as_deref(), Ok("日%20"));
        assert_eq!(name("/ws/a%00b"), Err(DocIdError::Control));
        assert_eq!(name("/ws/%ff"), Err(DocIdError::NotUtf8));
        assert_eq!(name("/ws/a/%2e%2e/b"), Err(DocIdError::DotSegment));
    }
}
