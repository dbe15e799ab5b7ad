//! How many ways lead through a file, counted by its branches.

use tree_sitter::Node;

use crate::Language;
use crate::imports::script;
use crate::syntax::{self, text_of};

/// Places where the program may go one way or another: conditions, loops, cases, handlers, and `and`, `or`
/// between conditions. None for languages that are not parsed, and for text beyond the parser's bounds.
pub fn branches(language: Language, text: &str) -> Option<u32> {
    let (language, text) = script(language, text);
    let tree = syntax::parse(language, &text)?;
    let mut count = 0;
    syntax::each_node(tree.root_node(), |node| count += u32::from(is_branch(node, &text)));
    Some(count)
}

fn is_branch(node: Node, text: &str) -> bool {
    match node.kind() {
        "if_statement"
        | "if_expression"
        | "elif_clause"
        | "if_clause"
        | "for_statement"
        | "for_in_statement"
        | "for_in_clause"
        | "for_range_loop"
        | "c_style_for_statement"
        | "for_expression"
        | "enhanced_for_statement"
        | "foreach_statement"
        | "while_statement"
        | "while_expression"
        | "loop_expression"
        | "do_statement"
        | "except_clause"
        | "catch_clause"
        | "conditional_expression"
        | "ternary_expression"
        | "case_clause"
        | "switch_case"
        | "match_arm"
        | "switch_expression_arm"
        | "expression_case"
        | "type_case"
        | "communication_case"
        | "boolean_operator" => true,
        // `default` is the way that is left, not one more; in a shell it is `*`, and `case … esac` holds all.
        "case_item" => !text_of(node, text).starts_with('*'),
        "switch_label" | "switch_section" | "case_statement" => {
            text_of(node, text).starts_with("case") && !text_of(node, text).ends_with("esac")
        }
        "binary_expression" => node
            .child_by_field_name("operator")
            .is_some_and(|operator| matches!(text_of(operator, text), "&&" | "||" | "??")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_counted_in_every_language() {
        let cases = [
            (
                Language::Python,
                "def f(a):\n    if a and b:\n        pass\n    elif c:\n        pass\n    for x in a:\n        try:\n            g()\n        except E:\n            pass\n    return 1 if a else 2\n",
                6,
            ),
            (
                Language::TypeScript,
                "function f(a: number) {\n  if (a && b || c) return 1;\n  switch (a) { case 1: break; case 2: break; default: }\n  return a ? 1 : b ?? 2;\n}\n",
                7,
            ),
            (
                Language::Java,
                "class A { int f(int a) {\n for (int x : xs) { while (a > 0) a--; }\n switch (a) { case 1: return 1; default: return 2; }\n} }",
                3,
            ),
            (
                Language::Go,
                "package p\nfunc f(a int) {\n if a > 0 && a < 9 {}\n for {}\n switch a { case 1: default: }\n}\n",
                4,
            ),
            (
                Language::Rust,
                "fn f(a: u8) -> u8 {\n if a > 0 || a < 9 { loop { break; } }\n match a { 1 => 1, _ => 2 }\n}\n",
                5,
            ),
            (
                Language::C,
                "int f(int a) {\n switch (a) { case 1: break; default: break; }\n do { a--; } while (a && a > 2);\n return a ? 1 : 2;\n}\n",
                4,
            ),
            (
                Language::Shell,
                "if a; then b; elif c; then d; fi\nfor x in 1 2; do e; done\ncase $1 in a) f ;; *) g ;; esac\n",
                4,
            ),
            (Language::Cpp, "void f() { for (auto x : xs) { try { g(); } catch (...) {} } }", 2),
            (Language::Svelte, "<p>if</p>\n<script lang=\"ts\">\n  if (a) b();\n</script>\n", 1),
        ];
        for (language, text, want) in cases {
            assert_eq!(branches(language, text), Some(want), "{}", language.name());
        }
        assert_eq!(branches(Language::Css, "a {}"), None, "nothing is known, which is not zero");
    }
}
