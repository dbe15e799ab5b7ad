//! How often and how much each file was changed.

use std::collections::HashMap;

use anyhow::Result;
use internflow_domain::FileSizes;
use internflow_git::Repo;

use crate::queue::Meter;
use crate::{Core, blocking};

/// A commit that changes more files brings a tree or moves one, and says nothing about any of them.
pub(super) const MOST_FILES: usize = 200;
/// Commits read between two looks at whether to go on.
const BATCH: usize = 50;

/// Counts the commits that were not counted yet, newest first. Returns how many can't be: their objects are
/// damaged, or their parents are not here.
pub(super) async fn read(
    core: &Core,
    repository_id: i64,
    repo: &Repo,
    meter: &mut Meter<'_>,
) -> Result<usize> {
    let missing = core.store.unanalysed_commits(repository_id).await?;
    meter.begin(missing.len() as u32);
    let mut uncounted = missing.len();
    for batch in missing.chunks(BATCH) {
        core.signals.nothing_is_written().await;
        meter.report("Reading what each commit changed").await?;
        let (repo, shas) = (repo.clone(), batch.to_vec());
        let sizes = blocking(move || repo.file_sizes(&shas, MOST_FILES)).await?;
        core.store.add_file_sizes(repository_id, &sizes).await?;
        uncounted -= sizes.len();
        meter.add(batch.len() as u32);
    }
    Ok(uncounted)
}

/// How much one file was changed over all commits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Churn {
    pub(super) commits: u32,
    /// Lines added and removed.
    pub(super) lines: u32,
}

/// Sums the changes by the name that each file has today. `commits` newest first.
pub(super) fn by_file(commits: &[FileSizes]) -> HashMap<&str, Churn> {
    let mut sums: HashMap<&str, Churn> = HashMap::new();
    // Earlier names of files: before the commit that renamed it, `old` is what is `new` today.
    let mut today: HashMap<&str, &str> = HashMap::new();
    for file in commits.iter().filter_map(|commit| commit.files.as_ref()).flatten() {
        let name = today.get(file.path.as_str()).copied().unwrap_or(&file.path);
        let churn = sums.entry(name).or_default();
        churn.commits += 1;
        churn.lines += file.added + file.removed;
        if let Some(old) = &file.old_path {
            today.insert(old, name);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use internflow_domain::FileSize;

    use super::*;

    #[test]
    fn a_renamed_file_keeps_what_was_done_to_it() {
        let file = |path: &str, old: Option<&str>, added| FileSize {
            path: path.to_owned(),
            old_path: old.map(str::to_owned),
            added,
            removed: 1,
        };
        let commit = |files| FileSizes { sha: String::new(), files };
        let commits = [
            commit(Some(vec![file("b.py", None, 1), file("a.py", None, 3)])),
            commit(None),
            commit(Some(vec![file("b.py", Some("a.py"), 0)])),
            commit(Some(vec![file("a.py", None, 10)])),
        ];
        let sums = by_file(&commits);
        assert_eq!(sums["b.py"], Churn { commits: 3, lines: 14 });
        assert_eq!(sums["a.py"], Churn { commits: 1, lines: 4 }, "another file has that name now");
    }
}
