//! One attempt at a socket: how it is asked for, and what its failure means. It knows no document.

use std::future::Future;
use std::io;
use std::pin::Pin;

use codraft_core::limits::FRAME_BYTES;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, Uri, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, handshake::client::Request};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::Error;

/// An open WebSocket.
pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A socket that is on its way.
pub(crate) type Dial = Pin<Box<dyn Future<Output = Result<Socket, Failure>> + Send>>;

/// What is around the update in the largest frame: tags and a length.
const FRAME_HEAD_BYTES: usize = 64;

/// What a server says in a sentence; a page of another program's is cut off.
const SAID_CHARS: usize = 200;

/// Why there is no socket.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The next attempt may fare better; with words for people.
    Passing(String),
    /// It would not.
    Final(Error),
}

/// Begins to connect; `shown` goes in a header.
pub(crate) fn dial(address: &Uri, shown: &str) -> Dial {
    let request = request(address, shown);
    Box::pin(async move {
        let most = Some(FRAME_BYTES + FRAME_HEAD_BYTES);
        let config = WebSocketConfig::default().max_message_size(most).max_frame_size(most);
        let connecting = connect_async_with_config(request?, Some(config), true);
        connecting.await.map(|(socket, _)| socket).map_err(failure)
    })
}

fn request(address: &Uri, shown: &str) -> Result<Request, Failure> {
    let mut request = address.clone().into_client_request().map_err(failure)?;
    if !shown.is_empty() {
        let unreadable = || Error::Refused {
            code: 4401,
            reason: "the token has characters that no token has".to_owned(),
        };
        let bearer = HeaderValue::from_str(&format!("Bearer {shown}"));
        let mut bearer = bearer.map_err(|_| Failure::Final(unreadable()))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    Ok(request)
}

fn failure(error: tungstenite::Error) -> Failure {
    match error {
        tungstenite::Error::Http(answer) if is_final(answer.status()) => {
            let body = answer.body().as_deref().unwrap_or_default();
            let said: String = String::from_utf8_lossy(body).chars().take(SAID_CHARS).collect();
            let status = answer.status().as_u16();
            Failure::Final(Error::NoServer { status, said: said.trim().to_owned() })
        }
        tungstenite::Error::Url(_) => Failure::Final(Error::Address),
        tungstenite::Error::Io(error) => Failure::Passing(plain(&error)),
        error => Failure::Passing(error.to_string()),
    }
}

/// Whether an answer other than a socket would come again. One of a proxy whose server is away would not.
fn is_final(status: StatusCode) -> bool {
    let is_late = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    !status.is_server_error() && !is_late
}

/// An error of the system without its number.
fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or_default().to_owned()
}
