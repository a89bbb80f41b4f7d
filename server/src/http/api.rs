//! Documents over HTTP, for clients that are not live: routes, and their description, which is made from them. It knows
//! requests, not rooms.
//!
//! Changes are answered when they are on disk. Who reads does not make a document, and keeps one in memory no longer than whoever connects and
//! leaves.

mod about;
mod answer;
mod bodies;
mod description;
mod documents;
mod events;
mod files;
mod links;
pub(super) mod problem;
pub(super) mod take;
mod text;
mod updates;
pub(super) mod visit;
pub(super) mod ways_in;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use problem::Problem;

pub(crate) use bodies::Bodies;

/// The routes under `/api`.
pub(super) fn router() -> Router<App> {
    let (router, said) = OpenApiRouter::with_openapi(description::beginning())
        .routes(routes!(documents::list, ways_in::begin))
        .routes(routes!(documents::describe, documents::create, documents::delete))
        .routes(routes!(about::read, about::say))
        .routes(routes!(text::fields))
        .routes(routes!(text::read, text::replace, text::splice))
        .routes(routes!(updates::read, updates::merge))
        .routes(routes!(events::listen))
        .routes(routes!(files::list, files::keep))
        .routes(routes!(files::read, files::remove))
        .routes(routes!(ways_in::mode))
        .routes(routes!(ways_in::ticket))
        .routes(routes!(ways_in::token))
        .routes(routes!(links::list, links::add))
        .routes(routes!(links::change, links::revoke))
        .routes(routes!(links::kick))
        .split_for_parts();
    let description = description::finished(said).to_json();
    let json = Bytes::from(description.expect("what is made of strings is JSON"));
    router
        .route("/api/openapi.json", get(async move || describe(json)))
        .route("/api/{*rest}", any(|| async { Problem::nothing_here() }))
        .method_not_allowed_fallback(|| async { Problem::not_allowed() })
}

/// A request that is refused before it gets to a route.
pub(super) fn refused(status: StatusCode, detail: &str) -> Response {
    Problem::new(status, detail).into_response()
}

fn describe(json: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], json)
}
