//! The `codraft` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    codraft::cli::main()
}
