//! Which frameworks a manifest proves, and on which line.
//!
//! Only packages of `technologies.toml` count, each technology once per file. A dependency proves what is
//! listed under its exact name: `flask-cors` is not Flask. Languages are never proven here (a project that
//! has `typescript` among its tools need not be written in it), and neither are dependencies that the
//! project does not use itself: comments, Maven's `dependencyManagement`, Go's `// indirect`.

mod change;
mod declared;
mod gradle;
mod json;
mod plain;
mod setup;
mod tables;
mod version;
mod xml;

use crate::technology::{Ecosystem, Technology, TechnologyKind, proven_by, technologies};

pub use change::{Became, DependencyChange, dependency_changes};
pub use declared::{Declared, declared};

/// A technology that a manifest proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// The display name of the technology.
    pub name: String,
    pub kind: TechnologyKind,
    /// What stands in the manifest: the name of a package or an image, or the key that proves the tool.
    pub package: String,
    /// The path that was given.
    pub file: String,
    /// The line of the name, from 1.
    pub line: u32,
}

/// What a reader of one format found: something that stands at a byte offset.
struct Found {
    at: usize,
    what: What,
}

enum What {
    Package(Ecosystem, String),
    /// A tool that the file is written for, with the word that shows it.
    Tool(&'static str, &'static str),
}

impl Found {
    fn package(ecosystem: Ecosystem, at: usize, name: impl Into<String>) -> Self {
        Self { at, what: What::Package(ecosystem, name.into()) }
    }

    fn tool(at: usize, name: &'static str, word: &'static str) -> Self {
        Self { at, what: What::Tool(name, word) }
    }

    fn proves(&self) -> Vec<&'static Technology> {
        match &self.what {
            What::Package(ecosystem, name) => proven_by(*ecosystem, name),
            What::Tool(name, _) => {
                technologies().iter().filter(|technology| technology.name == *name).collect()
            }
        }
    }

    fn written(&self) -> &str {
        match &self.what {
            What::Package(_, name) => name,
            What::Tool(_, word) => word,
        }
    }
}

/// What a manifest proves, in the order of its lines. Empty for a file that is no manifest; of a damaged one
/// what could be read.
pub fn frameworks(path: &str, text: &str) -> Vec<Framework> {
    let mut found = read(path, text);
    found.sort_by_key(|found| found.at);
    let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut proven: Vec<Framework> = Vec::new();
    for found in found {
        for technology in found.proves() {
            if proven.iter().any(|known| known.name == technology.name) {
                continue;
            }
            let line = lines.partition_point(|end| *end < found.at) + 1;
            proven.push(Framework {
                name: technology.name.clone(),
                kind: technology.kind,
                package: found.written().to_owned(),
                file: path.to_owned(),
                line: u32::try_from(line).unwrap_or(u32::MAX),
            });
        }
    }
    proven
}

fn read(path: &str, text: &str) -> Vec<Found> {
    let path = path.replace('\\', "/");
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let lower = name.to_ascii_lowercase();
    let is_yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
    let is_project = [".csproj", ".fsproj", ".vbproj"].iter().any(|end| lower.ends_with(end));
    let is_list = lower.ends_with(".txt") || lower.ends_with(".in") || lower.ends_with(".pip");
    match lower.as_str() {
        "pyproject.toml" => tables::pyproject(text),
        "pipfile" => tables::pipfile(text),
        "cargo.toml" => tables::cargo(text),
        "setup.cfg" => setup::cfg(text),
        "setup.py" => setup::py(text),
        "package.json" => json::package(text),
        "pom.xml" => xml::pom(text),
        "directory.build.props" | "packages.config" => xml::msbuild(text),
        _ if is_project => xml::msbuild(text),
        "build.gradle" | "build.gradle.kts" => gradle::build(text),
        "go.mod" => plain::go_mod(text),
        "dockerfile" | "containerfile" => plain::dockerfile(text),
        _ if lower.starts_with("dockerfile.") || lower.ends_with(".dockerfile") => plain::dockerfile(text),
        _ if is_list && (lower.starts_with("requirements") || lower.ends_with("requirements.txt")) => {
            plain::requirements(text)
        }
        _ if is_list && folder.rsplit('/').next() == Some("requirements") => plain::requirements(text),
        _ if is_yaml && folder == ".github/workflows" => plain::workflow(text),
        _ if is_yaml && is_compose(&lower) => plain::compose(text),
        _ => Vec::new(),
    }
}

/// `compose.yml`, `docker-compose.yml`, `docker-compose.prod.yaml`, `docker-compose-test.yml`.
pub(crate) fn is_compose(name: &str) -> bool {
    let rest = name.strip_prefix("docker-compose").or_else(|| name.strip_prefix("compose"));
    rest.is_some_and(|rest| rest.starts_with(['.', '-', '_']))
}

/// The package of a Python requirement (`Django[bcrypt]>=4 ; python_version > "3"`), with its offset in it.
fn requirement(text: &str) -> Option<(usize, &str)> {
    let name = text.trim_start();
    let at = text.len() - name.len();
    let end = name
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')))
        .unwrap_or(name.len());
    let (name, rest) = name.split_at(end);
    let goes_on = rest.trim_start().chars().next();
    let ends = goes_on
        .is_none_or(|c| matches!(c, '=' | '<' | '>' | '!' | '~' | ';' | '[' | '(' | '@' | ',' | '\\' | '#'));
    let spaced = rest.starts_with([' ', '\t']);
    (name.starts_with(|c: char| c.is_ascii_alphanumeric()) && (ends || spaced)).then_some((at, name))
}

#[cfg(test)]
mod tests;
