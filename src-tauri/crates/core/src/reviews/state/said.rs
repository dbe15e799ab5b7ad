//! The line that a finding is about, as text: when another line says the same, and when it means the same.

use internflow_code::mask_secrets;
use internflow_domain::{Category, Finding};

use crate::squeeze;

/// Letters and digits from which on a line is telling: `return result` is in every file.
const TELLING: usize = 12;
/// Rules quote at most so many bytes of a line, less what a character needs.
const CUT: usize = 396;
/// What stands in a quote where a secret stood.
const MASK: &str = "****";

/// The line of a finding, however it is laid out.
pub(super) struct Said {
    squeezed: String,
    masked: bool,
    cut: bool,
}

impl Said {
    pub(super) fn of(finding: &Finding) -> Self {
        let quote = &finding.quote;
        Self { squeezed: squeeze(quote), masked: quote.contains(MASK), cut: quote.len() > CUT }
    }

    /// `line` is the same, white space aside.
    pub(super) fn is(&self, line: &str) -> bool {
        let same = |line: &str| line == self.squeezed || self.cut && line.starts_with(&self.squeezed);
        !self.squeezed.is_empty()
            && (same(&squeeze(line)) || self.masked && same(&squeeze(&mask_secrets(line.trim()))))
    }

    /// Hardly ever written twice by chance.
    pub(super) fn telling(&self) -> bool {
        telling(&self.squeezed)
    }
}

fn telling(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).count() >= TELLING
}

/// Two findings of one rule mean the same: their lines are equal but for white space, numbers and what stands
/// between quotes, which count only where it is about security. Of lines that say little, those of one file. A line
/// with a secret means itself: another secret is another leak.
pub(super) fn twins(a: &Finding, b: &Finding) -> bool {
    if a.rule != b.rule || a.quote.contains(MASK) || b.quote.contains(MASK) {
        return false;
    }
    let meaning = |finding: &Finding| match finding.category {
        Category::Security => squeeze(&finding.quote),
        _ => general(&squeeze(&finding.quote), !finding.path.ends_with(".rs")),
    };
    let (one, other) = (meaning(a), meaning(b));
    !one.is_empty() && one == other && (telling(&one) || a.path == b.path)
}

/// A line with its numbers and texts left out. In Rust an apostrophe begins a lifetime more often than a character.
fn general(line: &str, apostrophes: bool) -> String {
    let mut general = String::with_capacity(line.len());
    let mut rest = line.chars();
    let mut word = false;
    while let Some(c) = rest.next() {
        let quote = c == '"' || c == '`' || c == '\'' && apostrophes;
        let end = if quote { end_of_text(rest.as_str(), c) } else { None };
        if let Some(end) = end {
            general.extend([c, c]);
            rest = rest.as_str()[end..].chars();
            word = false;
        } else if c.is_ascii_digit() && !word {
            if !general.ends_with('0') {
                general.push('0');
            }
        } else {
            general.push(c);
            word = c.is_alphanumeric() || c == '_';
        }
    }
    general
}

/// Where a text ends that `quote` began, behind its closing quote; `None` where it goes on in the next line.
fn end_of_text(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use internflow_domain::{Severity, Source};

    use super::*;

    fn finding(path: &str, category: Category, quote: &str) -> Finding {
        Finding {
            commit: String::new(),
            path: path.into(),
            line: 1,
            end_line: 1,
            severity: Severity::Minor,
            category,
            source: Source::Rule,
            rule: "python/example".into(),
            message: String::new(),
            why: String::new(),
            quote: quote.into(),
            fix: None,
            confidence: 0.9,
        }
    }

    #[test]
    fn twins_differ_in_numbers_and_texts_at_most() {
        let plain = |a: &str, b: &str| {
            twins(
                &finding("a.py", Category::Maintainability, a),
                &finding("b.py", Category::Maintainability, b),
            )
        };
        assert!(plain("logger.debug('one', rows[10])", "logger.debug( 'two', rows[2] )"));
        assert!(!plain("logger.debug('one', rows[10])", "logger.debug('one', names[10])"), "another name");
        assert!(!plain("logger.debug(rows10)", "logger.debug(rows11)"), "a digit of a name is no number");
        assert!(!plain("except:", "except:"), "it is in every file and says nothing of what is caught");
        let here = || finding("a.py", Category::Maintainability, "except:");
        assert!(twins(&here(), &here()));
    }

    #[test]
    fn security_is_taken_by_the_letter() {
        let secure = |quote: &str| finding("a.py", Category::Security, quote);
        let (one, other) = ("connect(user, password='test1234')", "connect(user, password='Tr0ub4dor')");
        assert!(twins(&secure(one), &secure(one)));
        assert!(!twins(&secure(one), &secure(other)), "the next password is not the one that was dismissed");
        let masked = secure("connect_to_server(token='****')");
        assert!(!twins(&masked, &masked), "two secrets look alike once they are masked");
    }

    #[test]
    fn a_line_is_the_same_however_it_is_laid_out() {
        let said = Said::of(&finding("a.py", Category::Correctness, "total = price*count"));
        assert!(said.is("    total  =  price * count\r"));
        assert!(!said.is("total = price * counts"));
        assert!(!Said::of(&finding("a.py", Category::Correctness, "")).is(""), "nothing is not a line");
    }

    #[test]
    fn texts_and_numbers_are_left_out() {
        assert_eq!(general("f('a\\'b',\"c\",12)", true), "f('',\"\",0)");
        assert_eq!(general("x2=3.14+don't", true), "x2=0.0+don't", "an apostrophe alone begins no text");
        assert_eq!(general("fnf<'a>(x:&'astr)", false), "fnf<'a>(x:&'astr)");
    }
}
