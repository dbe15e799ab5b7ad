//! Slips that the model sees without being asked in words: a line of which a one-edit variant is much likelier
//! in its place than what was written.
//!
//! A small model is far better at going on with code than at criticising it. Two steps, the cheap one first:
//! one reading of the piece weighs all variants by the token in which they differ; the few that are not clearly
//! worse are weighed over their whole line and the one after it, from where that reading has passed. The variant is
//! the patch.

use std::ops::Range;

use anyhow::Result;
use internflow_code::{EditKind, Variant, mask_secrets, variant_parses, variants};
use internflow_domain::{Category, TextModel};

use super::Reviewed;
use super::anchor::Anchored;
use super::ask::Unit;

/// Lines before and after that the likelihood is taken in: more add cost and hardly any certainty.
const BEFORE: usize = 8;
const AFTER: usize = 5;

/// What a kind of edit must show before it is believed. Set by what 33 commits of tests/fixtures/reviews/tune showed, 18
/// of them clean: `cargo xtask bench review tune without-rules without-questions` with BENCH_KEEP logs each weight.
struct Bar {
    /// Nats at the first token from which a variant is weighed whole.
    rough: f32,
    /// Nats by which the whole line must be likelier in its place.
    margin: f32,
}

impl Bar {
    fn of(kind: EditKind) -> Self {
        let (rough, margin) = match kind {
            EditKind::Boundary
            | EditKind::Comparison
            | EditKind::Connective
            | EditKind::Negation
            | EditKind::Opposite
            | EditKind::Await => (0.0, 1.5),
            EditKind::Arithmetic | EditKind::Beside | EditKind::Branches => (0.3, 2.5),
            // A name that is rare as a word looks wrong wherever it stands.
            EditKind::Name | EditKind::Operands => (0.3, 4.5),
            // Width before height or height before width: what is usual is not what is meant.
            EditKind::Arguments => (0.3, 6.0),
        };
        Self { rough, margin }
    }
}

/// Variants weighed whole in one piece of a commit: each costs a reading of two lines.
const MOST: usize = 10;
/// Lines after its own that a variant is weighed with: with none, a name looks likely until it is used.
const LINES_AFTER: u32 = 1;

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
    let Some(piece) = Piece::of(unit, text, &candidates) else { return Ok(Vec::new()) };
    let rough =
        model.contrast(piece.prefix.clone(), piece.body.clone(), piece.edits(&candidates), None).await?;
    let mut ranked: Vec<(Variant, f32)> = candidates
        .into_iter()
        .zip(rough)
        .filter(|(variant, gain)| *gain >= Bar::of(variant.kind).rough)
        .collect();
    // By how much each clears its own bar: what a name gains says less than what a comparison does.
    ranked.sort_by(|a, b| (b.1 - Bar::of(b.0.kind).rough).total_cmp(&(a.1 - Bar::of(a.0.kind).rough)));
    // Parsing the whole file again costs: only what would be weighed is looked at.
    let ranked: Vec<(Variant, f32)> = ranked
        .into_iter()
        .filter(|(variant, _)| variant_parses(language, text, variant))
        .take(MOST)
        .collect();
    if ranked.is_empty() {
        return Ok(Vec::new());
    }
    let edits = piece.edits(ranked.iter().map(|(variant, _)| variant));
    let whole = model.contrast(piece.prefix, piece.body, edits, Some(LINES_AFTER)).await?;
    let mut slips: Vec<Slip> = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut weighed: Vec<(&Variant, f32)> = Vec::new();
    for ((variant, rough), gain) in ranked.iter().zip(whole) {
        let (kind, line, to) = (variant.kind.name(), variant.line, &variant.replacement);
        tracing::debug!(path = unit.path, line, kind, to, rough, gain, "weighed");
        weighed.push((variant, gain));
    }
    weighed.sort_by(|a, b| (b.1 - Bar::of(b.0.kind).margin).total_cmp(&(a.1 - Bar::of(a.0.kind).margin)));
    for (variant, gain) in weighed {
        let (Some(confidence), Some(edited)) = (confidence(variant.kind, gain), variant.apply(text)) else {
            continue;
        };
        let Some(written) = lines.get(variant.line as usize - 1) else { continue };
        if slips.iter().all(|slip| slip.anchored.line != variant.line) {
            slips.push(Slip { anchored: anchored(variant, text, written, &edited), confidence });
        }
    }
    slips.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    Ok(slips)
}

/// What is read once for all variants of a piece: its lines, after what comes before and behind them.
struct Piece {
    prefix: String,
    body: String,
    /// Byte of the file at which the body begins.
    from: usize,
}

impl Piece {
    /// `None` where there is nothing to weigh, or where a secret stands in the body: masked, it moves what comes
    /// after it, and unmasked it is not given to a model.
    fn of(unit: &Unit, text: &str, variants: &[Variant]) -> Option<Self> {
        let first = unit.lines.first()?.number;
        let last = variants.iter().map(|variant| variant.line).max()?;
        let starts: Vec<usize> =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let start_of = |line: u32| starts.get(line as usize - 1).copied().unwrap_or(text.len());
        // What comes after the last variant's lines is not read with the rest, but as what follows.
        let end = last + 1 + LINES_AFTER;
        let (from, to) = (start_of(first), start_of(end));
        let before = start_of(first.saturating_sub(BEFORE as u32).max(1));
        let after = start_of(end + AFTER as u32);
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        let body = plain(part(from, to));
        if body.len() != to - from {
            return None;
        }
        let prefix = format!(
            "<|fim_prefix|>{}<|fim_suffix|>{}<|fim_middle|>",
            plain(part(before, from)),
            plain(part(to, after))
        );
        Some(Self { prefix, body, from })
    }

    /// The edits of the variants, as bytes of the body.
    fn edits<'a>(&self, of: impl IntoIterator<Item = &'a Variant>) -> Vec<(Range<usize>, String)> {
        of.into_iter()
            .map(|variant| {
                let Range { start, end } = variant.range;
                (start - self.from..end - self.from, variant.replacement.clone())
            })
            .collect()
    }
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
        EditKind::Arguments | EditKind::Operands | EditKind::Branches => {
            format!("Two things are probably changed over: `{}` fits better.", mask_secrets(edited.trim()))
        }
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
