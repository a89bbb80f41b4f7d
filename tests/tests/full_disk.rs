//! The disk is full, at any moment: nothing crashes, nothing is called saved that is not, and it goes on by itself when
//! there is space again, in the same process or the next.

use std::net::SocketAddr;

use codraft_core::{ClientId, Replica, Splice, frame};
use codraft_tests::{
    Client, Mischief, Peer, Said, ServerProcess, SmallDisk, Typist, free_port, patiently, seeds,
};

const ROUNDS: u64 = 4;
const DISK_BYTES: u64 = 8 << 20;
const DOCUMENTS: [&str; 3] = ["one", "two", "three"];

fn address() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

fn rounds() -> u64 {
    let rounds = std::env::var("CODRAFT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    rounds.unwrap_or(ROUNDS)
}

#[tokio::test]
async fn a_disk_that_is_full_at_any_moment_costs_nothing_that_was_called_saved() {
    for seed in seeds(rounds()) {
        let Some(disk) = SmallDisk::mount(DISK_BYTES).await else {
            return eprintln!("not tested: this machine lets nobody but root make name spaces");
        };
        round(&disk, &mut Mischief::new(seed)).await;
    }
}

#[tokio::test]
async fn somebody_who_types_more_than_a_full_disk_takes_keeps_nobody_elsewhere_waiting() {
    let Some(disk) = SmallDisk::mount(DISK_BYTES).await else {
        return eprintln!("not tested: this machine lets nobody but root make name spaces");
    };
    let server = ServerProcess::start_with(disk.server(), address(), &disk.folder()).await;
    let mut ann = Client::connect(&server.url("elsewhere"), 1).await;
    let mut bob = Client::connect(&server.url("elsewhere"), 2).await;
    ann.append("-");
    ann.until_saved().await;
    bob.until_text("-").await;
    let mut fast = Peer::connect(&server.url("doc")).await;
    let mut follower = Peer::connect(&server.url("doc")).await;
    disk.fill(0).expect("a full disk");

    let mut author = Replica::new(ClientId::from_random(3));
    for _ in 0..20_000 {
        fast.send(&frame::update(&author.edit(&[Splice::new(0, 0, "x")]))).await;
    }
    let mut updates = 0;
    let count = |said| {
        updates += usize::from(matches!(said, Said::Update(_)));
        (updates == 2_000).then_some(())
    };
    follower.hear_until("what is typed there", count).await;
    for _ in 0..200 {
        ann.append("x");
        ann.drive().await;
        bob.until_text(&ann.editor).await;
    }
    server.kill().await;
}

async fn round(disk: &SmallDisk, mischief: &mut Mischief) {
    let address = address();
    let data = disk.folder();
    let mut words = Words::default();
    let server = ServerProcess::start_with(disk.server(), address, &data).await;
    let mut typists = typists(&server).await;
    chat(&mut typists, mischief, 40).await;

    disk.fill(mischief.below(10_000) as u64).expect("a full disk");
    chat(&mut typists, mischief, 60).await;
    let stays = mischief.one_in(2);
    if stays {
        disk.free().expect("space");
        for typist in &mut typists {
            typist.until_saved().await;
        }
    }
    words.note(&mut typists);
    if mischief.one_in(2) {
        server.kill().await;
    } else {
        // It may well end with an error, but not of one.
        assert!(server.terminate().await.code().is_some());
    }

    if !stays {
        refused_or_ready(disk, address).await;
        disk.free().expect("space");
    }
    let server = ServerProcess::start_with(disk.server(), address, &data).await;
    words.expect(&server).await;
    assert!(server.terminate().await.success());
}

async fn typists(server: &ServerProcess) -> Vec<Typist> {
    let mut typists: Vec<Typist> =
        (1..).zip(DOCUMENTS).map(|(id, name)| Typist::new(&server.url(name), id)).collect();
    for typist in &mut typists {
        typist.arrive().await;
    }
    typists
}

async fn chat(typists: &mut [Typist], mischief: &mut Mischief, words: usize) {
    for _ in 0..words {
        let typist = mischief.below(typists.len());
        typists[typist].type_one().await;
    }
}

/// On a full disk a server may say that it cannot start; it may start; it may not do anything else.
async fn refused_or_ready(disk: &SmallDisk, address: SocketAddr) {
    let mut command = disk.server();
    command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(disk.folder());
    let child = command.spawn().expect("the binary");
    let ended = tokio::time::timeout(std::time::Duration::from_secs(2), child.wait_with_output());
    let Ok(output) = ended.await else { return };
    let output = output.expect("an exit status");
    let said = String::from_utf8_lossy(&output.stderr);
    let explains = said.contains("No space left") || said.contains("bytes of free space");
    assert!(output.status.code() == Some(1) && explains, "{said}");
}

/// What was called saved, by document.
#[derive(Default)]
struct Words(Vec<(&'static str, Vec<String>)>);

impl Words {
    fn note(&mut self, typists: &mut [Typist]) {
        for (name, typist) in DOCUMENTS.iter().zip(typists) {
            typist.note();
            self.0.push((name, typist.saved().collect()));
        }
    }

    async fn expect(&self, server: &ServerProcess) {
        for (name, words) in &self.0 {
            let client = patiently("the document", Client::connect(&server.url(name), 99)).await;
            for word in words {
                assert!(client.editor.contains(word), "{word} was saved in {name} and is gone");
            }
        }
    }
}
