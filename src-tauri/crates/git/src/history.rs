//! Commits reachable from HEAD, newest first.

use anyhow::{Context, Result, bail};
use gix::bstr::ByteSlice;
use internflow_domain::Commit;

use crate::{Repo, commit};

/// The history of HEAD.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// Newest first by commit time; `mine` is false everywhere, the caller knows the user.
    pub commits: Vec<Commit>,
    /// Commits that could not be read (damaged objects); they are left out.
    pub unreadable: u32,
}

impl Repo {
    /// Every commit reachable from HEAD, authors after .mailmap. Empty before the first commit.
    pub fn log(&self) -> Result<Log> {
        match self.head()?.sha {
            Some(sha) => self.walk(&[sha], &[]),
            None => Ok(Log::default()),
        }
    }

    /// Commits of `B` that are not in `A`, newest first, for `A..B`; `A...B` is refused.
    pub fn range(&self, range: &str) -> Result<Log> {
        if range.contains("...") {
            bail!("`{range}` has three dots. Write A..B for the commits of B that are not in A.");
        }
        let Some((from, to)) = range.split_once("..") else {
            bail!("`{range}` is not a range. Write A..B, for example HEAD~5..HEAD.");
        };
        let or_head = |rev: &str| if rev.is_empty() { "HEAD".to_owned() } else { rev.to_owned() };
        let hidden = self.resolve(&or_head(from))?;
        self.walk(&[self.resolve(&or_head(to))?], &[hidden])
    }

    /// Where each branch stands: its name and the full id of its commit.
    pub fn branches(&self) -> Result<Vec<(String, String)>> {
        let repo = self.inner.to_thread_local();
        let platform = repo.references().map_err(|e| anyhow::anyhow!("{e}"))?;
        let branches = platform.local_branches().map_err(|e| anyhow::anyhow!("{e}"))?;
        Ok(branches
            .filter_map(|branch| {
                let mut branch = branch.ok()?;
                let name = branch.name().shorten().to_string();
                Some((name, branch.peel_to_id().ok()?.to_string()))
            })
            .collect())
    }

    /// Commits that can be reached from `tips` and not from `before`, newest first. What a forced push
    /// has removed meanwhile is no reason to fail: such a `before` hides nothing.
    pub fn since(&self, tips: &[String], before: &[String]) -> Result<Log> {
        let repo = self.inner.to_thread_local();
        let here =
            |sha: &&String| gix::ObjectId::from_hex(sha.as_bytes()).is_ok_and(|id| repo.has_object(id));
        let before: Vec<String> = before.iter().filter(here).cloned().collect();
        if tips.is_empty() { Ok(Log::default()) } else { self.walk(tips, &before) }
    }

    /// One commit as a row of the history.
    pub fn commit(&self, sha: &str) -> Result<Commit> {
        let repo = self.inner.to_thread_local();
        let mailmap = repo.open_mailmap();
        describe(&commit(&repo, sha)?, &mailmap)
    }

    fn walk(&self, tips: &[String], hidden: &[String]) -> Result<Log> {
        let repo = self.inner.to_thread_local();
        let id = |sha: &str| gix::ObjectId::from_hex(sha.as_bytes()).context("not a commit id");
        let tips = tips.iter().map(|sha| id(sha)).collect::<Result<Vec<_>>>()?;
        let hidden = hidden.iter().map(|sha| id(sha)).collect::<Result<Vec<_>>>()?;
        let mailmap = repo.open_mailmap();
        let sorting = gix::revision::walk::Sorting::ByCommitTime(Default::default());
        let walk = repo
            .rev_walk(tips)
            .with_hidden(hidden)
            .sorting(sorting)
            .all()
            .map_err(|e| anyhow::anyhow!("The history of {} can't be read: {e}", self.name()))?;
        let mut log = Log::default();
        for info in walk {
            let described = match info {
                Ok(info) => {
                    info.object().map_err(|e| anyhow::anyhow!("{e}")).and_then(|c| describe(&c, &mailmap))
                }
                // A walk that fails has lost its way: what follows is unknown.
                Err(error) => {
                    tracing::warn!(%error, "history ends early");
                    log.unreadable += 1;
                    break;
                }
            };
            match described {
                Ok(commit) => log.commits.push(commit),
                Err(error) => {
                    tracing::warn!(%error, "commit can't be read");
                    log.unreadable += 1;
                }
            }
        }
        Ok(log)
    }
}

fn describe(commit: &gix::Commit<'_>, mailmap: &gix::mailmap::Snapshot) -> Result<Commit> {
    let decoded = commit.decode().map_err(|e| anyhow::anyhow!("{e}"))?;
    let author = decoded.author().map_err(|e| anyhow::anyhow!("{e}"))?;
    let time = author.time().map(|t| t.seconds).unwrap_or(0);
    let author = mailmap.resolve_cow(author);
    let message = decoded.message.to_str_lossy();
    let (subject, body) = message.trim().split_once('\n').unwrap_or((message.trim(), ""));
    let co_authors = co_authors(body, &author.email.to_str_lossy(), mailmap);
    Ok(Commit {
        sha: commit.id.to_string(),
        subject: subject.trim().to_owned(),
        body: body.trim().to_owned(),
        author_name: author.name.to_str_lossy().trim().to_owned(),
        author_email: author.email.to_str_lossy().trim().to_lowercase(),
        co_authors,
        time,
        parents: decoded.parents.len() as u32,
        mine: false,
    })
}

/// Addresses of the `Co-authored-by` lines (git's trailers: in the last paragraph, `Name <address>`), without
/// the author's own. A squash merge lists there whose commits it joined.
fn co_authors(body: &str, author: &str, mailmap: &gix::mailmap::Snapshot) -> Vec<String> {
    let last = body.trim_end().rsplit("\n\n").next().unwrap_or("").replace('\r', "");
    let mut found = Vec::new();
    for line in last.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        if !key.trim().eq_ignore_ascii_case("co-authored-by") {
            continue;
        }
        let Some((name, rest)) = value.trim().rsplit_once('<') else { continue };
        let Some(email) = rest.strip_suffix('>') else { continue };
        let signature = gix::actor::SignatureRef {
            name: name.trim().as_bytes().as_bstr(),
            email: email.trim().as_bytes().as_bstr(),
            time: "0 +0000",
        };
        let email = mailmap.resolve_cow(signature).email.to_str_lossy().trim().to_lowercase();
        if email.contains('@') && !email.eq_ignore_ascii_case(author.trim()) && !found.contains(&email) {
            found.push(email);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::co_authors;

    #[test]
    fn co_authors_are_trailers_and_nothing_else() {
        let mailmap = gix::mailmap::Snapshot::from_bytes(b"Asha Rao <asha@college.edu> <asha@laptop>\n");
        let said = "It was hard.\n\nCo-authored-by: not here <early@example.com>\n\n\
                    Co-authored-by: Asha Rao <asha@laptop>\r\nco-authored-by: Ravi <RAVI@example.com>\n\
                    Co-authored-by: Ravi <ravi@example.com>\nCo-authored-by: nobody\nSigned-off-by: X <x@example.com>\n\
                    Co-authored-by: Me <me@example.com>";
        let found = co_authors(said, "Me@example.com", &mailmap);
        assert_eq!(
            found,
            ["asha@college.edu", "ravi@example.com"],
            "mailmap, case and repeats as git has them"
        );
        assert!(co_authors("", "me@example.com", &mailmap).is_empty());
    }
}
