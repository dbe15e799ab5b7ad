//! Ties what the model says to a line that the commit added. What ties to none is dropped.

use internflow_domain::{Category, Finding};

use super::ask::{Candidate, Unit};
use crate::squeeze;

/// A candidate at an added line.
#[derive(Debug, Clone)]
pub(super) struct Anchored {
    pub(super) line: u32,
    /// The line as the commit wrote it, without indentation.
    pub(super) quote: String,
    pub(super) category: Category,
    /// `model/<category>` for what was named, `likelihood/<kind of edit>` for what was weighed.
    pub(super) rule: String,
    pub(super) message: String,
    /// The line as the model would write it; empty when it knows none.
    pub(super) replacement: String,
}

/// Finds the added line that the candidate quotes: exactly, then ignoring white space, then as a part of
/// a line. Where the text repeats, the occurrence nearest to the number the model gave.
pub(super) fn anchor(unit: &Unit, candidate: Candidate) -> Option<Anchored> {
    let quote = candidate.quote.trim();
    let squeezed = squeeze(quote);
    if squeezed.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
        return None;
    }
    let matches: [&dyn Fn(&str) -> bool; 3] =
        [&|text| text.trim() == quote, &|text| squeeze(text) == squeezed, &|text| {
            squeezed.len() >= 8 && squeeze(text).contains(&squeezed)
        }];
    let (line, text) = matches.iter().find_map(|matches| {
        unit.added().filter(|(_, text)| matches(text)).min_by_key(|(line, _)| line.abs_diff(candidate.line))
    })?;
    let quote = internflow_code::mask_secrets(text.trim());
    let Candidate { category, message, replacement, .. } = candidate;
    let rule = format!("model/{}", category.as_str());
    Some(Anchored { line, quote, category, rule, message, replacement })
}

/// The same problem was already said at this place, by a rule or by the model.
pub(super) fn repeats(findings: &[Finding], path: &str, new: &Anchored) -> bool {
    findings.iter().filter(|old| old.path == path).any(|old| {
        let near = old.line.abs_diff(new.line) <= 2;
        let same_line = old.line == new.line;
        same_line || near && old.category == new.category
    })
}

#[cfg(test)]
mod tests {
    use super::super::ask::Line;
    use super::*;

    fn unit(lines: &[(u32, bool, &str)]) -> Unit {
        let lines =
            lines.iter().map(|&(number, added, text)| Line { number, added, text: text.into() }).collect();
        Unit { path: "a.py".into(), language: None, symbol: None, lines }
    }

    fn candidate(line: u32, quote: &str) -> Candidate {
        Candidate {
            line,
            quote: quote.into(),
            category: Category::Correctness,
            message: "m".into(),
            replacement: String::new(),
        }
    }

    #[test]
    fn a_quote_is_found_at_the_occurrence_nearest_to_the_number() {
        let unit =
            unit(&[(1, true, "  x = 1"), (2, false, "x = 1"), (9, true, "x  =  1"), (12, true, "x = 1")]);
        let line = |number| anchor(&unit, candidate(number, "x = 1")).map(|a| a.line);
        assert_eq!(line(11), Some(12));
        assert_eq!(line(2), Some(1), "context lines are not anchors: the student did not write them now");
    }

    #[test]
    fn what_is_not_in_the_diff_is_dropped() {
        let unit = unit(&[(1, true, "total = price * count"), (2, true, "}")]);
        assert!(anchor(&unit, candidate(1, "os.system(cmd)")).is_none(), "an invented line is never shown");
        assert!(anchor(&unit, candidate(2, "}")).is_none(), "a bracket says nothing");
        assert_eq!(anchor(&unit, candidate(7, "price*count")).map(|a| a.line), Some(1));
    }
}
