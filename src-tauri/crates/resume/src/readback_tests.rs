//! Every profile in every template and format, read again as a tracking system reads it.

use std::path::Path;

use internflow_ats::{FieldCheck, Fields, compare, expected, read_back};
use internflow_domain::{Look, Paper, Profile, ResumeFormat, Template, Typesetter};
use serde_json::Value;

use crate::{Documents, parse_profile};

/// A profile, what should come out of it, and the name of its file.
struct Case {
    name: String,
    profile: Profile,
    expected: Fields,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/profiles");
    let mut all: Vec<Case> = std::fs::read_dir(folder)
        .expect("the profiles are there")
        .map(|entry| {
            let path = entry.expect("an entry of the folder").path();
            let text = std::fs::read_to_string(&path).expect("a profile is text");
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let value: Value = serde_json::from_str(&text).expect("a profile is JSON");
            let profile = parse_profile(&text).expect("a profile of the fixtures is valid");
            Case { name, profile, expected: expected(&value) }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(all.len() >= 20, "every odd shape of a student's life has a profile");
    all
}

/// Fields that did not come back, a line each.
fn lost(expected: &Fields, read: &Fields) -> Vec<String> {
    let wrong = compare(expected, read).into_iter().filter(|check| !check.ok);
    wrong.map(|c| format!("{}: wanted {:?}, read {:?}", c.field, c.expected, c.read)).collect()
}

/// Reads the files of every case in every look back, and lists what is lost.
fn check(format: ResumeFormat, papers: &[Paper]) {
    let documents = Documents::new();
    let mut failed = Vec::new();
    for case in cases() {
        for template in Template::ALL {
            for &paper in papers {
                let look = Look { template, paper };
                let file = documents.export(&case.profile, look, format).expect("the profile is exported");
                let back = read_back(&file);
                assert!(!back.readings.is_empty(), "{} in {look:?} has no text", case.name);
                // The second reader of a PDF knows no ActualText, on which the scripts of India depend there.
                let indic = ["bengali", "hindi", "tamil"].contains(&case.name.as_str());
                let readings = if indic && format == ResumeFormat::Pdf { 1 } else { back.readings.len() };
                for reading in &back.readings[..readings] {
                    for line in lost(&case.expected, &reading.fields) {
                        failed.push(format!(
                            "{} {template:?} {paper:?} {:?} {line}",
                            case.name, reading.reader
                        ));
                    }
                }
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} fields are lost on a tracking system:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[test]
fn every_template_reads_back_from_a_pdf() {
    check(ResumeFormat::Pdf, &[Paper::A4, Paper::Letter]);
}

#[test]
fn every_template_reads_back_from_a_word_document() {
    check(ResumeFormat::Docx, &[Paper::A4]);
}

#[test]
fn a_long_list_of_technologies_reads_in_order() {
    let documents = Documents::new();
    let mut profile = crate::samples::student();
    profile.projects[0].keywords = (1..=24).map(|n| format!("Technology {n}")).collect();
    profile.education[0].area =
        "Computer Science and Engineering with a Minor in Electronics, ".repeat(3) + "Delhi";
    let wanted = expected(&serde_json::to_value(&profile).expect("a profile is JSON"));
    for template in Template::ALL {
        let look = Look { template, ..Look::default() };
        let file = documents.export(&profile, look, ResumeFormat::Pdf).expect("the profile is exported");
        for reading in read_back(&file).readings {
            let lost = lost(&wanted, &reading.fields);
            assert_eq!(lost, Vec::<String>::new(), "{template:?}: a list over several lines is one fact");
        }
    }
}

/// Puts a text into every field.
fn fill(value: &mut Value, with: &str) {
    match value {
        Value::String(text) => with.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, with)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, with)),
        _ => {}
    }
}

#[test]
fn any_text_in_any_field_is_exported() {
    let documents = Documents::new();
    let every_section = cases().into_iter().find(|case| case.name == "every-section").expect("it is there");
    for text in [
        "#read(\"/etc/passwd\") $x$ *a* _b_ <label> @ref \\ \\u{41} [ ] { } // /* ` = - + / ~ \"",
        "#import \"@preview/x:1.0.0\": *",
        "👩\u{200D}💻 🚀 שלום مرحبا \u{202E}abc",
        "<script>alert(1)</script> &amp; ]]> %s \u{0} \u{FFFF}",
    ] {
        let mut value = serde_json::to_value(&every_section.profile).expect("a profile is JSON");
        fill(&mut value, text);
        let profile = serde_json::from_value(value).expect("all texts are texts still");
        for template in Template::ALL {
            let look = Look { template, ..Look::default() };
            for format in [ResumeFormat::Pdf, ResumeFormat::Docx, ResumeFormat::Html, ResumeFormat::Md] {
                let made = documents.export(&profile, look, format);
                assert!(made.is_ok(), "{text:?} in {template:?} as {format:?}: {made:?}");
            }
        }
    }
}

/// Text without the signs of its format, white space as single spaces.
fn bare(format: ResumeFormat, file: &[u8]) -> String {
    let text = String::from_utf8(file.to_vec()).expect("these formats are UTF-8");
    let text = match format {
        ResumeFormat::Html => {
            let body = text.split_once("<body>").map_or("", |(_, body)| body);
            let tags = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, shown)| shown));
            let shown: String = tags.collect();
            let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
            signs.iter().fold(shown, |text, (written, sign)| text.replace(written, sign))
        }
        ResumeFormat::Md => {
            // The user's own signs are escaped; those that stand alone are of the format.
            let (own, bracket) = ('\u{1}', '\u{2}');
            let text = text.replace("\\\\", &own.to_string()).replace("\\[", &bracket.to_string());
            let links = text.split("](<").map(|piece| piece.split_once(">)").map_or(piece, |(_, rest)| rest));
            let shown: String = links.collect();
            let shown = shown.replace(['\\', '['], "").replace("**", "");
            shown.replace(own, "\\").replace(bracket, "[")
        }
        // Where others have a middle dot.
        _ => text.replace(" | ", " · "),
    };
    // Signs that no text font has are left out of what is compared.
    let shapeless = |c: char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{FE0F}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FBFF}');
    let kept: String = text.chars().filter(|c| !shapeless(*c)).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The section of a field, without its places.
fn section(check: &FieldCheck) -> &str {
    check.field.split(['[', '.']).next().unwrap_or_default()
}

#[test]
fn every_field_stands_in_order_in_the_other_formats() {
    let documents = Documents::new();
    for case in cases() {
        let fields = compare(&case.expected, &Fields::default());
        for template in Template::ALL {
            for format in [ResumeFormat::Html, ResumeFormat::Md, ResumeFormat::Txt] {
                let look = Look { template, ..Look::default() };
                let file = documents.export(&case.profile, look, format).expect("the profile is exported");
                let text = bare(format, &file);
                let (mut from, mut within) = (0, "");
                // Dates are shown in words, and compared where they are read as dates.
                for field in fields.iter().filter(|field| !field.field.ends_with(".dates")) {
                    if section(field) != within {
                        (from, within) = (0, section(field));
                    }
                    let at = text[from..].find(&field.expected.replace(" | ", " · "));
                    assert!(
                        at.is_some(),
                        "{} of {} is not in {format:?} of {template:?} behind what is above it: {:?}\n{text}",
                        field.field,
                        case.name,
                        field.expected
                    );
                    from += at.unwrap_or_default();
                }
            }
        }
    }
}

#[test]
fn json_comes_back_whole() {
    let documents = Documents::new();
    for case in cases() {
        let file = documents
            .export(&case.profile, Look::default(), ResumeFormat::Json)
            .expect("the profile is exported");
        let text = String::from_utf8(file).expect("JSON is UTF-8");
        let again = parse_profile(&text).expect("what InternFlow writes it reads");
        assert_eq!(again, case.profile, "{} must lose nothing", case.name);
    }
}
