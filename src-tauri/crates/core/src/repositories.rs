//! Local repositories: add, look, list commits, say which e-mails are the user's.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use internflow_code::{Language, mask_secrets};
use internflow_domain::{ApiError, Author, Commit, CommitDetail, CommitPage, CommitRow, Repository};
use internflow_git::{FileChange, Repo};
use internflow_store::repository::HistoryFilter;
use serde::Deserialize;
use ts_rs::TS;

use crate::activity::{self, TaskId};
use crate::api::{Id, Nothing};
use crate::{Core, authorship, blocking, index, queue, reviews, sync};

/// Setting: the user has said which addresses are theirs.
const ASKED: &str = "identities_asked";

#[derive(Debug, Deserialize, TS)]
pub struct AddRepository {
    /// Folder of the repository, or any folder in it.
    pub path: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct OfRepository {
    #[ts(type = "number")]
    pub repository_id: i64,
}

#[derive(Debug, Deserialize, TS)]
pub struct ListCommits {
    #[ts(type = "number")]
    pub repository_id: i64,
    /// Only the user's own.
    pub mine: bool,
    /// Part of subject, author or id; empty for all.
    pub query: String,
    pub offset: u32,
    pub limit: u32,
}

#[derive(Debug, Deserialize, TS)]
pub struct SetIdentities {
    /// The user's own addresses, over all repositories. Replaces the list.
    pub emails: Vec<String>,
    /// Addresses that git or an account would take for theirs, and which the user says are not.
    #[serde(default)]
    pub not_mine: Vec<String>,
}

#[derive(Debug, Deserialize, TS)]
pub struct OneCommit {
    #[ts(type = "number")]
    pub repository_id: i64,
    pub sha: String,
}

pub async fn list(core: &Core, _: Nothing) -> Result<Vec<Repository>> {
    core.store.repositories().await
}

pub async fn add(core: &Core, args: AddRepository) -> Result<Repository> {
    let path = PathBuf::from(args.path.trim());
    let (path, name) = blocking(move || {
        let repo = Repo::open(&path)?;
        let shown = repo
            .path()
            .to_str()
            .context("The folder's name is not valid Unicode. Rename it and try again.")?;
        Ok((shown.to_owned(), repo.name()))
    })
    .await?;
    let id = core.store.add_repository(&path, &name).await?;
    let repository = look(core, id).await?;
    index::enqueue(core, &repository).await?;
    core.announce("repositories");
    Ok(repository)
}

/// Looks at the repository again: new commits, another branch, a folder that is gone.
pub async fn refresh(core: &Core, args: Id) -> Result<Repository> {
    let before = one(core, args.id).await?;
    let after = look(core, args.id).await?;
    if before != after {
        core.announce("repositories");
        core.announce(format!("commits:{}", args.id));
        index::enqueue(core, &after).await?;
    }
    Ok(after)
}

pub async fn remove(core: &Core, args: Id) -> Result<()> {
    let repository = one(core, args.id).await?;
    // A sync that runs would write into the folder that is deleted here, an index about what is gone.
    stop(core, args.id).await?;
    core.store.remove_repository(args.id).await?;
    if repository.remote.is_some() {
        sync::remove_copy(core, &repository).await;
    }
    if let Err(error) = core.engines.index.remove_repository(args.id).await {
        // The index is rebuildable and rows of a repository that is gone are never asked for.
        tracing::warn!(%error, "index rows of a removed repository stay");
    }
    core.announce("repositories");
    core.announce("achievements");
    Ok(())
}

/// Stops all that is done for a repository alone.
pub(crate) async fn stop(core: &Core, id: i64) -> Result<()> {
    for (task_id, payload) in core.store.open_tasks().await? {
        if queue::repositories_of(&payload) == [id] {
            activity::cancel(core, TaskId { task_id }).await?;
        }
    }
    Ok(())
}

pub async fn commits(core: &Core, args: ListCommits) -> Result<CommitPage> {
    let repository = one(core, args.repository_id).await?;
    let filter = HistoryFilter {
        emails: authorship::emails(core, &repository.path).await?,
        import: authorship::not_counted(&repository),
        mine_only: args.mine,
        query: args.query,
        offset: args.offset,
        limit: args.limit.clamp(1, 500),
    };
    let (commits, total) = core.store.history(repository.id, &filter).await?;
    let shas: Vec<&str> = commits.iter().map(|(commit, _)| commit.sha.as_str()).collect();
    let states = core.store.review_states(repository.id, &shas).await?;
    let counts = reviews::counts(core, repository.id, &shas).await?;
    let rows = commits.into_iter().map(|(commit, size)| {
        let review = states.get(&commit.sha).copied();
        let (findings, settled) = counts.get(&commit.sha).copied().unwrap_or_default();
        CommitRow { review, findings, settled, size, commit }
    });
    Ok(CommitPage { commits: rows.collect(), total })
}

pub async fn authors(core: &Core, args: OfRepository) -> Result<Vec<Author>> {
    let repository = one(core, args.repository_id).await?;
    let emails = authorship::emails(core, &repository.path).await?;
    core.store.authors(repository.id, &emails).await
}

/// True once the user has said which addresses are theirs, also when none is.
pub async fn identified(core: &Core, _: Nothing) -> Result<bool> {
    let asked = core.store.setting(ASKED).await?.is_some();
    Ok(asked || !authorship::confirmed(core).await?.is_empty())
}

/// The addresses the user confirmed as theirs.
pub async fn identities(core: &Core, _: Nothing) -> Result<Vec<String>> {
    authorship::confirmed(core).await
}

pub async fn set_identities(core: &Core, args: SetIdentities) -> Result<()> {
    core.store.set_identities(&args.emails, &args.not_mine).await?;
    core.store.set_setting(ASKED, "1").await?;
    for mut repository in core.store.repositories().await? {
        repository.import = authorship::find_import(core, &repository).await?;
        count(core, repository).await?;
    }
    for repository in core.store.repositories().await? {
        core.announce(format!("commits:{}", repository.id));
    }
    core.announce("repositories");
    Ok(())
}

pub async fn commit(core: &Core, args: OneCommit) -> Result<CommitDetail> {
    let repository = one(core, args.repository_id).await?;
    let mine = authorship::mine(core, &repository).await?;
    let path = repository.path;
    blocking(move || {
        let repo = Repo::open(Path::new(&path))?;
        let mut commit = repo.commit(&args.sha)?;
        commit.mine = mine.has(&commit);
        let files = change(&repo, &args.sha)?.into_iter().map(|file| file.diff).collect();
        Ok(CommitDetail { commit, files })
    })
    .await
}

/// The commit's change with the language of each file filled in.
pub(crate) fn change(repo: &Repo, sha: &str) -> Result<Vec<FileChange>> {
    let mut files = repo.change(sha)?;
    for file in &mut files {
        let text = file.new_text.as_deref().or(file.old_text.as_deref()).unwrap_or("");
        let first_line = text.lines().next().unwrap_or("");
        file.diff.language =
            Language::of(&file.diff.path, first_line).map(|language| language.name().to_owned());
    }
    Ok(files)
}

pub(crate) async fn one(core: &Core, id: i64) -> Result<Repository> {
    Ok(core.store.repository(id).await?.ok_or_else(|| ApiError::not_found("repository"))?)
}

/// A commit without the secrets of its message: what is copied out of a repository is copied further, into backups and
/// reports.
pub fn masked(mut commit: Commit) -> Commit {
    commit.subject = mask_secrets(&commit.subject);
    commit.body = mask_secrets(&commit.body);
    commit
}

/// Reads HEAD, stores the history when HEAD moved, follows the findings there, and counts.
pub(crate) async fn look(core: &Core, id: i64) -> Result<Repository> {
    let mut repository = one(core, id).await?;
    let known = core.store.history_head(id).await?;
    let path = repository.path.clone();
    let (head, log) = blocking(move || {
        let repo = Repo::open(Path::new(&path))?;
        let head = repo.head()?;
        let mut log = if head.sha == known { None } else { Some(repo.log()?) };
        if let Some(log) = &mut log {
            log.commits = std::mem::take(&mut log.commits).into_iter().map(masked).collect();
        }
        Ok((head, log))
    })
    .await?;
    let mut notices = Vec::new();
    if head.sha.is_none() {
        match &repository.remote {
            None => notices.push("No commits yet. Commit something, then look again.".to_owned()),
            // Before the first sync the page says that it is on its way.
            Some(remote) if remote.synced_at.is_none() => {}
            Some(_) => notices.push("Nothing has been pushed to it yet.".to_owned()),
        }
    }
    if head.shallow {
        notices.push(
            "A shallow clone: older commits are not on this machine. `git fetch --unshallow` brings them."
                .to_owned(),
        );
    }
    if let Some(log) = log {
        if log.unreadable > 0 {
            notices.push(format!("{} {UNREADABLE}", log.unreadable));
        }
        core.store.replace_history(id, head.sha.as_deref(), &log.commits).await?;
    } else if let Some(old) = &repository.notice
        && let Some(at) = old.find(UNREADABLE)
    {
        // Nothing was read anew: it is as damaged as it was.
        let number = old[..at].trim_end().rsplit(' ').next().unwrap_or_default();
        notices.push(format!("{number} {UNREADABLE}"));
    }
    reviews::follow(core, &repository).await;
    repository.branch = head.branch;
    // The log took a while; the user may have said meanwhile whose the import is.
    let (branch, fresh) = (repository.branch.take(), one(core, id).await?);
    repository = Repository { branch, ..fresh };
    repository.import = authorship::find_import(core, &repository).await?;
    repository.notice = (!notices.is_empty()).then(|| notices.join(" "));
    count(core, repository).await
}

/// The end of the notice that a history has holes; their number stands before it.
const UNREADABLE: &str = "commits can't be read (damaged objects); try `git fsck`.";

/// Counts the commits of the stored history, and which of them are the user's.
pub(crate) async fn count(core: &Core, mut repository: Repository) -> Result<Repository> {
    let emails = authorship::emails(core, &repository.path).await?;
    let import = authorship::not_counted(&repository);
    let filter = |mine_only| HistoryFilter {
        emails: emails.clone(),
        import: import.clone(),
        mine_only,
        limit: 0,
        ..Default::default()
    };
    repository.commits = core.store.history(repository.id, &filter(false)).await?.1;
    repository.mine = core.store.history(repository.id, &filter(true)).await?.1;
    if core.store.update_repository(&repository).await? {
        // Which lines an import brought is noted with the authors.
        index::enqueue(core, &repository).await?;
    }
    Ok(repository)
}
