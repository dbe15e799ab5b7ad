//! Dates: the last day to apply, the day of posting, the month of the start, and how long the internship lasts.
//!
//! Day first in numeric dates, as in India. A date without a year is the next one after today.

use chrono::{Datelike, NaiveDate};
use regex::{Captures, Regex};

use crate::page::{NUMBER, Page, expression, last, number};
use crate::pay::Range;
use crate::{Start, Stated};

/// A month by name, as a group of an expression.
const MONTH: &str = r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?";

fn month_of(name: &str) -> Option<u32> {
    const NAMES: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let start = name.get(..3)?.to_ascii_lowercase();
    NAMES.find(&start).filter(|at| at % 3 == 0).map(|at| at as u32 / 3 + 1)
}

fn year_of(text: &str) -> Option<i32> {
    let year: i32 = text.trim_start_matches(['\'', '’', '-', ' ']).parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    (2000..2100).contains(&year).then_some(year)
}

/// A full date of a text, where it stands, and whether the year was written.
struct Found {
    at: usize,
    date: NaiveDate,
    year_given: bool,
}

/// All dates of a text that name a day.
fn dates(text: &str, today: NaiveDate) -> Vec<Found> {
    let iso = expression!(r"\b(20\d\d)-(\d\d)-(\d\d)\b");
    let numeric = expression!(r"\b(\d{1,2})[./-](\d{1,2})[./-](20\d\d|\d\d)\b");
    let named = named_expression();
    let mut found = Vec::new();
    let mut add = |c: &Captures<'_>, day: Option<u32>, month: Option<u32>, year: Option<i32>| {
        let (Some(day), Some(month), Some(all)) = (day, month, c.get(0)) else { return };
        let date = match year {
            Some(year) => NaiveDate::from_ymd_opt(year, month, day),
            None => [0, 1, 2, 3, 4]
                .into_iter()
                .filter_map(|more| NaiveDate::from_ymd_opt(today.year() + more, month, day))
                .find(|date| *date >= today),
        };
        found.extend(date.map(|date| Found { at: all.start(), date, year_given: year.is_some() }));
    };
    let text_of = |c: &Captures<'_>, group: usize| c.get(group).map(|m| m.as_str().to_owned());
    for c in iso.captures_iter(text) {
        let part = |n| text_of(&c, n).and_then(|t| t.parse().ok());
        add(&c, part(3), part(2), text_of(&c, 1).and_then(|t| year_of(&t)));
    }
    for c in numeric.captures_iter(text) {
        let part = |n| text_of(&c, n).and_then(|t| t.parse().ok());
        add(&c, part(1), part(2), text_of(&c, 3).and_then(|t| year_of(&t)));
    }
    for c in named.captures_iter(text) {
        let (day, month) = if c.get(1).is_some() { (1, 2) } else { (5, 4) };
        let day = text_of(&c, day).and_then(|t| t.parse().ok());
        let month = text_of(&c, month).and_then(|t| month_of(&t));
        let year = text_of(&c, 3).or_else(|| text_of(&c, 6)).and_then(|t| year_of(&t));
        add(&c, day, month, year);
    }
    found.sort_by_key(|f| f.at);
    found
}

/// `15 Dec' 26`, `1st December, 2026`, `December 10, 2026`, `5th Dec`.
fn named_expression() -> &'static Regex {
    static COMPILED: std::sync::OnceLock<Regex> = std::sync::OnceLock::new();
    COMPILED.get_or_init(|| {
        let year = r"(?:[\s,.'’/-]{0,3}(20\d\d|(?:['’]\s?|-)\d\d)\b)?";
        let day_first = format!(r"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s?of)?[\s./-]{{0,2}}{MONTH}{year}");
        let month_first = format!(r"\b{MONTH}\s(\d{{1,2}})(?:st|nd|rd|th)?\b(?:[\s,]{{1,2}}(20\d\d))?");
        Regex::new(&format!("(?i){day_first}|{month_first}")).expect("an expression compiled by the tests")
    })
}

/// The last day to apply.
pub(crate) fn deadline(page: &Page<'_>, today: NaiveDate) -> Option<Stated<NaiveDate>> {
    let cue = expression!(
        r"(?i)\b(?:apply|applications?|register|registrations?|send|submit\w*|reach|fill|respond|reply|forms?|enrol\w*|cvs?|resumes?|entries|interested|transcript|received)\b.{0,90}?\b(?:by|before|till|until|upto|up to|to|close[sd]?|ends?|due|latest)\b[^\d]{0,25}$|\b(?:last date|last day|deadline|clos(?:es?|ing)(?: date| on)?|due date|valid (?:till|until|through)|open (?:till|until)|apply[- ]by|end date|cut-?off date)\b.{0,45}$"
    );
    let not = expression!(
        r"(?i)\b(?:posted|graduat\w*|start(?:s|ing)|joining|born|test on|interviews?(?: is)? on|results?|from)\W{0,3}$"
    );
    let mut best: Option<Stated<NaiveDate>> = None;
    for sentence in page.sentences() {
        for found in dates(sentence, today) {
            let before = last(&sentence[..found.at], 160);
            if cue.is_match(before) && !not.is_match(before) {
                // A date with its year is worth more than one without.
                if found.year_given {
                    return Some(Stated::new(found.date, sentence));
                }
                best.get_or_insert_with(|| Stated::new(found.date, sentence));
            }
        }
    }
    best
}

/// The day of posting, only when the text has it in full; the date of a letter or a notice is none.
pub(crate) fn posted(page: &Page<'_>, today: NaiveDate) -> Option<Stated<NaiveDate>> {
    let cue = expression!(
        r"(?i)\b(?:date posted|posted(?: date)?(?: on)?|published(?: on)?|listed on|first published|job posted)\b\W{0,5}$"
    );
    let feed = expression!(r"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), .*\d\d:\d\d(?::\d\d)? (?:GMT|UTC|[+-]\d{4})$");
    page.lines.iter().find_map(|line| {
        let date = dates(line.text, today)
            .into_iter()
            .find(|d| d.year_given && (cue.is_match(&line.text[..d.at]) || feed.is_match(line.text)))?;
        Some(Stated::new(date.date, line.text))
    })
}

/// A span of months: `Jan–June 2027`, `June 2027 to March 2028`, `01-02-2027 to 31-07-2027`.
struct Span {
    year: i32,
    month: u32,
    months: f64,
}

fn span(text: &str) -> Option<Span> {
    static NAMED: std::sync::OnceLock<Regex> = std::sync::OnceLock::new();
    let named = NAMED.get_or_init(|| {
        let day = r"(?:(\d{1,2})(?:st|nd|rd|th)?\s)?";
        let year = r"(?:[\s,]{0,2}(20\d\d|['’]\d\d))?";
        Regex::new(&format!(
            r"(?i)\b{day}{MONTH}{year}\s?(?:-|–|—|to|till|until|through)\s?{day}{MONTH}{year}"
        ))
        .expect("an expression compiled by the tests")
    });
    let numeric = expression!(
        r"\b(\d{1,2})[./-](\d{1,2})[./-](20\d\d)\s?(?:-|–|to|till)\s?(\d{1,2})[./-](\d{1,2})[./-](20\d\d)\b"
    );
    let (from, to) = if let Some(c) = numeric.captures(text) {
        let part = |n: usize| c.get(n).and_then(|m| m.as_str().parse::<u32>().ok());
        ((part(3)? as i32, part(2)?, part(1)), (part(6)? as i32, part(5)?, part(4)))
    } else {
        let c = named.captures(text)?;
        let day = |n: usize| c.get(n).and_then(|m| m.as_str().parse::<u32>().ok());
        let month = |n: usize| c.get(n).and_then(|m| month_of(m.as_str()));
        let year = |n: usize| c.get(n).and_then(|m| year_of(m.as_str()));
        let (m1, m2) = (month(2)?, month(5)?);
        let end = year(6)?;
        let start = year(3).unwrap_or(if m1 > m2 { end - 1 } else { end });
        ((start, m1, day(1)), (end, m2, day(4)))
    };
    if !(1..=12).contains(&from.1) || !(1..=12).contains(&to.1) {
        return None;
    }
    let whole = f64::from((to.0 - from.0) * 12 + to.1 as i32 - from.1 as i32);
    // Without days both months count in full; with days the difference does, to half a month.
    let months = match (from.2, to.2) {
        (Some(first), Some(last)) => {
            whole + ((f64::from(last) - f64::from(first) + 1.0) / 15.0).round() / 2.0
        }
        _ => whole + 1.0,
    };
    (0.5..=24.0).contains(&months).then_some(Span { year: from.0, month: from.1, months })
}

/// A month and year that stand alone: `Jan 2027`, `February '27`.
fn month_year() -> &'static Regex {
    static COMPILED: std::sync::OnceLock<Regex> = std::sync::OnceLock::new();
    COMPILED.get_or_init(|| {
        Regex::new(&format!(r"(?i)\b{MONTH}[\s,]{{0,2}}(20\d\d|['’]\s?\d\d)\b"))
            .expect("an expression compiled by the tests")
    })
}

/// The month in which the work begins, or "immediately".
pub(crate) fn start(page: &Page<'_>, today: NaiveDate) -> Option<Stated<Start>> {
    let now = expression!(
        r"(?i)\bimmediate(?:ly)?[\s-]*(?:join\w*|start\w*|basis|availab\w*|requirement to join)|\b(?:join(?:ing|ers?)?|starts?|start(?:ing)? date|begin\w*|available|when)\b\W{0,4}(?:is |from |with |date\W{1,3})?(?:immediate\w*|asap|right away|at once|today)|\bdirect joining\b|\b(?:start|join)\w*\s(?:as soon as possible|asap|right away|now)\b|➡ ?ASAP"
    );
    let no = expression!(r"(?i)\bno(?:t)?\b.{0,12}immediate");
    let cue = expression!(
        r"(?i)\b(?:from|start\w*|begin\w*|commenc\w*|w\.?e\.?f\.?|join\w*(?: us)?(?: is)?(?: expected)?|when|period|onboarding|in)\b[\s:.?,–-]{0,4}(?:(?:in|on|from|by|date|of|the|first|second|last|week|half|mid|early|middle|is|\d{1,2}(?:st|nd|rd|th)?)[\s:–-]{1,3}){0,5}$"
    );
    let other = expression!(
        r"(?i)\b(?:graduat\w*|pass\w*|finish\w*|posted|founded|since|apply|deadline|last date|results?|until|till|raised|launched|established|born|exam\w*|closing|interview\w*|test)\b[^.;|]{0,30}$"
    );
    let place = expression!(
        r"(?i)\b(?:starting|start|join\w*|duration|period|tenure|term|when|internship|from|begins?|for|months?|weeks?|interns?)\b"
    );
    let mut at_once = None;
    let mut month = None;
    for sentence in page.sentences() {
        if at_once.is_none() && now.is_match(sentence) && !no.is_match(sentence) {
            at_once = Some(Stated::new(Start::Immediate, sentence));
        }
        if month.is_some() {
            continue;
        }
        let grades = expression!(
            r"(?i)\bgraduat|posted|appl(?:y|ications)\b.{0,20}\bfrom\b|pass(?:ing|ed)[ -]?out|funding|financial year|results"
        );
        if let Some(span) = span(sentence).filter(|_| !grades.is_match(sentence)) {
            month = Some(Stated::new(Start::Month { year: span.year, month: span.month }, sentence));
            continue;
        }
        for c in month_year().captures_iter(sentence) {
            let (Some(all), Some(m), Some(y)) = (c.get(0), c.get(1), c.get(2)) else { continue };
            let before = last(&sentence[..all.start()], 160);
            // A label ("When?") or a line that begins with the month and goes on with the duration counts too.
            let bare = before.trim().len() < 3 && place.is_match(&sentence[all.end()..]);
            if (!cue.is_match(before) && !bare) || other.is_match(before) {
                continue;
            }
            let (Some(m), Some(y)) = (month_of(m.as_str()), year_of(y.as_str())) else { continue };
            month = Some(Stated::new(Start::Month { year: y, month: m }, sentence));
            break;
        }
        if month.is_none()
            && expression!(r"(?i)\b(?:start\w*|joining|begin\w*|commenc\w*)\b").is_match(sentence)
        {
            let day = dates(sentence, today).into_iter().find(|d| {
                let before = &sentence[..d.at];
                (cue.is_match(before)
                    || expression!(r"(?i)\b(?:start|joining|begin)\w*\W{1,3}(?:date\W{1,3}|on\s)?$")
                        .is_match(before))
                    && !other.is_match(before)
            });
            month = day
                .map(|d| Stated::new(Start::Month { year: d.date.year(), month: d.date.month() }, sentence));
        }
    }
    month.or(at_once)
}

/// Months of the internship: what is said in numbers, else the span of months.
pub(crate) fn duration(page: &Page<'_>) -> Option<Stated<Range>> {
    static AMOUNT: std::sync::OnceLock<Regex> = std::sync::OnceLock::new();
    let amount = AMOUNT.get_or_init(|| {
        Regex::new(&format!(
            r"(?i)(?:^|[^\w.,₹$€£+/-])({NUMBER})\s?(?:(?:-|–|to|or)\s?({NUMBER}))?[\s-]{{0,2}}(months?|mos?\b|m\b|weeks?|wks?\b|days)(?:\b|$)"
        ))
        .expect("an expression compiled by the tests")
    });
    let other = expression!(
        r"(?i)\b(?:bond|agreement|notice|service|surety|serve|probation|warranty|stipends? (?:is|are) paid|emi|emis|last|past|every|within|in the (?:first|last)|after|next|experience|old|leave|ago|minimum stay|gap|repl(?:y|ies)|answer|of (?:compulsory )?(?:classroom |live )?(?:training|classes)|before joining|cancel\w*|refund\w*|working days|founded|been|built|grew|replaced|growing|paid for|salary with|salary|average|took|takes|months?['’]? (?:pay|salary)|of pay|runway)\b"
    );
    let label = expression!(
        r"^(?:.*\b)?(?:duration|tenure|period|term|how long|length|internship period|time ?line|time ?frame)\b"
    );
    let mut found: Vec<(u8, Stated<Range>)> = Vec::new();
    for line in &page.lines {
        let labelled = !line.label.is_empty() && label.is_match(&line.label);
        for sentence in crate::page::sentences(line.text) {
            for part in expression!(r"[|•·♦✦;(),▪]|\s[–—]\s").split(sentence) {
                for c in amount.captures_iter(part) {
                    let (Some(all), Some(least), Some(unit)) = (c.get(0), c.get(1), c.get(3)) else {
                        continue;
                    };
                    let weeks = unit.as_str().to_lowercase();
                    let rest = &part[all.end()..];
                    let a_week = expression!(r"(?i)^\s?(?:a|per|/)\s?(?:week|month|year)|^\s(?:of|off)\s(?:leave|paid|notice|train|runway|experience|bond|service)|^\s(?:old|ago|bond|notice|in a row|later|before|after)").is_match(rest);
                    let short = weeks.starts_with('d')
                        && !(labelled
                            || expression!(r"(?i)\b(?:internship|days?[,.]?\s?$|virtual|programme)")
                                .is_match(part)
                            || sentence.to_lowercase().contains("intern"));
                    if other.is_match(part)
                        || a_week
                        || short
                        || weeks == "m" && part.trim().len() > 6 && !labelled
                    {
                        continue;
                    }
                    let divide = match weeks.as_bytes().first() {
                        Some(b'w') => 4.0,
                        Some(b'd') => 30.0,
                        _ => 1.0,
                    };
                    let least = number(least.as_str()).map(|n| n / divide);
                    let most = c.get(2).and_then(|m| number(m.as_str())).map(|n| n / divide);
                    let Some(least) = least.filter(|n| (0.4..=24.0).contains(n)) else { continue };
                    let max = most.filter(|m| *m > least).or(Some(least));
                    let rank = if labelled {
                        0
                    } else if sentence.to_lowercase().contains("intern") {
                        1
                    } else {
                        2
                    };
                    found.push((rank, Stated::new(Range { min: Some(least), max }, sentence)));
                }
            }
        }
        // "One month", "6m" and spans.
        if labelled && found.is_empty() {
            found
                .extend(span(line.text).map(|s| {
                    (1, Stated::new(Range { min: Some(s.months), max: Some(s.months) }, line.text))
                }));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    let said = found.into_iter().next().map(|(_, stated)| stated);
    said.or_else(|| {
        let other = expression!(r"(?i)\bgraduat|posted|appl(?:y|ications) (?:open|are accepted|window|period|between|from)|pass(?:ing|ed)[ -]?out|financial|results");
        page.sentences().filter(|s| !other.is_match(s)).find_map(|sentence| {
            span(sentence).map(|s| Stated::new(Range { min: Some(s.months), max: Some(s.months) }, sentence))
        })
    })
}
