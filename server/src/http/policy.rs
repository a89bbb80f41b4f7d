//! What browsers may do with what is answered: what a page loads, and on whose pages it may be shown. It knows no routes.

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::origin::Origin;

/// What a page may load: itself, its WebAssembly and its socket. Nothing inline, nothing foreign.
const LOADS: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
     base-uri 'none'; form-action 'self'";

/// The policy of a page that may be shown in a frame, on the server's own pages and those of these sites.
pub(crate) fn framed_by(sites: &[Origin]) -> HeaderValue {
    let sites: String = sites.iter().map(|site| format!(" {site}")).collect();
    let policy = format!("{LOADS}; frame-ancestors 'self'{sites}");
    // An origin is a scheme, a host and a port, which a URI was made of.
    HeaderValue::from_str(&policy).unwrap_or_else(|_| unframed())
}

fn unframed() -> HeaderValue {
    HeaderValue::from_str(&format!("{LOADS}; frame-ancestors 'none'")).expect("plain letters")
}

/// Puts on an answer what it does not say itself.
pub(super) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // What somebody has uploaded has a stricter one of its own, and what may be framed says by whom.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(unframed);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers
        .entry("cross-origin-resource-policy")
        .or_insert(const { HeaderValue::from_static("same-origin") });
    response
}
