//! Where a program begins, as its source says it. What manifests declare is in `manifest/declared.rs`.

use tree_sitter::Node;

use crate::Language;
use crate::syntax::{self, text_of};

/// A place where a program begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    /// What it is called, or the command that it runs.
    pub name: String,
    /// Why it counts: "main function", "`__main__` block", "bin", "console script".
    pub what: &'static str,
    /// From 1.
    pub line: u32,
}

impl EntryPoint {
    pub(crate) fn new(name: impl Into<String>, what: &'static str, line: u32) -> Self {
        Self { name: name.into(), what, line }
    }
}

/// Where programs begin in the source file at `path`.
pub fn entry_points(language: Language, path: &str, text: &str) -> Vec<EntryPoint> {
    let file = path.rsplit('/').next().unwrap_or(path);
    // `#![…]` opens an attribute of Rust.
    if text.starts_with("#!") && !text.starts_with("#![") {
        return vec![EntryPoint::new(file, "executable script", 1)];
    }
    match (language, file) {
        (Language::Python, "__main__.py") => return vec![EntryPoint::new(file, "`__main__` module", 1)],
        // Cargo runs it, and nobody else.
        (Language::Rust, "build.rs") => return Vec::new(),
        (Language::Dockerfile, _) => return container(text),
        _ => {}
    }
    let Some(tree) = syntax::parse(language, text) else { return Vec::new() };
    let mut found = Vec::new();
    syntax::each_node(tree.root_node(), |node| {
        if let Some((name, what)) = begins(language, node, text) {
            found.push(EntryPoint::new(name, what, syntax::line_of(node)));
        }
    });
    found
}

fn begins(language: Language, node: Node, text: &str) -> Option<(String, &'static str)> {
    const MAIN: &str = "main function";
    let field = |name: &str| node.child_by_field_name(name).map(|n| text_of(n, text));
    let at_top = || node.parent().is_some_and(|parent| parent.parent().is_none());
    match (language, node.kind()) {
        (Language::Python, "if_statement") if at_top() => {
            let condition: String = field("condition")?.split_whitespace().collect();
            let asks = condition.contains("__name__==") && condition.contains("__main__");
            asks.then(|| ("__main__".to_owned(), "`__main__` block"))
        }
        (Language::Go, "function_declaration") => {
            let is = field("name")? == "main" && text.lines().any(|line| line.trim() == "package main");
            is.then(|| ("main".to_owned(), MAIN))
        }
        (Language::Rust, "function_item") if at_top() => {
            (field("name")? == "main").then(|| ("main".to_owned(), MAIN))
        }
        (Language::C | Language::Cpp, "function_definition") => {
            let declarator = node.child_by_field_name("declarator")?;
            let name = declarator.child_by_field_name("declarator").map(|n| text_of(n, text));
            (name == Some("main")).then(|| ("main".to_owned(), MAIN))
        }
        (Language::Java | Language::CSharp, "method_declaration") => {
            let head = text.get(node.start_byte()..node.child_by_field_name("body")?.start_byte())?;
            let name = field("name")?;
            let is = head.contains("static")
                && match language {
                    Language::Java => name == "main" && head.contains("void"),
                    _ => name == "Main",
                };
            let class = syntax::ancestors(node).find(|n| n.kind() == "class_declaration");
            let class = class.and_then(|class| class.child_by_field_name("name"));
            let class = class.map_or("", |name| text_of(name, text));
            is.then(|| (format!("{class}.{name}").trim_start_matches('.').to_owned(), MAIN))
        }
        _ => None,
    }
}

/// What a container runs: the last of each instruction is the one that counts.
fn container(text: &str) -> Vec<EntryPoint> {
    let last = |word: &str| {
        let is =
            |line: &str| line.split_whitespace().next().is_some_and(|first| first.eq_ignore_ascii_case(word));
        text.lines().zip(1..).filter(|(line, _)| is(line)).last()
    };
    ["ENTRYPOINT", "CMD"]
        .into_iter()
        .filter_map(last)
        .map(|(line, number)| EntryPoint::new(line.trim(), "container command", number))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_begin_where_their_language_says() {
        let cases = [
            (
                Language::Python,
                "shop/run.py",
                "def main():\n    if __name__ == 'x': pass\n\nif __name__ == \"__main__\":\n    main()\n",
                "4 __main__",
            ),
            (Language::Python, "shop/__main__.py", "print(1)\n", "1 __main__.py"),
            (Language::Python, "bin/tool", "#!/usr/bin/env python3\n", "1 tool"),
            (Language::Go, "cmd/a.go", "package main\n\nfunc main() {}\n", "3 main"),
            (Language::Go, "lib/a.go", "package lib\n\nfunc main() {}\n", ""),
            (
                Language::Rust,
                "src/main.rs",
                "#![warn(x)]\nmod a;\nfn main() {}\nmod b { fn main() {} }\n",
                "3 main",
            ),
            (Language::Rust, "build.rs", "fn main() {}\n", ""),
            (Language::C, "a.c", "int mainly(void) { return 0; }\nint main(void) { return 0; }\n", "2 main"),
            (
                Language::Java,
                "App.java",
                "class App {\n  public static void main(String[] a) {}\n  void main() {}\n}\n",
                "2 App.main",
            ),
            (Language::Dockerfile, "Dockerfile", "FROM x\nCMD a\ncmd [\"b\"]\n", "3 cmd [\"b\"]"),
            (Language::Css, "a.css", "main {}\n", ""),
        ];
        for (language, path, text, want) in cases {
            let found = entry_points(language, path, text);
            let found: Vec<String> = found.iter().map(|one| format!("{} {}", one.line, one.name)).collect();
            assert_eq!(found.join(", "), want, "{path}");
        }
    }
}
