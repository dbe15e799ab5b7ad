//! Landlock: which files the process can still open, and which ports and processes it can reach.

use std::path::Path;

use anyhow::Context;
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, PathBeneath, PathFd,
    RestrictionStatus, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
    path_beneath_rules,
};

use super::Layer;

/// The newest rules that are asked for; the kernel puts in force what it knows of them.
const NEWEST: ABI = ABI::V10;
/// What the numeric code reads of the processor: sizes of its caches, number and kind of its cores. Where it
/// could not, it would run a program to find out.
const PROCESSOR: [&str; 2] = ["/sys/devices/system/cpu", "/proc/cpuinfo"];

/// Leaves reading below the folder and about the processor. Everything else is refused from now on: other
/// files, writing anywhere, running programs, TCP and UDP, signals and abstract sockets of other processes. What
/// is open already stays open. Sets `no_new_privs`, also where there is no Landlock.
pub fn confine(model_folder: &Path) -> anyhow::Result<Layer> {
    let folder = PathFd::new(model_folder).with_context(|| {
        format!("The model's folder {} cannot be opened. Download the model again.", model_folder.display())
    })?;
    Ok(restrict(folder).map_or_else(|error| Err(format!("no Landlock ({error})")), |status| told(&status)))
}

fn restrict(folder: PathFd) -> Result<RestrictionStatus, RulesetError> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .add_rule(PathBeneath::new(folder, read))?
        .add_rules(path_beneath_rules(PROCESSOR, read))?
        .restrict_self()
}

fn told(status: &RestrictionStatus) -> Layer {
    match (&status.landlock, &status.ruleset) {
        (
            LandlockStatus::Available { effective_abi, .. },
            RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced,
        ) => Ok(format!("Landlock ABI {}", *effective_abi as u8)),
        (LandlockStatus::NotEnabled, _) => Err("Landlock is switched off on this kernel".into()),
        _ => Err("no Landlock on this kernel".into()),
    }
}
