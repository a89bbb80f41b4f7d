//! codraft.
