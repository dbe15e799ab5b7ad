//! Follows findings from commit to commit, parents before children.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result};
use internflow_domain::{Finding, Place};
use internflow_git::{Trail, TrailCommit, TrailFile};
use internflow_store::finding_state::Track;

use super::said::Said;
use super::step::{Step, Version, Went, Where};
use crate::squeeze;

/// Where findings are at one commit, by id.
pub(super) type Tracks = BTreeMap<i64, Track>;

/// Other files of a commit that are looked through for code that moved; a commit of more is a new layout.
const MANY_FILES: usize = 50;

/// The findings that are followed, and the history in which.
pub(super) struct Walk<'a> {
    pub(super) trail: &'a Trail,
    pub(super) findings: &'a BTreeMap<i64, Finding>,
}

/// A finding at the line of its own commit.
pub(super) fn born(finding: &Finding) -> Track {
    let Finding { path, line, end_line, .. } = finding.clone();
    Track {
        place: Place { path, line, end_line },
        symbol: None,
        fixed: None,
        reopened: None,
        on_branch: true,
        there: true,
        same_as: None,
    }
}

impl Walk<'_> {
    /// Follows what is known `at` some commits, and the `births` at others, through `commits` to `head`.
    pub(super) fn to(
        &self,
        head: &str,
        commits: &[TrailCommit],
        mut at: HashMap<String, Tracks>,
        births: &HashMap<&str, Vec<i64>>,
    ) -> Result<Tracks> {
        let mut children: HashMap<&str, usize> = HashMap::new();
        for parent in commits.iter().flat_map(|commit| &commit.parents) {
            *children.entry(parent).or_default() += 1;
        }
        for commit in commits {
            let mut now: Option<Tracks> = None;
            for parent in &commit.parents {
                let left = children.get_mut(parent.as_str()).context("a parent without children")?;
                *left -= 1;
                // Only where branches part, both need their own.
                let before = if *left == 0 { at.remove(parent) } else { at.get(parent).cloned() };
                let Some(mut tracks) = before else { continue };
                if let Err(error) = self.advance(parent, &commit.sha, &mut tracks) {
                    // A damaged object says nothing about what it held.
                    tracing::warn!(commit.sha, error = format!("{error:#}"), "findings pass a commit unseen");
                }
                match &mut now {
                    None => now = Some(tracks),
                    Some(now) => join(now, tracks, &commit.sha),
                }
            }
            if let Some(born_here) = births.get(commit.sha.as_str()) {
                let tracks = now.get_or_insert_default();
                for id in born_here {
                    if let Some(finding) = self.findings.get(id) {
                        self.reopen_elsewhere(tracks, finding)?;
                        tracks.insert(*id, born(finding));
                    }
                }
            }
            if let Some(tracks) = now.filter(|tracks| !tracks.is_empty()) {
                at.insert(commit.sha.clone(), tracks);
            }
        }
        Ok(at.remove(head).unwrap_or_default())
    }

    /// Takes tracks from a parent to its child.
    fn advance(&self, from: &str, to: &str, tracks: &mut Tracks) -> Result<()> {
        let mut change =
            Change { trail: self.trail, files: self.trail.changes(from, to)?, steps: HashMap::new() };
        let touched = change.touched(tracks);
        let mut taken = Taken::default();
        let (mut lost, mut gone) = (Vec::new(), Vec::new());
        for (file, id) in touched {
            let (Some(track), Some(finding)) = (tracks.get_mut(&id), self.findings.get(&id)) else {
                continue;
            };
            if track.fixed.is_some() {
                gone.push((file, id));
                continue;
            }
            let Some(step) = change.step(file)? else {
                // No text any more, or too much of it: where the line is nobody can say, only in which file.
                match &change.files[file].path {
                    Some(path) => track.place.path.clone_from(path),
                    None => track.fixed = Some(to.to_owned()),
                }
                continue;
            };
            match step.follow(finding, (track.place.line, track.place.end_line)) {
                Went::To((line, end_line)) => {
                    track.place = Place { path: step.path().to_owned(), line, end_line };
                    taken.take(finding, &track.place);
                }
                Went::Gone(near) => lost.push((file, id, near)),
            }
        }
        // Findings that are one problem have one place, and go on having one.
        let mut went: HashMap<Problem, Went<Place>> = HashMap::new();
        for (file, id, near) in lost {
            let (Some(track), Some(finding)) = (tracks.get_mut(&id), self.findings.get(&id)) else {
                continue;
            };
            let problem = Problem::of(finding, track);
            if !went.contains_key(&problem) {
                let place = change.moved(file, finding, track, near, &taken)?;
                place.iter().for_each(|place| taken.take(finding, place));
                went.insert(problem.clone(), place.map_or(Went::Gone(near), Went::To));
            }
            match went.get(&problem) {
                Some(Went::To(place)) => track.place = place.clone(),
                _ => change.fix(file, track, near, to)?,
            }
        }
        for (file, id) in gone {
            let (Some(track), Some(finding)) = (tracks.get_mut(&id), self.findings.get(&id)) else {
                continue;
            };
            let problem = Problem::of(finding, track);
            if !went.contains_key(&problem) {
                let back = change.returned(file, finding, track, &taken)?;
                if let Went::To(place) = &back {
                    taken.take(finding, place);
                }
                went.insert(problem.clone(), back);
            }
            match went.get(&problem) {
                Some(Went::To(place)) => reopen(track, place.clone(), to),
                Some(Went::Gone(near)) => change.shift(file, track, *near),
                None => {}
            }
        }
        Ok(())
    }

    /// A review found the problem of a fixed finding in the same function, which is in another file now.
    fn reopen_elsewhere(&self, tracks: &mut Tracks, born: &Finding) -> Result<()> {
        let mut symbol = None;
        for (id, track) in tracks.iter_mut().filter(|(_, track)| track.fixed.is_some()) {
            let Some(finding) = self.findings.get(id).filter(|finding| kin(finding, born)) else { continue };
            if track.symbol.is_none() || track.place.path == born.path {
                continue;
            }
            if symbol.is_none() {
                let text = self.trail.text(&born.commit, &born.path)?;
                symbol = Some(text.and_then(|text| Version::new(&born.path, text).symbol(born.line)));
            }
            if symbol.as_ref().is_some_and(|symbol| *symbol == track.symbol) {
                tracing::debug!(finding = finding.commit, "a problem is back in another file");
                let Finding { path, line, end_line, commit, .. } = born.clone();
                reopen(track, Place { path, line, end_line }, &commit);
            }
        }
        Ok(())
    }
}

/// The same rule at the same text.
pub(super) fn kin(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule && Said::of(a).is(&b.quote)
}

fn reopen(track: &mut Track, place: Place, sha: &str) {
    track.place = place;
    (track.fixed, track.symbol) = (None, None);
    track.reopened = Some(sha.to_owned());
    track.there = true;
}

/// What a merge has of two parents. What is in its files is there; what is not is credited to the merge only when
/// it was in both.
fn join(now: &mut Tracks, other: Tracks, merge: &str) {
    for (id, theirs) in other {
        let ours = now.entry(id).or_insert_with(|| theirs.clone());
        let by_merge = |track: &Track| track.fixed.as_deref() == Some(merge);
        if ours.fixed.is_some() && (theirs.fixed.is_none() || by_merge(ours) && !by_merge(&theirs)) {
            *ours = theirs;
        }
    }
}

/// A rule at one place, or one line of it before one fix: findings that share it are one problem.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Problem {
    rule: String,
    path: String,
    line: u32,
    /// Commit and text. The place of what is gone is not exact.
    fixed: Option<(String, String)>,
}

impl Problem {
    pub(super) fn of(finding: &Finding, track: &Track) -> Self {
        let Place { path, line, .. } = track.place.clone();
        let fixed = track.fixed.clone().map(|sha| (sha, squeeze(&finding.quote)));
        Self { rule: finding.rule.clone(), path, line, fixed }
    }
}

/// Lines that already are some finding's, by path and rule.
#[derive(Default)]
struct Taken(BTreeSet<(String, String, u32)>);

impl Taken {
    fn take(&mut self, finding: &Finding, place: &Place) {
        self.0.insert((place.path.clone(), finding.rule.clone(), place.line));
    }

    fn has(&self, finding: &Finding, path: &str, line: u32) -> bool {
        self.0.contains(&(path.to_owned(), finding.rule.clone(), line))
    }
}

/// The files between a commit and its parent, each read when somebody asks.
struct Change<'a> {
    trail: &'a Trail,
    files: Vec<TrailFile>,
    steps: HashMap<usize, Option<Step>>,
}

impl Change<'_> {
    /// Which findings are in changed files, as index of the file and id.
    fn touched(&self, tracks: &Tracks) -> Vec<(usize, i64)> {
        let mut by_path: HashMap<&str, usize> = HashMap::new();
        let mut made: HashMap<&str, usize> = HashMap::new();
        for (index, file) in self.files.iter().enumerate() {
            match (&file.old_path, &file.path) {
                (Some(old), _) => by_path.insert(old, index),
                (None, Some(new)) => made.insert(new, index),
                (None, None) => None,
            };
        }
        let file_of = |track: &Track| {
            let path = track.place.path.as_str();
            // A file that was deleted with the problem in it may be back.
            by_path.get(path).or_else(|| made.get(path).filter(|_| track.fixed.is_some())).copied()
        };
        tracks.iter().filter_map(|(id, track)| Some((file_of(track)?, *id))).collect()
    }

    fn step(&mut self, index: usize) -> Result<Option<&mut Step>> {
        if !self.steps.contains_key(&index) {
            let file = &self.files[index];
            let (old, new) = (file.old_path.as_ref(), file.path.as_ref());
            let step = match (old.or(new), new.or(old)) {
                (Some(old), Some(new)) => self.trail.lines(file)?.map(|change| Step::new(old, new, change)),
                _ => None,
            };
            self.steps.insert(index, step);
        }
        Ok(self.steps.get_mut(&index).and_then(Option::as_mut))
    }

    /// Where a line went that the change took away: to another place of its file, or with its function to another.
    fn moved(
        &mut self,
        index: usize,
        finding: &Finding,
        track: &Track,
        near: u32,
        taken: &Taken,
    ) -> Result<Option<Place>> {
        let file_is_gone = self.files[index].path.is_none();
        let Some(step) = self.step(index)? else { return Ok(None) };
        let symbol = step.symbol_before(track.place.line);
        let path = step.path().to_owned();
        let is_taken = |line: u32| taken.has(finding, &path, line);
        if let Some(lines) = step.again(finding, near, Where::Here(symbol.as_deref()), &is_taken) {
            return Ok(Some(at(&path, lines)));
        }
        let kind = extension(&track.place.path);
        for other in 0..self.files.len().min(MANY_FILES) {
            let Some(path) = self.files[other].path.clone() else { continue };
            if other == index || extension(&path) != kind {
                continue;
            }
            let Some(step) = self.step(other)? else { continue };
            let is_taken = |line: u32| taken.has(finding, &path, line);
            let elsewhere = Where::Elsewhere { symbol: symbol.as_deref(), file_is_gone };
            if let Some(lines) = step.again(finding, 1, elsewhere, &is_taken) {
                return Ok(Some(at(&path, lines)));
            }
        }
        Ok(None)
    }

    /// The problem is gone in this commit.
    fn fix(&mut self, index: usize, track: &mut Track, near: u32, sha: &str) -> Result<()> {
        if let Some(step) = self.step(index)? {
            track.symbol = step.symbol_before(track.place.line);
        }
        self.shift(index, track, near);
        track.fixed = Some(sha.to_owned());
        Ok(())
    }

    /// Where the line of a fixed problem would be.
    fn shift(&self, index: usize, track: &mut Track, near: u32) {
        if let Some(path) = &self.files[index].path {
            let length = track.place.end_line.saturating_sub(track.place.line);
            track.place = at(path, (near, near + length));
        }
    }

    /// Where a problem is back that had been fixed, or where it would be.
    fn returned(
        &mut self,
        index: usize,
        finding: &Finding,
        track: &Track,
        taken: &Taken,
    ) -> Result<Went<Place>> {
        let Place { line, end_line, .. } = track.place;
        let gone = self.files[index].path.is_none();
        let Some(step) = self.step(index)?.filter(|_| !gone) else { return Ok(Went::Gone(line)) };
        let path = step.path().to_owned();
        let is_taken = |line: u32| taken.has(finding, &path, line);
        Ok(match step.returned(finding, (line, end_line), track.symbol.as_deref(), &is_taken) {
            Went::To(lines) => Went::To(at(&path, lines)),
            Went::Gone(near) => Went::Gone(near),
        })
    }
}

fn at(path: &str, (line, end_line): (u32, u32)) -> Place {
    Place { path: path.to_owned(), line, end_line }
}

fn extension(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension)
}
