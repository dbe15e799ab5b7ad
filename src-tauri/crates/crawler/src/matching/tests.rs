//! What a match says of adverts, and what it says where an advert says nothing.

mod properties;

use super::*;
use crate::Board;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 28).expect("a date")
}

fn posting(description: &str) -> Posting {
    let board = Board::Lever { slug: "saffron".to_owned() };
    let mut posting = Posting::new(&board, "1".to_owned(), "Backend Intern".to_owned());
    posting.company = Some("Saffron Labs".to_owned());
    posting.description = description.to_owned();
    posting
}

fn proven(skill: &str) -> ProvenSkill {
    let proof = Proof { claim: format!("claim of {skill}"), count: 12, last: Some(today()) };
    ProvenSkill { skill: skill.to_owned(), by: vec![proof] }
}

fn student(skills: &[&str]) -> Candidate {
    Candidate {
        batch: Some(2027),
        degree: Some("B.Tech".to_owned()),
        branch: Some("CSE".to_owned()),
        cgpa: Some(8.1),
        country: Some("India".to_owned()),
        proven: skills.iter().map(|skill| proven(skill)).collect(),
        ..Candidate::default()
    }
}

fn fit(student: &Candidate, description: &str) -> Match {
    let posting = posting(description);
    let found = matched(student, &crate::read(&posting.advert(), today()), &posting, Some(0.5), today());
    let sum: i32 = found.parts.iter().map(|part| part.points).sum();
    assert_eq!(found.score, sum, "the parts that are shown must be all there is to the score");
    assert!((0..=100).contains(&found.score), "{}", found.score);
    assert!(
        found.parts.iter().all(|part| part.says.ends_with('.') && part.points <= part.most),
        "{:?}",
        found.parts
    );
    found
}

fn rule(found: &Match, about: About) -> &Rule {
    found.rules.iter().find(|rule| rule.about == about).expect("every rule is there, stated or not")
}

fn asked<'m>(found: &'m Match, skill: &str) -> &'m Requirement {
    let asked = found.requirements.iter().find(|asked| asked.skill == skill);
    asked.unwrap_or_else(|| panic!("{skill} is asked for"))
}

fn standing(found: &Match, skill: &str) -> Standing {
    asked(found, skill).standing
}

const ADVERT: &str = "Internship, 6 months. Location: Pune, work from office. Stipend: ₹25,000 per month.\n\
    Eligibility: B.E./B.Tech (CSE/IT), 2027 batch, CGPA 7.5 and above.\n\
    Requirements:\n- Node.js and PostgreSQL\n- Docker\n- Java or Python\n- Teamwork\nNice to have: Kubernetes\n\
    Apply by 20 December 2026.";

#[test]
fn a_match_shows_how_it_came_about() {
    let mut me = student(&["Express", "PostgreSQL", "Python"]);
    me.claimed = vec!["docker".to_owned()];
    let found = fit(&me, ADVERT);
    let verdicts: Vec<(About, Verdict)> = found.rules.iter().map(|rule| (rule.about, rule.verdict)).collect();
    let expected = [
        (About::Batch, Verdict::Met),
        (About::Degree, Verdict::Met),
        (About::Branch, Verdict::Met),
        (About::Cgpa, Verdict::Met),
        (About::Percent, Verdict::NotStated),
        (About::Experience, Verdict::NotStated),
        (About::Permit, Verdict::Met),
        (About::Deadline, Verdict::Met),
        (About::Kind, Verdict::Met),
        (About::Place, Verdict::Met),
        (About::Mode, Verdict::Met),
        (About::Pay, Verdict::Met),
    ];
    assert_eq!(verdicts, expected, "{:#?}", found.rules);
    assert_eq!(
        rule(&found, About::Batch).from.as_deref(),
        Some("Eligibility: B.E./B.Tech (CSE/IT), 2027 batch, CGPA 7.5 and above.")
    );
    let Requirement { standing: shown, by, through, .. } = asked(&found, "Node.js");
    assert_eq!(*shown, Standing::Proven, "Express shows Node.js");
    assert_eq!((by[0].claim.as_str(), through.as_slice()), ("claim of Express", &["Express".to_owned()][..]));
    let docker = asked(&found, "Docker");
    assert_eq!((docker.standing, docker.through.len()), (Standing::Claimed, 0));
    assert_eq!(standing(&found, "Kubernetes"), Standing::Missing);
    let teamwork = found.requirements.iter().find(|r| r.skill == "Teamwork");
    assert!(teamwork.is_some_and(|r| !r.counts), "no commit proves teamwork, so it moves nothing");
    let points: Vec<(PartKind, i32)> = found.parts.iter().map(|part| (part.kind, part.points)).collect();
    // Three proven and one claimed of four: 3.4 / 4 of 50.
    let expected = [
        (PartKind::Required, 43),
        (PartKind::Optional, 0),
        (PartKind::Closeness, 10),
        (PartKind::Conditions, 15),
        (PartKind::Wishes, 5),
    ];
    assert_eq!(points, expected, "{:#?}", found.parts);
    assert_eq!(
        found.says,
        "You meet each condition that it states. Your code proves 3 of 4 required skills; 1 you only claim."
    );
    let stored = serde_json::to_string(&found).expect("a match is stored");
    assert_eq!(serde_json::from_str::<Match>(&stored).expect("and read again"), found);
}

#[test]
fn what_is_implied_goes_one_way_and_one_of_several_is_enough() {
    let found =
        fit(&student(&["Node.js"]), "Requirements:\n- Express\n- JavaScript\n- React, Angular or Vue.js");
    assert_eq!(standing(&found, "Express"), Standing::Missing, "Node.js is no proof of Express");
    assert_eq!(standing(&found, "JavaScript"), Standing::Proven);
    let found = fit(&student(&["Vue.js"]), "Requirements:\n- React, Angular or Vue.js");
    assert!(found.parts[0].says.starts_with("Your code proves 1 of 1 required"), "{}", found.parts[0].says);
    let found = fit(&student(&["Docker"]), "Requirements:\n- Docker, Java or Python");
    assert!(
        found.parts[0].says.contains("1 of 2"),
        "Docker stands in for no language: {}",
        found.parts[0].says
    );
    let unproven =
        Candidate { proven: vec![ProvenSkill { skill: "Rust".to_owned(), by: vec![] }], ..student(&[]) };
    let found = fit(&unproven, "Requirements:\n- Rust programming");
    assert_eq!(standing(&found, "Rust"), Standing::Claimed, "what no claim proves is claimed");
}

fn check(me: &Candidate, description: &str, about: About, verdict: Verdict) {
    let found = fit(me, description);
    let rule = rule(&found, about);
    assert_eq!(rule.verdict, verdict, "{description}: {rule:?}");
    if matches!(verdict, Verdict::Met | Verdict::NotMet) {
        let seen = crate::visible(&posting(description).advert()).text;
        let from = rule.from.as_deref().unwrap_or_default();
        assert!(!from.is_empty() && seen.contains(from), "a verdict shows the advert's own words: {rule:?}");
    }
    if verdict == Verdict::NotMet {
        assert!(found.score <= if about.is_wish() { 50 } else { 25 }, "{description}: {}", found.score);
    }
}

#[test]
fn conditions_are_met_or_not_or_not_stated() {
    let me = student(&["Python"]);
    for (text, about, verdict) in [
        ("Only 2026 batch can apply.", About::Batch, Verdict::NotMet),
        ("For the 2026 and 2027 batches.", About::Batch, Verdict::Met),
        ("Write services.", About::Batch, Verdict::NotStated),
        ("Eligibility: MCA, MBA", About::Degree, Verdict::NotMet),
        ("Eligibility: B.E. students", About::Degree, Verdict::Met),
        ("You pursue a Bachelor's degree.", About::Degree, Verdict::Met),
        ("Any graduate can apply. Any degree.", About::Degree, Verdict::Met),
        ("M.Tech preferred", About::Degree, Verdict::NotStated),
        ("B.Tech (Mechanical/Civil), 2027 batch", About::Branch, Verdict::NotMet),
        ("B.Tech in Computer Science or a related field", About::Branch, Verdict::NotStated),
        ("B.Tech students of CSE, IT, ECE.", About::Branch, Verdict::Met),
        ("B.Tech, any branch", About::Branch, Verdict::NotStated),
        ("CGPA of 8.5 or above", About::Cgpa, Verdict::NotMet),
        ("CGPA of 8.1 or above", About::Cgpa, Verdict::Met),
        ("Minimum 60% marks throughout", About::Percent, Verdict::Unknown),
        ("Minimum 3 years of experience", About::Experience, Verdict::NotMet),
        ("0-1 years of experience", About::Experience, Verdict::Met),
        (
            "Location: Berlin, Germany\nWe are unable to sponsor visas for interns.",
            About::Permit,
            Verdict::NotMet,
        ),
        ("Location: Berlin, Germany", About::Permit, Verdict::NotStated),
        (
            "Location: Austin, TX\nApplicants must be authorized to work in the United States.",
            About::Permit,
            Verdict::NotMet,
        ),
        ("Location: Pune\nApplicants must be authorized to work in India.", About::Permit, Verdict::Met),
        ("Location: London\nWe will sponsor a visa for you.", About::Permit, Verdict::Met),
        ("Location: Pune\nOur US citizens portal uses React.", About::Permit, Verdict::Met),
        ("Last date to apply: 20 November 2026", About::Deadline, Verdict::NotMet),
        ("Last date to apply: 28 November 2026", About::Deadline, Verdict::Met),
    ] {
        check(&me, text, about, verdict);
    }
    let unknown = Candidate::default();
    for about in [About::Batch, About::Degree, About::Branch, About::Cgpa, About::Permit] {
        check(&unknown, ADVERT, about, Verdict::Unknown);
    }
    let allowed = Candidate { permits: vec!["USA".to_owned()], ..student(&[]) };
    check(&allowed, "Location: Austin, TX\nUS citizens only.", About::Permit, Verdict::Met);
}

#[test]
fn wishes_are_the_students() {
    let wants = Candidate {
        places: vec!["Bangalore".to_owned()],
        modes: vec![Mode::Hybrid, Mode::Remote],
        kinds: vec![JobKind::Internship],
        ..student(&["Python"])
    };
    check(&wants, "Location: Pune", About::Place, Verdict::NotMet);
    check(&wants, "Location: Bengaluru", About::Place, Verdict::Met);
    check(&wants, "Work from home", About::Place, Verdict::Met);
    check(&wants, "Work from office, Bengaluru", About::Mode, Verdict::NotMet);
    check(&wants, "This is an unpaid internship.", About::Pay, Verdict::NotMet);
    check(
        &Candidate { unpaid: true, ..wants.clone() },
        "This is an unpaid internship.",
        About::Pay,
        Verdict::Met,
    );
    let anywhere = Candidate { places: vec!["India".to_owned()], ..student(&[]) };
    check(&anywhere, "Location: Pune", About::Place, Verdict::Met);
    check(&anywhere, "Location: Berlin", About::Place, Verdict::NotMet);
}

#[test]
fn an_advert_that_says_nothing_scores_nothing() {
    let found = fit(&student(&["Python", "Rust", "Docker"]), "Join our family of dreamers. Great culture.");
    assert!(found.score <= 40, "nothing was compared: {}", found.score);
    assert!(found.parts[0].says.contains("not stated"), "{}", found.parts[0].says);
}
