//! What the text of each file says: its language and lines, branches, tests, imports, where programs begin, and
//! what a manifest or a README declares.

use std::collections::HashSet;

use anyhow::Result;
use internflow_code::{
    Language, branches, declared, entry_points, first_paragraph, frameworks, imports, is_test_path,
    mask_secrets, skip_reason, test_functions,
};
use internflow_domain::{Entry, ProvenTechnology, Said};
use internflow_git::{Repo, TreeFile};
use internflow_store::analysis::AnalysedFile;
use serde::{Deserialize, Serialize};

use crate::queue::Meter;
use crate::{Core, blocking};

/// Counts up when what is counted changes, so that every file is counted again.
const VERSION: u32 = 2;
/// Files read in one repository: those nearest to the top, the rest is left out and said so.
const MOST: usize = 20_000;
/// Files read between two looks at whether to go on.
const BATCH: usize = 16;

/// What one file says.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Facts {
    /// Why its lines are nobody's work or can't be counted ("vendored"), or null.
    pub(super) skipped: Option<String>,
    /// As [`Language::name`] gives it.
    pub(super) language: Option<String>,
    /// Blank ones left out.
    pub(super) lines: u32,
    /// `None` for what is not parsed.
    pub(super) branches: Option<u32>,
    pub(super) tests: u32,
    /// What is imported, with the line.
    pub(super) imports: Vec<(String, u32)>,
    pub(super) entries: Vec<Entry>,
    /// The name that a manifest declares.
    pub(super) package: Option<String>,
    pub(super) description: Option<Said>,
    /// The first paragraph of a README.
    pub(super) paragraph: Option<Said>,
    pub(super) technologies: Vec<ProvenTechnology>,
}

impl Facts {
    /// The language, if the file is a program that people wrote.
    pub(super) fn code(&self) -> Option<Language> {
        let language = self.language.as_deref().and_then(Language::parse)?;
        (self.skipped.is_none() && !language.is_data()).then_some(language)
    }
}

/// Reads the files that changed since the last run and forgets those that are gone. Returns how many files are
/// beyond the bound.
pub(super) async fn read(
    core: &Core,
    repository_id: i64,
    repo: &Repo,
    files: &[TreeFile],
    meter: &mut Meter<'_>,
) -> Result<usize> {
    let mut wanted: Vec<&TreeFile> = files.iter().filter(|file| may_say_something(&file.path)).collect();
    wanted.sort_by_key(|file| (file.path.matches('/').count(), &file.path));
    let beyond = wanted.len().saturating_sub(MOST);
    wanted.truncate(MOST);

    let here: HashSet<&String> = wanted.iter().map(|file| &file.path).collect();
    let stored = core.store.analysed_files(repository_id).await?;
    let gone: Vec<String> =
        stored.into_iter().map(|file| file.path).filter(|path| !here.contains(path)).collect();
    if !gone.is_empty() {
        core.store.remove_analysed(repository_id, &gone).await?;
    }
    let known = core.store.analysed_blobs(repository_id, VERSION).await?;
    let stale: Vec<TreeFile> =
        wanted.into_iter().filter(|file| known.get(&file.path) != Some(&file.blob)).cloned().collect();
    meter.begin(stale.len() as u32);
    for batch in stale.chunks(BATCH) {
        core.signals.nothing_is_written().await;
        let first = batch.first().map_or("", |file| file.path.as_str());
        meter.report(format!("Reading {first}")).await?;
        let (repo, files) = (repo.clone(), batch.to_vec());
        let counted = blocking(move || {
            let one = |file: TreeFile| {
                let facts = facts(&file.path, repo.blob(&file.blob)?.as_deref());
                let facts = serde_json::to_string(&facts)?;
                Ok(AnalysedFile { path: file.path, blob: file.blob, facts, blame: None })
            };
            files.into_iter().map(one).collect::<Result<Vec<_>>>()
        })
        .await?;
        core.store.set_analysed(repository_id, VERSION, &counted).await?;
        meter.add(batch.len() as u32);
    }
    Ok(beyond)
}

/// Source, manifests, and files without an ending, which may be scripts.
fn may_say_something(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    Language::of(path, "").is_some() || matches!(ending, None | Some("mod" | "in" | "pip"))
}

/// `bytes` is `None` for what is larger than git's room reads.
fn facts(path: &str, bytes: Option<&[u8]>) -> Facts {
    let skipped = |reason: &str| Facts { skipped: Some(reason.to_owned()), ..Facts::default() };
    let Some(bytes) = bytes else { return skipped("larger than 1 MB") };
    if bytes.contains(&0) {
        return skipped("binary");
    }
    // Words of the text are kept and shown.
    let text = mask_secrets(&String::from_utf8_lossy(bytes));
    let language = Language::of(path, text.lines().next().unwrap_or(""));
    let mut facts = Facts {
        skipped: skip_reason(path, Some(&text), bytes.len()),
        language: language.map(|language| language.name().to_owned()),
        ..Facts::default()
    };
    if language == Some(Language::Notebook) {
        facts.skipped.get_or_insert_with(|| "notebook".to_owned());
    }
    // A manifest is proof however long it is; one deep in the tree, or of a test, is of something else.
    if path.matches('/').count() <= 2 && !is_test_path(path) {
        declare(&mut facts, path, &text);
    }
    let Some(language) = language.filter(|language| facts.skipped.is_none() && !language.is_data()) else {
        return facts;
    };
    facts.lines = text.lines().filter(|line| !line.trim().is_empty()).count() as u32;
    facts.branches = branches(language, &text);
    facts.tests = test_functions(language, &text).len() as u32;
    facts.imports = imports(language, &text).into_iter().map(|import| (import.target, import.line)).collect();
    if !is_test_path(path) {
        let begins = entry_points(language, path, &text);
        facts.entries.extend(begins.into_iter().map(|begin| entry(path, begin)));
    }
    facts
}

fn declare(facts: &mut Facts, path: &str, text: &str) {
    let said = |(text, line)| Said { text, path: path.to_owned(), line };
    let found = declared(path, text);
    facts.package = found.name;
    facts.description = found.description.map(said);
    facts.entries = found.programs.into_iter().map(|program| entry(path, program)).collect();
    facts.technologies = frameworks(path, text)
        .into_iter()
        .map(|found| ProvenTechnology {
            name: found.name,
            kind: found.kind.as_str().to_owned(),
            package: found.package,
            path: found.file,
            line: found.line,
        })
        .collect();
    if is_readme(path) {
        facts.paragraph = first_paragraph(text).map(said);
    }
}

/// The README of the whole repository.
pub(super) fn is_readme(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.strip_prefix("readme").is_some_and(|rest| {
        !path.contains('/') && matches!(rest, "" | ".md" | ".markdown" | ".rst" | ".txt" | ".adoc")
    })
}

fn entry(path: &str, begin: internflow_code::EntryPoint) -> Entry {
    Entry { name: begin.name, what: begin.what.to_owned(), path: path.to_owned(), line: begin.line }
}
