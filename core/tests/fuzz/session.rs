//! Real sessions: a few people who write in one document, in every kind of shared type, as yrs records them.

use std::sync::Arc;

use fastrand::Rng;
use yrs::types::text::YChange;
use yrs::updates::decoder::Decode;
use yrs::{
    Any, Array, ArrayPrelim, Doc, GetString, Map, MapPrelim, OffsetKind, Options, ReadTxn,
    StateVector, Text, TextPrelim, Transact, TransactionMut, Update, WriteTxn, Xml,
    XmlElementPrelim, XmlFragment, XmlTextPrelim,
};

/// What was written, in an order in which it can be merged.
pub(crate) struct Recording {
    /// The updates.
    pub(crate) updates: Vec<Vec<u8>>,
    /// The whole document as one.
    pub(crate) state: Vec<u8>,
    /// The text in `content`.
    pub(crate) text: String,
}

const WORDS: [&str; 8] = ["a", "the ", "é", "🦦", "👩‍👩‍👧", "\n", "مرحبا", "日本語"];

impl Recording {
    pub(crate) fn make(random: &mut Rng) -> Self {
        let writers: Vec<Doc> = (1..random.u64(2..5)).map(|n| writer(n, random)).collect();
        let mut updates = Vec::new();
        for _ in 0..random.usize(3..40) {
            let doc = &writers[random.usize(..writers.len())];
            // Half of the time they know everything that was written before.
            if random.bool() {
                catch_up(doc, &updates);
            }
            let mut txn = doc.transact_mut();
            for _ in 0..random.usize(1..3) {
                write(&mut txn, random);
            }
            let update = txn.encode_update_v1();
            drop(txn);
            updates.push(update);
        }
        let all = writer(8, random);
        catch_up(&all, &updates);
        let txn = all.transact();
        let text = txn.get_text("content").map(|text| text.get_string(&txn)).unwrap_or_default();
        Self { state: txn.encode_state_as_update_v1(&StateVector::default()), text, updates }
    }
}

/// The nth writer of a session, under a small number or a large one.
fn writer(n: u64, random: &mut Rng) -> Doc {
    let id = if random.bool() { n } else { random.u64(1..1 << 28) * 16 + n };
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(yrs::block::ClientID::new(id))
    })
}

fn catch_up(doc: &Doc, updates: &[Vec<u8>]) {
    let mut txn = doc.transact_mut();
    for update in updates {
        let update = Update::decode_v1(update).expect("an update of a writer's");
        txn.apply_update(update).expect("an update in its order");
    }
}

/// One change somewhere.
fn write(txn: &mut TransactionMut<'_>, random: &mut Rng) {
    match random.u8(..10) {
        0..5 => write_text(txn, random),
        5 | 6 => write_map(txn, random),
        7 => write_array(txn, random),
        _ => write_xml(txn, random),
    }
}

fn write_text(txn: &mut TransactionMut<'_>, random: &mut Rng) {
    let text = txn.get_or_insert_text("content");
    // Between code points: the middle of a pair is another test's business.
    let edges: Vec<u32> = text
        .diff(txn, YChange::identity)
        .iter()
        .filter_map(|piece| match &piece.insert {
            yrs::Out::Any(Any::String(string)) => Some(string.to_string()),
            _ => None,
        })
        .flat_map(|string| string.chars().map(|c| c.len_utf16() as u32).collect::<Vec<_>>())
        .scan(0, |at, len| {
            *at += len;
            Some(*at)
        })
        .collect();
    let edge = |random: &mut Rng| match edges.len() {
        0 => 0,
        n => edges[random.usize(..n)].min(text.len(txn)),
    };
    let (one, other) = (edge(random), edge(random));
    let (from, to) = (one.min(other), one.max(other));
    let word = WORDS[random.usize(..WORDS.len())];
    match random.u8(..8) {
        0 | 1 if from < to => text.remove_range(txn, from, to - from),
        2 if from < to => {
            let bold = if random.bool() { Any::from(true) } else { Any::Null };
            text.format(txn, from, to - from, [("bold".into(), bold)].into());
        }
        3 => drop(text.insert_embed(txn, from, object(random))),
        _ => text.insert(txn, from, word),
    }
}

fn write_map(txn: &mut TransactionMut<'_>, random: &mut Rng) {
    let map = txn.get_or_insert_map("map");
    let key = ["a", "b", "c"][random.usize(..3)];
    match random.u8(..5) {
        0 => drop(map.remove(txn, key)),
        1 => drop(map.insert(txn, key, MapPrelim::from([("inner", any(random, 2))]))),
        2 => drop(map.insert(txn, key, TextPrelim::new("nested"))),
        3 => drop(map.insert(txn, key, Doc::new())),
        _ => drop(map.insert(txn, key, any(random, 4))),
    }
}

fn write_array(txn: &mut TransactionMut<'_>, random: &mut Rng) {
    let array = txn.get_or_insert_array("array");
    let len = array.len(txn);
    let at = random.u32(..=len);
    match random.u8(..4) {
        0 if at < len => array.remove_range(txn, at, 1),
        1 => drop(array.insert(txn, at, ArrayPrelim::from([any(random, 2), any(random, 2)]))),
        _ => array.insert_range(
            txn,
            at,
            (0..random.usize(1..4)).map(|_| any(random, 2)).collect::<Vec<_>>(),
        ),
    }
}

fn write_xml(txn: &mut TransactionMut<'_>, random: &mut Rng) {
    let xml = txn.get_or_insert_xml_fragment("xml");
    let len = xml.len(txn);
    match random.u8(..3) {
        0 if len > 0 => xml.remove_range(txn, random.u32(..len), 1),
        1 => drop(xml.insert(txn, random.u32(..=len), XmlTextPrelim::new("words"))),
        _ => {
            let element = xml.insert(txn, random.u32(..=len), XmlElementPrelim::empty("p"));
            element.insert_attribute(txn, "class", "x");
            element.insert(txn, 0, XmlTextPrelim::new(WORDS[random.usize(..WORDS.len())]));
        }
    }
}

/// A value of any kind, so many levels deep.
fn any(random: &mut Rng, depth: u32) -> Any {
    match random.u8(..if depth == 0 { 7 } else { 9 }) {
        0 => Any::Null,
        1 => Any::Undefined,
        2 => Any::Bool(random.bool()),
        3 => Any::from(random.f64()),
        4 => Any::from(random.i64(i64::MIN..-1 << 54)),
        5 => Any::from(WORDS[random.usize(..WORDS.len())]),
        6 => Any::Buffer(vec![random.u8(..); random.usize(..5)].into()),
        7 => Any::Array((0..random.usize(..3)).map(|_| any(random, depth - 1)).collect()),
        _ => Any::Map(Arc::new(
            (0..random.usize(..3)).map(|n| (format!("k{n}"), any(random, depth - 1))).collect(),
        )),
    }
}

/// A value that an editor would embed.
fn object(random: &mut Rng) -> Any {
    Any::Map(Arc::new([("embed".to_owned(), any(random, 2))].into()))
}
