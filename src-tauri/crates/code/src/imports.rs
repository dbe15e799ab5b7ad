//! What a file imports, as it is written there; [`Sources::resolve`] says which file is meant.

mod resolve;

use std::borrow::Cow;

use tree_sitter::{Node, Tree};

use crate::Language;
use crate::syntax::{self, text_of};

pub use resolve::{Package, Sources};

/// Imports of one file; more are not written by people.
const MOST: usize = 500;

/// Something that a file imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// As the language names it: `..a.b`, `./a.js`, `a.b.C`, `crate::a::b`, `"a.h"`, `<a.h>`. In Python and
    /// Rust with what is taken from it at the end.
    pub target: String,
    /// From 1.
    pub line: u32,
}

/// Imports in the order of the text. Empty for languages that are not parsed.
pub fn imports(language: Language, text: &str) -> Vec<Import> {
    let (language, text) = script(language, text);
    syntax::parse(language, &text).map(|tree| imports_of(language, &tree, &text)).unwrap_or_default()
}

/// The same for a program that is parsed already.
pub(crate) fn imports_of(language: Language, tree: &Tree, text: &str) -> Vec<Import> {
    let mut found = Vec::new();
    // Where the modules around the node end: asking the tree for them would look through all siblings.
    let mut modules: Vec<usize> = Vec::new();
    syntax::each_node_while(tree.root_node(), |node| {
        while modules.last().is_some_and(|end| *end <= node.start_byte()) {
            modules.pop();
        }
        let line = syntax::line_of(node);
        let targets = targets(language, node, text, modules.len());
        found.extend(targets.into_iter().map(|target| Import { target, line }));
        if node.kind() == "mod_item" {
            modules.push(node.end_byte());
        }
        found.len() < MOST
    });
    found.truncate(MOST);
    found
}

/// The program in a component: the text of its `<script>`, on the lines where it stands. Any other file is
/// its own program.
pub(crate) fn script(language: Language, text: &str) -> (Language, Cow<'_, str>) {
    if !matches!(language, Language::Svelte | Language::Vue) {
        return (language, Cow::Borrowed(text));
    }
    let mut code = String::new();
    let mut inside = false;
    for line in text.lines() {
        let begins = line.trim_start().starts_with("<script");
        let ends = line.contains("</script>");
        if inside && !ends {
            code.push_str(line);
        }
        code.push('\n');
        inside = (inside || begins) && !ends;
    }
    // What TypeScript reads, JavaScript is too.
    (Language::TypeScript, Cow::Owned(code))
}

/// What a node imports; of Rust, `inline` modules are around it in the same file.
fn targets(language: Language, node: Node, text: &str, inline: usize) -> Vec<String> {
    let field = |name: &str| node.child_by_field_name(name).map(|n| text_of(n, text));
    match (language, node.kind()) {
        (Language::Python, "import_statement") => names(node, text),
        (Language::Python, "import_from_statement") => {
            let module: String = field("module_name").unwrap_or("").split_whitespace().collect();
            let dot = if module.ends_with('.') { "" } else { "." };
            match names(node, text) {
                names if names.is_empty() => vec![module],
                names => names.iter().map(|name| format!("{module}{dot}{name}")).collect(),
            }
        }
        (
            Language::JavaScript | Language::TypeScript | Language::Tsx,
            "import_statement" | "export_statement" | "import_require_clause",
        ) => field("source").map(unquoted).into_iter().collect(),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "call_expression") => {
            let loads = matches!(field("function"), Some("require" | "import"));
            let first = node.child_by_field_name("arguments").and_then(|arguments| arguments.named_child(0));
            let first = first.filter(|n| loads && n.kind() == "string");
            first.map(|n| unquoted(text_of(n, text))).into_iter().collect()
        }
        (Language::Java, "import_declaration") => {
            let written = text_of(node, text).trim_start_matches("import").trim_start();
            let written = written.strip_prefix("static ").unwrap_or(written);
            let target: String = written.chars().filter(|c| !c.is_whitespace() && *c != ';').collect();
            vec![target]
        }
        (Language::Go, "import_spec") => field("path").map(unquoted).into_iter().collect(),
        (Language::Rust, "use_declaration") => {
            let mut paths = Vec::new();
            expand("", field("argument").unwrap_or(""), DEEPEST, &mut paths);
            paths.into_iter().filter_map(|path| outside(path, inline)).collect()
        }
        (Language::C | Language::Cpp, "preproc_include") => {
            field("path").map(str::to_owned).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The names of a Python import, those after `as` left out.
fn names(node: Node, text: &str) -> Vec<String> {
    let mut cursor = node.walk();
    node.children_by_field_name("name", &mut cursor)
        .map(|name| name.child_by_field_name("name").unwrap_or(name))
        .map(|name| text_of(name, text).split_whitespace().collect())
        .collect()
}

fn unquoted(text: &str) -> String {
    text.trim_matches(['"', '\'', '`']).to_owned()
}

/// Lists within lists of a Rust `use` that are followed. Brackets in a comment count as well: the text is
/// anybody's, and each of them would take a piece of the stack.
const DEEPEST: u32 = 32;

/// The single paths of a Rust `use`: `a::{b, c::{d, self}}` gives `a::b`, `a::c::d` and `a::c`.
fn expand(before: &str, written: &str, deepest: u32, paths: &mut Vec<String>) {
    let Some(deeper) = deepest.checked_sub(1) else { return };
    let written = written.trim();
    if let Some((head, list)) = written.split_once('{') {
        let head = format!("{before}{}", squeezed(head));
        let list = list.strip_suffix('}').unwrap_or(list);
        let (mut depth, mut start) = (0_usize, 0);
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    expand(&head, &list[start..at], deeper, paths);
                    start = at + 1;
                }
                _ => {}
            }
        }
        expand(&head, &list[start..], deeper, paths);
        return;
    }
    let path = written.split(" as ").next().unwrap_or(written);
    let path = format!("{before}{}", squeezed(path));
    let path = path.trim_end_matches("::*").trim_end_matches("::self").trim_end_matches("::");
    if !path.is_empty() && !written.is_empty() && paths.len() < MOST {
        paths.push(path.trim_start_matches("::").to_owned());
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A path as it would be written outside of the `inline` modules around it; None when it stays in the file.
fn outside(path: String, inline: usize) -> Option<String> {
    let mut rest = path.as_str();
    let mut left = inline;
    while left > 0 && (rest == "super" || rest.starts_with("super::")) {
        rest = rest.strip_prefix("super").unwrap_or(rest).trim_start_matches("::");
        left -= 1;
    }
    let climbed = rest.len() < path.len();
    let leaves = !climbed || rest.starts_with("super");
    (leaves && !(inline > 0 && rest.starts_with("self"))).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(language: Language, text: &str) -> Vec<String> {
        imports(language, text).into_iter().map(|one| format!("{} {}", one.line, one.target)).collect()
    }

    #[test]
    fn imports_are_found_in_every_language() {
        let python = "import os, a.b as c\nfrom ..d.e import f as g, h\nfrom . import i\nfrom k import *\ntry:\n    import l\nexcept ImportError: pass\n";
        assert_eq!(
            found(Language::Python, python),
            ["1 os", "1 a.b", "2 ..d.e.f", "2 ..d.e.h", "3 .i", "4 k", "6 l"]
        );
        let ts = "import a from './a';\nimport type { B } from \"../b.js\";\nexport * from './c';\nconst d = require('d'), e = await import('./e');\nrequire(name);\n";
        let want = ["1 ./a", "2 ../b.js", "3 ./c", "4 d", "4 ./e"];
        assert_eq!(found(Language::TypeScript, ts), want);
        assert_eq!(found(Language::JavaScript, &ts.replace("import type", "import")), want);
        let svelte =
            "<p>import x from 'y'</p>\n<script lang=\"ts\">\n  import A from './A.svelte';\n</script>\n";
        assert_eq!(found(Language::Svelte, svelte), ["3 ./A.svelte"], "on the line where it stands");
        assert_eq!(
            found(Language::Java, "package a;\nimport a.b.C;\nimport static a.D.e;\nimport a.f.*;\n"),
            ["2 a.b.C", "3 a.D.e", "4 a.f.*"]
        );
        assert_eq!(
            found(Language::Go, "package a\nimport \"fmt\"\nimport (\n\t_ \"x.org/y/z\"\n)\n"),
            ["2 fmt", "4 x.org/y/z"]
        );
        assert_eq!(
            found(Language::C, "#include <stdio.h>\n#include \"a/b.h\"\n"),
            ["1 <stdio.h>", "2 \"a/b.h\""]
        );
        assert_eq!(found(Language::Css, "@import 'a';"), Vec::<String>::new());
    }

    #[test]
    fn a_use_is_taken_apart_and_seen_from_outside_of_its_file() {
        let rust = "use crate::{a, b::{self, c as d}};\npub use e::*;\nmod tests {\n    use super::*;\n    use super::super::f;\n    use crate::g;\n}\nuse super::h;\n";
        assert_eq!(
            found(Language::Rust, rust),
            ["1 crate::a", "1 crate::b", "1 crate::b::c", "2 e", "5 super::f", "6 crate::g", "8 super::h"],
            "`super` of an inline module is the file itself"
        );
    }

    #[test]
    fn brackets_in_a_comment_do_not_overflow_the_stack() {
        let text = format!("use x::{{ /* {} */ y }};\n", "{".repeat(50_000));
        // A stack that overflows ends the whole process, at every start again.
        imports(Language::Rust, &text);
    }
}
