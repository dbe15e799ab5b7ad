//! Well-known technologies, and which of them a sentence names.
//!
//! The list is `technologies.toml`, embedded and read once. It is a gate for résumé bullets, so a name missed
//! and a name invented are equally wrong; `prose.rs` says how names are read.

mod prose;

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

pub use prose::technologies_in;

/// What sort of skill a technology is, as a résumé groups them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TechnologyKind {
    Language,
    Framework,
    Library,
    Database,
    Testing,
    Tool,
    Ml,
    Cloud,
}

impl TechnologyKind {
    /// The lower-case word for it, as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Framework => "framework",
            Self::Library => "library",
            Self::Database => "database",
            Self::Testing => "testing",
            Self::Tool => "tool",
            Self::Ml => "ml",
            Self::Cloud => "cloud",
        }
    }
}

/// One technology of the list.
#[derive(Debug)]
pub struct Technology {
    /// The display name, in its usual capitals.
    pub name: String,
    pub kind: TechnologyKind,
    entry: Entry,
}

/// The technologies that a package proves, by its exact name.
pub(crate) fn proven_by(ecosystem: Ecosystem, package: &str) -> Vec<&'static Technology> {
    let package = normal(ecosystem, package);
    let index = packages();
    // All the names under which the list may know the package.
    let known_as: Vec<&str> = match ecosystem {
        Ecosystem::Maven => package.split(':').chain([package.as_str()]).collect(),
        Ecosystem::Go => {
            let folders = package.match_indices('/').take(16).map(|(at, _)| &package[..at]);
            folders.chain([package.as_str()]).collect()
        }
        _ => vec![&package],
    };
    let exact =
        known_as.iter().filter_map(|name| index.exact.get(&(ecosystem, (*name).to_owned()))).flatten();
    let within = |(of, start, _): &&(Ecosystem, String, usize)| {
        *of == ecosystem && known_as.iter().any(|name| name.starts_with(start.as_str()))
    };
    let mut found: Vec<usize> = exact.copied().collect();
    found.extend(index.prefixes.iter().filter(within).map(|(_, _, technology)| *technology));
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|technology| &technologies()[technology]).collect()
}

/// The packages of the list with the positions of what they prove, those that end in `*` apart.
struct Packages {
    exact: HashMap<(Ecosystem, String), Vec<usize>>,
    prefixes: Vec<(Ecosystem, String, usize)>,
}

fn packages() -> &'static Packages {
    static INDEX: OnceLock<Packages> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = Packages { exact: HashMap::new(), prefixes: Vec::new() };
        for (position, technology) in technologies().iter().enumerate() {
            for ecosystem in Ecosystem::ALL {
                for package in technology.entry.packages(ecosystem) {
                    let package = normal(ecosystem, package);
                    match package.strip_suffix('*') {
                        Some(start) => index.prefixes.push((ecosystem, start.to_owned(), position)),
                        None => index.exact.entry((ecosystem, package)).or_default().push(position),
                    }
                }
            }
        }
        index
    })
}

/// Where a package name comes from. A Maven package is `group:artifact`, a Docker package an image without tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Ecosystem {
    Python,
    Npm,
    Maven,
    Go,
    Cargo,
    Nuget,
    Docker,
}

impl Ecosystem {
    const ALL: [Self; 7] =
        [Self::Python, Self::Npm, Self::Maven, Self::Go, Self::Cargo, Self::Nuget, Self::Docker];
}

/// The spelling under which an ecosystem takes two package names for the same.
fn normal(ecosystem: Ecosystem, package: &str) -> String {
    match ecosystem {
        Ecosystem::Python => {
            let parts = package.split(['-', '_', '.']).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
        }
        Ecosystem::Cargo => package.replace('_', "-"),
        Ecosystem::Go | Ecosystem::Nuget | Ecosystem::Docker => package.to_ascii_lowercase(),
        Ecosystem::Npm | Ecosystem::Maven => package.to_owned(),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(default)]
    ambiguous: bool,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    ambiguous_aliases: Vec<String>,
    #[serde(default)]
    not_before: Vec<String>,
    #[serde(default)]
    python: Vec<String>,
    #[serde(default)]
    npm: Vec<String>,
    #[serde(default)]
    maven: Vec<String>,
    #[serde(default)]
    go: Vec<String>,
    #[serde(default)]
    cargo: Vec<String>,
    #[serde(default)]
    nuget: Vec<String>,
    #[serde(default)]
    docker: Vec<String>,
}

impl Entry {
    fn packages(&self, ecosystem: Ecosystem) -> &[String] {
        match ecosystem {
            Ecosystem::Python => &self.python,
            Ecosystem::Npm => &self.npm,
            Ecosystem::Maven => &self.maven,
            Ecosystem::Go => &self.go,
            Ecosystem::Cargo => &self.cargo,
            Ecosystem::Nuget => &self.nuget,
            Ecosystem::Docker => &self.docker,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    language: Vec<Entry>,
    framework: Vec<Entry>,
    library: Vec<Entry>,
    database: Vec<Entry>,
    testing: Vec<Entry>,
    tool: Vec<Entry>,
    ml: Vec<Entry>,
    cloud: Vec<Entry>,
}

/// Every technology of the list, grouped by kind.
pub fn technologies() -> &'static [Technology] {
    static LIST: OnceLock<Vec<Technology>> = OnceLock::new();
    LIST.get_or_init(|| {
        let table: Table =
            toml::from_str(include_str!("technologies.toml")).expect("embedded, and read by every test");
        [
            (TechnologyKind::Language, table.language),
            (TechnologyKind::Framework, table.framework),
            (TechnologyKind::Library, table.library),
            (TechnologyKind::Database, table.database),
            (TechnologyKind::Testing, table.testing),
            (TechnologyKind::Tool, table.tool),
            (TechnologyKind::Ml, table.ml),
            (TechnologyKind::Cloud, table.cloud),
        ]
        .into_iter()
        .flat_map(|(kind, entries)| entries.into_iter().map(move |entry| (kind, entry)))
        .map(|(kind, entry)| Technology { name: entry.name.clone(), kind, entry })
        .collect()
    })
}

#[cfg(test)]
mod tests;
