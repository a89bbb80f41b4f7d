//! Where a document is: read from the address of its page or of its socket. It opens nothing.

use codraft_core::replica::CONTENT;
use percent_encoding::percent_decode_str;
use tokio_tungstenite::tungstenite::http::Uri;

use crate::Error;

/// The parts of an address that mean something to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Where the socket is.
    pub(crate) socket: Uri,
    /// The text that is meant.
    pub(crate) field: String,
    /// What came with the address to be shown: a link's secret, or a token; empty for nothing.
    pub(crate) key: String,
}

impl Address {
    /// Reads `http(s)://HOST/d/DOCUMENT`, with a link's `#key=` and a `?field=` if they are there, or
    /// `ws(s)://HOST/ws/DOCUMENT`.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let (address, fragment) = text.trim().split_once('#').unwrap_or((text.trim(), ""));
        let uri: Uri = address.parse().map_err(|_| Error::Address)?;
        let scheme = match uri.scheme_str() {
            Some("http" | "ws") => "ws",
            Some("https" | "wss") => "wss",
            _ => return Err(Error::Address),
        };
        let host = uri.authority().ok_or(Error::Address)?;
        let path = uri.path();
        let named = path.strip_prefix("/ws/");
        // On a page's address the name is one segment, whatever is in it.
        let named = named.or(path.strip_prefix("/d/").filter(|name| !name.contains('/')));
        let name = named.filter(|name| !name.is_empty()).ok_or(Error::Address)?;
        let socket = format!("{scheme}://{host}/ws/{name}");
        let field = value_in(uri.query().unwrap_or_default(), "field");
        Ok(Self {
            socket: socket.parse().map_err(|_| Error::Address)?,
            field: field.unwrap_or_else(|| CONTENT.to_owned()),
            key: value_in(fragment, "key").unwrap_or_default(),
        })
    }
}

/// What is under a key in `a=b&c=d`, decoded; none where it is empty.
fn value_in(pairs: &str, key: &str) -> Option<String> {
    let mut pairs = pairs.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, value)| *known == key && !value.is_empty())?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_a_page_and_of_a_socket_lead_to_the_same_socket() {
        for (text, socket) in [
            ("http://127.0.0.1:8080/d/notes", "ws://127.0.0.1:8080/ws/notes"),
            (" ws://127.0.0.1:8080/ws/notes\n", "ws://127.0.0.1:8080/ws/notes"),
            ("https://docs.example.org/d/a%2Fb", "wss://docs.example.org/ws/a%2Fb"),
            ("wss://docs.example.org/ws/a/b", "wss://docs.example.org/ws/a/b"),
            ("http://[::1]:80/d/%E6%97%A5?field=x#key=y", "ws://[::1]:80/ws/%E6%97%A5"),
        ] {
            assert_eq!(Address::read(text).unwrap().socket.to_string(), socket, "{text}");
        }
    }

    #[test]
    fn a_links_secret_and_another_text_are_read_from_a_pages_address() {
        let address = Address::read("http://a/d/n?x=1&field=my%20text#key=cl_ab").unwrap();
        assert_eq!((address.field.as_str(), address.key.as_str()), ("my text", "cl_ab"));
        let address = Address::read("http://a/d/n").unwrap();
        assert_eq!((address.field.as_str(), address.key.as_str()), (CONTENT, ""));
    }

    #[test]
    fn what_names_no_document_is_refused_with_a_sentence() {
        for text in [
            "",
            "notes",
            "http://a/",
            "http://a/d/",
            "http://a/d/x/y",
            "ws://a",
            "ws://a/ws/",
            "ftp://a/d/x",
            "http://a b/d/x",
        ] {
            assert!(matches!(Address::read(text), Err(Error::Address)), "{text}");
        }
        assert!(Error::Address.to_string().contains("https://docs.example.org/d/notes"));
    }
}
