//! Odd input, and amounts and dates that are not what they look like.

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 28).expect("a date")
}

fn check(text: &str) -> Advert {
    read(text, today())
}

#[test]
fn odd_input_never_panics_and_states_nothing() {
    let pieces = [
        "",
        " ",
        "\0",
        "\u{FEFF}",
        "🚀",
        "<",
        "</",
        "&#",
        "&#x110000;",
        "|",
        "مرحبا ",
        "\u{202E}abc",
        "<p hidden",
        "₹",
        "9",
        "-",
    ];
    for piece in pieces {
        for times in [1, 3, 250_000 / piece.len().max(1)] {
            let advert = check(&piece.repeat(times));
            assert_eq!(advert.stipend, None, "{piece} × {times}");
            assert_eq!(advert.deadline, None, "{piece} × {times}");
        }
    }
}

#[test]
fn ten_megabytes_are_cut() {
    let text = "Java Intern – Firm Labs, Pune. Stipend ₹10,000 per month é\n".repeat(180_000);
    assert_eq!(check(&text).stipend.map(|s| s.value.min), Some(Some(10_000.0)));
}

#[test]
fn numbers_that_are_no_pay_no_date_and_no_experience() {
    let advert = check(
        "SDE Intern\nFirm Labs, Pune\nFounded 2019. Raised ₹15 Cr in seed. Open 24/7, call 080-4000-2019.\n\
         Our mentor has 12 years of experience. Our learners earn ₹50,000 per month.\nThe rent is ₹9,000 per month.",
    );
    assert_eq!(advert.stipend, None, "funding, rent and what learners earn are no stipend");
    assert_eq!(advert.salary_lpa, None);
    assert_eq!(advert.start, None);
    assert_eq!(advert.experience_min_years, None, "the mentor's years are not asked of the student");
    assert_eq!(advert.batches, Vec::new(), "a founding year is no batch");
    assert_eq!(advert.flags, Vec::new());
}

#[test]
fn stipends_in_their_spellings() {
    for (text, min, max) in [
        ("Stipend: ₹15,000 /month", Some(15_000.0), Some(15_000.0)),
        ("Stipend: 10k-15k per month", Some(10_000.0), Some(15_000.0)),
        ("Stipend: upto 35K/month", None, Some(35_000.0)),
        ("₹1,50,000 per month", Some(150_000.0), Some(150_000.0)),
        ("₹3,000 per week", Some(13_000.0), Some(13_000.0)),
        ("6m | 13k pm", Some(13_000.0), Some(13_000.0)),
        ("Stipend: ₹24,000 lump sum, duration 6 months", Some(4_000.0), Some(4_000.0)),
    ] {
        let advert = check(&format!("Java Intern\n{text}"));
        assert_eq!(advert.stipend.map(|s| (s.value.min, s.value.max)), Some((min, max)), "{text}");
    }
}

#[test]
fn a_denied_fee_is_no_fee_and_a_bond_is_no_duration() {
    let advert = check(
        "Java Intern\nFirm Labs, Pune\nWe never take a registration fee of Rs 500.\nBond of 2 years, Rs 50,000 if you leave early.",
    );
    assert_eq!(advert.flags, Vec::new());
    assert_eq!(advert.duration_months, None);
    assert_eq!(advert.bond_months.map(|b| b.value), Some(24.0));
}

#[test]
fn hidden_text_states_nothing() {
    let advert = check(
        "<p>Java Intern</p><!-- stipend ₹90,000 per month --><p style='display:none'>Rust, Kubernetes</p>",
    );
    assert!(advert.hidden);
    assert_eq!(advert.stipend, None);
    assert_eq!(advert.skills_required.iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["Java"]);
}

#[test]
fn layouts_that_no_labelled_advert_has() {
    let advert = check(
        "Internship Opportunity @ Saffron Robotics\n\nProfile: Robotics Intern\nOpen to: BE/BTech Mechatronics students (2027 passing out)",
    );
    assert_eq!(advert.company.map(|c| c.value).as_deref(), Some("Saffron Robotics"));
    assert_eq!(advert.title.map(|c| c.value).as_deref(), Some("Robotics Intern"));
    assert_eq!(
        advert.skills_required.len(),
        1,
        "a branch of a degree is no skill: {:?}",
        advert.skills_required
    );
    let advert = check(
        "Role offered: Software Trainee\nStipend during internship (Jan-Jun 2027): 20,000 pm\nCTC after conversion: 6.25 LPA",
    );
    assert_eq!(advert.salary_lpa.map(|s| s.value.min), Some(Some(6.25)), "a stipend is no salary");
}
