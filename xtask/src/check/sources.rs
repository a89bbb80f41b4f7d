//! Rules one can see in the text of a source file: its length, a test that is left out, a target in core.
//! Does not parse any language.

use std::fs;
use std::path::Path;

use crate::tree::{Tree, files};
use crate::trouble::Trouble;

/// Where our sources are.
const FOLDERS: [&str; 7] = ["core", "server", "client-wasm", "web", "tests", "examples", "xtask"];

/// What a source file's name ends with.
const ENDINGS: [&str; 4] = ["rs", "ts", "tsx", "mjs"];

/// A longer file hides a second noun.
const MAX_LINES: usize = 400;

/// Spelled in halves, so that this file keeps its own rule.
const LEFT_OUT_RUST: &str = concat!("#[ig", "nore");
const TARGET_IN_CORE: &str = concat!("target_", "arch");
const FAMILY_IN_CORE: &str = concat!("target_", "family");
const RUNNERS: [&str; 4] = ["test", "it", "describe", "suite"];

/// Every breach of the rules in the tree, as sentences.
pub(super) fn violations(tree: &Tree) -> Result<Vec<String>, Trouble> {
    let generated = tree.web().join("wasm");
    let mut found = Vec::new();
    for folder in FOLDERS {
        for path in files(&tree.path(folder))? {
            let ours =
                path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known));
            if ours && !path.starts_with(&generated) {
                let text = fs::read_to_string(&path).map_err(Trouble::at(&path))?;
                found.extend(in_file(tree.short(&path), &text));
            }
        }
    }
    Ok(found)
}

fn in_file(path: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        found.push(format!(
            "{} has {lines} lines, more than {MAX_LINES}: find its second noun",
            path.display()
        ));
    }
    for (number, line) in text.lines().enumerate() {
        if let Some(rule) = in_line(path, line) {
            found.push(format!("{}:{}: {rule}", path.display(), number + 1));
        }
    }
    found
}

fn in_line(path: &Path, line: &str) -> Option<&'static str> {
    if path.extension().is_some_and(|ending| ending == "rs") {
        if line.contains(LEFT_OUT_RUST) {
            return Some("no test is left out");
        }
        let in_core = path.starts_with("core/src");
        let target = line.contains(TARGET_IN_CORE) || line.contains(FAMILY_IN_CORE);
        return (in_core && target).then_some("core compiles the same for every target");
    }
    leaves_out(line).then_some("no test is left out or run alone")
}

/// Whether a line of a script skips a test or runs it alone, as in `it.only(…)`.
fn leaves_out(line: &str) -> bool {
    RUNNERS.iter().any(|runner| {
        ["skip", "only", "todo"].iter().any(|how| {
            let call = format!("{runner}.{how}");
            line.match_indices(&call).any(|(at, _)| is_call(line, at, call.len()))
        })
    })
}

fn is_call(line: &str, at: usize, length: usize) -> bool {
    let part_of_name =
        |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || byte == b'$';
    let starts = at == 0 || !part_of_name(line.as_bytes()[at - 1]);
    starts && matches!(line.as_bytes().get(at + length), Some(b'(' | b'.' | b'I'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_four_hundred_lines_is_the_longest_allowed() {
        let path = Path::new("server/src/room.rs");
        assert!(in_file(path, &"line\n".repeat(400)).is_empty());
        assert_eq!(in_file(path, &"line\n".repeat(401)).len(), 1);
    }

    #[test]
    fn a_test_that_is_left_out_is_found_in_both_languages() {
        assert!(in_line(Path::new("a.rs"), &format!("    {LEFT_OUT_RUST}]")).is_some());
        for line in [
            concat!("it.", "only('x', () => {"),
            concat!("  test.", "skip(name, run)"),
            concat!("describe.", "skipIf(x)"),
        ] {
            assert!(in_line(Path::new("a.ts"), line).is_some(), "{line}");
        }
        for line in
            ["submit.only(x)", "limit.skip(2)", "await test('only one', run)", "iterator.skip(1)"]
        {
            assert!(in_line(Path::new("a.ts"), line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_target_is_forbidden_in_core_alone() {
        let line = format!("#[cfg({TARGET_IN_CORE} = \"wasm32\")]");
        assert!(in_line(Path::new("core/src/lib.rs"), &line).is_some());
        assert!(in_line(Path::new("server/src/lib.rs"), &line).is_none());
    }
}
