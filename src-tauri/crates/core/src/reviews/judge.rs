//! Decides which candidates are shown.
//!
//! Asked "is this comment right", a small model says yes to its own inventions. But it knows what follows
//! from what: a comment that is about the line becomes much less likely when the line is taken out, and
//! one that fits any code does not. The difference of the two log-probabilities is the evidence.

use anyhow::Result;
use internflow_domain::TextModel;

use super::anchor::Anchored;
use super::ask::Unit;

/// Nats by which the line must make the comment likelier. Chosen on the labelled commits of
/// `tests/fixtures/reviews`, see there.
const MARGIN: f32 = 2.0;
/// Evidence at which confidence reaches its top.
const SURE: f32 = 14.0;

/// Confidence from 0 to 1, or `None` when the candidate does not hold.
pub(super) async fn judge(model: &dyn TextModel, unit: &Unit, anchored: &Anchored) -> Result<Option<f32>> {
    if !names_exist(unit, &anchored.message) {
        return Ok(None);
    }
    let evidence = evidence(model, unit, anchored).await?;
    tracing::debug!(path = unit.path, line = anchored.line, evidence, message = anchored.message, "judged");
    if evidence < MARGIN {
        return Ok(None);
    }
    Ok(Some((0.4 + 0.4 * (evidence - MARGIN) / (SURE - MARGIN)).clamp(0.4, 0.8)))
}

/// How much likelier (nats) the comment is with the line than without it.
async fn evidence(model: &dyn TextModel, unit: &Unit, anchored: &Anchored) -> Result<f32> {
    let comment = format!("{}\n", anchored.message);
    let with = log_probability(model, &around(unit, anchored.line, true), &comment).await?;
    let without = log_probability(model, &around(unit, anchored.line, false), &comment).await?;
    Ok(with - without)
}

async fn log_probability(model: &dyn TextModel, prefix: &str, text: &str) -> Result<f32> {
    let scores = model.score(prefix.to_owned(), vec![text.to_owned()]).await?;
    Ok(scores.first().copied().unwrap_or(f32::NEG_INFINITY))
}

/// The code near the line, then the opening of a review comment.
fn around(unit: &Unit, line: u32, with_line: bool) -> String {
    let mut text = format!("{}\n```\n", unit.path);
    for near in unit.lines.iter().filter(|near| near.number.abs_diff(line) <= 8) {
        if with_line || near.number != line {
            text.push_str(&near.text);
            text.push('\n');
        }
    }
    text.push_str("```\nDefect found in review: ");
    internflow_code::mask_secrets(&text)
}

/// Names that the comment puts into backticks or quotes as code must be in the code.
fn names_exist(unit: &Unit, message: &str) -> bool {
    let code: String = unit.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    message.split('`').skip(1).step_by(2).all(|name| {
        let name = name.trim().trim_end_matches("()");
        name.is_empty() || name.contains(' ') || code.contains(name)
    })
}
