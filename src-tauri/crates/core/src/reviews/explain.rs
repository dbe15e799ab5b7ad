//! The words and the patch of a finding that survived: asked for only now, because most candidates do not.

use anyhow::Result;
use internflow_code::{mask_secrets, still_parses, unified_diff};
use internflow_domain::{Category, Finding, Severity, Source, TextModel, TextRequest};
use internflow_store::search::ChunkRow;
use serde::Deserialize;
use serde_json::json;

use super::Reviewed;
use super::anchor::Anchored;
use super::ask::{SYSTEM, Unit, shared};

#[derive(Default, Deserialize)]
struct Answer {
    why: String,
    severity: String,
}

/// Asks why it matters, and makes the finding with the patch the candidate came with.
pub(super) async fn explain(
    model: &dyn TextModel,
    unit: &Unit,
    file: &Reviewed,
    sha: &str,
    anchored: &Anchored,
    related: &[ChunkRow],
    confidence: f32,
) -> Result<Finding> {
    let user = format!(
        "{}\nA reviewer found in line {}: {}\nThe line is:\n{}\nExplain to the student in two sentences why this goes \
         wrong, with which input, and what to do.",
        shared(unit, related),
        anchored.line,
        anchored.message,
        anchored.quote,
    );
    let schema = json!({
        "x-guidance": {"whitespace_flexible": false},
        "type": "object",
        "properties": {
            "severity": {"enum": ["minor", "major", "critical"]},
            "why": {"type": "string", "minLength": 20, "maxLength": 300},
        },
        "required": ["severity", "why"],
        "additionalProperties": false,
    });
    let request = TextRequest {
        system: SYSTEM.to_owned(),
        user,
        schema: Some(schema),
        max_tokens: 160,
        temperature: 0.0,
        seed: 0,
    };
    let answer = model.generate(request).await?;
    // An answer cut off in the middle is no explanation: the finding stands with its message alone.
    let answer: Answer = serde_json::from_str(&answer.text).unwrap_or_default();
    let severity = Severity::parse(&answer.severity).unwrap_or(Severity::Minor);
    Ok(Finding {
        commit: sha.to_owned(),
        path: unit.path.clone(),
        line: anchored.line,
        end_line: anchored.line,
        severity: capped(severity, anchored.category),
        category: anchored.category,
        source: Source::Model,
        rule: format!("model/{}", anchored.category.as_str()),
        message: mask_secrets(&anchored.message),
        why: mask_secrets(answer.why.trim()),
        quote: anchored.quote.clone(),
        fix: patch(file, anchored, &anchored.replacement),
        confidence,
    })
}

/// Critical is for what lets somebody in or loses data; a model that sees style everywhere may not say it.
fn capped(severity: Severity, category: Category) -> Severity {
    let most = match category {
        Category::Security => Severity::Critical,
        Category::Correctness | Category::Concurrency | Category::Resources => Severity::Major,
        Category::Performance | Category::Tests | Category::Maintainability => Severity::Minor,
    };
    severity.min(most)
}

/// The line replaced, indentation kept, as a patch that applies and still parses; else none.
fn patch(file: &Reviewed, anchored: &Anchored, replacement: &str) -> Option<String> {
    let replacement = replacement.trim();
    let language = file.language?;
    let text = file.text();
    let old = text.split_inclusive('\n').nth(anchored.line as usize - 1)?;
    let body = old.trim();
    if replacement.is_empty()
        || replacement.contains('\n')
        || replacement == body
        || mask_secrets(body) != body
    {
        return None;
    }
    let indentation = &old[..old.len() - old.trim_start().len()];
    let line_end = &old[old.trim_end().len()..];
    let fixed: String = text
        .split_inclusive('\n')
        .enumerate()
        .map(|(i, line)| {
            if i + 1 == anchored.line as usize {
                format!("{indentation}{replacement}{line_end}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    still_parses(language, text, &fixed).then(|| unified_diff(file.path(), text, &fixed))
}
