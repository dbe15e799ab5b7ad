//! Functions that take other arguments than before, and calls elsewhere in the repository that still give the old
//! ones. What a commit does not show is what its author forgets.
//!
//! Names are all there is to go by, so this says nothing where a name could mean something else: it must stand for one
//! function in the whole repository, and a method's name must be of two words, which no library shares by chance.

use std::path::Path;

use anyhow::Result;
use internflow_code::{Call, Language, Takes, calls, narrowed, skip_reason, split_words, takes};
use internflow_domain::{Category, Finding, Severity, Source};
use internflow_git::Repo;

use super::Reviewed;

const RULE: &str = "cross-file/changed-signature";
/// Files that are read for callers; a repository with more in these languages is not looked through.
const MOST_FILES: usize = 5_000;
/// Calls that are named; the others are counted.
const MOST_NAMED: usize = 3;

/// A function that refuses now what it took before.
struct Changed {
    path: String,
    language: Language,
    /// Added line of its head.
    line: u32,
    quote: String,
    old: Takes,
    new: Takes,
}

/// A file of the repository as the commit leaves it.
struct SourceText {
    path: String,
    language: Language,
    text: String,
}

/// A finding for each function whose callers were left behind. Blocking.
pub(super) fn findings(repository: &Path, sha: &str, reviewed: &[Reviewed]) -> Result<Vec<Finding>> {
    let changed: Vec<Changed> = reviewed.iter().flat_map(changed).collect();
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let Some(files) = sources(repository, sha, &changed)? else { return Ok(Vec::new()) };
    Ok(changed.iter().filter_map(|one| finding(sha, one, &files)).collect())
}

fn changed(file: &Reviewed) -> Vec<Changed> {
    let (Some(language), Some(old)) = (file.language, file.file.old_text.as_deref()) else {
        return Vec::new();
    };
    let lines: Vec<&str> = file.text().lines().collect();
    let is_added = |line: &u32| file.added.iter().any(|&(first, last)| (first..=last).contains(line));
    narrowed(language, old, file.text())
        .into_iter()
        .filter(|(_, new)| !new.method || split_words(&new.name).split_whitespace().count() > 1)
        .filter_map(|(old, new)| {
            let line = (new.lines.0..=new.lines.1).find(is_added)?;
            let quote = lines.get(line as usize - 1)?.trim().to_owned();
            Some(Changed { path: file.path().to_owned(), language, line, quote, old, new })
        })
        .collect()
}

/// The files that mention one of the names; `None` when the repository is too large to look through.
fn sources(repository: &Path, sha: &str, changed: &[Changed]) -> Result<Option<Vec<SourceText>>> {
    let repo = Repo::open(repository)?;
    let (mut files, mut read) = (Vec::new(), 0);
    for file in repo.files(sha)? {
        let Some(language) = Language::of(&file.path, "") else { continue };
        let wanted: Vec<&Changed> = changed.iter().filter(|one| speaks(one.language, language)).collect();
        if wanted.is_empty() {
            continue;
        }
        read += 1;
        if read > MOST_FILES {
            return Ok(None);
        }
        let Some(bytes) = repo.blob(&file.blob)? else { continue };
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let mentions = wanted.iter().any(|one| text.contains(&one.new.name));
        if mentions && skip_reason(&file.path, Some(&text), text.len()).is_none() {
            files.push(SourceText { path: file.path, language, text });
        }
    }
    Ok(Some(files))
}

/// Whether code of one language calls functions of the other.
fn speaks(a: Language, b: Language) -> bool {
    use Language::{JavaScript, Tsx, TypeScript};
    let script = |language| matches!(language, JavaScript | TypeScript | Tsx);
    a == b || script(a) && script(b)
}

fn finding(sha: &str, changed: &Changed, files: &[SourceText]) -> Option<Finding> {
    let Changed { path, language, line, quote, old, new } = changed;
    let of_language = || files.iter().filter(|file| speaks(*language, file.language));
    let defined =
        of_language().flat_map(|file| takes(file.language, &file.text)).filter(|one| one.name == new.name);
    if defined.count() != 1 {
        return None;
    }
    let left_behind: Vec<(String, usize)> = of_language()
        .filter(|file| reaches(file, path))
        .flat_map(|file| {
            let all = calls(file.language, &file.text, &new.name).into_iter();
            all.filter(|call| is_of(call, new, path)).map(move |call| (file, call))
        })
        .filter(|(file, call)| old.fits(file.language, call.given) && !new.fits(file.language, call.given))
        .map(|(file, call)| (format!("`{}:{}`", file.path, call.line), call.given))
        .collect();
    let (_, given) = left_behind.first()?;
    let places: Vec<&str> = left_behind.iter().take(MOST_NAMED).map(|(place, _)| place.as_str()).collect();
    let more = match left_behind.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let still = if left_behind.len() == 1 { "a call still gives" } else { "calls still give" };
    Some(Finding {
        commit: sha.to_owned(),
        path: path.clone(),
        line: *line,
        end_line: *line,
        severity: Severity::Major,
        category: Category::Correctness,
        source: Source::Rule,
        rule: RULE.to_owned(),
        message: format!(
            "`{}` takes {} now, but {still} {given}: {}{more}.",
            new.name,
            in_words(new),
            places.join(", ")
        ),
        why: "A function and its calls belong together: whoever changes what it takes changes all who call it in the \
              same commit. Where the language checks before it runs, the build breaks; in Python and JavaScript \
              nobody notices until that line runs, in JavaScript not even then, because what is missing is \
              `undefined`. Search the repository for the name, or give the new argument a default."
            .to_owned(),
        quote: internflow_code::mask_secrets(quote),
        fix: None,
        confidence: 0.85,
    })
}

fn in_words(takes: &Takes) -> String {
    let arguments = |n: usize| if n == 1 { "1 argument".to_owned() } else { format!("{n} arguments") };
    match takes.most {
        None => format!("at least {}", arguments(takes.least)),
        Some(most) if most == takes.least => arguments(most),
        Some(most) => format!("{} to {}", takes.least, arguments(most)),
    }
}

/// The file is the function's own, lies beside it, or mentions it as it would to import it.
fn reaches(file: &SourceText, path: &str) -> bool {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    file.path == path
        || folder(&file.path) == folder(path)
        || modules(path).any(|module| file.text.contains(module))
}

/// Names under which a file is imported: its own without its ending, or its folder's.
fn modules(path: &str) -> impl Iterator<Item = &str> {
    let mut parts = path.rsplit('/');
    let stem = parts.next().map(|name| name.split('.').next().unwrap_or(name));
    let folder = parts.next();
    [stem.filter(|stem| !matches!(*stem, "index" | "mod" | "lib" | "main" | "__init__")), folder]
        .into_iter()
        .flatten()
}

/// A method is called on something; a function by its name alone or on its module.
fn is_of(call: &Call, takes: &Takes, path: &str) -> bool {
    match &call.on {
        None => !takes.method,
        Some(_) if takes.method => true,
        Some(on) => {
            let last = on.rsplit(['.', ':']).next().unwrap_or(on);
            modules(path).any(|module| module == last)
        }
    }
}
