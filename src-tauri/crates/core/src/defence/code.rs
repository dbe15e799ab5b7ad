//! The lines at HEAD that a bullet stands on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use anyhow::Result;
use internflow_code::{Language, is_test_path, mask_secrets, skip_reason, symbols};
use internflow_domain::{Bullet, Commit, DefendedCommit, Excerpt};
use internflow_git::{Blamed, Blaming, Repo, Trail};

use super::questions::{Kind, kind};

/// A commit that touches more files than this says nothing about any one of them.
const MOST_FILES: usize = 50;
/// Files that are read for one bullet.
const READ: usize = 8;
/// Pieces of code that are shown of one bullet.
const PIECES: usize = 2;
/// Lines that are shown of a piece.
const LONGEST: u32 = 14;
/// Commits that are named of a bullet.
const NAMED: usize = 5;

/// Lines by path.
pub(super) type Lines = BTreeMap<String, BTreeSet<u32>>;

/// A piece of code, with the name of its definition; empty where it has none.
pub(super) struct Piece {
    pub(super) name: String,
    pub(super) excerpt: Excerpt,
}

/// A file at HEAD with the commit of each line.
struct Version {
    text: String,
    language: Option<Language>,
    blamed: Vec<Blamed>,
}

/// A repository, read once for all of its bullets.
pub(super) struct Reading {
    head: Option<String>,
    commits: HashMap<String, Commit>,
    /// Paths that each commit touched.
    touched: HashMap<String, Vec<String>>,
    /// Source files at HEAD.
    paths: BTreeSet<String>,
    trail: Trail,
    blaming: Blaming,
    versions: HashMap<String, Option<Version>>,
}

impl Reading {
    pub(super) fn of(path: &str, bullets: &[Bullet]) -> Result<Self> {
        let repo = Repo::open(Path::new(path))?;
        let head = repo.head()?.sha;
        let named: BTreeSet<&String> = bullets.iter().flat_map(|bullet| &bullet.commits).collect();
        let shas: Vec<String> = named.into_iter().cloned().collect();
        let touched = repo.file_sizes(&shas, MOST_FILES)?.into_iter().map(|of| {
            (of.sha, of.files.into_iter().flatten().map(|file| file.path).collect::<Vec<String>>())
        });
        let files = head.as_deref().map(|head| repo.files(head)).transpose()?.unwrap_or_default();
        let source = |path: &String| Language::of(path, "").is_some_and(|language| !language.is_data());
        Ok(Self {
            touched: touched.collect(),
            paths: files.into_iter().map(|file| file.path).filter(source).collect(),
            commits: repo.log()?.commits.into_iter().map(|commit| (commit.sha.clone(), commit)).collect(),
            trail: repo.trail(),
            blaming: repo.blaming(),
            versions: HashMap::new(),
            head,
        })
    }

    /// The newest commits behind a bullet.
    pub(super) fn commits(&self, bullet: &Bullet) -> Vec<DefendedCommit> {
        let known = bullet.commits.iter().filter_map(|sha| self.commits.get(sha)).take(NAMED);
        known
            .map(|commit| DefendedCommit {
                sha: commit.sha.clone(),
                subject: mask_secrets(&commit.subject),
                day: chrono::DateTime::from_timestamp(commit.time, 0)
                    .unwrap_or_default()
                    .date_naive()
                    .to_string(),
            })
            .collect()
    }

    /// The most telling pieces of a bullet's code, and all of its lines in the files that were read.
    pub(super) fn code(&mut self, bullet: &Bullet) -> Result<(Vec<Piece>, Lines)> {
        let of: BTreeSet<&String> = bullet.commits.iter().collect();
        let told = bullet.facts.iter().map(|fact| format!("{} {}", fact.text, fact.method));
        let told = told.collect::<Vec<_>>().join("\n");
        let mut lines = Lines::new();
        let mut pieces: Vec<(bool, usize, Piece)> = Vec::new();
        for path in self.candidates(bullet, &told) {
            let Some(version) = self.version(&path)? else { continue };
            let mine: BTreeSet<u32> = version
                .blamed
                .iter()
                .filter(|part| of.contains(&part.commit))
                .flat_map(|part| part.start..part.start + part.lines)
                .collect();
            if mine.is_empty() {
                continue;
            }
            // Of each file the best: two files tell more than two places of one.
            let all = version.pieces(&path, &mine, &told).into_iter();
            let best = all.max_by_key(|(named, count, piece)| (*named, *count, Reverse(piece.excerpt.line)));
            pieces.extend(best.map(|(named, _, piece)| (named, mine.len(), piece)));
            lines.insert(path, mine);
        }
        pieces.sort_by(|a, b| (b.0, b.1, &a.2.excerpt.path).cmp(&(a.0, a.1, &b.2.excerpt.path)));
        Ok((pieces.into_iter().take(PIECES).map(|(.., piece)| piece).collect(), lines))
    }

    /// Files that a bullet is about: those its facts name, then those its commits touched most.
    fn candidates(&self, bullet: &Bullet, told: &str) -> Vec<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let touched = bullet.commits.iter().filter_map(|sha| self.touched.get(sha)).flatten();
        for path in touched.filter(|path| self.paths.contains(*path)) {
            *counts.entry(path).or_default() += 1;
        }
        // An import touches more than can be looked through; then all that is there may be meant.
        if counts.is_empty() {
            counts.extend(self.paths.iter().map(|path| (path.as_str(), 0)));
        }
        let tests = kind(bullet) == Kind::Tests;
        let mut ranked: Vec<(&str, usize)> = counts.into_iter().collect();
        ranked.sort_by_key(|(path, count)| {
            let named = told.contains(*path);
            Reverse((named, is_test_path(path) == tests, *count))
        });
        ranked.into_iter().take(READ).map(|(path, _)| path.to_owned()).collect()
    }

    fn version(&mut self, path: &str) -> Result<Option<&Version>> {
        let Some(head) = &self.head else { return Ok(None) };
        if !self.versions.contains_key(path) {
            let text = self.trail.text(head, path)?;
            let text = text.filter(|text| skip_reason(path, Some(text), text.len()).is_none());
            let version = text.and_then(|text| {
                let blamed = self.blaming.blame(head, path).ok()?;
                Some(Version { language: Language::of(path, &text), text, blamed })
            });
            self.versions.insert(path.to_owned(), version);
        }
        Ok(self.versions.get(path).and_then(Option::as_ref))
    }
}

impl Version {
    /// Definitions with lines of the bullet in them; where there is none, the longest run of such lines. Each with
    /// whether the facts name it, and how many lines are the bullet's.
    fn pieces(&self, path: &str, mine: &BTreeSet<u32>, told: &str) -> Vec<(bool, usize, Piece)> {
        let all: Vec<&str> = self.text.lines().collect();
        let piece = |name: &str, from: u32, to: u32| {
            let shown = all.iter().skip(from as usize - 1).take((to - from + 1).min(LONGEST) as usize);
            let text = mask_secrets(&shown.copied().collect::<Vec<_>>().join("\n"));
            Piece {
                name: name.to_owned(),
                excerpt: Excerpt { path: path.to_owned(), line: from, end_line: to, text },
            }
        };
        let count = |from: u32, to: u32| mine.range(from..=to).count();
        let defined = self.language.map(|language| symbols(language, &self.text)).unwrap_or_default();
        let mut found: Vec<(bool, usize, Piece)> = defined
            .iter()
            // Of a class its methods say more.
            .filter(|symbol| {
                !defined
                    .iter()
                    .any(|inner| inner.start_line > symbol.start_line && inner.end_line <= symbol.end_line)
            })
            .filter(|symbol| count(symbol.start_line, symbol.end_line) > 0)
            .map(|symbol| {
                let (from, to) = (symbol.start_line, symbol.end_line);
                let here = format!("{path}:{from}");
                let named =
                    told.contains(&here) || told.split([' ', ',', '\n']).any(|word| word == symbol.name);
                (named, count(from, to), piece(&symbol.name, from, to))
            })
            .collect();
        if found.is_empty() {
            let longest = self
                .blamed
                .iter()
                .filter(|part| mine.contains(&part.start))
                .max_by_key(|part| (part.lines, Reverse(part.start)));
            found.extend(longest.map(|part| {
                let to = part.start + part.lines.max(1) - 1;
                (false, part.lines as usize, piece("", part.start, to))
            }));
        }
        found
    }
}
