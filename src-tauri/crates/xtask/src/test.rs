//! `cargo xtask test`: every check there is, in the order in which it is cheapest to fail.

use anyhow::Result;

use crate::steps::{Steps, run as run_command};
use crate::{cargo, chaos, journeys, run, tools, ui};

/// Sets up and checks everything.
pub fn test() -> Result<()> {
    let mut steps = Steps::default();
    run::prepare(&mut steps, true)?;
    lints(&mut steps)?;
    steps.step("build", || cargo::build(false))?;
    steps.step("models", cargo::models)?;
    journeys::hosts(&mut steps)?;
    steps.step("Rust tests", cargo::test)?;
    steps.step("UI tests", || run_command(&mut ui::npm(&["test"])))?;
    chaos::minute(&mut steps)?;
    journeys::office(&mut steps)?;
    journeys::browser(&mut steps)?;
    journeys::window(&mut steps)?;
    steps.finish();
    Ok(())
}

/// `cargo xtask lint`.
pub fn lint() -> Result<()> {
    let mut steps = Steps::default();
    // Clippy compiles the program, and the program embeds the UI.
    run::prepare(&mut steps, false)?;
    lints(&mut steps)?;
    steps.finish();
    Ok(())
}

fn lints(steps: &mut Steps) -> Result<()> {
    steps.step("formatting", || run_command(&mut cargo::cargo(&["fmt", "--all", "--check"])))?;
    steps.step("types of the UI", || run_command(&mut ui::npm(&["run", "check"])))?;
    if tools::cargo_has("deny") {
        steps.step("licences and advisories", || run_command(&mut cargo::cargo(&["deny", "check"])))?;
    } else {
        steps.left_out("licences and advisories", "cargo-deny is not installed");
    }
    let name = "advisories of the UI's packages";
    match ui::advisories() {
        Ok(None) => steps.left_out(name, "the registry gives no advisories"),
        asked => steps.step(name, || asked.map(drop))?,
    }
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    steps.step("clippy", || run_command(&mut cargo::cargo(&clippy)))
}
