//! Puts together what was counted in files and commits.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use internflow_code::{Language, Package, ci_system, is_test_path};
use internflow_domain::{
    About, AnalysisReport, Commit, Entry, FileSizes, HotSpot, LanguageLines, LeftOut, Methods, Module,
    ModuleImport, Month, OwnPart, ProvenTechnology, TestCount, TestFile, Workflow,
};
use internflow_store::analysis::AnalysedFile;

use super::churn::{self, MOST_FILES};
use super::measure::{Facts, is_readme};
use super::modules::{self, Source};
use crate::authorship::Mine;
use crate::counted;

const MOST_HOT_SPOTS: usize = 10;
const MOST_ENTRIES: usize = 40;
const MOST_TEST_FILES: usize = 10;
const MOST_DESCRIPTIONS: usize = 6;

/// What the steps before counted.
pub(super) struct Counted {
    pub(super) sha: String,
    pub(super) made_at: i64,
    /// All files of the commit.
    pub(super) paths: Vec<String>,
    pub(super) files: Vec<AnalysedFile>,
    pub(super) months: Vec<Month>,
    /// Newest first.
    pub(super) changes: Vec<FileSizes>,
    pub(super) commits: Vec<Commit>,
    pub(super) mine: Mine,
    /// Files beyond the bound.
    pub(super) beyond: usize,
    /// Commits whose change can't be read.
    pub(super) uncounted: usize,
}

/// A file that was read, with its surviving lines.
struct Read {
    path: String,
    facts: Facts,
    language: Option<Language>,
    /// Lines whose author is known, and the user's among them.
    blamed: u32,
    mine: u32,
    is_blamed: bool,
}

pub(super) fn compose(counted: Counted) -> Result<AnalysisReport> {
    let Counted { sha, made_at, paths, files, months, changes, commits, mine, beyond, uncounted } = counted;
    let wrote: HashSet<&str> =
        commits.iter().filter(|commit| mine.wrote(commit)).map(|commit| commit.sha.as_str()).collect();
    let files = files.into_iter().map(|file| read(file, &wrote)).collect::<Result<Vec<Read>>>()?;
    let code: Vec<&Read> =
        files.iter().filter(|file| file.language.is_some() && file.facts.lines > 0).collect();
    let mut left_out = left_out(&files, &code, &changes, beyond, uncounted);
    let (modules, imports) = parts(&files, &code, &paths, &mut left_out);
    let entries = entries(&files, &mut left_out);
    let with_blame = code.iter().filter(|file| file.is_blamed).count();
    let by_blame = match code.len() - with_blame {
        0 => format!("git blame of {with_blame} source files"),
        left => format!("git blame of {with_blame} of {} source files ({left} left out)", with_blame + left),
    };
    let methods = Methods {
        languages: format!("lines of {} source files, blank ones left out; {by_blame}", code.len()),
        modules: "imports found by parsing, led to files of this repository".to_owned(),
        tests: "test functions found by parsing; workflow files by their paths".to_owned(),
        months: "git log by author date (UTC), without merges".to_owned(),
        hot_spots: format!(
            "commits that changed the file, of {} without merges, × branches in its syntax tree; tests left out",
            changes.len()
        ),
        mine: format!("{by_blame}, blank lines left out"),
    };
    let owned = modules.iter().filter(|module| u64::from(module.mine) * 2 > u64::from(module.lines));
    let own_part = OwnPart {
        lines: code.iter().map(|file| file.mine).sum(),
        blamed: code.iter().map(|file| file.blamed).sum(),
        modules: owned.map(|module| module.name.clone()).collect(),
        emails: mine.emails,
        import: mine.import,
    };
    Ok(AnalysisReport {
        sha,
        made_at,
        about: about(&files),
        languages: languages(&code),
        technologies: technologies(&files),
        modules,
        imports,
        entries,
        tests: tests(&code, &paths),
        months,
        hot_spots: hot_spots(&code, &changes),
        mine: own_part,
        left_out,
        methods,
    })
}

fn read(file: AnalysedFile, wrote: &HashSet<&str>) -> Result<Read> {
    let facts: Facts = serde_json::from_str(&file.facts)?;
    let language = facts.code();
    let lines = file.blame.as_deref().unwrap_or_default();
    let blamed = lines.iter().map(|(_, lines)| lines).sum();
    let own = lines.iter().filter(|(commit, _)| wrote.contains(commit.as_str()));
    let mine = own.map(|(_, lines)| lines).sum();
    Ok(Read { path: file.path, facts, language, blamed, mine, is_blamed: file.blame.is_some() })
}

fn depth(path: &str) -> usize {
    path.matches('/').count()
}

/// The outermost first.
fn outer_first(files: &[Read]) -> Vec<&Read> {
    let mut files: Vec<&Read> = files.iter().collect();
    files.sort_by_key(|file| depth(&file.path));
    files
}

fn about(files: &[Read]) -> About {
    let readmes: Vec<&Read> = files.iter().filter(|file| is_readme(&file.path)).collect();
    let readme = readmes.iter().find(|file| file.facts.paragraph.is_some()).or(readmes.first());
    let mut about = About {
        readme: readme.map(|file| file.path.clone()),
        paragraph: readme.and_then(|file| file.facts.paragraph.clone()),
        descriptions: Vec::new(),
    };
    for said in outer_first(files).into_iter().filter_map(|file| file.facts.description.as_ref()) {
        let is_new = about.descriptions.iter().all(|known| known.text != said.text);
        if is_new && about.descriptions.len() < MOST_DESCRIPTIONS {
            about.descriptions.push(said.clone());
        }
    }
    about
}

fn languages(code: &[&Read]) -> Vec<LanguageLines> {
    let mut by_label: BTreeMap<&str, LanguageLines> = BTreeMap::new();
    for file in code {
        let Some(language) = file.language else { continue };
        let label = language.label();
        let sum = by_label.entry(label).or_insert_with(|| LanguageLines {
            language: label.to_owned(),
            files: 0,
            lines: 0,
            blamed: 0,
            mine: 0,
        });
        sum.files += 1;
        sum.lines += file.facts.lines;
        sum.blamed += file.blamed;
        sum.mine += file.mine;
    }
    let mut languages: Vec<LanguageLines> =
        by_label.into_values().filter(|language| language.lines > 0).collect();
    languages.sort_by_key(|language| Reverse(language.lines));
    languages
}

fn technologies(files: &[Read]) -> Vec<ProvenTechnology> {
    let mut found: Vec<ProvenTechnology> = Vec::new();
    for technology in outer_first(files).into_iter().flat_map(|file| &file.facts.technologies) {
        if found.iter().all(|known| known.name != technology.name) {
            found.push(technology.clone());
        }
    }
    found
}

/// Modules with their sums, and who imports whom.
fn parts(
    files: &[Read],
    code: &[&Read],
    paths: &[String],
    left_out: &mut Vec<LeftOut>,
) -> (Vec<Module>, Vec<ModuleImport>) {
    let packages: Vec<Package> = files
        .iter()
        .filter_map(|file| {
            let name = file.facts.package.clone()?;
            Some(Package { manifest: file.path.clone(), name })
        })
        .collect();
    let sources: Vec<Source> = code
        .iter()
        .filter_map(|file| {
            let (path, lines, imports) = (file.path.as_str(), file.facts.lines, &file.facts.imports[..]);
            file.language.map(|language| Source { path, language, lines, imports })
        })
        .collect();
    let names = modules::assign(&sources, &packages);
    let mut sums: BTreeMap<&str, Module> = BTreeMap::new();
    for file in code {
        let Some(name) = names.get(file.path.as_str()) else { continue };
        let sum = sums.entry(name).or_insert_with(|| Module {
            name: name.clone(),
            files: 0,
            lines: 0,
            blamed: 0,
            mine: 0,
            tests: true,
        });
        sum.files += 1;
        sum.lines += file.facts.lines;
        sum.blamed += file.blamed;
        sum.mine += file.mine;
        sum.tests &= is_test_path(&file.path);
    }
    let mut sums: Vec<Module> = sums.into_values().collect();
    sums.sort_by_key(|module| Reverse(module.lines));
    let small = sums.len().saturating_sub(modules::MOST);
    sums.truncate(modules::MOST);
    if small > 0 {
        left_out.push(LeftOut { what: counted(small, "module"), why: "smaller than those shown".to_owned() });
    }
    let mut imports = modules::imports(&sources, &names, paths.iter().cloned(), packages);
    let shown: HashSet<&str> = sums.iter().map(|module| module.name.as_str()).collect();
    imports.retain(|import| shown.contains(import.from.as_str()) && shown.contains(import.to.as_str()));
    (sums, imports)
}

fn entries(files: &[Read], left_out: &mut Vec<LeftOut>) -> Vec<Entry> {
    // What a manifest declares is what its authors call a program.
    let rank = |entry: &Entry| match entry.what.as_str() {
        "bin" | "console script" => 0,
        "main function" | "`__main__` module" => 1,
        "`__main__` block" | "container command" => 2,
        _ => 3,
    };
    let mut entries: Vec<Entry> =
        files.iter().filter(|file| !is_vendored(file)).flat_map(|file| file.facts.entries.clone()).collect();
    entries.sort_by_key(|entry| (rank(entry), depth(&entry.path)));
    let more = entries.len().saturating_sub(MOST_ENTRIES);
    entries.truncate(MOST_ENTRIES);
    if more > 0 {
        let what = format!("{more} more places where programs begin");
        left_out.push(LeftOut { what, why: "deeper in the tree than those shown".to_owned() });
    }
    entries
}

fn is_vendored(file: &Read) -> bool {
    matches!(file.facts.skipped.as_deref(), Some("vendored" | "build output" | "generated"))
}

fn tests(code: &[&Read], paths: &[String]) -> TestCount {
    let mut with_tests: Vec<&&Read> = code.iter().filter(|file| file.facts.tests > 0).collect();
    with_tests.sort_by_key(|file| Reverse(file.facts.tests));
    let workflow = |path: &String| {
        let system = ci_system(path)?.to_owned();
        Some(Workflow { system, path: path.clone() })
    };
    let mut ci: Vec<Workflow> = paths.iter().filter_map(workflow).collect();
    ci.sort_by(|a, b| a.path.cmp(&b.path));
    TestCount {
        tests: with_tests.iter().map(|file| file.facts.tests).sum(),
        files: with_tests.len() as u32,
        most: with_tests
            .iter()
            .take(MOST_TEST_FILES)
            .map(|file| TestFile { path: file.path.clone(), tests: file.facts.tests })
            .collect(),
        ci,
    }
}

fn hot_spots(code: &[&Read], changes: &[FileSizes]) -> Vec<HotSpot> {
    let churn = churn::by_file(changes);
    let spot = |file: &&Read| {
        let churn = churn.get(file.path.as_str())?;
        let branches = file.facts.branches.filter(|branches| *branches > 0)?;
        // Changed once is written, and nothing more.
        (churn.commits > 1 && !is_test_path(&file.path)).then(|| HotSpot {
            path: file.path.clone(),
            commits: churn.commits,
            changed: churn.lines,
            branches,
            score: u64::from(churn.commits) * u64::from(branches),
        })
    };
    let mut spots: Vec<HotSpot> = code.iter().filter_map(spot).collect();
    spots.sort_by_key(|spot| Reverse(spot.score));
    spots.truncate(MOST_HOT_SPOTS);
    spots
}

/// What was not counted, and why.
fn left_out(
    files: &[Read],
    code: &[&Read],
    changes: &[FileSizes],
    beyond: usize,
    uncounted: usize,
) -> Vec<LeftOut> {
    let mut by_reason: HashMap<&str, usize> = HashMap::new();
    for file in files {
        let language = Language::of(&file.path, "");
        let has_code = language.is_some_and(|one| !one.is_data() || one == Language::Notebook);
        if let Some(reason) = file.facts.skipped.as_deref().filter(|_| has_code) {
            *by_reason.entry(reason).or_default() += 1;
        }
    }
    let mut reasons: Vec<(&str, usize)> = by_reason.into_iter().collect();
    reasons.sort_by_key(|(reason, count)| (Reverse(*count), *reason));
    let unblamed = code.iter().filter(|file| !file.is_blamed).count();
    let unparsed = code.iter().filter(|file| is_beyond_parser(file)).count();
    let many = changes.iter().filter(|commit| commit.files.is_none()).count();
    let reasons = reasons.into_iter().map(|(reason, count)| (count, "source file", reason.to_owned()));
    let rest = [
        (unblamed, "source file", "whose authors were not asked for: the largest come first".to_owned()),
        (unparsed, "source file", "beyond what the parser reads".to_owned()),
        (beyond, "file", "beyond the number that is read, the deepest in the tree".to_owned()),
        (many, "commit", format!("changed more than {MOST_FILES} files, which is no work on any of them")),
        (uncounted, "commit", "can't be read, or their parents are not on this machine".to_owned()),
    ];
    reasons
        .chain(rest)
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, why)| LeftOut { what: counted(count, one), why })
        .collect()
}

/// A file of a language that is parsed, without a tree.
fn is_beyond_parser(file: &Read) -> bool {
    file.facts.branches.is_none() && file.language.is_some_and(|language| language.grammar().is_some())
}
