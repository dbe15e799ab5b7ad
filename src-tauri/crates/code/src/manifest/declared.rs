//! What a manifest declares about its own project: its name, its description, and the programs it makes.

use std::sync::LazyLock;

use regex::Regex;
use toml::de::DeTable;

use super::json;
use super::plain::{lines, without_comment};
use super::tables::{root, table};
use crate::entry::EntryPoint;

/// What one manifest says; all of it empty for a file that is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The name under which others import or install it.
    pub name: Option<String>,
    /// The description with its line (from 1).
    pub description: Option<(String, u32)>,
    pub programs: Vec<EntryPoint>,
}

/// Reads the manifest at `path`. Of a damaged one what could be read.
pub fn declared(path: &str, text: &str) -> Declared {
    match path.rsplit('/').next().unwrap_or(path) {
        "Cargo.toml" => cargo(text),
        "pyproject.toml" => pyproject(text),
        "package.json" => package(text),
        "setup.cfg" => setup_cfg(text),
        "setup.py" => setup_py(text),
        "go.mod" => go_mod(text),
        "pom.xml" => pom(text),
        _ => Declared::default(),
    }
}

fn line_at(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    u32::try_from(before.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX - 1) + 1
}

/// A string of a TOML table with its line.
fn said(table: Option<&DeTable>, key: &str, text: &str) -> Option<(String, u32)> {
    let value = table?.get(key)?;
    let said = value.get_ref().as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!said.is_empty()).then(|| (said, line_at(text, value.span().start)))
}

fn cargo(text: &str) -> Declared {
    let root = root(text);
    let package = table(&root, &["package"]);
    let bins = root.get("bin").and_then(|bins| bins.get_ref().as_array());
    let programs = bins.into_iter().flat_map(|bins| bins.iter()).filter_map(|bin| {
        let (name, line) = said(bin.get_ref().as_table(), "name", text)?;
        Some(EntryPoint::new(name, "bin", line))
    });
    Declared {
        name: said(package, "name", text).map(|(name, _)| name),
        description: said(package, "description", text),
        programs: programs.collect(),
    }
}

fn pyproject(text: &str) -> Declared {
    let root = root(text);
    let projects = [table(&root, &["project"]), table(&root, &["tool", "poetry"])];
    let programs = projects
        .iter()
        .flatten()
        .flat_map(|project| ["scripts", "gui-scripts"].map(|key| table(project, &[key])))
        .flatten()
        .flat_map(|scripts| scripts.iter())
        .map(|(name, _)| {
            let line = line_at(text, name.span().start);
            EntryPoint::new(name.get_ref().as_ref(), "console script", line)
        });
    let first = |key| projects.iter().find_map(|project| said(*project, key, text));
    Declared {
        name: first("name").map(|(name, _)| name),
        description: first("description"),
        programs: programs.collect(),
    }
}

fn package(text: &str) -> Declared {
    let mut declared = Declared::default();
    for (keys, at, value) in json::values(text) {
        let line = line_at(text, at);
        match keys[..] {
            ["", "name"] => declared.name = Some(unescaped(value)),
            ["", "description"] if !value.trim().is_empty() => {
                declared.description = Some((unescaped(value), line));
            }
            // Named like the package.
            ["", "bin"] => declared.programs.push(EntryPoint::new(unescaped(value), "bin", line)),
            ["", "bin", name] => declared.programs.push(EntryPoint::new(name, "bin", line)),
            ["", "scripts", name] => {
                let said = format!("{name}: {}", unescaped(value));
                declared.programs.push(EntryPoint::new(said, "npm script", line));
            }
            _ => {}
        }
    }
    declared
}

/// A JSON string with its common escapes read.
fn unescaped(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 't' | 'r') => text.push(' '),
                Some(other) => text.push(other),
                None => {}
            },
            letter => text.push(letter),
        }
    }
    text.trim().to_owned()
}

fn setup_cfg(text: &str) -> Declared {
    let mut declared = Declared::default();
    let (mut section, mut key) = ("", "");
    for ((_, line), number) in lines(text).zip(1..) {
        let code = without_comment(line);
        if let Some(name) = code.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            (section, key) = (name.trim(), "");
        } else if code.starts_with([' ', '\t']) {
            let program = code.split_once('=').map(|(name, _)| name.trim());
            let listed =
                section == "options.entry_points" && matches!(key, "console_scripts" | "gui_scripts");
            let program = program.filter(|_| listed);
            declared.programs.extend(program.map(|name| EntryPoint::new(name, "console script", number)));
        } else if let Some((name, value)) = code.split_once('=') {
            key = name.trim();
            match (section, key, value.trim()) {
                (_, _, "") => {}
                ("metadata", "name", value) => declared.name = Some(value.to_owned()),
                ("metadata", "description", value) => {
                    declared.description = Some((value.to_owned(), number));
                }
                _ => {}
            }
        }
    }
    declared
}

/// The strings given to a few arguments; the file is never run.
fn setup_py(text: &str) -> Declared {
    static GIVEN: LazyLock<[Regex; 3]> = LazyLock::new(|| {
        [
            r#"(?m)(?:^|[(,])\s*name\s*=\s*["']([^"'\n]+)["']"#,
            r#"(?m)(?:^|[(,])\s*description\s*=\s*["']([^"'\n]+)["']"#,
            r#"["']\s*([\w.-]+)\s*=\s*[\w.]+:[\w.]+\s*["']"#,
        ]
        .map(|pattern| {
            Regex::new(pattern).expect("the pattern is part of the program and is compiled by the tests")
        })
    });
    let [name, description, program] = &*GIVEN;
    let first = |pattern: &Regex| {
        let said = pattern.captures(text)?.get(1)?;
        Some((said.as_str().to_owned(), line_at(text, said.start())))
    };
    let listed = text.find("console_scripts").unwrap_or(text.len());
    let programs = program.captures_iter(&text[listed..]).filter_map(|found| found.get(1)).map(|found| {
        EntryPoint::new(found.as_str(), "console script", line_at(text, listed + found.start()))
    });
    Declared {
        name: first(name).map(|(name, _)| name),
        description: first(description),
        programs: programs.collect(),
    }
}

fn go_mod(text: &str) -> Declared {
    let name = text.lines().find_map(|line| line.trim().strip_prefix("module "));
    let name = name.and_then(|name| name.split_whitespace().next()).map(|name| name.trim_matches('"'));
    Declared { name: name.map(str::to_owned), ..Declared::default() }
}

fn pom(text: &str) -> Declared {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"<description>\s*([^<]+?)\s*</description>")
            .expect("the pattern is part of the program and is compiled by the tests")
    });
    let said = SAID.captures(text).and_then(|found| found.get(1));
    let words = |said: &str| said.split_whitespace().collect::<Vec<_>>().join(" ");
    let description = said.map(|said| (words(said.as_str()), line_at(text, said.start())));
    Declared { description, ..Declared::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_name_describe_and_list_programs() {
        let cases = [
            (
                "Cargo.toml",
                "[package]\nname = \"shop\"\ndescription = \"Sells\"\n[[bin]]\nname = \"till\"\n",
                "shop, 3 Sells, 5 till",
            ),
            (
                "a/pyproject.toml",
                "[project]\nname = 'shop'\ndescription = '''Sells\nthings'''\n[project.scripts]\ntill = 'shop:main'\n",
                "shop, 3 Sells things, 6 till",
            ),
            (
                "package.json",
                "{\n \"name\": \"@a/shop\",\n \"description\": \"Sells \\\"all\\\"\",\n \"author\": {\"name\": \"Asha\"},\n \"bin\": {\"till\": \"./till.js\"},\n \"scripts\": {\"start\": \"node .\"}\n}",
                "@a/shop, 3 Sells \"all\", 5 till, 6 start: node .",
            ),
            (
                "setup.cfg",
                "[metadata]\nname = shop\ndescription = Sells\n[options.entry_points]\nconsole_scripts =\n    till = shop:main\nother =\n    x = y\n",
                "shop, 3 Sells, 6 till",
            ),
            (
                "setup.py",
                "setup(name='shop',\n    long_description='No',\n    description=\"Sells\",\n    entry_points={'console_scripts': ['till = shop.till:main']},\n)\n",
                "shop, 3 Sells, 4 till",
            ),
            ("go.mod", "module x.org/shop // the shop\n\ngo 1.24\n", "x.org/shop"),
            (
                "pom.xml",
                "<project>\n<description> Sells\nthings </description></project>",
                "no name, 2 Sells things",
            ),
            ("requirements.txt", "name = 'x'\n", "no name"),
        ];
        for (path, text, want) in cases {
            let found = declared(path, text);
            let mut shown = vec![found.name.unwrap_or_else(|| "no name".to_owned())];
            shown.extend(found.description.map(|(said, line)| format!("{line} {said}")));
            shown.extend(found.programs.iter().map(|one| format!("{} {}", one.line, one.name)));
            assert_eq!(shown.join(", "), want, "{path}");
        }
    }
}
