//! What can go wrong in a step, each as one sentence for the person at the terminal.
//! Does not know what the steps are.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

/// Why a step did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Something is missing or wrong; the sentence says what to do about it.
    #[error("{0}")]
    Advice(String),
    /// A command ran and did not succeed; its own output has said why.
    #[error("`{command}` failed ({status})")]
    Failed { command: String, status: ExitStatus },
    /// A command could not be started.
    #[error("cannot start `{command}`: {source}")]
    Start { command: String, source: io::Error },
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
}

impl Trouble {
    /// A sentence that says what to install or do.
    pub(crate) fn advice(sentence: impl Into<String>) -> Self {
        Self::Advice(sentence.into())
    }

    /// Names the file an IO error is about; made for `map_err`.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::File { path: path.to_path_buf(), source }
    }
}
