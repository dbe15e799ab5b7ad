//! Slips that the model sees without being asked in words: a line of which a one-edit variant is much likelier
//! in its place than what was written.
//!
//! A small model is far better at going on with code than at criticising it. Two steps, the cheap one first:
//! one reading of the piece weighs all variants by the token in which they differ; the few that are not clearly
//! worse are weighed whole, with the lines before and after them. The variant is the patch.

use anyhow::Result;
use internflow_code::{EditKind, Variant, mask_secrets, variant_parses, variants};
use internflow_domain::{Category, TextModel};

use super::Reviewed;
use super::anchor::Anchored;
use super::ask::Unit;

/// Lines before and after that the likelihood is taken in: more add cost and hardly any certainty.
const BEFORE: usize = 8;
const AFTER: usize = 5;

/// What a kind of edit must show before it is believed. First values, set by eye on the first six commits of
/// tests/fixtures/reviews/tune: `cargo xtask bench review tune without-rules without-questions` measures them.
struct Bar {
    /// Nats at the first token from which a variant is weighed whole.
    rough: f32,
    /// Nats by which the whole line must be likelier in its place.
    margin: f32,
}

impl Bar {
    fn of(kind: EditKind) -> Self {
        match kind {
            EditKind::Boundary
            | EditKind::Comparison
            | EditKind::Connective
            | EditKind::Negation
            | EditKind::Opposite
            | EditKind::Await => Self { rough: 0.0, margin: 2.5 },
            // A line beside with the other sign makes the wrong one likely.
            EditKind::Arithmetic => Self { rough: 0.0, margin: 6.0 },
            // Any name is likely where names stand, until the rest of the line is read.
            EditKind::Name | EditKind::Beside | EditKind::Arguments => Self { rough: 2.5, margin: 5.0 },
        }
    }
}

/// Variants weighed whole in one piece of a commit: a line's surroundings take seconds on two cores.
const MOST_OPERATORS: usize = 3;
const MOST_NAMES: usize = 2;

/// A slip with how sure it is, from 0 to 1.
pub(super) struct Slip {
    pub(super) anchored: Anchored,
    pub(super) confidence: f32,
}

/// The slips in a piece of a commit, the surest first, one a line.
pub(super) async fn slips(model: &dyn TextModel, unit: &Unit, file: &Reviewed) -> Result<Vec<Slip>> {
    let Some(language) = file.language else { return Ok(Vec::new()) };
    let text = file.text();
    let added: Vec<(u32, u32)> = unit.added().map(|(number, _)| (number, number)).collect();
    let candidates = variants(language, text, &added);
    let rough = rough(model, unit, text, &candidates).await?;
    let mut ranked: Vec<(Variant, f32)> = candidates
        .into_iter()
        .zip(rough)
        .filter(|(variant, gain)| *gain >= Bar::of(variant.kind).rough)
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    // Parsing the whole file again costs: only what would be weighed is looked at.
    let parses = |(variant, _): &(Variant, f32)| variant_parses(language, text, variant);
    let (names, operators): (Vec<_>, Vec<_>) =
        ranked.into_iter().partition(|(variant, _)| Bar::of(variant.kind).rough > 0.0);
    let mut ranked: Vec<(Variant, f32)> = operators.into_iter().filter(parses).take(MOST_OPERATORS).collect();
    ranked.extend(names.into_iter().filter(parses).take(MOST_NAMES));
    // Variants of one line share the reading of what is around it.
    ranked.sort_by_key(|(variant, _)| variant.line);

    let lines: Vec<&str> = text.lines().collect();
    let mut slips: Vec<Slip> = Vec::new();
    for of_line in ranked.chunk_by(|a, b| a.0.line == b.0.line) {
        let at = of_line[0].0.line as usize - 1;
        let Some(written) = lines.get(at) else { continue };
        let edited: Vec<String> = of_line.iter().filter_map(|(variant, _)| variant.apply(text)).collect();
        let mut whole: Vec<String> = edited.iter().map(|line| mask_secrets(&format!("{line}\n"))).collect();
        whole.push(mask_secrets(&format!("{written}\n")));
        let scores = model.score(place(&lines, at), whole).await?;
        let Some((&own, others)) = scores.split_last() else { continue };
        for ((variant, rough), whole) in of_line.iter().zip(others) {
            let (kind, line, to) = (variant.kind.name(), variant.line, &variant.replacement);
            tracing::debug!(path = unit.path, line, kind, to, rough, gain = whole - own, "weighed");
        }
        // By how much each clears its own bar: what a name gains says less than what a comparison does.
        let best = others
            .iter()
            .zip(of_line)
            .zip(&edited)
            .map(|((score, (variant, _)), line)| (score - own, variant, line))
            .max_by(|a, b| (a.0 - Bar::of(a.1.kind).margin).total_cmp(&(b.0 - Bar::of(b.1.kind).margin)));
        if let Some((gain, variant, line)) = best
            && let Some(confidence) = confidence(variant.kind, gain)
        {
            slips.push(Slip { anchored: anchored(variant, text, written, line), confidence });
        }
    }
    slips.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    Ok(slips)
}

/// How much likelier each variant is at the token in which it differs, read in the piece it is in.
async fn rough(model: &dyn TextModel, unit: &Unit, text: &str, of: &[Variant]) -> Result<Vec<f32>> {
    // What comes after the last variant is not read with the rest, but as what follows.
    let (Some(first), Some(last)) = (unit.lines.first(), of.iter().map(|variant| variant.line).max()) else {
        return Ok(Vec::new());
    };
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let start_of = |line: u32| starts.get(line as usize - 1).copied().unwrap_or(text.len());
    let (from, to) = (start_of(first.number), start_of(last + 1));
    let before = start_of(first.number.saturating_sub(BEFORE as u32).max(1));
    let after = start_of(last + 1 + AFTER as u32);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let body = plain(part(from, to));
    // A secret that was masked moved what comes after it: then nothing can be said cheaply.
    if body.len() != to - from {
        return Ok(vec![0.0; of.len()]);
    }
    let prefix = format!(
        "<|fim_prefix|>{}<|fim_suffix|>{}<|fim_middle|>",
        plain(part(before, from)),
        plain(part(to, after))
    );
    let edits = of
        .iter()
        .map(|variant| (variant.range.start - from..variant.range.end - from, variant.replacement.clone()))
        .collect();
    Ok(model.contrast(prefix, body, edits).await?)
}

/// The lines around the one at index `at`, for fill-in-the-middle.
pub(super) fn place(lines: &[&str], at: usize) -> String {
    let before = lines[at.saturating_sub(BEFORE)..at].join("\n");
    let after = lines[at + 1..(at + 1 + AFTER).min(lines.len())].join("\n");
    format!("<|fim_prefix|>{}\n<|fim_suffix|>{}<|fim_middle|>", plain(&before), plain(&after))
}

/// Text without the model's control markers and without secrets.
fn plain(text: &str) -> String {
    mask_secrets(&text.replace("<|", "< |"))
}

/// How sure a slip is; `None` below the margin.
fn confidence(kind: EditKind, gain: f32) -> Option<f32> {
    let Bar { margin, .. } = Bar::of(kind);
    (gain >= margin).then_some(if gain >= 2.0 * margin { 0.8 } else { 0.65 })
}

fn anchored(variant: &Variant, text: &str, written: &str, edited: &str) -> Anchored {
    let old = text.get(variant.range.clone()).unwrap_or_default().trim();
    let new = variant.replacement.trim();
    let message = match variant.kind {
        EditKind::Boundary => format!("The boundary is probably off by one: `{old}` where `{new}` fits."),
        EditKind::Comparison => {
            format!("The comparison is probably the wrong one: `{old}` where `{new}` fits.")
        }
        EditKind::Negation => "The condition is probably the opposite of what is meant.".to_owned(),
        EditKind::Connective | EditKind::Arithmetic | EditKind::Opposite | EditKind::Name => {
            format!("`{old}` is probably meant to be `{new}`.")
        }
        EditKind::Beside if old.is_empty() => format!("This is probably off by one: `{new}` is missing."),
        EditKind::Beside => format!("This is probably off by one: `{old}` where `{new}` fits."),
        EditKind::Arguments => format!("The arguments are probably changed over: `{old}` for `{new}`."),
        EditKind::Await => "The call is probably not awaited.".to_owned(),
    };
    Anchored {
        line: variant.line,
        quote: mask_secrets(written.trim()),
        category: Category::Correctness,
        rule: format!("likelihood/{}", variant.kind.name()),
        message,
        replacement: edited.trim().to_owned(),
    }
}
