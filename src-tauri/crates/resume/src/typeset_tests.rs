//! What the set pages contain, read from Typst's own frames and not from a picture.

use internflow_domain::Profile;
use typst::layout::{Frame, FrameItem};

use super::*;
use crate::samples;
use crate::sheet::sheet;

/// Text of all runs in the order in which they are painted, and the characters without a glyph.
fn runs(frame: &Frame, text: &mut String, absent: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => runs(&group.frame, text, absent),
            FrameItem::Text(run) => {
                text.push_str(&run.text);
                for glyph in run.glyphs.iter().filter(|g| g.id == 0) {
                    absent.push_str(&run.text[glyph.range()]);
                }
            }
            _ => {}
        }
    }
}

struct Set {
    pages: usize,
    text: String,
    absent: String,
}

fn set(profile: &Profile) -> Set {
    let document = typeset(&Shop::open(), &sheet(profile)).expect("the profile must be set");
    let mut set = Set { pages: document.pages().len(), text: String::new(), absent: String::new() };
    for page in document.pages() {
        runs(&page.frame, &mut set.text, &mut set.absent);
    }
    set
}

fn with_bullet(bullet: &str) -> Profile {
    let mut profile = samples::student();
    profile.projects[0].highlights = vec![bullet.to_owned()];
    profile
}

#[test]
fn pages_read_in_order_and_without_ligatures() {
    let set = set(&samples::student());
    assert_eq!((set.pages, set.absent.as_str()), (1, ""), "a short résumé is one page with all its glyphs");
    samples::assert_order(&set.text.to_lowercase(), &samples::READING_ORDER);
    assert!(set.text.contains("efficient official files"), "ligatures would break a search:\n{}", set.text);
}

#[test]
fn hostile_text_is_shown_as_typed() {
    for bullet in [
        "#import \"x\": *",
        "*bold* _it_ $x^2$ `raw` @ref <label> = heading",
        "#panic(\"no\") #read(\"/etc/passwd\")",
        "\\u{1F600} \\ // comment /* open",
        "<w:t>&amp;</w:t> ]]> -- ~ ... 'quotes' \"more\"",
    ] {
        let set = set(&with_bullet(bullet));
        assert!(set.text.contains(bullet), "{bullet:?} must be literal, the page says:\n{}", set.text);
    }
}

#[test]
fn control_characters_and_emoji_leave_no_boxes() {
    let set = set(&with_bullet("Shipped 🚀 it\u{0}\u{7} 👩\u{200D}💻 fast\u{FE0F} ✓"));
    assert!(set.text.contains("Shipped it fast ✓"), "got:\n{}", set.text);
    assert_eq!(set.absent, "", "nothing may print as an empty box");
}

#[test]
fn indic_names_have_all_their_glyphs() {
    for name in ["आशा क्षीरसागर", "ஆஷா கிருஷ்ணன்", "অশোক চট্টোপাধ্যায়", "ఆశా రావు", "ആശ", "ਆਸ਼ਾ", "આશા", "ಆಶಾ", "ଆଶା"]
    {
        let mut profile = samples::student();
        profile.basics.name = name.to_owned();
        let set = set(&profile);
        assert_eq!(set.absent, "", "{name} must not print as boxes");
        assert!(set.text.contains(name), "{name} must be found in the text:\n{}", set.text);
    }
}

#[test]
fn scripts_without_a_face_still_give_a_pdf() {
    let shop = Shop::open();
    let document =
        typeset(&shop, &sheet(&with_bullet("שלום and مرحبا"))).expect("right-to-left text must be set");
    let bytes = pdf(&document).expect("PDF/UA refuses absent glyphs; the plain tagged PDF must not");
    assert!(bytes.starts_with(b"%PDF-"), "these must be the bytes of a PDF");
}

#[test]
fn barely_two_pages_become_one() {
    let shop = Shop::open();
    let pages = |profile: &Profile, density| {
        compile(&shop, &sheet(profile), density).expect("the profile must be set").pages().len()
    };
    let over =
        (1..12).map(samples::busy).find(|p| pages(p, 0) == 2).expect("some profile is barely over a page");
    assert_eq!(set(&over).pages, 1, "one project too many must be won back by tighter spacing");
}

#[test]
fn long_profiles_keep_all_their_pages() {
    let set = set(&samples::busy(30));
    assert!(set.pages >= 3, "got {} pages", set.pages);
    samples::assert_order(&set.text, &["project-0", "project-15", "project-29", "Skills"]);
}

#[test]
fn equal_input_gives_equal_bytes() {
    let sheet = sheet(&samples::student());
    let make = || pdf(&typeset(&Shop::open(), &sheet).expect("set")).expect("pdf");
    assert!(make() == make(), "a résumé exported twice must be the same file");
}

#[test]
fn the_pdf_is_tagged_accessible_and_titled() {
    let document = typeset(&Shop::open(), &sheet(&samples::student())).expect("set");
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).expect("PDF/UA-1 alone is a valid choice");
    let bytes =
        typst_pdf::pdf(&document, &options(standards)).expect("an ordinary résumé must pass PDF/UA-1");
    let raw = String::from_utf8_lossy(&bytes);
    for mark in ["/StructTreeRoot", "/Lang", "pdfuaid", "Asha Rao"] {
        assert!(raw.contains(mark), "{mark} must be in the file for screen readers and search");
    }
}
