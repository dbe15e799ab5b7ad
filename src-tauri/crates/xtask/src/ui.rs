//! The UI: its packages and its build, each only when what it is made of has changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::steps::{run, shown};

/// Folders of `ui/` that are made, not written.
const MADE: &[&str] = &["node_modules", "dist", "coverage", "test-results", ".svelte-kit", ".vite"];

/// `npm` in the UI's folder.
pub fn npm(args: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(args).current_dir(paths::ui());
    command
}

/// Installs the packages of package-lock.json unless exactly those are installed.
pub fn install() -> Result<()> {
    let lock = paths::ui().join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let stamp = paths::ui().join("node_modules/.internflow-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("   up to date");
        return Ok(());
    }
    let mut command = npm(&["ci", "--no-audit", "--no-fund"]);
    // The journey drives the system's browser.
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    run(&mut command)?;
    fs::write(&stamp, wanted).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// Asks the package registry for known holes in what is shipped. `None` when it does not say: without a network, or where a
/// mirror without advisories stands for it.
///
/// # Errors
/// When there are holes that are grave, with the registry's report.
pub fn advisories() -> Result<Option<()>> {
    let mut command =
        npm(&["audit", "--omit=dev", "--audit-level=high", "--fetch-retries=0", "--fetch-timeout=20000"]);
    let output = command.output().with_context(|| format!("{} could not be started", shown(&command)))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(Some(()));
    }
    // A report counts what it found; a failure to ask is an error of npm's own.
    if said.contains("vulnerabilit") {
        bail!("{said}\nTo repeat it:\n  {}", shown(&command));
    }
    Ok(None)
}

/// Builds `ui/dist` unless its sources are those of the last build.
pub fn build() -> Result<()> {
    let now = format!("{:016x}", fingerprint()?);
    let stamp = paths::ui().join("node_modules/.internflow-build");
    if paths::ui().join("dist/index.html").is_file()
        && fs::read_to_string(&stamp).is_ok_and(|built| built == now)
    {
        println!("   up to date");
        return Ok(());
    }
    run(&mut npm(&["run", "build"]))?;
    fs::write(&stamp, now).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// Changes when a source of the UI does. Contents, not times: a checkout changes every time.
fn fingerprint() -> Result<u64> {
    let mut files = Vec::new();
    for folder in [paths::ui(), paths::root().join("icons")] {
        sources(&folder, &mut files).with_context(|| format!("{} cannot be read", folder.display()))?;
    }
    files.sort();
    let mut hash = DefaultHasher::new();
    for file in files {
        file.strip_prefix(paths::root()).unwrap_or(&file).hash(&mut hash);
        fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?.hash(&mut hash);
    }
    Ok(hash.finish())
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let made = MADE.iter().any(|name| entry.file_name() == *name);
        if entry.file_type()?.is_dir() {
            if !made {
                sources(&entry.path(), files)?;
            }
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
