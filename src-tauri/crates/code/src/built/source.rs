//! A parsed file, and what every kind asks of its nodes, whatever the language.

mod binding;
mod place;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use tree_sitter::{Node, Tree};

use crate::Language;
use crate::imports::Import;
use crate::syntax::{self, text_of};

pub(super) use place::Place;

/// Arguments of one call that are looked at.
const MOST_ARGUMENTS: usize = 200;
/// Routers on routers, wrappers in wrappers: what is followed from one name to the next.
const DEEPEST: usize = 16;
/// Parts of an import's path by which it is known: `a.b.C` is of `a` and of `a.b`.
const MOST_PARTS: usize = 8;
/// Annotations of one thing; more are not written by people.
const MOST_MARKS: usize = 64;
/// Nodes that may be looked at beside the walk over the file, and for each byte of it. A file of 1,500 ordinary tests
/// is read to its end; one made so that its tests, chains and decorators look through each other again and again is
/// read as far as this lasts.
const LEAST_LOOKS: usize = 20_000;
const LOOKS_PER_BYTE: usize = 3;

/// A file with its tree, its imports and the values of its names.
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) language: Language,
    pub(super) text: &'a str,
    pub(super) root: Node<'a>,
    /// The paths of all imports, and what they begin with: `a`, `a.b` and `a.b.C`.
    imported: HashSet<String>,
    /// The last parts of Go's imports that have no host.
    standard: HashSet<String>,
    mentioned: RefCell<HashMap<&'static str, bool>>,
    looks: Cell<usize>,
    bindings: HashMap<&'a str, Vec<Binding<'a>>>,
    definitions: HashMap<&'a str, Node<'a>>,
}

/// A name that is given a value or a type.
#[derive(Clone, Copy)]
pub(super) struct Binding<'a> {
    /// Where it stands, in bytes.
    at: usize,
    pub(super) value: Option<Node<'a>>,
    /// As written; empty where there is none.
    pub(super) of_type: &'a str,
}

/// A call, or the making of a value: what is called, on what, with what.
pub(super) struct Call<'a> {
    pub(super) node: Node<'a>,
    pub(super) receiver: Option<Node<'a>>,
    pub(super) name: &'a str,
    pub(super) arguments: Vec<Node<'a>>,
    /// `new Name(…)`.
    pub(super) makes: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(
        path: &'a str,
        language: Language,
        text: &'a str,
        tree: &'a Tree,
        imported: Vec<Import>,
    ) -> Self {
        let mut bindings: HashMap<&str, Vec<Binding>> = HashMap::new();
        let mut definitions: HashMap<&str, Node> = HashMap::new();
        syntax::each_node(tree.root_node(), |node| {
            for (name, value, of_type) in binding::bound(node, text) {
                let binding = Binding { at: node.start_byte(), value, of_type };
                bindings.entry(text_of(name, text)).or_default().push(binding);
            }
            if matches!(node.kind(), "class_definition" | "class_declaration" | "function_declaration")
                && let Some(name) = node.child_by_field_name("name")
            {
                definitions.entry(text_of(name, text)).or_insert(node);
            }
        });
        let standard = |target: &str| {
            let (host, last) = (target.split('/').next()?, target.rsplit('/').next()?);
            (language == Language::Go && !host.contains('.')).then(|| last.to_owned())
        };
        Self {
            path,
            language,
            text,
            root: tree.root_node(),
            standard: imported.iter().filter_map(|import| standard(&import.target)).collect(),
            imported: imported.iter().flat_map(|import| beginnings(&import.target)).collect(),
            mentioned: RefCell::default(),
            looks: Cell::new(LEAST_LOOKS + text.len() * LOOKS_PER_BYTE),
            bindings,
            definitions,
        }
    }

    /// Takes from what may be looked at. False when it is used up: what is asked then has no answer.
    pub(super) fn look(&self, nodes: usize) -> bool {
        let left = self.looks.get();
        self.looks.set(left.saturating_sub(nodes));
        left >= nodes
    }

    /// Visits a node and all below it in the order of the text, as far as there are looks left.
    pub(super) fn each_in(&self, node: Node<'a>, mut visit: impl FnMut(Node<'a>)) {
        syntax::each_node_while(node, |node| {
            let may = self.look(1);
            if may {
                visit(node);
            }
            may
        });
    }

    /// The named children of a node without comments.
    pub(super) fn children(&self, node: Node<'a>) -> Vec<Node<'a>> {
        if self.look(node.child_count() as usize) { named_children(node) } else { Vec::new() }
    }

    /// The text has this word somewhere.
    pub(super) fn mentions(&self, word: &'static str) -> bool {
        *self.mentioned.borrow_mut().entry(word).or_insert_with(|| self.text.contains(word))
    }

    /// Something of one of these packages is imported.
    pub(super) fn imports(&self, packages: &[&str]) -> bool {
        packages.iter().any(|package| self.imported.contains(*package))
    }

    pub(super) fn text_of(&self, node: Node) -> &'a str {
        text_of(node, self.text)
    }

    pub(super) fn field(&self, node: Node<'a>, name: &str) -> &'a str {
        node.child_by_field_name(name).map_or("", |n| self.text_of(n))
    }

    /// What a name stands for at a place: the nearest that was written before it, else the first after it.
    pub(super) fn binding(&self, name: &str, before: usize) -> Option<Binding<'a>> {
        let all = self.bindings.get(name)?;
        let next = all.partition_point(|binding| binding.at < before);
        all.get(next.saturating_sub(1)).copied()
    }

    /// The class or function of this file that a name means.
    pub(super) fn definition(&self, name: &str) -> Option<Node<'a>> {
        self.definitions.get(name).copied()
    }

    /// A package of Go's standard library, whose paths have no host.
    pub(super) fn imports_standard(&self, name: &str) -> bool {
        self.standard.contains(name)
    }

    pub(super) fn lines(&self, node: Node) -> (u32, u32) {
        (syntax::line_of(node), syntax::end_line_of(node))
    }

    /// The call that a node is, seen through `await`, `?` and brackets.
    pub(super) fn call(&self, node: Node<'a>) -> Option<Call<'a>> {
        let mut node = node;
        if !self.look(1) {
            return None;
        }
        for _ in 0..DEEPEST {
            match node.kind() {
                "await_expression"
                | "await"
                | "try_expression"
                | "parenthesized_expression"
                | "argument"
                | "reference_expression" => node = node.named_child(0)?,
                _ => break,
            }
        }
        let (callee, makes) = match node.kind() {
            "call" | "call_expression" | "invocation_expression" => {
                (node.child_by_field_name("function")?, false)
            }
            "new_expression" => {
                (node.child_by_field_name("constructor").or_else(|| node.child_by_field_name("type"))?, true)
            }
            "object_creation_expression" => (node.child_by_field_name("type")?, true),
            "method_invocation" => {
                let name = self.text_of(node.child_by_field_name("name")?);
                let receiver = node.child_by_field_name("object");
                let arguments = self.arguments(node);
                return Some(Call { node, receiver, name, arguments, makes: false });
            }
            _ => return None,
        };
        let (receiver, name) = self.member(callee)?;
        Some(Call { node, receiver, name, arguments: self.arguments(node), makes })
    }

    /// The first arguments of a call, whatever is called.
    pub(super) fn arguments(&self, call: Node<'a>) -> Vec<Node<'a>> {
        let Some(list) = call.child_by_field_name("arguments") else { return Vec::new() };
        let mut cursor = list.walk();
        list.named_children(&mut cursor)
            .take(MOST_ARGUMENTS)
            .filter(|child| self.look(1) && !is_comment(*child))
            .map(|one| if one.kind() == "argument" { last_named(one).unwrap_or(one) } else { one })
            .collect()
    }

    /// `a.b.c` in `a.b` and `c`; a plain name has nothing before it.
    pub(super) fn member(&self, node: Node<'a>) -> Option<(Option<Node<'a>>, &'a str)> {
        let split = |before: &str, name: &str| {
            let name = node.child_by_field_name(name)?;
            // `Box::<T>::new` and `Get<T>` are called by their plain names.
            let name = name.child_by_field_name("name").unwrap_or(name);
            Some((node.child_by_field_name(before), self.text_of(name)))
        };
        match node.kind() {
            "identifier" | "type_identifier" | "property_identifier" | "field_identifier" => {
                Some((None, self.text_of(node)))
            }
            "attribute" => split("object", "attribute"),
            "member_expression" => split("object", "property"),
            "selector_expression" => split("operand", "field"),
            "field_expression" => {
                split("value", "field").filter(|(b, _)| b.is_some()).or_else(|| split("argument", "field"))
            }
            "scoped_identifier" | "scoped_type_identifier" => split("path", "name"),
            "qualified_identifier" => split("scope", "name"),
            "member_access_expression" => split("expression", "name"),
            "generic_function" => self.member(node.child_by_field_name("function")?),
            "generic_name" | "generic_type" => self.member(node.named_child(0)?),
            _ => None,
        }
    }

    /// The calls of a chain from the last one inwards: `a.b().c()` gives `c` and `b`.
    pub(super) fn chain(&self, call: Call<'a>) -> Vec<Call<'a>> {
        let mut chain = vec![call];
        while chain.len() < 200
            && let Some(receiver) = chain.last().and_then(|call| call.receiver)
            && let Some(inner) = self.call(receiver)
        {
            chain.push(inner);
        }
        chain
    }

    /// What a string says, without its quotes, escapes as they are written. None where a value is put in.
    pub(super) fn literal(&self, node: Node<'a>) -> Option<&'a str> {
        let kind = node.kind();
        if !kind.contains("string") || kind.contains("interpolated") || kind == "concatenated_string" {
            return None;
        }
        let filled = |child: &Node| matches!(child.kind(), "interpolation" | "template_substitution");
        if self.children(node).iter().any(filled) {
            return None;
        }
        let written = self.text_of(node);
        let written = &written[written.find(['"', '\'', '`'])?..];
        let quote = written.chars().next()?;
        Some(written.trim_end_matches('#').trim_matches(quote))
    }

    /// The value of `name=…` among arguments of Python, or of `name: …` in an object among those of JavaScript.
    pub(super) fn keyword(&self, arguments: &[Node<'a>], name: &str) -> Option<Node<'a>> {
        arguments.iter().find_map(|argument| match argument.kind() {
            "keyword_argument" if self.field(*argument, "name") == name => {
                argument.child_by_field_name("value")
            }
            "object" => self.children(*argument).into_iter().find_map(|pair| {
                let key = self.field(pair, "key").trim_matches(['"', '\'']);
                (key == name).then(|| pair.child_by_field_name("value")).flatten()
            }),
            _ => None,
        })
    }

    /// The strings in a list, or the one that stands there alone.
    pub(super) fn literals(&self, node: Node<'a>) -> Vec<&'a str> {
        match self.literal(node) {
            Some(one) => vec![one],
            None => self.children(node).into_iter().filter_map(|child| self.literal(child)).collect(),
        }
    }

    /// The classes and interfaces that a class is made from, as written, each with its type parameters.
    pub(super) fn bases(&self, class: Node<'a>) -> Vec<&'a str> {
        let list = |node: Node<'a>| -> Vec<&'a str> {
            self.children(node).into_iter().map(|child| self.text_of(child)).collect()
        };
        if let Some(bases) = class.child_by_field_name("superclasses") {
            return list(bases);
        }
        if let Some(superclass) = class.child_by_field_name("superclass") {
            return list(superclass);
        }
        let child = self
            .children(class)
            .into_iter()
            .find(|child| matches!(child.kind(), "base_list" | "class_heritage"));
        child.map(list).unwrap_or_default()
    }
}

impl<'a> Source<'a> {
    /// The same for a node whose marks are inside of it, as in Java and C#, or in an `export` around it.
    pub(super) fn annotations_in(&self, node: Node<'a>) -> Vec<(&'a str, Vec<Node<'a>>)> {
        self.annotation_nodes(node).into_iter().filter_map(|node| self.annotation(node)).collect()
    }

    /// Annotations of Java, attributes of C# and decorators of a class, which are children of what they mark.
    fn annotation_nodes(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut cursor = node.walk();
        let before: Vec<Node> = node
            .named_children(&mut cursor)
            .take(MOST_MARKS)
            .take_while(|child| self.look(1) && child.kind() != "class_body" && child.kind() != "block")
            .collect();
        let marks = before.into_iter().flat_map(|child| match child.kind() {
            "modifiers" | "attribute_list" => self.children(child),
            "decorator" => vec![child],
            _ => Vec::new(),
        });
        marks.take(MOST_MARKS).collect()
    }

    fn annotation(&self, node: Node<'a>) -> Option<(&'a str, Vec<Node<'a>>)> {
        match node.kind() {
            "decorator" => {
                let inner = self.children(node).into_iter().next()?;
                match self.call(inner) {
                    Some(call) => Some((call.name, call.arguments)),
                    None => Some((self.member(inner)?.1, Vec::new())),
                }
            }
            "annotation" | "marker_annotation" => {
                let name = self.field(node, "name").rsplit('.').next()?;
                Some((name, self.arguments(node)))
            }
            "attribute" => {
                let name = self.field(node, "name").rsplit('.').next()?;
                let list = self.children(node).into_iter().find(|c| c.kind() == "attribute_argument_list");
                let arguments = list.map(|list| self.children(list)).unwrap_or_default();
                Some((name.strip_suffix("Attribute").unwrap_or(name), arguments))
            }
            _ => None,
        }
    }
}

/// An import's path, and what it begins with up to a separator.
fn beginnings(target: &str) -> Vec<String> {
    let cuts = target.match_indices(['.', '/', ':']).map(|(at, _)| at).take(MOST_PARTS);
    cuts.chain([target.len()]).map(|at| target[..at].to_owned()).collect()
}

/// The named children without comments.
pub(super) fn named_children(node: Node) -> Vec<Node> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !is_comment(*child)).collect()
}

fn last_named(node: Node) -> Option<Node> {
    named_children(node).pop()
}

fn is_comment(node: Node) -> bool {
    node.kind().ends_with("comment")
}
