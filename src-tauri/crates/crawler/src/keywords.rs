//! Keywords: how a text spells skills. Programs that sort résumés compare letters, so "K8s" in an advert does not meet
//! "Kubernetes" in a résumé.

use std::ops::Range;

use crate::skills::known;

/// Skills that a text names, by the taxonomy's names, each with the bytes that name it.
pub fn named(text: &str) -> Vec<(&'static str, Range<usize>)> {
    known::named(text)
}

/// The taxonomy's spelling of a skill; one that it does not know stays as written.
pub fn canonical(skill: &str) -> String {
    known::canonical(skill)
}

/// Skills that whoever shows this one shows too.
pub fn implied(skill: &str) -> Vec<&'static str> {
    known::implied(skill)
}

/// The skill is one of character or conduct, which nothing that was made can show.
pub fn of_character(skill: &str) -> bool {
    known::of_character(skill)
}

/// What a text calls a skill: each spelling once, as written, in order.
pub fn spelled<'t>(text: &'t str, skill: &str, named: &[(&str, Range<usize>)]) -> Vec<&'t str> {
    let mut found: Vec<&str> = Vec::new();
    for (_, at) in named.iter().filter(|(name, _)| *name == skill) {
        let written = &text[at.clone()];
        if !found.iter().any(|before| before.eq_ignore_ascii_case(written)) {
            found.push(written);
        }
    }
    found
}

/// The other form of a spelling, which stands for the same letter by letter: what an abbreviation is short for, or the
/// abbreviation. `None` where the taxonomy has none.
pub fn counterpart(skill: &str, spelling: &str) -> Option<String> {
    let other = |other: &&str| abbreviates(spelling, other) || abbreviates(other, spelling);
    let found = known::spellings(skill).find(other)?;
    // Aliases are kept in small letters; an abbreviation is written in capitals, one with a number with one.
    let small = !found.contains(char::is_uppercase) && abbreviates(found, spelling);
    let mut letters = found.chars();
    Some(match (small, found.contains(|c: char| c.is_ascii_digit())) {
        (false, _) => found.to_owned(),
        (true, false) => found.to_uppercase(),
        (true, true) => letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect(),
    })
}

/// The first is an abbreviation of the second: its initials ("OOP"), its capitals ("JS" for JavaScript), or its first
/// and last letter with the number of those between ("K8s").
pub fn abbreviates(short: &str, long: &str) -> bool {
    let letters: String = short.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let count = letters.chars().count();
    if !(2..=5).contains(&count) || long.chars().count() < count + 3 || short.contains(char::is_whitespace) {
        return false;
    }
    let initials: String = long
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| word.chars().next())
        .collect::<String>()
        .to_lowercase();
    let capitals: String = long.chars().filter(|c| c.is_uppercase()).collect::<String>().to_lowercase();
    letters == initials || letters == capitals || letters == counted(long)
}

/// "kubernetes" → "k8s".
fn counted(long: &str) -> String {
    let letters: Vec<char> = long.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    match letters[..] {
        [first, .., last] if letters.len() > 3 => format!("{first}{}{last}", letters.len() - 2),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_and_what_they_stand_for_find_each_other() {
        for (skill, spelling, wanted) in [
            ("Kubernetes", "Kubernetes", Some("K8s")),
            ("Kubernetes", "K8s", Some("Kubernetes")),
            ("JavaScript", "JavaScript", Some("JS")),
            ("JavaScript", "js", Some("JavaScript")),
            ("Machine Learning", "ML", Some("Machine Learning")),
            ("Object-Oriented Programming", "OOP", Some("Object-Oriented Programming")),
            ("AWS", "AWS", Some("amazon web services")),
            ("SQL", "SQL", Some("structured query language")),
            ("PostgreSQL", "Postgres", None),
            ("Python", "Python", None),
        ] {
            assert_eq!(counterpart(skill, spelling).as_deref(), wanted, "{spelling} of {skill}");
        }
    }

    #[test]
    fn a_text_spells_a_skill_as_it_does() {
        let text = "JS and JavaScript, deployed on K8s; js again";
        let named = named(text);
        assert_eq!(spelled(text, "JavaScript", &named), ["JS", "JavaScript"]);
        assert_eq!(spelled(text, "Kubernetes", &named), ["K8s"]);
        assert_eq!(spelled(text, "Python", &named), Vec::<&str>::new());
    }
}
