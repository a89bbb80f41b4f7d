//! What crosses the boundary to JavaScript: flat arrays and strings. It knows no socket.

use codraft_core::session::{Network, Peer};
use codraft_core::{Selection, Splice, session, utf16_len};
use wasm_bindgen::prelude::*;

/// Changes of the text, for the editor to dispatch at once.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Changes {
    ranges: Vec<u32>,
    inserted: String,
    selection: Option<Selection>,
}

#[wasm_bindgen]
impl Changes {
    /// Triples `from, to, inserted length` in UTF-16 offsets of the text before the change, sorted and disjoint.
    #[wasm_bindgen(getter)]
    pub fn ranges(&self) -> Vec<u32> {
        self.ranges.clone()
    }

    /// All inserted text, concatenated.
    #[wasm_bindgen(getter)]
    pub fn inserted(&self) -> String {
        self.inserted.clone()
    }

    /// The selection to restore; -1 when there is none.
    #[wasm_bindgen(getter)]
    pub fn anchor(&self) -> i32 {
        self.selection.map_or(-1, |selection| selection.anchor as i32)
    }

    /// See `anchor`.
    #[wasm_bindgen(getter)]
    pub fn head(&self) -> i32 {
        self.selection.map_or(-1, |selection| selection.head as i32)
    }
}

impl Changes {
    pub(crate) fn new(splices: &[Splice], selection: Option<Selection>) -> Self {
        let mut ranges = Vec::with_capacity(splices.len() * 3);
        let mut inserted = String::new();
        for splice in splices {
            let len = utf16_len(&splice.insert) as u32;
            ranges.extend([splice.from, splice.to, len]);
            inserted.push_str(&splice.insert);
        }
        Self { ranges, inserted, selection }
    }
}

/// The splices that JavaScript describes by triples and one string.
pub(crate) fn to_splices(ranges: &[u32], inserted: &str) -> Result<Vec<Splice>, JsError> {
    let mut rest = inserted;
    let mut splices = Vec::with_capacity(ranges.len() / 3);
    for triple in ranges.chunks_exact(3) {
        let (head, tail) = split_utf16(rest, triple[2]);
        splices.push(Splice::new(triple[0], triple[1], head));
        rest = tail;
    }
    if ranges.len() % 3 != 0 || !rest.is_empty() || !Splice::in_order(&splices) {
        return Err(JsError::new(
            "ranges must be sorted, disjoint triples that use up the inserted text",
        ));
    }
    Ok(splices)
}

/// Splits after `units` UTF-16 code units, or at the end.
fn split_utf16(string: &str, units: u32) -> (&str, &str) {
    let mut seen = 0;
    let at = string.char_indices().find(|(_, c)| {
        let here = seen >= units;
        seen += c.len_utf16() as u32;
        here
    });
    string.split_at(at.map_or(string.len(), |(at, _)| at))
}

/// Everyone else in the document.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Presence {
    peers: Vec<Peer>,
}

#[wasm_bindgen]
impl Presence {
    /// Client ids; one person may have several.
    #[wasm_bindgen(getter)]
    pub fn clients(&self) -> Vec<f64> {
        self.peers.iter().map(|peer| peer.client as f64).collect()
    }

    /// Names, cleaned of what cannot be shown; for `textContent` all the same.
    #[wasm_bindgen(getter)]
    pub fn names(&self) -> Vec<String> {
        self.peers.iter().map(|peer| peer.person.name.clone()).collect()
    }

    /// Caret colours: `#rrggbb` or `#rrggbbaa`.
    #[wasm_bindgen(getter)]
    pub fn colors(&self) -> Vec<String> {
        self.peers.iter().map(|peer| peer.person.color.clone()).collect()
    }

    /// Selection colours.
    #[wasm_bindgen(getter, js_name = colorsLight)]
    pub fn colors_light(&self) -> Vec<String> {
        self.peers.iter().map(|peer| peer.person.color_light.clone()).collect()
    }

    /// The same for all tabs of one person; empty when unknown.
    #[wasm_bindgen(getter)]
    pub fn ids(&self) -> Vec<String> {
        self.peers.iter().map(|peer| peer.person.id.clone()).collect()
    }

    /// What their clients tell ours; empty when nothing.
    #[wasm_bindgen(getter)]
    pub fn notes(&self) -> Vec<String> {
        self.peers.iter().map(|peer| peer.note.to_string()).collect()
    }

    /// Where selections stay, in the text as it was when this was made; -1 for none.
    #[wasm_bindgen(getter)]
    pub fn anchors(&self) -> Vec<i32> {
        self.peers
            .iter()
            .map(|peer| peer.selection.map_or(-1, |selection| selection.anchor as i32))
            .collect()
    }

    /// Where carets are; -1 for none.
    #[wasm_bindgen(getter)]
    pub fn heads(&self) -> Vec<i32> {
        self.peers
            .iter()
            .map(|peer| peer.selection.map_or(-1, |selection| selection.head as i32))
            .collect()
    }
}

impl Presence {
    pub(crate) fn new(peers: Vec<Peer>) -> Self {
        Self { peers }
    }
}

/// How things stand.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Status {
    status: session::Status,
    now: u64,
}

#[wasm_bindgen]
impl Status {
    /// `connecting`, `live`, `offline` or `refused`.
    #[wasm_bindgen(
        getter,
        unchecked_return_type = "\"connecting\" | \"live\" | \"offline\" | \"refused\""
    )]
    pub fn network(&self) -> String {
        let network = match self.status.network {
            Network::Connecting => "connecting",
            Network::Live => "live",
            Network::Idle | Network::Offline { .. } => "offline",
            Network::Refused { .. } => "refused",
        };
        network.to_owned()
    }

    /// Whether the server's whole document has arrived on this connection.
    #[wasm_bindgen(getter)]
    pub fn synced(&self) -> bool {
        self.status.synced
    }

    /// Whether it has ever arrived.
    #[wasm_bindgen(getter, js_name = everSynced)]
    pub fn ever_synced(&self) -> bool {
        self.status.ever_synced
    }

    /// Whether everything typed here is on the server's disk.
    #[wasm_bindgen(getter)]
    pub fn saved(&self) -> bool {
        self.status.saved
    }

    /// Whether the server's disk refuses writes.
    #[wasm_bindgen(getter, js_name = storageRefusing)]
    pub fn storage_refusing(&self) -> bool {
        self.status.storage_refusing
    }

    /// How long until the next try, in ms; -1 when none is planned.
    #[wasm_bindgen(getter, js_name = retryInMs)]
    pub fn retry_in_ms(&self) -> f64 {
        match self.status.network {
            Network::Offline { retry_at } => retry_at.saturating_sub(self.now) as f64,
            Network::Idle | Network::Connecting | Network::Live | Network::Refused { .. } => -1.0,
        }
    }

    /// The close code of a refusal, otherwise 0.
    #[wasm_bindgen(getter, js_name = closeCode)]
    pub fn close_code(&self) -> u16 {
        match self.status.network {
            Network::Refused { code } => code,
            Network::Idle | Network::Connecting | Network::Live | Network::Offline { .. } => 0,
        }
    }

    /// Why the server refused, when it said so.
    #[wasm_bindgen(getter)]
    pub fn reason(&self) -> String {
        self.status.reason.clone()
    }
}

impl Status {
    pub(crate) fn new(status: session::Status, now: u64) -> Self {
        Self { status, now }
    }
}
