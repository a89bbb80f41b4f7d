//! The size budgets: what the browser half weighs under brotli, and what opening a document loads.
//! Does not know what is in the files beyond what a page's HTML names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::compress::{beside, brotli_size};
use crate::process::say;
use crate::tree::{Tree, files};
use crate::trouble::Trouble;

/// The wasm alone, in bytes under brotli: what keeps a cold start under a second on a slow line.
const WASM_BUDGET: usize = 110_000;

/// Everything a first visit to a document loads before one can type, in bytes under brotli.
const PAGE_BUDGET: usize = 260_000;

/// What a page loads of the npm package before one can type, in bytes under brotli: all but CodeMirror, which an app
/// may have anyway, and the wasm.
const EMBED_BUDGET: usize = 30_000;

/// Pages that may hold the editor, the likeliest first.
const EDITOR_PAGES: [&str; 3] = ["editor.html", "d.html", "index.html"];

/// The wasm keeps its budget.
pub(crate) fn wasm(tree: &Tree) -> Result<(), Trouble> {
    let assets = wasm_files(&tree.web().join("dist"))?;
    if assets.is_empty() {
        return Err(Trouble::advice("the bundle holds no wasm"));
    }
    held("wasm", sum(&assets)?, WASM_BUDGET)
}

/// The first load of a document's page keeps its budget.
pub(crate) fn page(tree: &Tree) -> Result<(), Trouble> {
    let dist = tree.web().join("dist");
    let page = EDITOR_PAGES.iter().map(|name| dist.join(name)).find(|page| page.exists());
    let page = page
        .ok_or_else(|| Trouble::advice("the bundle holds no page: `cargo xtask build` makes it"))?;
    let html = fs::read_to_string(&page).map_err(Trouble::at(&page))?;
    let mut loaded: BTreeSet<PathBuf> =
        named_files(&html).iter().map(|name| dist.join(name)).collect();
    loaded.extend(wasm_files(&dist)?);
    loaded.insert(page);
    for file in &loaded {
        say(
            "size",
            &format!(
                "{:>7} B  {}",
                weigh(file)?,
                file.strip_prefix(&dist).unwrap_or(file).display()
            ),
        );
    }
    held("first page load", sum(&loaded)?, PAGE_BUDGET)
}

/// The embedded editor keeps its budget; `weighed` is a folder with its entry and what that loads.
pub(crate) fn embed(weighed: &Path) -> Result<(), Trouble> {
    let mut loaded = BTreeSet::new();
    let mut next = vec![weighed.join("embed.js")];
    while let Some(file) = next.pop() {
        let code = fs::read_to_string(&file).map_err(Trouble::at(&file))?;
        if loaded.insert(file) {
            next.extend(imported(&code).iter().map(|name| weighed.join(name)));
        }
    }
    held("embedded editor", sum(&loaded)?, EMBED_BUDGET)
}

/// The files beside a minified module that it imports at once; what it imports later is in brackets.
fn imported(code: &str) -> Vec<String> {
    let after = |word| code.split(word).skip(1).filter_map(|rest: &str| rest.split_once('"'));
    let names = after("from\"./").chain(after("import\"./"));
    names.map(|(name, _)| name.to_owned()).collect()
}

fn held(what: &str, size: usize, budget: usize) -> Result<(), Trouble> {
    let figures =
        format!("{what}: {} KB of {} KB under brotli", kilobytes(size), kilobytes(budget));
    say("size", &figures);
    if size <= budget { Ok(()) } else { Err(Trouble::advice(format!("over budget, {figures}"))) }
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

fn sum<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<usize, Trouble> {
    paths.into_iter().map(|path| weigh(path)).sum()
}

/// What the server sends for a file: its compressed form where there is one.
fn weigh(path: &Path) -> Result<usize, Trouble> {
    let compressed = beside(path, "br");
    if compressed.exists() {
        return fs::metadata(&compressed)
            .map(|about| about.len() as usize)
            .map_err(Trouble::at(&compressed));
    }
    let bytes = fs::read(path).map_err(Trouble::at(path))?;
    brotli_size(&bytes).map_err(Trouble::at(path))
}

fn wasm_files(dist: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let all = files(&dist.join("assets"))?;
    Ok(all
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "wasm"))
        .collect())
}

/// The files of the bundle that a page names: scripts, preloaded modules, styles, icons, the manifest.
fn named_files(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag);
    let loads =
        tags.filter(|tag| ["script", "link", "img"].iter().any(|name| tag.starts_with(name)));
    let addresses =
        loads.filter_map(|tag| attribute(tag, "src").or_else(|| attribute(tag, "href")));
    addresses
        .filter(|address| !address.contains(':'))
        .map(|address| local(address).to_owned())
        .collect()
}

fn local(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    path.trim_start_matches("./").trim_start_matches('/')
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_a_page_names_is_counted_and_nothing_from_outside() {
        let html = r#"<!doctype html><html><head>
            <link rel="icon" href="/icon.svg"><link rel="stylesheet" crossorigin href="/assets/app-1.css">
            <link rel="modulepreload" crossorigin href="./assets/shared-2.js?v=1">
            <script type="module" crossorigin src="/assets/app-3.js"></script>
            </head><body><a href="/elsewhere">out</a><img src="data:image/png;base64,AA=="></body></html>"#;
        assert_eq!(
            named_files(html),
            ["icon.svg", "assets/app-1.css", "assets/shared-2.js", "assets/app-3.js"]
        );
    }

    #[test]
    fn what_a_module_imports_at_once_is_told_from_what_comes_later() {
        let code = r#"import{a}from"./a-1.js";import"./b-2.js";import{c}from"@codemirror/state";let d=()=>import("./d-3.js");"#;
        assert_eq!(imported(code), ["a-1.js", "b-2.js"]);
    }

    #[test]
    fn a_budget_is_held_to_the_byte() {
        assert!(held("wasm", 110_000, WASM_BUDGET).is_ok());
        assert!(held("wasm", 110_001, WASM_BUDGET).is_err());
        assert_eq!(kilobytes(97_549), "97.5");
    }
}
