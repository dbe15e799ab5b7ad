//! Spelling of bullets: British, American or Indian, word by word from a list. A word that is not in the list, and
//! what is a name (of a file, a function, a path), stays as it is.

use internflow_domain::Usage;

/// British and American, lower case. Left out is what is another word in another place (licence, analyses).
const WORDS: [(&str, &str); 53] = [
    ("analyse", "analyze"),
    ("analysed", "analyzed"),
    ("analysing", "analyzing"),
    ("artefact", "artifact"),
    ("artefacts", "artifacts"),
    ("authorise", "authorize"),
    ("authorised", "authorized"),
    ("authorisation", "authorization"),
    ("behaviour", "behavior"),
    ("behaviours", "behaviors"),
    ("cancelled", "canceled"),
    ("cancelling", "canceling"),
    ("catalogue", "catalog"),
    ("catalogues", "catalogs"),
    ("categorise", "categorize"),
    ("categorised", "categorized"),
    ("centre", "center"),
    ("centred", "centered"),
    ("colour", "color"),
    ("coloured", "colored"),
    ("colours", "colors"),
    ("customise", "customize"),
    ("customised", "customized"),
    ("enrol", "enroll"),
    ("enrolment", "enrollment"),
    ("favourite", "favorite"),
    ("favourites", "favorites"),
    ("initialise", "initialize"),
    ("initialised", "initialized"),
    ("initialisation", "initialization"),
    ("labelled", "labeled"),
    ("labelling", "labeling"),
    ("minimise", "minimize"),
    ("minimised", "minimized"),
    ("modelled", "modeled"),
    ("modelling", "modeling"),
    ("normalise", "normalize"),
    ("normalised", "normalized"),
    ("normalisation", "normalization"),
    ("optimise", "optimize"),
    ("optimised", "optimized"),
    ("organise", "organize"),
    ("organised", "organized"),
    ("recognise", "recognize"),
    ("recognised", "recognized"),
    ("serialise", "serialize"),
    ("serialised", "serialized"),
    ("summarise", "summarize"),
    ("summarised", "summarized"),
    ("synchronise", "synchronize"),
    ("synchronised", "synchronized"),
    ("visualise", "visualize"),
    ("visualised", "visualized"),
];

/// The sentence in this usage.
pub(crate) fn spelled(text: &str, usage: Usage) -> String {
    text.split(' ').map(|word| one(word, usage)).collect::<Vec<_>>().join(" ")
}

/// A word with the signs around it.
fn one(word: &str, usage: Usage) -> String {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    let around = |new: &str| word.replacen(inner, new, 1);
    if inner.is_empty() || word.contains(['/', '_', '`']) {
        return word.to_owned();
    }
    if let Some(number) = grouped(inner, usage) {
        return around(&number);
    }
    let lower = inner.to_lowercase();
    let found = WORDS.iter().find_map(|&(british, american)| match usage {
        Usage::American => (lower == british).then_some(american),
        Usage::British | Usage::Indian => (lower == american).then_some(british),
    });
    let Some(found) = found else { return word.to_owned() };
    let mut letters = inner.chars();
    let first = letters.next().is_some_and(char::is_uppercase);
    match (first, letters.any(char::is_uppercase)) {
        // Written in capitals within, it is a name.
        (_, true) => word.to_owned(),
        (true, false) => around(&(found[..1].to_uppercase() + &found[1..])),
        (false, false) => around(found),
    }
}

/// A whole number of at least five digits with its separators: 1,24,000 in India, 124,000 elsewhere.
fn grouped(word: &str, usage: Usage) -> Option<String> {
    let digits: String = word.chars().filter(|c| *c != ',').collect();
    if digits.len() < 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let step = if usage == Usage::Indian { 2 } else { 3 };
    let (mut head, tail) = digits.split_at(digits.len() - 3);
    let mut groups = vec![tail];
    while head.len() > step {
        let (rest, group) = head.split_at(head.len() - step);
        groups.push(group);
        head = rest;
    }
    groups.push(head);
    groups.reverse();
    Some(groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_words_and_large_numbers_follow_the_usage() {
        let text = "Modelled behavior and colors in `color` of src/color, over 124000 lines.";
        let said = |usage| spelled(text, usage);
        assert_eq!(
            said(Usage::Indian),
            "Modelled behaviour and colours in `color` of src/color, over 1,24,000 lines."
        );
        assert_eq!(
            said(Usage::British),
            "Modelled behaviour and colours in `color` of src/color, over 124,000 lines."
        );
        assert_eq!(
            said(Usage::American),
            "Modeled behavior and colors in `color` of src/color, over 124,000 lines."
        );
    }

    #[test]
    fn spelling_twice_changes_nothing_more() {
        for (british, american) in WORDS {
            for (usage, wanted) in [(Usage::American, american), (Usage::Indian, british)] {
                assert_eq!(spelled(&spelled(british, usage), usage), wanted);
                assert_eq!(spelled(american, usage), wanted, "either spelling may come from a model");
            }
        }
    }
}
