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
    let expected = match anchored.replacement.as_str() {
        "" => String::new(),
        line => format!("It should probably read:\n{}\n", mask_secrets(line)),
    };
    let user = format!(
        "{}\nA reviewer found in line {}: {}\nThe line is:\n{}\n{expected}Explain to the student in two sentences why \
         this goes wrong, with which input, and what to do.",
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
        severity: capped(severity, anchored.category, confidence),
        category: anchored.category,
        source: Source::Model,
        rule: anchored.rule.clone(),
        message: mask_secrets(&anchored.message),
        why: why(&answer.why, anchored),
        quote: anchored.quote.clone(),
        fix: patch(file, anchored, &anchored.replacement),
        confidence,
    })
}

/// The model's explanation, or the lesson of the concern where it only says the problem again.
fn why(said: &str, anchored: &Anchored) -> String {
    let said = mask_secrets(said.trim());
    let words = |text: &str| text.to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (new, old) = (words(&said), words(&anchored.message));
    let repeated = new.iter().filter(|word| old.contains(word)).count();
    if said.is_ascii() && new.len() >= 8 && repeated * 10 < new.len() * 7 {
        return said;
    }
    match anchored.category {
        Category::Security => {
            "What comes from outside can be chosen by an attacker. Follow the value from where it enters to this line, \
             and check or escape it on the way."
        }
        Category::Correctness => {
            "Try the smallest and the oddest input in your head: nothing, one, the last, a negative number. Write a test \
             for the one that goes wrong."
        }
        Category::Concurrency => {
            "Ask what happens when two of them are in the middle of this at once. What both read and one writes needs a \
             lock, an atomic, or one owner."
        }
        Category::Resources => {
            "What is opened must be closed on every way out, also when an error is thrown in between. Use the construct of \
             the language that closes by itself."
        }
        Category::Performance | Category::Tests | Category::Maintainability => {
            "Ask what this costs when there is a thousand times as much of it, and measure before you change it."
        }
    }
    .to_owned()
}

/// Confidence below which a finding is a hint and may not raise an alarm.
const SURE: f32 = 0.5;

/// Critical is for rules: on maintained code whatever this model called critical was wrong. What the judge only
/// half believes is minor whatever it is about.
fn capped(severity: Severity, category: Category, confidence: f32) -> Severity {
    if confidence < SURE {
        return severity.min(Severity::Minor);
    }
    let most = match category {
        Category::Security | Category::Correctness | Category::Concurrency | Category::Resources => {
            Severity::Major
        }
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
