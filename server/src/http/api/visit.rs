//! Who asks: what a request shows, as far as it can be looked at without the document's room. It knows headers, no rights.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use codraft_core::DocId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::problem::Problem;
use super::take::Name;
use crate::access::{Claim, Denied, FILES_PASS, LinkId, Minted, Pass, Visitor};
use crate::door::Guest;
use crate::http::App;
use crate::origin::Origin;

/// Somebody who asks something of a document.
#[derive(Debug, Clone)]
pub(in crate::http) struct Visit {
    pub(in crate::http) name: DocId,
    pub(in crate::http) visitor: Visitor,
}

/// The same, by whoever cannot send headers: what they show may stand in the address, because it is good for a minute.
pub(super) struct BareVisit(pub(super) Visit);

/// Somebody who wants a file: they show what everybody shows, or their browser shows a cookie by itself, since pictures of a
/// page are asked for without anything else.
pub(super) struct FileVisit(pub(super) Visit);

/// The name of that cookie.
const FILES_COOKIE: &str = "codraft-files";

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
        let shown = shown_anywhere(&parts.headers, &parts.uri);
        app.visit(name, guest(parts), &shown).await.map(Self)
    }
}

impl FromRequestParts<App> for FileVisit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if !shown(&parts.headers).is_empty() {
            return Visit::from_request_parts(parts, app).await.map(Self);
        }
        let Name(name) = Name::from_request_parts(parts, app).await?;
        // One that fails is no attempt: nobody finds a signature by trying, and a page may show many pictures.
        let pass = app.doorkeeper.access.reader(cookie(&parts.headers), &name)?;
        Ok(Self(app.visit_as(name, guest(parts), pass)))
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

/// A cookie that lets a browser read a document's files, and that it sends for nothing else. From a frame on another site's
/// page browsers send only what was meant for that, and keep it apart for each site around it (CHIPS).
pub(super) fn files_cookie(
    app: &App,
    name: &DocId,
    pass: Pass,
    link: Option<LinkId>,
    is_framed: bool,
) -> String {
    let Minted { token, .. } = app.doorkeeper.access.tokens.files_pass(name, pass, link);
    let is_secure = app.public_url.as_ref().is_some_and(Origin::is_secure);
    let sites = match (is_framed, is_secure) {
        (true, _) => "SameSite=None; Secure; Partitioned",
        (false, true) => "SameSite=Strict; Secure",
        (false, false) => "SameSite=Strict",
    };
    let seconds = FILES_PASS.as_secs();
    let path = files_path(name);
    format!("{FILES_COOKIE}={token}; Path={path}; Max-Age={seconds}; HttpOnly; {sites}")
}

/// Where the files of a document are. Nothing in it means anything in Markdown or in a cookie.
pub(super) fn files_path(name: &DocId) -> String {
    const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    format!("/api/docs/{}/files", utf8_percent_encode(name.as_str(), PLAIN))
}

/// The cookie for files; nothing where there is none.
fn cookie(headers: &HeaderMap) -> &str {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).map(str::trim);
    let shown = cookies.find_map(|cookie| cookie.strip_prefix(FILES_COOKIE)?.strip_prefix('='));
    shown.unwrap_or_default()
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

/// The same, or else the token in the address: browsers send no headers of a page's with a handshake or when they listen to
/// events, and stock clients put theirs there.
pub(crate) fn shown_anywhere(headers: &HeaderMap, uri: &Uri) -> String {
    match shown(headers) {
        "" => token_of(uri),
        shown => shown.to_owned(),
    }
}

fn token_of(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let token = query.split('&').find_map(|pair| pair.strip_prefix("token=")).unwrap_or_default();
    percent_decode_str(token).decode_utf8_lossy().into_owned()
}
