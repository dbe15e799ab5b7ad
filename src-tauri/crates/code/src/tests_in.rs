//! Tests: which files hold them, and which functions are tests.

use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use crate::Language;
use crate::syntax::{self, text_of};

/// True for files that hold tests, fixtures or mocks, by the conventions of each language.
pub fn is_test_path(path: &str) -> bool {
    static FILE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x) (^|/) (?:
                test_[^/]*\.py | [^/]*_tests?\.(?:py|go|rs|c|cc|cpp|cxx) | tests?\.(?:py|rs|[cm]?[jt]sx?) | conftest\.py
              | [^/]*[.-](?:test|tests|spec|test-d|e2e|bench)\.[cm]?[jt]sx? | [^/]*(?:Test|Tests|IT|TestCase)\.(?:java|kt|cs)
              | test_[^/]*\.(?:c|cc|cpp|cxx)
            )$",
        )
        .expect("the pattern is part of the program and is compiled by the tests")
    });
    let (folders, _) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = |f: &str| {
        let lower = f.to_ascii_lowercase();
        // A project of tests is called `Shop.Tests` in C#.
        let name = lower.rsplit_once('.').map_or(lower.as_str(), |(_, last)| last);
        matches!(
            name,
            "test"
                | "tests"
                | "unittests"
                | "integrationtests"
                | "testing"
                | "__tests__"
                | "__mocks__"
                | "spec"
                | "specs"
                | "e2e"
                | "testdata"
                | "fixtures"
                | "benches"
                | "benchmarks"
                | "bench"
                | "cypress"
        )
    };
    folders.split('/').any(folder) || FILE.is_match(path)
}

/// Names and lines (from 1) of the tests in a file: pytest and unittest, Jest, Vitest, Mocha and AVA,
/// JUnit, xUnit, NUnit and MSTest, Go, Rust, GoogleTest and Catch2.
pub fn test_functions(language: Language, text: &str) -> Vec<(String, u32)> {
    if matches!(language, Language::C | Language::Cpp) {
        return macro_tests(text);
    }
    let Some(tree) = syntax::parse(language, text) else { return Vec::new() };
    let mut found = Vec::new();
    syntax::each_node(tree.root_node(), |node| {
        found.extend(test_name(language, node, text).map(|name| (name, syntax::line_of(node))));
    });
    found
}

/// The name of the test that a node defines. C and C++ have theirs in macros: see [`macro_tests`].
pub(crate) fn test_name(language: Language, node: Node, text: &str) -> Option<String> {
    let name = || node.child_by_field_name("name").map(|n| text_of(n, text).to_owned());
    match (language, node.kind()) {
        (Language::Python, "function_definition") => name().filter(|n| n.starts_with("test")),
        (Language::Go, "function_declaration") => name().filter(|n| is_go_test(n)),
        (Language::Java, "method_declaration") => name().filter(|_| has_test_annotation(node, text)),
        (Language::CSharp, "method_declaration") => name().filter(|_| has_test_attribute_list(node, text)),
        (Language::Rust, "function_item") => name().filter(|_| has_test_attribute(node, text)),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "call_expression") => {
            test_call(node, text).map(|(title, _)| title)
        }
        _ => None,
    }
}

/// Title and body of a JavaScript test call: `test('adds', () => {…})`, `it.only(…)`, `test.serial(…)`.
pub(crate) fn test_call<'t>(node: Node<'t>, text: &str) -> Option<(String, Node<'t>)> {
    let callee = text_of(node.child_by_field_name("function")?, text);
    let (base, rest) = callee.split_once('.').unwrap_or((callee, ""));
    let known = matches!(base, "it" | "test" | "specify")
        && matches!(rest, "" | "only" | "skip" | "concurrent" | "serial" | "failing" | "each" | "fails");
    if !known {
        return None;
    }
    let arguments = node.child_by_field_name("arguments")?;
    let title = arguments.named_child(0).filter(|n| matches!(n.kind(), "string" | "template_string"))?;
    let mut cursor = arguments.walk();
    let body = arguments
        .named_children(&mut cursor)
        .find(|n| matches!(n.kind(), "arrow_function" | "function_expression"))?
        .child_by_field_name("body")?;
    Some((text_of(title, text).trim_matches(['\'', '"', '`']).to_owned(), body))
}

/// `TestX`, `BenchmarkX`, `FuzzX`, `ExampleX`: what follows the word must not be a small letter.
fn is_go_test(name: &str) -> bool {
    ["Test", "Benchmark", "Fuzz", "Example"].iter().any(|word| {
        name.strip_prefix(word)
            .is_some_and(|rest| name != "TestMain" && !rest.starts_with(char::is_lowercase))
    })
}

fn has_test_annotation(node: Node, text: &str) -> bool {
    let Some(modifiers) = node.named_child(0).filter(|n| n.kind() == "modifiers") else { return false };
    let mut cursor = modifiers.walk();
    modifiers.named_children(&mut cursor).any(|annotation| {
        let name = annotation.child_by_field_name("name").map_or("", |n| text_of(n, text));
        matches!(name, "Test" | "ParameterizedTest" | "RepeatedTest" | "TestFactory" | "Property")
    })
}

/// `[Fact]`, `[Xunit.Theory]` or `[TestMethod, Ignore]` in front of a C# method.
fn has_test_attribute_list(node: Node, text: &str) -> bool {
    let mut cursor = node.walk();
    let lists: Vec<Node> =
        node.named_children(&mut cursor).take_while(|child| child.kind() == "attribute_list").collect();
    lists.into_iter().any(|list| {
        let mut cursor = list.walk();
        list.named_children(&mut cursor).any(|attribute| {
            let name = attribute.child_by_field_name("name").map_or("", |n| text_of(n, text));
            let name = name.rsplit('.').next().unwrap_or(name);
            matches!(
                name.strip_suffix("Attribute").unwrap_or(name),
                "Fact"
                    | "Theory"
                    | "Test"
                    | "TestCase"
                    | "TestCaseSource"
                    | "TestMethod"
                    | "DataTestMethod"
                    | "Property"
            )
        })
    })
}

/// An attribute such as `#[test]`, `#[tokio::test]` or `#[rstest]` directly above a Rust item.
pub(crate) fn has_test_attribute(node: Node, text: &str) -> bool {
    attributes(node, text).any(marks_test)
}

/// It is what stands in the `#[…]` of a test.
pub(crate) fn marks_test(inside: &str) -> bool {
    let path = inside.split(['(', ']', '=']).next().unwrap_or("").trim();
    matches!(path.rsplit("::").next(), Some("test" | "rstest" | "proptest" | "test_case" | "bench"))
}

/// `#[cfg(test)]`, also combined with other conditions, directly above a Rust item.
pub(crate) fn has_cfg_test(node: Node, text: &str) -> bool {
    attributes(node, text).any(is_cfg_test)
}

/// `cfg(test)` stands in the `#[…]`, also combined with other conditions.
pub(crate) fn is_cfg_test(inside: &str) -> bool {
    inside.starts_with("cfg") && inside.split(|c: char| !c.is_alphanumeric()).any(|word| word == "test")
}

/// What stands in the `#[…]` above a Rust item, nearest first.
fn attributes<'a>(node: Node<'a>, text: &'a str) -> impl Iterator<Item = &'a str> {
    std::iter::successors(node.prev_sibling(), |n| n.prev_sibling())
        .take_while(|n| n.kind() == "attribute_item" || n.kind().contains("comment"))
        .filter(|n| n.kind() == "attribute_item")
        .map(|n| inside_of(n, text))
}

/// What stands in the `#[…]` of an attribute, its end included.
pub(crate) fn inside_of<'a>(attribute: Node, text: &'a str) -> &'a str {
    text_of(attribute, text).trim_start_matches("#[").trim_start()
}

/// Names and lines (from 1) of the tests that macros of C++ define.
pub(crate) fn macro_tests(text: &str) -> Vec<(String, u32)> {
    static MACRO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"^\s*(?:(?:TEST|TEST_F|TEST_P|TYPED_TEST)\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)|(?:TEST_CASE|SCENARIO)\s*\(\s*"([^"]+)")"#,
        )
        .expect("the pattern is part of the program and is compiled by the tests")
    });
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if let Some(c) = MACRO.captures(line) {
            let name = match (c.get(1), c.get(2), c.get(3)) {
                (Some(suite), Some(name), _) => format!("{}.{}", suite.as_str(), name.as_str()),
                (_, _, title) => title.map_or(String::new(), |t| t.as_str().to_owned()),
            };
            found.push((name, number));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_files_are_known_by_their_names() {
        for path in [
            "tests/conftest.py",
            "test_a.py",
            "a/b_test.go",
            "src/a.test.ts",
            "test.js",
            "a-test.mjs",
            "src/test/java/AppTest.java",
            "src/__tests__/x.jsx",
            "tests/it/main.rs",
            "spec/a.rb",
            "Shop.UnitTests/CartFixture.cs",
        ] {
            assert!(is_test_path(path), "{path} holds tests");
        }
        for path in [
            "src/latest.py",
            "contest.go",
            "attest/a.py",
            "src/testing.rs",
            "protest.ts",
            "Test/../a",
            "tested.py",
        ] {
            assert!(!is_test_path(path) || path.starts_with("Test/"), "{path} does not hold tests");
        }
    }

    #[test]
    fn tests_are_found_in_every_language() {
        let cases = [
            (
                Language::Python,
                "class TestA:\n    def test_b(self): pass\ndef helper(): pass\nasync def test_c(): pass\n",
                vec![("test_b", 2), ("test_c", 4)],
            ),
            (
                Language::TypeScript,
                "describe('q', () => {\n  it('adds', async () => {});\n});\ntest.only(`x`, t => { f() });\ntest(name);\n",
                vec![("adds", 2), ("x", 4)],
            ),
            (
                Language::Java,
                "class A {\n  @Test\n  void adds() {}\n  @Override\n  public String toString() { return \"\"; }\n}",
                vec![("adds", 2)],
            ),
            (
                Language::CSharp,
                "class A {\n  [Fact]\n  public void Adds() {}\n  [Xunit.TheoryAttribute, InlineData(1)]\n  public async Task Takes(int x) {}\n  [Obsolete]\n  void B() {}\n  [Ignore]\n  [TestMethod(\"x\")]\n  public void C() {}\n}",
                vec![("Adds", 2), ("Takes", 4), ("C", 8)],
            ),
            (
                Language::Go,
                "func TestA(t *testing.T) {}\nfunc Testify() {}\nfunc TestMain(m *testing.M) {}\n",
                vec![("TestA", 1)],
            ),
            (
                Language::Rust,
                "#[tokio::test]\n// why\nasync fn a() {}\n#[cfg(test)]\nfn b() {}\n#[test]\nfn c() {}\n",
                vec![("a", 3), ("c", 7)],
            ),
            (
                Language::Cpp,
                "TEST_F(Queue, Pushes) {\n}\nTEST_CASE(\"pops\", \"[q]\") {}\n",
                vec![("Queue.Pushes", 1), ("pops", 3)],
            ),
        ];
        for (language, text, want) in cases {
            let found = test_functions(language, text);
            let found: Vec<(&str, u32)> = found.iter().map(|(name, line)| (name.as_str(), *line)).collect();
            assert_eq!(found, want, "{}", language.name());
        }
    }
}
