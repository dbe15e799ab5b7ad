//! The arrows of the house: which crate may know which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use internflow_tests::here;

/// ARCHITECTURE.md lists the arrows between two markers, one room a line: "- `room`: `other`, `other`".
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(here().join("../ARCHITECTURE.md")).expect("it is in the checkout");
    let list = text.split("<!-- arrows -->").nth(1).expect("ARCHITECTURE.md has a list of arrows");
    let lines = list.lines().filter_map(|line| line.strip_prefix("- "));
    lines
        .map(|line| {
            let (room, others) = line.split_once(':').expect("`room`: others");
            let name = |s: &str| s.trim().trim_matches('`').to_owned();
            (name(room), others.split(',').map(name).filter(|other| !other.is_empty()).collect())
        })
        .collect()
}

#[test]
fn rooms_have_no_doors_but_those_in_the_architecture() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let asked = std::process::Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path"])
        .arg(here().join("../Cargo.toml"))
        .output()
        .expect("cargo runs the tests");
    let metadata: Value = serde_json::from_slice(&asked.stdout).expect("cargo metadata is JSON");
    let room = |name: &str| name.strip_prefix("internflow-").map(str::to_owned);
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        if name == "xtask" || name == "internflow-tests" {
            continue;
        }
        let dependencies = package["dependencies"].as_array().expect("dependencies").iter();
        let others =
            dependencies.filter(|d| d["kind"].is_null()).filter_map(|d| room(d["name"].as_str()?)).collect();
        found.insert(room(name).unwrap_or_else(|| "window".into()), others);
    }
    assert_eq!(found, allowed(), "left: what Cargo.toml says, right: what ARCHITECTURE.md says");
}
