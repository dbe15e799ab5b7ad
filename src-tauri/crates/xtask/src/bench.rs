//! `cargo xtask bench`: one measurement, one table. Not part of the tests: a time is a fact about a machine.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::steps::run;
use crate::{cargo, paths};

/// `sync`: a repository over HTTP from this machine into the database, beside `git log -p`.
pub fn bench(name: &str, repository: Option<&str>) -> Result<()> {
    if name != "sync" {
        bail!("There is no benchmark {name}; there is sync.");
    }
    cargo::build(false)?;
    let mut command = Command::new("node");
    command
        .arg(Path::new("tests").join("bench").join(format!("{name}.mjs")))
        .current_dir(paths::root())
        .env("INTERNFLOW_CLI", paths::executable("debug", "internflow-cli"));
    if let Some(repository) = repository {
        command.env("BENCH_REPO", std::path::absolute(repository)?);
    }
    run(&mut command)
}
