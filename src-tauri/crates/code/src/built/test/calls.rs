//! The names that a test calls, as far as its text says.

use std::collections::HashSet;

use tree_sitter::Node;

use crate::Language;
use crate::built::source::{Call, Source};
use crate::syntax::{self, text_of};

/// Names that are kept of one test.
const MOST_CALLS: usize = 40;
/// Nodes of a test that are looked at.
const MOST_NODES: usize = 20_000;

/// What a test calls. None when it does nothing.
pub(super) fn called_in(source: &Source, body: Node) -> Option<Vec<String>> {
    // With the byte of the bracket behind each name: that of an inner call stands before that of an outer one.
    let mut names: Vec<(usize, String)> = Vec::new();
    let (mut does, mut nodes) = (false, 0);
    syntax::each_node_while(body, |node| {
        nodes += 1;
        match node.kind() {
            "call"
            | "call_expression"
            | "invocation_expression"
            | "method_invocation"
            | "new_expression"
            | "object_creation_expression" => {
                does = true;
                let name = source.call(node).and_then(|call| symbol(source, &call));
                let bracket =
                    node.child_by_field_name("arguments").map_or(node.end_byte(), |list| list.start_byte());
                names.extend(name.map(|name| (bracket, name)));
            }
            "assert_statement" | "macro_invocation" => does = true,
            "token_tree" => names.extend(in_tokens(source, node)),
            _ => {}
        }
        nodes < MOST_NODES && source.look(1)
    });
    names.sort();
    let mut known = HashSet::new();
    let each_once = names.into_iter().map(|(_, name)| name).filter(|name| known.insert(name.clone()));
    let names = each_once.take(MOST_CALLS).collect();
    does.then_some(names)
}

/// The name of what is called, behind its type where the text says of which. None for the words of tests.
fn symbol(source: &Source, call: &Call) -> Option<String> {
    if is_assertion(call.name) {
        return None;
    }
    let Some(receiver) = call.receiver.filter(|_| !call.makes) else {
        return (!is_word_of(source.language, call.name)).then(|| call.name.to_owned());
    };
    if has_word(OF_ANY_VALUE, call.name) {
        return None;
    }
    let mut root = receiver;
    for _ in 0..200 {
        root = match (source.call(root), source.member(root)) {
            (Some(inner), _) => match inner.receiver {
                Some(receiver) => receiver,
                None if is_assertion(inner.name) => return None,
                None => break,
            },
            (None, Some((Some(before), _))) => before,
            _ => break,
        };
    }
    let root = source.text_of(root);
    if has_word(OUTSIDE, root) || is_assertion(root) || source.imports_standard(root) {
        return None;
    }
    Some(on(type_of(source, receiver), call.name))
}

fn on(of_type: Option<&str>, name: &str) -> String {
    let is_name = |of_type: &&str| of_type.chars().all(|c| c.is_alphanumeric() || c == '_');
    of_type.filter(is_name).map_or_else(|| name.to_owned(), |of_type| format!("{of_type}.{name}"))
}

/// The type of a receiver: a type's own name, or that of what the name before it was made from.
fn type_of<'a>(source: &Source<'a>, receiver: Node<'a>) -> Option<&'a str> {
    if let Some(call) = source.call(receiver) {
        return made(source, &call);
    }
    let written = source.text_of(receiver);
    named_type(source, written, receiver.start_byte())
}

fn named_type<'a>(source: &Source<'a>, written: &'a str, at: usize) -> Option<&'a str> {
    if let Some(binding) = source.binding(written, at) {
        let by_value =
            binding.value.and_then(|value| source.call(value)).and_then(|call| made(source, &call));
        return by_value.or_else(|| plain_type(binding.of_type));
    }
    let last = written.rsplit([':', '.']).next().unwrap_or(written);
    last.starts_with(char::is_uppercase).then_some(last)
}

/// The type that a call makes a value of: `new Queue()`, `Queue()`, `Queue::new()`, each also unwrapped.
fn made<'a>(source: &Source<'a>, call: &Call<'a>) -> Option<&'a str> {
    if call.makes || (call.receiver.is_none() && call.name.starts_with(char::is_uppercase)) {
        return Some(call.name);
    }
    let receiver = call.receiver?;
    if matches!(call.name, "unwrap" | "expect" | "await") {
        return source.call(receiver).and_then(|inner| made(source, &inner));
    }
    let written = source.text_of(receiver);
    let last = written.rsplit("::").next().unwrap_or(written);
    let is_type = source.language == Language::Rust && last.starts_with(char::is_uppercase);
    is_type.then(|| last.split('<').next().unwrap_or(last))
}

/// `&mut Queue<T>` is a `Queue`.
fn plain_type(of_type: &str) -> Option<&str> {
    let plain = of_type.trim_start_matches(['&', '*']).trim_start_matches("mut ");
    let plain = plain.split(['<', '[', ' ']).next().unwrap_or(plain);
    let plain = plain.rsplit([':', '.']).next().unwrap_or(plain);
    plain.starts_with(char::is_uppercase).then_some(plain)
}

/// What macros of Rust are given is not parsed as code: a name with brackets behind it is called.
fn in_tokens(source: &Source, tree: Node) -> Vec<(usize, String)> {
    let mut cursor = tree.walk();
    let tokens: Vec<Node> = tree.children(&mut cursor).take(MOST_NODES).collect();
    let mut names = Vec::new();
    for (index, window) in tokens.windows(2).enumerate() {
        let [name, list] = window else { continue };
        let is_call = name.kind() == "identifier"
            && list.kind() == "token_tree"
            && text_of(*list, source.text).starts_with('(');
        let name = source.text_of(*name);
        if !is_call || is_assertion(name) {
            continue;
        }
        let before =
            |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at)).map(|n| source.text_of(*n));
        let name = match (before(1), before(2)) {
            (Some("." | "::"), _) if has_word(OF_ANY_VALUE, name) => continue,
            (Some("." | "::"), Some(receiver)) if !has_word(OUTSIDE, receiver) => {
                on(named_type(source, receiver, list.start_byte()), name)
            }
            (Some("." | "::"), _) => continue,
            _ if is_word_of(source.language, name) => continue,
            _ => name.to_owned(),
        };
        names.push((list.start_byte(), name));
    }
    names
}

/// What runners and assertions are called by.
fn is_assertion(name: &str) -> bool {
    const STARTS: &str = "assert Assert ASSERT expect EXPECT REQUIRE CHECK";
    const WORDS: &str =
        "describe it test suite beforeEach afterEach beforeAll afterAll before after fail SECTION should";
    STARTS.split(' ').any(|start| name.starts_with(start)) || has_word(WORDS, name)
}

/// Functions and types that a language brings with it.
fn is_word_of(language: Language, name: &str) -> bool {
    let words = match language {
        Language::Python => {
            "print len range str int float bool bytes bytearray list dict set frozenset tuple sorted reversed \
                isinstance issubclass type repr super getattr setattr hasattr enumerate zip sum min max any all \
                open iter next map filter object Exception ValueError RuntimeError TypeError KeyError partial"
        }
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            "require String Number Boolean Symbol BigInt Array Promise Date Map Set WeakMap Error TypeError \
                RangeError setTimeout clearTimeout setInterval setImmediate AbortController Buffer URL fetch \
                parseInt parseFloat structuredClone"
        }
        Language::Go => "len cap make new append panic string byte int copy delete error",
        Language::Rust => "Some Ok Err Box black_box drop format matches",
        Language::Java => "String ArrayList HashMap HashSet Object Thread Date",
        Language::CSharp => "List Dictionary HashSet nameof Exception Uri HttpClient",
        _ => "sizeof printf static_cast",
    };
    has_word(words, name)
}

fn has_word(words: &str, name: &str) -> bool {
    words.split(' ').any(|word| word == name)
}

/// Methods that every value has, or many do.
const OF_ANY_VALUE: &str = "unwrap unwrap_err expect clone into to_string to_owned collect toString \
    push_str as_str as_ref is_some is_none is_ok is_err iter_mut then catch map filter forEach join \
    split trim replace startswith endswith encode decode format";

/// Whose methods are not the repository's.
const OUTSIDE: &str = "t b f tb pytest unittest mock jest vi sinon cy chai console Math JSON \
    Promise Object Array Number String Date process Buffer System Arrays Collections List Mockito \
    Optional std tokio Duration Instant Vec Box Arc Rc HashMap Console Task Enumerable monkeypatch \
    capsys caplog tmp_path";
