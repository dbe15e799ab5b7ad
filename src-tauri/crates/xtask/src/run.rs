//! `cargo xtask run`: from a fresh checkout to an open window.

use std::env;
use std::process::Command;

use anyhow::Result;

use crate::steps::{Steps, run as run_command, shown};
use crate::{cargo, packages, paths, sample, tools, ui};

/// Sets up, builds, obtains the models and opens the program; `with_sample` opens a sample repository.
pub fn run(with_sample: bool) -> Result<()> {
    let mut steps = Steps::default();
    prepare(&mut steps, false)?;
    steps.step("build", || cargo::build(false))?;
    steps.step("models", cargo::models)?;
    let repository = if with_sample { Some(sample::make()?) } else { None };

    let mut command = if has_display() {
        println!("\n── InternFlow opens");
        Command::new(paths::executable("debug", "internflow"))
    } else {
        println!("\n── There is no display here, so InternFlow runs for a browser. Stop it with Ctrl-C.");
        let mut command = Command::new(paths::executable("debug", "internflow-cli"));
        command.arg("serve");
        command
    };
    if let Some(repository) = repository {
        command.arg("--repository").arg(repository);
    }
    println!("   {}", shown(&command));
    run_command(&mut command)
}

/// `cargo xtask setup`: everything but the program itself.
pub fn setup() -> Result<()> {
    let mut steps = Steps::default();
    prepare(&mut steps, false)?;
    steps.finish();
    Ok(())
}

/// The steps before any build of Rust code: the UI is embedded in the program.
pub fn prepare(steps: &mut Steps, tests: bool) -> Result<()> {
    steps.step("system packages", || packages::ensure(tests))?;
    steps.step("tools", tools::require_node)?;
    steps.step("UI packages", ui::install)?;
    steps.step("UI build", ui::build)
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
