//! Whose work a commit is: the user's addresses, co-authors, and first commits that nobody writes at once.

use std::path::Path;

use anyhow::Result;
use internflow_domain::{Commit, Import, Repository};
use internflow_git::Repo;
use internflow_store::repository::Identity;
use serde::Deserialize;
use ts_rs::TS;

use crate::queue::Meter;
use crate::{Core, blocking, repositories};

/// Lines or files from which on a first commit is an import: a student who has `git init` done at the end
/// pushes a whole term's work like this, and so does somebody who uploads what is not theirs.
const IMPORT_LINES: u32 = 5_000;
const IMPORT_FILES: u32 = 150;
/// Commits measured between two looks at whether to go on.
const BATCH: usize = 200;

#[derive(Debug, Deserialize, TS)]
pub struct SetImport {
    #[ts(type = "number")]
    pub repository_id: i64,
    /// The user wrote what the first commit brought.
    pub mine: bool,
}

/// Decides which commits are the user's.
#[derive(Debug, Clone)]
pub(crate) struct Mine {
    pub(crate) emails: Vec<String>,
    /// An import that the user has not called their own.
    pub(crate) import: Option<String>,
}

impl Mine {
    /// Written by the user, alone or with others. Merges and imports are not.
    pub(crate) fn has(&self, commit: &Commit) -> bool {
        self.wrote(commit)
            || self.counts(commit) && commit.co_authors.iter().any(|email| self.emails.contains(email))
    }

    /// The user is the author. What several wrote together has no lines that are surely one's own.
    pub(crate) fn wrote(&self, commit: &Commit) -> bool {
        self.counts(commit) && self.emails.contains(&commit.author_email)
    }

    fn counts(&self, commit: &Commit) -> bool {
        // What a bot wrote is nobody's, whoever it names beside itself.
        let bot = commit.author_email.contains("[bot]@");
        commit.parents < 2 && !bot && self.import.as_ref() != Some(&commit.sha)
    }
}

/// How the user's commits are known in this repository.
pub(crate) async fn mine(core: &Core, repository: &Repository) -> Result<Mine> {
    let emails = emails(core, &repository.path).await?;
    Ok(Mine { emails, import: not_counted(repository) })
}

/// The import that is not the user's, if there is one.
pub(crate) fn not_counted(repository: &Repository) -> Option<String> {
    repository.import.as_ref().filter(|import| !import.mine).map(|import| import.sha.clone())
}

/// The addresses the user confirmed (before that, those git is configured with) and those of every account they
/// signed in to, without what they said is not theirs; and what this repository's .mailmap makes of them,
/// since its history is written with those.
pub(crate) async fn emails(core: &Core, repository_path: &str) -> Result<Vec<String>> {
    let known = core.store.identities().await?;
    let path = repository_path.to_owned();
    blocking(move || {
        let repo = Repo::open(Path::new(&path)).ok();
        let having =
            |how| known.iter().filter(move |(_, known)| *known == how).map(|(email, _)| email.clone());
        let mut emails: Vec<String> = having(Identity::Confirmed).collect();
        if emails.is_empty() {
            // A folder that is gone has no configuration of its own.
            emails = repo.as_ref().map_or_else(internflow_git::global_emails, Repo::configured_emails);
        }
        // GitHub knows more of them, the noreply ones too, which no configuration names.
        emails.extend(having(Identity::Account));
        let refused: Vec<String> = having(Identity::Refused).collect();
        emails.retain(|email| !refused.contains(email));
        if let Some(repo) = repo {
            emails.extend(repo.mapped_emails(&emails));
            emails.retain(|email| !refused.contains(email));
        }
        emails.sort();
        emails.dedup();
        Ok(emails)
    })
    .await
}

/// The addresses the user confirmed as theirs.
pub(crate) async fn confirmed(core: &Core) -> Result<Vec<String>> {
    let known = core.store.identities().await?;
    Ok(known.into_iter().filter(|(_, how)| *how == Identity::Confirmed).map(|(email, _)| email).collect())
}

/// Takes the user's word for who wrote the first commit.
pub async fn set_import(core: &Core, args: SetImport) -> Result<Repository> {
    core.store.set_import_mine(args.repository_id, args.mine).await?;
    let repository = repositories::one(core, args.repository_id).await?;
    let repository = repositories::count(core, repository).await?;
    core.announce("repositories");
    core.announce(format!("commits:{}", repository.id));
    Ok(repository)
}

/// Finds the import of a repository whose history was just read; the user's word on it stays.
pub(crate) async fn find_import(core: &Core, repository: &Repository) -> Result<Option<Import>> {
    let emails = emails(core, &repository.path).await?;
    let template = repository.remote.as_ref().is_some_and(|remote| remote.template);
    for (commit, size) in core.store.roots(repository.id).await? {
        if !emails.contains(&commit.author_email) {
            continue;
        }
        let size = match size {
            Some(size) => size,
            None => {
                let shas = vec![commit.sha.clone()];
                let sizes = measured(&repository.path, shas).await?;
                core.store.add_sizes(repository.id, &sizes).await?;
                sizes.first().map(|(_, size)| *size).unwrap_or_default()
            }
        };
        if template || size.added >= IMPORT_LINES || size.files >= IMPORT_FILES {
            let known = repository.import.as_ref().filter(|import| import.sha == commit.sha);
            return Ok(Some(Import { sha: commit.sha, size, mine: known.is_some_and(|known| known.mine) }));
        }
    }
    Ok(None)
}

/// Measures the commits that have no size yet, newest first. What was measured is kept when it is cut off.
pub(crate) async fn measure(core: &Core, repository: &Repository, meter: &mut Meter<'_>) -> Result<()> {
    let missing = core.store.unmeasured(repository.id).await?;
    if missing.is_empty() {
        return Ok(());
    }
    meter.begin(missing.len() as u32);
    for (batch, shas) in missing.chunks(BATCH).enumerate() {
        meter.set((batch * BATCH) as u32);
        meter.report("Reading what each commit changed").await?;
        let sizes = measured(&repository.path, shas.to_vec()).await?;
        core.store.add_sizes(repository.id, &sizes).await?;
    }
    core.announce(format!("commits:{}", repository.id));
    Ok(())
}

async fn measured(path: &str, shas: Vec<String>) -> Result<Vec<(String, internflow_domain::ChangeSize)>> {
    let path = path.to_owned();
    blocking(move || Repo::open(Path::new(&path))?.sizes(&shas)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(sha: &str, author: &str, co_authors: &[&str], parents: u32) -> Commit {
        Commit {
            sha: sha.into(),
            subject: String::new(),
            body: String::new(),
            author_name: String::new(),
            author_email: author.into(),
            co_authors: co_authors.iter().map(|email| (*email).to_owned()).collect(),
            time: 0,
            parents,
            mine: false,
        }
    }

    #[test]
    fn whose_commit_it_is() {
        let mine = Mine { emails: vec!["me@x".into()], import: Some("root".into()) };
        assert!(mine.has(&commit("a", "me@x", &[], 1)));
        let together = commit("b", "other@x", &["me@x"], 1);
        assert!(mine.has(&together) && !mine.wrote(&together), "a squash of somebody else's branch");
        assert!(!mine.has(&commit("c", "me@x", &[], 2)), "a merge has no code of its own");
        assert!(!mine.has(&commit("root", "me@x", &[], 0)), "uploaded at once: the user has to say");
        let bot = "49699333+dependabot[bot]@users.noreply.github.com";
        assert!(!mine.has(&commit("d", bot, &["me@x"], 1)), "a bot's work, though the student set it going");
    }
}
