//! Whether a commit fixes something, by what its message says and by what it changes.
//!
//! Limits: English only; a message that lies is believed unless the files contradict it. A number in brackets at the
//! end of a subject is a pull request and no issue. What a fix was worth nobody reads from its message.

use std::sync::LazyLock;

use regex::Regex;

use super::is_update;
use super::sentence::sentences;
use crate::{Language, is_test_path, skip_reason};

/// Issues of one message; more are a changelog.
const MOST: usize = 20;
/// Bytes of a message that are looked through for issues.
const MOST_BYTES: usize = 20_000;
/// Names of tests that are given as a reason.
const MOST_TESTS: usize = 5;

/// How sure it is that something was broken and now works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    /// One sign alone.
    Perhaps,
    /// The message says so and names a fault or an issue, or a test came with it.
    Likely,
    /// The message says so, and a test that would show the fault again came in the same commit.
    Sure,
}

/// A sign that a commit fixes something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixSign {
    /// The subject says so, in this word: `Fix`.
    Says(String),
    /// The message names what went wrong: `race condition`.
    Fault(String),
    /// The message closes this issue: `#12`, `owner/name#12`, `SHOP-12`.
    Closes(String),
    /// This test is new in the same commit.
    Test(String),
}

/// A commit that fixes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub sureness: Sureness,
    /// In the order of [`FixSign`].
    pub why: Vec<FixSign>,
}

/// Whether a commit fixes something of the program. `paths` are the files that it changes, `tests` the names of those
/// that it adds, as [`crate::added`] gives them. None for what mends only documents, tests, settings or style, and
/// for merges, reverts and updates of dependencies.
pub fn fix(message: &str, paths: &[&str], tests: &[&str]) -> Option<Fix> {
    let subject = message.lines().map(str::trim).find(|line| !line.is_empty())?;
    if is_update(subject) || is_no_own_work(subject) || !paths.iter().any(|path| is_program(path)) {
        return None;
    }
    let says = said(subject);
    if says.as_ref().is_some_and(|(_, object)| is_trifle(object)) || is_trifle_by_scope(subject) {
        return None;
    }
    let fault = fault(message, subject, says.is_some());
    let issues = issues(message);
    let closes_as_fix = issues.iter().any(|(fixes, _)| *fixes);
    // Every request is closed by "fixes #12", also one for something new.
    let closes = closes_as_fix && !is_new_work(subject);
    if says.is_none() && !closes && fault.is_none() {
        return None;
    }
    let sureness = match (says.is_some(), fault.is_some() || !issues.is_empty(), tests) {
        (true, _, [_, ..]) => Sureness::Sure,
        (true, true, []) | (false, _, [_, ..]) => Sureness::Likely,
        (true, false, []) | (false, _, []) => Sureness::Perhaps,
    };
    let mut why: Vec<FixSign> = says.into_iter().map(|(word, _)| FixSign::Says(word)).collect();
    why.extend(fault.map(FixSign::Fault));
    why.extend(issues.into_iter().map(|(_, issue)| FixSign::Closes(issue)));
    why.extend(tests.iter().take(MOST_TESTS).map(|test| FixSign::Test((*test).to_owned())));
    Some(Fix { sureness, why })
}

/// Code that runs, and no test.
fn is_program(path: &str) -> bool {
    let is_code = Language::of(path, "").is_some_and(|language| !language.is_data());
    is_code && !is_test_path(path) && skip_reason(path, Some(""), 0).is_none() && !is_beside(path)
}

/// Set up for those who build it, or written for those who read it.
fn is_beside(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, ".github" | ".circleci" | "docs" | "doc" | "examples"))
}

fn is_no_own_work(subject: &str) -> bool {
    let lower = subject.to_ascii_lowercase();
    ["merge ", "revert", "fixup!", "squash!", "amend!", "release ", "reapply"]
        .iter()
        .any(|start| lower.starts_with(start))
}

/// The subject says that something is built, renamed, described or taken away.
fn is_new_work(subject: &str) -> bool {
    const VERBS: &str = "add adds added allow allows clarify clarifies create creates document documents enable enables \
        expose exposes extend extends implement implements implemented improve improves improved init initial introduce \
        introduces make move moves new provide provides refactor refactors remove removes removed rename renames \
        rewrite simplify support supports upgrade upgrades update updates use uses";
    let words: Vec<String> = subject.split_whitespace().take(2).map(str::to_lowercase).collect();
    let first = match words.first().map(String::as_str) {
        Some(scope) if scope.ends_with(':') => words.get(1),
        _ => words.first(),
    };
    first.is_some_and(|word| is_among(VERBS, word.trim_end_matches([':', ','])))
}

/// The word of a subject that says so, and what it says is mended.
fn said(subject: &str) -> Option<(String, String)> {
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)^(?:\[[^\]]*\]\s*|[A-Z][A-Z0-9]+-[0-9]+:?\s+)? (?:
                (?P<kind>(?:hot|bug)?fix)(?:\([^)]*\))?!?:\s
              | (?:[a-z]+(?:\([^)]*\))?!?:\s)? (?P<verb>(?:bug|hot)?fix(?:es|ed|ing)?|repair(?:s|ed)?|correct(?:s|ed)?)[:,]?\s
              | .*?\s(?:and|;|,)\s(?:fix|fixes)\s
            )",
        )
    });
    // `Fixed-size` and `fixed point` are no verbs.
    static NO_VERB: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^fixed[- ](?:size[ds]?|width|point|length|rate|window|array|capacity|price|version|position)\b",
        )
    });
    let found = SAYS.captures(subject)?;
    let whole = found.get(0)?;
    let word = found.name("kind").or(found.name("verb")).map_or("fix", |word| word.as_str());
    let object = subject[whole.end()..].trim().to_lowercase();
    (!NO_VERB.is_match(subject)).then(|| (word.to_owned(), object))
}

/// What is mended is no behaviour of the program: one of these words with nothing but a place behind it, or words
/// about documents anywhere.
fn is_trifle(object: &str) -> bool {
    let words: Vec<&str> = object.split_whitespace().collect();
    let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let place = |word: &&str| {
        let is_sign = !word.starts_with(|c: char| c.is_alphanumeric() || c == '`');
        is_sign || is_among(PLACES, &plain(word)) || word.starts_with("needless_")
    };
    let ends_at =
        |index: usize| words.get(index + 1).is_none_or(place) || words[index].ends_with([',', '.', ':', ';']);
    let first = words.iter().take(MOST_WORDS).take_while(|word| !is_among(PREPOSITIONS, &plain(word)));
    words.iter().any(|word| is_among(DOCUMENTS, &plain(word)))
        || first.enumerate().any(|(index, word)| is_among(TRIFLES, &plain(word)) && ends_at(index))
}

fn is_among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|own| own == word)
}

/// Words of a subject among which the thing that is mended stands.
const MOST_WORDS: usize = 5;
const DOCUMENTS: &str = "doc docs docstring docstrings documentation documented readme readme.md changelog";
const TRIFLES: &str = "typo typos spelling grammar wording comment comments link links lint lints linter linting clippy \
    rustfmt fmt prettier eslint flake8 mypy pyright format formatting indent indentation whitespace style naming order \
    warning warnings ci travis workflow workflows actions pipeline pipelines badge badges test tests spec specs typing \
    typings types hints annotations build publishing release version versions dependency dependencies merge example \
    examples license licence copyright sentence sentences heading headings todo todos findings metadata package.json \
    gitignore conflict conflicts nit nits";
/// What goes on behind a trifle without making it more.
const PLACES: &str = "and in for of on from with when error errors issue issues test failure failures job broken \
    failing findings lint warning warnings after";
const PREPOSITIONS: &str = "of in for when with on at to from by not that so if after before where which";

/// `docs: …`, `test: …`, `style(x): …`, and what else is written before a colon.
fn is_trifle_by_scope(subject: &str) -> bool {
    static SCOPE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:docs?|tests?|style|chore|ci|build|refactor|readme|feat|perf|deps|release)(?:\([^)]*\))?!?:",
        )
    });
    SCOPE.is_match(subject)
}

/// What a message says went wrong: in its subject, or in its own sentences where the subject says it is a fix.
fn fault(message: &str, subject: &str, says: bool) -> Option<String> {
    static FAULT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)\b(?:regressions?|crash(?:es|ed|ing)?|panics?|panicked|dead-?locks?|race(?:\sconditions?)?|data\sraces?
              |(?:memory\s|resource\s|connection\s|file\s(?:handle\s|descriptor\s)?)?leak(?:s|ed|ing)?
              |(?:stack\s|buffer\s|integer\s)overflows?|off[-\s]by[-\s]one|null\s?pointer\w*|npe|segfaults?
              |segmentation\sfaults?|use[-\s]after[-\s]free|double[-\s]free|infinite\s(?:loop|recursion)s?|hangs?
              |hanging|unhandled\s(?:rejection|exception)s?|sql\sinjection|xss|csrf|path\straversal
              |vulnerabilit(?:y|ies)|cve-\d+-\d+|data\sloss|corrupt(?:s|ed|ion)|bugs?|wrong(?:ly)?|incorrect(?:ly)?
              |broken|fail(?:s|ed|ing)\sto|undefined\sbehaviou?r|index\sout\sof\s(?:bounds|range)|division\sby\szero
              |stale|truncated|duplicated)\b",
        )
    });
    // Without the word for it, a subject has to say that the fault is kept away.
    static KEPT_AWAY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)^(?:[a-z]+(?:\([^)]*\))?!?:\s)?
            (?:avoid|prevent|stop|handle|guard|protect|eliminate|do\snot|don't|no\slonger|never)\w*\b",
        )
    });
    let find = |text: &str| FAULT.find(text).map(|found| found.as_str().to_owned());
    if says {
        return find(subject).or_else(|| sentences(message).iter().find_map(|sentence| find(&sentence.text)));
    }
    if KEPT_AWAY.is_match(subject) { find(subject) } else { None }
}

/// The issues that a message closes, and whether it says that it fixes them.
fn issues(message: &str) -> Vec<(bool, String)> {
    static CLOSES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)\b(?P<word>fix(?:e[sd])?|close[sd]?|resolve[sd]?)\b:?\s+(?:issue\s+|bug\s+)?
            (?P<issue>(?:[a-z0-9_.-]+/[a-z0-9_.-]+)?\#[0-9]{1,9}\b|https?://[a-z0-9_./-]+/issues/[0-9]{1,9}\b)",
        )
    });
    // A key of Jira is written in capitals.
    static KEY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:(?i:fix(?:e[sd])?|close[sd]?|resolve[sd]?)\b:?\s+|^\[?)(?P<issue>[A-Z][A-Z0-9]{1,9}-[0-9]{1,7})\b")
            .expect("the pattern is part of the program and is compiled by the tests")
    });
    const NO_KEYS: [&str; 8] = ["UTF-", "ISO-", "SHA-", "CVE-", "RFC-", "AES-", "MD-", "IPV-"];
    let message = &message[..message.floor_char_boundary(MOST_BYTES)];
    let mut found: Vec<(bool, String)> = Vec::new();
    let closing = CLOSES.captures_iter(message).filter_map(|one| {
        let fixes = one["word"].to_ascii_lowercase().starts_with("fix");
        Some((fixes, one.name("issue")?.as_str().to_owned()))
    });
    let keys =
        KEY.captures_iter(message).filter_map(|one| Some((false, one.name("issue")?.as_str().to_owned())));
    let keys = keys.filter(|(_, key)| !NO_KEYS.iter().any(|no| key.starts_with(no)));
    for one in closing.chain(keys) {
        if found.len() < MOST && !found.iter().any(|(_, known)| *known == one.1) {
            found.push(one);
        }
    }
    found
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(&format!("(?i){pattern}"))
        .expect("the pattern is part of the program and is compiled by the tests")
}

#[cfg(test)]
mod tests;
