//! What a student is told to show next.

use chrono::NaiveDate;

use super::*;
use crate::matching::{Candidate, Proof, ProvenSkill, matched};
use crate::{Advert, Board, Posting, Stated};

fn fit(skills: &[&str]) -> Match {
    let today = NaiveDate::from_ymd_opt(2026, 11, 28).expect("a date");
    let proof = Proof { claim: "c".to_owned(), count: 1, last: None };
    let me = Candidate {
        proven: vec![ProvenSkill { skill: "Git".to_owned(), by: vec![proof] }],
        claimed: vec!["Linux".to_owned()],
        ..Candidate::default()
    };
    let stated = |name: &&str| Stated { value: (*name).to_owned(), from: format!("You know {name}.") };
    let advert = Advert { skills_required: skills.iter().map(stated).collect(), ..Advert::default() };
    let board = Board::Lever { slug: "saffron".to_owned() };
    matched(&me, &advert, &Posting::new(&board, "1".to_owned(), String::new()), Some(0.5), today)
}

#[test]
fn the_skill_that_opens_most_comes_first() {
    let saved: Vec<(String, Match)> = [
        ("a", fit(&["Git", "Docker"])),
        ("b", fit(&["Docker", "Linux"])),
        ("c", fit(&["Docker", "Apache Kafka", "Redis"])),
        ("d", fit(&["Redis"])),
        ("e", fit(&["JavaScript", "React"])),
        ("f", fit(&["Git"])),
        ("g", fit(&["Teamwork", "SolidWorks"])),
    ]
    .map(|(key, found)| (key.to_owned(), found))
    .to_vec();
    let found = next_commits(&saved);
    let brief: Vec<(&str, String, String)> =
        found.iter().map(|n| (n.skill.as_str(), n.opens.join(""), n.nearer.join(""))).collect();
    let expected = [
        ("Docker", "ab", "c"),
        ("Redis", "d", "c"),
        // React shows JavaScript, and JavaScript shows no React.
        ("React", "e", ""),
        ("Apache Kafka", "", "c"),
        ("JavaScript", "", "e"),
    ];
    let expected =
        expected.map(|(skill, opens, nearer)| (skill, opens.to_owned(), nearer.to_owned())).to_vec();
    assert_eq!(brief, expected, "no commit shows SolidWorks or teamwork, and what is there is not next");
    assert_eq!(found[0].says, "Docker is all that is missing in 2 postings, and one of several in 1 more.");
    let mut turned = saved.clone();
    turned.reverse();
    let names = |all: Vec<Next>| all.into_iter().map(|n| n.skill).collect::<Vec<_>>();
    assert_eq!(names(next_commits(&turned)), names(found), "the order of what was saved decides nothing");
    assert_eq!(next_commits(&[]), []);
}
