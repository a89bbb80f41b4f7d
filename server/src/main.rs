//! codraft.
fn main() {}
