//! Who asks: what a request shows, as far as it can be looked at without the document's room. It knows headers, no rights.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use codraft_core::DocId;

use super::problem::Problem;
use super::take::Name;
use crate::access::{Claim, Denied, Pass, Visitor};
use crate::door::Guest;
use crate::http::{App, token_of};

/// Somebody who asks something of a document.
#[derive(Debug, Clone)]
pub(in crate::http) struct Visit {
    pub(in crate::http) name: DocId,
    pub(in crate::http) visitor: Visitor,
}

/// The same, by whoever cannot send headers: what they show may stand in the address, because it is good for a minute.
pub(super) struct BareVisit(pub(super) Visit);

/// Whoever may do what takes the admin key; everybody, where everybody may do everything.
pub(in crate::http) struct Administrator;

/// Whoever shows the admin key.
pub(in crate::http) struct WithAdminKey;

impl FromRequestParts<App> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Name(name) = Name::from_request_parts(parts, app).await?;
        let visit = app.visit(name, guest(parts), shown(&parts.headers)).await?;
        // A ticket stands in an address, where others may read it: it must not buy what lasts.
        if visit.visitor.pass.is_ticket { Err(Denied::Unknown.into()) } else { Ok(visit) }
    }
}

impl FromRequestParts<App> for BareVisit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Name(name) = Name::from_request_parts(parts, app).await?;
        let token = token_of(&parts.uri);
        let shown = Some(shown(&parts.headers)).filter(|shown| !shown.is_empty());
        app.visit(name, guest(parts), shown.unwrap_or(&token)).await.map(Self)
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if !app.doorkeeper.access.is_for_all() {
            WithAdminKey::from_request_parts(parts, app).await?;
        }
        Ok(Self)
    }
}

impl FromRequestParts<App> for WithAdminKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let shown = shown(&parts.headers);
        let from = guest(parts).map(|guest| guest.address.ip());
        if app.doorkeeper.is_admin(shown, from).await? {
            return Ok(Self);
        }
        let status =
            if shown.is_empty() { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        let detail = "This takes the admin key: Authorization: Bearer and the key. `codraft admin new` makes one.";
        Err(Problem::new(status, detail))
    }
}

impl Visit {
    /// Whether they come by a link, of which only the document knows.
    pub(super) fn is_by_link(&self) -> bool {
        !matches!(self.visitor.pass.claim, Claim::Role(_))
    }

    /// What is said of a document that is not there: to whom that is no secret.
    pub(super) fn absent(&self, why: Problem) -> Problem {
        if self.is_by_link() { Denied::Unknown.into() } else { why }
    }
}

impl App {
    /// Somebody whose pass is certain.
    pub(in crate::http) fn visit_as(&self, name: DocId, guest: Option<Guest>, pass: Pass) -> Visit {
        let from = guest.map(|guest| guest.address.ip());
        Visit { name, visitor: Visitor { pass, from } }
    }

    /// Somebody who shows this, if it may be worth something.
    pub(in crate::http) async fn visit(
        &self,
        name: DocId,
        guest: Option<Guest>,
        shown: &str,
    ) -> Result<Visit, Problem> {
        let from = guest.map(|guest| guest.address.ip());
        let pass = self.doorkeeper.look(shown, &name, from).await?;
        Ok(Visit { name, visitor: Visitor { pass, from } })
    }
}

fn guest(parts: &Parts) -> Option<Guest> {
    parts.extensions.get::<Guest>().copied()
}

/// What a request shows; nothing where it shows nothing.
fn shown(headers: &HeaderMap) -> &str {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((scheme, shown)) = value.and_then(|value| value.split_once(' ')) else { return "" };
    if scheme.eq_ignore_ascii_case("bearer") { shown.trim() } else { "" }
}
