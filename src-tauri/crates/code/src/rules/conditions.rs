//! Conditions that have the same answer whatever the values are, and guards that are the wrong way round.

use tree_sitter::Node;

use super::pattern;
use crate::syntax::text_of;

/// Operands of one chain of `&&` or `||` that are compared with each other.
const MAX_OPERANDS: usize = 12;

/// `a && b` can never hold, or `a || b` always does: two comparisons of one value with constants exclude
/// each other (`x < 1 && x > 9`, `x != 1 || x != 2`).
pub(crate) fn is_constant(node: Node, text: &str) -> bool {
    let Some((any, operands)) = chain(node, text) else { return false };
    let tests: Vec<Test> = operands.iter().filter_map(|o| Test::of(*o, text)).collect();
    tests.iter().enumerate().any(|(i, a)| tests[..i].iter().any(|b| a.of == b.of && a.excludes(b, any, text)))
}

/// A test for "nothing there" guards the use of what is then not there: `x == null && x.name`,
/// `x is not None or x.name`, `list.isEmpty() && list.get(0)`.
pub(crate) fn is_inverted_guard(node: Node, text: &str) -> bool {
    let Some((any, operands)) = chain(node, text) else { return false };
    operands.iter().enumerate().any(|(i, guard)| {
        let Some(used) = missing(text_of(*guard, text), any) else { return false };
        let Some(used) = pattern::regex(&used) else { return false };
        operands[i + 1..].iter().any(|later| used.is_match(text_of(*later, text)))
    })
}

/// The operands of a whole chain of the same operator, and whether it is `||`. None inside a longer chain.
fn chain<'t>(node: Node<'t>, text: &str) -> Option<(bool, Vec<Node<'t>>)> {
    let operator = logical(node, text)?;
    let mut around = node.parent();
    while let Some(parent) = around.filter(|p| p.kind() == "parenthesized_expression") {
        around = parent.parent();
    }
    if around.is_some_and(|parent| logical(parent, text) == Some(operator)) {
        return None;
    }
    let mut operands = Vec::new();
    let mut open = vec![node];
    while let Some(one) = open.pop() {
        if logical(one, text) == Some(operator) && operands.len() < MAX_OPERANDS {
            open.extend(one.child_by_field_name("right"));
            open.extend(one.child_by_field_name("left"));
        } else if one.kind() == "parenthesized_expression" && one.named_child_count() == 1 {
            open.extend(one.named_child(0));
        } else {
            operands.push(one);
        }
    }
    Some((operator, operands))
}

/// True for `||` and `or`, false for `&&` and `and`; None for anything else.
fn logical(node: Node, text: &str) -> Option<bool> {
    let kind = matches!(node.kind(), "binary_expression" | "boolean_operator");
    match text_of(node.child_by_field_name("operator").filter(|_| kind)?, text) {
        "||" | "or" => Some(true),
        "&&" | "and" => Some(false),
        _ => None,
    }
}

/// A comparison of a value with a constant.
struct Test<'t> {
    of: &'t str,
    operator: &'t str,
    constant: Constant<'t>,
}

/// A number, a literal, or a name in capitals.
struct Constant<'t> {
    text: &'t str,
    is_name: bool,
}

impl<'t> Test<'t> {
    fn of(node: Node<'t>, text: &'t str) -> Option<Self> {
        let (left, operator, right) = match node.kind() {
            "binary_expression" => {
                let part = |field| node.child_by_field_name(field);
                (part("left")?, text_of(part("operator")?, text), part("right")?)
            }
            "comparison_operator" if node.named_child_count() == 2 => {
                let operator = text_of(node.child_by_field_name("operators")?, text);
                (node.named_child(0)?, operator, node.named_child(1)?)
            }
            _ => return None,
        };
        let operator = match operator {
            "===" => "==",
            "!==" => "!=",
            "==" | "!=" | "<" | "<=" | ">" | ">=" => operator,
            _ => return None,
        };
        let (of, operator, constant) = match (Constant::of(left, text), Constant::of(right, text)) {
            (None, Some(constant)) => (left, operator, constant),
            (Some(constant), None) => (right, turned(operator), constant),
            _ => return None,
        };
        let of = text_of(of, text);
        // What a call answers may differ from one time to the next.
        (!of.contains(['(', '\n']) && !of.contains("++") && !of.contains("--")).then_some(Self {
            of,
            operator,
            constant,
        })
    }

    /// Both cannot hold at once; or, for `any`, one of both always holds.
    fn excludes(&self, other: &Self, any: bool, text: &str) -> bool {
        match (self.side(any), other.side(any)) {
            ("==", "!=") | ("!=", "==") => self.constant.text == other.constant.text,
            ("!=", _) | (_, "!=") => false,
            ("==", "==") => self.constant.differs(&other.constant, text),
            (a, b) => {
                let ((low, low_in), (high, high_in)) = self.range(a, text);
                let ((other_low, other_low_in), (other_high, other_high_in)) = other.range(b, text);
                let apart = |low: f64, low_in: bool, high: f64, high_in: bool| {
                    low > high || low == high && !(low_in && high_in)
                };
                apart(low, low_in, other_high, other_high_in) || apart(other_low, other_low_in, high, high_in)
            }
        }
    }

    /// The operator, or for `any` its opposite: `a || b` always holds when `!a && !b` never does.
    fn side(&self, any: bool) -> &'t str {
        match (any, self.operator) {
            (false, operator) => operator,
            (true, "==") => "!=",
            (true, "!=") => "==",
            (true, "<") => ">=",
            (true, ">=") => "<",
            (true, ">") => "<=",
            (true, _) => ">",
        }
    }

    /// The ends of the numbers that fit, each with whether it is included.
    fn range(&self, operator: &str, text: &str) -> ((f64, bool), (f64, bool)) {
        let (least, most) = self.constant.known(text);
        match operator {
            "==" => ((least, true), (most, true)),
            "<" => ((f64::NEG_INFINITY, true), (most, false)),
            "<=" => ((f64::NEG_INFINITY, true), (most, true)),
            ">" => ((least, false), (f64::INFINITY, true)),
            _ => ((least, true), (f64::INFINITY, true)),
        }
    }
}

fn turned(operator: &str) -> &str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        same => same,
    }
}

impl<'t> Constant<'t> {
    fn of(node: Node, text: &'t str) -> Option<Self> {
        let own = text_of(node, text);
        let literal = matches!(
            node.kind(),
            "string"
                | "string_literal"
                | "char_literal"
                | "character_literal"
                | "interpreted_string_literal"
                | "rune_literal"
        );
        if number(own).is_some() || literal && !own.contains(['{', '$']) {
            return Some(Self { text: own, is_name: false });
        }
        let last = own.rsplit(['.', ':']).next().unwrap_or_default();
        let is_name = last.len() > 1
            && last.starts_with(|c: char| c.is_ascii_uppercase())
            && last.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && own.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'));
        (!literal && is_name).then_some(Self { text: own, is_name })
    }

    /// The least and the greatest number it can be: its own, that of its definition, or what its name promises.
    fn known(&self, text: &str) -> (f64, f64) {
        let own = number(self.text).or_else(|| self.is_name.then(|| defined(self.text, text)).flatten());
        if let Some(number) = own {
            return (number, number);
        }
        let counts =
            ["MAX", "LIMIT", "SIZE", "LENGTH", "CAPACITY"].iter().any(|word| self.text.contains(word));
        (if self.is_name && counts { 1.0 } else { f64::NEG_INFINITY }, f64::INFINITY)
    }

    /// Certainly another value: another number, or another literal or name of the same kind.
    fn differs(&self, other: &Self, text: &str) -> bool {
        let (own, its) = (self.known(text), other.known(text));
        if own.0 == own.1 && its.0 == its.1 {
            return own.0 != its.0;
        }
        let literal = |c: &Self| c.text.starts_with(['"', '\'']);
        self.text != other.text && (literal(self) && literal(other) || self.is_name && other.is_name)
    }
}

/// A number as the languages write it; suffixes and separators are left out.
fn number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| *c != '_').collect();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let digits = digits.trim_end_matches(['u', 'U', 'l', 'L']);
        // Above that the sign depends on the language.
        return i32::from_str_radix(digits, 16).ok().map(f64::from);
    }
    let rest = text.strip_prefix('-').unwrap_or(&text);
    if !rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.trim_end_matches(['u', 'U', 'l', 'L', 'f', 'F', 'd', 'n']).parse().ok()
}

/// The number that the file gives to a constant, where it does so once.
fn defined(name: &str, text: &str) -> Option<f64> {
    let name = regex::escape(name);
    let definition = pattern::regex(&format!(
        r"\b{name}\b(?:\s*:\s*\w+)?(?:\s*=\s*|[ \t]+)(-?[0-9][0-9A-Fa-fxX_.]*[uUlL]*)[ \t]*(?:[;,)#/\r\n]|$)"
    ));
    let definition = definition?;
    let mut found = definition.captures_iter(text);
    let first = number(found.next()?.get(1)?.as_str())?;
    found.next().is_none().then_some(first)
}

/// For a test that there is nothing (or, in a chain of `||`, that there is something): an expression for what
/// must then not be touched.
fn missing(guard: &str, any: bool) -> Option<String> {
    let (equal, is) = if any { ("!==?", r"is\s+not") } else { ("===?", "is") };
    let null = pattern::regex(&format!(
        r"^\(?\s*([A-Za-z_][\w.]*)\s*(?:{equal}\s*(?:null|nil|NULL|nullptr|undefined)|{is}\s+None)\s*\)?$"
    ));
    if let Some(found) = null?.captures(guard) {
        let name = regex::escape(&found[1]);
        return Some(format!(r"(?:^|[^\w.]){name}(?:\.|->)\w"));
    }
    let sign = if any { r"!\s*" } else { "" };
    let zero = if any { r"(?:!==?|>)" } else { "===?" };
    let empty = pattern::regex(&format!(
        r"^(?:{sign}([A-Za-z_][\w.]*)\.(?:isEmpty|is_empty|empty)\(\)|([A-Za-z_][\w.]*)\.(?:length|size\(\)|len\(\))\s*{zero}\s*0|len\(([A-Za-z_][\w.]*)\)\s*{zero}\s*0)$"
    ));
    let found = empty?.captures(guard)?;
    let name = found.iter().skip(1).flatten().next()?;
    let name = regex::escape(name.as_str());
    Some(format!(r"(?:^|[^\w.]){name}(?:\[|\.(?:get\(|front\(|back\(|getFirst\(|getLast\(|charAt\(|peek\())"))
}
