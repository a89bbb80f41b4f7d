//! A data directory that an older release wrote opens, whole, and can be written to.
//!
//! `fixtures/data-VERSION.tar` is what each release left behind when it was killed. At a release, run
//! `CODRAFT_WRITE_FIXTURE=1 cargo test -p codraft-tests --test upgrade` and commit the new file.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use codraft_tests::{Client, ServerProcess, free_port};

/// Name, what was folded, and what came after and lies in the journal only.
const DOCUMENTS: [(&str, &str, &str); 4] = [
    ("folded", "Everything of this is merged. 🦦\n", ""),
    ("journalled", "", "Nothing of this is merged.\n"),
    ("both", "The first half is merged, ", "the second is not."),
    ("a%2Fb%20%E6%97%A5%E6%9C%AC", "斜線とスペース ", "مرحبا"),
];

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Packs a data directory; what only a running server has is left out.
fn pack(data: &Path, file: &Path) -> std::io::Result<()> {
    fs::create_dir_all(fixtures())?;
    fs::remove_file(data.join("operator.sock"))?;
    let mut tar = tar::Builder::new(fs::File::create(file)?);
    tar.append_dir_all("", data)?;
    tar.finish()
}

async fn write(server: &ServerProcess, name: &str, text: &str) {
    if !text.is_empty() {
        let mut client = Client::connect(&server.url(name), 1).await;
        client.append("(deleted again) ");
        client.until_saved().await;
        client.undo(None);
        client.append(text);
        client.until_saved().await;
    }
}

async fn expect(server: &ServerProcess, more: &str) {
    for (name, folded, journalled) in DOCUMENTS {
        let text = format!("{folded}{journalled}{more}");
        Client::connect(&server.url(name), 2).await.until_text(&text).await;
    }
}

#[tokio::test]
async fn data_of_every_release_opens_whole_and_can_be_written_to() {
    let releases = fs::read_dir(fixtures()).expect("the fixtures");
    let mut releases: Vec<PathBuf> =
        releases.map(|release| release.expect("a fixture").path()).collect();
    releases.retain(|release| release.extension().is_some_and(|kind| kind == "tar"));
    releases.sort();
    assert!(!releases.is_empty());
    for release in releases {
        eprintln!("{}", release.display());
        let folder = tempfile::tempdir().expect("a temporary directory");
        let packed = fs::File::open(release).expect("a fixture");
        tar::Archive::new(packed).unpack(folder.path()).expect("a data directory");
        let server = ServerProcess::start(address(), folder.path()).await;
        let format = fs::read_to_string(folder.path().join("FORMAT")).expect("a format");
        assert_eq!(format, "codraft data 2\n", "an older release must not open it again");
        expect(&server, "").await;
        for (name, ..) in DOCUMENTS {
            let mut client = Client::connect(&server.url(name), 3).await;
            client.append("+");
            client.until_saved().await;
        }
        assert!(server.terminate().await.success());
        let server = ServerProcess::start(address(), folder.path()).await;
        expect(&server, "+").await;
        assert!(server.terminate().await.success());
    }
}

/// Writes the fixture of this release when it is told to; otherwise it does nothing.
#[tokio::test]
async fn write_the_fixture_of_this_release() {
    if std::env::var_os("CODRAFT_WRITE_FIXTURE").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary directory");
    let server = ServerProcess::start(address(), folder.path()).await;
    for (name, folded, _) in DOCUMENTS {
        write(&server, name, folded).await;
    }
    assert!(server.terminate().await.success());
    let server = ServerProcess::start(address(), folder.path()).await;
    for (name, _, journalled) in DOCUMENTS {
        write(&server, name, journalled).await;
    }
    server.kill().await;
    let fixture = fixtures().join(concat!("data-", env!("CARGO_PKG_VERSION"), ".tar"));
    pack(folder.path(), &fixture).expect("a fixture to write");
    eprintln!("written: {}", fixture.display());
}
