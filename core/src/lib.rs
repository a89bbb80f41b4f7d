//! codraft-core.
