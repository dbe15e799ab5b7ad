//! Decides which candidates are shown.
//!
//! Asked "is this comment right", a small model says yes to its own inventions. What it knows better is how
//! code goes on: the line it proposes instead, put into its place, must be at least as likely there as the
//! line that was written. And what code can check is checked by code: names must exist, what is said to be missing
//! must be missing, and a comment that fits every function is no finding.

use anyhow::Result;
use internflow_domain::{Category, TextModel};

use super::anchor::Anchored;
use super::ask::Unit;
use super::likelihood;
use crate::squeeze;

/// Nats by which the proposed line must be likelier than the written one. With a bar of -12, and candidates without a
/// line let through, ten commits of tests/fixtures/reviews/tune had five findings: the one that named what was wrong
/// was the only one with a likelier line.
const LEAST: f32 = 0.0;
/// Most that a judgement which was never calibrated may claim.
const SUREST: f32 = 0.6;

/// Confidence from 0 to 1, or `None` when the candidate does not hold.
pub(super) async fn judge(
    model: &dyn TextModel,
    unit: &Unit,
    text: &str,
    anchored: &Anchored,
) -> Result<Option<f32>> {
    let code: String = unit.lines.iter().map(|line| format!("{}\n", line.text)).collect();
    if !is_concrete(anchored)
        || !names_exist(&code, &anchored.message)
        || contradicted(&code, &anchored.message)
    {
        let Anchored { line, rule, message, .. } = anchored;
        tracing::debug!(path = unit.path, line, rule, message, "refused by code");
        return Ok(None);
    }
    let gain = gain(model, text, anchored).await?;
    let Anchored { line, rule, message, replacement, .. } = anchored;
    tracing::debug!(path = unit.path, line, rule, gain, message, replacement, "judged");
    // Who names a problem and no line that would be better has nothing that could be weighed.
    Ok(gain.filter(|gain| *gain >= LEAST).map(|gain| (0.5 + gain / 40.0).min(SUREST)))
}

/// How much likelier (nats) the proposed line is in its place than the written one, by fill-in-the-middle;
/// `None` when no line is proposed.
async fn gain(model: &dyn TextModel, text: &str, anchored: &Anchored) -> Result<Option<f32>> {
    let lines: Vec<&str> = text.lines().collect();
    let at = anchored.line as usize - 1;
    let Some(written) = lines.get(at) else { return Ok(None) };
    if anchored.replacement.is_empty() || squeeze(&anchored.replacement) == squeeze(written) {
        return Ok(None);
    }
    let indentation = &written[..written.len() - written.trim_start().len()];
    let proposed = format!("{indentation}{}\n", anchored.replacement);
    let scores = model.score(likelihood::place(&lines, at), vec![proposed, format!("{written}\n")]).await?;
    Ok(match scores[..] {
        [proposed, written] => Some(proposed - written),
        _ => None,
    })
}

/// Says something about this code. What the model says of any code is not a finding, and the concerns it
/// only ever speaks of in general are not asked of it: rules do those.
fn is_concrete(anchored: &Anchored) -> bool {
    const GENERAL: &[&str] = &[
        "does not clearly",
        "documentation",
        "docstring",
        "comment",
        "naming",
        "variable name",
        "readab",
        "difficult to",
        "hard to understand",
        "best practice",
        "type hint",
        "type annotation",
        "unit test",
        "no tests",
        "logging",
        "consider using",
        "more descriptive",
        "is not used",
        "could be improved",
        "code style",
        "in the future",
        // Said of every value that comes from anywhere; rules know where such a value ends.
        "sanitiz",
        "sanitis",
    ];
    let message = anchored.message.to_lowercase();
    !matches!(anchored.category, Category::Tests | Category::Maintainability)
        && !GENERAL.iter().any(|words| message.contains(words))
}

/// Names that the comment puts into backticks must be in the code.
fn names_exist(code: &str, message: &str) -> bool {
    message.split('`').skip(1).step_by(2).all(|name| {
        let name = name.trim().trim_end_matches("()");
        name.is_empty() || squeeze(code).contains(&squeeze(name))
    })
}

/// What the comment says is missing is there.
fn contradicted(code: &str, message: &str) -> bool {
    /// Words of a comment, and code that shows them to be wrong.
    const CLAIMS: &[(&[&str], &[&str])] = &[
        (
            &["exception", "error handling", "handle error", "errors that"],
            &["except", "catch", "if err != nil", "?;", "rescue"],
        ),
        (
            &["not closed", "never closed", "close the", "resource leak"],
            &["with ", ".close(", "defer ", "fclose(", "try ("],
        ),
        (&["sql injection"], &["?\"", "%s\", (", "?)", "$1", "prepareStatement"]),
        (
            &["division by zero", "divide by zero", "empty list", "is empty"],
            &["if not ", "if len(", "== 0", "isEmpty", "is_empty", ".length"],
        ),
        (
            &["thread-safe", "thread safe", "race condition", "concurrent"],
            &["synchronized", "lock(", ".Lock()", "Mutex", "Atomic", "atomic"],
        ),
        (
            &["null", "none", "undefined"],
            &["is None", "is not None", "== null", "!= null", "?.", "Option<", "Objects.requireNonNull"],
        ),
    ];
    let message = message.to_lowercase();
    CLAIMS.iter().any(|(words, signs)| {
        words.iter().any(|word| message.contains(word)) && signs.iter().any(|sign| code.contains(sign))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_code_contradicts_is_refused() {
        let code = "try:\n    upload(item)\nexcept OSError:\n    retry(item)\n";
        assert!(contradicted(code, "The function does not handle exceptions raised by upload."));
        assert!(!contradicted("upload(item)\n", "The function does not handle exceptions raised by upload."));
        assert!(
            !names_exist(code, "`download` can fail"),
            "the model speaks of a function that is not there"
        );
        assert!(names_exist(code, "`upload( item )` can fail"), "spacing is not a reason to refuse");
    }

    #[test]
    fn what_fits_any_code_is_refused() {
        let said = |category, message: &str| {
            let message = message.to_owned();
            is_concrete(&Anchored {
                line: 1,
                quote: String::new(),
                category,
                rule: String::new(),
                message,
                replacement: String::new(),
            })
        };
        assert!(!said(Category::Correctness, "The function does not clearly indicate what it does."));
        assert!(!said(Category::Maintainability, "`x` should be `count`."));
        assert!(said(Category::Correctness, "Divides by the length of an empty list."));
    }
}
