//! How people get in: what a server asks of them, documents that begin with a link, tickets for a page's connections, and
//! tokens for an app's. It knows no rooms.

use std::time::Duration;

use axum::extract::{FromRequestParts, Request as HttpRequest, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use codraft_core::DocId;
use codraft_core::presence::clean_name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::links::Link;
use super::problem::Problem;
use super::take::{Asked, Name, private};
use super::visit::{Administrator, Visit, WithAdminKey, files_cookie};
use crate::access::{
    self, Access, Creation, Minted, Mode, PERSON_BYTES, Pass, Person, Role, Scope, Secret, now,
};
use crate::audit;
use crate::door::Guest;
use crate::http::App;
use crate::request::{Entered, Request};
use crate::rights;

/// How long a token is good for where nothing else is asked, and at most: it cannot be taken back by itself.
pub(in crate::http) const TOKEN_SECONDS: u64 = 3_600;
pub(in crate::http) const TOKEN_SECONDS_MOST: u64 = 30 * 24 * 3_600;
/// Characters of a number that a browser makes up for its person: at least 128 bits, in hexadecimal digits.
const GUEST_DIGITS: std::ops::RangeInclusive<usize> = 32..=128;
/// Names of documents in one token.
const DOCS: usize = 100;

/// What a server asks of those who come.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccessMode {
    /// How people come to documents.
    mode: Mode,
    /// Who may begin new ones.
    creates: Creation,
}

/// A document that has just begun.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Begun {
    name: String,
    /// The link with which somebody owns it, where there are links.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<Link>,
}

/// Who wants a ticket.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Comes {
    /// A number that whoever comes has made up, for guests: 32 to 128 hexadecimal digits, kept to themselves. The same one
    /// is the same person.
    #[schema(pattern = "^[0-9a-f]{32,128}$")]
    guest: Option<String>,
    /// It is for a page in a frame on another site's page: the cookie for files has to be one that is sent from there.
    #[serde(default)]
    framed: bool,
}

/// What opens a connection, for a minute.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TicketOut {
    /// For `?token=`; empty where none is needed.
    ticket: String,
    role: Role,
    valid_for_seconds: u64,
    /// The link that was shown, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// Who it lets in, as others see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonOut>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PersonOut {
    id: String,
}

/// The token that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Wanted {
    /// Names of documents.
    #[serde(default)]
    docs: Vec<String>,
    /// What names of documents begin with.
    prefix: Option<String>,
    role: Role,
    /// Who it is for: the same id for all connections of one person.
    #[schema(max_length = 128)]
    user: Option<String>,
    /// What others see.
    name: Option<String>,
    /// A colour of the palette: 0 to 9.
    #[schema(maximum = 9)]
    color: Option<u8>,
    /// An hour unless it is said, 30 days at most.
    #[schema(minimum = 1)]
    valid_for_seconds: Option<u64>,
}

/// A token that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenOut {
    token: String,
    /// In seconds since 1970.
    expires: u64,
}

/// Says what this server asks of those who come.
#[utoipa::path(get, path = "/api/access", tag = "sharing", responses(
    (status = 200, description = "How people come to documents.", body = AccessMode),
))]
pub(super) async fn mode(State(app): State<App>) -> impl IntoResponse {
    let Access { mode, creation, .. } = *app.doorkeeper.access;
    // An app's backend decides which documents there are.
    let creates = if mode == Mode::Tokens { Creation::Admin } else { creation };
    // No secret: a page of another site cannot read it, but finds out that there is a server, and can tell its developer.
    ([("cross-origin-resource-policy", "cross-origin")], Json(AccessMode { mode, creates }))
}

/// Begins a document under a name that nobody can guess; where there are links, with one that owns it.
#[utoipa::path(post, path = "/api/docs", tag = "documents", responses(
    (status = 201, description = "It is there, on disk.", body = Begun),
))]
pub(super) async fn begin(
    State(app): State<App>,
    request: HttpRequest,
) -> Result<Response, Problem> {
    let is_for_all = match app.doorkeeper.access.mode {
        Mode::Open => true,
        Mode::Links => app.doorkeeper.access.creation == Creation::Everyone,
        Mode::Tokens => false,
    };
    let (mut parts, _body) = request.into_parts();
    if !is_for_all {
        Administrator::from_request_parts(&mut parts, &app).await?;
    }
    let guest = parts.extensions.get().copied();
    let name = super::super::fresh_name()?;
    let name = DocId::new(&name).map_err(|error| Problem::bad(error.to_string()))?;
    let secret = Secret::link().map_err(|_| Problem::no_random())?;
    let link = (app.doorkeeper.access.mode == Mode::Links)
        .then(|| rights::Link::new(secret.hash(), "", Role::Owner, now(), None));
    let visit = app.visit_as(name, guest, Pass::anybody());
    let made = link.clone();
    app.change(&visit, |reply| Request::Create { link: made, reply }).await?;
    let link = link.map(|link| Link::made(link, &secret));
    let begun = Begun { name: visit.name.as_str().to_owned(), link };
    Ok((StatusCode::CREATED, private(), Json(begun)).into_response())
}

/// Gives a ticket for a connection to whoever shows a link or a token: it may stand in an address, where what lasts may not.
#[utoipa::path(post, path = "/api/docs/{doc}/ticket", tag = "sharing", params(Name), request_body = Option<Comes>, responses(
    (status = 200, description = "A ticket; and a cookie with which a browser reads the document's files.", body = TicketOut),
))]
pub(super) async fn ticket(
    State(app): State<App>,
    visit: Visit,
    Asked(comes): Asked<Option<Comes>>,
) -> Result<Response, Problem> {
    let Comes { guest, framed } = comes.unwrap_or_default();
    let guest = guest.as_deref().map(guest_of).transpose()?;
    if app.doorkeeper.access.mode == Mode::Open && visit.visitor.pass == Pass::anybody() {
        let role = Role::Owner;
        let open = TicketOut {
            ticket: String::new(),
            role,
            valid_for_seconds: 0,
            link: None,
            person: None,
        };
        return Ok((private(), Json(open)).into_response());
    }
    let visit = with_guest(visit, guest);
    app.expect_document_of_link(&visit).await?;
    let (Entered { role, link }, _) = app.ask(&visit, Request::Enter).await?;
    let pass = visit.visitor.pass;
    let person = Some(PersonOut { id: pass.person.id.as_ref().to_owned() });
    let id = link.as_ref().map(|link| link.as_ref().to_owned());
    let cookie = files_cookie(&app, &visit.name, pass.clone(), link.clone(), framed);
    let Minted { token: ticket, .. } = app.doorkeeper.access.tokens.ticket(&visit.name, pass, link);
    let valid_for_seconds = access::TICKET.as_secs();
    let ticket = Json(TicketOut { ticket, role, valid_for_seconds, link: id, person });
    Ok((private(), [(header::SET_COOKIE, cookie)], ticket).into_response())
}

/// Makes a token for an app's user. Takes the admin key.
#[utoipa::path(post, path = "/api/tokens", tag = "sharing", request_body = Wanted, responses(
    (status = 200, description = "A token.", body = TokenOut),
))]
pub(super) async fn token(
    State(app): State<App>,
    Extension(guest): Extension<Guest>,
    _administrator: WithAdminKey,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let seconds = wanted.valid_for_seconds.unwrap_or(TOKEN_SECONDS);
    if !(1..=TOKEN_SECONDS_MOST).contains(&seconds) {
        let detail = format!("A token may be good for 1 to {TOKEN_SECONDS_MOST} seconds.");
        return Err(Problem::bad(detail));
    }
    let Minted { token, expires } = app.mint(wanted.scope()?, seconds, guest);
    Ok((private(), Json(TokenOut { token, expires })).into_response())
}

impl Wanted {
    fn scope(self) -> Result<Scope, Problem> {
        let Self { docs, prefix, role, user, name, color, .. } = self;
        let is_named = !docs.is_empty() || prefix.as_ref().is_some_and(|prefix| !prefix.is_empty());
        if !is_named || docs.len() > DOCS {
            let detail = format!(
                "A token is for documents: docs names 1 to {DOCS}, or prefix says what they begin with."
            );
            return Err(Problem::bad(detail));
        }
        for name in docs.iter().chain(&prefix) {
            DocId::new(name).map_err(|error| {
                Problem::bad(format!("This cannot be a document's name: {error}."))
            })?;
        }
        let id = person_id(user)?;
        let name = name.map(|name| clean_name(&name)).filter(|name| !name.is_empty());
        let person = Person { id: id.into(), name: name.map(Into::into), color };
        Ok(Scope { docs, prefix, role, person, is_open: false })
    }
}

impl App {
    /// Makes a token, and says so.
    pub(in crate::http) fn mint(&self, scope: Scope, seconds: u64, guest: Guest) -> Minted {
        let docs = match &scope.prefix {
            Some(prefix) => format!("{prefix}…"),
            None => scope.docs.join(", "),
        };
        audit::token(Some(guest.address.ip()), &scope.person.id, &docs, scope.role, seconds);
        self.doorkeeper.access.tokens.mint(scope, Duration::from_secs(seconds))
    }
}

/// The id of a person whom an app knows, if it may be one.
pub(in crate::http) fn person_id(user: Option<String>) -> Result<String, Problem> {
    let id = user.unwrap_or_default();
    if id.is_empty() || access::is_for_apps(&id) {
        return Ok(id);
    }
    let detail = format!(
        "user has {PERSON_BYTES} bytes at most, and is not the name of the administrator or a guest."
    );
    Err(Problem::bad(detail))
}

fn guest_of(private: &str) -> Result<std::sync::Arc<str>, Problem> {
    let is_number = private.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_number || !GUEST_DIGITS.contains(&private.len()) {
        return Err(Problem::bad("guest is a number of 32 to 128 hexadecimal digits."));
    }
    Ok(access::guest(private))
}

/// Whoever shows a link is one guest or another; whom a token names stays who they are.
fn with_guest(mut visit: Visit, guest: Option<std::sync::Arc<str>>) -> Visit {
    let pass = &mut visit.visitor.pass;
    if let Some(guest) = guest.filter(|_| access::is_guest(&pass.person.id)) {
        pass.person.id = guest;
    }
    visit
}
