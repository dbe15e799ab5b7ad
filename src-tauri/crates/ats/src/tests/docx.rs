//! Word documents of other people's templates.

use super::make::{docx, paragraph};
use super::*;

#[test]
fn styles_lists_and_tables_are_read() {
    let item = |text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let body = [
        paragraph("Titel", "आशा क्षीरसागर"),
        paragraph("", "asha@example.edu · +91 98765 43210"),
        paragraph("berschrift1", "Experience"),
        paragraph("H2", "Backend Intern, Ledgerly &amp; Sons"),
        paragraph("", "May 2025 – Jul 2025 · Pune"),
        item("First &#8377;5."),
        item("Second."),
        paragraph("berschrift1", "Education"),
        format!(
            "<w:tbl><w:tr>{}{}{}{}</w:tr><w:tr>{}{}{}{}</w:tr></w:tbl>",
            cell("Degree"),
            cell("Institute"),
            cell("Year"),
            cell("CGPA"),
            cell("B.Tech"),
            cell("Model Engineering College"),
            cell("2027"),
            cell("8.7/10")
        ),
    ]
    .concat();
    let back = read_back(&docx(&body, ""));
    assert_eq!(back.format, Format::Docx);
    let fields = &back.readings[0].fields;
    assert_eq!(value(&fields.name), "आशा क्षीरसागर");
    let job = &fields.experience[0];
    assert_eq!((value(&job.title), value(&job.organisation)), ("Backend Intern", "Ledgerly & Sons"));
    assert_eq!(values(&job.bullets), ["First ₹5.", "Second."]);
    let [school] = fields.education.as_slice() else { panic!("one school: {:#?}", fields.education) };
    assert_eq!((value(&school.school), value(&school.degree)), ("Model Engineering College", "B.Tech"));
    assert_eq!(value(&school.score), "8.7/10");
    assert!(problem(&back, Kind::Table).found.starts_with("Degree Institute"), "the table is named");
}

#[test]
fn what_stands_beside_the_body_is_told() {
    let header = paragraph("", "asha@example.edu, 98765 43210");
    let boxed = "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Rust and Python</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>";
    let body = paragraph("Titel", "Asha Rao") + boxed + "<w:sectPr><w:cols w:num=\"2\"/></w:sectPr>";
    let back = read_back(&docx(&body, &header));
    assert_eq!(problem(&back, Kind::ContactInHeader).found, "asha@example.edu, 98765 43210");
    assert_eq!(problem(&back, Kind::TextBox).found, "Rust and Python");
    problem(&back, Kind::Columns);
    problem(&back, Kind::NoEmail);
    let plain = back.readings.iter().find(|r| r.reader == Reader::PlainWords).expect("two readers");
    assert!(!plain.text.contains("Rust"), "a plain reader skips boxes: {}", plain.text);
}

#[test]
fn an_export_of_a_known_profile_is_compared_with_it() {
    let profile = serde_json::json!({
        "basics": {"name": "Asha Rao", "email": "asha@example.edu", "profiles": [{"network": "GitHub", "username": "asha"}]},
        "education": [{"institution": "NIT Trichy", "studyType": "B.Tech", "area": "CSE", "startDate": "2023-08", "endDate": "2027-05", "score": "8.9"}],
        "skills": [{"name": "Languages", "keywords": ["Rust", "C++"]}]
    });
    let body = [
        paragraph("Titel", "Asha Rao"),
        paragraph("", "asha@example.edu · GitHub: asha"),
        paragraph("berschrift1", "Education"),
        paragraph("H2", "NIT Trichy"),
        paragraph("", "Aug 2023 – May 2027 · B.Tech, CSE · Score 8.9"),
        paragraph("berschrift1", "Skills"),
        paragraph("", "Languages: Rust"),
    ]
    .concat();
    let back = read_back(&docx(&body, ""));
    let checks = compare(&expected(&profile), &back.readings[0].fields);
    let wrong: Vec<&FieldCheck> = checks.iter().filter(|check| !check.ok).collect();
    assert_eq!(wrong.len(), 1, "only one skill was left out: {wrong:#?}");
    assert_eq!((wrong[0].expected.as_str(), wrong[0].read.as_str()), ("C++", ""));
    assert_eq!(checks.len(), 9, "every field of the profile is checked");
}
