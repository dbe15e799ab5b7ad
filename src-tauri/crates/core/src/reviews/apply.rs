//! A finding's fix in the user's own working copy, and out of it again.
//!
//! Nowhere else is anything written into a folder of the user. So it is one file, only when the user has said so,
//! and only where [`place`] finds that nothing else can be hit. The file as it was is kept in the data folder.

mod place;

use std::fs::{self, Metadata};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use internflow_code::{Language, Misfit, Patched, patched, still_parses};
use internflow_domain::{ApiError, Finding, Repository, short};
use internflow_git::Repo;
use internflow_store::apply::FixInPlace;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use super::post::refused;
use super::topic;
use crate::repositories::{self, OneCommit};
use crate::{Core, account, blocking};

#[derive(Debug, Deserialize, TS)]
pub struct ApplyFix {
    #[ts(type = "number")]
    pub finding_id: i64,
    /// Top folder of the working copy; null for the repository's own, or the one that was used last.
    pub folder: Option<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct UndoFix {
    #[ts(type = "number")]
    pub finding_id: i64,
}

/// What applying a fix would do.
#[derive(Debug, PartialEq, Eq, Serialize, TS)]
pub struct FixTarget {
    /// Top folder of the working copy.
    pub folder: String,
    /// The file that would be changed.
    pub file: String,
    /// Line at which the change would begin, as the file is now; null when it can't be made.
    pub line: Option<u32>,
    /// Where the file as it is now would be kept.
    pub backup: String,
    /// Why the change can't be made, with what to do; null when it can.
    pub problem: Option<String>,
}

/// A fix that is in a working copy.
#[derive(Debug, PartialEq, Eq, Serialize, TS)]
pub struct AppliedFix {
    #[ts(type = "number")]
    pub finding_id: i64,
    /// The file that was changed.
    pub file: String,
    /// First line that was changed.
    pub line: u32,
    /// Where the file as it was is kept.
    pub backup: String,
    /// The file is another one by now: taking the fix out again would take later edits with it.
    pub edited: bool,
}

/// Looks at what applying would do, and writes nothing. Null when the repository has no working copy here that is
/// known: then the user points at one.
pub async fn target(core: &Core, args: ApplyFix) -> Result<Option<FixTarget>> {
    let Some(plan) = plan(core, args).await? else { return Ok(None) };
    let backups = core.config.data_dir.join("backups");
    let stem = stem(core, &plan.finding);
    blocking(move || {
        let change = change(&plan);
        let shown = |path: &Path| path.display().to_string();
        Ok(Some(FixTarget {
            folder: shown(&plan.folder),
            file: shown(&plan.file),
            line: change.as_ref().ok().map(|change| change.after.line),
            backup: shown(&free(&backups, &stem, &plan.finding.path)),
            problem: change.err().map(|error| format!("{error:#}")),
        }))
    })
    .await
}

/// Changes the file. What was there is kept before, and told.
pub async fn apply(core: &Core, args: ApplyFix) -> Result<AppliedFix> {
    let finding_id = args.finding_id;
    let plan = plan(core, args).await?.ok_or_else(|| {
        refused("This repository has no working copy here that is known. Choose the folder that you work in.")
    })?;
    let backups = core.config.data_dir.join("backups");
    let stem = stem(core, &plan.finding);
    let (plan, change, backup) = blocking(move || {
        let change = change(&plan)?;
        let backup = keep(&backups, &stem, &plan.finding.path, &change)?;
        Ok((plan, change, backup))
    })
    .await?;
    let fix = FixInPlace {
        finding_id,
        folder: unicode(&plan.folder)?,
        path: plan.finding.path.clone(),
        line: change.after.line,
        backup: unicode(&backup)?,
        written: digest(&change.after.text),
        at: core.now(),
    };
    // Noted first: an app that is killed in between can still take the change out.
    core.store.set_applied_fix(&fix).await?;
    let file = plan.file.clone();
    let write = move || replace(&file, &change.before, &change.after.text, &change.metadata);
    if let Err(error) = blocking(write).await {
        core.store.forget_applied_fix(finding_id).await?;
        return Err(error);
    }
    core.announce(topic(plan.repository.id, &plan.finding.commit));
    Ok(AppliedFix {
        finding_id,
        file: plan.file.display().to_string(),
        line: fix.line,
        backup: fix.backup,
        edited: false,
    })
}

/// Puts the file back as it was, unless somebody has edited it since.
pub async fn undo(core: &Core, args: UndoFix) -> Result<()> {
    let (repository_id, finding) = located(core, args.finding_id).await?;
    let fix = core.store.applied_fix(args.finding_id).await?.ok_or_else(|| {
        refused(
            "The fix of this finding is in no working copy, or was taken out already. Nothing was changed.",
        )
    })?;
    blocking(move || {
        let file = place::file(Path::new(&fix.folder), &fix.path)?;
        let (now, metadata) = place::text(&file, &fix.path)?;
        let backup = &fix.backup;
        if digest(&now) != fix.written {
            return Err(refused(format!(
                "{} was edited after the fix was applied, and undoing would take those edits with it. Nothing was \
                 changed. The file as it was before the fix is {backup}.",
                fix.path
            )));
        }
        let before = fs::read_to_string(backup).with_context(|| {
            format!(
                "The file as it was is not at {backup} any more, so that it can't be put back. Take line {} back by hand",
                fix.line
            )
        })?;
        replace(&file, &now, &before, &metadata)
    })
    .await?;
    core.store.forget_applied_fix(args.finding_id).await?;
    core.announce(topic(repository_id, &finding.commit));
    Ok(())
}

/// The fixes of a commit's findings that were applied and not taken out again.
pub async fn applied(core: &Core, args: OneCommit) -> Result<Vec<AppliedFix>> {
    let fixes = core.store.applied_fixes(args.repository_id, &args.sha).await?;
    blocking(move || {
        let shown = |fix: FixInPlace| {
            let file = place::file(Path::new(&fix.folder), &fix.path);
            let now = file.as_ref().ok().and_then(|file| fs::read_to_string(file).ok());
            AppliedFix {
                finding_id: fix.finding_id,
                file: file.unwrap_or_else(|_| Path::new(&fix.folder).join(&fix.path)).display().to_string(),
                line: fix.line,
                backup: fix.backup,
                edited: now.is_none_or(|now| digest(&now) != fix.written),
            }
        };
        Ok(fixes.into_iter().map(shown).collect())
    })
    .await
}

/// A finding and the file of a working copy that it is about.
struct Plan {
    repository: Repository,
    finding: Finding,
    folder: PathBuf,
    file: PathBuf,
}

/// `None` when no working copy is known.
async fn plan(core: &Core, args: ApplyFix) -> Result<Option<Plan>> {
    let (repository_id, finding) = located(core, args.finding_id).await?;
    let repository = repositories::one(core, repository_id).await?;
    let last = core.store.last_folder(repository_id).await?;
    // A shallow copy may lack the reviewed commit, but has the newest.
    let mut known = vec![finding.commit.clone()];
    known.extend(core.store.history_head(repository_id).await?);
    blocking(move || {
        let folder = place::working_copy(&repository, args.folder.as_deref(), last.as_deref(), &known)?;
        let Some(folder) = folder else { return Ok(None) };
        let file = place::file(&folder, &finding.path)?;
        Ok(Some(Plan { repository, finding, folder, file }))
    })
    .await
}

async fn located(core: &Core, finding_id: i64) -> Result<(i64, Finding)> {
    Ok(core.store.located_finding(finding_id).await?.ok_or_else(|| ApiError::not_found("finding"))?)
}

/// A file before and after its change.
struct Change {
    before: String,
    metadata: Metadata,
    after: Patched,
}

/// Makes the change in memory, as the file is now.
fn change(plan: &Plan) -> Result<Change> {
    let Plan { repository, finding, file, .. } = plan;
    let path = &finding.path;
    let by_hand = "Nothing was changed. “Copy as patch” has the lines, to make the change by hand.";
    let patch = finding.fix.as_deref().ok_or_else(|| {
        refused("This finding proposes no change that could be applied. Change the line by hand.")
    })?;
    let (before, metadata) = place::text(file, path)?;
    let reviewed = reviewed_text(repository, finding).unwrap_or_default();
    let after = patched(&before, &reviewed, patch).map_err(|misfit| {
        refused(match misfit {
            Misfit::NoPatch => format!("The proposed change of {path} is no patch. {by_hand}"),
            Misfit::Changed => {
                format!("{path} is not as it was reviewed: the lines of the change are other ones now. {by_hand}")
            }
            Misfit::Ambiguous => {
                format!("The lines of the change are in {path} several times, and nothing tells which are meant. {by_hand}")
            }
            Misfit::Done => format!("{path} has this change already. Nothing is left to do."),
        })
    })?;
    let language = Language::of(path, before.lines().next().unwrap_or(""));
    let parsed = language.filter(|language| language.grammar().is_some());
    if parsed.is_some_and(|language| !still_parses(language, &before, &after.text)) {
        return Err(refused(format!(
            "With the change {path} would have a syntax error, because other lines of it were edited since the review. {by_hand}"
        )));
    }
    Ok(Change { before, metadata, after })
}

/// The file as the commit left it, for which the patch was made; `None` when it can't be read.
fn reviewed_text(repository: &Repository, finding: &Finding) -> Option<String> {
    let repo = Repo::open(Path::new(&repository.path)).ok()?;
    let files = repo.files(&finding.commit).ok()?;
    let blob = files.into_iter().find(|file| file.path == finding.path)?.blob;
    Some(String::from_utf8_lossy(&repo.blob(&blob).ok()??).into_owned())
}

/// Name of the folder for what was changed on a day for a commit.
fn stem(core: &Core, finding: &Finding) -> String {
    let short = short(&finding.commit);
    format!("{}-{short}", account::day(core.now()))
}

/// A place for a copy that has none yet.
fn free(backups: &Path, stem: &str, path: &str) -> PathBuf {
    let numbered = |n: u32| if n == 1 { stem.to_owned() } else { format!("{stem}-{n}") };
    let mut n = 1;
    loop {
        let place = backups.join(numbered(n)).join(path);
        if place.symlink_metadata().is_err() {
            return place;
        }
        n += 1;
    }
}

/// Keeps the file as it is. The copy can be read by whoever could read the file.
fn keep(backups: &Path, stem: &str, path: &str, change: &Change) -> Result<PathBuf> {
    let place = free(backups, stem, path);
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(place.parent().unwrap_or(backups))?;
        let mut file = fs::File::options().write(true).create_new(true).open(&place)?;
        file.set_permissions(change.metadata.permissions())?;
        file.write_all(change.before.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| {
        format!(
            "A copy of {path} can't be kept at {}, so nothing was changed. Check the space and the permission there",
            place.display()
        )
    })?;
    Ok(place)
}

/// Puts `text` in the place of the file in one step and with its permissions, unless it is not as `expected` any more.
fn replace(file: &Path, expected: &str, text: &str, metadata: &Metadata) -> Result<()> {
    let shown = file.display();
    let cannot =
        || format!("{shown} can't be written and is as it was. Check the space and the permission there");
    let mut name = std::ffi::OsString::from(".");
    name.push(file.file_name().unwrap_or_default());
    name.push(format!(".{}.internflow", std::process::id()));
    let part = file.with_file_name(name);
    let made = fs::File::options().write(true).create_new(true).open(&part).with_context(cannot)?;
    let write = |mut made: fs::File| -> std::io::Result<bool> {
        made.set_permissions(metadata.permissions())?;
        made.write_all(text.as_bytes())?;
        made.sync_all()?;
        drop(made);
        let same = fs::read(file)? == expected.as_bytes();
        if same {
            fs::rename(&part, file)?;
        }
        Ok(same)
    };
    let written = write(made);
    if !matches!(written, Ok(true)) {
        // It is ours: nobody else's would have been opened.
        let _ = fs::remove_file(&part);
    }
    match written {
        Ok(true) => Ok(()),
        Ok(false) => {
            Err(refused(format!("{shown} was edited at this moment. Nothing was changed; try again.")))
        }
        Err(error) => Err(error).with_context(cannot),
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unicode(path: &Path) -> Result<String> {
    let shown = path.to_str().with_context(|| {
        format!("The name of the folder {} is not valid Unicode. Rename it and try again.", path.display())
    })?;
    Ok(shown.to_owned())
}
