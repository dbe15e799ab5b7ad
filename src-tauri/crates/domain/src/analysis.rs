//! What was counted about a repository as a whole.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Task;

/// A repository's analysis as the UI shows it, also while it is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Analysis {
    #[ts(type = "number")]
    pub repository_id: i64,
    /// The task that makes the newest report, with state, stage and progress.
    pub task: Task,
    /// What the last task that ended well found; null before.
    pub report: Option<AnalysisReport>,
    /// The report is of an earlier commit, or counts other addresses as the user's.
    pub stale: bool,
}

/// What code counted in a repository at one commit. No model has a word in this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AnalysisReport {
    /// Commit that was looked at.
    pub sha: String,
    /// Seconds since 1970 UTC.
    #[ts(type = "number")]
    pub made_at: i64,
    pub about: About,
    /// The most lines first.
    pub languages: Vec<LanguageLines>,
    pub technologies: Vec<ProvenTechnology>,
    /// The most lines first.
    pub modules: Vec<Module>,
    /// Who imports whom, the most imports first.
    pub imports: Vec<ModuleImport>,
    pub entries: Vec<Entry>,
    pub tests: TestCount,
    /// Oldest first; months without a commit are left out.
    pub months: Vec<Month>,
    /// The hottest first.
    pub hot_spots: Vec<HotSpot>,
    pub mine: OwnPart,
    pub left_out: Vec<LeftOut>,
    pub methods: Methods,
}

/// What the repository says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct About {
    /// Path of the README, or null when there is none.
    pub readme: Option<String>,
    /// Its first paragraph of prose, or null when it has none.
    pub paragraph: Option<Said>,
    /// Descriptions in manifests, the outermost first.
    pub descriptions: Vec<Said>,
}

/// Words of a file and where they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Said {
    pub text: String,
    pub path: String,
    /// From 1.
    pub line: u32,
}

/// Lines of one language that are there today, blank ones left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LanguageLines {
    pub language: String,
    pub files: u32,
    pub lines: u32,
    /// Of these, the lines whose author is known.
    pub blamed: u32,
    /// Of the blamed ones, the user's.
    pub mine: u32,
}

/// A framework or tool with the line that proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProvenTechnology {
    pub name: String,
    /// `framework`, `library`, `database`, `testing`, `tool`, `ml`, `cloud`.
    pub kind: String,
    /// What stands there: a package, an image, a key.
    pub package: String,
    pub path: String,
    /// From 1.
    pub line: u32,
}

/// A package, a folder or a file that is a part of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Module {
    /// Its path; `.` for files at the top.
    pub name: String,
    pub files: u32,
    /// Blank ones left out.
    pub lines: u32,
    /// Of these, the lines whose author is known.
    pub blamed: u32,
    /// Of the blamed ones, the user's.
    pub mine: u32,
    /// Holds tests and nothing else.
    pub tests: bool,
}

/// One module imports another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModuleImport {
    pub from: String,
    pub to: String,
    /// Imports in the text.
    pub count: u32,
    /// The first of them.
    pub path: String,
    /// From 1.
    pub line: u32,
}

/// A place where a program begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Entry {
    pub name: String,
    /// Why it counts ("main function", "console script").
    pub what: String,
    pub path: String,
    /// From 1.
    pub line: u32,
}

/// Tests and what runs them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestCount {
    pub tests: u32,
    /// Files with tests.
    pub files: u32,
    /// Those with the most, at most ten.
    pub most: Vec<TestFile>,
    /// Files of continuous integration; empty when there is none.
    pub ci: Vec<Workflow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestFile {
    pub path: String,
    pub tests: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Workflow {
    /// `GitHub Actions`.
    pub system: String,
    pub path: String,
}

/// Commits of one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Month {
    /// `2026-03`.
    pub month: String,
    pub commits: u32,
    /// Of these, the user's.
    pub mine: u32,
}

/// A file that is changed often and hard to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HotSpot {
    pub path: String,
    /// Commits that changed it, under earlier names too.
    pub commits: u32,
    /// Lines that they added and removed.
    pub changed: u32,
    /// Conditions, loops, cases and the like in it today.
    pub branches: u32,
    /// `commits` times `branches`.
    #[ts(type = "number")]
    pub score: u64,
}

/// The user's own part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OwnPart {
    /// Surviving lines of the user.
    pub lines: u32,
    /// All lines whose author is known.
    pub blamed: u32,
    /// Names of the modules of whose lines more than half are the user's.
    pub modules: Vec<String>,
    /// Addresses that were taken for theirs.
    pub emails: Vec<String>,
    /// A first commit that counts for nobody until the user says that they wrote it.
    pub import: Option<String>,
}

/// Something that was not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftOut {
    /// "12 files".
    pub what: String,
    /// "vendored".
    pub why: String,
}

/// How the numbers of each part were found, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Methods {
    pub languages: String,
    pub modules: String,
    pub tests: String,
    pub months: String,
    pub hot_spots: String,
    pub mine: String,
}

/// How much one commit changed one file. Both numbers are 0 for what is not counted by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSize {
    /// Path after the change (before it, for deleted files).
    pub path: String,
    /// Path before, when renamed.
    pub old_path: Option<String>,
    /// Lines.
    pub added: u32,
    pub removed: u32,
}

/// What one commit changed, file by file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSizes {
    pub sha: String,
    /// None when it changed more files than can say anything about one.
    pub files: Option<Vec<FileSize>>,
}
