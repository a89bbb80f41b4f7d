//! The web part, built into the binary with its compressed forms. It knows names and headers, not what the files say.

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Web;

/// Names of assets carry a hash of what is in them, so they never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Pages are asked for anew; an unchanged one is answered with 304.
const ASK_ANEW: &str = "no-cache";

/// Files at the top of the site: a service worker has no say over what lies beside its folder, so that no header is needed to
/// let it; and what installs the site may not be called anew with each release.
const AT_THE_TOP: [&str; 2] = ["sw.js", "manifest.webmanifest"];

/// The forms a file may be embedded in, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// A page of the web part.
pub(super) fn page(name: &str, headers: &HeaderMap) -> Response {
    serve(name, headers, ASK_ANEW).unwrap_or_else(|| {
        let text = "This server was built without its pages. Build them with `cargo xtask build`, then the server.\n";
        (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
    })
}

/// A file that a page loads.
pub(super) fn asset(name: &str, headers: &HeaderMap) -> Response {
    let is_hashed = name.starts_with("assets/");
    let caching = if is_hashed { FOR_EVER } else { ASK_ANEW };
    let Some(mut response) = serve(name, headers, caching) else {
        return (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response();
    };
    if is_hashed {
        // The same for everybody, so no secret; the page draws diagrams in a frame that belongs to no origin.
        let anybody = HeaderValue::from_static("cross-origin");
        response.headers_mut().insert("cross-origin-resource-policy", anybody);
    }
    response
}

/// The routes of the files at the top.
pub(super) fn at_the_top<S: Clone + Send + Sync + 'static>() -> Router<S> {
    AT_THE_TOP.into_iter().fold(Router::new(), |router, name| {
        let file = move |headers: HeaderMap| async move { asset(name, &headers) };
        router.route(&format!("/{name}"), get(file))
    })
}

fn serve(name: &str, headers: &HeaderMap, caching: &str) -> Option<Response> {
    let (file, encoding) = pick(name, headers)?;
    let hash = file.metadata.sha256_hash();
    let etag = format!("\"{:016x}\"", u64::from_be_bytes(hash[..8].try_into().ok()?));
    let common = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    if mentions(headers, header::IF_NONE_MATCH, &etag) {
        return Some((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let mut response = (common, file.data).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, content_type(name).parse().ok()?);
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, encoding.parse().ok()?);
    }
    Some(response)
}

fn pick(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let compressed = ENCODINGS.iter().find_map(|&(encoding, suffix)| {
        let file = mentions(headers, header::ACCEPT_ENCODING, encoding)
            .then(|| Web::get(&format!("{name}{suffix}")))?;
        Some((file?, Some(encoding)))
    });
    compressed.or_else(|| Some((Web::get(name)?, None)))
}

/// Whether a header lists a value, weak tags and quality aside.
fn mentions(headers: &HeaderMap, name: HeaderName, value: &str) -> bool {
    let lists = headers.get_all(name).into_iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let item = item.split(';').next().unwrap_or_default().trim();
        item.trim_start_matches("W/") == value
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_value_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, "gzip;q=0.8, br".parse().unwrap());
        assert!(mentions(&headers, header::ACCEPT_ENCODING, "br"));
        assert!(mentions(&headers, header::ACCEPT_ENCODING, "gzip"));
        assert!(!mentions(&headers, header::ACCEPT_ENCODING, "zstd"));
        headers.insert(header::IF_NONE_MATCH, "W/\"ab\"".parse().unwrap());
        assert!(mentions(&headers, header::IF_NONE_MATCH, "\"ab\""));
    }
}
