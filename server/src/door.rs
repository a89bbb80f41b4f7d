//! Where connections come in: they are accepted, counted, and each is driven through HTTP until it ends or becomes a
//! WebSocket. It knows no routes.

mod guests;
mod stream;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{sleep, timeout};
use tracing::{debug, warn};

use crate::limits::Limits;
use crate::metrics::Metrics;
use guests::{Guests, Place};
use stream::Stream;

pub(crate) use guests::{Excess, Guest, TURNED_AWAY, network_of};

/// How long a new connection may take to say what it wants.
const HEAD: Duration = Duration::from_secs(10);
/// How long a connection may stay without asking for anything more; its next request has to be there by then.
const IDLE: Duration = Duration::from_secs(30);
/// How long a request under way may take once the server stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// Bytes of a request's head.
const HEAD_BYTES: usize = 64 << 10;
/// How long to wait when the system has no room for a connection.
const PAUSE: Duration = Duration::from_millis(200);

/// A listener and what is behind it.
pub(crate) struct Door {
    listener: TcpListener,
    router: Router,
    guests: Guests,
    metrics: Arc<Metrics>,
}

impl Door {
    /// A door that is not open yet.
    pub(crate) fn new(
        listener: TcpListener,
        router: Router,
        limits: Limits,
        metrics: Arc<Metrics>,
    ) -> Self {
        let guests = Guests::new(limits, metrics.clone());
        Self { listener, router, guests, metrics }
    }

    /// Lets connections in until `closing` is dropped, then waits for the requests under way. WebSockets have tasks of their
    /// own and are not waited for.
    pub(crate) async fn run(mut self, mut closing: watch::Receiver<()>) {
        let (alive, mut ended) = mpsc::channel::<Infallible>(1);
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, address)) => self.let_in(stream, address, &closing, &alive),
                    Err(error) => after(&error).await,
                },
                _ = closing.changed() => break,
            }
        }
        drop((self, alive));
        // Nothing is ever sent: it ends when the last connection has dropped its end.
        ended.recv().await;
    }

    fn let_in(
        &mut self,
        stream: TcpStream,
        address: SocketAddr,
        closing: &watch::Receiver<()>,
        alive: &mpsc::Sender<Infallible>,
    ) {
        let Some((guest, place)) = self.guests.admit(address) else {
            self.metrics.refuse("dropped");
            return;
        };
        if let Err(error) = stream.set_nodelay(true) {
            warn!(%error, "a connection cannot be set to send at once");
        }
        let (router, closing, alive) = (self.router.clone(), closing.clone(), alive.clone());
        tokio::spawn(async move {
            converse(stream, place, guest, router, closing).await;
            drop(alive);
        });
    }
}

/// Drives one connection until it is closed or has become a WebSocket.
async fn converse(
    stream: TcpStream,
    place: Place,
    guest: Guest,
    router: Router,
    mut closing: watch::Receiver<()>,
) {
    let asked = Notify::new();
    let router = TowerToHyperService::new(router);
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        asked.notify_one();
        request.extensions_mut().insert(guest);
        router.call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(IDLE).max_header_size(HEAD_BYTES);
    let io = TokioIo::new(Stream::new(stream, place));
    let mut connection = pin!(http.serve_connection(io, service).with_upgrades());
    let silent = async {
        if timeout(HEAD, asked.notified()).await.is_ok() {
            std::future::pending().await
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = silent => return debug!("a connection asked for nothing in time"),
        _ = closing.changed() => {
            connection.as_mut().graceful_shutdown();
            match timeout(FAREWELL, connection).await {
                Ok(ended) => ended,
                Err(_) => return debug!("a request was not over in time"),
            }
        }
    };
    if let Err(error) = ended {
        debug!(%error, "a connection has failed");
    }
}

/// A connection that went away before it was accepted is nothing; any other error needs time to pass.
async fn after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        warn!(%error, "connections cannot be accepted");
        sleep(PAUSE).await;
    }
}
