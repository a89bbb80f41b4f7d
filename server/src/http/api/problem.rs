//! What went wrong, as problem details (RFC 9457): a sentence that says what to do. It tells nothing of the inside.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tracing::error;
use utoipa::ToSchema;

use crate::access::Denied;
use crate::document::LoadError;
use crate::doorkeeper::Turned;
use crate::http::RETRY_AFTER_SECONDS;
use crate::request::Refused;
use crate::rights::Unchanged;
use crate::store::StoreError;

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// Why a request was not answered as it would like to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Problem {
    status: StatusCode,
    detail: String,
}

/// Problem details.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body {
    /// The name of the status.
    title: &'static str,
    /// The status.
    status: u16,
    /// What is wrong, and what to do about it.
    detail: String,
}

impl Problem {
    /// A problem with a sentence for whoever asked.
    pub(in crate::http) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into() }
    }

    /// The request is not what it must be.
    pub(in crate::http) fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// Nothing that nobody can guess can be made up.
    pub(in crate::http) fn no_random() -> Self {
        error!("there are no random numbers");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Nothing secret could be made up.")
    }

    /// What is wrong, for people.
    pub(super) fn into_sentence(self) -> String {
        self.detail
    }

    /// A document has no file of this name.
    pub(super) fn no_file() -> Self {
        Self::new(StatusCode::NOT_FOUND, "The document has no such file.")
    }

    /// No route is here.
    pub(super) fn nothing_here() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "There is nothing at this address. /api/openapi.json lists all there are.",
        )
    }

    /// The route takes other methods.
    pub(super) fn not_allowed() -> Self {
        let detail = "This address does not take this method; Allow names those it does.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, detail)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let status = match &refused {
            Refused::Absent | Refused::Deleted => StatusCode::NOT_FOUND,
            Refused::Buried => StatusCode::GONE,
            Refused::Stale => StatusCode::PRECONDITION_FAILED,
            Refused::NotText(_) | Refused::Gap => StatusCode::CONFLICT,
            Refused::NotFitting => StatusCode::UNPROCESSABLE_ENTITY,
            Refused::Garbage(_) => StatusCode::BAD_REQUEST,
            Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refused::Refusing | Refused::Ending => StatusCode::SERVICE_UNAVAILABLE,
            Refused::Unreadable => StatusCode::INTERNAL_SERVER_ERROR,
            Refused::Denied(Denied::Barred) | Refused::Forbidden => StatusCode::FORBIDDEN,
            Refused::Denied(_) => StatusCode::UNAUTHORIZED,
            Refused::Unchanged(Unchanged::NoLink) => StatusCode::NOT_FOUND,
            Refused::Unchanged(Unchanged::Nobody) => StatusCode::BAD_REQUEST,
            Refused::Unchanged(_) | Refused::Foreign => StatusCode::CONFLICT,
        };
        Self::new(status, refused.to_string())
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Refused::from(denied).into()
    }
}

impl From<Turned> for Problem {
    fn from(turned: Turned) -> Self {
        match turned {
            Turned::Denied(denied) => denied.into(),
            Turned::Exhausted => {
                let detail =
                    "Too many attempts from this address have failed. Try again in some seconds.";
                Self::new(StatusCode::TOO_MANY_REQUESTS, detail)
            }
        }
    }
}

impl From<Unchanged> for Problem {
    fn from(unchanged: Unchanged) -> Self {
        Refused::from(unchanged).into()
    }
}

impl From<LoadError> for Problem {
    fn from(error: LoadError) -> Self {
        if let LoadError::NotWhole(_) = error {
            let detail = "The server's files are damaged, and this document may not be whole; it waits for its operator.";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, detail);
        }
        error!(%error, "a document cannot be looked up");
        Refused::Unreadable.into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        error!(%error, "documents cannot be listed");
        Refused::Unreadable.into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { status, detail } = self;
        let title = status.canonical_reason().unwrap_or_default();
        let body = Json(Body { title, status: status.as_u16(), detail });
        let mut response = (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        if [StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS].contains(&status) {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }
}
