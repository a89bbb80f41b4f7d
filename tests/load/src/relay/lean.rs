//! A relay over axum: all that waits for a connection is fed to its WebSocket and flushed once, its read buffer is small, the
//! backlog long, and a connection that was told nothing for a while is told nothing with a frame of its own.
//! Whatever a server does beyond this is its own doing, not the libraries'.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use codraft_core::frame::KEEP_ALIVE;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::interval;

use super::{EMPTY_STEP2, Heard};

/// Connections that may wait to be accepted: of the usual 128 a storm loses some, and each comes back a second later.
const BACKLOG: u32 = 4_096;
/// Bytes of read buffer of a connection.
const READ_BUFFER_BYTES: usize = 4 << 10;
/// Silence after which a connection is told something: the clients' watchdogs wait for that.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(10);
/// The largest message.
const MESSAGE_BYTES: usize = 64 << 20;

#[expect(
    clippy::disallowed_types,
    reason = "a task of its own would be more than the least a relay can do"
)]
type Shared<T> = Arc<std::sync::Mutex<T>>;
/// Who is in a document.
type Room = Shared<Vec<(u64, UnboundedSender<Bytes>)>>;

#[derive(Clone, Default)]
struct Relay {
    rooms: Shared<HashMap<String, Room>>,
    last_id: Arc<AtomicU64>,
}

/// Serves until the process ends.
pub(super) fn serve(address: SocketAddr) -> io::Result<()> {
    Runtime::new()?.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?.tap_io(|connection| {
            // One that has gone already need not be told.
            let _ = connection.set_nodelay(true);
        });
        let routes = Router::new().route("/{document}", get(join)).with_state(Relay::default());
        axum::serve(listener, routes).await
    })
}

async fn join(
    upgrade: WebSocketUpgrade,
    Path(document): Path<String>,
    State(relay): State<Relay>,
) -> Response {
    let room = lock(&relay.rooms).entry(document).or_default().clone();
    let id = relay.last_id.fetch_add(1, Ordering::Relaxed);
    let upgrade = upgrade.read_buffer_size(READ_BUFFER_BYTES).max_message_size(MESSAGE_BYTES);
    upgrade.max_frame_size(MESSAGE_BYTES).on_upgrade(move |socket| stay(socket, room, id))
}

async fn stay(socket: WebSocket, room: Room, id: u64) {
    let (told, inbox) = unbounded_channel();
    lock(&room).push((id, told.clone()));
    let (outgoing, mut incoming) = socket.split();
    let writing = tokio::spawn(write(outgoing, inbox));
    while let Some(Ok(message)) = incoming.next().await {
        match message {
            Message::Binary(message) => hear(&room, id, &told, &message),
            Message::Close(_) => break,
            Message::Text(_) | Message::Ping(_) | Message::Pong(_) => {}
        }
    }
    lock(&room).retain(|(other, _)| *other != id);
    writing.abort();
}

/// Hands a message on. Whoever has gone meanwhile need not have it.
fn hear(room: &Room, id: u64, told: &UnboundedSender<Bytes>, message: &Bytes) {
    match Heard::of(message) {
        Heard::Question => drop(told.send(Bytes::from_static(EMPTY_STEP2))),
        Heard::Answer => {}
        Heard::News => {
            for (_, other) in lock(room).iter().filter(|(other, _)| *other != id) {
                drop(other.send(message.clone()));
            }
        }
    }
}

/// Writes what waits, all of it at once.
async fn write(
    mut outgoing: SplitSink<WebSocket, Message>,
    mut inbox: UnboundedReceiver<Bytes>,
) -> Result<(), axum::Error> {
    let mut ticks = interval(KEEP_ALIVE_EVERY);
    let mut was_told = true;
    loop {
        tokio::select! {
            message = inbox.recv() => {
                let Some(message) = message else { return Ok(()) };
                outgoing.feed(Message::Binary(message)).await?;
                while let Ok(message) = inbox.try_recv() {
                    outgoing.feed(Message::Binary(message)).await?;
                }
                was_told = true;
            }
            _ = ticks.tick() => if !std::mem::take(&mut was_told) {
                outgoing.feed(Message::Binary(Bytes::from_static(KEEP_ALIVE))).await?;
            },
        }
        outgoing.flush().await?;
    }
}

#[expect(clippy::disallowed_types, reason = "see `Shared`")]
fn lock<T>(shared: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
