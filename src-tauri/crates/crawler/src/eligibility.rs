//! Whom the advert asks for: batches, degrees, marks, experience; and the bond that binds them.

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use crate::Stated;
use crate::page::{NUMBER, Page, expression, first, last, number, segments};

/// Degrees as labels and the expressions that name them. Short ones count only in capitals, since "be" and "me"
/// are words; "MS" is not a degree before a product of Microsoft.
const DEGREES: &[(&str, &str)] = &[
    ("Dual Degree", r"(?i)\b(?:integrated )?dual[- ]degree"),
    ("B.Tech", r"(?i)\bB\.?\s?Tech\b"),
    ("M.Tech", r"(?i)\bM\.?\s?Tech\b"),
    (
        "B.E.",
        r"\bB\.\s?E\b\.?|\bB\.?E\b(?:\s?[/(,&]|\s(?:20|or|and|in|\d|CS|IT|EC|ME|Mech|Civil|students|degree)|$)",
    ),
    ("M.E.", r"\bM\.\s?E\b\.?|\bME\s?/\s?M\.?Tech|M\.?Tech\s?/\s?ME\b"),
    ("MCA", r"\bM\.?C\.?A\b"),
    ("BCA", r"\bB\.?C\.?A\b"),
    ("B.Sc", r"\bB\.?\s?S[cC]\b"),
    ("M.Sc", r"\bM\.?\s?S[cC]\b"),
    ("MBA", r"\bM\.?B\.?A\b|\bPGDM\b"),
    ("BBA", r"\bB\.?B\.?A\b"),
    ("B.Com", r"(?i)\bB\.?\s?Com\b"),
    ("B.A.", r"\bB\.A\b\.?|\bBA\s?(?:/|,|or\b|and\b|in\b)|[/,]\s?BA\b"),
    ("B.Des", r"(?i)\bB\.?\s?Des\b"),
    ("M.Des", r"(?i)\bM\.?\s?Des\b"),
    ("B.Arch", r"(?i)\bB\.?\s?Arch\b"),
    ("Diploma", r"(?i)\bdiploma\b"),
    ("PhD", r"\bPh\.?\s?D\b|\bPHD\b"),
    ("B.S.", r"\bB\.S\b\.?|\bBS\s?(?:/|or\b|and\b|in\b|degree)|/\s?BS\b"),
    ("M.S.", r"\bM\.S\b\.?(?:\s|,|$|/)|(?:\bor|/|\band)\s?MS\b|\bMS\s?(?:/|or PhD|in [A-Z]|degree)"),
    ("Bachelor's", r"(?i)\bbachelor(?:['’]?s)?\b"),
    ("Master's", r"\b[Mm]aster['’]s\b|\b[Mm]asters? (?:degree|student|program|thesis)|\bor [Mm]asters\b"),
    (
        "Any degree",
        r"(?i)\bany (?:degree|graduates?|graduation|bachelor|stream graduate|discipline graduate)\b|\b(?:graduates?|graduation|degree) (?:in|of|from) any (?:discipline|stream|branch|field|subject)\b",
    ),
];

fn degree_expressions() -> &'static [(&'static str, Regex)] {
    static COMPILED: std::sync::OnceLock<Vec<(&'static str, Regex)>> = std::sync::OnceLock::new();
    COMPILED.get_or_init(|| {
        DEGREES
            .iter()
            .map(|(name, text)| (*name, Regex::new(text).expect("an expression compiled by the tests")))
            .collect()
    })
}

/// The sentence speaks of the firm, not of the applicant.
fn about_others(sentence: &str) -> bool {
    expression!(r"(?i)\b(?:founders?|mentors?|our (?:team|people|engineers|customers|users|clients|ceo|cto)|we are|we were|customers|learners|alumni|by graduates)\b")
        .is_match(sentence)
}

/// Degrees that are asked for or preferred.
pub(crate) fn degrees(page: &Page<'_>) -> Vec<Stated<String>> {
    let no = expression!(
        r"(?i)\b(?:no|not|don['’]t|do not|without|irrespective|koi)\b.{0,30}\bdegree\b.{0,12}\b(?:needed|required|zaruri|necessary|ask)|\b(?:don['’]t|do not|never) (?:ask|care|look)\b.{0,20}\bdegree|\bno degree\b"
    );
    let product = expression!(
        r"(?i)^\s?-?(?:excel|office|word|sql|powerpoint|teams|access|project|dynamics|azure|windows|outlook|visio|paint|365)\b"
    );
    let mut found: Vec<Stated<String>> = Vec::new();
    for sentence in page.sentences() {
        if no.is_match(sentence) || about_others(sentence) {
            continue;
        }
        let mut here: Vec<(usize, &str)> = degree_expressions()
            .iter()
            .filter_map(|(name, regex)| {
                // "and MS Excel" names a product.
                let found = regex
                    .find_iter(sentence)
                    .find(|m| !(*name == "M.S." && product.is_match(&sentence[m.end()..])))?;
                Some((found.start(), *name))
            })
            .collect();
        here.sort_unstable();
        // "Any bachelor's degree" is any degree.
        let any = here.iter().any(|(_, name)| *name == "Any degree");
        for (_, name) in here {
            let known = found.iter().any(|f| f.value == name) || any && name == "Bachelor's";
            if !known {
                found.push(Stated::new(name.to_owned(), sentence));
            }
        }
    }
    found
}

/// Does the text name a degree?
fn names_degree(text: &str) -> bool {
    degree_expressions().iter().any(|(_, regex)| regex.is_match(text))
}

/// Years of graduation.
pub(crate) fn batches(page: &Page<'_>, today: NaiveDate) -> Vec<Stated<i32>> {
    let context = expression!(
        r"(?i)\bbatch(?:es)?\b|\bpass(?:ed|ing)?[ -]?outs?\b|\b(?:year of passing|passing year|passing in|passed in|yop)\b|\bgraduat(?:e|es|ed|ing|ion)\b|\bnew grads?\b|\bclass of\b|\bfinal[ -](?:year|semester)\b|\bfinishing in\b|\bof the year\b|\bfreshers?\b|\bcompleting (?:in|by)\b"
    );
    let grad_dates = expression!(
        r"(?i)\b(?:graduat\w+|passing|finishing|completing|pass out|degree)\s(?:\w+\s){0,3}?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s,]{1,2})?(20\d\d)(?:\s?(?:and|to|or|-|–|/|&)\s?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s)?(20\d\d))?"
    );
    let all_years = expression!(r"\b(20\d\d)(?:\s?[-–]\s?(20\d\d|\d\d)\b)?|['’](\d\d)\b");
    let dated = expression!(
        r"(?i)(?:\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*[\s.,'’-]{0,3}|\b\d{1,2}[./-]|\b(?:summer|winter|spring|autumn|fall|since|founded in|no\.?|recruitment|internship)\s?)$"
    );
    let plausible = |year: i32| (today.year() - 4..=today.year() + 5).contains(&year);
    let mut found: Vec<Stated<i32>> = Vec::new();
    let mut add = |year: Option<i32>, from: &str| {
        if let Some(year) = year.filter(|y| plausible(*y))
            && !found.iter().any(|f| f.value == year)
        {
            found.push(Stated::new(year, from));
        }
    };
    let full = |text: &str| text.parse::<i32>().ok().map(|y| if y < 100 { 2000 + y } else { y });
    for sentence in page.sentences() {
        if about_others(sentence) && !context.is_match(sentence)
            || expression!(r"(?i)\b(?:last|each|every) (?:year|summer)|\bfounded\b").is_match(sentence)
        {
            continue;
        }
        let degree = names_degree(sentence);
        let said = context.is_match(sentence);
        if !said && !degree {
            continue;
        }
        for c in grad_dates.captures_iter(sentence) {
            add(c.get(1).and_then(|m| full(m.as_str())), sentence);
            add(c.get(2).and_then(|m| full(m.as_str())), sentence);
        }
        let deadline = expression!(r"(?i)\b(?:apply|last date|deadline|posted|closing)\b");
        for part in expression!(r"[|•·♦✦;]|\s[–—]\s").split(sentence) {
            // In a terse line the degree stands between other bars than the years ("2025 & 2026 | B.Tech").
            if !context.is_match(part)
                && !names_degree(part)
                && !expression!(r"^[\s\d&/,andor]+$").is_match(part)
                || deadline.is_match(part) && !context.is_match(part)
            {
                continue;
            }
            for c in all_years.captures_iter(part) {
                let Some(all) = c.get(0) else { continue };
                let next = part[all.end()..].chars().next();
                if dated.is_match(&part[..all.start()]) || next.is_some_and(|c| c.is_alphanumeric()) {
                    continue;
                }
                // A bare `'27` needs its batch beside it.
                if let Some(short) = c.get(3) {
                    if expression!(r"(?i)^\s?(?:batch|pass|grad)").is_match(&part[all.end()..]) {
                        add(full(short.as_str()), sentence);
                    }
                    continue;
                }
                let first = c.get(1).and_then(|m| full(m.as_str()));
                let last = c.get(2).and_then(|m| full(m.as_str()));
                add(first, sentence);
                if let (Some(first), Some(last)) = (first, last)
                    && (first..first + 6).contains(&last)
                {
                    (first + 1..=last).for_each(|year| add(Some(year), sentence));
                }
            }
        }
    }
    found
}

/// The least CGPA, of 10.
pub(crate) fn cgpa(page: &Page<'_>) -> Option<Stated<f64>> {
    let after = expression!(
        r"(?i)\b(?:C?GPA|CPI|CGPI|SGPA)\b[^\d;|]{0,28}?(\d{1,2}(?:\.\d{1,2})?)(?:\s?(?:/|out of)\s?(\d+))?"
    );
    let before =
        expression!(r"(?i)\b(\d(?:\.\d{1,2})?)\s?(?:/\s?10\s?)?\+?\s?(?:C?GPA|CPI|CGPI|pointers?)\b");
    page.sentences().filter(|s| !waived(s)).find_map(|sentence| {
        let value = before.captures(sentence).or_else(|| after.captures(sentence))?;
        let of_four = value.get(2).is_some_and(|m| m.as_str() != "10");
        let value: f64 = value.get(1)?.as_str().parse().ok()?;
        (!of_four && (4.0..=10.0).contains(&value)).then(|| Stated::new(value, sentence))
    })
}

/// The sentence says that marks do not matter, or relaxes them.
fn waived(sentence: &str) -> bool {
    expression!(r"(?i)\b(?:no|not|don['’]t|do not|never|without|irrespective|regardless)\b.{0,30}\b(?:C?GPA|cut-?off|percentage|marks|throughout|criteria|grades)\b|\brelax(?:ed|ation|able)\b|\breserv|\battendance\b.{0,20}%")
        .is_match(sentence)
        && !expression!(r"(?i)\b(?:no relaxation|not below|not less|no less|no backlog)").is_match(sentence)
}

/// The least marks in per cent.
pub(crate) fn percent(page: &Page<'_>) -> Option<Stated<f64>> {
    let number = expression!(r"(?i)\b(\d{2}(?:\.\d+)?)\s?(?:%|per ?cent\b|percent\b)");
    let context = expression!(
        r"(?i)\b(?:marks|throughout|X|XII|10th|12th|10\+2|aggregate|academics?|academically|and above|or above|or more|minimum|at least|eligib\w*|criteria|cut-?off|percentage|degree|graduation|first class)\b|& above|>="
    );
    let other = expression!(
        r"(?i)\b(?:attendance|% off|discount|women|sales|tax|bonus|equity|hike|travel|remote|growth|faster|uptime|cashback|refund\w*|increment|share|revenue|market|customers|placement|scholarship|commission|of the time|scored?s? in test)\b"
    );
    page.sentences().filter(|s| !waived(s) && !other.is_match(s) && context.is_match(s)).find_map(
        |sentence| {
            let value: f64 = number.captures(sentence)?.get(1)?.as_str().parse().ok()?;
            (40.0..=95.0).contains(&value).then(|| Stated::new(value, sentence))
        },
    )
}

/// Months that a bond or service agreement binds.
pub(crate) fn bond(page: &Page<'_>) -> Option<Stated<f64>> {
    let cue = expression!(
        r"(?i)\bbond(?:ed|s)?\b|\b(?:service|training|employment|commitment) agreement\b|^agreement\b|\bsuret(?:y|ies)\b|\b(?:serve|service commitment|minimum service|stay with us|commit\w*)\b"
    );
    let none = expression!(
        r"(?i)\b(?:no|not|nil|without|don['’]t|do not|never|zero)\b[^.,;]{0,25}\b(?:bonds?|agreement|surety)|\bbond\W{0,4}(?:nil|none|no|na|n/a|0)\b|\bbond\b.{0,12}\b(?:not|free)\b|\bbond[- ]free\b"
    );
    static AMOUNT: std::sync::OnceLock<Regex> = std::sync::OnceLock::new();
    let amount = AMOUNT.get_or_init(|| {
        Regex::new(&format!(r"(?i)\b({NUMBER})(?:[\s-]|\(\d\))*(years?|yrs?|months?)\b"))
            .expect("an expression compiled by the tests")
    });
    let experience = expression!(r"(?i)\bexperience\b");
    page.sentences().filter(|s| cue.is_match(s) && !none.is_match(s)).find_map(|sentence| {
        // The duration nearest to the cue, in the same piece of a terse line.
        let part = segments(sentence).find(|p| cue.is_match(p) && amount.is_match(p)).unwrap_or(sentence);
        let strong = expression!(r"(?i)\b(?:bond|agreement|suret)").is_match(sentence);
        let hit = cue.find(part)?;
        let nearest = amount
            .captures_iter(part)
            .filter_map(|c| {
                let all = c.get(0)?;
                let away = if all.start() >= hit.end() {
                    all.start() - hit.end()
                } else {
                    hit.start().saturating_sub(all.end())
                };
                Some((away, c.get(1)?.as_str(), c.get(2)?.as_str()))
            })
            .min_by_key(|(away, _, _)| *away)?;
        let months = number(nearest.1)? * if nearest.2.to_lowercase().starts_with('y') { 12.0 } else { 1.0 };
        (strong && !experience.is_match(part) && nearest.0 < 80 && (1.0..=120.0).contains(&months))
            .then(|| Stated::new(months, sentence))
    })
}

/// Years of experience that the applicant must have; 0 when the advert says so in a number.
pub(crate) fn experience(page: &Page<'_>) -> Option<Stated<f64>> {
    static AMOUNT: std::sync::OnceLock<Regex> = std::sync::OnceLock::new();
    let amount = AMOUNT.get_or_init(|| {
        Regex::new(&format!(
            r"(?i)(?:^|[^\w.,₹$€£-])({NUMBER})\s?(?:(\+)|(?:-|–|to)\s?({NUMBER})\s?\+?)?\s?\+?[\s-]?(years?|yrs?|months?)\b"
        ))
        .expect("an expression compiled by the tests")
    });
    let other = expression!(
        r"(?i)\b(?:bond|agreement|surety|serve|mentor(?:s|ed)? (?:has|have|spent|with)|your mentor|our (?:team|engineers|founders|people)|team (?:of|has|with)|average|founded|company|firm|old|heritage|gap|warranty|course|programme|repay|since|stock|stipend|per year|a year|every year|last|past|age|leave|duration|tenure|internship period|notice|over \d+ years|for (?:over|more than)|in business|we have|customers|academic|graduat\w*|integrated|validity|contract for|projects? of|visa|leading the market)\b"
    );
    let firm = expression!(r"(?i)\b(?:experience|exp)\b");
    let least = expression!(r"(?i)\b(?:at least|minimum(?: of)?|min\.?|atleast)\s*$");
    let bare = expression!(r"(?i)^\W*(?:fresher\w*|experience|exp)?\W*$");
    for line in &page.lines {
        let labelled = !line.label.is_empty() && firm.is_match(&line.label) && line.label.len() < 30;
        for sentence in crate::page::sentences(line.text) {
            for part in segments(sentence).flat_map(|p| p.split("; ")) {
                if other.is_match(part) && !labelled {
                    continue;
                }
                for c in amount.captures_iter(part) {
                    let (Some(all), Some(least_years), Some(unit)) = (c.get(0), c.get(1), c.get(4)) else {
                        continue;
                    };
                    let (before, after) = (last(&part[..least_years.start()], 160), &part[all.end()..]);
                    let months = unit.as_str().to_lowercase().starts_with('m');
                    let plus = c.get(2).is_some() || part[..all.end()].contains('+');
                    let range = c.get(3).is_some();
                    let Some(value) = number(least_years.as_str()) else { continue };
                    let near = firm.is_match(first(after, 70)) || firm.is_match(last(before, 30));
                    let bracket =
                        !months && (range || plus) && before.ends_with('(') && after.starts_with(')');
                    let alone = bracket
                        || !months
                            && bare.is_match(before)
                            && (range || plus)
                            && expression!(r"^\s*(?:[,.(].*)?$").is_match(after);
                    let asked = !months && least.is_match(before);
                    let of_work = !months && plus && expression!(r"(?i)^\s(?:of|in|as|with|building|writing|running|leading|developing|working|designing|managing|doing|on)\b").is_match(after);
                    let none = value == 0.0
                        && !months
                        && !range
                        && expression!(r"(?i)^\s(?:are|is|of|needed|will)").is_match(after);
                    if !(labelled || near || alone || asked || of_work || none) {
                        continue;
                    }
                    // "Six months of experience" is half a year; only from zero on it is a label's "0-6 months".
                    let years = if months { value / 12.0 } else { value };
                    if years <= 30.0 && !(months && value > 0.0 && !firm.is_match(part)) {
                        return Some(Stated::new(years, sentence));
                    }
                }
            }
        }
    }
    None
}
