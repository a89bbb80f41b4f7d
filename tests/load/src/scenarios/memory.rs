//! What an open document takes in the server, with one connection to it, beside yrs alone holding the same content.
//!
//! The documents are loaded from disk and read, and then somebody writes a character into each. The server's memory with
//! none of them open is taken off. yrs is weighed in a process of its own.

use std::path::Path;

use codraft_core::{ClientId, Replica, Splice};

use crate::bare;
use crate::bench::{Bench, text_of};
use crate::datadir::{self, Stored};
use crate::figure::Figure;
use crate::scenario::Outcome;
use crate::stop::Stop;
use crate::trace::Trace;
use crate::writing::Author;

/// Documents somebody has worked on for an hour, and edits in each.
const NOTES: usize = 500;
const NOTE_EDITS: usize = 3_000;
/// Documents of the size of the paper.
const PAPERS: usize = 40;
/// Who writes into each: nobody else in it.
const AUTHOR: u64 = 1_002;
/// What a document may take beside its content: a room, a connection, the encoded state for the next newcomer.
const ROOM_KB: f64 = 64.0;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let folder = bench.folder()?;
    let notes: Vec<Author> = (0..bench.scale.documents(NOTES))
        .map(|number| Author::after(number as u64, NOTE_EDITS))
        .collect();
    let (states, texts): (Vec<_>, Vec<_>) =
        notes.iter().map(|note| (note.encode(), note.text())).unzip();
    drop(notes);
    let note = weigh(bench, &folder.path().join("notes"), &states, &texts).await?;
    let mut figures = vec![
        Figure::new("note_kb", note.ours),
        Figure::new("note_bare_yrs_kb", note.alone),
        Figure::new("note_less_64_kb_to_bare_yrs", note.ratio()).at_most(1.2),
    ];
    match Trace::paper(bench) {
        Ok(Trace { text, state, .. }) => {
            let papers = bench.scale.times(PAPERS);
            let (states, texts) = (vec![state; papers], vec![text; papers]);
            let paper = weigh(bench, &folder.path().join("papers"), &states, &texts).await?;
            figures.extend([
                Figure::new("paper_kb", paper.ours),
                Figure::new("paper_bare_yrs_kb", paper.alone),
                Figure::new("paper_less_64_kb_to_bare_yrs", paper.ratio()).at_most(1.2),
                Figure::new("paper_only_read_kb", paper.read),
            ]);
        }
        Err(Stop::Skipped(why)) => eprintln!("  without the paper: {why}"),
        Err(other) => return Err(other),
    }
    Ok(figures)
}

/// KB that a document takes.
struct Weight {
    /// Before anybody has written.
    read: f64,
    ours: f64,
    alone: f64,
}

impl Weight {
    fn ratio(&self) -> f64 {
        (self.ours - ROOM_KB) / self.alone
    }
}

async fn weigh(
    bench: &Bench,
    folder: &Path,
    states: &[Vec<u8>],
    texts: &[String],
) -> Result<Weight, Stop> {
    std::fs::create_dir(folder)?;
    let data = folder.join("data");
    let names: Vec<String> = (0..states.len()).map(|number| format!("memory-{number}")).collect();
    let stored: Vec<Stored<'_>> = names
        .iter()
        .zip(states)
        .map(|(name, state)| Stored { name, state, entries: &[] })
        .collect();
    datadir::make(&data, &stored).await?;
    let server = bench.codraft.start(&data).await?;
    let empty = server.usage()?.resident;
    let mut open = Vec::new();
    for (name, text) in names.iter().zip(texts) {
        let mut connection = server.connect(name).await?;
        if text_of(&connection.join().await?)? != *text {
            return Err(Stop::wrong(format!("the text of {name} is not what was stored")));
        }
        open.push(connection);
    }
    let kb_a_document =
        |resident: u64| resident.saturating_sub(empty) as f64 / 1024.0 / states.len() as f64;
    let read = kb_a_document(server.usage()?.resident);
    let edit = Replica::new(ClientId::from_random(AUTHOR)).edit(&[Splice::new(0, 0, "!")]);
    for connection in &mut open {
        connection.save(&edit).await.map_err(Stop::during("writing into a document"))?;
    }
    let ours = kb_a_document(server.usage()?.resident);
    let alone = bare::bytes_a_document(states, folder).await? / 1024.0;
    server.stop().await?;
    Ok(Weight { read, ours, alone })
}
