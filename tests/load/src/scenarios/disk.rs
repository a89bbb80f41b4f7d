//! What small edits leave on the disk once they are folded, for each byte that is alive.
//!
//! The edits come through sockets and are acknowledged; alive is what a newcomer to each document is sent. After
//! `codraft compact` every text is compared.

use std::io;

use codraft_core::frame::{self, Message};
use tokio::task::JoinSet;

use crate::bench::{Bench, text_of};
use crate::connection::Connection;
use crate::figure::Figure;
use crate::scenario::Outcome;
use crate::stop::Stop;
use crate::usage;
use crate::wire;
use crate::writing::Author;

/// Documents that are written at the same time.
const TOGETHER: usize = 32;
/// Edits over all documents.
const EDITS: usize = 1_000_000;
const DOCUMENTS: usize = 1_000;

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let folder = bench.folder()?;
    let data = folder.path().join("data");
    let documents = bench.scale.documents(DOCUMENTS);
    let edits = bench.scale.edits(EDITS) / documents;
    let server = bench.codraft.start(&data).await?;
    let begin = std::time::Instant::now();
    let mut writing: JoinSet<Result<(), Stop>> = JoinSet::new();
    let mut done = Vec::new();
    for number in 0..documents {
        let connection = server.connect(&name(number)).await?;
        writing.spawn(write(connection, number, edits));
        if writing.len() >= TOGETHER {
            done.extend(writing.join_next().await);
        }
    }
    done.extend(writing.join_all().await.into_iter().map(Ok));
    for written in done {
        written.map_err(io::Error::other)??;
    }
    let written_in = begin.elapsed().as_secs_f64();
    let before = usage::of_folder(&data)?;
    server.stop().await?;
    bench.codraft.run("compact", &data).await?;
    let folded = usage::of_folder(&data)?;

    let server = bench.codraft.start(&data).await?;
    let mut live = 0;
    for number in 0..documents {
        let state = server.connect(&name(number)).await?.join().await?;
        if text_of(&state)? != Author::after(number as u64, edits).text() {
            return Err(Stop::wrong(format!("the text of {} is not what was typed", name(number))));
        }
        live += state.len() as u64;
    }
    server.stop().await?;
    let again = usage::of_folder(&data)?;
    Ok(vec![
        Figure::new("edits", (edits * documents) as f64),
        Figure::new("edits_per_s", (edits * documents) as f64 / written_in),
        Figure::new("live_mb", live as f64 / 1e6),
        Figure::new("unfolded_disk_mb", before as f64 / 1e6),
        Figure::new("folded_disk_mb", folded as f64 / 1e6),
        Figure::new("after_next_start_disk_mb", again as f64 / 1e6),
        Figure::new("folded_disk_to_live", folded as f64 / live as f64).at_most(5.0),
    ])
}

/// Sends every edit of one document in one go, and waits until the last is acknowledged.
async fn write(mut connection: Connection, number: usize, edits: usize) -> Result<(), Stop> {
    connection.join().await?;
    let mut author = Author::new(number as u64);
    let mut frames = Vec::new();
    let mut last = Vec::new();
    for _ in 0..edits {
        last = author.edit();
        wire::push_frame(&mut frames, &frame::update(&last));
    }
    let Connection { incoming, outgoing, .. } = &mut connection;
    let send = async { tokio::io::AsyncWriteExt::write_all(outgoing, &frames).await };
    let hear = async {
        let mut left = edits;
        while left > 0 {
            for message in frame::messages(incoming.next().await?) {
                if let Message::Update(echo) = message.map_err(io::Error::other)? {
                    left -= 1;
                    if left == 0 && echo != last {
                        return Err(io::Error::other("the last echo is not of the last edit"));
                    }
                }
            }
        }
        Ok(())
    };
    tokio::try_join!(send, hear)?;
    Ok(())
}

fn name(number: usize) -> String {
    format!("disk-{number}")
}
