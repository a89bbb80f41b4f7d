//! What yrs alone takes for the same work: the measure beside which a server's figures stand.
//! Knows no server.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use tokio::process::Command;
use yrs::updates::decoder::Decode;
use yrs::{Doc, GetString, Transact, Update};

use crate::stop::Stop;
use crate::trace::{pack, unpack};
use crate::usage;

/// How long yrs takes to load a state and apply entries to it, one transaction each.
pub(crate) fn load(state: &[u8], entries: &[Vec<u8>], text: &str) -> Result<Duration, Stop> {
    let begin = Instant::now();
    let doc = document(state)?;
    for entry in entries {
        apply(&doc, entry)?;
    }
    let took = begin.elapsed();
    let content = doc.get_or_insert_text("content");
    if content.get_string(&doc.transact()) == text {
        return Ok(took);
    }
    Err(Stop::wrong("yrs alone has another text"))
}

fn document(state: &[u8]) -> Result<Doc, Stop> {
    let doc = Doc::new();
    apply(&doc, state)?;
    Ok(doc)
}

fn apply(doc: &Doc, update: &[u8]) -> Result<(), Stop> {
    let refused = |error: &dyn std::fmt::Display| Stop::wrong(format!("yrs alone: {error}"));
    let update = Update::decode_v1(update).map_err(|error| refused(&error))?;
    doc.transact_mut().apply_update(update).map_err(|error| refused(&error))
}

/// Bytes that a document takes in a process that holds nothing but these: a child of this one.
pub(crate) async fn bytes_a_document(states: &[Vec<u8>], folder: &Path) -> Result<f64, Stop> {
    let file = folder.join("states");
    fs::write(&file, pack(states))?;
    let mut child = Command::new(std::env::current_exe()?);
    let done = child.arg("--weigh").arg(&file).kill_on_drop(true).output().await?;
    let said = String::from_utf8_lossy(&done.stdout);
    let bytes = said.trim().parse::<f64>();
    bytes.map_err(|_| Stop::wrong("yrs alone could not be weighed"))
}

/// Loads the documents of a file and prints the bytes that one takes.
#[expect(clippy::print_stdout, reason = "the parent reads it")]
pub(crate) fn weigh(file: &Path) -> Result<(), Stop> {
    let states = unpack(&fs::read(file)?);
    let id = std::process::id();
    let before = usage::of_process(id)?.resident;
    let documents = states.iter().map(|state| document(state)).collect::<Result<Vec<_>, _>>()?;
    let after = usage::of_process(id)?.resident;
    println!("{}", after.saturating_sub(before) as f64 / documents.len() as f64);
    Ok(())
}
