//! Data directories as a server leaves them: documents that are folded, large, in the journal only, and in both.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use codraft_tests::{Client, ServerProcess, free_port};
use tempfile::TempDir;

/// Documents that are folded by a clean stop.
const EARLY: usize = 12;
/// Documents that a kill leaves in the journal, and the next start folds one after another.
const LATE: usize = 40;
/// More than the store keeps in one part.
const LARGE: usize = 600 * 1024;

/// A data directory and what is in it.
pub(crate) struct Fixture {
    folder: TempDir,
    /// Every document's whole text.
    pub(crate) texts: BTreeMap<String, String>,
    /// Whether its last server was killed.
    pub(crate) is_killed: bool,
}

impl Fixture {
    /// One whose last server was stopped: everything is folded.
    pub(crate) async fn stopped() -> Self {
        let mut fixture = Self::killed().await;
        let mut server = fixture.start().await;
        server.says("documents of the last run were folded").await;
        fixture.append(&server, "early-1", " again").await;
        fixture.append(&server, "last", "last words").await;
        assert!(server.terminate().await.success());
        fixture.is_killed = false;
        fixture
    }

    /// One whose last servers were killed: its journal has several segments.
    pub(crate) async fn killed() -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let mut fixture = Self { folder, texts: BTreeMap::new(), is_killed: true };
        let server = fixture.start().await;
        for n in 0..EARLY {
            fixture.append(&server, &format!("early-{n}"), &format!("early words of {n}")).await;
        }
        let mut random = fastrand::Rng::with_seed(1);
        let large: String = (0..LARGE).map(|_| random.char('!'..='~')).collect();
        fixture.append(&server, "large", &large).await;
        assert!(server.terminate().await.success());
        let server = fixture.start().await;
        for n in 0..LATE {
            fixture.append(&server, &format!("late-{n}"), &format!("late words of {n}")).await;
        }
        fixture.append(&server, "early-0", " and a tail").await;
        fixture.append(&server, "large", " and a tail").await;
        server.kill().await;
        // Killed while it folds what the one before left, so that the older segments are still needed.
        for n in 0..3 {
            let server = fixture.start().await;
            fixture.append(&server, &format!("after-{n}"), "some").await;
            fixture.append(&server, &format!("after-{n}"), " words").await;
            fixture.append(&server, "late-0", " and more").await;
            server.kill().await;
        }
        let segments = fs::read_dir(fixture.path().join("journal")).expect("a journal").count();
        assert!(segments > 1, "the last run folded too quickly for several segments");
        fixture
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A copy to damage.
    pub(crate) fn copy(&self) -> TempDir {
        let copy = tempfile::tempdir().expect("a temporary directory");
        copy_folder(self.path(), copy.path());
        copy
    }

    async fn start(&self) -> ServerProcess {
        ServerProcess::start(([127, 0, 0, 1], free_port()).into(), self.path()).await
    }

    async fn append(&mut self, server: &ServerProcess, name: &str, text: &str) {
        // As a number of its own: a client that comes back is a new one.
        let id = self.texts.values().map(String::len).sum::<usize>() as u64 + 1;
        let mut client = Client::connect(&server.url(name), id).await;
        client.append(text);
        client.until_saved().await;
        self.texts.entry(name.to_owned()).or_default().push_str(text);
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let entry = entry.expect("an entry to copy");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a kind of entry") {
            kind if kind.is_dir() => {
                fs::create_dir(&target).expect("a folder");
                copy_folder(&entry.path(), &target);
            }
            kind if kind.is_file() => drop(fs::copy(entry.path(), &target).expect("a copy")),
            _ => {}
        }
    }
}
