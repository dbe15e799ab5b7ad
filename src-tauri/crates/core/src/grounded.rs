//! Whether a few words of the model's say something that was not said before it: each has its stem in what it heard, or is
//! a word with which anything is described.

use std::collections::HashSet;

use frostem::{Algorithm, Stemmer};
use internflow_code::split_words;

/// Words that claim nothing: those that join others, and what every program is made of and does.
const PLAIN: &str = "
    a an the and or but so if than then of for to in on at by with from into onto over under between among
    across through within via per as that which who whose what when where while each any both its it it's their
    them they one other another same own also such is are be been being was were has have had can may
    library module package program tool toolkit app application service command line file folder function
    method class type interface api code script project system set collection group part piece feature component page
    screen form logic helper utility operation data value input output information content item list table name text
    string number record entry object element field key model view test case kind way work task step rule option setting
    simple small basic various several different common new given single multiple
    create read update delete add remove get find show display store load save send receive handle manage process
    use base make build run call start stop write keep take support provide allow help let check
    algorithm structure suite implement convert turn related including
";

/// Letters that two stems share at least when one ends otherwise: `convert` and `convers`, `decid` and `decis`.
const SHARED: usize = 4;

/// A word of `words` that is neither plain nor in what was told, or `None`.
pub(crate) fn foreign(words: &str, told: &[String]) -> Option<String> {
    let stemmer = Stemmer::new(Algorithm::English);
    let split = |text: &str| -> Vec<String> {
        split_words(text).to_lowercase().split_whitespace().map(str::to_owned).collect()
    };
    let stem = |word: &str| stemmer.stem(word).into_owned();
    let known: HashSet<String> =
        told.iter().map(String::as_str).chain([PLAIN]).flat_map(split).map(|word| stem(&word)).collect();
    let is_known = |word: &str| {
        let itself = stem(word);
        // A walker walks.
        let one = word.strip_suffix('s').unwrap_or(word);
        let doer = one.strip_suffix("er").or_else(|| one.strip_suffix("or"));
        known.contains(&itself)
            || doer.is_some_and(|does| {
                [does.to_owned(), format!("{does}e")].iter().any(|does| known.contains(&stem(does)))
            })
            || known.iter().any(|known| are_near(known, &itself))
    };
    split(words).into_iter().find(|word| !is_known(word))
}

/// Whether `words` say anything that `sentence` does not.
pub(crate) fn adds(words: &str, sentence: &str) -> bool {
    foreign(words, &[sentence.to_owned()]).is_some()
}

fn are_near(a: &str, b: &str) -> bool {
    let shared = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let ends = [&a[shared..], &b[shared..]];
    shared >= SHARED && ends.contains(&"s") && (ends.contains(&"t") || ends.contains(&"d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_nobody_said_is_found() {
        let told = [
            "README: Conversion of things of the hostel into bills. It walks and sells.",
            "Names: parse_order, GrowingHashmap",
            "Commits: Round to paise",
        ]
        .map(str::to_owned);
        for words in [
            "a converter of things",
            "a walker that sells bills",
            "the parser of orders",
            "the hostel's bills and their parsing",
            "orders that round to paise",
            "a growing hashmap",
        ] {
            assert_eq!(foreign(words, &told), None, "{words}");
        }
        for (words, word) in [
            ("a blockchain of orders", "blockchain"),
            ("an engine of bills", "engine"),
            ("real-time bills", "real"),
            ("a contractor of orders", "contractor"),
        ] {
            assert_eq!(foreign(words, &told).as_deref(), Some(word), "{words}");
        }
    }

    #[test]
    fn words_add_something_or_not() {
        let sentence = "Added 2 commands in the examples module, such as set and get.";
        assert!(!adds("the set and get commands of the module", sentence));
        assert!(adds("a client that subscribes", sentence));
    }
}
