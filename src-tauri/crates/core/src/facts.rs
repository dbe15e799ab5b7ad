//! What code can count about the user's work in a repository. No model has a word in this.

mod topics;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use internflow_code::{
    Language, first_paragraph, frameworks, is_test_path, skip_reason, symbols, test_functions,
};
use internflow_domain::{Commit, Tone};
use internflow_git::Repo;
use internflow_store::achievement::ProvenSkill;

use crate::authorship::Mine;
use crate::counted;
use crate::gate::{project_speaks, speaks};
use crate::ledger::{self, Made, told};
use crate::repositories;

pub(crate) use topics::{Frame, Topic, Work};

/// Files blamed in one repository: the largest first, the rest is left out and said so.
const MAX_BLAMED: usize = 250;
/// Commits that are kept of those that show a skill.
const MAX_SHOWN: usize = 20;

/// How bullets are put.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manner {
    pub(crate) tone: Tone,
    /// Nothing is named by which the repository is known.
    pub(crate) safe: bool,
}

impl Manner {
    /// A name of the repository's own, where it may be named and names no person.
    pub(crate) fn name<'n>(&self, name: &'n str) -> Option<&'n str> {
        (!self.safe && !speaks(name)).then_some(name)
    }

    /// The same for what the project is called.
    pub(crate) fn project<'n>(&self, name: &'n str) -> Option<&'n str> {
        (!self.safe && !project_speaks(name)).then_some(name)
    }
}

/// Everything counted in one repository.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    pub(crate) topics: Vec<Topic>,
    pub(crate) skills: Vec<ProvenSkill>,
    /// Things that are built at HEAD, of which at least half is the user's.
    pub(crate) made: Vec<Made>,
    /// Names that the program's own files define, tests left out, the last part of each.
    pub(crate) defined: HashSet<String>,
    /// Files that are nobody's work by the reason ("vendored"), with how many there are.
    pub(crate) skipped: BTreeMap<String, usize>,
    /// Commits that only lay code out anew: no line becomes theirs.
    pub(crate) sweeps: Vec<String>,
    /// How lines were counted.
    pub(crate) method: String,
}

/// A source file with the user's surviving lines in it.
struct Authored {
    path: String,
    language: Language,
    mine: u32,
    /// Names of the tests whose first line is the user's.
    tests: Vec<String>,
    symbols: Vec<String>,
    /// What its first comment says about it.
    opening: Option<String>,
    commits: BTreeSet<String>,
    made: Vec<Made>,
    /// What lines of the user import, as the language writes it.
    imports: Vec<String>,
}

impl Authored {
    /// A line of the user imports something of this package: `react` by `react/jsx-runtime`, `scikit-learn` not by
    /// `sklearn`, which only the manifest tells.
    fn imports(&self, package: &str) -> bool {
        let bare = |name: &str| name.to_lowercase().replace('_', "-");
        let package = bare(package.rsplit(':').next().unwrap_or(package));
        self.imports.iter().any(|target| {
            let target = bare(target.trim_matches(['"', '\'', '<', '>']));
            target
                .strip_prefix(&package)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
        })
    }
}

/// Counts the user's work in the repository. Empty when they have no commits in it.
pub(crate) fn count(repository_id: i64, path: &str, whose: &Mine, manner: Manner) -> Result<Counted> {
    let repo = Repo::open(Path::new(path))?;
    let Some(head) = repo.head()?.sha else { return Ok(Counted::default()) };
    let commits: Vec<Commit> = repo.log()?.commits.into_iter().map(repositories::masked).collect();
    let mine: Vec<&Commit> = commits.iter().filter(|commit| whose.has(commit)).collect();
    if mine.is_empty() {
        return Ok(Counted::default());
    }
    let wrote: Vec<&Commit> = mine.iter().copied().filter(|commit| whose.wrote(commit)).collect();
    let changed = told::changed(&repo, &wrote)?;
    let sweeps = told::sweeps(&repo, &wrote, &changed);
    let my_commits: HashSet<&str> = wrote
        .iter()
        .map(|commit| commit.sha.as_str())
        .filter(|sha| !sweeps.iter().any(|s| s == sha))
        .collect();
    let surviving = authored(&repo, &head, &my_commits, &sweeps)?;
    let skills = skills(&repo, &head, repository_id, &surviving, &mine, &my_commits)?;
    let made: Vec<Made> = surviving.files.iter().flat_map(|file| file.made.iter().cloned()).collect();
    let name = repo.name();
    let work = Work { name: &name, mine: &mine, surviving: &surviving, skills: &skills, manner };
    let mut topics = Vec::new();
    topics.extend(work.overview());
    topics.extend(work.areas());
    topics.extend(ledger::topics(&made, &work));
    topics.extend(work.tests());
    topics.extend(work.fixes(&told::fixed(&wrote, &changed)));
    let Surviving { method, defined, skipped, .. } = surviving;
    Ok(Counted { topics, skills, made, defined, skipped, sweeps, method })
}

/// The source files at HEAD with what is left in them of the user's.
pub(crate) struct Surviving {
    files: Vec<Authored>,
    /// Language and lines of every file that was blamed, by its path, whoever wrote them. Empty lines are no lines, and
    /// what the user only laid out anew is nobody's.
    sizes: HashMap<String, (Language, u32)>,
    /// How lines were counted, with how many files.
    method: String,
    defined: HashSet<String>,
    skipped: BTreeMap<String, usize>,
    /// What the README says first.
    readme: Option<String>,
}

impl Surviving {
    /// The user's files that hold code.
    fn code(&self) -> impl Iterator<Item = &Authored> {
        self.files.iter().filter(|file| is_code(file.language))
    }

    /// Lines of code in the files whose path is wanted.
    fn all_lines(&self, wanted: impl Fn(&str) -> bool) -> u32 {
        let files = self.sizes.iter().filter(|(path, (language, _))| is_code(*language) && wanted(path));
        files.map(|(_, (_, lines))| lines).sum()
    }

    /// Lines of one file.
    fn lines(&self, path: &str) -> u32 {
        self.sizes.get(path).map_or(0, |(_, lines)| *lines)
    }
}

/// Blames the source files at HEAD.
fn authored(repo: &Repo, head: &str, mine: &HashSet<&str>, sweeps: &[String]) -> Result<Surviving> {
    let mut sources = Vec::new();
    let (mut defined, mut skipped) = (HashSet::new(), BTreeMap::new());
    let mut readme = None;
    for file in repo.files(head)? {
        if readme.is_none() && is_readme(&file.path) {
            let text = repo.blob(&file.blob)?.unwrap_or_default();
            readme = first_paragraph(&String::from_utf8_lossy(&text)).map(|(text, _)| text);
        }
        let mut language = Language::of(&file.path, "");
        let notebook = language == Some(Language::Notebook);
        let program = language.is_some_and(|language| !language.is_data());
        // A workflow or a schema builds something and is no program: its lines are not counted as code.
        let builds = [".yml", ".yaml", ".prisma", "Jenkinsfile"].iter().any(|end| file.path.ends_with(end));
        if !(program || notebook || builds) {
            continue;
        }
        let Some(bytes) = repo.blob(&file.blob)?.filter(|bytes| !bytes.contains(&0)) else { continue };
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if notebook {
            // What comes out of it is nobody's work, and is most of it.
            let Some((kernel, program)) = internflow_code::notebook_program(&text) else { continue };
            (language, text) = (Some(kernel), program);
        }
        if !(program || notebook) && internflow_code::built(&file.path, language, &text).is_empty() {
            continue;
        }
        let reason = skip_reason(&file.path, Some(&text), text.len());
        let known =
            |reason: &String| !(notebook && reason == "notebook" || builds && reason == "not source code");
        if let Some(reason) = reason.filter(known) {
            *skipped.entry(reason).or_default() += 1;
            continue;
        }
        sources.push((file.path, language, text));
    }
    sources.sort_by_key(|(_, _, text)| std::cmp::Reverse(text.len()));
    let all = sources.len();
    sources.truncate(MAX_BLAMED);
    let method = match all - sources.len() {
        0 => format!("git blame of HEAD over {all} source files"),
        left => {
            format!("git blame of HEAD over the {} largest source files ({left} left out)", sources.len())
        }
    };
    let (mut files, mut sizes) = (Vec::new(), HashMap::new());
    let blaming = repo.blaming();
    for (path, known, text) in sources {
        let language = known.unwrap_or(Language::Text);
        let blamed = match blaming.blame(head, &path) {
            Ok(blamed) => blamed,
            Err(error) => {
                tracing::warn!(path, %error, "file can't be blamed and is not counted");
                continue;
            }
        };
        let symbols = symbols(language, &text);
        if !is_test_path(&path) {
            let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
            defined.extend(symbols.iter().map(|symbol| last(&symbol.name)));
        }
        let lines: Vec<&str> = text.lines().collect();
        let written = |line: u32| lines.get(line as usize - 1).is_some_and(|l| !l.trim().is_empty());
        let theirs = blamed.iter().filter(|part| !sweeps.contains(&part.commit));
        let all = theirs.flat_map(|part| part.start..part.start + part.lines).filter(|line| written(*line));
        sizes.insert(path.clone(), (language, all.count() as u32));
        let (mut count, mut commits, mut my_lines) = (0, BTreeSet::new(), HashMap::new());
        for part in blamed.iter().filter(|part| mine.contains(part.commit.as_str())) {
            commits.insert(part.commit.clone());
            for line in (part.start..part.start + part.lines).filter(|line| written(*line)) {
                count += 1;
                my_lines.insert(line, part.commit.clone());
            }
        }
        if count == 0 {
            continue;
        }
        let tests = test_functions(language, &text).into_iter();
        let tests = tests.filter(|(_, line)| my_lines.contains_key(line)).map(|(name, _)| name).collect();
        let mut symbols: Vec<(u32, String)> = symbols
            .into_iter()
            .filter(|s| my_lines.contains_key(&s.start_line) && s.name.len() <= 40 && !s.name.contains(' '))
            .map(|s| (s.end_line - s.start_line, s.name))
            .collect();
        symbols.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
        let symbols = symbols.into_iter().map(|(_, name)| name).collect();
        let imports = internflow_code::imports(language, &text).into_iter();
        let imports = imports
            .filter(|import| my_lines.contains_key(&import.line))
            .map(|import| import.target)
            .collect();
        let made = ledger::made(&path, known, &text, &my_lines);
        let opening = internflow_code::opening(&text);
        files.push(Authored { path, language, mine: count, tests, symbols, opening, commits, made, imports });
    }
    Ok(Surviving { files, sizes, method, defined, skipped, readme })
}

/// The README of the whole repository.
fn is_readme(path: &str) -> bool {
    ["readme", "readme.md", "readme.rst", "readme.txt"].contains(&path.to_lowercase().as_str())
}

fn skills(
    repo: &Repo,
    head: &str,
    repository_id: i64,
    surviving: &Surviving,
    mine: &[&Commit],
    wrote: &HashSet<&str>,
) -> Result<Vec<ProvenSkill>> {
    let Surviving { files, method, .. } = surviving;
    let mut by_language: BTreeMap<&'static str, (u32, HashSet<&str>)> = BTreeMap::new();
    for file in surviving.code() {
        let (lines, commits) = by_language.entry(file.language.label()).or_default();
        *lines += file.mine;
        commits.extend(file.commits.iter().map(String::as_str));
    }
    let mut languages: Vec<_> = by_language.into_iter().filter(|(_, (lines, _))| *lines >= 5).collect();
    languages.sort_by_key(|(_, (lines, _))| std::cmp::Reverse(*lines));
    // Newest first, as the log has them.
    let among = |shown: &HashSet<&str>| -> Vec<String> {
        let shown = mine.iter().filter(|commit| shown.contains(commit.sha.as_str()));
        shown.take(MAX_SHOWN).map(|commit| commit.sha.clone()).collect()
    };
    let skill = |name: &str, kind: &str, method: String| ProvenSkill {
        repository_id,
        name: name.to_owned(),
        kind: kind.to_owned(),
        method,
        commits: Vec::new(),
        uses: 1,
    };
    let mut skills: Vec<ProvenSkill> = languages
        .into_iter()
        .map(|(name, (lines, commits))| ProvenSkill {
            commits: among(&commits),
            uses: lines,
            ..skill(name, "language", format!("{lines} surviving lines, {method}"))
        })
        .collect();
    for file in repo.files(head)? {
        // Manifests are small and near the top; a fixture's manifest deep in the tree proves nothing.
        if file.path.matches('/').count() > 2 || is_test_path(&file.path) {
            continue;
        }
        let Some(bytes) = repo.blob(&file.blob)?.filter(|bytes| bytes.len() < 200_000) else { continue };
        for found in frameworks(&file.path, &String::from_utf8_lossy(&bytes)) {
            if !skills.iter().any(|s| s.name == found.name) {
                let method = format!("{} in {}:{}", found.package, found.file, found.line);
                let commits = repo.blaming().blame(head, &file.path).unwrap_or_default();
                let line =
                    commits.iter().find(|part| (part.start..part.start + part.lines).contains(&found.line));
                let commits = line.map(|part| vec![part.commit.clone()]).unwrap_or_default();
                // What somebody else brought in is theirs to speak of, unless the user's own lines import it.
                let own = commits.iter().any(|commit| wrote.contains(commit.as_str()));
                if !own && !files.iter().any(|file| file.imports(&found.package)) {
                    continue;
                }
                skills.push(ProvenSkill { commits, ..skill(&found.name, found.kind.as_str(), method) });
            }
        }
    }
    // Whoever has commits of their own works with git; no file has to say so.
    skills.push(ProvenSkill {
        commits: mine.iter().take(MAX_SHOWN).map(|commit| commit.sha.clone()).collect(),
        uses: mine.len() as u32,
        ..skill("Git", "tool", counted(mine.len(), "commit"))
    });
    Ok(skills)
}

fn is_code(language: Language) -> bool {
    !language.is_data() && !matches!(language, Language::Markdown | Language::Text)
}

pub(crate) fn and(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
