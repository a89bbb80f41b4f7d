//! What a program shows to be let in: nothing, a token or a link's secret. It knows no server.

use std::fmt;

/// What is shown with each connection, in a header: it stands in no address and no log.
#[derive(Default)]
pub struct Pass(Source);

#[derive(Default)]
enum Source {
    #[default]
    Nothing,
    Fixed(String),
    Renewed(Box<dyn FnMut() -> String + Send>),
}

impl Pass {
    /// A token that is made or read anew for each connection: for those that expire while the program runs. `make` is called
    /// on the task that drives the document, so it should not take long.
    pub fn renewed(make: impl FnMut() -> String + Send + 'static) -> Self {
        Self(Source::Renewed(Box::new(make)))
    }

    /// What to show now; empty for nothing.
    pub(crate) fn shown(&mut self) -> String {
        match &mut self.0 {
            Source::Nothing => String::new(),
            Source::Fixed(token) => token.clone(),
            Source::Renewed(make) => make(),
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.0, Source::Nothing)
    }

    /// Whether another attempt may show something newer.
    pub(crate) fn is_renewed(&self) -> bool {
        matches!(self.0, Source::Renewed(_))
    }
}

/// A token, or the secret of a link; nothing where it is empty.
impl From<&str> for Pass {
    fn from(shown: &str) -> Self {
        match shown.trim() {
            "" => Self::default(),
            shown => Self(Source::Fixed(shown.to_owned())),
        }
    }
}

impl From<String> for Pass {
    fn from(shown: String) -> Self {
        shown.as_str().into()
    }
}

/// Says of which kind it is, and not what is shown.
impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::Nothing => "Pass(nothing)",
            Source::Fixed(_) => "Pass(fixed)",
            Source::Renewed(_) => "Pass(renewed)",
        })
    }
}
