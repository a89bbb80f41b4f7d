//! What a peer is owed that counts its unsaved messages and takes one off for each status (Hocuspocus's provider). It knows
//! numbers of messages, not what is in them.
//!
//! The peer sets its count to one whenever it sends a step1, and adds one for each update after that. So the answer to the
//! step1 that we send in return carries one status; an answer to a question of our own carries none of its own, but those of
//! the messages that made us ask. One status too many, and the peer would take for saved what is not.

use std::collections::VecDeque;

use codraft_core::gate::{Clocks, Extent};

#[derive(Debug, Default)]
pub(super) struct Statuses {
    /// How many may go out once the document is durable through a sequence.
    waiting: VecDeque<(u64, u32)>,
    /// Messages of which something was missing or refused: an answer carries theirs.
    held: u32,
    /// Our questions that are not answered yet: whether the peer counts the answer.
    questions: VecDeque<bool>,
    /// What the peer had when it began to count. A provider that was offline sends its old updates again after that, beside
    /// its answer, and does not count them.
    since: Option<Clocks>,
    /// Messages of that time that may be such: they delete only, or are known. Theirs go out when the peer is quiet: if it
    /// has counted them it waits for that, and if not, it has nothing else to take them for.
    doubtful: u32,
    /// Something was heard since the last tick.
    is_busy: bool,
}

impl Statuses {
    /// The peer counts anew, and is asked for what it has.
    pub(super) fn begin(&mut self, has: &Clocks) {
        self.waiting.clear();
        (self.held, self.doubtful) = (0, 0);
        // What it answers to earlier questions is not in its new count.
        self.questions.iter_mut().for_each(|counted| *counted = false);
        self.questions.push_back(true);
        // A provider may send a step1 again that it wrote offline, too, with less in it.
        let since = self.since.get_or_insert_default();
        has.iter().for_each(|(client, clock)| since.advance(client, clock));
    }

    /// The peer is asked for what is missing.
    pub(super) fn ask(&mut self) {
        self.questions.push_back(false);
    }

    /// A message was merged, or as much of it as can be.
    pub(super) fn heard(&mut self, sequence: u64, added: &[Extent], is_answer: bool, whole: bool) {
        self.is_busy = true;
        let count = if is_answer { self.answered() } else { u32::from(!self.is_old(added)) };
        if count > 0 && !is_answer && whole && added.is_empty() && self.since.is_some() {
            self.doubtful += 1;
            return;
        }
        if !whole {
            self.held += count;
            return;
        }
        let count = if is_answer { count + std::mem::take(&mut self.held) } else { count };
        match self.waiting.back_mut() {
            Some((last, waiting)) if *last == sequence => *waiting += count,
            _ if count > 0 => self.waiting.push_back((sequence, count)),
            _ => {}
        }
    }

    /// A message was not accepted.
    pub(super) fn refused(&mut self, is_answer: bool) {
        self.held += if is_answer { self.answered() } else { 1 };
    }

    /// How many may go out now that the document is durable through a sequence.
    pub(super) fn settle(&mut self, through: u64) -> u32 {
        let mut count = 0;
        while let Some((_, more)) = self.waiting.pop_front_if(|(sequence, _)| *sequence <= through)
        {
            count += more;
        }
        count
    }

    /// Some time has passed.
    pub(super) fn tick(&mut self) {
        let is_quiet = !std::mem::take(&mut self.is_busy) && self.waiting.is_empty();
        if is_quiet && self.since.is_none() && self.doubtful > 0 {
            self.waiting.push_back((0, std::mem::take(&mut self.doubtful)));
        }
    }

    /// Whether any waits for the disk, for an answer or for a quiet moment.
    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty() || self.held > 0 || self.doubtful > 0
    }

    fn answered(&mut self) -> u32 {
        let counted = self.questions.pop_front().unwrap_or(true);
        if counted {
            self.since = None;
        }
        counted.into()
    }

    fn is_old(&self, added: &[Extent]) -> bool {
        !added.is_empty() && self.since.as_ref().is_some_and(|since| since.cover(added))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn op(clock: u32) -> [Extent; 1] {
        [Extent { client: 1, start: clock, end: clock + 1 }]
    }

    fn had(clock: u32) -> Clocks {
        let mut clocks = Clocks::default();
        clocks.insert(1, clock);
        clocks
    }

    #[test]
    fn each_message_is_owed_one_status_once_it_is_durable() {
        let mut statuses = Statuses::default();
        statuses.begin(&had(0));
        statuses.heard(0, &[], true, true);
        statuses.heard(1, &op(0), false, true);
        statuses.heard(2, &op(1), false, true);
        assert_eq!((statuses.settle(1), statuses.settle(1)), (2, 0));
        assert!(statuses.is_waiting());
        assert_eq!(statuses.settle(2), 1);
        assert!(!statuses.is_waiting());
    }

    #[test]
    fn messages_with_a_gap_are_carried_by_the_answer_to_the_question_they_led_to() {
        let mut statuses = Statuses::default();
        statuses.begin(&had(0));
        statuses.heard(0, &[], true, true);
        assert_eq!(statuses.settle(0), 1);
        statuses.heard(0, &[], false, false);
        statuses.ask();
        statuses.heard(0, &[], false, false);
        assert_eq!(statuses.settle(9), 0);
        statuses.heard(3, &op(0), true, true);
        assert_eq!(statuses.settle(3), 2);
    }

    #[test]
    fn what_a_provider_wrote_offline_is_counted_once_although_it_comes_twice() {
        let mut statuses = Statuses::default();
        statuses.begin(&had(2));
        statuses.heard(1, &op(0), false, true);
        statuses.heard(2, &op(1), false, true);
        statuses.heard(2, &[], true, true);
        assert_eq!(statuses.settle(2), 1);
        statuses.heard(3, &op(2), false, true);
        assert_eq!(statuses.settle(3), 1);
    }

    #[test]
    fn what_may_have_been_written_offline_is_answered_in_a_quiet_moment() {
        let mut statuses = Statuses::default();
        statuses.begin(&had(2));
        for _ in 0..5 {
            statuses.heard(1, &[], false, true);
        }
        // It flushes a step1 of that time as well.
        statuses.begin(&had(1));
        statuses.heard(1, &op(1), false, true);
        statuses.heard(1, &[], false, true);
        statuses.heard(1, &[], true, true);
        statuses.heard(1, &[], true, true);
        assert_eq!(statuses.settle(1), 1);
        assert!(statuses.is_waiting());
        statuses.heard(2, &op(2), false, true);
        statuses.tick();
        assert_eq!(statuses.settle(2), 1, "it is typing");
        statuses.tick();
        assert_eq!(statuses.settle(2), 1);
        assert!(!statuses.is_waiting());
        statuses.heard(3, &[], false, true);
        assert_eq!(statuses.settle(3), 1, "a deletion of now is one of now");
    }

    #[test]
    fn a_provider_that_counts_anew_is_owed_nothing_from_before() {
        let mut statuses = Statuses::default();
        statuses.begin(&had(0));
        statuses.heard(1, &op(0), false, true);
        statuses.begin(&had(1));
        statuses.heard(1, &[], true, true);
        statuses.heard(1, &[], true, true);
        assert_eq!(statuses.settle(1), 1);
    }
}
