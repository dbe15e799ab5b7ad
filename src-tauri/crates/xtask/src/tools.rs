//! The tools that no package manager call of ours brings: Node, nextest, cargo-deny.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::steps::answer;

/// Oldest Node that the UI's tools run on.
const NODE: u32 = 20;

/// Full path of a program on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let names: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    let path = env::var_os("PATH")?;
    let mut places = env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |suffix| folder.join(format!("{program}{suffix}"))));
    places.find(|file| file.is_file())
}

/// Fails unless Node and npm are there and young enough.
pub fn require_node() -> Result<()> {
    let mend = "Install Node 20 or newer with npm (https://nodejs.org) and run this again.";
    let Some(version) = answer("node", &["--version"]) else {
        bail!("Node was not found. {mend}");
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        bail!("Node {version} is too old. {mend}");
    }
    if find("npm").is_none() {
        bail!("npm was not found beside Node {version}. {mend}");
    }
    Ok(())
}

/// A Chromium for the journey in the browser.
pub fn browser() -> Option<PathBuf> {
    if let Some(set) = env::var_os("CHROMIUM") {
        return Some(set.into());
    }
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(find)
}

/// True when `cargo SUBCOMMAND` is installed.
pub fn cargo_has(subcommand: &str) -> bool {
    find(&format!("cargo-{subcommand}")).is_some() || answer("cargo", &[subcommand, "--version"]).is_some()
}
