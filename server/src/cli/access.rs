//! What an administrator says on the command line about who may come: keys, tokens, links. It talks to the server that runs on
//! the data directory, if there is one, and serves nobody.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use codraft_core::DocId;
use codraft_core::presence::clean_name;
use tokio::sync::watch;

use super::{CliError, Data};
use crate::access::{
    Fresh, Key as AppKey, Keys, NotAKey, Person, Role, Scope, Tokens, is_for_apps, now,
};
#[cfg(unix)]
use crate::operator::{self, Answer, Wish};
use crate::storage::{read_keys, read_token_key, write_keys};

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Make a key; what the app signs with is printed this once
    New {
        #[command(flatten)]
        data: Data,
        /// How tokens are signed
        #[arg(long, value_enum, default_value_t = Algorithm::Hs256)]
        algorithm: Algorithm,
    },
    /// Take the public half of an Ed25519 key that you have made, in PEM
    Add {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// List the keys
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Remove a key: its tokens are worth nothing from then on, and whoever is here by one is sent away
    Remove {
        /// Its id
        id: String,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Algorithm {
    /// One secret that both the app and the server have
    Hs256,
    /// A pair of keys (Ed25519), of which the server has the public one
    Eddsa,
}

/// What to do with the administrator's key.
#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make a key, which takes the place of the one before; it is printed this once
    New {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  codraft token --doc notes --role editor --ttl 1h --user 42 --name Ada"
)]
pub(super) struct Token {
    /// A document it is for; may be repeated
    #[arg(long = "doc", value_name = "DOCUMENT", required_unless_present = "prefix")]
    docs: Vec<String>,
    /// What the names of the documents begin with that it is for
    #[arg(long)]
    prefix: Option<String>,
    /// What its bearer may do
    #[arg(long, value_enum)]
    role: Role,
    /// For how long, as in 30m, 8h or 7d
    #[arg(long, default_value = "1h")]
    ttl: Span,
    /// Who its bearer is: an id, the same for all their connections
    #[arg(long, default_value = "")]
    user: String,
    /// What others see
    #[arg(long)]
    name: Option<String>,
    /// The place of a colour in the palette, 0 to 9
    #[arg(long, value_parser = clap::value_parser!(u8).range(..10))]
    color: Option<u8>,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, clap::Args)]
pub(super) struct Docs {
    /// Only those whose names begin with this
    #[arg(default_value = "")]
    prefix: String,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, clap::Args)]
pub(super) struct Link {
    /// The document
    doc: String,
    /// What whoever opens it may do
    #[arg(long, value_enum)]
    role: Role,
    /// What its owners call it
    #[arg(long, default_value = "")]
    name: String,
    /// For how long, as in 8h or 30d; without an end unless it is said
    #[arg(long)]
    ttl: Option<Span>,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, clap::Args)]
pub(super) struct Kick {
    /// The document
    doc: String,
    /// The person's id, as the presence events of the document tell it
    user: String,
    /// For how long they may not come back
    #[arg(long = "for", value_name = "TIME", default_value = "1d")]
    span: Span,
    #[command(flatten)]
    data: Data,
}

/// A time, as in 90s, 30m, 8h or 7d.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(Duration);

impl Key {
    pub(super) fn run(&self) -> Result<(), CliError> {
        match self {
            Self::New { data, algorithm } => {
                let made = match algorithm {
                    Algorithm::Hs256 => Fresh::shared(now()),
                    Algorithm::Eddsa => Fresh::pair(now()),
                };
                let Fresh { key, signing } = made.map_err(sentence)?;
                let (id, algorithm) = (key.id.clone(), key.algorithm());
                change(&data.path, |keys| keys.add(key))?;
                print(&format!(
                    "key id (kid): {id}\nalgorithm: {algorithm:?}\nsign with, and keep to your backend:\n{signing}\n"
                ))
            }
            Self::Add { file, data } => {
                let pem = fs::read_to_string(file)
                    .map_err(|error| CliError::Access(format!("{}: {error}", file.display())))?;
                let key = AppKey::public(&pem, now()).map_err(sentence)?;
                let id = key.id.clone();
                change(&data.path, |keys| keys.add(key))?;
                print(&format!("key id (kid): {id}\n"))
            }
            Self::List { data } => {
                let keys = read_keys(&data.path)?;
                let line =
                    |key: &AppKey| format!("{}  {:?}  {}\n", key.id, key.algorithm(), key.created);
                print(&keys.iter().map(line).collect::<String>())
            }
            Self::Remove { id, data } => change(&data.path, |keys| keys.remove(id)),
        }
    }
}

impl Admin {
    pub(super) fn run(&self) -> Result<(), CliError> {
        let Self::New { data } = self;
        let mut secret = None;
        change(&data.path, |keys| {
            secret = Some(keys.renew_admin()?);
            Ok(())
        })?;
        secret.map_or(Ok(()), |secret| show_admin_key(secret.text()))
    }
}

impl Token {
    pub(super) fn run(&self) -> Result<(), CliError> {
        for name in self.docs.iter().chain(&self.prefix) {
            let cannot =
                |error| CliError::Access(format!("{name:?} cannot be a document's name: {error}"));
            DocId::new(name).map_err(cannot)?;
        }
        let key = read_token_key(&self.data.path)?;
        let tokens = Tokens::new(&key, watch::Sender::default().subscribe());
        let name = self.name.as_deref().map(|name| clean_name(name).into());
        let person = Person { id: self.user.as_str().into(), name, color: self.color };
        let (docs, prefix) = (self.docs.clone(), self.prefix.clone());
        if !self.user.is_empty() && !is_for_apps(&self.user) {
            return Err(CliError::Access(
                "--user cannot be the id of the administrator or a guest".into(),
            ));
        }
        let scope = Scope { docs, prefix, role: self.role, person, is_open: false };
        print(&format!("{}\n", tokens.mint(scope, self.ttl.0).token))
    }
}

impl Docs {
    #[cfg(unix)]
    pub(super) fn run(&self) -> Result<(), CliError> {
        let mut after = String::new();
        loop {
            let wish = Wish::Docs { prefix: self.prefix.clone(), after };
            let Answer::Docs(docs) = ask(&self.data.path, &wish)? else {
                return Err(not_understood());
            };
            let Some((last, _)) = docs.last().cloned() else { return Ok(()) };
            let line = |(name, bytes): &(String, Option<u64>)| match bytes {
                Some(bytes) => format!("{bytes:>12}  {name}\n"),
                None => format!("{:>12}  {name}\n", "-"),
            };
            print(&docs.iter().map(line).collect::<String>())?;
            after = last;
        }
    }
}

impl Link {
    #[cfg(unix)]
    pub(super) fn run(&self) -> Result<(), CliError> {
        let seconds = self.ttl.map(|ttl| ttl.0.as_secs());
        let (doc, name, role) = (self.doc.clone(), self.name.clone(), self.role);
        match ask(&self.data.path, &Wish::Link { doc, name, role, seconds })? {
            Answer::Link(path) => print(&format!("{path}\n")),
            Answer::Done | Answer::Docs(_) | Answer::Refused(_) => Err(not_understood()),
        }
    }
}

impl Kick {
    #[cfg(unix)]
    pub(super) fn run(&self) -> Result<(), CliError> {
        let (doc, user, seconds) = (self.doc.clone(), self.user.clone(), self.span.0.as_secs());
        ask(&self.data.path, &Wish::Kick { doc, user, seconds }).map(drop)
    }
}

/// Shows the administrator's key to whoever started this.
pub(super) fn show_admin_key(key: &str) -> Result<(), CliError> {
    print(&format!("admin key, shown this once (`codraft admin new` makes another): {key}\n"))
}

/// Changes the keys of a directory, and tells the server that runs on it.
fn change(
    data: &Path,
    change: impl FnOnce(&mut Keys) -> Result<(), NotAKey>,
) -> Result<(), CliError> {
    let mut keys = read_keys(data)?;
    change(&mut keys).map_err(sentence)?;
    write_keys(data, &keys)?;
    #[cfg(unix)]
    match operator::wish(data, &Wish::Keys) {
        Ok(Answer::Done) => {}
        Ok(_) => return Err(not_understood()),
        // No server runs, and the next one reads them.
        Err(error) if is_absent(&error) => {}
        Err(error) => return Err(CliError::Access(error.to_string())),
    }
    Ok(())
}

/// What the running server answers.
#[cfg(unix)]
fn ask(data: &Path, wish: &Wish) -> Result<Answer, CliError> {
    match operator::wish(data, wish) {
        Ok(Answer::Refused(why)) => Err(CliError::Access(why)),
        Ok(answer) => Ok(answer),
        Err(error) if is_absent(&error) => {
            let data = data.display();
            Err(CliError::Access(format!(
                "no server runs on {data}; start it, or name its directory with --data"
            )))
        }
        Err(error) => Err(CliError::Access(error.to_string())),
    }
}

#[cfg(unix)]
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

fn not_understood() -> CliError {
    CliError::Access("the running server is of another release and does not understand this".into())
}

fn sentence(error: NotAKey) -> CliError {
    CliError::Access(error.to_string())
}

fn print(text: &str) -> Result<(), CliError> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const MOST: u64 = 10 * 366 * 24 * 3_600;
        let wrong = || "write it as in 90s, 30m, 8h or 7d".to_owned();
        let unit = text.chars().next_back().ok_or_else(wrong)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 24 * 3_600,
            _ => return Err(wrong()),
        };
        let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
        let span = number.checked_mul(seconds).filter(|span| (1..=MOST).contains(span));
        span.map(Duration::from_secs).map(Self).ok_or_else(|| "between 1s and 3660d".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        let seconds = |text: &str| text.parse::<Span>().map(|span| span.0.as_secs()).ok();
        assert_eq!(seconds("90s"), Some(90));
        assert_eq!(seconds("8h"), Some(28_800));
        assert_eq!(seconds("7d"), Some(604_800));
        for text in
            ["", "d", "7", "0s", "-1h", "1.5h", "7 d", "99999999d", "1µ", "18446744073709551615d"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
