//! A request that becomes a WebSocket (RFC 6455 §4.2). It knows headers, and nothing of what follows.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tracing::debug;

/// A handshake that can be answered.
#[derive(Debug)]
pub(crate) struct Upgrade {
    upgrade: OnUpgrade,
    accept: String,
}

impl Upgrade {
    /// The answer that makes a WebSocket of the connection; `then` is called when it is one.
    pub(crate) fn then<F>(self, then: impl FnOnce(Upgraded) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send,
    {
        tokio::spawn(async move {
            match self.upgrade.await {
                Ok(upgraded) => then(upgraded).await,
                Err(error) => debug!(%error, "a connection did not become a WebSocket"),
            }
        });
        let headers = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, self.accept.parse().expect("base64 is a header value")),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
    }
}

/// The request is no handshake that we understand.
#[derive(Debug)]
pub(crate) struct NoHandshake;

impl IntoResponse for NoHandshake {
    fn into_response(self) -> Response {
        StatusCode::UPGRADE_REQUIRED.into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = NoHandshake;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, NoHandshake> {
        let headers = &parts.headers;
        let is_handshake = parts.method == Method::GET
            && has_token(headers, &header::CONNECTION, "upgrade")
            && has_token(headers, &header::UPGRADE, "websocket")
            && has_token(headers, &header::SEC_WEBSOCKET_VERSION, "13");
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| is_handshake);
        let accept = derive_accept_key(key.ok_or(NoHandshake)?.as_bytes());
        let upgrade = parts.extensions.remove::<OnUpgrade>().ok_or(NoHandshake)?;
        Ok(Self { upgrade, accept })
    }
}

/// Whether a header that is a list has this in it.
pub(super) fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}
