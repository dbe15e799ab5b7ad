//! The named parts of a file: functions, methods and classes, with their lines.

use tree_sitter::{Node, Tree};

use crate::chunk::ChunkKind;
use crate::syntax::{self, text_of};
use crate::{Language, tests_in};

/// A function, method or class with its name and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Qualified by the classes around it: `Queue.push`; a test call by its title.
    pub name: String,
    /// [`ChunkKind::Function`], [`ChunkKind::Method`] or [`ChunkKind::Class`].
    pub kind: ChunkKind,
    /// First line of the comments, decorators and attributes that belong to it.
    pub doc_line: u32,
    /// First line of the definition itself (of its decorator, where there is one), from 1.
    pub start_line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    /// What stands before the body, white space squeezed, at most 300 bytes.
    pub signature: String,
    /// First line of each statement of the body: where a long function may be cut.
    pub(crate) statements: Vec<u32>,
    /// Inside another function.
    pub(crate) nested: bool,
}

/// The function or class around a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosing {
    pub symbol: String,
    pub start_line: u32,
    pub end_line: u32,
    pub signature: String,
}

/// Functions, methods and classes in the order of the text, outer before inner. Empty for languages
/// that are not parsed and for text that cannot be parsed within bounds.
pub fn symbols(language: Language, text: &str) -> Vec<Symbol> {
    syntax::parse(language, text).map(|tree| symbols_of(&tree, text)).unwrap_or_default()
}

/// The innermost named function around `line` (from 1), else the innermost class; None at top level.
pub fn enclosing(language: Language, text: &str, line: u32) -> Option<Enclosing> {
    let symbols = symbols(language, text);
    let around = || symbols.iter().rev().filter(|s| (s.doc_line..=s.end_line).contains(&line));
    let found = around().find(|s| s.kind != ChunkKind::Class).or_else(|| around().next())?;
    Some(Enclosing {
        symbol: found.name.clone(),
        start_line: found.start_line,
        end_line: found.end_line,
        signature: found.signature.clone(),
    })
}

pub(crate) fn symbols_of(tree: &Tree, text: &str) -> Vec<Symbol> {
    let mut found = Vec::new();
    // Open symbols: the end byte of each, its name, and whether it is a function.
    let mut open: Vec<(usize, String, bool)> = Vec::new();
    syntax::each_node(tree.root_node(), |node| {
        while open.last().is_some_and(|(end, _, _)| *end <= node.start_byte()) {
            open.pop();
        }
        let Some((name, class, body)) = definition(node, text) else { return };
        // A namespace without brackets holds the rest of the file, though nothing is below it in the tree.
        let extent = match node.kind() {
            "file_scoped_namespace_declaration" => node.parent().unwrap_or(node),
            _ => node,
        };
        let nested = open.iter().any(|(_, _, function)| *function);
        let in_class = open.last().is_some_and(|(_, _, function)| !*function);
        let name = match open.last() {
            Some((_, outer, false)) => format!("{outer}.{name}"),
            _ => name,
        };
        open.push((extent.end_byte(), name.clone(), !class));
        let outermost = wrapped(node);
        let kind = match (class, in_class) {
            (true, _) => ChunkKind::Class,
            (false, true) => ChunkKind::Method,
            (false, false) => ChunkKind::Function,
        };
        found.push(Symbol {
            name,
            kind,
            doc_line: doc_line(outermost),
            start_line: syntax::line_of(outermost),
            end_line: syntax::end_line_of(outermost).max(syntax::end_line_of(extent)),
            signature: signature(node, body, text),
            statements: body.map(statements).unwrap_or_default(),
            nested,
        });
    });
    found
}

/// Name, whether it is a class-like container, and body of a node that defines something.
fn definition<'t>(node: Node<'t>, text: &str) -> Option<(String, bool, Option<Node<'t>>)> {
    let named = |field: &str| node.child_by_field_name(field).map(|n| text_of(n, text).to_owned());
    let body = node.child_by_field_name("body");
    let definition = match node.kind() {
        "function_definition" if node.child_by_field_name("declarator").is_some() => {
            (declared_name(node, text)?, false, body)
        }
        "function_definition"
        | "function_declaration"
        | "generator_function_declaration"
        | "method_definition"
        | "constructor_declaration"
        | "local_function_statement"
        | "function_item" => (named("name")?, false, body),
        "destructor_declaration" => (format!("~{}", named("name")?), false, body),
        "method_declaration" => (receiver(node, text) + &named("name")?, false, body),
        "class_definition"
        | "class_declaration"
        | "abstract_class_declaration"
        | "interface_declaration"
        | "enum_declaration"
        | "namespace_declaration"
        | "trait_item"
        | "mod_item"
        | "internal_module" => {
            body?;
            (named("name")?, true, body)
        }
        "struct_item" | "enum_item" | "type_spec" | "file_scoped_namespace_declaration" => {
            (named("name")?, true, None)
        }
        // Those of C# may end after their parameters.
        "record_declaration" | "struct_declaration" => (named("name")?, true, body),
        "class_specifier" | "struct_specifier" | "namespace_definition" => {
            body?;
            (named("name")?, true, body)
        }
        "impl_item" => (bare_type(&named("type")?), true, body),
        // `const f = () => …` and `f: function () {…}` name the function they hold.
        "variable_declarator" | "public_field_definition" | "field_definition" => {
            let value = node.child_by_field_name("value")?;
            if !matches!(value.kind(), "arrow_function" | "function_expression" | "generator_function") {
                return None;
            }
            let name = named("name").or_else(|| named("property"))?;
            (name, false, value.child_by_field_name("body"))
        }
        "property_declaration" => (named("name")?, false, Some(property_code(node)?)),
        "call_expression" => {
            let (title, body) = tests_in::test_call(node, text)?;
            (title, false, Some(body))
        }
        _ => return None,
    };
    (!definition.0.is_empty()).then_some(definition)
}

/// The code of a C# property. None for `{ get; set; }`, which is a field by another name.
fn property_code(property: Node) -> Option<Node> {
    let value = property.child_by_field_name("value").filter(|v| v.kind() == "arrow_expression_clause");
    value.or_else(|| {
        let accessors = property.child_by_field_name("accessors")?;
        let mut cursor = accessors.walk();
        let has_code = accessors.named_children(&mut cursor).any(|a| a.child_by_field_name("body").is_some());
        has_code.then_some(accessors)
    })
}

/// The name inside a C or C++ declarator: `*Queue::push(int)` gives `Queue.push`.
fn declared_name(node: Node, text: &str) -> Option<String> {
    let mut at = node.child_by_field_name("declarator")?;
    while let Some(inner) = at.child_by_field_name("declarator") {
        at = inner;
    }
    // A reference declarator has no field for what it wraps.
    if at.kind() == "reference_declarator" || at.kind() == "function_declarator" {
        at = at.named_child(0)?.child_by_field_name("declarator").or_else(|| at.named_child(0))?;
    }
    Some(text_of(at, text).replace("::", "."))
}

/// `Type.` before a Go method's name; empty for other languages.
fn receiver(node: Node, text: &str) -> String {
    let Some(receiver) = node.child_by_field_name("receiver") else { return String::new() };
    let inside = text_of(receiver, text).trim_matches(['(', ')']);
    let name = bare_type(inside.split_whitespace().last().unwrap_or("").trim_start_matches('*'));
    if name.is_empty() { name } else { name + "." }
}

/// A type without its parameters: `Queue<T>` gives `Queue`.
fn bare_type(text: &str) -> String {
    text.split(['<', '[']).next().unwrap_or(text).trim().to_owned()
}

/// The node with what wraps it: decorators, `export`, `template`, `const` of a declarator.
fn wrapped(node: Node) -> Node {
    let mut at = node;
    while let Some(parent) = at.parent() {
        let wraps = match parent.kind() {
            "decorated_definition"
            | "export_statement"
            | "template_declaration"
            | "expression_statement"
            | "global_statement" => true,
            "lexical_declaration" | "variable_declaration" | "type_declaration" => {
                parent.named_child_count() == 1
            }
            _ => false,
        };
        if !wraps {
            break;
        }
        at = parent;
    }
    at
}

/// First line of the comments and attributes directly above a node.
fn doc_line(node: Node) -> u32 {
    let mut first = syntax::line_of(node);
    let mut at = node;
    while let Some(before) = at.prev_sibling() {
        let belongs =
            before.kind().contains("comment") || matches!(before.kind(), "attribute_item" | "decorator");
        if !belongs || syntax::end_line_of(before) + 1 < first {
            break;
        }
        // A comment behind code on its line speaks of that code.
        let trails = before.prev_sibling().is_some_and(|b| syntax::end_line_of(b) == syntax::line_of(before));
        if trails {
            break;
        }
        first = syntax::line_of(before);
        at = before;
    }
    first
}

fn signature(node: Node, body: Option<Node>, text: &str) -> String {
    let end = body.map_or(node.end_byte(), |b| b.start_byte());
    let head = text.get(node.start_byte()..end).unwrap_or_default();
    let head = if body.is_some() { head } else { head.lines().next().unwrap_or_default() };
    let squeezed = head.split_whitespace().collect::<Vec<_>>().join(" ");
    let squeezed = squeezed.trim_end_matches(['{', ' ']);
    squeezed[..squeezed.floor_char_boundary(300)].to_owned()
}

/// First lines of the statements of a body, also of the blocks one level inside it.
fn statements(body: Node) -> Vec<u32> {
    let mut cursor = body.walk();
    let mut lines: Vec<u32> = body.named_children(&mut cursor).map(syntax::line_of).collect();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(language: Language, text: &str) -> Vec<String> {
        symbols(language, text)
            .into_iter()
            .map(|s| format!("{} {}-{}", s.name, s.start_line, s.end_line))
            .collect()
    }

    #[test]
    fn definitions_have_qualified_names_and_lines() {
        let python = "@decor\nclass Queue:\n    def push(self, x):\n        def inner(): pass\n        return x\n\nasync def main():\n    pass\n";
        assert_eq!(names(Language::Python, python), ["Queue 1-5", "Queue.push 3-5", "inner 4-4", "main 7-8"]);
        let js = "export const add = (a, b) => a + b;\nexport class A {\n  #x = () => 1;\n  get y() { return 1 }\n}\nfunction* g() {}\ntest('adds two', async t => {\n  t.is(1, 1);\n});\n";
        assert_eq!(
            names(Language::JavaScript, js),
            ["add 1-1", "A 2-5", "A.#x 3-3", "A.y 4-4", "g 6-6", "adds two 7-9"]
        );
        assert_eq!(
            names(Language::Tsx, "interface P { a: string }\nconst C = (p: P) => <p>{p.a}</p>;"),
            ["P 1-1", "C 2-2"]
        );
        assert_eq!(
            names(Language::Java, "class A {\n  A() {}\n  int f() { return 1; }\n}"),
            ["A 1-4", "A.A 2-2", "A.f 3-3"]
        );
        assert_eq!(
            names(Language::C, "static char *name(int a) {\n return 0;\n}\nstruct s { int a; };"),
            ["name 1-3", "s 4-4"]
        );
        assert_eq!(
            names(
                Language::Cpp,
                "namespace n {\ntemplate <class T> class Q { void push(T t) {} };\n}\nint &Q::at(int i) { return a[i]; }"
            ),
            ["n 1-3", "n.Q 2-2", "n.Q.push 2-2", "Q.at 4-4"]
        );
        assert_eq!(
            names(Language::Go, "type S struct{}\nfunc (s *S[T]) Get() int { return 1 }\nfunc F() {}"),
            ["S 1-1", "S.Get 2-2", "F 3-3"]
        );
        assert_eq!(
            names(Language::Rust, "/// doc\n#[inline]\nfn f() {}\nimpl<T> Q<T> {\n fn g() {}\n}"),
            ["f 3-3", "Q 4-6", "Q.g 5-5"]
        );
    }

    #[test]
    fn c_sharp_names_are_qualified_by_namespaces_of_both_forms() {
        let members = "/// <summary>Pays.</summary>\n[Obsolete]\npublic record Coin(int Cents);\nclass Cart<T> : Base\n{\n  public int Size { get; set; }\n  public int Sum => 1;\n  public string Name\n  {\n    get { return name; }\n  }\n  public Cart() { }\n  ~Cart() { }\n  void IShop.Pay(int x)\n  {\n    int Twice(int y) => 2 * y;\n  }\n}\nstruct P { }\ninterface I { void F(); }\nenum E { A }\n";
        let want = |shift: u32, end: u32| {
            let parts = [
                ("Shop.Till.Coin", 2, 3),
                ("Shop.Till.Cart", 4, 18),
                ("Shop.Till.Cart.Sum", 7, 7),
                ("Shop.Till.Cart.Name", 8, 11),
                ("Shop.Till.Cart.Cart", 12, 12),
                ("Shop.Till.Cart.~Cart", 13, 13),
                ("Shop.Till.Cart.Pay", 14, 17),
                ("Twice", 16, 16),
                ("Shop.Till.P", 19, 19),
                ("Shop.Till.I", 20, 20),
                ("Shop.Till.I.F", 20, 20),
                ("Shop.Till.E", 21, 21),
            ];
            let parts = parts.map(|(name, first, last)| format!("{name} {}-{}", first + shift, last + shift));
            [vec![format!("Shop.Till 2-{end}")], parts.to_vec()].concat()
        };
        let scoped = format!("using System;\nnamespace Shop.Till;\n{members}");
        assert_eq!(names(Language::CSharp, &scoped), want(2, 23));
        let block = format!("using System;\nnamespace Shop.Till {{\n{members}}}\n");
        assert_eq!(names(Language::CSharp, &block), want(2, 24));
        let top =
            "using System;\n\n// Twice.\nstatic int Twice(int x) => 2 * x;\nConsole.WriteLine(Twice(1));\n";
        assert_eq!(names(Language::CSharp, top), ["Twice 4-4"], "a program without a class");
        let signatures: Vec<String> =
            symbols(Language::CSharp, &scoped).into_iter().map(|s| s.signature).collect();
        assert_eq!(signatures[0], "namespace Shop.Till;");
        assert_eq!(signatures[3], "public int Sum");
        assert_eq!(symbols(Language::CSharp, &scoped)[1].doc_line, 3, "its documentation belongs to it");
    }

    #[test]
    fn names_in_any_script_are_names() {
        let python = "def מצא_משתמש(שם):\n    return שם\n\nclass قائمة:\n    def أضف(self): pass\n";
        assert_eq!(names(Language::Python, python), ["מצא_משתמש 1-2", "قائمة 4-5", "قائمة.أضف 5-5"]);
        let emoji = "function 🚀() { return 1 }\nconst 👩‍🚀 = () => 2;\n";
        assert_eq!(names(Language::JavaScript, emoji)[0], "🚀 1-1");
    }

    #[test]
    fn the_function_around_a_line_is_the_innermost_one() {
        let text = "X = 1\n\nclass A:\n    y = 1\n\n    def f(self,\n          a):\n        return a\n";
        let at = |line| {
            enclosing(Language::Python, text, line).map(|e| (e.symbol, e.start_line, e.end_line, e.signature))
        };
        assert_eq!(at(1), None);
        assert_eq!(at(4), Some(("A".into(), 3, 8, "class A:".into())));
        assert_eq!(at(8), Some(("A.f".into(), 6, 8, "def f(self, a):".into())));
        assert_eq!(at(0), None);
        assert_eq!(at(u32::MAX), None);
    }

    #[test]
    fn documentation_belongs_to_its_code() {
        let text = "int a; // a\n// not a doc\n\n/** doc\n */\nint f(void) { return 1; }\n";
        assert_eq!(symbols(Language::C, text)[0].doc_line, 4);
    }
}
