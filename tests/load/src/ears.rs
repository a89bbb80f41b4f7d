//! What one person has heard of those who type: every letter of everyone else, in order, and how long each took.
//! Knows no socket.

use std::io;

use codraft_core::Reader;
use codraft_core::frame::{self, Message};

use crate::extents::extents;
use crate::part::Part;
use crate::scene::Scene;
use crate::spread::Spread;
use crate::stop::Stop;
use crate::trace::replay;

/// One person's.
#[derive(Debug)]
pub(crate) struct Ears {
    /// Those who type are the first.
    number: usize,
    /// How many letters of each who types.
    letters: Vec<usize>,
    /// Of whom this person says that their letter has come.
    answers: Vec<bool>,
    /// What letters took to here.
    pub(crate) took: Spread,
    /// Every update, of somebody whose text is compared.
    kept: Option<Vec<Vec<u8>>>,
}

impl Ears {
    /// Of somebody, of so many, who has heard nothing yet.
    pub(crate) fn new(number: usize, writers: usize, everyone: usize) -> Self {
        let answers = (0..writers).map(|writer| reader_of(writer, writers, everyone) == number);
        let (letters, answers) = (vec![0; writers], answers.collect());
        Self { number, letters, answers, took: Spread::default(), kept: None }
    }

    /// Keeps all updates from now on, so that the text can be compared.
    pub(crate) fn keep(&mut self) {
        self.kept = Some(Vec::new());
    }

    /// Takes in one frame; whether there is a question in it.
    pub(crate) fn hear(&mut self, scene: &Scene, heard: &[u8]) -> Result<bool, Stop> {
        let mut asks = false;
        for message in frame::messages(heard) {
            match message.map_err(io::Error::other)? {
                Message::Update(update) | Message::Step2(update) => self.take(scene, update)?,
                Message::Step1(_) => asks = true,
                _ => {}
            }
        }
        Ok(asks)
    }

    fn take(&mut self, scene: &Scene, update: &[u8]) -> Result<(), Stop> {
        if let Some(kept) = &mut self.kept {
            kept.push(update.to_vec());
        }
        if let Some(writer) = self.whose_next(scene, update) {
            self.count(scene, writer, self.letters[writer] + 1);
            return Ok(());
        }
        // A server may put letters together, and send them again.
        for added in extents(update)? {
            let writer = Part::person(added.client);
            let Some(writer) = writer.filter(|writer| *writer < self.letters.len()) else {
                continue;
            };
            if self.letters[writer] < added.start as usize && writer != self.number {
                return Err(Stop::wrong("a letter is missing, or out of order"));
            }
            self.count(scene, writer, added.end as usize);
        }
        Ok(())
    }

    /// Whose next letter an update is, byte for byte: by far the most are, and reading them is all the load has to do.
    fn whose_next(&self, scene: &Scene, update: &[u8]) -> Option<usize> {
        let mut reader = Reader::new(update);
        let [1, 1, client] = [reader.var_uint(), reader.var_uint(), reader.var_uint()]
            .map(Result::ok)
            .map(Option::unwrap_or_default)
        else {
            return None;
        };
        let writer = Part::person(client)?;
        let next = scene.parts.get(writer)?.updates.get(*self.letters.get(writer)?)?;
        (next == update).then_some(writer)
    }

    fn count(&mut self, scene: &Scene, writer: usize, through: usize) {
        for number in self.letters[writer]..through {
            self.letters[writer] = number + 1;
            // One's own letters come back.
            if writer != self.number {
                self.took.add(scene.since(writer, number));
            }
            if self.answers[writer] {
                scene.tell(writer);
            }
        }
    }

    /// Whether all that others have typed is here.
    pub(crate) fn have_everything(&self, scene: &Scene) -> bool {
        let mut others = self.letters.iter().enumerate().filter(|(at, _)| *at != self.number);
        others.all(|(at, heard)| *heard == scene.typed(at))
    }

    /// Compares the text of somebody who kept everything with what was typed.
    pub(crate) fn check(&self, scene: &Scene, text: &str) -> Result<(), Stop> {
        let Some(kept) = &self.kept else { return Ok(()) };
        let mut all = vec![scene.base.update.clone()];
        if self.number < scene.writers() {
            all.extend(scene.updates_of(self.number));
        }
        all.extend(kept.iter().cloned());
        if replay(&all)?.text() == text {
            return Ok(());
        }
        Err(Stop::wrong(format!("number {} has another text", self.number)))
    }
}

/// Who says that somebody's letter has come: somebody who does not type, if there is anybody.
fn reader_of(writer: usize, writers: usize, everyone: usize) -> usize {
    match everyone.saturating_sub(writers) {
        0 => (writer + 1) % everyone,
        readers => writers + writer % readers,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::part::Base;
    use crate::scene::Pace;

    fn scene() -> Scene {
        let base = Arc::new(Base::of(50));
        let parts = (0..2).map(|person| Part::of(person, &base, 3).expect("letters"));
        Scene::new(base.clone(), Arc::new(parts.collect()), Pace::Every(Duration::ZERO))
    }

    #[test]
    fn a_letter_that_does_not_come_is_noticed() {
        let scene = scene();
        let mut ears = Ears::new(2, 2, 3);
        assert!(ears.have_everything(&scene), "nothing was typed");
        for _ in 0..2 {
            scene.send(1);
        }
        assert!(!ears.have_everything(&scene));
        let [first, second, ..] = &scene.parts[1].updates[..] else { panic!("three letters") };
        assert!(ears.hear(&scene, &frame::update(second)).is_err(), "the first is missing");
        ears.keep();
        for update in [first, second] {
            assert_eq!(ears.hear(&scene, &frame::update(update)).ok(), Some(false));
        }
        assert!(ears.have_everything(&scene));
        assert_eq!(ears.took.count(), 2);
        let text = scene.text().expect("a document");
        assert!(ears.check(&scene, "").is_err());
        assert!(ears.check(&scene, &text).is_ok());
    }

    #[test]
    fn ones_own_letters_are_not_delivered_to_oneself() {
        let scene = scene();
        let mut ears = Ears::new(0, 2, 2);
        scene.send(0);
        let echo = frame::update(&scene.parts[0].updates[0]);
        ears.hear(&scene, &echo).expect("a letter");
        assert_eq!((ears.took.count(), ears.have_everything(&scene)), (0, true));
        assert!(ears.hear(&scene, &frame::step1(&[0])).expect("a question"));
    }
}
