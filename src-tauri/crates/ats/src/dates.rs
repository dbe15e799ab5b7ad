//! Dates as résumés write them.

use regex::Regex;

use crate::fields::Dates;

/// Compiles an expression of the source once.
macro_rules! expression {
    ($source:expr) => {{
        static COMPILED: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| crate::dates::compiled($source));
        &*COMPILED
    }};
}
pub(crate) use expression;

pub(crate) fn compiled(source: &str) -> Regex {
    Regex::new(source).expect("an expression compiled by the tests")
}

const MONTH: &str = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?";

/// Dates found in a text, and where they stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spot {
    pub dates: Dates,
    /// Bytes of the text.
    pub range: std::ops::Range<usize>,
}

/// `May 2025`, `12 May 2025`, `May '25`, `05/2025`, `2025-05`, `2025`.
fn point() -> String {
    format!(
        r"(?:(?:(?:summer|winter|spring|autumn|fall|monsoon)\s+)(?:19|20)\d\d|(?:\d{{1,2}}(?:st|nd|rd|th)?[ \u{{A0}}])?{MONTH}[\s,]*(?:of\s)?(?:(?:19|20)\d\d|['’]\d\d)|(?:0?[1-9]|1[0-2])\s?[/.]\s?(?:19|20)\d\d|(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-\d\d)?|(?:19|20)\d\d)"
    )
}

/// The first date or span of dates in a text.
pub(crate) fn find(text: &str) -> Option<Spot> {
    static SPAN: std::sync::LazyLock<Regex> = std::sync::LazyLock::new(|| {
        let point = point();
        let to = r"\s*(?:-|–|—|−|~|\bto\b|\buntil\b|\btill\b)\s*";
        let now = r"present|current(?:ly)?|now|ongoing|today|(?:till |to )?date";
        compiled(&format!(
            r"(?i)\(?(?:(?P<month>{MONTH}){to}(?P<late>{point})|(?P<start>{point})(?:{to}(?:(?P<end>{point})|(?P<now>{now})\b|(?P<short>\d\d)\b))?)\)?"
        ))
    });
    SPAN.captures_iter(text).find_map(|c| {
        let all = c.get(0)?;
        let before = text[..all.start()].chars().next_back();
        let after = text[all.end()..].chars().next();
        // Part of a number, a word or an address is no date.
        if before.is_some_and(|b| b.is_alphanumeric() || "/._@₹$".contains(b))
            || after.is_some_and(|a| a.is_alphanumeric() || "%+@/_".contains(a))
        {
            return None;
        }
        let part = |name: &str| c.name(name).map(|m| m.as_str());
        let dates = if let (Some(month), Some(late)) = (part("month"), part("late")) {
            let end = iso(late)?;
            let year = end.get(..4)?;
            Dates { start: format!("{year}-{:02}", month_of(month)?), end, line: None }
        } else {
            let start = iso(part("start")?)?;
            let end = match (part("end"), part("now"), part("short")) {
                (Some(end), _, _) => iso(end)?,
                (_, Some(_), _) => "present".to_owned(),
                (_, _, Some(short)) => format!("{}{short}", start.get(..2)?),
                _ => start.clone(),
            };
            Dates { start, end, line: None }
        };
        Some(Spot { dates, range: all.range() })
    })
}

/// A date that JSON Resume writes, or one in words, as `YYYY` or `YYYY-MM`.
pub(crate) fn iso(text: &str) -> Option<String> {
    let year = expression!(r"(?:19|20)\d\d").find(text).map(|m| m.as_str().to_owned()).or_else(|| {
        let short = expression!(r"['’](\d\d)").captures(text)?;
        Some(format!("20{}", &short[1]))
    })?;
    let month = month_of(text).or_else(|| {
        let c = expression!(r"^\s*(\d{1,2})\s?[/.]|^\d{4}-(\d\d)").captures(text)?;
        c.get(1).or_else(|| c.get(2))?.as_str().parse().ok()
    });
    Some(match month {
        Some(month) if (1..=12).contains(&month) => format!("{year}-{month:02}"),
        _ => year,
    })
}

fn month_of(text: &str) -> Option<usize> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let word = expression!(r"[A-Za-z]{3,}").find(text)?.as_str().to_ascii_lowercase();
    NAMES.iter().position(|name| word.starts_with(name)).map(|at| at + 1)
}

/// Words that stand for a time that no system can place.
pub(crate) fn vague(text: &str) -> bool {
    expression!(r"(?i)\b(?:summer|winter|autumn|spring|monsoon|fall|sem(?:ester)?\s?\d|(?:1st|2nd|3rd|4th|first|second|third|final)\s(?:year|sem))\b")
        .is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_students_write_them() {
        for (text, start, end) in [
            ("May 2025 – Jul 2025", "2025-05", "2025-07"),
            ("2023 – 2027 · B.Tech", "2023", "2027"),
            ("2023-27", "2023", "2027"),
            ("Jul 2024 – Present", "2024-07", "present"),
            ("Acme\t06/2025 - 08/2025", "2025-06", "2025-08"),
            ("June – August 2025", "2025-06", "2025-08"),
            ("Aug '23 to till date", "2023-08", "present"),
            ("(2025-05 to 2025-07)", "2025-05", "2025-07"),
            ("12th May, 2025", "2025-05", "2025-05"),
            ("Expected May 2027", "2027-05", "2027-05"),
        ] {
            let found = find(text).map(|spot| (spot.dates.start, spot.dates.end));
            assert_eq!(found, Some((start.to_owned(), end.to_owned())), "in {text:?}");
        }
        for text in ["Grew it to 2000+ users", "₹2000 saved", "v2.2024.1", "Summer", "github.com/a/2024"] {
            assert_eq!(find(text), None, "{text:?} holds no date");
        }
    }
}
