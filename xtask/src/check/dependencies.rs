//! Who may depend on whom, read from what the manifests declare.
//! Does not look at code, nor at what a dependency itself depends on.

use serde_json::Value;

/// What would bring IO, async, a clock or a browser into core.
const IMPURE: [&str; 22] = [
    "async-std",
    "axum",
    "chrono",
    "futures",
    "futures-util",
    "getrandom",
    "gloo",
    "hyper",
    "instant",
    "js-sys",
    "libc",
    "mio",
    "rand",
    "reqwest",
    "rustix",
    "sled",
    "smol",
    "time",
    "tokio",
    "wasm-bindgen",
    "web-sys",
    "web-time",
];

/// What only a browser has.
const BROWSER: [&str; 4] = ["js-sys", "wasm-bindgen", "wasm-bindgen-futures", "web-sys"];

/// What the wasm client may name: it converts and decides nothing.
const CLIENT: [&str; 5] =
    ["codraft-core", "js-sys", "wasm-bindgen", "wasm-bindgen-futures", "web-sys"];

/// What others of ours may depend on.
const LIBRARIES: [&str; 3] = ["codraft", "codraft-client", "codraft-core"];

/// Every breach of the rule in `cargo metadata --no-deps`, as sentences.
pub(super) fn violations(metadata: &Value) -> Vec<String> {
    let packages = list(metadata, "packages");
    let ours: Vec<&str> = packages.iter().map(name).collect();
    packages.iter().flat_map(|package| of_package(package, &ours)).collect()
}

fn of_package(package: &Value, ours: &[&str]) -> Vec<String> {
    let owner = name(package);
    let mut found = Vec::new();
    for dependency in list(package, "dependencies") {
        let other = name(dependency);
        let shipped = dependency["kind"].is_null();
        if let Some(rule) = broken_rule(owner, other, shipped, ours.contains(&other)) {
            found.push(format!("{owner} depends on {other}, but {rule}"));
        }
    }
    if owner == "codraft-core"
        && package["features"].as_object().is_some_and(|features| !features.is_empty())
    {
        found.push(
            "codraft-core has feature flags, but it compiles one way for everyone".to_owned(),
        );
    }
    found
}

/// The rule that this dependency breaks; `shipped` is false for tests and build scripts.
fn broken_rule(owner: &str, other: &str, shipped: bool, is_ours: bool) -> Option<&'static str> {
    // The load generator measures beside yrs alone, and for nothing else.
    if other == "yrs" && !["codraft-core", "codraft-load"].contains(&owner) {
        return Some("only codraft-core names yrs");
    }
    match owner {
        "codraft-core" if is_ours => Some("core depends on nothing of ours"),
        "codraft-core" if shipped && IMPURE.contains(&other) => {
            Some("core has no IO, no async, no clock and no browser")
        }
        "codraft" if is_ours && other != "codraft-core" => Some("the server depends on core alone"),
        "codraft" if BROWSER.contains(&other) => Some("the server and the browser half never meet"),
        "codraft-client-wasm" if shipped && !CLIENT.contains(&other) => {
            Some("the wasm client names core, wasm-bindgen, js-sys and web-sys alone")
        }
        "codraft-client-wasm" if is_ours && other != "codraft-core" => {
            Some("the wasm client depends on core alone")
        }
        "codraft-client" if is_ours && other != "codraft-core" => {
            Some("the native client depends on core alone")
        }
        "codraft-bot" if is_ours && other != "codraft-client" => {
            Some("an example shows what somebody elsewhere would write: it names the client alone")
        }
        "codraft-client" | "codraft-bot" if BROWSER.contains(&other) => {
            Some("the native client and the browser half never meet")
        }
        "xtask" if is_ours => Some("xtask depends on nothing of ours"),
        // The load generator sends what the tests send.
        "codraft-load" if other == "codraft-tests" => None,
        _ if is_ours && !LIBRARIES.contains(&other) => {
            Some("only core, the server and the native client are libraries")
        }
        _ => None,
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn breaches(owner: &str, dependencies: &[(&str, Option<&str>)]) -> usize {
        let dependencies: Vec<Value> =
            dependencies.iter().map(|(name, kind)| json!({ "name": name, "kind": kind })).collect();
        let others = [
            "codraft",
            "codraft-core",
            "codraft-client",
            "codraft-client-wasm",
            "codraft-tests",
            "xtask",
        ];
        let mut packages: Vec<Value> = others
            .iter()
            .filter(|&&other| other != owner)
            .map(|other| json!({ "name": other }))
            .collect();
        packages.push(json!({ "name": owner, "dependencies": dependencies, "features": {} }));
        violations(&json!({ "packages": packages })).len()
    }

    #[test]
    fn the_drawn_dependencies_are_allowed() {
        assert_eq!(
            breaches("codraft-core", &[("yrs", None), ("serde", None), ("tokio", Some("dev"))]),
            0
        );
        assert_eq!(
            breaches("codraft", &[("codraft-core", None), ("axum", None), ("sled", None)]),
            0
        );
        assert_eq!(
            breaches("codraft-client-wasm", &[("codraft-core", None), ("web-sys", None)]),
            0
        );
        let tests = [("codraft", None), ("codraft-core", None), ("codraft-client", None)];
        assert_eq!(breaches("codraft-tests", &tests), 0);
        assert_eq!(breaches("codraft-client", &[("codraft-core", None), ("tokio", None)]), 0);
        assert_eq!(breaches("codraft-bot", &[("codraft-client", None), ("tokio", None)]), 0);
        let load = [("codraft", None), ("codraft-tests", None), ("yrs", None)];
        assert_eq!(breaches("codraft-load", &load), 0);
    }

    #[test]
    fn each_forbidden_dependency_is_named_once() {
        assert_eq!(breaches("codraft", &[("yrs", None)]), 1);
        assert_eq!(breaches("codraft-tests", &[("yrs", Some("dev"))]), 1);
        assert_eq!(breaches("codraft-core", &[("tokio", None)]), 1);
        assert_eq!(breaches("codraft-core", &[("codraft", Some("dev"))]), 1);
        assert_eq!(breaches("codraft", &[("codraft-client-wasm", None), ("js-sys", None)]), 2);
        assert_eq!(
            breaches("codraft-client-wasm", &[("reqwest", None), ("codraft", Some("dev"))]),
            2
        );
        assert_eq!(breaches("codraft-tests", &[("xtask", None)]), 1);
        assert_eq!(breaches("codraft", &[("codraft-client", None)]), 1);
        assert_eq!(breaches("codraft-client", &[("codraft", None), ("web-sys", None)]), 2);
        assert_eq!(breaches("codraft-bot", &[("codraft-core", None)]), 1);
        assert_eq!(breaches("xtask", &[("codraft-core", None)]), 1);
    }

    #[test]
    fn a_feature_flag_in_core_is_a_breach() {
        let core =
            json!({ "name": "codraft-core", "dependencies": [], "features": { "fast": [] } });
        assert_eq!(violations(&json!({ "packages": [core] })).len(), 1);
    }
}
