//! A disk that takes nothing: nobody is told that something was saved, and it goes on by itself.

use codraft_tests::{Api, ServerProcess, SmallDisk, free_port};

use super::problem;

#[tokio::test]
async fn a_change_that_the_disk_refuses_is_not_called_saved_until_it_is() {
    let Some(disk) = SmallDisk::mount(8 << 20).await else {
        return eprintln!("not tested: this machine lets nobody but root make name spaces");
    };
    let address = ([127, 0, 0, 1], free_port()).into();
    let api = Api::of(address);
    let server = ServerProcess::start_with(disk.server(), address, &disk.folder()).await;
    assert_eq!(api.send("PUT", "/doc/text", &[], b"before").await.status, 201);
    disk.fill(0).expect("a full disk");
    // More than the journal has made room for.
    let after = "after".repeat(40_000);
    let refused = api.send("PUT", "/doc/text", &[], after.as_bytes()).await;
    problem(&refused, 503, "The change is made");
    assert!(refused.header("retry-after").is_some(), "{refused:?}");
    problem(&api.send("PUT", "/doc/text", &[], b"later").await, 503, "nothing was changed");
    problem(&api.send("DELETE", "/doc", &[], b"").await, 503, "nothing was changed");
    assert_eq!(api.get("/doc/text", &[]).await.body, after);
    let mut events = api.events("/doc", "").await;
    events.until("saved", |data| data.contains(r#""sequence":2"#)).await;
    disk.free().expect("space");
    events.until("saved", |data| data.contains(r#""sequence":3"#)).await;
    assert_eq!(api.send("PUT", "/doc/text", &[], b"later").await.status, 204);
    server.kill().await;
    let server = ServerProcess::start_with(disk.server(), address, &disk.folder()).await;
    assert_eq!(api.get("/doc/text", &[]).await.body, "later");
    server.kill().await;
}
