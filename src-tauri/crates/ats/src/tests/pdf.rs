//! PDFs of other people's templates.

use super::make::{at, pdf, stream};
use super::*;

/// One column in the manner of LaTeX: titles at the left, dates at the right edge, tight lines.
fn latex() -> Vec<u8> {
    let mut page = at(200.0, 800.0, "F2", 20.0, "Meera Nair");
    let contacts = "meera@example.edu | +91 98765 43210 | github.com/meera | linkedin.com/in/meera";
    page += &at(90.0, 780.0, "F1", 10.0, contacts);
    let mut y = 755.0;
    let mut line = |page: &mut String, x: f32, font: &str, text: &str, right: &str| {
        *page += &at(x, y, font, 10.0, text);
        if !right.is_empty() {
            *page += &at(540.0 - 5.56 * right.chars().count() as f32, y, "F1", 10.0, right);
        }
        y -= 12.0;
    };
    line(&mut page, 40.0, "F2", "EDUCATION", "");
    line(&mut page, 40.0, "F2", "Model Engineering College, Kochi", "2023 – 2027");
    line(&mut page, 40.0, "F1", "B.Tech in Computer Science, CGPA: 8.7/10", "Kerala");
    line(&mut page, 40.0, "F2", "EXPERIENCE", "");
    line(&mut page, 40.0, "F2", "Backend Intern", "May 2025 – Jul 2025");
    line(&mut page, 40.0, "F1", "Kestrel Labs", "Pune");
    line(
        &mut page,
        50.0,
        "F1",
        "• Moved the nightly job to a queue, which took it from fourteen hours down to",
        "",
    );
    line(&mut page, 61.0, "F1", "six minutes for every shop of the city.", "");
    line(&mut page, 50.0, "F1", "• Wrote 63 tests.", "");
    line(&mut page, 40.0, "F2", "Teaching Assistant", "Aug 2024 – Present");
    line(&mut page, 40.0, "F1", "Model Engineering College", "Kochi");
    line(&mut page, 50.0, "F1", "• Helped 40 students with C.", "");
    line(&mut page, 40.0, "F2", "PROJECTS", "");
    line(&mut page, 40.0, "F2", "Mess Menu", "2024");
    line(&mut page, 50.0, "F1", "• Serves 600 students.", "");
    line(&mut page, 40.0, "F2", "TECHNICAL SKILLS", "");
    line(&mut page, 40.0, "F1", "Languages: Rust, C++ (17, 20), Python", "");
    line(&mut page, 40.0, "F2", "ACHIEVEMENTS", "");
    line(&mut page, 50.0, "F1", "• Finalist of a hackathon.", "");
    pdf(&[page], "", &[])
}

#[test]
fn a_latex_template_is_read_by_both_readers() {
    let back = read_back(&latex());
    assert_eq!((back.format, back.pages, back.readings.len()), (Format::Pdf, 1, 2));
    assert!(back.differences.is_empty(), "one column has one order: {:#?}", back.differences);
    assert_eq!(kinds(&back), [], "nothing is wrong with this template");
    for reading in &back.readings {
        let fields = &reading.fields;
        assert_eq!(value(&fields.name), "Meera Nair");
        assert_eq!(value(&fields.email), "meera@example.edu");
        assert_eq!(values(&fields.links), ["github.com/meera", "linkedin.com/in/meera"]);
        let school = &fields.education[0];
        assert_eq!(value(&school.school), "Model Engineering College, Kochi");
        assert_eq!(school.dates.as_ref().map(|d| (d.start.as_str(), d.end.as_str())), Some(("2023", "2027")));
        assert!(value(&school.degree).starts_with("B.Tech in Computer Science"), "{school:?}");
        assert_eq!(value(&school.score), "CGPA: 8.7/10");
        let [intern, assistant] = fields.experience.as_slice() else {
            panic!("two jobs: {:#?}\n{}", fields.experience, reading.text)
        };
        assert_eq!((value(&intern.title), value(&intern.organisation)), ("Backend Intern", "Kestrel Labs"));
        assert_eq!(
            values(&intern.bullets),
            [
                "Moved the nightly job to a queue, which took it from fourteen hours down to six minutes for every shop of the city.",
                "Wrote 63 tests."
            ],
            "a bullet over two lines is one bullet"
        );
        assert_eq!(assistant.dates.as_ref().map(|d| d.end.as_str()), Some("present"));
        assert_eq!(values(&fields.skills), ["Rust", "C++ (17, 20)", "Python"]);
        assert_eq!(values(&fields.achievements), ["Finalist of a hackathon."]);
        let line = fields.email.as_ref().and_then(|email| email.line).expect("a line");
        assert!(reading.text.lines().nth(line - 1).is_some_and(|l| l.contains("meera@example.edu")));
    }
}

#[test]
fn two_columns_are_told_and_read_one_after_the_other() {
    let mut page = at(40.0, 800.0, "F2", 20.0, "Meera Nair");
    for (i, (left, right)) in [
        ("CONTACT", "EXPERIENCE"),
        ("meera@example.edu", "Backend Intern, Kestrel Labs"),
        ("98765 43210", "May 2025 – Jul 2025"),
        ("SKILLS", "• Moved the nightly job to a queue."),
        ("Rust", "• Wrote 63 tests."),
        ("Python", "• Found two rounding errors in bills."),
        ("Docker", "PROJECTS"),
        ("Git", "Mess Menu"),
    ]
    .iter()
    .enumerate()
    {
        let y = 760.0 - 14.0 * i as f32;
        // Painted row by row, as some programs do.
        page += &at(40.0, y, "F1", 10.0, left);
        page += &at(220.0, y - 5.0, "F1", 10.0, right);
    }
    let back = read_back(&pdf(&[page], "", &[]));
    let told = problem(&back, Kind::Columns);
    assert!(told.mend.contains("one column"), "{told:?}");
    assert_eq!(values(&back.readings[0].fields.skills), ["Rust", "Python", "Docker", "Git"]);
    assert_eq!(back.readings[0].fields.experience[0].bullets.len(), 3, "{}", back.readings[0].text);
    assert!(kinds(&back).contains(&Kind::ReadersDiffer), "the order of the file mixes both columns");
}

#[test]
fn an_image_has_no_text() {
    let image =
        stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "x");
    let page = "q 595 0 0 842 0 0 cm /Im Do Q".to_owned();
    let back = read_back(&pdf(&[page], "/XObject<</Im 5 0 R>>", &[image]));
    let told = problem(&back, Kind::NoText);
    assert!(told.found.contains("pictures") && told.mend.contains("not by scanning"), "{told:?}");
    assert!(back.readings.is_empty(), "an empty text has no fields to show");
}

/// A page in a font of glyph numbers, with these letters for the glyphs 1, 2, … in its map.
fn in_script(letters: &[&str], mapped: bool) -> Vec<u8> {
    let hex = |text: &str| text.encode_utf16().map(|unit| format!("{unit:04X}")).collect::<String>();
    let chars: String =
        letters.iter().enumerate().map(|(i, text)| format!("<{:04X}> <{}>\n", i + 1, hex(text))).collect();
    let map = format!(
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{} beginbfchar\n{chars}endbfchar\n",
        letters.len()
    );
    let shown: String = (1..=letters.len()).map(|i| format!("{i:04X}")).collect();
    let to_unicode = if mapped { "/ToUnicode 8 0 R" } else { "" };
    let more = [
        format!("<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Script/Encoding/Identity-H/DescendantFonts[6 0 R]{to_unicode}>>"),
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Script/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R/DW 500/W[1 400 500]>>".to_owned(),
        "<</Type/FontDescriptor/FontName/Script/Flags 4>>".to_owned(),
        stream("", &map),
    ];
    let mut page = format!("BT /F3 20 Tf 1 0 0 1 40 800 Tm <{shown}> Tj ET\n");
    page += &at(40.0, 780.0, "F1", 10.0, "meera@example.edu | 98765 43210");
    let resources = "/Font<</F1 3 0 R/F2 4 0 R/F3 5 0 R>>";
    pdf(&[page], resources, &more)
}

#[test]
fn scripts_of_india_come_out_letter_by_letter() {
    for letters in [
        &["आ", "शा", " ", "क्षी", "र", "सा", "ग", "र"][..],
        &["ஆ", "ஷா", " ", "கி", "ரு", "ஷ்", "ண", "ன்"],
        &["অ", "শো", "ক"],
    ] {
        let back = read_back(&in_script(letters, true));
        for reading in &back.readings {
            assert_eq!(value(&reading.fields.name), letters.concat(), "{:?}", reading.reader);
        }
        assert_eq!(back.readings.len(), 2);
    }
}

#[test]
fn letters_that_mean_nothing_outside_their_font_are_told() {
    let back = read_back(&in_script(&["आ", "शा"], false));
    assert_eq!(problem(&back, Kind::NoCharacterMap).found, "Script", "the font is named");
    let back = read_back(&in_script(&["\u{F095}", " ", "e\u{FB03}cient"], true));
    assert!(problem(&back, Kind::Icons).found.contains("cient"), "the line is shown");
    problem(&back, Kind::Ligatures);
}

#[test]
fn unusual_headings_and_unreadable_dates_are_told() {
    let mut page = at(40.0, 800.0, "F2", 20.0, "Meera Nair");
    page += &at(40.0, 780.0, "F1", 10.0, "meera@example.edu | 98765 43210");
    page += &at(40.0, 740.0, "F2", 14.0, "Experience");
    page += &at(40.0, 722.0, "F2", 10.0, "Backend Intern, Kestrel Labs");
    page += &at(40.0, 708.0, "F1", 10.0, "during my third year");
    page += &at(40.0, 670.0, "F2", 14.0, "My Journey");
    page += &at(40.0, 652.0, "F1", 10.0, "From a village to a city.");
    let back = read_back(&pdf(&vec![page; 3], "", &[]));
    assert_eq!(problem(&back, Kind::UnusualHeading).found, "My Journey");
    assert!(problem(&back, Kind::UnreadableDate).found.contains("third year"), "{:?}", back.problems);
    assert_eq!(problem(&back, Kind::ManyPages).found, "3 pages");
}
