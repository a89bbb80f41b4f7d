//! Documents over HTTP, for clients that are not live: routes, and their description, which is made from them. It knows
//! requests, not rooms.
//!
//! Changes are answered when they are on disk. Who reads does not make a document, nor keep one in memory for long.

mod answer;
mod documents;
mod events;
pub(super) mod problem;
pub(super) mod take;
mod text;
mod updates;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{any, get};
use bytes::Bytes;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use problem::Problem;

/// What the description says about all routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Codraft",
        description = "Documents of a Codraft server for programs that are not live. People who are connected see every \
                       change at once. A change is answered when it is on disk.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(problem::Body)),
    tags((name = "documents"), (name = "text"), (name = "updates"), (name = "events"))
)]
struct Description;

/// The routes under `/api`.
pub(super) fn router() -> Router<App> {
    let (router, description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(documents::list))
        .routes(routes!(documents::describe, documents::create, documents::delete))
        .routes(routes!(text::fields))
        .routes(routes!(text::read, text::replace, text::splice))
        .routes(routes!(updates::read, updates::merge))
        .routes(routes!(events::listen))
        .split_for_parts();
    let json = description.to_json().expect("a description of strings is JSON");
    let json = Bytes::from(json);
    router
        .route("/api/openapi.json", get(async move || describe(json)))
        .route("/api/{*rest}", any(|| async { Problem::nothing_here() }))
        .method_not_allowed_fallback(|| async { Problem::not_allowed() })
}

fn describe(json: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], json)
}
