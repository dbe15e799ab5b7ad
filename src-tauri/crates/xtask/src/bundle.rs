//! `cargo xtask bundle`: an installable package of the window, the terminal host and the worker.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::steps::{Steps, answer, run as run_command};
use crate::{cargo, paths, run};

/// The Tauri command line that fits the tauri crates of Cargo.lock; its npm package is prebuilt.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";

/// Programs that lie beside the window's in the package.
const BESIDE: &[&str] = &["internflow-cli", "internflow-inference-worker"];

/// Makes a package: `deb`, `appimage`, `msi`, `nsis` or `dmg`. `debug` packs the debug build, which
/// takes seconds after a test run instead of a whole release build.
pub fn bundle(kind: &str, debug: bool) -> Result<()> {
    if !["deb", "appimage", "msi", "nsis", "dmg"].contains(&kind) {
        bail!("There is no package kind {kind}; there are deb, appimage, msi, nsis and dmg.");
    }
    let profile = if debug { "debug" } else { "release" };
    let mut steps = Steps::default();
    run::prepare(&mut steps, false)?;
    steps.step("build", || cargo::build(!debug))?;
    steps.step("package", || {
        let config = beside(profile)?;
        let mut command = Command::new(if cfg!(windows) { "npx.cmd" } else { "npx" });
        command
            .args(["--yes", TAURI_CLI, "bundle", "--ci", "--bundles", kind, "--config", &config])
            .current_dir(paths::root().join("src-tauri"));
        if debug {
            command.arg("--debug");
        }
        run_command(&mut command)
    })?;
    steps.finish();
    println!("The package is in {}", paths::target().join(profile).join("bundle").join(kind).display());
    Ok(())
}

/// Copies the programs to where the bundler looks for them, named with the target, and returns the
/// configuration that names them. It is not in tauri.conf.json, since every build would then ask for
/// files that only a build makes.
fn beside(profile: &str) -> Result<String> {
    let version = answer("rustc", &["-vV"]).context("rustc -vV gave no answer")?;
    let target =
        version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV names no host")?;
    let folder = paths::target().join(profile).join("beside");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let mut names = Vec::new();
    for name in BESIDE {
        let from = paths::executable(profile, name);
        let to = folder.join(format!("{name}-{target}{}", std::env::consts::EXE_SUFFIX));
        fs::copy(&from, &to).with_context(|| format!("{} cannot be copied", from.display()))?;
        names.push(format!("{:?}", folder.join(name).display().to_string()));
    }
    Ok(format!("{{\"bundle\":{{\"externalBin\":[{}]}}}}", names.join(",")))
}
