//! What code can count about the user's work in a repository. No model has a word in this.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use internflow_code::{Language, frameworks, is_test_path, skip_reason, symbols, test_functions};
use internflow_domain::{Commit, Fact, Tone};
use internflow_git::Repo;
use internflow_store::achievement::ProvenSkill;

use crate::authorship::Mine;
use crate::counted;
use crate::gate::{project_speaks, speaks};
use crate::ledger::{self, Made, told};
use crate::repositories;

/// Files blamed in one repository: the largest first, the rest is left out and said so.
const MAX_BLAMED: usize = 250;
/// Commits that are kept of those that show a skill.
const MAX_SHOWN: usize = 20;
/// Areas that get a bullet of their own.
const MAX_AREAS: usize = 3;
/// An area below this many surviving lines is not an achievement.
const MIN_AREA_LINES: u32 = 30;

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

/// What one bullet will be about: its facts, its proof, and the sentence that needs no model.
#[derive(Debug, Clone)]
pub(crate) struct Topic {
    /// Stable name, so that a rebuilt bullet replaces its older self.
    pub(crate) slot: String,
    pub(crate) facts: Vec<Fact>,
    /// Subjects of the commits: what the work was about. Words for the model, proof of nothing.
    pub(crate) subjects: Vec<String>,
    /// Newest first.
    pub(crate) commits: Vec<String>,
    pub(crate) plain: String,
    /// Verbs the bullet may begin with.
    pub(crate) verbs: &'static [&'static str],
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
    tests: u32,
    symbols: Vec<String>,
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
    let Surviving { files, method, defined, skipped } = authored(&repo, &head, &my_commits)?;
    let skills = skills(&repo, &head, repository_id, &files, &method, &mine, &my_commits)?;
    let mut topics = Vec::new();
    topics.extend(overview(&repo.name(), &mine, &files, &skills, &method, manner));
    topics.extend(areas(&mine, &files, &method, manner));
    let made: Vec<Made> = files.iter().flat_map(|file| file.made.iter().cloned()).collect();
    topics.extend(ledger::topics(&made, &mine, &method, manner));
    topics.extend(tests(&mine, &files, &skills, &method, manner));
    topics.extend(fixes(&mine, &told::fixed(&wrote, &changed)));
    if manner.safe {
        // Titles of commits are full of a product's own words.
        topics.iter_mut().for_each(|topic| topic.subjects.clear());
    }
    Ok(Counted { topics, skills, made, defined, skipped, sweeps, method })
}

/// The source files at HEAD with what is left in them of the user's.
struct Surviving {
    files: Vec<Authored>,
    /// How lines were counted, with how many files.
    method: String,
    defined: HashSet<String>,
    skipped: BTreeMap<String, usize>,
}

/// Blames the source files at HEAD.
fn authored(repo: &Repo, head: &str, mine: &HashSet<&str>) -> Result<Surviving> {
    let mut sources = Vec::new();
    let (mut defined, mut skipped) = (HashSet::new(), BTreeMap::new());
    for file in repo.files(head)? {
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
    let mut files = Vec::new();
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
        let tests =
            test_functions(language, &text).iter().filter(|(_, line)| my_lines.contains_key(line)).count()
                as u32;
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
        files.push(Authored { path, language, mine: count, tests, symbols, commits, made, imports });
    }
    Ok(Surviving { files, method, defined, skipped })
}

fn skills(
    repo: &Repo,
    head: &str,
    repository_id: i64,
    files: &[Authored],
    method: &str,
    mine: &[&Commit],
    wrote: &HashSet<&str>,
) -> Result<Vec<ProvenSkill>> {
    let mut by_language: BTreeMap<&'static str, (u32, HashSet<&str>)> = BTreeMap::new();
    for file in files.iter().filter(|file| is_code(file.language)) {
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

fn overview(
    name: &str,
    mine: &[&Commit],
    files: &[Authored],
    skills: &[ProvenSkill],
    method: &str,
    manner: Manner,
) -> Option<Topic> {
    let lines: u32 = files.iter().filter(|file| is_code(file.language)).map(|file| file.mine).sum();
    if lines == 0 {
        return None;
    }
    let languages: Vec<&str> =
        skills.iter().filter(|s| s.kind == "language").take(3).map(|s| s.name.as_str()).collect();
    let frameworks: Vec<&str> =
        skills.iter().filter(|s| s.kind == "framework").take(3).map(|s| s.name.as_str()).collect();
    let commits = counted(mine.len(), "commit");
    let name = manner.project(name);
    let mut facts = vec![
        Fact { text: format!("{lines} lines of code that are still there"), method: method.to_owned() },
        Fact { text: commits.clone(), method: "git log, without merges".into() },
    ];
    facts.extend(
        name.map(|name| Fact { text: format!("project {name}"), method: "name of the repository".into() }),
    );
    let name = name.unwrap_or(if manner.safe { "a private project" } else { "a project" });
    if !languages.is_empty() {
        facts.push(Fact { text: format!("written in {}", and(&languages)), method: method.to_owned() });
    }
    for skill in skills.iter().filter(|s| frameworks.contains(&s.name.as_str())) {
        facts.push(Fact { text: format!("uses {}", skill.name), method: skill.method.clone() });
    }
    // The number is of all of them.
    let more = skills.iter().filter(|s| s.kind == "language").count() > languages.len();
    let code = and(&languages.iter().copied().chain(more.then_some("other languages")).collect::<Vec<_>>());
    let mut plain = match manner.tone {
        Tone::Plain => format!("Developed {name} in {commits}, with {lines} lines of {code} in use today"),
        Tone::Technical => format!("Developed {name} in {code}, {lines} lines of code over {commits}"),
        Tone::Impact => format!("Wrote {lines} lines of {code} that {name} stands on today, over {commits}"),
    };
    if !frameworks.is_empty() {
        plain.push_str(&format!(", built on {}", and(&frameworks)));
    }
    Some(Topic {
        slot: "overview".into(),
        facts,
        subjects: subjects(mine, |_| true),
        commits: mine.iter().map(|commit| commit.sha.clone()).collect(),
        plain: plain + ".",
        verbs: &["Developed", "Created", "Wrote"],
    })
}

fn areas(mine: &[&Commit], files: &[Authored], method: &str, manner: Manner) -> Vec<Topic> {
    let mut by_area: BTreeMap<String, Vec<&Authored>> = BTreeMap::new();
    for file in files.iter().filter(|file| is_code(file.language) && !is_test_path(&file.path)) {
        by_area.entry(area(&file.path)).or_default().push(file);
    }
    let lines = |files: &[&Authored]| files.iter().map(|file| file.mine).sum::<u32>();
    let mut areas: Vec<_> = by_area.into_iter().filter(|(_, files)| lines(files) >= MIN_AREA_LINES).collect();
    areas.sort_by_key(|(_, files)| std::cmp::Reverse(lines(files)));
    // The whole repository in one area says what the overview says already.
    let verbs: [&'static [&'static str]; MAX_AREAS] =
        [&["Built", "Implemented"], &["Designed", "Programmed"], &["Added", "Engineered"]];
    areas
        .into_iter()
        .take(MAX_AREAS)
        .zip(verbs)
        .map(|((area, files), verbs)| {
            let commits: BTreeSet<&String> = files.iter().flat_map(|file| &file.commits).collect();
            let mut names: Vec<&str> = Vec::new();
            for symbol in files.iter().flat_map(|file| file.symbols.iter().take(3)) {
                let name = manner.name(symbol).filter(|name| names.len() < 3 && !names.contains(name));
                names.extend(name);
            }
            let (lines, commit_count) = (lines(&files), counted(commits.len(), "commit"));
            let mut facts = vec![
                Fact {
                    text: format!("{lines} lines of code that are still there"),
                    method: method.to_owned(),
                },
                Fact { text: commit_count.clone(), method: "commits whose lines survive there".into() },
            ];
            let module = match manner.name(&area) {
                Some(area) => {
                    let text = format!("module {area}");
                    facts.push(Fact { text, method: "folder or file of the repository".into() });
                    format!("the {area} module")
                }
                None => "one module".to_owned(),
            };
            let verb = verbs[0];
            let mut plain = match manner.tone {
                Tone::Plain => format!("{verb} {module}: {lines} lines of code over {commit_count}"),
                Tone::Technical => format!("{verb} {module} over {commit_count}, {lines} lines of code"),
                Tone::Impact => {
                    format!("{verb} {module}, of which {lines} lines are in use today, over {commit_count}")
                }
            };
            if !names.is_empty() {
                facts.push(Fact {
                    text: format!("wrote {}", and(&names)),
                    method: "definitions whose first line is yours".into(),
                });
                if manner.tone != Tone::Impact {
                    plain.push_str(&format!(", including {}", and(&names)));
                }
            }
            Topic {
                slot: format!("area:{area}"),
                facts,
                subjects: subjects(mine, |commit| commits.contains(&commit.sha)),
                commits: mine.iter().filter(|c| commits.contains(&c.sha)).map(|c| c.sha.clone()).collect(),
                plain: plain + ".",
                verbs,
            }
        })
        .collect()
}

fn tests(
    mine: &[&Commit],
    files: &[Authored],
    skills: &[ProvenSkill],
    method: &str,
    manner: Manner,
) -> Option<Topic> {
    let with_tests: Vec<&Authored> = files.iter().filter(|file| file.tests > 0).collect();
    let tests: u32 = with_tests.iter().map(|file| file.tests).sum();
    if tests < 3 {
        return None;
    }
    let commits: BTreeSet<&String> = with_tests.iter().flat_map(|file| &file.commits).collect();
    let in_files = counted(with_tests.len(), "file");
    let mut facts = vec![
        Fact {
            text: format!("{tests} automated tests"),
            method: format!("test functions whose first line is yours, {method}"),
        },
        Fact { text: in_files.clone(), method: "files with such tests".into() },
    ];
    let tool = skills.iter().find(|s| s.kind == "testing");
    if let Some(tool) = tool {
        facts.push(Fact { text: format!("uses {}", tool.name), method: tool.method.clone() });
    }
    let with = tool.map(|tool| format!(" with {}", tool.name)).unwrap_or_default();
    Some(Topic {
        slot: "tests".into(),
        facts,
        subjects: subjects(mine, |commit| commits.contains(&commit.sha)),
        commits: mine.iter().filter(|c| commits.contains(&c.sha)).map(|c| c.sha.clone()).collect(),
        plain: match manner.tone {
            Tone::Plain => format!(
                "Covered the code with {tests} automated tests in {in_files}{with}, all of them still in use."
            ),
            Tone::Technical => {
                format!("Tested the code{with} in {in_files}, {tests} automated tests in all.")
            }
            Tone::Impact => {
                format!("Covered the code with {tests} automated tests{with} that are all in use today.")
            }
        },
        verbs: &["Covered", "Tested", "Verified"],
    })
}

fn fixes(mine: &[&Commit], fixed: &[told::Fixed]) -> Option<Topic> {
    let is_fix = |commit: &Commit| fixed.iter().any(|fixed| fixed.sha == commit.sha);
    let commits: Vec<String> = mine.iter().filter(|c| is_fix(c)).map(|c| c.sha.clone()).collect();
    if commits.len() < 2 {
        return None;
    }
    let count = commits.len();
    Some(Topic {
        slot: "fixes".into(),
        facts: vec![Fact {
            text: format!("{count} bug fixes"),
            method: "your commits whose message says that they fix the program, and which change it".into(),
        }],
        subjects: subjects(mine, is_fix),
        commits,
        plain: format!("Fixed {count} bugs, each in a commit of its own with the change and its reason."),
        verbs: &["Fixed", "Resolved", "Corrected"],
    })
}

/// `src/api/users.py` → `src/api`; a file at the top → its name without extension.
fn area(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folders, _)) => folders.split('/').take(3).collect::<Vec<_>>().join("/"),
        None => path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_owned(),
    }
}

pub(crate) fn subjects(mine: &[&Commit], of: impl Fn(&Commit) -> bool) -> Vec<String> {
    mine.iter().filter(|c| of(c)).take(8).map(|c| c.subject.chars().take(90).collect()).collect()
}

pub(crate) fn and(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
