//! What the bullets of a repository are about: for each its facts, its proof, and its sentence, in which only a few words
//! on what the work is may come from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use internflow_code::{is_test_path, mask_secrets};
use internflow_domain::{Commit, Fact, Tone};
use internflow_store::achievement::ProvenSkill;

use super::{Authored, Manner, Surviving, and};
use crate::counted;
use crate::ledger::told;

/// Areas that get a bullet of their own.
const MAX_AREAS: usize = 3;
/// An area below this many surviving lines is not an achievement.
const MIN_AREA_LINES: u32 = 30;
/// Nor is the whole below so many.
const MIN_LINES: u32 = 5;
/// What the model hears at most of a kind: it reads slowly on two cores.
const MOST_NAMES: usize = 12;
const MOST_SUBJECTS: usize = 8;
const MOST_COMMENTS: usize = 2;
/// Characters of a README's first paragraph and of a comment, and of a title or a name: longer ones are texts.
const LONGEST: usize = 300;
const LONGEST_TITLE: usize = 90;
const LONGEST_NAME: usize = 60;
/// What one bullet will be about: its facts, its proof, and its sentence.
#[derive(Debug, Clone)]
pub(crate) struct Topic {
    /// Stable name, so that a rebuilt bullet replaces its older self.
    pub(crate) slot: String,
    pub(crate) facts: Vec<Fact>,
    /// What the repository says about this work: words for the model, proof of nothing. Empty where none may leave.
    pub(crate) told: Vec<String>,
    /// Newest first.
    pub(crate) commits: Vec<String>,
    pub(crate) frame: Frame,
    /// Verbs that the bullet may begin with.
    pub(crate) verbs: &'static [&'static str],
}

/// A sentence with a place in it for a few words on what the work is. All the rest was counted.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The sentence without such words.
    pub(crate) plain: String,
    /// What stands before them and behind them.
    pub(crate) around: [String; 2],
    /// They say what the whole project is, which is "a" something; a part of it may be "the" something.
    pub(crate) whole: bool,
}

impl Frame {
    /// The sentence without such words, and what stands before them and behind them.
    pub(crate) fn new(plain: String, before: String, after: String) -> Self {
        Self { plain: plain + ".", around: [before, after + "."], whole: false }
    }

    /// The sentence with these words in their place.
    pub(crate) fn with(&self, words: &str) -> String {
        format!("{}{words}{}", self.around[0], self.around[1])
    }
}

/// Everything that is known of the user's part in a repository.
pub(crate) struct Work<'w> {
    pub(super) name: &'w str,
    pub(super) mine: &'w [&'w Commit],
    pub(super) surviving: &'w Surviving,
    pub(super) skills: &'w [ProvenSkill],
    pub(crate) manner: Manner,
}

impl Work<'_> {
    /// What the program is, in what languages and with what.
    pub(super) fn overview(&self) -> Option<Topic> {
        let Self { surviving, manner, .. } = self;
        let lines: u32 = surviving.code().map(|file| file.mine).sum();
        if lines < MIN_LINES {
            return None;
        }
        let languages: Vec<&ProvenSkill> = self.skills_of("language").collect();
        let shown = &languages[..languages.len().min(3)];
        let frameworks: Vec<&ProvenSkill> = self.skills_of("framework").take(2).collect();
        let all = surviving.all_lines(|_| true);
        let partly = is_part(lines, all);
        let commits = counted(self.mine.len(), "commit");
        let mut facts = self.lines_and_commits(lines, all, &commits, "git log, without merges");
        let named = manner.project(self.name);
        facts.extend(
            named.map(|name| Fact {
                text: format!("project {name}"),
                method: "name of the repository".into(),
            }),
        );
        let languages = and(&shown.iter().map(|skill| skill.name.as_str()).collect::<Vec<_>>());
        if !shown.is_empty() {
            facts.push(Fact { text: format!("written in {languages}"), method: surviving.method.clone() });
        }
        facts.extend(
            frameworks
                .iter()
                .map(|skill| Fact { text: format!("uses {}", skill.name), method: skill.method.clone() }),
        );
        // The number is of all of them.
        let code = match shown {
            [] => "code".to_owned(),
            _ if shown.iter().map(|skill| skill.uses).sum::<u32>() < lines => {
                let shown = shown.iter().map(|skill| skill.name.as_str());
                and(&shown.chain(["other languages"]).collect::<Vec<_>>())
            }
            _ => languages,
        };
        let with = |word: &str| match &frameworks[..] {
            [] => String::new(),
            some => {
                format!("{word}{}", and(&some.iter().map(|skill| skill.name.as_str()).collect::<Vec<_>>()))
            }
        };
        let wrote = format!("{lines} lines of {code}");
        let (before, after) = match (partly, manner.tone) {
            (false, Tone::Technical) if !shown.is_empty() => (
                "Developed ".to_owned(),
                format!(" in {code}{}: {lines} lines of code over {commits}", with(" with ")),
            ),
            (false, Tone::Plain | Tone::Technical) => {
                ("Developed ".to_owned(), format!(" in {commits} and {wrote}{}", with(", built on ")))
            }
            (false, Tone::Impact) => {
                (format!("Wrote the {wrote} behind "), format!(" in {commits}{}", with(", using ")))
            }
            (true, Tone::Plain) => {
                (format!("Contributed {wrote} to "), format!(" in {commits}{}", with(", using ")))
            }
            (true, Tone::Technical) => {
                (format!("Contributed {wrote}{} to ", with(" with ")), format!(" over {commits}"))
            }
            (true, Tone::Impact) => (
                format!("Contributed {wrote}, all of them there today, to "),
                format!(" in {commits}{}", with(", using ")),
            ),
        };
        let name = named.unwrap_or(if manner.safe { "a private project" } else { "a project" });
        let plain = format!("{before}{name}{after}");
        // "Developed shop, a till for hostels, in 9 commits"; without its name "Developed a till for hostels in 9 commits".
        let (before, after) = match named {
            Some(name) => (format!("{before}{name}, "), format!(",{after}")),
            None => (before, after),
        };
        let names: Vec<&str> =
            surviving.code().flat_map(|file| file.symbols.iter().take(2)).map(String::as_str).collect();
        Some(Topic {
            slot: "overview".into(),
            facts,
            told: self.told(surviving.readme.as_deref(), &[], &names, |_| true),
            commits: self.newest(|_| true),
            frame: Frame { whole: true, ..Frame::new(plain, before, after) },
            verbs: if partly { &["Contributed", "Added"] } else { &["Developed", "Created", "Wrote"] },
        })
    }

    /// The largest modules.
    pub(super) fn areas(&self) -> Vec<Topic> {
        const VERBS: [&[&str]; MAX_AREAS] =
            [&["Built", "Implemented"], &["Designed", "Programmed"], &["Created", "Wrote"]];
        let mut by_area: BTreeMap<String, Vec<&Authored>> = BTreeMap::new();
        for file in self.surviving.code().filter(|file| !is_test_path(&file.path)) {
            by_area.entry(area(&file.path)).or_default().push(file);
        }
        let lines = |files: &[&Authored]| files.iter().map(|file| file.mine).sum::<u32>();
        let mut areas: Vec<_> =
            by_area.into_iter().filter(|(_, files)| lines(files) >= MIN_AREA_LINES).collect();
        areas.sort_by_key(|(_, files)| std::cmp::Reverse(lines(files)));
        let topic = |((area, files), verbs): ((String, Vec<&Authored>), _)| self.area(&area, files, verbs);
        areas.into_iter().take(MAX_AREAS).zip(VERBS).map(topic).collect()
    }

    fn area(&self, area: &str, mut files: Vec<&Authored>, verbs: &'static [&'static str]) -> Topic {
        let Self { surviving, manner, .. } = self;
        files.sort_by_key(|file| std::cmp::Reverse(file.mine));
        let lines: u32 = files.iter().map(|file| file.mine).sum();
        let all = surviving.all_lines(|path| !is_test_path(path) && self::area(path) == area);
        let partly = is_part(lines, all);
        let shas: BTreeSet<&String> = files.iter().flat_map(|file| &file.commits).collect();
        let commits = counted(shas.len(), "commit");
        let mut facts = self.lines_and_commits(lines, all, &commits, "commits whose lines survive there");
        let named = manner.name(area);
        facts.extend(named.map(|area| Fact {
            text: format!("module {area}"),
            method: "folder or file of the repository".into(),
        }));
        let symbols = || files.iter().flat_map(|file| file.symbols.iter().take(6)).map(String::as_str);
        let mut names: Vec<&str> = Vec::new();
        for name in symbols().filter_map(|name| manner.name(name)).filter(|name| is_telling(name)) {
            if names.len() < 3 && !names.contains(&name) {
                names.push(name);
            }
        }
        let mut including = String::new();
        if !names.is_empty() {
            facts.push(Fact {
                text: format!("wrote {}", and(&names)),
                method: "definitions whose first line is yours".into(),
            });
            including = format!(", including {}", and(&names));
        }
        let wrote = format!("{lines} lines of code");
        let verb = format!("{} ", verbs[0]);
        let (before, after) = match (partly, manner.tone) {
            (false, Tone::Plain) => (verb, format!(": {wrote} over {commits}{including}")),
            (false, Tone::Technical) => (verb, format!("{including}: {wrote} over {commits}")),
            (false, Tone::Impact) => (verb, format!(": {wrote} that are there today, from {commits}")),
            (true, Tone::Plain) => {
                (format!("Contributed {wrote} to "), format!(" over {commits}{including}"))
            }
            (true, Tone::Technical) => (format!("Contributed {wrote} over {commits} to "), including),
            (true, Tone::Impact) => {
                (format!("Contributed {wrote} that are there today to "), format!(" over {commits}"))
            }
        };
        let module = named.map_or("one module".to_owned(), |area| format!("the {area} module"));
        let plain = format!("{before}{module}{after}");
        // What a comment says of a file is said of its author's work.
        let own = files.iter().filter(|file| file.mine * 2 >= surviving.lines(&file.path));
        let comments: Vec<&str> = own.filter_map(|file| file.opening.as_deref()).collect();
        Topic {
            slot: format!("area:{area}"),
            facts,
            told: self
                .told(None, &comments, &symbols().collect::<Vec<_>>(), |commit| shas.contains(&commit.sha)),
            commits: self.newest(|commit| shas.contains(&commit.sha)),
            // The words name a part of the module, and what was counted is all of it.
            frame: Frame::new(plain, format!("{before}{module} with "), after),
            verbs: if partly { &["Contributed", "Added"] } else { verbs },
        }
    }

    pub(super) fn tests(&self) -> Option<Topic> {
        let files: Vec<&Authored> =
            self.surviving.files.iter().filter(|file| !file.tests.is_empty()).collect();
        let names: Vec<&str> = files.iter().flat_map(|file| &file.tests).map(String::as_str).collect();
        if names.len() < 3 {
            return None;
        }
        let shas: BTreeSet<&String> = files.iter().flat_map(|file| &file.commits).collect();
        let (tests, in_files) = (format!("{} automated tests", names.len()), counted(files.len(), "file"));
        let mut facts = vec![
            Fact {
                text: tests.clone(),
                method: format!("test functions whose first line is yours, {}", self.surviving.method),
            },
            Fact { text: in_files.clone(), method: "files with such tests".into() },
        ];
        let tool = self.skills_of("testing").next();
        facts.extend(
            tool.map(|tool| Fact { text: format!("uses {}", tool.name), method: tool.method.clone() }),
        );
        let with = |word: &str| tool.map(|tool| format!("{word}{}", tool.name)).unwrap_or_default();
        let (before, after) = match self.manner.tone {
            Tone::Plain => ("Covered ", format!(" with {tests} in {in_files}{}", with(", written for "))),
            Tone::Technical => ("Tested ", format!("{}: {tests} in {in_files}", with(" with "))),
            Tone::Impact => {
                ("Covered ", format!(" with {tests} that are there today{}", with(", written for ")))
            }
        };
        let plain = format!("{before}the code{after}");
        Some(Topic {
            slot: "tests".into(),
            facts,
            told: self.told(None, &[], &spread(&names, MOST_NAMES), |commit| shas.contains(&commit.sha)),
            commits: self.newest(|commit| shas.contains(&commit.sha)),
            frame: Frame::new(plain.clone(), plain + ", some of them for ", String::new()),
            verbs: &["Covered", "Tested", "Verified"],
        })
    }

    pub(super) fn fixes(&self, fixed: &[told::Fixed]) -> Option<Topic> {
        let is_fix = |commit: &Commit| fixed.iter().any(|fixed| fixed.sha == commit.sha);
        let commits = self.newest(is_fix);
        if commits.len() < 2 {
            return None;
        }
        let (before, after) = (format!("Fixed {} bugs", commits.len()), ", each in a commit of its own");
        Some(Topic {
            slot: "fixes".into(),
            facts: vec![Fact {
                text: format!("{} bug fixes", commits.len()),
                method: "your commits whose message says that they fix the program, and which change it"
                    .into(),
            }],
            told: self.told(None, &[], &[], is_fix),
            commits,
            frame: Frame::new(format!("{before}{after}"), before + ", some of them in ", after.to_owned()),
            verbs: &["Fixed", "Resolved", "Corrected"],
        })
    }

    fn lines_and_commits(&self, lines: u32, all: u32, commits: &str, how: &str) -> Vec<Fact> {
        let method = &self.surviving.method;
        let mut facts = vec![
            Fact { text: format!("{lines} lines of code that are still there"), method: method.clone() },
            Fact { text: commits.to_owned(), method: how.to_owned() },
        ];
        if is_part(lines, all) {
            facts.push(Fact { text: format!("{all} lines of code in all"), method: "files at HEAD".into() });
        }
        facts
    }

    /// What the repository says, for the model. Nothing of a private one: titles of commits and comments are full of a
    /// product's own words.
    pub(crate) fn told(
        &self,
        readme: Option<&str>,
        comments: &[&str],
        names: &[&str],
        of: impl Fn(&Commit) -> bool,
    ) -> Vec<String> {
        if self.manner.safe {
            return Vec::new();
        }
        let cut = |text: &str, longest: usize| -> String {
            let line = mask_secrets(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            line.chars().take(longest).collect()
        };
        let mut told: Vec<String> =
            readme.map(|text| format!("README: {}", cut(text, LONGEST))).into_iter().collect();
        told.extend(
            comments.iter().take(MOST_COMMENTS).map(|text| format!("Comment: {}", cut(text, LONGEST))),
        );
        let names: Vec<String> = names.iter().take(MOST_NAMES).map(|name| cut(name, LONGEST_NAME)).collect();
        let subjects = self.mine.iter().filter(|commit| of(commit)).take(MOST_SUBJECTS);
        let subjects: Vec<String> = subjects.map(|commit| cut(&commit.subject, LONGEST_TITLE)).collect();
        for (what, list) in [("Names", names.join(", ")), ("Commits", subjects.join("; "))] {
            if !list.is_empty() {
                told.push(format!("{what}: {list}"));
            }
        }
        told
    }

    pub(crate) fn newest(&self, of: impl Fn(&Commit) -> bool) -> Vec<String> {
        self.mine.iter().filter(|commit| of(commit)).map(|commit| commit.sha.clone()).collect()
    }

    /// How lines were counted.
    pub(crate) fn method(&self) -> &str {
        &self.surviving.method
    }

    fn skills_of(&self, kind: &str) -> impl Iterator<Item = &ProvenSkill> {
        self.skills.iter().filter(move |skill| skill.kind == kind)
    }
}

/// A name that somebody chose for others: every program has a `main`, and what is private is called as it comes.
fn is_telling(name: &str) -> bool {
    const EVERYWHERE: [&str; 7] = ["main", "new", "init", "setup", "run", "app", "default"];
    let is_test = |part: &str| {
        let part = part.to_lowercase();
        ["test", "bench"].iter().any(|word| part.starts_with(word)) || part.ends_with("tests")
    };
    // `u8` and `f32`, for which something is implemented.
    let is_number =
        |part: &str| part.starts_with(['u', 'i', 'f']) && part[1..].bytes().all(|b| b.is_ascii_digit());
    let chosen = |part: &str| {
        let named = part.len() > 1 && part.starts_with(char::is_alphabetic) && !part.ends_with('_');
        named && !EVERYWHERE.contains(&part) && !is_test(part) && !is_number(part)
    };
    name.split(['.', ':']).filter(|part| !part.is_empty()).all(chosen)
}

/// Most of it is others' work.
fn is_part(mine: u32, all: u32) -> bool {
    mine * 2 < all
}

/// So many of them from all over the list.
fn spread<'n>(list: &[&'n str], most: usize) -> Vec<&'n str> {
    list.iter().step_by(list.len().div_ceil(most).max(1)).copied().collect()
}

/// `src/api/users.py` → `src/api`; a file at the top → its name without extension.
fn area(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folders, _)) => folders.split('/').take(3).collect::<Vec<_>>().join("/"),
        None => path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_owned(),
    }
}
