//! `cargo xtask bench`: one measurement, one table. Not part of the tests: a time is a fact about a machine.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::steps::run;
use crate::{cargo, paths};

/// `sync [REPO]`: a repository over HTTP from this machine into the database, beside `git log -p`.
/// `search REPO...`: how well functions are found by what their documentation says.
pub fn bench(name: &str, repositories: &[&str]) -> Result<()> {
    let most = match name {
        "sync" => 1,
        "search" => usize::MAX,
        _ => bail!("There is no benchmark {name}; there are sync and search."),
    };
    if repositories.len() > most {
        bail!("{name} takes one repository.");
    }
    cargo::build(false)?;
    let mut command = Command::new("node");
    command.arg(Path::new("tests").join("bench").join(format!("{name}.mjs"))).current_dir(paths::root());
    for repository in repositories {
        command.arg(std::path::absolute(repository)?);
    }
    command
        .env("INTERNFLOW_CLI", paths::executable("debug", "internflow-cli"))
        .env("INTERNFLOW_MODELS", paths::models()?);
    run(&mut command)
}
