//! The whole build, in the order its parts need each other.
//! Does not know how any part is built.

use std::path::PathBuf;

use crate::tree::Tree;
use crate::trouble::Trouble;
use crate::{server, wasm, web};

/// Builds the wasm client, the web bundle and the release server; the server's binary.
pub(crate) fn everything(tree: &Tree) -> Result<PathBuf, Trouble> {
    pages(tree)?;
    server::build(tree, server::Profile::Release)
}

/// Builds the wasm client and the web bundle.
pub(crate) fn pages(tree: &Tree) -> Result<(), Trouble> {
    web::install(&tree.web())?;
    wasm::build(tree, wasm::Finish::Small)?;
    web::build(tree)
}
