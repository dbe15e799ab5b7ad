//! One file between a commit and its parent: where the line of a finding went.

use std::collections::HashMap;

use internflow_code::{Language, SourceFile, check, enclosing, is_test_path, rules, symbols};
use internflow_domain::{Finding, Source};
use internflow_git::{LineChange, LineEdit};

use super::said::Said;
use crate::squeeze;

/// Both versions of a file. What the rules say of each is found out once, and only when somebody asks.
pub(super) struct Step {
    old: Version,
    new: Version,
    edits: Vec<LineEdit>,
}

/// First and last line.
pub(super) type Lines = (u32, u32);

/// Where a line is after a change.
pub(super) enum Went<At = Lines> {
    To(At),
    /// The problem is gone; the line was about here.
    Gone(u32),
}

/// Where the return of a problem is looked for.
#[derive(Clone, Copy)]
pub(super) enum Where<'a> {
    /// In the file in which it was, in the function of this name if it was in one.
    Here(Option<&'a str>),
    /// In another file, in the function of this name. What was in none returns only where its file is gone.
    Elsewhere { symbol: Option<&'a str>, file_is_gone: bool },
}

impl Step {
    /// `old_path` and `path` are those of the two versions; a side that is not there has the other's.
    pub(super) fn new(old_path: &str, path: &str, change: LineChange) -> Self {
        let LineChange { old_text, new_text, edits } = change;
        Self { old: Version::new(old_path, old_text), new: Version::new(path, new_text), edits }
    }

    pub(super) fn path(&self) -> &str {
        &self.new.path
    }

    /// Name of the function around a line before the change.
    pub(super) fn symbol_before(&self, line: u32) -> Option<String> {
        self.old.symbol(line)
    }

    /// Follows a finding that was there before the change. What the rules still see where the line went is there;
    /// what they do not see in the first place (the model saw it, or a rule of an earlier version) is there as
    /// long as its line is.
    pub(super) fn follow(&mut self, finding: &Finding, (line, end): Lines) -> Went {
        let by_rule = self.old.broken(finding).iter().any(|(first, _)| *first == line);
        match self.kept(line) {
            Ok(to) if !by_rule => Went::To((to, to + end.saturating_sub(line))),
            // The line is as it was, and what made it wrong may not be.
            Ok(to) => match self.new.broken(finding).into_iter().find(|(a, b)| (*a..=*b).contains(&to)) {
                Some(lines) => Went::To(lines),
                None => Went::Gone(to),
            },
            Err(edit) => {
                let found = if by_rule {
                    self.successor(finding, line, &edit)
                } else {
                    self.same(finding, line, &edit)
                };
                // Not the same number for two lines that are gone.
                let near = edit.new.start + (line - edit.old.start);
                found.map_or(Went::Gone(near), Went::To)
            }
        }
    }

    /// Looks whether a finding that was gone before the change is back; else says where it would be.
    pub(super) fn returned(
        &mut self,
        finding: &Finding,
        (line, end): Lines,
        symbol: Option<&str>,
        taken: &dyn Fn(u32) -> bool,
    ) -> Went {
        let mut near = line;
        if !self.old.lines.is_empty() {
            near = match self.kept(line) {
                Ok(to) => {
                    // The line had stayed, and what is around it makes it wrong again.
                    let again = Said::of(finding).is(self.new.line(to))
                        && !self.old.broken(finding).iter().any(|(first, _)| *first == line)
                        && self.new.broken(finding).iter().any(|(first, _)| *first == to);
                    if again && !taken(to) {
                        return Went::To((to, to + end.saturating_sub(line)));
                    }
                    to
                }
                Err(edit) => edit.new.start,
            };
        }
        self.again(finding, near, Where::Here(symbol), taken).map_or(Went::Gone(near), Went::To)
    }

    /// The line among those that the change added that has the problem of the finding: the same rule and the same
    /// text. The one nearest to `near`, and none that is `taken`.
    pub(super) fn again(
        &mut self,
        finding: &Finding,
        near: u32,
        place: Where<'_>,
        taken: &dyn Fn(u32) -> bool,
    ) -> Option<Lines> {
        let said = Said::of(finding);
        let broken = self.new.broken(finding);
        let by_text = by_text(finding);
        let lines = |line: u32| match broken.iter().find(|(first, _)| *first == line) {
            Some(lines) => Some(*lines),
            None => by_text.then_some((line, line)),
        };
        let added = self.edits.iter().flat_map(|edit| edit.new.clone());
        let mut found: Vec<Lines> = added
            .filter(|line| said.is(self.new.line(*line)) && !taken(*line))
            .filter_map(lines)
            .filter(|(line, _)| match place {
                Where::Here(symbol) => {
                    said.telling() || symbol.is_some() && self.new.symbol(*line).as_deref() == symbol
                }
                Where::Elsewhere { symbol: None, file_is_gone } => {
                    file_is_gone && said.telling() && self.new.symbol(*line).is_none()
                }
                Where::Elsewhere { symbol, .. } => self.new.symbol(*line).as_deref() == symbol,
            })
            .collect();
        found.sort_by_key(|(line, _)| line.abs_diff(near));
        found.first().copied()
    }

    /// The number of a line after the change, or the edit that took it away.
    fn kept(&self, line: u32) -> Result<u32, LineEdit> {
        let mut to = line;
        for edit in &self.edits {
            if edit.old.contains(&line) {
                return Err(edit.clone());
            }
            if edit.old.start > line {
                break;
            }
            // What lies behind an edit moves by what it added and removed.
            to = (line + edit.new.end).saturating_sub(edit.old.end);
        }
        Ok(to)
    }

    /// The line that took the place of a line the rules object to, if they object to it as well. Lines with the
    /// same text find each other first, of the rest each has its successor in order. A function that is still
    /// there has not become another one.
    fn successor(&mut self, finding: &Finding, line: u32, edit: &LineEdit) -> Option<Lines> {
        let mut news: Vec<Lines> = self.new.broken(finding);
        news.retain(|(first, _)| edit.new.contains(first));
        let mut left = Vec::new();
        for (old, _) in self.old.broken(finding) {
            if !edit.old.contains(&old) {
                continue;
            }
            let text = squeeze(self.old.line(old));
            match news.iter().position(|(new, _)| squeeze(self.new.line(*new)) == text) {
                Some(at) => {
                    let found = news.remove(at);
                    if old == line {
                        return Some(found);
                    }
                }
                None => left.push(old),
            }
        }
        let found = *news.get(left.iter().position(|old| *old == line)?)?;
        let (was, is) = (self.old.symbol(line), self.new.symbol(found.0));
        let another = was != is && was.is_some_and(|was| self.new.has_symbol(&was));
        (!another).then_some(found)
    }

    /// The line with the same text among those that took its place.
    fn same(&self, finding: &Finding, line: u32, edit: &LineEdit) -> Option<Lines> {
        let said = Said::of(finding);
        let near = edit.new.start + (line - edit.old.start);
        let same = edit.new.clone().filter(|new| said.is(self.new.line(*new)));
        same.min_by_key(|new| new.abs_diff(near)).map(|new| (new, new))
    }
}

/// The rules can say nothing of it: its text is all there is to go by.
fn by_text(finding: &Finding) -> bool {
    finding.source == Source::Model || !rules().iter().any(|rule| rule.id == finding.rule)
}

/// What a rule objects to.
struct Broken {
    rule: &'static str,
    lines: Lines,
}

/// A text with its lines.
pub(super) struct Version {
    path: String,
    text: String,
    lines: Vec<String>,
    /// What the rules object to, in tests and elsewhere.
    checked: HashMap<bool, Vec<Broken>>,
}

impl Version {
    pub(super) fn new(path: &str, text: String) -> Self {
        let lines = text.lines().map(str::to_owned).collect();
        Self { path: path.to_owned(), text, lines, checked: HashMap::new() }
    }

    /// The line nearest to the finding's own that has its problem, in a file that it was not followed to.
    pub(super) fn find(&mut self, finding: &Finding) -> Option<Lines> {
        let said = Said::of(finding);
        let (broken, by_text) = (self.broken(finding), by_text(finding));
        let numbered = (1..).zip(&self.lines).filter(|(_, text)| said.is(text));
        let found = numbered.filter_map(|(line, _)| match broken.iter().find(|(first, _)| *first == line) {
            Some(lines) => Some(*lines),
            None => by_text.then_some((line, line)),
        });
        found.min_by_key(|(line, _)| line.abs_diff(finding.line))
    }

    /// Name of the function around a line.
    pub(super) fn symbol(&self, line: u32) -> Option<String> {
        enclosing(self.language()?, &self.text, line).map(|around| around.symbol)
    }

    fn has_symbol(&self, name: &str) -> bool {
        self.language().is_some_and(|language| symbols(language, &self.text).iter().any(|s| s.name == name))
    }

    fn language(&self) -> Option<Language> {
        Language::of(&self.path, self.lines.first().map_or("", String::as_str))
    }

    /// Text of a line, empty past the end.
    fn line(&self, number: u32) -> &str {
        (number as usize).checked_sub(1).and_then(|at| self.lines.get(at)).map_or("", String::as_str)
    }

    /// The lines to which the rule of this finding objects. A file that became a test is judged as what it was:
    /// moving code does not mend it.
    fn broken(&mut self, finding: &Finding) -> Vec<Lines> {
        if finding.source == Source::Model {
            return Vec::new();
        }
        let language = self.language();
        let (text, last) = (&self.text, self.lines.len() as u32);
        let all = self.checked.entry(is_test_path(&finding.path)).or_insert_with(|| {
            check(&SourceFile { path: &finding.path, language, text }, &[(1, last)])
                .into_iter()
                .map(|found| Broken { rule: &found.rule.id, lines: (found.line, found.end_line) })
                .collect()
        });
        all.iter().filter(|broken| broken.rule == finding.rule).map(|broken| broken.lines).collect()
    }
}

#[cfg(test)]
mod tests {
    use internflow_domain::{Category, Severity};

    use super::*;

    fn finding(line: u32, source: Source, quote: &str) -> Finding {
        Finding {
            commit: String::new(),
            path: "a.py".into(),
            line,
            end_line: line,
            severity: Severity::Major,
            category: Category::Correctness,
            source,
            rule: if source == Source::Rule { "python/mutable-default" } else { "model/correctness" }.into(),
            message: String::new(),
            why: String::new(),
            quote: quote.into(),
            fix: None,
            confidence: 0.9,
        }
    }

    /// The first `old` lines from `from` on became `new` lines.
    fn step(old: &str, new: &str, edits: &[(std::ops::Range<u32>, std::ops::Range<u32>)]) -> Step {
        let edits = edits.iter().map(|(old, new)| LineEdit { old: old.clone(), new: new.clone() }).collect();
        Step::new("a.py", "a.py", LineChange { old_text: old.into(), new_text: new.into(), edits })
    }

    fn line(went: Went) -> Option<u32> {
        match went {
            Went::To((line, _)) => Some(line),
            Went::Gone(_) => None,
        }
    }

    #[test]
    fn lines_move_by_what_was_added_and_removed_above() {
        let step = step("", "", &[(2..2, 2..5), (10..14, 13..13)]);
        let to = |line| step.kept(line).ok();
        assert_eq!(to(1), Some(1));
        assert_eq!(to(2), Some(5), "three lines were put before it");
        assert_eq!(to(9), Some(12));
        assert_eq!((to(10), to(13)), (None, None), "these are gone");
        assert_eq!(to(14), Some(13));
    }

    #[test]
    fn a_line_that_is_written_anew_and_still_wrong_is_not_fixed() {
        let old = "def f(a=[]):\n    return a\n";
        let mut still = step(old, "def f(a=[], b=1):\n    return a\n", &[(1..2, 1..2)]);
        let found = || finding(1, Source::Rule, "def f(a=[]):");
        assert_eq!(line(still.follow(&found(), (1, 1))), Some(1));
        let mut fixed = step(old, "def f(a=None):\n    return a\n", &[(1..2, 1..2)]);
        assert_eq!(line(fixed.follow(&found(), (1, 1))), None);
        let both = "def f(a=None):\n    return a\n\n\ndef g(b=[]):\n    return b\n";
        let mut another = step(old, both, &[(1..3, 1..7)]);
        assert_eq!(line(another.follow(&found(), (1, 1))), None, "f is mended, g is another problem");
    }

    #[test]
    fn what_the_model_found_is_there_as_long_as_its_line() {
        let old = "total = 0\nfor i in range(n - 1):\n    total += i\n";
        let found = finding(2, Source::Model, "for i in range(n - 1):");
        let new = "total = 0\nfor i in  range(n - 1):\n    total += i\n";
        assert_eq!(line(step(old, new, &[(2..3, 2..3)]).follow(&found, (2, 2))), Some(2), "only white space");
        let new = "total = 0\nfor i in range(n):\n    total += i\n";
        let mut step = step(old, new, &[(2..3, 2..3)]);
        assert_eq!(line(step.follow(&found, (2, 2))), None);
    }

    #[test]
    fn a_problem_that_comes_back_is_the_old_one() {
        let new = "def f(a=[]):\n    return a\n";
        let mut back = step("def f(a=None):\n    return a\n", new, &[(1..2, 1..2)]);
        let found = finding(1, Source::Rule, "def f(a=[]):");
        let free = |_: u32| false;
        assert_eq!(line(back.returned(&found, (1, 1), Some("f"), &free)), Some(1));
        assert_eq!(
            line(back.returned(&found, (1, 1), Some("g"), &free)),
            None,
            "a short line, and not in its function"
        );
        assert_eq!(
            line(back.returned(&found, (1, 1), Some("f"), &|_| true)),
            None,
            "it is another one's return"
        );
    }
}
