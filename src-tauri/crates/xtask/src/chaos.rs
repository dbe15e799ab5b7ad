//! `cargo xtask chaos`: the real host with real workers while everything goes wrong, and what must hold after it.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::steps::{Steps, run};
use crate::{cargo, paths};

/// `[--seed N] [--minutes M]`, 1 and 10 where nothing is said.
pub fn command(options: &[&str]) -> Result<()> {
    let (mut seed, mut minutes) = (1, 10.0);
    for option in options.chunks(2) {
        match option {
            ["--seed", value] => seed = value.parse().context("--seed takes a whole number")?,
            ["--minutes", value] => minutes = value.parse().context("--minutes takes a number")?,
            _ => bail!("chaos takes --seed N and --minutes M."),
        }
    }
    if !cfg!(target_os = "linux") {
        bail!("chaos looks into /proc, which only Linux has.");
    }
    cargo::build(false)?;
    chaos(seed, minutes)
}

/// The short run of the tests, always the same.
pub fn minute(steps: &mut Steps) -> Result<()> {
    let name = "a minute of chaos";
    if !cfg!(target_os = "linux") {
        steps.left_out(name, "it looks into /proc, which only Linux has");
        return Ok(());
    }
    steps.step(name, || chaos(1, 0.8))
}

fn chaos(seed: u32, minutes: f64) -> Result<()> {
    run(Command::new("node")
        .args(["tests/chaos/chaos.mjs", &seed.to_string(), &minutes.to_string()])
        .current_dir(paths::root())
        .env("INTERNFLOW_CLI", paths::executable("debug", "internflow-cli"))
        .env("INTERNFLOW_MODELS", paths::models()?)
        .env("BENCH_DATABASE", paths::executable("debug/examples", "database")))
}
