//! The user's own rules for a repository. They are kept in the app and made in it alone: nothing that a repository
//! says is ever read as one.
//!
//! A rule is a sentence and a text that no added line may hold. A sentence alone is refused: nothing here could check
//! it, and what is listed as checked must be.

use anyhow::Result;
use internflow_code::{Language, mask_secrets};
use internflow_domain::{ApiError, Category, Finding, Forbidden, OwnRule, Severity, Source};
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use ts_rs::TS;

use super::post::refused;
use super::{Reviewed, Run};
use crate::repositories::{self, OfRepository};
use crate::{Core, blocking};

/// Rules of one repository: each costs every review.
const MOST: usize = 50;
/// Characters of a sentence, and of what is forbidden.
const LONGEST: usize = 300;
/// Findings of one rule in one file: what is everywhere need not be said everywhere.
const MOST_FOUND: usize = 20;
/// Bytes of a line that are looked at: longer ones nobody has written by hand.
const MAX_LINE: usize = 10_000;
/// Bytes of a line that are quoted.
const MAX_QUOTE: usize = 400;
/// Bytes that a compiled expression may take.
const MAX_COMPILED: usize = 1 << 20;

#[derive(Debug, Deserialize, TS)]
pub struct SetOwnRule {
    /// Null for a new one.
    #[ts(type = "number | null")]
    pub id: Option<i64>,
    #[ts(type = "number")]
    pub repository_id: i64,
    pub sentence: String,
    /// Folder, file or pattern with `*` and `**`; empty for the whole repository.
    pub place: String,
    /// Names or file extensions; empty for all.
    pub languages: Vec<String>,
    pub forbids: Forbidden,
}

#[derive(Debug, Deserialize, TS)]
pub struct DeleteOwnRule {
    #[ts(type = "number")]
    pub id: i64,
}

pub async fn get(core: &Core, args: OfRepository) -> Result<Vec<OwnRule>> {
    core.store.own_rules(args.repository_id).await
}

/// Makes or changes a rule. Findings of earlier reviews stay as they were.
pub async fn set(core: &Core, args: SetOwnRule) -> Result<OwnRule> {
    let repository = repositories::one(core, args.repository_id).await?;
    let mut rule = checked(args)?;
    if rule.id == 0 {
        if core.store.own_rules(repository.id).await?.len() >= MOST {
            return Err(refused(format!(
                "{MOST} rules are as many as a repository may have. Delete one first."
            )));
        }
        rule.id = core.store.add_own_rule(&rule).await?;
    } else if !core.store.set_own_rule(&rule).await? {
        return Err(ApiError::not_found("rule").into());
    }
    core.announce(topic(repository.id));
    Ok(rule)
}

/// Deletes a rule. What it has found stays until the commit is reviewed again.
pub async fn delete(core: &Core, args: DeleteOwnRule) -> Result<()> {
    let Some(repository_id) = core.store.delete_own_rule(args.id).await? else {
        return Err(ApiError::not_found("rule").into());
    };
    core.announce(topic(repository_id));
    Ok(())
}

/// Adds what the user's own rules find to the review.
pub(super) async fn check(run: &mut Run<'_>, reviewed: &[Reviewed]) -> Result<()> {
    let rules = run.core.store.own_rules(run.repository.id).await?;
    for rule in rules {
        let files = reviewed.iter().filter(|file| is_about(&rule, file.path(), file.language));
        let files: Vec<(String, Vec<(u32, String)>)> =
            files.map(|file| (file.path().to_owned(), added(file))).collect();
        // It was compiled when it was kept; another version of the app may see it otherwise.
        let Ok(pattern) = pattern(&rule.forbids) else {
            tracing::warn!(rule = rule.id, "a rule of the user can't be read and is not checked");
            continue;
        };
        let found = blocking(move || Ok(lines_with(&pattern, files))).await?;
        for (path, line, text) in found {
            let finding = finding(&rule, &run.sha, path, line, &text);
            run.add(finding).await?;
        }
    }
    Ok(())
}

fn topic(repository_id: i64) -> String {
    format!("own_rules:{repository_id}")
}

/// The rule as it is kept, or what is wrong with it. A new one has the id 0.
fn checked(args: SetOwnRule) -> Result<OwnRule> {
    let sentence = args.sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    if sentence.is_empty() {
        return Err(refused("Say the rule in a sentence: it is what a finding will say."));
    }
    let place = args.place.trim().trim_start_matches("./").replace('\\', "/");
    if place.starts_with('/') || place.split('/').any(|part| part == "..") {
        return Err(refused(format!(
            "`{place}` is no place in a repository. Write it as src/ or src/**/*.py."
        )));
    }
    let mut languages = Vec::new();
    for name in args.languages.iter().map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()) {
        let known = Language::parse(&name).or_else(|| Language::of(&format!("file.{name}"), ""));
        let Some(known) = known else {
            return Err(refused(format!(
                "`{name}` is no language that is known here. Try `python` or `py`."
            )));
        };
        if !languages.iter().any(|language| language == known.name()) {
            languages.push(known.name().to_owned());
        }
    }
    let forbids = args.forbids;
    if forbids.text.trim().is_empty() {
        return Err(refused("Say which text or call is forbidden: it is what reviews look for."));
    }
    pattern(&forbids)?;
    if [&sentence, &place, &forbids.text].iter().any(|text| text.chars().count() > LONGEST) {
        return Err(refused(format!("A rule has at most {LONGEST} characters. Say it shorter.")));
    }
    let id = args.id.unwrap_or(0);
    Ok(OwnRule { id, repository_id: args.repository_id, sentence, place, languages, forbids })
}

/// The expression that finds what is forbidden. A word that is written plainly is found as a word.
fn pattern(forbids: &Forbidden) -> Result<Regex> {
    let text = forbids.text.trim();
    let expression = if forbids.regex {
        text.to_owned()
    } else {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let edge = |is_word: bool| if is_word { r"\b" } else { "" };
        let (before, after) = (edge(is_word(text.chars().next())), edge(is_word(text.chars().next_back())));
        format!("{before}{}{after}", regex::escape(text))
    };
    let pattern = RegexBuilder::new(&expression).size_limit(MAX_COMPILED).build().map_err(|error| {
        let why = error.to_string();
        let why = why.lines().last().unwrap_or("").trim().trim_start_matches("error: ");
        refused(format!(
            "`{text}` is no regular expression ({why}). Mend it, or look for it as it is written."
        ))
    })?;
    if pattern.is_match("") {
        return Err(refused(format!(
            "`{text}` is in every line, also in empty ones. Say more exactly what is forbidden."
        )));
    }
    Ok(pattern)
}

fn is_about(rule: &OwnRule, path: &str, language: Option<Language>) -> bool {
    let of_language = rule.languages.is_empty()
        || language.is_some_and(|language| rule.languages.iter().any(|name| name == language.name()));
    of_language && is_at(&rule.place, path)
}

/// True for what is at `place`, in the folder `place`, or fits it as a pattern: `*` and `?` are within a name, `**`
/// is any number of folders.
fn is_at(place: &str, path: &str) -> bool {
    let place = place.trim_end_matches('/');
    if place.is_empty() {
        return true;
    }
    let mut expression = String::from("^");
    let mut rest = place;
    while let Some(c) = rest.chars().next() {
        let (part, end) = match c {
            '*' if rest.starts_with("**/") => ("(?:.*/)?".to_owned(), 3),
            '*' if rest.starts_with("**") => (".*".to_owned(), 2),
            '*' => ("[^/]*".to_owned(), 1),
            '?' => ("[^/]".to_owned(), 1),
            c => (regex::escape(&c.to_string()), c.len_utf8()),
        };
        expression.push_str(&part);
        rest = &rest[end..];
    }
    // A folder means all that is in it.
    expression.push_str("(?:/.*)?$");
    RegexBuilder::new(&expression)
        .size_limit(MAX_COMPILED)
        .build()
        .is_ok_and(|pattern| pattern.is_match(path))
}

/// The added lines of a file, with their numbers.
fn added(file: &Reviewed) -> Vec<(u32, String)> {
    let is_added = |number: u32| file.added.iter().any(|(start, end)| (*start..=*end).contains(&number));
    let lines = (1..).zip(file.text().lines()).filter(|(number, _)| is_added(*number));
    lines.map(|(number, text)| (number, text.to_owned())).collect()
}

/// Path, number and text of the lines with the pattern.
fn lines_with(pattern: &Regex, files: Vec<(String, Vec<(u32, String)>)>) -> Vec<(String, u32, String)> {
    let mut found = Vec::new();
    for (path, lines) in files {
        let hits = lines
            .into_iter()
            .filter(|(_, text)| pattern.is_match(&text[..text.floor_char_boundary(MAX_LINE)]));
        found.extend(hits.take(MOST_FOUND).map(|(line, text)| (path.clone(), line, text)));
    }
    found
}

fn finding(rule: &OwnRule, sha: &str, path: String, line: u32, text: &str) -> Finding {
    let forbidden = rule.forbids.text.trim();
    let masked = mask_secrets(text.trim());
    let end = if rule.sentence.ends_with(['.', '!', '?']) { "" } else { "." };
    let of = if rule.place.is_empty() { String::new() } else { format!(" for {}", rule.place) };
    Finding {
        commit: sha.to_owned(),
        path,
        line,
        end_line: line,
        severity: Severity::Minor,
        category: Category::Maintainability,
        source: Source::Rule,
        rule: format!("own/{}", rule.id),
        message: format!("{}{end}", rule.sentence),
        why: format!(
            "This is a rule of your own{of}, and `{}` is what it looks for. Change the line, or change the rule where \
             it is too strict.",
            forbidden.replace('`', "'")
        ),
        quote: masked[..masked.floor_char_boundary(MAX_QUOTE)].to_owned(),
        fix: None,
        confidence: 0.9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(place: &str, text: &str, regex: bool) -> Result<OwnRule> {
        checked(SetOwnRule {
            id: None,
            repository_id: 1,
            sentence: "  We never\nuse it ".into(),
            place: place.into(),
            languages: vec![" PY ".into(), "python".into(), String::new()],
            forbids: Forbidden { text: text.into(), regex },
        })
    }

    fn finds(text: &str, regex: bool, line: &str) -> bool {
        pattern(&Forbidden { text: text.into(), regex }).expect("it is one").is_match(line)
    }

    #[test]
    fn a_word_is_found_as_a_word_and_an_expression_as_one() {
        assert!(finds("print", false, "    print(x)") && finds(" print ", false, "print"));
        assert!(!finds("print", false, "printer.sprint()"), "another name");
        assert!(finds("print(", false, "print(x)") && !finds("print(", false, "sprint(x)"));
        assert!(
            finds("System.out", false, "System.out.println") && !finds("System.out", false, "SystemXout")
        );
        assert!(finds("==", false, "a==b") && finds("größe", false, "größe = 1"));
        assert!(finds(r"print|log\.debug", true, "log.debug(1)"));
    }

    #[test]
    fn places_are_folders_files_and_patterns() {
        for (place, path, is) in [
            ("", "a.py", true),
            ("src", "src/a/b.py", true),
            ("src/", "src/a.py", true),
            ("src", "srcs/a.py", false),
            ("src", "lib/src/a.py", false),
            ("src/a.py", "src/a.py", true),
            ("*.py", "a.py", true),
            ("*.py", "src/a.py", false),
            ("**/*.py", "a.py", true),
            ("**/*.py", "src/deep/a.py", true),
            ("src/**", "src/deep/a.py", true),
            ("src/*/a.py", "src/x/a.py", true),
            ("src/*/a.py", "src/x/y/a.py", false),
            ("src/?.py", "src/b.py", true),
            ("a+b(c", "a+b(c/x.py", true),
        ] {
            assert_eq!(is_at(place, path), is, "{place} and {path}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused_with_what_to_do() {
        let kept = rule(" ./src/ ", "print", false).expect("a rule");
        assert_eq!((kept.sentence.as_str(), kept.place.as_str()), ("We never use it", "src/"));
        assert_eq!(kept.languages, ["python"], "named twice");
        for (place, text, regex, says) in [
            ("", " ", false, "Say which text"),
            ("../x", "a", false, "no place"),
            ("/etc", "a", false, "no place"),
            ("", "(", true, "no regular expression"),
            ("", "a*", true, "every line"),
            ("", "(((a{99}){99}){99}){99}", true, "no regular expression"),
        ] {
            let error = rule(place, text, regex).expect_err(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
        assert!(rule("", &"a".repeat(400), false).expect_err("long").to_string().contains("shorter"));
    }

    #[test]
    fn a_finding_says_the_rule_and_no_secret() {
        let rule = rule("src", "print", false).expect("a rule");
        let token = format!("{}{}", "ghp_", "x7Qm2Vb9Lk4Tz8Rn1Wc5Yd3Hf6Js0PaGuEoB");
        let found = finding(&rule, "abc", "src/a.py".into(), 3, &format!("  print(\"{token}\")"));
        assert_eq!((found.message.as_str(), found.rule.as_str()), ("We never use it.", "own/0"));
        assert_eq!(found.quote, "print(\"****\")");
    }
}
