//! Why a scenario has no figures.
//! Does not know which scenario.

use std::io;

use thiserror::Error;

/// The end of a scenario without figures; each is a sentence.
#[derive(Debug, Error)]
pub(crate) enum Stop {
    /// Something that it needs is not there.
    #[error("{0}")]
    Skipped(String),
    /// What was measured is not what was meant: a text, an acknowledgement or a process is missing.
    #[error("{0}")]
    Wrong(String),
    /// A socket, a file or a process failed.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Stop {
    /// What did not verify.
    pub(crate) fn wrong(sentence: impl Into<String>) -> Self {
        Self::Wrong(sentence.into())
    }

    /// An IO error with what was being done.
    pub(crate) fn during(what: &str) -> impl Fn(io::Error) -> Self + '_ {
        move |error| Self::Io(io::Error::new(error.kind(), format!("{what}: {error}")))
    }
}
