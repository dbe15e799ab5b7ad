//! In which countries an advert's work is, by `data/countries.toml`.

use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

use crate::page::expression;

const COUNTRIES: &str = include_str!("../../data/countries.toml");
const HOME: &str = "India";

#[derive(Deserialize)]
struct File {
    anywhere: Vec<String>,
    country: Vec<Country>,
}

#[derive(Deserialize)]
struct Country {
    name: String,
    names: Vec<String>,
    people: Vec<String>,
    cities: Vec<String>,
}

fn file() -> &'static File {
    static READ: OnceLock<File> = OnceLock::new();
    READ.get_or_init(|| toml::from_str(COUNTRIES).expect("the list of countries is read by the tests"))
}

/// One expression a country: the first of its names, the second of its people.
fn expressions() -> &'static [(Regex, Regex)] {
    static COMPILED: OnceLock<Vec<(Regex, Regex)>> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let any = |words: &[String]| {
            // "us" is a word: a name of three letters or fewer counts in capitals only.
            let (short, long): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| word.len() <= 3);
            let long: Vec<String> = long.iter().map(|word| regex::escape(word)).collect();
            let short: Vec<String> = short.iter().map(|word| regex::escape(&word.to_uppercase())).collect();
            let parts = [format!("(?i:{})", long.join("|")), short.join("|")];
            let parts: Vec<String> =
                parts.into_iter().filter(|part| part != "(?i:)" && !part.is_empty()).collect();
            Regex::new(&format!(r"(?:^|[^\w.-])(?:{})(?:[^\w-]|$)", parts.join("|")))
                .expect("an expression compiled by the tests")
        };
        file().country.iter().map(|country| (any(&country.names), any(&country.people))).collect()
    })
}

/// Countries that a text names, itself or by its cities; `None` among them stands for a city that may be in several.
pub(super) fn countries(text: &str) -> Vec<Option<&'static str>> {
    let mut found: Vec<Option<&'static str>> = Vec::new();
    let mut add = |country| {
        if !found.contains(&country) {
            found.push(country);
        }
    };
    said(text).for_each(|country| add(Some(country)));
    for (at, city) in crate::places::cities(text) {
        // "Cambridge, UK" and "Salem, OR": the piece behind the city says more than a list of cities can.
        let behind = text[at..].split([',', '(', ';', '/', '|']).nth(1).unwrap_or("");
        if american_state(behind) || said(behind).any(|country| country != HOME) {
            continue;
        }
        let of = file().country.iter().find(|country| country.cities.iter().any(|name| name == city));
        match of {
            Some(country) => add(Some(country.name.as_str())),
            None if file().anywhere.iter().any(|name| name == city) => add(None),
            None => add(Some(HOME)),
        }
    }
    if text.split([';', '/', '|']).any(|place| place.split(',').skip(1).any(american_state)) {
        add(Some("United States"));
    }
    found
}

/// Countries whose names stand in a text.
fn said(text: &str) -> impl Iterator<Item = &'static str> {
    let named = file().country.iter().zip(expressions()).filter(move |(_, (names, _))| names.is_match(text));
    named.map(|(country, _)| country.name.as_str())
}

/// The piece begins with the two letters of a state of the United States, as in "Austin, TX". "IN" is left out: it is
/// how some write India.
fn american_state(piece: &str) -> bool {
    expression!(
        r"^\s*(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|I[ADL]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])(?:\s|\d|$)"
    )
    .is_match(piece)
}
/// Countries whose people a text names, as "US citizens" does.
pub(super) fn peoples(text: &str) -> Vec<&'static str> {
    let named = file().country.iter().zip(expressions()).filter(|(_, (_, people))| people.is_match(text));
    named.map(|(country, _)| country.name.as_str()).collect()
}

/// The list's name of a country that the student wrote, else as written.
pub(super) fn spelt(country: &str) -> String {
    countries(country).into_iter().flatten().next().map_or_else(|| country.trim().to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_city_of_the_list_is_in_one_country() {
        let mut seen = std::collections::HashSet::new();
        for country in &file().country {
            for city in country.cities.iter().chain(&country.names) {
                assert!(seen.insert(city), "{city} is there twice");
            }
            for city in &country.cities {
                assert_eq!(
                    countries(city),
                    [Some(country.name.as_str())],
                    "{city} is no place that is found"
                );
            }
        }
    }

    #[test]
    fn countries_of_places_as_boards_write_them() {
        for (text, expected) in [
            ("Bengaluru, Karnataka, India", vec![Some("India")]),
            ("Pune / Hyderabad", vec![Some("India")]),
            ("Remote - US", vec![Some("United States")]),
            ("Join us in Berlin", vec![Some("Germany")]),
            ("San Francisco, CA; London", vec![Some("United Kingdom"), Some("United States")]),
            ("Bengaluru / Austin, TX", vec![Some("India"), Some("United States")]),
            ("Salem, OR", vec![Some("United States")]),
            ("Cambridge", vec![None]),
            ("Cambridge, UK", vec![Some("United Kingdom")]),
            ("Anywhere", vec![]),
            ("Indiana Avenue", vec![]),
        ] {
            assert_eq!(countries(text), expected, "{text}");
        }
    }
}
