//! How the server's work for a letter grows: with the document, with those who are told, and with the documents that are
//! open. With `--plots` the curves are drawn.
//!
//! Everyone must hear every letter, as in `fan200` and `many500`, which this consists of.

use std::fs;
use std::time::Duration;

use super::fan::Fan;
use super::many::Many;
use crate::bench::Bench;
use crate::figure::Figure;
use crate::plot::{Curve, Plot};
use crate::scenario::Outcome;
use crate::scene::Pace;
use crate::stop::Stop;

/// Letters in the document.
const LETTERS: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// People of whom one types.
const PEOPLE: [usize; 7] = [2, 10, 50, 200, 1_000, 2_000, 5_000];
/// Documents of two people each, of which all type. More than the last take more descriptors than a process may have where
/// their number ends at 20,000, and more connections than a server takes if it is not told otherwise.
const DOCUMENTS: [usize; 6] = [1, 10, 100, 1_000, 5_000, 9_500];
/// Letters a second over all documents.
const ALL_LETTERS: f64 = 500.0;
/// How long people type.
const TIME: Duration = Duration::from_secs(4);
/// Between two letters of one who types.
const LETTER_EVERY: Duration = Duration::from_millis(50);

pub(crate) async fn run(bench: &Bench) -> Outcome {
    let mut curves = Curves { bench, figures: Vec::new() };
    let with_letters = curves.with_letters().await?;
    let (with_people, a_person) = curves.with_people().await?;
    let (with_documents, memory) = curves.with_documents().await?;
    let us = "CPU of the server a letter, µs";
    curves.draw("letters", ("The document", "letters in it", us), vec![with_letters])?;
    curves.draw("people", ("Those who are told", "people", us), vec![with_people, a_person])?;
    curves.draw(
        "documents",
        ("Open documents", "documents of two people", us),
        vec![with_documents],
    )?;
    let kb = "memory a document, kB";
    curves.draw("memory", ("Memory", "documents of two people", kb), vec![memory])?;
    Ok(curves.figures)
}

struct Curves<'a> {
    bench: &'a Bench,
    figures: Vec<Figure>,
}

impl Curves<'_> {
    /// Sizes that are measured: only the first two when it is not about the figures.
    fn sizes<'s>(&self, all: &'s [usize]) -> &'s [usize] {
        if self.bench.scale.smoke { &all[..2] } else { all }
    }

    fn note(&mut self, name: String, value: f64) {
        self.figures.push(Figure::new(name, value));
    }

    async fn with_letters(&mut self) -> Result<Curve, Stop> {
        let mut points = Vec::new();
        let time = self.bench.scale.time(TIME);
        for &letters in self.sizes(&LETTERS) {
            let fan = Fan::of((2, 1), (Pace::Every(LETTER_EVERY / 10), time), letters)?;
            let cpu = fan.cpu_us(self.bench).await?;
            self.note(format!("cpu_us_with_{letters}_letters"), cpu);
            points.push((letters as f64, cpu));
        }
        Ok(Curve { name: "two people".into(), points })
    }

    async fn with_people(&mut self) -> Result<(Curve, Curve), Stop> {
        let (mut all, mut each) = (Vec::new(), Vec::new());
        let time = self.bench.scale.time(TIME);
        for &people in self.sizes(&PEOPLE) {
            let fan = Fan::of((people, 1), (Pace::Every(LETTER_EVERY), time), 10_000)?;
            let cpu = fan.cpu_us(self.bench).await?;
            self.note(format!("cpu_us_a_person_of_{people}"), cpu);
            each.push((people as f64, cpu));
            all.push((people as f64, cpu * (people - 1) as f64));
        }
        let curve = |name: &str, points| Curve { name: name.into(), points };
        Ok((curve("for everyone", all), curve("for each", each)))
    }

    async fn with_documents(&mut self) -> Result<(Curve, Curve), Stop> {
        let (mut cpus, mut sizes) = (Vec::new(), Vec::new());
        let time = self.bench.scale.time(TIME);
        for &documents in self.sizes(&DOCUMENTS) {
            let every = Duration::from_secs_f64(2.0 * documents as f64 / ALL_LETTERS);
            let many = Many::of(documents, (Pace::Every(every), time.max(every)), 2_000)?;
            let (cpu, kb) = many.cpu_us_and_kb(self.bench).await?;
            self.note(format!("cpu_us_with_{documents}_documents"), cpu);
            self.note(format!("kb_with_{documents}_documents"), kb);
            cpus.push((documents as f64, cpu));
            sizes.push((documents as f64, kb));
        }
        let curve = |points| Curve { name: "500 letters/s in all".into(), points };
        Ok((curve(cpus), curve(sizes)))
    }

    fn draw(
        &self,
        file: &str,
        (title, x, y): (&str, &str, &str),
        mut curves: Vec<Curve>,
    ) -> Result<(), Stop> {
        let Some(folder) = &self.bench.plots else { return Ok(()) };
        // What was too little to be counted has no place on such an axis.
        for curve in &mut curves {
            curve.points.retain(|(_, value)| *value > 0.0);
        }
        let (title, x, y) = (title.to_owned(), x.to_owned(), y.to_owned());
        fs::create_dir_all(folder)?;
        Ok(fs::write(
            folder.join(format!("growth-{file}.svg")),
            Plot { title, x, y, curves }.svg(),
        )?)
    }
}
