//! What requests send takes memory before anybody looks at it, and there is an end to that.

use codraft::{Limits, ServeConfig};
use codraft_tests::{Api, Asking, TestServer, patiently};

use super::problem;

const MIB: usize = 1 << 20;

#[tokio::test]
async fn bodies_that_are_not_all_here_leave_room_for_small_ones_and_keep_others_waiting() {
    let limits = Limits { document_bytes: MIB, frame_bytes: MIB, ..Limits::default() };
    let server = TestServer::start_with(ServeConfig { limits, ..ServeConfig::default() }).await;
    let api = Api::of(server.address());
    let words = "x".repeat(MIB / 2);
    let head = |n| {
        format!(
            "PUT /api/docs/doc{n}/text HTTP/1.1\r\nhost: localhost\r\ncontent-length: {MIB}\r\n\r\n"
        )
    };
    let mut slow = Vec::new();
    for n in 0..4 {
        let mut connection = Asking::connect(server.address()).await;
        connection.say(&head(n)).await;
        connection.say(&words).await;
        slow.push(connection);
    }
    let put = async |words: &str| api.send("PUT", "/other/text", &[], words.as_bytes()).await;
    let refused = patiently("a refusal", async {
        loop {
            let answer = put(&words).await;
            if answer.status >= 300 {
                return answer;
            }
        }
    });
    let refused = refused.await;
    problem(&refused, 503, "Too much");
    assert!(refused.header("retry-after").is_some(), "{refused:?}");
    assert!((200..300).contains(&put("a few words").await.status), "a small one takes no space");
    slow.truncate(3);
    assert_eq!(put(&words).await.status, 204, "whoever has gone leaves room");
    slow[0].say(&words).await;
    problem(&slow[0].answer().await, 413, "larger");
}
