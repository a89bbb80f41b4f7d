//! First words that somebody says for a session to come.

use super::Session;
use crate::control;

/// What a session with an empty document says first: a `Control::Hello`, and a question for everything. Whoever opens the socket
/// while the session is on its way may say it, and tells [`Session::opened_greeted`] then.
pub const GREETING: [u8; 8] = [103, 2, 0, control::VERSION as u8, 0, 0, 1, 0];

impl Session {
    /// The socket is open, and [`GREETING`] has been said on it.
    pub fn opened_greeted(&mut self, now: u64) {
        self.begin(now);
        self.asking = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, tests::session};

    #[test]
    fn it_is_what_a_session_says_by_itself_and_not_once_more() {
        let first_words = |opened: fn(&mut Session, u64)| -> Vec<u8> {
            let mut ann = session(1);
            ann.connect(0);
            assert_eq!(ann.poll(0), Some(Action::Open));
            opened(&mut ann, 0);
            let sent = || if let Action::Send(frame) = ann.poll(0)? { Some(frame) } else { None };
            std::iter::from_fn(sent).flatten().collect()
        };
        let bytes = GREETING.map(|byte| byte.to_string()).join(", ");
        let page = include_str!("../../../web/src/connection.ts");
        assert!(page.contains(&format!("Uint8Array.of({bytes})")), "the page says {bytes}");

        let all = first_words(Session::opened);
        assert!(all.starts_with(&GREETING));
        let greeted = first_words(Session::opened_greeted);
        assert_eq!(greeted.len(), all.len() - GREETING.len());
    }
}
