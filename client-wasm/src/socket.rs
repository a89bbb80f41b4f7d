//! One browser WebSocket with its listeners, taken away when it is dropped. It knows frames as bytes.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

/// What a socket tells.
#[derive(Debug)]
pub(crate) enum SocketEvent {
    Opened,
    Frame(Vec<u8>),
    Closed { code: u16, reason: String },
}

/// A socket; dropping it closes it and silences it.
pub(crate) struct Socket {
    socket: WebSocket,
    _opened: Closure<dyn FnMut(Event)>,
    _frame: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Begins to connect. A URL the browser refuses is an error.
    pub(crate) fn open(
        url: &str,
        tell: impl Fn(SocketEvent) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = Closure::new({
            let tell = tell.clone();
            move |_: Event| tell(SocketEvent::Opened)
        });
        let frame = Closure::new({
            let tell = tell.clone();
            move |event: MessageEvent| {
                // A text frame is not ours; it is told as an empty frame, which says nothing.
                let bytes = event
                    .data()
                    .dyn_into::<ArrayBuffer>()
                    .map(|buffer| Uint8Array::new(&buffer).to_vec());
                tell(SocketEvent::Frame(bytes.unwrap_or_default()));
            }
        });
        let closed = Closure::new(move |event: CloseEvent| {
            tell(SocketEvent::Closed { code: event.code(), reason: event.reason() });
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(frame.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Ok(Self { socket, _opened: opened, _frame: frame, _closed: closed })
    }

    /// Sends a frame; on a closing socket it is dropped on purpose: the document is the offline queue.
    pub(crate) fn send(&self, frame: &[u8]) {
        if self.socket.ready_state() == WebSocket::OPEN {
            // It can fail only in states excluded above.
            let _ = self.socket.send_with_u8_array(frame);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // It can fail only for close codes it is not given.
        let _ = self.socket.close();
    }
}
