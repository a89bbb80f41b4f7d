//! The routes: pages, assets, sockets and the numbers. It knows the hub; it does not know rooms.

mod admission;
mod api;
mod assets;
mod policy;
mod sockets;
mod upgrade;
mod y_sweet;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use codraft_core::{DocId, DocIdError};
use tokio::sync::watch;
use tracing::{debug, error, warn};

use crate::crumbs::Crumbs;
use crate::door::Guest;
use crate::doorkeeper::Doorkeeper;
use crate::hub::Hub;
use crate::limits::Limits;
use crate::metrics::{self, Metrics};
use crate::names;
use crate::origin::Origin;
use crate::shelves::Shelves;
use admission::{Refusal, wants_socket};
use api::problem::Problem;

pub(crate) use admission::Admission;
pub(crate) use api::Bodies;
pub(crate) use policy::framed_by;

/// How long whoever is turned away for want of room is asked to wait.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// What the routes share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) hub: Hub,
    pub(crate) closing: watch::Receiver<()>,
    pub(crate) admission: Arc<Admission>,
    /// What the server is called from outside, if that was said.
    pub(crate) public_url: Option<Origin>,
    /// What pages that are shown in frames may load, and whose these may be.
    pub(crate) framing: HeaderValue,
    pub(crate) limits: Limits,
    /// The space for what requests send.
    pub(crate) bodies: Bodies,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) doorkeeper: Doorkeeper,
    pub(crate) crumbs: Crumbs,
    pub(crate) shelves: Shelves,
    pub(crate) is_read_only: bool,
    /// The number of the next peer.
    pub(crate) peers: Arc<AtomicU64>,
}

impl App {
    /// The server's address from outside, or as whoever asks calls it; none when a request does not say.
    fn address(&self, headers: &HeaderMap) -> Option<String> {
        if let Some(public) = &self.public_url {
            return Some(public.to_string());
        }
        headers.get(header::HOST)?.to_str().ok().map(|host| format!("http://{host}"))
    }
}

/// All routes.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/", get(start_page))
        .route("/d/{doc}", get(editor_page))
        .route("/embed/{doc}", get(embedded_page))
        .route("/assets/{*path}", get(asset))
        .route("/favicon.svg", get(favicon))
        // What browsers ask for where a page names none.
        .route("/favicon.ico", get(favicon))
        .merge(assets::at_the_top())
        .merge(api::router())
        .route("/ws/", any(sockets::y_websocket))
        .route("/ws/{*doc}", any(sockets::y_websocket))
        .route("/d/{doc}/ws/{again}", any(sockets::y_sweet_socket))
        .route("/doc/new", post(y_sweet::new_document))
        .route("/doc/{doc}/auth", post(y_sweet::way_in))
        .route("/d/{doc}/as-update", get(y_sweet::as_update))
        .route("/d/{doc}/update", post(y_sweet::merge))
        .route("/check_store", post(y_sweet::check_store))
        .route("/hocuspocus", any(sockets::hocuspocus))
        .route("/hocuspocus/", any(sockets::hocuspocus))
        .fallback(|| async { nothing_here() })
        .layer(middleware::from_fn_with_state(app.clone(), turn_away))
        // A full server is still alive, and its operator wants to know why it is full.
        .route("/healthz", get(health))
        .route("/metrics", get(measure))
        .layer(middleware::from_fn_with_state(app.clone(), admit))
        .layer(middleware::from_fn(policy::secure))
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

/// The page of a document for frames on the pages of others.
async fn embedded_page(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let page = match DocId::new(&name) {
        Ok(_) => assets::page("embed.html", &headers),
        Err(error) => bad_name(error),
    };
    ([(header::CONTENT_SECURITY_POLICY, app.framing)], page).into_response()
}

/// A read-only server is alive, and a restart would not change what it says: that is for people to notice.
async fn health(State(app): State<App>) -> &'static str {
    if app.is_read_only { "read-only\n" } else { "ok\n" }
}

/// What the server has done, for Prometheus.
async fn measure(
    State(app): State<App>,
    Extension(guest): Extension<Guest>,
    headers: HeaderMap,
) -> Response {
    if !app.admission.may_measure(guest, &headers) {
        return nothing_here();
    }
    let crumbs = app.crumbs.clone();
    if let Ok(quarantined) = tokio::task::spawn_blocking(move || crumbs.quarantined()).await {
        app.metrics.quarantined.set(quarantined as i64);
    }
    match app.metrics.encode() {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            error!(%error, "the metrics cannot be written");
            sentence(StatusCode::INTERNAL_SERVER_ERROR, "The metrics cannot be written.")
        }
    }
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    assets::asset(&format!("assets/{path}"), &headers)
}

async fn favicon(headers: HeaderMap) -> Response {
    assets::asset("favicon.svg", &headers)
}

/// A name for a document that nobody finds by trying.
fn fresh_name() -> Result<String, Problem> {
    names::fresh().map_err(|_| Problem::no_random())
}

fn bad_name(error: DocIdError) -> Response {
    sentence(StatusCode::BAD_REQUEST, &format!("This cannot be a document's address: {error}."))
}

fn sentence(status: StatusCode, text: &str) -> Response {
    (status, format!("{text}\n")).into_response()
}

fn nothing_here() -> Response {
    sentence(StatusCode::NOT_FOUND, "There is nothing at this address.")
}

/// Looks at who asks whom before anything else does.
async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.admission.check(&request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            note(&app.metrics, refusal, request.headers());
            refused(refusal, request.uri().path().starts_with("/api/"))
        }
    }
}

/// A program that uses the API is told as it is told of everything else.
fn refused(refusal: Refusal, is_api: bool) -> Response {
    let (status, text) = (refusal.status(), refusal.sentence());
    if is_api { api::refused(status, text) } else { sentence(status, text) }
}

/// Turns away connections beyond the limits. WebSockets are opened to be told: a stock client takes an HTTP error for a
/// network failure.
async fn turn_away(State(app): State<App>, request: Request, next: Next) -> Response {
    let excess = request.extensions().get::<Guest>().and_then(|guest| guest.excess);
    let Some(excess) = excess else { return next.run(request).await };
    let refusal = Refusal::Excess(excess);
    note(&app.metrics, refusal, request.headers());
    if is_socket(request.uri().path()) && wants_socket(request.headers()) {
        return next.run(request).await;
    }
    let close = HeaderValue::from_static("close");
    let later = [(header::RETRY_AFTER, RETRY_AFTER_SECONDS), (header::CONNECTION, close)];
    (later, refused(refusal, request.uri().path().starts_with("/api/"))).into_response()
}

/// Whether an address is one where a socket is opened.
fn is_socket(path: &str) -> bool {
    path.starts_with("/ws/")
        || path.trim_end_matches('/') == "/hocuspocus"
        || path.strip_prefix("/d/").is_some_and(|rest| rest.contains("/ws/"))
}

/// Says the first time of each kind in the log, and counts every one.
fn note(metrics: &Metrics, refusal: Refusal, headers: &HeaderMap) {
    let (host, origin) = (headers.get(header::HOST), headers.get(header::ORIGIN));
    if metrics.refuse(refusal.reason()) {
        warn!(?host, ?origin, "refused, the first of this kind: {}", refusal.sentence());
    } else {
        debug!(?host, ?origin, "refused: {}", refusal.sentence());
    }
}
