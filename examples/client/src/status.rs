//! How a document stands for a program in it. It connects nothing.

use std::fmt;

use codraft_core::control;
use serde::Deserialize;

/// What somebody may do in a document; a later one may all that an earlier one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads, and is seen to be there.
    Viewer,
    /// Writes as well.
    Editor,
    /// Says who may do what as well, and deletes.
    Owner,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whether there is a connection; if not, one is tried for, at most 4 s apart.
    pub is_connected: bool,
    /// Whether everything that was written here is on the server's disk.
    pub is_saved: bool,
    /// Whether the server's disk refuses writes; nothing is saved until it takes them again.
    pub is_disk_refusing: bool,
    /// What this program may do, once the server has said so.
    pub role: Option<Role>,
    /// Why there is no connection, as far as that is known.
    pub reason: String,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_connected, self.reason.as_str()) {
            (true, _) => f.write_str("connected")?,
            (false, "") => f.write_str("not connected, trying again")?,
            (false, reason) => write!(f, "not connected ({reason}), trying again")?,
        }
        f.write_str(match (self.is_disk_refusing, self.is_saved) {
            (true, _) => "; the server's disk takes nothing",
            (false, true) => "; everything is saved",
            (false, false) => "; not saved yet",
        })
    }
}

/// What the server says of whoever is connected (`docs/protocol.md`, control message 5), as far as it matters here.
#[derive(Debug, Deserialize)]
struct You {
    role: Role,
}

/// What this program may do, if that is what a frame is about.
pub(crate) fn role_in(frame: &[u8]) -> Option<Role> {
    let you: You = serde_json::from_str(control::you_json(frame)?).ok()?;
    Some(you.role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_sentence() {
        let mut status = Status {
            is_connected: true,
            is_saved: true,
            is_disk_refusing: false,
            role: None,
            reason: String::new(),
        };
        assert_eq!(status.to_string(), "connected; everything is saved");
        status.is_connected = false;
        status.is_saved = false;
        status.reason = "Connection refused".to_owned();
        assert_eq!(
            status.to_string(),
            "not connected (Connection refused), trying again; not saved yet"
        );
    }

    #[test]
    fn a_role_is_read_from_the_one_frame_that_says_it() {
        let frame = control::you_frame(r#"{"access":"links","role":"editor","named":false}"#);
        assert_eq!(role_in(&frame), Some(Role::Editor));
        assert_eq!(role_in(&control::you_frame(r#"{"role":"king"}"#)), None);
        assert_eq!(role_in(&control::Control::Ping.frame()), None);
    }
}
