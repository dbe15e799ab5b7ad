//! The parts of a repository: its packages where it has several, else its folders, else its files; and which of
//! them imports which.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use internflow_code::{Language, Package, Sources};
use internflow_domain::ModuleImport;

/// Modules that a picture can show; the largest are kept.
pub(super) const MOST: usize = 24;
/// A module with more than this part of all lines is looked into, in hundredths.
const TOO_MUCH: u64 = 60;

/// A source file: its path, its language, its lines and what it imports.
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) language: Language,
    pub(super) lines: u32,
    pub(super) imports: &'a [(String, u32)],
}

/// The module of each path. Begins with packages or the folders at the top, and splits what holds most of the
/// code, so that a repository of one package is shown by what is in it.
pub(super) fn assign<'a>(sources: &[Source<'a>], packages: &[Package]) -> HashMap<&'a str, String> {
    let folders: Vec<&str> = packages
        .iter()
        .filter_map(|package| package.manifest.rsplit_once('/'))
        .map(|(folder, _)| folder)
        .filter(|folder| sources.iter().any(|source| is_in(source.path, folder)))
        .collect();
    let folders = if folders.len() > 1 { folders } else { Vec::new() };
    let first = |path: &str| {
        let around = folders.iter().filter(|folder| is_in(path, folder)).max_by_key(|folder| folder.len());
        around.map_or_else(|| inner(path, ".", false), |folder| (*folder).to_owned())
    };
    let mut names: HashMap<&str, String> =
        sources.iter().map(|source| (source.path, first(source.path))).collect();
    let total: u64 = sources.iter().map(|source| u64::from(source.lines)).sum();
    loop {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for source in sources {
            *sums.entry(&names[source.path]).or_default() += u64::from(source.lines);
        }
        let count = sums.len();
        let Some((big, lines)) = sums.into_iter().max_by_key(|(_, lines)| *lines) else { break };
        if count > 2 && lines * 100 <= total * TOO_MUCH {
            break;
        }
        let big = big.to_owned();
        let split = |files: bool| -> Vec<(&'a str, String)> {
            let inside = sources.iter().filter(|source| names[source.path] == big);
            inside.map(|source| (source.path, inner(source.path, &big, files))).collect()
        };
        // Files by themselves where they are few, else only the folders.
        let fits = |parts: &Vec<(&str, String)>| {
            let distinct: BTreeSet<&String> = parts.iter().map(|(_, name)| name).collect();
            count - 1 + distinct.len() <= MOST && parts.iter().any(|(_, name)| *name != big)
        };
        let Some(parts) = [true, false].into_iter().map(split).find(fits) else { break };
        names.extend(parts);
    }
    names
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The name one step further in than `module`: a folder, or the file itself with `files`, else `module`.
fn inner(path: &str, module: &str, files: bool) -> String {
    let rest = if module == "." { Some(path) } else { path.strip_prefix(module) };
    let Some(rest) = rest.map(|rest| rest.trim_start_matches('/')).filter(|rest| !rest.is_empty()) else {
        return module.to_owned();
    };
    match rest.split_once('/') {
        Some((folder, _)) => path[..path.len() - rest.len() + folder.len()].to_owned(),
        None if files => path.to_owned(),
        None => module.to_owned(),
    }
}

/// Who imports whom, the most imports first. `paths` are all files of the repository.
pub(super) fn imports(
    sources: &[Source<'_>],
    names: &HashMap<&str, String>,
    paths: impl IntoIterator<Item = String>,
    packages: Vec<Package>,
) -> Vec<ModuleImport> {
    let tree = Sources::new(paths, packages);
    let modules: BTreeSet<&String> = names.values().collect();
    // The manifest of a package stands for all of it.
    let around = |path: &str| {
        modules
            .iter()
            .filter(|name| is_in(path, name))
            .max_by_key(|name| name.len())
            .map(|name| name.as_str())
    };
    let mut found: BTreeMap<(&str, &str), ModuleImport> = BTreeMap::new();
    for source in sources {
        let from = names[source.path].as_str();
        for (target, line) in source.imports {
            let Some(path) = tree.resolve(source.path, source.language, target) else { continue };
            let to = names.get(path).map(String::as_str).or_else(|| around(path));
            let Some(to) = to.filter(|to| *to != from) else { continue };
            let import = found.entry((from, to)).or_insert_with(|| ModuleImport {
                from: from.to_owned(),
                to: to.to_owned(),
                count: 0,
                path: source.path.to_owned(),
                line: *line,
            });
            import.count += 1;
        }
    }
    let mut found: Vec<ModuleImport> = found.into_values().collect();
    found.sort_by_key(|import| std::cmp::Reverse(import.count));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source<'a>(path: &'a str, lines: u32, imports: &'a [(String, u32)]) -> Source<'a> {
        Source { path, language: Language::Python, lines, imports }
    }

    fn modules(files: &[(&str, u32)], packages: &[&str]) -> String {
        let sources: Vec<Source> = files.iter().map(|(path, lines)| source(path, *lines, &[])).collect();
        let package = |folder: &&str| Package {
            manifest: format!("{folder}/pyproject.toml"),
            name: (*folder).to_owned(),
        };
        let packages: Vec<Package> = packages.iter().map(package).collect();
        let names: BTreeSet<String> = assign(&sources, &packages).into_values().collect();
        names.into_iter().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn modules_are_packages_or_folders_or_files() {
        let folders = [("api/a.py", 50), ("web/b.py", 50), ("tests/c.py", 50), ("run.py", 5)];
        assert_eq!(modules(&folders, &[]), ". api tests web");
        let library = [("src/shop/cart.py", 90), ("src/shop/pay.py", 60), ("tests/test_cart.py", 40)];
        assert_eq!(
            modules(&library, &[]),
            "src/shop/cart.py src/shop/pay.py tests",
            "one package is shown by what is in it"
        );
        let many =
            [("packages/a/x.py", 50), ("packages/b/y.py", 50), ("packages/b/z/w.py", 9), ("ci/run.py", 9)];
        assert_eq!(modules(&many, &["packages/a", "packages/b"]), "ci packages/a packages/b");
        let flat: Vec<String> = (0..60).map(|n| format!("lib/f{n}.py")).collect();
        let flat: Vec<(&str, u32)> = flat.iter().map(|path| (path.as_str(), 9)).collect();
        assert_eq!(modules(&flat, &[]), "lib", "sixty boxes say less than one");
        assert_eq!(modules(&[], &[]), "");
    }

    #[test]
    fn imports_between_modules_are_counted_and_those_within_are_not() {
        let api = [("shop.cart".to_owned(), 1), ("shop.pay.charge".to_owned(), 4), ("os".to_owned(), 2)];
        let cart = [(".pay".to_owned(), 1)];
        let sources =
            [source("api/main.py", 9, &api), source("shop/cart.py", 9, &cart), source("shop/pay.py", 9, &[])];
        let names = HashMap::from([
            ("api/main.py", "api".to_owned()),
            ("shop/cart.py", "shop".to_owned()),
            ("shop/pay.py", "shop".to_owned()),
        ]);
        let paths = sources.iter().map(|source| source.path.to_owned());
        let found = imports(&sources, &names, paths, Vec::new());
        let shown: Vec<String> = found
            .iter()
            .map(|one| format!("{} {} {} {}:{}", one.from, one.to, one.count, one.path, one.line))
            .collect();
        assert_eq!(shown, ["api shop 2 api/main.py:1"]);
    }
}
