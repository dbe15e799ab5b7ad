//! Who wrote the lines that are left. Git answers file by file and takes long in a long history, so an answer is
//! kept as long as the file's text is the same.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use internflow_domain::Commit;
use internflow_git::{Blaming, Repo};
use internflow_store::analysis::AnalysedFile;

use super::measure::Facts;
use crate::queue::Meter;
use crate::{Core, blocking};

/// Files blamed in one repository: those with the most lines, the rest is left out and said so.
const MOST: usize = 250;
/// Files between two looks at whether to go on.
const BATCH: usize = 8;

/// Asks about the files of which nothing is known yet, the largest first.
pub(super) async fn read(
    core: &Core,
    repository_id: i64,
    repo: &Repo,
    sha: &str,
    commits: &[Commit],
    meter: &mut Meter<'_>,
) -> Result<()> {
    let here: HashSet<&str> = commits.iter().map(|commit| commit.sha.as_str()).collect();
    // A history that was rewritten has other commits behind the same text.
    let is_known = |file: &AnalysedFile| {
        file.blame
            .as_ref()
            .is_some_and(|lines| lines.iter().all(|(commit, _)| here.contains(commit.as_str())))
    };
    let mut sources: Vec<(u32, AnalysedFile)> = Vec::new();
    for file in core.store.analysed_files(repository_id).await? {
        let facts: Facts = serde_json::from_str(&file.facts)?;
        if facts.code().is_some() && facts.lines > 0 {
            sources.push((facts.lines, file));
        }
    }
    sources.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.path.cmp(&b.1.path)));
    sources.truncate(MOST);
    sources.retain(|(_, file)| !is_known(file));
    meter.begin(sources.len() as u32);
    let sources: Vec<AnalysedFile> = sources.into_iter().map(|(_, file)| file).collect();
    for batch in sources.chunks(BATCH) {
        core.signals.nothing_is_written().await;
        meter.report(format!("Reading who wrote {}", batch[0].path)).await?;
        let (repo, sha) = (repo.clone(), sha.to_owned());
        let files: Vec<_> = batch.iter().map(|file| (file.path.clone(), file.blob.clone())).collect();
        let known = blocking(move || {
            let blaming = repo.blaming();
            Ok(files
                .iter()
                .map(|(path, blob)| surviving(&repo, &blaming, &sha, path, blob))
                .collect::<Vec<_>>())
        })
        .await?;
        for (file, lines) in batch.iter().zip(known) {
            match lines {
                Ok(lines) => core.store.set_blame(repository_id, &file.path, &file.blob, &lines).await?,
                Err(error) => {
                    tracing::warn!(path = file.path, error = format!("{error:#}"), "file can't be blamed");
                }
            }
            meter.advance();
        }
    }
    Ok(())
}

/// Lines of a file by the commit that wrote them, blank ones left out.
fn surviving(
    repo: &Repo,
    blaming: &Blaming,
    sha: &str,
    path: &str,
    blob: &str,
) -> Result<Vec<(String, u32)>> {
    let text = String::from_utf8_lossy(&repo.blob(blob)?.unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let written = |line: u32| lines.get(line as usize - 1).is_some_and(|line| !line.trim().is_empty());
    let mut by_commit: BTreeMap<String, u32> = BTreeMap::new();
    for part in blaming.blame(sha, path)? {
        let count = (part.start..part.start + part.lines).filter(|line| written(*line)).count() as u32;
        if count > 0 {
            *by_commit.entry(part.commit).or_default() += count;
        }
    }
    Ok(by_commit.into_iter().collect())
}
