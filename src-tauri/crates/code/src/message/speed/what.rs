//! The words around the numbers: what was measured, whether less of it is better, and whether the sentence states
//! anything at all.

use std::sync::LazyLock;

use regex::Regex;

use super::Quantity;

/// Words of what was measured.
const MOST_WORDS: usize = 8;
const LONGEST: usize = 80;

/// Words that make a sentence a wish, a doubt, a denial, or one about what is not the author's work.
const NO_STATEMENT: &str = "should would could might may will can cannot won't hope hopefully hoping want wants aim \
    aims aiming goal target targets targeting plan plans planned todo expect expects expected probably perhaps maybe \
    potentially theoretically theoretical ideally ideal if try tries trying attempt attempts need needs not never \
    slower regress regresses worse claims claim supposedly allegedly slowed slows unless \
    eventually assuming estimate estimated estimates wish";
/// What is set and not measured.
const SETTINGS: &str = "timeout timeouts interval limit limits ttl delay delays default defaults maximum max minimum \
    min threshold retention expiry expiration expires retry retries backoff debounce throttle window quota sampling \
    sample padding margin font width height animation token session cookie grace period poll polling heartbeat \
    keepalive keep-alive price budget cooldown sleep timer setting option config cap capacity version requirement \
    coverage cache buffer pool deadline lifetime age refresh schedule";
/// Who is no thing that is measured.
const PEOPLE: &str = "i me we he she they you engineer engineers developer developers team programmer student \
    candidate intern";
/// Words before what was measured, and behind it, that are no part of it.
const BEFORE: &str = "reduce reduces reduced reducing cut cuts cutting decrease decreases decreased lower lowers \
    lowered drop drops dropped bring brings brought shrink shrinks shrank improve improves improved improving increase \
    increases increased raise raises raised boost boosts boosted make makes made making optimize optimizes optimized \
    optimise optimises optimised get gets got save saves saved saving trim trims trimmed speed speeds sped speeding up \
    this that it the a an our its their also now we i by and so change commit patch faster quicker speedup speed-up \
    of in to for was took is are perf performance before about overall total";
const BEHIND: &str = "from by of is are was were now runs run becomes became gets got takes took take about around \
    roughly nearly almost up to down over more than a an the at least went goes dropped drops fell falls decreased \
    increased improved reduced cut it this that before be been has have in ~ - – only just still and for with";
/// Here a phrase behind the numbers ends.
const ENDS: &str =
    "than with when after before by because since and but so now compared thanks using due via as";

/// Less of it is better; more of it is.
const LESS: &str = "time latency latencies duration startup memory heap rss usage cpu miss misses error errors failure \
    failures loss allocation allocations allocs queries query requests calls renders re-renders rerenders copies \
    syscalls load cost gc garbage overhead contention trips roundtrips size bundle binary image disk space payload \
    traffic bytes wer cer rmse mae runtime ram footprint locks redraws";
const MORE: &str = "throughput hit hits accuracy precision recall f1 f1-score auc score fps bandwidth qps rps bleu \
    map iou frames";

fn has(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|own| own == word)
}

/// The words before the numbers say a reason, or something of another thing.
pub(super) fn is_aside(before: &str) -> bool {
    words(before).any(|word| matches!(word.as_str(), "which" | "because" | "since"))
}

/// The words of a text in small letters, without the signs around them.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(plain)
}

fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// The sentence hopes, doubts, denies, asks or speaks of something else than this change.
pub(super) fn is_no_statement(text: &str) -> bool {
    static OLD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)\b(?:the|an?) (?:old|previous|original|former|naive)\b[^,.]*\b(?:is|was|were)\b",
            r"[^,.]*\b(?:faster|quicker|smaller|less)\b"
        ))
        .expect("the pattern is part of the program and is compiled by the tests")
    });
    text.ends_with('?')
        || words(text).any(|word| has(NO_STATEMENT, &word) || word.ends_with("n't"))
        || OLD.is_match(text)
}

/// What was measured: the phrase before the numbers, or where there is none the one behind them.
pub(super) fn measured(before: &str, behind: &str) -> Option<String> {
    let front =
        clauses(before).into_iter().rev().find_map(|clause| phrase(clause.split_whitespace().collect()));
    front.or_else(|| self::behind(behind)).filter(|what| is_measured(what))
}

/// The phrase that follows the numbers, up to what it is compared with.
pub(super) fn behind(text: &str) -> Option<String> {
    let clause = clauses(text).first().copied().unwrap_or_default();
    let words = clause.split_whitespace().take_while(|word| !has(ENDS, &plain(word)));
    phrase(words.collect()).filter(|what| is_measured(what))
}

/// Cut at brackets, and at commas and colons that a blank follows: `10,000` is one number.
fn clauses(text: &str) -> Vec<&str> {
    let mut clauses = Vec::new();
    let mut from = 0;
    for (at, sign) in text.match_indices([',', ';', ':', '(', ')']) {
        let rest = &text[at + 1..];
        if matches!(sign, "(" | ")") || rest.is_empty() || rest.starts_with(' ') {
            clauses.push(&text[from..at]);
            from = at + 1;
        }
    }
    clauses.push(&text[from..]);
    clauses
}

fn phrase(mut words: Vec<&str>) -> Option<String> {
    while words.last().is_some_and(|word| plain(word).is_empty() || has(BEHIND, &plain(word))) {
        words.pop();
    }
    let begins = words.iter().position(|word| !(plain(word).is_empty() || has(BEFORE, &plain(word))))?;
    words.drain(..begins);
    let extra = words.len().saturating_sub(MOST_WORDS);
    words.drain(..extra);
    let what = words.join(" ");
    let what = what.trim_matches(|c: char| !(c.is_alphanumeric() || matches!(c, ')' | ']')));
    let is_metric = self::words(what).any(|word| has(LESS, &word) || has(MORE, &word));
    let says = is_metric || what.split(|c: char| !c.is_alphabetic()).any(|word| word.len() >= 3);
    (says && what.len() <= LONGEST).then(|| what.to_owned())
}

fn is_measured(what: &str) -> bool {
    let rate = what.to_lowercase().contains("hit rate") || what.to_lowercase().contains("miss rate");
    words(what).all(|word| !has(PEOPLE, &word) && (rate || !has(SETTINGS, &word)))
}

/// The second number is better than the first. None where nobody can tell which way is better, or the units are of
/// two kinds.
pub(super) fn is_better(before: &Quantity, after: &Quantity, around: &str) -> Option<bool> {
    if words(around)
        .any(|word| matches!(word.as_str(), "timeout" | "ttl" | "interval" | "retention" | "debounce"))
    {
        return None;
    }
    let ((kind, from), (other, to)) = (base(before), base(after));
    let less = match kind {
        _ if kind != other => return None,
        Kind::Time | Kind::Size => true,
        Kind::Rate => false,
        Kind::Count => true,
        Kind::Plain => direction(around)?,
    };
    Some(if less { to < from } else { to > from })
}

/// Less of what stands in these words is better: true; more is: false.
fn direction(around: &str) -> Option<bool> {
    let found: Vec<String> = words(around).collect();
    if found.iter().any(|word| has(MORE, word)) {
        return Some(false);
    }
    found.iter().any(|word| has(LESS, word)).then_some(true)
}

#[derive(PartialEq, Clone, Copy)]
enum Kind {
    Time,
    Size,
    Rate,
    /// Of things that cost something each.
    Count,
    Plain,
}

/// The kind of a quantity, and its value in seconds, bytes or things.
fn base(quantity: &Quantity) -> (Kind, f64) {
    let lower = quantity.unit.to_lowercase();
    let (kind, factor) = match lower.as_str() {
        "ns" => (Kind::Time, 1e-9),
        "us" | "µs" | "μs" | "microsecond" | "microseconds" => (Kind::Time, 1e-6),
        "ms" | "millisecond" | "milliseconds" => (Kind::Time, 1e-3),
        "s" | "sec" | "secs" | "second" | "seconds" => (Kind::Time, 1.0),
        "min" | "mins" | "minute" | "minutes" => (Kind::Time, 60.0),
        "h" | "hour" | "hours" => (Kind::Time, 3_600.0),
        "b" | "bytes" => (Kind::Size, 1.0),
        "kb" | "kib" => (Kind::Size, 1e3),
        "mb" | "mib" => (Kind::Size, 1e6),
        "gb" | "gib" => (Kind::Size, 1e9),
        "" | "%" | "percent" => (Kind::Plain, 1.0),
        "kb/s" => (Kind::Rate, 1e3),
        "mb/s" => (Kind::Rate, 1e6),
        "gb/s" => (Kind::Rate, 1e9),
        _ if lower.contains('/')
            || matches!(lower.as_str(), "requests per second" | "rps" | "qps" | "fps") =>
        {
            (Kind::Rate, 1.0)
        }
        _ => (Kind::Count, 1.0),
    };
    (kind, quantity.value * factor)
}

/// A word such as `faster`, `fewer` or `increase` says something good of what was measured.
pub(super) fn goes_well(word: &str, around: &str) -> bool {
    let starts = |beginnings: &[&str]| beginnings.iter().any(|start| word.starts_with(start));
    if starts(&["fast", "quick", "speed", "sped", "improv"]) {
        return !words(around).any(|word| matches!(word.as_str(), "coverage" | "readability"));
    }
    let is_less = !starts(&["more", "higher", "increas", "rais", "boost"]);
    direction(around) == Some(is_less)
}
