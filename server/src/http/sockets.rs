//! The doors to a socket, one for each family of clients: who comes, and to which document. It knows what they have to show,
//! and no rooms.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use codraft_core::{DocId, DocIdError, frame};
use percent_encoding::percent_decode_str;

use super::api::visit;
use super::upgrade::{NoHandshake, Upgrade};
use super::{App, bad_name, sentence};
use crate::access::{Pass, Visitor};
use crate::close::Close;
use crate::dialect;
use crate::door::{Excess, Guest};
use crate::doorkeeper::{Doorkeeper, Turned};
use crate::mail::{PeerId, Receipt, Terms};
use crate::metrics::{Counted, Metrics};
use crate::socket::{self, Joining, Traffic, Welcome};
use crate::wire::Wire;

/// The y-websocket door. A name that cannot be a document's is refused on the open socket: a stock client takes an HTTP
/// error for a network failure and would try for ever.
pub(super) async fn y_websocket(
    State(app): State<App>,
    Extension(guest): Extension<Guest>,
    upgrade: Result<Upgrade, NoHandshake>,
    request: Request,
) -> Response {
    let name = document_name(request.uri().path());
    let how = (Receipt::Echo, dialect::Y_WEBSOCKET);
    one_document(
        app,
        guest,
        upgrade,
        name,
        how,
        visit::shown_anywhere(request.headers(), request.uri()),
    )
}

/// The y-sweet door: its client puts the document's name behind the address that it was given, which has it in it already.
pub(super) async fn y_sweet_socket(
    State(app): State<App>,
    Extension(guest): Extension<Guest>,
    Path((name, again)): Path<(String, String)>,
    upgrade: Result<Upgrade, NoHandshake>,
    request: Request,
) -> Response {
    if name != again {
        return sentence(StatusCode::BAD_REQUEST, "The two names in this address differ.");
    }
    let how = (Receipt::Version, dialect::Y_SWEET);
    one_document(
        app,
        guest,
        upgrade,
        DocId::new(&name),
        how,
        visit::shown_anywhere(request.headers(), request.uri()),
    )
}

/// A connection to the document that its address names; `how` is what its peer takes for a receipt, and its dialect.
fn one_document(
    app: App,
    guest: Guest,
    upgrade: Result<Upgrade, NoHandshake>,
    name: Result<DocId, DocIdError>,
    how: (Receipt, u8),
    token: String,
) -> Response {
    let upgrade = match (upgrade, &name) {
        (Ok(upgrade), _) => upgrade,
        (Err(NoHandshake), Err(error)) => return bad_name(*error),
        (Err(NoHandshake), Ok(_)) => return no_handshake(),
    };
    let id = PeerId(app.peers.fetch_add(1, Ordering::Relaxed));
    // Not the whole of it: a connection may outlive the store by its farewell.
    let App { hub, closing, limits, metrics, doorkeeper, .. } = app;
    upgrade.then(async move |upgraded| {
        let open = metrics.peer();
        let mut wire = Wire::new(upgraded, limits.frame_bytes).await;
        let traffic = Traffic::new(metrics.clone(), &limits);
        let from = Some(guest.address.ip());
        match let_in(&doorkeeper, guest, name, &token).await {
            Ok((name, pass)) => {
                let terms =
                    Terms { receipt: how.0, visitor: Visitor { pass, from }, dialect: how.1 };
                let joining =
                    Joining { wire, name, id, terms: Box::new(terms), hub, closing, traffic };
                // A task of its own: what it took to let them in must not be held for as long as they stay.
                tokio::spawn(stay(Box::new(joining), metrics, doorkeeper, open));
            }
            Err(close) => {
                if close.is_denial() {
                    // A client that has gone need not be told.
                    let _ = wire.send(&[frame::denied(&close.reason).into()]).await;
                }
                metrics.peer_closed(wire.close(close).await);
            }
        }
    })
}

/// Serves somebody who was let in, for as long as they are connected.
async fn stay(
    joining: Box<Joining>,
    metrics: Arc<Metrics>,
    doorkeeper: Doorkeeper,
    _open: Counted,
) {
    let visitor = joining.terms.visitor.clone();
    let code = socket::serve(joining).await;
    if code.is_some_and(Close::is_denial_code) {
        Box::pin(doorkeeper.not_let_in(&visitor)).await;
    }
    metrics.peer_closed(code);
}

/// Whether somebody may go on to the room of a document.
async fn let_in(
    doorkeeper: &Doorkeeper,
    guest: Guest,
    name: Result<DocId, DocIdError>,
    token: &str,
) -> Result<(DocId, Pass), Close> {
    if let Some(excess) = guest.excess {
        return Err(too_many(excess));
    }
    let name = name.map_err(|error| Close::malformed(&error.to_string()))?;
    match doorkeeper.look(token, &name, Some(guest.address.ip())).await {
        Ok(pass) => Ok((name, pass)),
        Err(Turned::Denied(denied)) => Err(Close::denied(denied)),
        Err(Turned::Exhausted) => Err(Close::TOO_MANY_ATTEMPTS),
    }
}

/// The Hocuspocus door: one connection, many documents, each with its token.
pub(super) async fn hocuspocus(
    State(app): State<App>,
    Extension(guest): Extension<Guest>,
    upgrade: Result<Upgrade, NoHandshake>,
) -> Response {
    let Ok(upgrade) = upgrade else { return no_handshake() };
    let App { hub, closing, limits, metrics, doorkeeper, peers, .. } = app;
    upgrade.then(async move |upgraded| {
        let _open = metrics.peer();
        let wire = Wire::new(upgraded, limits.frame_bytes).await;
        let traffic = Traffic::new(metrics.clone(), &limits);
        let welcome = Welcome { hub, doorkeeper, from: guest.address.ip(), peers };
        let code = match guest.excess {
            Some(excess) => wire.close(too_many(excess)).await,
            None => socket::serve_many(wire, welcome, closing, traffic).await,
        };
        metrics.peer_closed(code);
    })
}

fn no_handshake() -> Response {
    sentence(
        StatusCode::UPGRADE_REQUIRED,
        "This address is for WebSocket connections of Yjs clients.",
    )
}

fn too_many(excess: Excess) -> Close {
    match excess {
        Excess::Server => Close::TOO_MANY_CONNECTIONS,
        Excess::Address => Close::TOO_MANY_FROM_ADDRESS,
    }
}

/// The document behind `/ws/`: everything up to the query, slashes included, decoded once.
fn document_name(path: &str) -> Result<DocId, DocIdError> {
    let encoded = path.strip_prefix("/ws/").unwrap_or_default();
    DocId::from_bytes(&percent_decode_str(encoded).collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_everything_after_the_prefix_decoded_once() {
        let name = |path: &str| document_name(path).map(|id| id.as_str().to_owned());
        assert_eq!(name("/ws/a/b%20c").as_deref(), Ok("a/b c"));
        assert_eq!(name("/ws/%E6%97%A5%2520").as_deref(), Ok("日%20"));
        assert_eq!(name("/ws/a%00b"), Err(DocIdError::Control));
        assert_eq!(name("/ws/%ff"), Err(DocIdError::NotUtf8));
        assert_eq!(name("/ws/a/%2e%2e/b"), Err(DocIdError::DotSegment));
    }
}
