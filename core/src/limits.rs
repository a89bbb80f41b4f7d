//! The bounds on what comes from outside, each with its unit and its reason.

/// Bytes of a document's name: long enough for any path an app uses, short enough for a key.
pub const DOC_ID_BYTES: usize = 1_024;

/// Bytes of one document, encoded; over it writes are refused and reading goes on.
pub const DOCUMENT_BYTES: usize = 64 << 20;

/// Bytes of one frame: y-sync cannot split a step2, so a frame must be able to carry a whole document.
pub const FRAME_BYTES: usize = DOCUMENT_BYTES;

/// Levels of arrays and maps inside one value: yrs decodes and drops them by recursion.
pub const ANY_DEPTH: usize = 64;

/// Levels of shared types inside one another: yrs deletes them by recursion.
pub const TYPE_DEPTH: u32 = 64;

/// Bytes of one client's awareness state.
pub const AWARENESS_BYTES: usize = 16 << 10;

/// Levels of JSON in an awareness state.
pub const AWARENESS_DEPTH: usize = 32;

/// Bytes of the note that a client of ours puts into its awareness state; a longer one is none of ours, and not shown.
pub const NOTE_BYTES: usize = 512;

/// Client ids in one document's presence: well above any room that people can follow.
pub const AWARENESS_CLIENTS: usize = 4_096;

/// The largest client id that JavaScript can hold; yrs would alias a larger one.
pub const CLIENT_ID_MAX: u64 = (1 << 53) - 1;

/// Characters of a person's name on the screen.
pub const NAME_CHARS: usize = 40;

/// Characters of a document's title: a long headline, short enough for a list and a tab.
pub const TITLE_CHARS: usize = 200;

/// Characters of a language's name.
pub const LANGUAGE_CHARS: usize = 40;
