//! The gate between the model's words and the résumé: what is not in the facts does not pass.

use internflow_code::technologies_in;
use internflow_domain::Fact;

const MIN_WORDS: usize = 8;
const MAX_WORDS: usize = 30;

/// Claims that no count of ours can prove. A bullet with one of them is refused.
const UNPROVABLE: &[&str] = &[
    "best",
    "cutting",
    "edge",
    "world",
    "class",
    "state-of-the-art",
    "robust",
    "seamless",
    "seamlessly",
    "innovative",
    "revolutionary",
    "leveraged",
    "leveraging",
    "spearheaded",
    "led",
    "lead",
    "leading",
    "managed",
    "mentored",
    "senior",
    "principal",
    "chief",
    "head",
    "ceo",
    "cto",
    "award",
    "winning",
    "million",
    "millions",
    "thousands",
    "hundreds",
    "users",
    "customers",
    "clients",
    "revenue",
    "faster",
    "scalable",
    "scalability",
    "efficient",
    "efficiency",
    "performance",
    "optimized",
    "optimised",
    "improved",
    "improving",
    "increased",
    "reduced",
    "enhanced",
    "enhancing",
    "production",
    "enterprise",
    "team",
    "expert",
    "expertise",
    "significantly",
    "highly",
    "successfully",
    "google",
    "microsoft",
    "amazon",
    "meta",
    "apple",
    "netflix",
    "intern",
    "internship",
    "employed",
    "hired",
];

const FIRST_PERSON: &[&str] = &["i", "me", "my", "mine", "we", "our", "us"];

/// Why the bullet may not be shown, or `None` when everything it says is in the facts.
pub(crate) fn refuse(bullet: &str, facts: &[Fact]) -> Option<String> {
    let words: Vec<String> = words(bullet);
    if words.len() < MIN_WORDS || words.len() > MAX_WORDS {
        return Some(format!("it has {} words, not {MIN_WORDS} to {MAX_WORDS}", words.len()));
    }
    if let Some(word) = words.iter().find(|word| FIRST_PERSON.contains(&word.as_str())) {
        return Some(format!("it says “{word}”"));
    }
    unproven(bullet, facts)
}

/// What a text claims that is not in the facts: a number, a technology, or a word that no count can prove.
pub(crate) fn unproven(text: &str, facts: &[Fact]) -> Option<String> {
    let words = words(text);
    let facts_text = facts.iter().map(|fact| fact.text.as_str()).collect::<Vec<_>>().join("; ");
    let fact_words = self::words(&facts_text);
    let unproven = |word: &&String| UNPROVABLE.contains(&word.as_str()) && !fact_words.contains(word);
    if let Some(word) = words.iter().find(unproven) {
        return Some(format!("nothing proves “{word}”"));
    }
    let proven = numbers(&facts_text);
    if let Some(number) = numbers(text).into_iter().find(|number| !proven.contains(number)) {
        return Some(format!("the number {number} is not in the facts"));
    }
    let known = technologies_in(&facts_text);
    if let Some(name) = technologies_in(text).into_iter().find(|name| !known.contains(name)) {
        return Some(format!("{name} is not in the facts"));
    }
    None
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Numbers in digits and in words, thousands separators removed: `1,240` and `1240` are one number.
fn numbers(text: &str) -> Vec<String> {
    const WORDS: [&str; 19] = [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let mut found = Vec::new();
    let mut digits = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inner =
            matches!(c, ',' | '.') && !digits.is_empty() && chars.peek().is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() || (inner && c == '.') {
            digits.push(c);
        } else if !inner && !digits.is_empty() {
            found.push(std::mem::take(&mut digits));
        }
    }
    found.extend((!digits.is_empty()).then_some(digits));
    found.extend(
        words(text).iter().filter_map(|w| WORDS.iter().position(|n| n == w)).map(|i| (i + 2).to_string()),
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Vec<Fact> {
        ["1240 lines of code that are still there", "12 commits", "uses FastAPI", "written in Python"]
            .map(|text| Fact { text: text.into(), method: String::new() })
            .to_vec()
    }

    #[test]
    fn a_bullet_made_of_facts_passes() {
        let bullet = "Built the order API in Python with FastAPI: 1,240 lines of code over 12 commits.";
        assert_eq!(refuse(bullet, &facts()), None);
    }

    #[test]
    fn what_is_not_in_the_facts_is_refused() {
        for (bullet, why) in [
            (
                "Built the order API in Python with FastAPI, cutting latency by 40% over 12 commits.",
                "a number nobody counted",
            ),
            (
                "Built the order API in Python with FastAPI for three campuses over 12 commits.",
                "a number in words",
            ),
            (
                "Built the order API in Python with Django: 1240 lines of code over 12 commits.",
                "a framework it does not use",
            ),
            (
                "Led a team that built the order API in Python with FastAPI over 12 commits.",
                "a role no commit proves",
            ),
            ("I built the order API in Python with FastAPI over 12 commits and tested it.", "first person"),
            ("Built the API.", "too short to say anything"),
            (
                "Built the order API as a senior engineer at Google in Python over 12 commits.",
                "words planted in a commit",
            ),
        ] {
            assert!(refuse(bullet, &facts()).is_some(), "{why}: {bullet}");
        }
    }
}
