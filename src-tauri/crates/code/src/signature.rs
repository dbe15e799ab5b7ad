//! What functions take and what calls give, as far as it can be counted: enough to tell that a call does not fit any
//! more. Not for C++ and C#, where one name has many functions and a call may leave out what the name does not show.

use tree_sitter::Node;

use crate::Language;
use crate::syntax::{self, text_of};

/// A function with the number of arguments it takes; the object of a method is none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takes {
    /// Without the class; a constructor of Python has the name of its class.
    pub name: String,
    /// First and last line of the head, from the name to the end of the parameters.
    pub lines: (u32, u32),
    pub least: usize,
    /// `None` when it takes any number.
    pub most: Option<usize>,
    /// It is called on an object.
    pub method: bool,
}

impl Takes {
    /// Whether a call with so many arguments fits. JavaScript drops what is too much, so there it does no harm.
    pub fn fits(&self, language: Language, given: usize) -> bool {
        let lenient = matches!(language, Language::JavaScript);
        given >= self.least && (lenient || self.most.is_none_or(|most| given <= most))
    }
}

/// A call by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub line: u32,
    pub given: usize,
    /// What stands before the point: `db` in `db.save(x)`.
    pub on: Option<String>,
}

/// The functions of a text in its order. Those inside of other functions are left out: nothing else can call them.
pub fn takes(language: Language, text: &str) -> Vec<Takes> {
    let mut found = Vec::new();
    if !is_counted(language) {
        return found;
    }
    let Some(tree) = syntax::parse(language, text) else { return found };
    syntax::each_node(tree.root_node(), |node| {
        let inner = syntax::ancestors(node).any(|outer| syntax::is_function(outer.kind()));
        if !inner && let Some(one) = takes_of(node, text) {
            found.push(one);
        }
    });
    found
}

/// Functions whose name stands once in both texts and that refuse now what they took before: as they were and as
/// they are.
pub fn narrowed(language: Language, old: &str, new: &str) -> Vec<(Takes, Takes)> {
    let (old, new) = (takes(language, old), takes(language, new));
    let only = |all: &[Takes], name: &str| {
        let mut of_name = all.iter().filter(|one| one.name == name);
        of_name.next().filter(|_| of_name.next().is_none()).cloned()
    };
    new.iter()
        .filter_map(|one| Some((only(&old, &one.name)?, only(&new, &one.name)?)))
        .filter(|(old, new)| {
            let fewer = match (old.most, new.most) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(old), Some(new)) => new < old,
            };
            old.method == new.method && (new.least > old.least || fewer)
        })
        .collect()
}

/// The calls of a name whose arguments can be counted: one that spreads a list is left out.
pub fn calls(language: Language, text: &str, name: &str) -> Vec<Call> {
    let mut found = Vec::new();
    if !is_counted(language) || !text.contains(name) {
        return found;
    }
    let Some(tree) = syntax::parse(language, text) else { return found };
    syntax::each_node(tree.root_node(), |node| found.extend(call_of(node, text, name)));
    found
}

fn is_counted(language: Language) -> bool {
    use Language::{C, Go, Java, JavaScript, Python, Rust, Tsx, TypeScript};
    matches!(language, Python | JavaScript | TypeScript | Tsx | Java | Go | C | Rust)
}

fn takes_of(node: Node, text: &str) -> Option<Takes> {
    // `const f = (a, b) => …`: the name stands outside.
    let (named, function) = match node.kind() {
        "variable_declarator" => {
            let value = node.child_by_field_name("value")?;
            matches!(value.kind(), "arrow_function" | "function_expression").then_some((node, value))?
        }
        "function_definition"
        | "function_declaration"
        | "method_definition"
        | "method_declaration"
        | "function_item"
        | "generator_function_declaration" => (node, node),
        _ => return None,
    };
    // C keeps name and parameters in the declarator.
    let holder = declarator(function);
    let parameters = holder.child_by_field_name("parameters")?;
    let name = match holder.kind() {
        "function_declarator" => holder.child_by_field_name("declarator")?,
        _ => named.child_by_field_name("name")?,
    };
    let class = syntax::ancestors(node).find(|outer| is_class(outer.kind()));
    let mut count = Count::default();
    let mut cursor = parameters.walk();
    for parameter in parameters.named_children(&mut cursor) {
        count.add(parameter, text);
    }
    let receives = class.is_some() || node.kind() == "method_declaration" || count.receiver;
    let mut name = text_of(name, text).to_owned();
    let mut method = receives;
    if name == "__init__" {
        name = text_of(class?.child_by_field_name("name")?, text).to_owned();
        method = false;
    }
    Some(Takes {
        name,
        lines: (syntax::line_of(node), syntax::end_line_of(parameters)),
        least: count.least,
        most: (!count.any).then_some(count.most),
        method,
    })
}

/// The part of a C function that holds its parameters; the function itself elsewhere.
fn declarator(function: Node) -> Node {
    let mut node = function;
    while let Some(inner) = node.child_by_field_name("declarator") {
        node = inner;
        if node.kind() == "function_declarator" {
            return node;
        }
    }
    function
}

fn is_class(kind: &str) -> bool {
    matches!(
        kind,
        "class_definition"
            | "class_declaration"
            | "class"
            | "impl_item"
            | "trait_item"
            | "interface_declaration"
    )
}

#[derive(Default)]
struct Count {
    least: usize,
    most: usize,
    any: bool,
    receiver: bool,
}

impl Count {
    fn add(&mut self, parameter: Node, text: &str) {
        let own = text_of(parameter, text);
        let required = match parameter.kind() {
            "identifier" if matches!(own, "self" | "cls") => {
                self.receiver = true;
                return;
            }
            "self_parameter" => {
                self.receiver = true;
                return;
            }
            "list_splat_pattern"
            | "dictionary_splat_pattern"
            | "rest_pattern"
            | "spread_parameter"
            | "variadic_parameter"
            | "variadic_parameter_declaration" => {
                self.any = true;
                return;
            }
            "comment"
            | "line_comment"
            | "block_comment"
            | "keyword_separator"
            | "positional_separator"
            | "attribute_item" => return,
            // `...` of TypeScript stands inside of the parameter, as do the splats of Python with a type.
            _ if own.starts_with("...") || own.starts_with('*') => {
                self.any = true;
                return;
            }
            // `f(void)` of C takes nothing.
            "parameter_declaration" if own == "void" => return,
            "default_parameter" | "typed_default_parameter" | "assignment_pattern" | "optional_parameter" => {
                false
            }
            "required_parameter" => parameter.child_by_field_name("value").is_none(),
            _ => true,
        };
        // `a, b int` of Go is one declaration.
        let mut cursor = parameter.walk();
        let names = parameter.children_by_field_name("name", &mut cursor).count();
        let names = if parameter.kind() == "parameter_declaration" { names.max(1) } else { 1 };
        self.most += names;
        self.least += if required { names } else { 0 };
    }
}

fn call_of(node: Node, text: &str, name: &str) -> Option<Call> {
    let (called, on) = match node.kind() {
        "method_invocation" => (node.child_by_field_name("name")?, node.child_by_field_name("object")),
        "call" | "call_expression" | "new_expression" | "object_creation_expression" => {
            let field = ["function", "constructor", "type"];
            let function = field.iter().find_map(|field| node.child_by_field_name(field))?;
            match function.kind() {
                "identifier" | "type_identifier" => (function, None),
                "attribute"
                | "member_expression"
                | "selector_expression"
                | "field_expression"
                | "scoped_identifier" => {
                    let last = u32::try_from(function.named_child_count()).ok()?.checked_sub(1)?;
                    (function.named_child(last)?, function.named_child(0))
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    if text_of(called, text) != name {
        return None;
    }
    let arguments = node.child_by_field_name("arguments")?;
    if arguments.kind() == "generator_expression" {
        return Some(call(node, 1, on, text));
    }
    let mut cursor = arguments.walk();
    let mut given = 0;
    for argument in arguments.named_children(&mut cursor) {
        match argument.kind() {
            "list_splat" | "dictionary_splat" | "spread_element" | "variadic_argument" => return None,
            "comment" | "line_comment" | "block_comment" => {}
            _ => given += 1,
        }
    }
    Some(call(node, given, on, text))
}

fn call(node: Node, given: usize, on: Option<Node>, text: &str) -> Call {
    Call { line: syntax::line_of(node), given, on: on.map(|on| text_of(on, text).to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_says_what_its_functions_take() {
        use Language::*;
        for (language, text, name, least, most, method) in [
            (Python, "def f(a, b=1, *, c):\n    pass\n", "f", 2, Some(3), false),
            (
                Python,
                "class A:\n    def save_all(self, a: int, *rest):\n        pass\n",
                "save_all",
                1,
                None,
                true,
            ),
            (Python, "class A:\n    def __init__(self, a, b=None):\n        pass\n", "A", 1, Some(2), false),
            (JavaScript, "function f(a, { b }, c = 1) {}\n", "f", 2, Some(3), false),
            (JavaScript, "const f = async (a, ...rest) => a;\n", "f", 1, None, false),
            (
                TypeScript,
                "export function f(a: number, b?: string, c = 2): void {}\n",
                "f",
                1,
                Some(3),
                false,
            ),
            (TypeScript, "class A { save(a: number, b: string) {} }\n", "save", 2, Some(2), true),
            (Java, "class A { void f(int a, String... rest) {} }\n", "f", 1, None, true),
            (Go, "package a\nfunc f(a, b int, c string) {}\n", "f", 3, Some(3), false),
            (Go, "package a\nfunc (s *S) Save(a int) {}\n", "Save", 1, Some(1), true),
            (C, "int *f(int a, char *b) { return 0; }\n", "f", 2, Some(2), false),
            (C, "int f(void) { return 0; }\n", "f", 0, Some(0), false),
            (Rust, "impl A { fn save(&self, a: u8) {} }\n", "save", 1, Some(1), true),
            (Rust, "fn f(a: u8, (b, c): (u8, u8)) {}\n", "f", 2, Some(2), false),
        ] {
            let all = takes(language, text);
            let one = all.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("{text}: {all:?}"));
            assert_eq!((one.least, one.most, one.method), (least, most, method), "{text}");
        }
    }

    #[test]
    fn calls_are_counted_unless_they_spread() {
        let text = "save(a)\nsave(a, b=2)\ndb.save(*rows)\nsave(x for x in y)\nresave(a)\n";
        let given: Vec<(u32, usize)> =
            calls(Language::Python, text, "save").iter().map(|call| (call.line, call.given)).collect();
        assert_eq!(given, [(1, 1), (2, 2), (4, 1)]);
        let go = "package a\nfunc g() {\n\tstore.Save(ctx, 1)\n\tSave(xs...)\n}\n";
        let found = calls(Language::Go, go, "Save");
        assert_eq!(found, [Call { line: 3, given: 2, on: Some("store".into()) }]);
        let java = "class A { void g() { save(1); this.save(1, 2); } }\n";
        assert_eq!(calls(Language::Java, java, "save").len(), 2);
    }

    #[test]
    fn only_what_refuses_more_than_before_is_narrowed() {
        let change = |old: &str, new: &str| {
            narrowed(
                Language::Python,
                &format!("def f({old}):\n    pass\n"),
                &format!("def f({new}):\n    pass\n"),
            )
            .len()
        };
        assert_eq!(change("a", "a, b"), 1, "a new argument that must be given");
        assert_eq!(change("a", "a, b=None"), 0, "old calls still fit");
        assert_eq!(change("a, b", "a"), 1, "one argument less");
        assert_eq!(change("a", "a, *rest"), 0);
        assert_eq!(change("a", "renamed"), 0);
    }
}
