//! The links by which people come to a document: its owners make, change and revoke them. It knows no rooms, and keeps no
//! secret.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;
use super::take::{Asked, LinkName, Name, private};
use super::visit::Visit;
use crate::access::{Mode, Role, Secret, now};
use crate::http::App;
use crate::request::Request;
use crate::rights::{self, Wish};

/// The longest time for which something may be good that ends at all, in seconds: ten years.
const SECONDS_MOST: u64 = 10 * 366 * 24 * 3_600;
/// How long somebody is sent away, unless it is said: a day.
const BAR_SECONDS: u64 = 24 * 3_600;

/// A link to a document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Link {
    id: String,
    /// What the owners call it.
    name: String,
    role: Role,
    /// In seconds since 1970.
    created: u64,
    /// When it ends, in seconds since 1970; absent for one that does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<Used>,
    /// What makes it a way in: it stands behind `#key=` in the address, and is said this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// Who came by a link last.
#[derive(Debug, Serialize, ToSchema)]
struct Used {
    /// In seconds since 1970, to a minute.
    at: u64,
    /// What they were called; absent where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

/// All links of a document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Links {
    links: Vec<Link>,
}

/// A link that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewLink {
    #[serde(default)]
    name: String,
    role: Role,
    /// Seconds from now; without an end unless it is said.
    #[schema(minimum = 1)]
    valid_for_seconds: Option<u64>,
}

/// What is to be different about a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LinkChange {
    name: Option<String>,
    role: Option<Role>,
    /// Seconds from now; `null` for a link without an end.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<u64>, minimum = 1)]
    valid_for_seconds: Option<Option<u64>>,
}

/// Who is to be sent away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Removal {
    /// Their id, as presence tells it.
    #[schema(min_length = 1)]
    user: String,
    /// For how long they may not come back; a day unless it is said. 0 lets them come back.
    for_seconds: Option<u64>,
}

impl Link {
    /// One that was just made.
    pub(super) fn made(link: rights::Link, secret: &Secret) -> Self {
        Self { secret: Some(secret.text().to_owned()), ..Self::of(link, None) }
    }

    fn of(link: rights::Link, by: Option<Arc<str>>) -> Self {
        let rights::Link { id, name, role, created, expires, used, .. } = link;
        let by = by.map(|by| by.as_ref().to_owned());
        let used = used.map(|used| Used { at: used.at, by });
        Self { id: id.as_ref().to_owned(), name, role, created, expires, used, secret: None }
    }
}

/// Lists the links to a document. Takes an owner.
#[utoipa::path(get, path = "/api/docs/{doc}/links", tag = "sharing", params(Name), responses(
    (status = 200, description = "In the order in which they were made.", body = Links),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn list(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let links = app.links(&visit).await?;
    Ok((private(), Json(Links { links })).into_response())
}

/// Makes a link. Takes an owner; the secret is said this once.
#[utoipa::path(post, path = "/api/docs/{doc}/links", tag = "sharing", params(Name), request_body = NewLink, responses(
    (status = 201, description = "It works, and is on disk.", body = Link),
    (status = 404, description = "There is no such document."),
    (status = 409, description = "There are too many already; or the server does not run with `--access links`."),
))]
pub(super) async fn add(
    State(app): State<App>,
    visit: Visit,
    Asked(wanted): Asked<NewLink>,
) -> Result<Response, Problem> {
    let NewLink { name, role, valid_for_seconds } = wanted;
    let expires = valid_for_seconds.map(in_seconds).transpose()?;
    app.expect_document(&visit).await?;
    app.expect_links()?;
    let secret = Secret::link().map_err(|_| Problem::no_random())?;
    let link = rights::Link::new(secret.hash(), &name, role, now(), expires);
    let made = link.clone();
    app.change(&visit, |reply| Request::AddLink { link: made, reply }).await?;
    Ok((StatusCode::CREATED, private(), Json(Link::made(link, &secret))).into_response())
}

/// Changes a link; whoever is here by it may do what it says then within a second. Takes an owner.
#[utoipa::path(patch, path = "/api/docs/{doc}/links/{id}", tag = "sharing", params(
    Name,
    ("id" = String, Path, description = "The link's id."),
), request_body = LinkChange, responses(
    (status = 200, description = "It is changed, on disk.", body = Link),
    (status = 404, description = "There is no such document, or no such link."),
    (status = 409, description = "Nobody would own the document."),
))]
pub(super) async fn change(
    State(app): State<App>,
    visit: Visit,
    LinkName(id): LinkName,
    Asked(wanted): Asked<LinkChange>,
) -> Result<Response, Problem> {
    let LinkChange { name, role, valid_for_seconds } = wanted;
    let expires = valid_for_seconds.map(|seconds| seconds.map(in_seconds).transpose());
    let wish = Wish { name, role, expires: expires.transpose()? };
    app.expect_document(&visit).await?;
    app.expect_links()?;
    let change = |reply| Request::ChangeLink { id: id.clone(), wish, reply };
    app.change(&visit, change).await?;
    let link = app.links(&visit).await?.into_iter().find(|link| link.id == id);
    // Somebody else may have revoked it meanwhile.
    let link = link.ok_or_else(|| Problem::from(rights::Unchanged::NoLink))?;
    Ok((private(), Json(link)).into_response())
}

/// Revokes a link; whoever is here by it is sent away within a second. Takes an owner.
#[utoipa::path(delete, path = "/api/docs/{doc}/links/{id}", tag = "sharing", params(
    Name,
    ("id" = String, Path, description = "The link's id."),
), responses(
    (status = 204, description = "It does not work any more; that is on disk."),
    (status = 404, description = "There is no such document, or no such link."),
    (status = 409, description = "Nobody would own the document."),
))]
pub(super) async fn revoke(
    State(app): State<App>,
    visit: Visit,
    LinkName(id): LinkName,
) -> Result<StatusCode, Problem> {
    app.expect_document(&visit).await?;
    app.change(&visit, |reply| Request::RevokeLink { id, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends somebody away, from all their connections, for a while. A guest can come back as another one while their link
/// works. Takes an owner.
#[utoipa::path(post, path = "/api/docs/{doc}/kick", tag = "sharing", params(Name), request_body = Removal, responses(
    (status = 204, description = "They are away; that is on disk."),
    (status = 404, description = "There is no such document."),
))]
pub(super) async fn kick(
    State(app): State<App>,
    visit: Visit,
    Asked(removal): Asked<Removal>,
) -> Result<StatusCode, Problem> {
    let Removal { user, for_seconds } = removal;
    let until = match for_seconds {
        Some(0) => now(),
        seconds => in_seconds(seconds.unwrap_or(BAR_SECONDS))?,
    };
    app.expect_document(&visit).await?;
    let bar = |reply| Request::Bar { person: user.into(), until, reply };
    app.change(&visit, bar).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl App {
    /// An error where links let nobody in: what anybody may make or change there must not count once they do.
    fn expect_links(&self) -> Result<(), Problem> {
        if self.doorkeeper.access.mode == Mode::Links {
            return Ok(());
        }
        let detail = "Links let nobody in here: the server does not run with --access links.";
        Err(Problem::new(StatusCode::CONFLICT, detail))
    }

    async fn links(&self, visit: &Visit) -> Result<Vec<Link>, Problem> {
        self.expect_document(visit).await?;
        let (links, _) = self.ask(visit, Request::Links).await?;
        Ok(links.into_iter().map(|(link, by)| Link::of(link, by)).collect())
    }
}

/// When something ends that is good for so long.
pub(super) fn in_seconds(seconds: u64) -> Result<u64, Problem> {
    if (1..=SECONDS_MOST).contains(&seconds) {
        return Ok(now() + seconds);
    }
    Err(Problem::bad(format!("It may be good for 1 to {SECONDS_MOST} seconds.")))
}

/// Tells what is said to be nothing from what is not said.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
