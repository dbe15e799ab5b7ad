//! Who wrote what is searched: the surviving lines of each chunk, by author.
//!
//! From blame at the commit that is indexed, and again only for files that changed. Addresses are kept and not a
//! verdict, so that what the user says later of their addresses or of an import counts at once. A chunk is theirs
//! when they are the author of at least half of its lines, as [`crate::authorship`] counts; one of which nothing
//! is known yet is not.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Result;
use internflow_code::Language;
use internflow_domain::Repository;
use internflow_git::{Blamed, Blaming, Repo};
use internflow_store::search::ChunkAuthor;

use crate::queue::Meter;
use crate::{Core, blocking};

/// Files blamed between two looks at whether to go on.
const BATCH: usize = 20;
/// Files named at once.
const MOST: u32 = 2_000;

/// A file with the ids and lines of its chunks.
type Cut = (String, Vec<(i64, u32, u32)>);

/// Finds the authors of the files at `head` that have none yet.
pub(crate) async fn read(
    core: &Core,
    repository: &Repository,
    head: Option<&str>,
    meter: &mut Meter<'_>,
) -> Result<()> {
    let Some(head) = head else { return Ok(()) };
    meter.begin(core.store.unblamed_count(Some(repository.id)).await?);
    loop {
        let paths = core.store.unblamed(repository.id, MOST).await?;
        if paths.is_empty() {
            return Ok(());
        }
        blame(core, repository, head, &paths, meter).await?;
    }
}

async fn blame(
    core: &Core,
    repository: &Repository,
    head: &str,
    paths: &[String],
    meter: &mut Meter<'_>,
) -> Result<()> {
    for batch in paths.chunks(BATCH) {
        // On two cores it would take the text model's time.
        core.signals.nothing_is_written().await;
        meter.report("Reading who wrote what").await?;
        let mut files: Vec<Cut> = Vec::new();
        for path in batch {
            files.push((path.clone(), core.store.chunk_lines(repository.id, path).await?));
        }
        let (folder, head) = (repository.path.clone(), head.to_owned());
        let import = repository.import.as_ref().map(|import| import.sha.clone());
        let known = blocking(move || {
            let repo = Repo::open(Path::new(&folder))?;
            let mut authors = Authors { blaming: repo.blaming(), repo, import, emails: HashMap::new() };
            Ok(files.iter().map(|(path, chunks)| authors.of(&head, path, chunks)).collect::<Vec<_>>())
        })
        .await?;
        for (path, authors) in batch.iter().zip(known) {
            core.store.set_authors(repository.id, path, &authors).await?;
        }
        meter.add(batch.len() as u32);
    }
    Ok(())
}

struct Authors {
    blaming: Blaming,
    repo: Repo,
    import: Option<String>,
    /// Author of each commit that was met; empty for nobody's.
    emails: HashMap<String, String>,
}

impl Authors {
    fn of(&mut self, head: &str, path: &str, chunks: &[(i64, u32, u32)]) -> Vec<ChunkAuthor> {
        let blamed = match self.blaming.blame(head, path) {
            Ok(blamed) => blamed,
            Err(error) => {
                tracing::warn!(path, %error, "file can't be blamed and is nobody's");
                return Vec::new();
            }
        };
        // The lines of a notebook's cells are not those of its file.
        let whole = Language::of(path, "") == Some(Language::Notebook);
        let mut lines: BTreeMap<(i64, String, bool), u32> = BTreeMap::new();
        for &(chunk_id, first, last) in chunks {
            for part in &blamed {
                let shared = if whole { part.lines } else { overlap(part, first, last) };
                if shared > 0 {
                    let import = self.import.as_ref() == Some(&part.commit);
                    *lines.entry((chunk_id, self.email(&part.commit), import)).or_default() += shared;
                }
            }
        }
        lines
            .into_iter()
            .map(|((chunk_id, email, import), lines)| ChunkAuthor { chunk_id, email, import, lines })
            .collect()
    }

    fn email(&mut self, sha: &str) -> String {
        let read = || match self.repo.commit(sha) {
            Ok(commit) if commit.parents < 2 => commit.author_email,
            _ => String::new(),
        };
        self.emails.entry(sha.to_owned()).or_insert_with(read).clone()
    }
}

/// Lines of `part` from `first` to `last`.
fn overlap(part: &Blamed, first: u32, last: u32) -> u32 {
    let end = last.saturating_add(1).min(part.start + part.lines);
    end.saturating_sub(first.max(part.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_at_the_edges_of_a_chunk_are_its_own() {
        let part = Blamed { start: 10, lines: 5, commit: String::new() };
        let shared = |first, last| overlap(&part, first, last);
        assert_eq!([shared(1, 9), shared(1, 10), shared(14, 20), shared(15, 20)], [0, 1, 1, 0]);
        assert_eq!([shared(1, 99), shared(11, 12)], [5, 2]);
    }
}
