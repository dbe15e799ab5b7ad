//! Dates of a profile in the words of a résumé: "Jun 2025 – Aug 2025".

use crate::clean::clean;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `YYYY-MM-DD` and `YYYY-MM` as "Jun 2025", `YYYY` as it is; anything else as the user wrote it.
pub fn date(text: &str) -> String {
    let text = clean(text);
    let mut parts = text.split('-');
    let year = parts.next().filter(|y| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()));
    let month = parts.next().filter(|m| m.len() == 2).and_then(|m| m.parse::<usize>().ok());
    match (year, month.and_then(|m| MONTHS.get(m.wrapping_sub(1)))) {
        (Some(year), Some(month)) => format!("{month} {year}"),
        _ => text,
    }
}

/// From start to end. With `ongoing`, a start without an end lasts to the "Present".
pub fn range(start: &str, end: &str, ongoing: bool) -> String {
    match (date(start), date(end)) {
        (start, end) if start == end || end.is_empty() && !ongoing => start,
        (start, end) if start.is_empty() => end,
        (start, end) if end.is_empty() => format!("{start} – Present"),
        (start, end) => format!("{start} – {end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_like_a_resume() {
        let cases = [
            ("2025-06-01", "2025-08-31", true, "Jun 2025 – Aug 2025"),
            ("2023", "2027", false, "2023 – 2027"),
            ("2025-05", "", true, "May 2025 – Present"),
            ("2025-05", "", false, "May 2025"),
            ("", "2024-12", true, "Dec 2024"),
            ("2024-03-01", "2024-03-28", false, "Mar 2024"),
            ("", "", true, ""),
            ("Summer 2024", "2025-13", false, "Summer 2024 – 2025-13"),
        ];
        for (start, end, ongoing, wanted) in cases {
            assert_eq!(range(start, end, ongoing), wanted, "range of {start:?} and {end:?}");
        }
    }
}
