//! Files made on the spot, read through the public door.

mod docx;
mod hostile;
mod make;
mod pdf;

use super::*;

/// The text of a field.
fn value(found: &Option<Found>) -> &str {
    found.as_ref().map_or("", |found| &found.value)
}

fn values(found: &[Found]) -> Vec<&str> {
    found.iter().map(|found| found.value.as_str()).collect()
}

fn kinds(back: &ReadBack) -> Vec<Kind> {
    back.problems.iter().map(|problem| problem.kind).collect()
}

/// The problem of a kind that must be there.
fn problem(back: &ReadBack, kind: Kind) -> &Problem {
    back.problems
        .iter()
        .find(|problem| problem.kind == kind)
        .unwrap_or_else(|| panic!("{kind:?} must be told, only these were: {:?}", kinds(back)))
}

#[test]
fn what_differs_is_named_by_its_field() {
    let entry = |title: &str, bullets: &[&str]| Entry {
        title: Some(Found::known(title)),
        bullets: bullets.iter().map(|b| Found::known(*b)).collect(),
        ..Entry::default()
    };
    let expected = Fields {
        phone: Some(Found::known("+91 98765 43210")),
        links: vec![Found::known("https://www.github.com/asha/")],
        experience: vec![entry("Intern", &["First.", "Second."])],
        ..Fields::default()
    };
    let read = Fields {
        phone: Some(Found::known("+919876543210")),
        links: vec![Found::known("github.com/asha")],
        experience: vec![entry("Intern", &["Second.", "First."]), entry("Stray", &[])],
        ..Fields::default()
    };
    let wrong: Vec<FieldCheck> = compare(&expected, &read).into_iter().filter(|check| !check.ok).collect();
    let fields: Vec<&str> = wrong.iter().map(|check| check.field.as_str()).collect();
    assert_eq!(
        fields,
        ["experience[0].bullets[0]", "experience[0].bullets[1]", "experience[1].title"],
        "bullets out of order and an entry too many break a résumé; the writing of a number does not"
    );
    assert_eq!(wrong[2].expected, "", "nothing was expected where something was read");
    assert!(compare(&expected, &expected).iter().all(|check| check.ok));
}

#[test]
fn problems_say_what_to_do() {
    let back = read_back(b"");
    assert_eq!(kinds(&back), [Kind::Empty]);
    for file in
        [&b"hello"[..], b"PK\x03\x04 no document", b"{\\rtf1 }", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"]
    {
        let back = read_back(file);
        assert_eq!(kinds(&back), [Kind::UnknownFormat], "{file:?}");
        assert!(back.problems[0].mend.contains("PDF or DOCX"), "a student needs to know the way out");
    }
}
