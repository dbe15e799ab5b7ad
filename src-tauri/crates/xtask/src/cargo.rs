//! Cargo, always over the whole workspace: another selection of packages would choose other features
//! and compile half of the dependencies again.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::paths;
use crate::steps::run;
use crate::tools;

/// `cargo` in the checkout, as if it was typed there.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(paths::root());
    // Cargo tells us about ourselves, and build scripts below would take it for a change: whoever typed
    // `cargo build` after `cargo xtask test` would wait for half of the dependencies again.
    for (name, _) in std::env::vars_os() {
        let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_", "CARGO_PRIMARY_"];
        if name.to_str().is_some_and(|name| about_us.iter().any(|start| name.starts_with(start))) {
            command.env_remove(name);
        }
    }
    command
}

/// Builds every executable, and in a development build the tests with them: their dependencies switch
/// features on, and two sets of features would be two builds of everything. This executable is left out:
/// some systems cannot replace a running program.
pub fn build(release: bool) -> Result<()> {
    let more = if release { "--release" } else { "--all-targets" };
    run(&mut cargo(&["build", "--workspace", "--exclude", "xtask", more]))
}

/// Runs the Rust tests.
pub fn test() -> Result<()> {
    let mut tests = if tools::cargo_has("nextest") {
        cargo(&["nextest", "run", "--workspace"])
    } else {
        println!("   cargo-nextest is not installed; cargo's own test runner does it");
        cargo(&["test", "--workspace"])
    };
    run(tests.env("INTERNFLOW_TEST_MODELS", paths::models()?))
}

/// Obtains the models of the catalogue into the data folder; the terminal host shows the bar and checks
/// the sums.
pub fn models() -> Result<()> {
    let catalog = paths::root().join("models/catalog.toml");
    let text =
        fs::read_to_string(&catalog).with_context(|| format!("{} cannot be read", catalog.display()))?;
    for id in ids(&text) {
        run(Command::new(paths::executable("debug", "internflow-cli")).args(["models", "get", id]))?;
    }
    Ok(())
}

/// Ids of the models in a catalogue.
fn ids(catalog: &str) -> Vec<&str> {
    catalog.lines().filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"')).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_models_of_the_catalogue_are_found() {
        let text = include_str!("../../../../models/catalog.toml");
        assert_eq!(
            super::ids(text),
            ["qwen2.5-coder-1.5b-instruct-q4_k_m", "all-minilm-l6-v2"],
            "a model that is not found here is never obtained, and the first review fails"
        );
    }
}
