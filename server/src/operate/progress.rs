//! How far long work has come: a bar on a terminal, plain lines otherwise. It does not know the work.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Steps between two plain lines, as a part of the whole.
const LINES: u64 = 10;

/// A bar, or lines.
pub(super) struct Progress {
    what: &'static str,
    bar: ProgressBar,
}

impl Progress {
    pub(super) fn new(what: &'static str, steps: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:40} {pos}/{len}, {eta} left")
        {
            bar.set_style(style);
        }
        bar.set_prefix(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { what, bar }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        self.bar.inc(1);
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
        let line_every = (all / LINES).max(1);
        if self.bar.is_hidden() && done.is_multiple_of(line_every) {
            tracing::info!("{}: {done} of {all}", self.what);
        }
    }

    /// All is done.
    pub(super) fn end(self, said: &str) {
        self.bar.finish_and_clear();
        tracing::info!("{said}");
    }
}
