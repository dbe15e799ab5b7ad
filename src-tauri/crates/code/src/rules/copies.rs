//! Copied code in which a name was changed at one place and forgotten at another: `if a: use(a)` followed
//! by `if b: use(a)`.

use tree_sitter::Node;

use crate::syntax::text_of;

/// Tokens of a statement that is compared.
const MAX_TOKENS: usize = 120;

/// The statement is a copy of the one before it, and a name that the original repeats was renamed in
/// some places and kept in one.
pub(crate) fn half_renamed(copy: Node, text: &str) -> bool {
    let Some(original) = before(copy) else { return false };
    if original.kind() != copy.kind() {
        return false;
    }
    let (Some(original), Some(tokens)) = (tokens(original, text), tokens(copy, text)) else { return false };
    if original.len() != tokens.len() || original.iter().zip(&tokens).any(|(a, b)| a.kind != b.kind) {
        return false;
    }
    // Answers and errors often name the same thing in several branches, and mean it.
    if original.iter().any(|t| matches!(t.text, "return" | "raise" | "throw")) {
        return false;
    }
    let is_clause = copy.kind().ends_with("expression") || copy.kind().ends_with("operator");
    let pairs: Vec<(&Token, &Token)> = original.iter().zip(&tokens).collect();
    let renamed: Vec<(&Token, &Token)> =
        pairs.iter().filter(|(a, b)| a.place != Place::NoName && a.text != b.text).copied().collect();
    // One original name became one new name, and the new one is not in the original already.
    let consistent = renamed.iter().all(|(old, new)| {
        renamed.iter().all(|(a, b)| (a.text == old.text) == (b.text == new.text))
            && original.iter().all(|t| t.text != new.text)
            && (!is_clause || old.place == Place::Member)
    });
    consistent
        && renamed.iter().any(|(old, _)| {
            let is = |t: &Token| t.text == old.text && t.kind == old.kind;
            let kept: Vec<_> = pairs.iter().filter(|(a, b)| is(a) && is(b)).collect();
            // What stays the same in front is what both are about; what was forgotten comes behind.
            let behind = |one: &Token| one.start > old.start;
            let fits = |place| place == Place::Member || place == Place::Alone && !is_clause;
            fits(old.place) && matches!(kept[..], [(one, _)] if fits(one.place) && behind(one))
        })
}

/// What a token is: no name, a name of its own, the last part of `a.b`, or a part before it.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    NoName,
    Alone,
    Member,
    Path,
}

struct Token<'t> {
    kind: &'t str,
    text: &'t str,
    start: usize,
    place: Place,
}

/// The leaves of a node, comments left out; None when there are too many or too few to tell.
fn tokens<'t>(node: Node<'t>, text: &'t str) -> Option<Vec<Token<'t>>> {
    let mut found: Vec<Token> = Vec::new();
    let mut cursor = node.walk();
    loop {
        let one = cursor.node();
        let leaf = one.child_count() == 0;
        if leaf && !one.kind().ends_with("comment") {
            let own = text_of(one, text);
            let is_member = |text: &str| matches!(text, "." | "->" | "?." | "::");
            let behind = found.last().is_some_and(|t| is_member(t.text));
            if is_member(own)
                && let Some(last) = found.last_mut().filter(|t: &&mut Token| t.place != Place::NoName)
            {
                last.place = Place::Path;
            }
            let place = match (one.kind().ends_with("identifier"), behind) {
                (false, _) => Place::NoName,
                (true, false) => Place::Alone,
                (true, true) => Place::Member,
            };
            found.push(Token { kind: one.kind(), text: own, start: one.start_byte(), place });
        }
        if found.len() > MAX_TOKENS {
            return None;
        }
        if cursor.goto_first_child() {
            continue;
        }
        loop {
            if cursor.depth() == 0 {
                return (found.len() >= 6).then_some(found);
            }
            if cursor.goto_next_sibling() {
                break;
            }
            cursor.goto_parent();
        }
    }
}

/// The sibling before a statement; for the right side of `a && b && c`, the operand before it.
fn before(node: Node) -> Option<Node> {
    let mut previous = node.prev_named_sibling();
    while let Some(one) = previous.filter(|n| n.kind().ends_with("comment")) {
        previous = one.prev_named_sibling();
    }
    let (previous, parent) = (previous?, node.parent()?);
    let operator = |n: Node| n.child_by_field_name("operator").map(|o| o.kind_id());
    if previous.kind() == parent.kind()
        && operator(previous).is_some()
        && operator(previous) == operator(parent)
    {
        return previous.child_by_field_name("right");
    }
    Some(previous)
}
