//! From the words of an import to a file of the same repository.
//!
//! Nothing is guessed: an import whose file is not there belongs to somebody else's package, or to none.

use std::collections::{HashMap, HashSet};

use crate::Language;

const SCRIPTS: &[&str] = &["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "svelte", "vue", "json"];

/// A package that the repository makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Path of its manifest: `web/package.json`.
    pub manifest: String,
    /// The name by which others import it.
    pub name: String,
}

impl Package {
    fn folder(&self) -> &str {
        folder(&self.manifest)
    }

    fn is_by(&self, manifest: &str) -> bool {
        file_name(&self.manifest) == manifest
    }
}

/// The files of a repository at one commit.
#[derive(Debug, Default)]
pub struct Sources {
    paths: HashSet<String>,
    /// Paths by the last part.
    names: HashMap<String, Vec<String>>,
    /// The first file of each folder.
    folders: HashMap<String, String>,
    packages: Vec<Package>,
}

impl Sources {
    /// `paths` are all files that count, `packages` what their manifests declare.
    pub fn new(paths: impl IntoIterator<Item = String>, packages: Vec<Package>) -> Self {
        let mut paths: Vec<String> = paths.into_iter().collect();
        paths.sort();
        let mut sources = Self { packages, ..Self::default() };
        for path in &paths {
            sources.names.entry(file_name(path).to_owned()).or_default().push(path.clone());
            sources.folders.entry(folder(path).to_owned()).or_insert_with(|| path.clone());
        }
        sources.paths = paths.into_iter().collect();
        sources
    }

    /// The file that an import in `from` means. None for what is not of this repository.
    pub fn resolve(&self, from: &str, language: Language, target: &str) -> Option<&str> {
        match language {
            Language::Python => self.python(from, target),
            Language::JavaScript
            | Language::TypeScript
            | Language::Tsx
            | Language::Svelte
            | Language::Vue => self.script(from, target),
            Language::Java => self.java(target),
            Language::Go => self.go(target),
            Language::Rust => self.rust(from, target),
            Language::C | Language::Cpp => self.c(from, target),
            _ => None,
        }
    }

    fn file(&self, path: &str) -> Option<&str> {
        self.paths.get(path).map(String::as_str)
    }

    fn python(&self, from: &str, target: &str) -> Option<&str> {
        let dots = target.len() - target.trim_start_matches('.').len();
        let parts: Vec<&str> = target.split('.').filter(|part| !part.is_empty()).collect();
        // The last part may be a name in the module instead of a module.
        let look = |root: &str, least: usize| {
            (parts.len().saturating_sub(1).max(least)..=parts.len()).rev().find_map(|cut| {
                let path = join(root, &parts[..cut].join("/"));
                ["", "i"].iter().find_map(|end| {
                    let module = (cut > 0).then(|| self.file(&format!("{path}.py{end}"))).flatten();
                    module.or_else(|| self.file(&join(&path, &format!("__init__.py{end}"))))
                })
            })
        };
        if dots > 0 {
            return look(&up(folder(from), dots - 1)?, 0);
        }
        // A folder that is a package is no place to look in: its `json.py` is not `import json`.
        let is_package = |folder: &str| self.file(&join(folder, "__init__.py")).is_some();
        outwards(folder(from))
            .filter(|folder| !is_package(folder))
            .find_map(|folder| look(folder, 1).or_else(|| look(&join(folder, "src"), 1)))
    }

    fn script(&self, from: &str, target: &str) -> Option<&str> {
        if target.starts_with('.') {
            return self.script_at(&resolved(folder(from), target)?);
        }
        let package = self
            .packages
            .iter()
            .filter(|package| package.is_by("package.json"))
            .find(|package| target.strip_prefix(&package.name).is_some_and(starts_or_ends));
        if let Some(package) = package {
            return self.file(&package.manifest);
        }
        // What bundlers are told to read as the sources' folder; the file's being there is the proof.
        let inner = target.strip_prefix("@/").or_else(|| target.strip_prefix("~/"))?;
        outwards(folder(from)).find_map(|folder| self.script_at(&join(&join(folder, "src"), inner)))
    }

    fn script_at(&self, path: &str) -> Option<&str> {
        let with_ends = |stem: &str| SCRIPTS.iter().find_map(|end| self.file(&format!("{stem}.{end}")));
        // TypeScript names the file that will be there after it was compiled.
        let stem =
            [".js", ".jsx", ".mjs", ".cjs"].iter().find_map(|end| path.strip_suffix(*end)).unwrap_or(path);
        self.file(path)
            .or_else(|| with_ends(path))
            .or_else(|| with_ends(stem))
            .or_else(|| with_ends(&join(path, "index")))
    }

    fn java(&self, target: &str) -> Option<&str> {
        if let Some(package) = target.strip_suffix(".*") {
            let wanted = package.replace('.', "/");
            // A class whose members are all imported, or a package.
            return self.java(package).or_else(|| {
                let mut fits: Vec<(&String, &String)> =
                    self.folders.iter().filter(|(folder, _)| ends_with(folder, &wanted)).collect();
                fits.sort();
                fits.iter().find(|(_, file)| file.ends_with(".java")).map(|(_, file)| file.as_str())
            });
        }
        let parts: Vec<&str> = target.split('.').collect();
        // A class in a class, or a member of one, is in the file of the outer.
        (2..=parts.len()).rev().take(3).find_map(|cut| {
            let wanted = format!("{}.java", parts[..cut].join("/"));
            self.by_end(&wanted).next()
        })
    }

    fn go(&self, target: &str) -> Option<&str> {
        self.packages.iter().filter(|package| package.is_by("go.mod")).find_map(|package| {
            let rest = target.strip_prefix(&package.name).filter(|rest| starts_or_ends(rest))?;
            let folder = join(package.folder(), rest.trim_start_matches('/'));
            self.folders.get(&folder).map(String::as_str)
        })
    }

    fn rust(&self, from: &str, target: &str) -> Option<&str> {
        let parts: Vec<&str> = target.split("::").collect();
        let (first, rest) = parts.split_first()?;
        let is_root =
            |folder: &&str| ["lib.rs", "main.rs"].iter().any(|root| self.file(&join(folder, root)).is_some());
        let root = outwards(folder(from)).find(is_root)?;
        // The folder in which the modules of this file are.
        let stem = file_name(from).trim_end_matches(".rs");
        let own = match stem {
            "lib" | "main" | "mod" => folder(from).to_owned(),
            stem => join(folder(from), stem),
        };
        match *first {
            "crate" => self.rust_in(root, rest).or_else(|| self.rust_root(root)),
            "self" => self.rust_in(&own, rest),
            "super" => {
                let climbs = parts.iter().take_while(|part| **part == "super").count();
                let folder = up(&own, climbs)?;
                let inner = self.rust_in(&folder, &parts[climbs..]);
                inner.or_else(|| if folder == root { self.rust_root(root) } else { self.rust_file(&folder) })
            }
            name => {
                let package = self
                    .packages
                    .iter()
                    .filter(|package| package.is_by("Cargo.toml"))
                    .find(|package| package.name.replace('-', "_") == name);
                match package {
                    Some(package) => {
                        let root = join(package.folder(), "src");
                        self.rust_in(&root, rest).or_else(|| self.rust_root(&root))
                    }
                    None => self.rust_in(&own, &parts),
                }
            }
        }
    }

    /// The file of the longest part of a path that is a module under `folder`.
    fn rust_in(&self, folder: &str, parts: &[&str]) -> Option<&str> {
        (1..=parts.len()).rev().find_map(|cut| self.rust_file(&join(folder, &parts[..cut].join("/"))))
    }

    fn rust_file(&self, module: &str) -> Option<&str> {
        self.file(&format!("{module}.rs")).or_else(|| self.file(&join(module, "mod.rs")))
    }

    fn rust_root(&self, folder: &str) -> Option<&str> {
        self.file(&join(folder, "lib.rs")).or_else(|| self.file(&join(folder, "main.rs")))
    }

    fn c(&self, from: &str, target: &str) -> Option<&str> {
        let inner = target.get(1..target.len().checked_sub(1)?)?;
        if target.starts_with('<') {
            // The system's headers have such names too; what is installed from here lies in `include`.
            return self.by_end(&format!("include/{inner}")).next();
        }
        let beside = resolved(folder(from), inner).and_then(|path| self.file(&path));
        let outer = || {
            outwards(folder(from)).find_map(|folder| {
                ["", "include", "src"].iter().find_map(|one| self.file(&join(&join(folder, one), inner)))
            })
        };
        let only = || {
            let mut fits = self.by_end(inner);
            fits.next().filter(|_| fits.next().is_none())
        };
        beside.or_else(outer).or_else(only)
    }

    /// Files whose path ends in these parts.
    fn by_end<'s>(&'s self, end: &str) -> impl Iterator<Item = &'s str> + use<'s> {
        let named = self.names.get(file_name(end)).map(Vec::as_slice).unwrap_or_default();
        let end = end.to_owned();
        named.iter().map(String::as_str).filter(move |path| ends_with(path, &end))
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// The folder and those around it, the top of the repository (an empty path) last.
fn outwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| (!at.is_empty()).then(|| self::folder(at)))
}

/// The folder so many steps out; None beyond the top.
fn up(folder: &str, steps: usize) -> Option<String> {
    outwards(folder).nth(steps).map(str::to_owned)
}

/// A relative path without its `.` and `..`; None when it leaves the repository.
fn resolved(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `path` ends in the whole parts of `end`.
fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// What follows a package's name in an import: nothing, or a path inside of it.
fn starts_or_ends(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, paths: &[&str], packages: &[(&str, &str)], cases: &[(&str, &str, &str)]) {
        let package = |(manifest, name): &(&str, &str)| Package {
            manifest: (*manifest).to_owned(),
            name: (*name).to_owned(),
        };
        let all = paths.iter().chain(packages.iter().map(|(manifest, _)| manifest));
        let sources =
            Sources::new(all.map(|path| (*path).to_owned()), packages.iter().map(package).collect());
        for (from, target, want) in cases {
            let found = sources.resolve(from, language, target).unwrap_or("");
            assert_eq!(found, *want, "{target} in {from} ({})", language.name());
        }
    }

    #[test]
    fn python_looks_where_python_looks() {
        let paths = [
            "src/shop/__init__.py",
            "src/shop/json.py",
            "src/shop/pay/card.py",
            "tests/test_pay.py",
            "run.py",
        ];
        let cases = [
            ("src/shop/json.py", ".pay.card.Card", "src/shop/pay/card.py"),
            ("src/shop/pay/card.py", "..json", "src/shop/json.py"),
            ("src/shop/json.py", ".VERSION", "src/shop/__init__.py"),
            ("tests/test_pay.py", "shop.json.load", "src/shop/json.py"),
            ("src/shop/pay/card.py", "shop.pay.card", "src/shop/pay/card.py"),
            ("src/shop/json.py", "json", ""),
            ("run.py", "os.path", ""),
            ("run.py", "....a", ""),
        ];
        check(Language::Python, &paths, &[], &cases);
    }

    #[test]
    fn scripts_may_name_what_they_are_compiled_to() {
        let paths = ["web/src/a.ts", "web/src/b/index.tsx", "web/src/C.svelte", "lib/x.js"];
        let packages = [("lib/package.json", "@shop/lib")];
        let cases = [
            ("web/src/a.ts", "./b", "web/src/b/index.tsx"),
            ("web/src/b/index.tsx", "../a.js", "web/src/a.ts"),
            ("web/src/a.ts", "./C.svelte", "web/src/C.svelte"),
            ("web/src/b/index.tsx", "@/a", "web/src/a.ts"),
            ("web/src/a.ts", "@shop/lib/x", "lib/package.json"),
            ("web/src/a.ts", "@shop/library", ""),
            ("web/src/a.ts", "react", ""),
            ("web/src/a.ts", "../../../../etc", ""),
        ];
        check(Language::TypeScript, &paths, &packages, &cases);
    }

    #[test]
    fn packages_and_headers_are_found_by_their_names() {
        let java = ["app/src/main/java/org/shop/Cart.java", "app/src/main/java/org/shop/pay/Card.java"];
        let cases = [
            (java[0], "org.shop.pay.Card", java[1]),
            (java[0], "org.shop.pay.Card.Kind", java[1]),
            (java[0], "org.shop.pay.*", java[1]),
            (java[0], "java.util.List", ""),
        ];
        check(Language::Java, &java, &[], &cases);
        let go = ["cmd/main.go", "internal/pay/card.go"];
        let cases = [
            ("cmd/main.go", "x.org/shop/internal/pay", "internal/pay/card.go"),
            ("cmd/main.go", "x.org/shopping", ""),
            ("cmd/main.go", "fmt", ""),
        ];
        check(Language::Go, &go, &[("go.mod", "x.org/shop")], &cases);
        let c = ["src/a.c", "src/a.h", "include/shop/b.h", "deep/down/only.h"];
        let cases = [
            ("src/a.c", "\"a.h\"", "src/a.h"),
            ("src/a.c", "<shop/b.h>", "include/shop/b.h"),
            ("src/a.c", "\"shop/b.h\"", "include/shop/b.h"),
            ("src/a.c", "\"only.h\"", "deep/down/only.h"),
            ("src/a.c", "<only.h>", ""),
            ("src/a.c", "\"", ""),
        ];
        check(Language::C, &c, &[], &cases);
    }

    #[test]
    fn rust_paths_lead_to_modules_of_any_crate_here() {
        let paths = [
            "core/src/lib.rs",
            "core/src/pay.rs",
            "core/src/pay/card.rs",
            "cli/src/main.rs",
            "cli/src/show.rs",
        ];
        let packages = [("core/Cargo.toml", "shop-core"), ("cli/Cargo.toml", "cli")];
        let cases = [
            ("cli/src/main.rs", "shop_core::pay::card::Card", "core/src/pay/card.rs"),
            ("cli/src/main.rs", "shop_core::Cart", "core/src/lib.rs"),
            ("cli/src/show.rs", "crate::show::line", "cli/src/show.rs"),
            ("core/src/pay.rs", "card::Card", "core/src/pay/card.rs"),
            ("core/src/pay/card.rs", "super::Pay", "core/src/pay.rs"),
            ("core/src/pay.rs", "super::Cart", "core/src/lib.rs"),
            ("core/src/pay.rs", "crate::Cart", "core/src/lib.rs"),
            ("core/src/pay.rs", "std::fmt", ""),
        ];
        check(Language::Rust, &paths, &packages, &cases);
    }
}
