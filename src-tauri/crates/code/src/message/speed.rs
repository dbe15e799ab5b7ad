//! What a message says became faster, smaller or more exact, with the numbers that it gives.
//!
//! Only what stands in one sentence counts: a number before and after, or how much better, and what was measured. A
//! wish, a doubt, a denial, a setting ("timeout from 60 s to 30 s"), what got worse, and what another library is said
//! to be are none. Whether the author measured well is not known here: the sentence is the proof, and is shown.
//!
//! Limits: English only; a table of a benchmark is not read, nor a difference alone ("150 ms faster"); what was
//! measured is the phrase before the numbers, or the one behind them, and may hold a word too many.

mod what;

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::is_update;
use super::sentence::{Sentence, sentences};

/// Claims of one message; more are a log.
const MOST: usize = 20;
/// Times and percents above this are slips of the pen, or boasts.
const MOST_TIMES: f64 = 100_000.0;

/// A number with its unit as it is written; the unit may be empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    pub value: f64,
    pub unit: String,
}

/// How much better it became.
#[derive(Debug, Clone, PartialEq)]
pub enum Gain {
    FromTo {
        before: Quantity,
        after: Quantity,
    },
    /// 3 for `3x faster` and `a third of the time`.
    Times(f64),
    /// 40 for `by 40 %`.
    Percent(f64),
}

/// Something that a message says became better.
#[derive(Debug, Clone, PartialEq)]
pub struct Speedup {
    /// White space squeezed.
    pub sentence: String,
    /// Line of the message, from 1.
    pub line: u32,
    /// What was measured, in the message's words: `p95 latency of search`.
    pub what: String,
    pub gain: Gain,
    /// `about`, `up to`: whoever repeats the numbers has to repeat it. Empty where the message is exact.
    pub hedge: String,
}

/// What the message of a commit says became better, in the order of its sentences. A revert, and an update of a
/// dependency, which quotes what others measured, have none.
pub fn speedups(message: &str) -> Vec<Speedup> {
    let subject = message.lines().next().unwrap_or_default().trim();
    if is_update(subject) || subject.to_ascii_lowercase().starts_with("revert") {
        return Vec::new();
    }
    sentences(message).iter().flat_map(in_sentence).take(MOST).collect()
}

fn in_sentence(sentence: &Sentence) -> Vec<Speedup> {
    let text = sentence.text.as_str();
    if what::is_no_statement(text) {
        return Vec::new();
    }
    let mut found: Vec<(std::ops::Range<usize>, Speedup)> = Vec::new();
    for (pattern, read) in FORMS.iter() {
        // What says from where to where says how many times as well.
        let exact = found.iter().any(|(_, one)| matches!(one.gain, Gain::FromTo { .. }));
        if exact && !matches!(read, Form::FromTo | Form::ToFrom) {
            break;
        }
        for numbers in pattern.captures_iter(text) {
            let Some(whole) = numbers.get(0).map(|whole| whole.range()) else { continue };
            if found.iter().any(|(range, _)| range.start < whole.end && whole.start < range.end) {
                continue;
            }
            // What stands before other numbers was measured there.
            let from = found.iter().map(|(range, _)| range.end).filter(|end| *end <= whole.start).max();
            if let Some((what, gain)) = read.claim(text, from.unwrap_or_default(), &numbers) {
                let hedge = numbers.name("h").map_or("", |hedge| hedge.as_str()).trim().to_lowercase();
                let (sentence, line) = (text.to_owned(), sentence.line);
                found.push((whole, Speedup { sentence, line, what, gain, hedge }));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found.into_iter().map(|(_, one)| one).collect()
}

/// In which order a form gives its numbers.
#[derive(Clone, Copy)]
enum Form {
    FromTo,
    ToFrom,
    /// `3x faster`, `40 % fewer`: the word behind the number says which way.
    MuchBetter,
    /// `speeds up … by 3x`, `reduces … by 40 %`: the word before it does.
    ByMuch,
}

const NUMBER: &str = r"\d+(?:,\d{3})*(?:\.\d+)?";
const UNIT: &str = concat!(
    r"(?:ns|[µμ]s|us|ms|secs?|seconds?|milliseconds?|microseconds?|minutes?|mins?|hours?|s|h|bytes|kB|[KMG]i?B|B",
    r"|%|percent|req(?:uest)?s?/s(?:ec)?|requests per second|rps|qps|ops/s(?:ec)?|fps|[KMG]B/s|allocations|allocs",
    r"|queries|requests|calls|round[ -]?trips|re-?renders|renders|copies|syscalls)"
);
const HEDGE: &str =
    r"(?P<h>about|around|roughly|approximately|nearly|almost|over|more than|up to|at least|~|≈)?\s*";
const OTHER_HEDGE: &str =
    r"(?:about|around|roughly|approximately|nearly|almost|over|under|just|only|~|≈)?\s*";

static FORMS: LazyLock<Vec<(Regex, Form)>> = LazyLock::new(|| {
    let before = format!(r"{HEDGE}(?P<b>{NUMBER})\s?(?P<bu>{UNIT}\b|%)?");
    let before_exact = format!(r"{HEDGE}(?P<b>{NUMBER})\s?(?P<bu>{UNIT}\b|%)");
    let after = format!(r"{OTHER_HEDGE}(?P<a>{NUMBER})\s?(?P<au>{UNIT}\b|%)?");
    let after_exact = format!(r"{OTHER_HEDGE}(?P<a>{NUMBER})\s?(?P<au>{UNIT}\b|%)");
    let much = format!(r"{HEDGE}(?P<n>{NUMBER})\s?(?P<m>[x×]|-?\s?fold|times|%|percent)");
    let better = concat!(
        "(?P<w>faster|quicker|speed-?up|improvement|less|fewer|smaller|lower|lighter|reduction|decrease",
        "|more|higher)"
    );
    let verb = concat!(
        r"(?P<w>speed(?:s|ed|ing)? up|sped up|improv\w+|faster|quicker|speed-?up|reduc\w+|cut(?:s|ting)?|decreas\w+",
        r"|lower(?:s|ed|ing)?|dr[oa]p\w*|shr[iau]nk\w*|sav(?:e|es|ed|ing)|trim\w*|increas\w+|rais\w+|boost\w*)"
    );
    let forms = [
        (format!(r"\bfrom\s+{before}\s*(?:down |up )?(?:to|->|=>|→)\s*{after}"), Form::FromTo),
        (format!(r"{before_exact}\s*(?:->|=>|→|to|down to)\s*{after_exact}"), Form::FromTo),
        (
            format!(
                r"\b(?:before|was|took)\b[:\s]*{before_exact}.{{0,40}}?\b(?:after|now|today)\b[:\s]*(?:it takes |takes )?{after_exact}"
            ),
            Form::FromTo,
        ),
        (format!(r"{before_exact} before.{{0,20}}?{after_exact} (?:after|now)"), Form::FromTo),
        (
            format!(
                r"\b(?:to|takes|in|is|now)\s+{after_exact},?\s*(?:instead of|(?:down |up )?from|rather than)\s+{before_exact}"
            ),
            Form::ToFrom,
        ),
        (format!(r"\b{much}\s+{better}\b"), Form::MuchBetter),
        (r"(?:^|\s)(?P<two>twice)\s+as\s+(?P<w>fast)\b".to_owned(), Form::MuchBetter),
        (format!(r"\b{verb}\b.{{0,120}}?\b(?:by(?: a factor of)?|of)\s+{much}"), Form::ByMuch),
        (format!(r"\b{verb}\b.{{0,120}}?\bby a factor of {HEDGE}(?P<n>{NUMBER})"), Form::ByMuch),
        (r"\b(?P<w>halv(?:e|es|ed|ing))\s".to_owned(), Form::ByMuch),
    ];
    let compiled = |(pattern, form): (String, Form)| {
        let pattern = Regex::new(&format!("(?i){pattern}"))
            .expect("the pattern is part of the program and is compiled by the tests");
        (pattern, form)
    };
    forms.into_iter().map(compiled).collect()
});

impl Form {
    /// What numbers of a sentence claim, where words count from a byte on: what was measured, how much better it is.
    fn claim(self, text: &str, from: usize, numbers: &Captures) -> Option<(String, Gain)> {
        let whole = numbers.get(0)?;
        if what::is_aside(&text[..whole.start()]) {
            return None;
        }
        match self {
            Self::FromTo | Self::ToFrom => {
                let after = quantity(numbers, "a", "au")?;
                let mut before = quantity(numbers, "b", "bu")?;
                if before.unit.is_empty() {
                    before.unit.clone_from(&after.unit);
                }
                let what = what::measured(&text[from..whole.start()], &text[whole.end()..])?;
                let around = format!("{what} {}", &text[whole.end()..]);
                what::is_better(&before, &after, &around)?.then_some((what, Gain::FromTo { before, after }))
            }
            Self::MuchBetter => {
                let word = numbers.name("w")?.as_str().to_lowercase();
                let (before, after) = (&text[from..whole.start()], &text[whole.end()..]);
                let counted =
                    matches!(word.as_str(), "less" | "fewer" | "smaller" | "lower" | "more" | "higher");
                let what = match what::behind(after).filter(|_| counted) {
                    Some(what) => what,
                    None => what::measured(before, after)?,
                };
                what::goes_well(&word, &format!("{what} {after}")).then_some(())?;
                Some((what, much(numbers)?))
            }
            Self::ByMuch => {
                let word = numbers.name("w")?;
                let number = numbers.name("h").or(numbers.name("n")).map_or(whole.end(), |n| n.start());
                let before = &text[word.start()..number.min(text.len())];
                let what = match numbers.name("n") {
                    // "Latency improved by 40 %" has it before the verb.
                    Some(_) => what::measured(before, "")
                        .or_else(|| what::measured(&text[from..word.start()], &text[whole.end()..]))?,
                    None => what::behind(&text[whole.end()..])?,
                };
                let word = word.as_str().to_lowercase();
                what::goes_well(&word, &what).then_some(())?;
                Some((what, much(numbers)?))
            }
        }
    }
}

fn number(written: &str) -> Option<f64> {
    written.replace(',', "").parse().ok().filter(|number: &f64| number.is_finite())
}

fn quantity(numbers: &Captures, value: &str, unit: &str) -> Option<Quantity> {
    let value = number(numbers.name(value)?.as_str())?;
    Some(Quantity { value, unit: numbers.name(unit).map_or("", |unit| unit.as_str()).to_owned() })
}

/// Times or percents; `twice` is two times, and what is halved is 50 % less.
fn much(numbers: &Captures) -> Option<Gain> {
    let Some(written) = numbers.name("n") else {
        return Some(if numbers.name("two").is_some() { Gain::Times(2.0) } else { Gain::Percent(50.0) });
    };
    let value = number(written.as_str()).filter(|value| *value > 0.0 && *value <= MOST_TIMES)?;
    let is_percent = numbers.name("m").is_some_and(|unit| matches!(unit.as_str(), "%" | "percent"));
    if is_percent {
        return Some(Gain::Percent(value));
    }
    (value > 1.0).then_some(Gain::Times(value))
}

#[cfg(test)]
mod tests;
