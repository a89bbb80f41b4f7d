//! Bare HTTP/1.1 on a socket, so that a test says exactly what goes over the wire. It follows no redirects and holds nothing
//! back.

use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};

use crate::patiently;

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// Everything up to its length; empty for a socket.
    pub body: String,
    /// The same as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A connection on which to ask.
pub struct Asking {
    stream: BufReader<TcpStream>,
}

impl Asking {
    /// Connects.
    pub async fn connect(to: SocketAddr) -> Self {
        Self::connect_from([127, 0, 0, 1].into(), to).await
    }

    /// Connects from another address of this machine.
    pub async fn connect_from(from: IpAddr, to: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((from, 0).into()).expect("an address of this machine");
        let stream = patiently("a connection", socket.connect(to)).await.expect("a connection");
        Self { stream: BufReader::new(stream) }
    }

    /// Asks for a page on a connection of its own, with these headers.
    pub async fn get(to: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
        Self::connect(to).await.ask("GET", path, headers).await
    }

    /// Wants a WebSocket on a connection of its own, with these headers; the answer says whether it is one.
    pub async fn upgrade(to: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
        let socket = [
            ("connection", "Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        Self::get(to, path, &[&socket[..], headers].concat()).await
    }

    /// Asks for something and reads the answer.
    pub async fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let headers: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        self.say(&format!("{method} {path} HTTP/1.1\r\n{headers}\r\n")).await;
        self.answer().await
    }

    /// Asks with a body, and reads the answer.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let length = body.len().to_string();
        let headers: String = headers
            .iter()
            .chain(&[("content-length", length.as_str())])
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        self.say(&format!("{method} {path} HTTP/1.1\r\n{headers}\r\n")).await;
        // A server that has read enough may have hung up.
        let _ = self.stream.write_all(body).await;
        self.answer().await
    }

    /// The next chunk of an answer that comes in chunks; none at its end.
    pub async fn chunk(&mut self) -> Option<String> {
        patiently("a chunk", async {
            let size = usize::from_str_radix(&self.line().await, 16).unwrap_or(0);
            let mut chunk = vec![0; size + 2];
            self.stream.read_exact(&mut chunk).await.ok()?;
            chunk.truncate(size);
            (size > 0).then(|| String::from_utf8_lossy(&chunk).into_owned())
        })
        .await
    }

    /// Sends bytes as they are.
    pub async fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.expect("an open connection");
    }

    /// The same for what is no text.
    pub async fn say_bytes(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("an open connection");
    }

    /// Reads one answer.
    pub async fn answer(&mut self) -> Answer {
        patiently("an answer", async {
            let status = self.line().await;
            let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
            let mut headers = Vec::new();
            while let Some((name, value)) = self.line().await.split_once(": ") {
                headers.push((name.to_ascii_lowercase(), value.to_owned()));
            }
            let status = status.expect("a status line");
            let mut answer = Answer { status, headers, body: String::new(), bytes: Vec::new() };
            let length = answer
                .header("content-length")
                .map_or(0, |length| length.parse().expect("a length"));
            let mut body = vec![0; length];
            self.stream.read_exact(&mut body).await.expect("a whole body");
            answer.body = String::from_utf8_lossy(&body).into_owned();
            answer.bytes = body;
            answer
        })
        .await
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.expect("a line");
        line.trim_end().to_owned()
    }

    /// Waits until the server ends the connection; returns what it said before.
    pub async fn ended(&mut self) -> String {
        let mut rest = Vec::new();
        // A reset is an end, too.
        let _ = patiently("the server to hang up", self.stream.read_to_end(&mut rest)).await;
        String::from_utf8_lossy(&rest).into_owned()
    }
}
