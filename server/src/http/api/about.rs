//! What is said of a document: its title and its language, as people set them in the editor. It knows no rooms, and no
//! language.

use axum::Json;
use axum::extract::State;
use codraft_core::replica::{self, Fact};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;
use super::take::{Asked, Name};
use super::visit::Visit;
use crate::http::App;
use crate::request::Request;

/// What is said of a document; empty where nobody has said anything.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct About {
    /// What it is called.
    #[schema(max_length = 200)]
    title: String,
    /// What its text is written in, by the name that the editor gives it: `markdown`, `python`.
    #[schema(max_length = 40)]
    language: String,
}

/// What is to be said of it: what is missing stays, and an empty word takes back what was said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    title: Option<String>,
    language: Option<String>,
}

impl From<replica::About> for About {
    fn from(replica::About { title, language }: replica::About) -> Self {
        Self { title, language }
    }
}

/// Reads what is said of a document.
#[utoipa::path(get, path = "/api/docs/{doc}/about", tag = "documents", params(Name), responses(
    (status = 200, description = "What is said.", body = About),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn read(State(app): State<App>, visit: Visit) -> Result<Json<About>, Problem> {
    app.expect_document(&visit).await?;
    let (about, _) = app.ask(&visit, Request::About).await?;
    Ok(Json(about.into()))
}

/// Says something of a document; who has it open sees it at once. Longer words are cut.
#[utoipa::path(patch, path = "/api/docs/{doc}/about", tag = "documents", params(
    Name,
), request_body = Said, responses(
    (status = 200, description = "It is said, on disk.", body = About),
    (status = 404, description = "There is no such document."),
    (status = 409, description = "An app keeps something else under the name `codraft`."),
    (status = 413, description = "The document would be too large."),
))]
pub(super) async fn say(
    State(app): State<App>,
    visit: Visit,
    Asked(wanted): Asked<Said>,
) -> Result<Json<About>, Problem> {
    let Said { title, language } = wanted;
    let said = [(Fact::Title, title), (Fact::Language, language)];
    let said = said.into_iter().filter_map(|(fact, words)| Some((fact, words?))).collect();
    app.expect_document(&visit).await?;
    app.change(&visit, |reply| Request::Say { said, reply }).await?;
    read(State(app), visit).await
}
