//! What the set pages contain, read from Typst's own frames and not from a picture.

use internflow_domain::{Profile, Template};
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

struct Printed {
    pages: usize,
    step: usize,
    text: String,
    absent: String,
}

fn looks() -> [Look; 4] {
    Template::ALL.map(|template| Look { template, ..Look::default() })
}

fn in_look(profile: &Profile, look: Look) -> Set {
    typeset(&Shop::open(), &sheet(profile, look.template), look).expect("the profile must be set")
}

fn printed(profile: &Profile, look: Look) -> Printed {
    let Set { document, step } = in_look(profile, look);
    let mut printed =
        Printed { pages: document.pages().len(), step, text: String::new(), absent: String::new() };
    for page in document.pages() {
        runs(&page.frame, &mut printed.text, &mut printed.absent);
    }
    printed
}

fn set(profile: &Profile) -> Printed {
    printed(profile, Look::default())
}

fn with_bullet(bullet: &str) -> Profile {
    let mut profile = samples::student();
    profile.projects[0].highlights = vec![bullet.to_owned()];
    profile
}

#[test]
fn pages_hold_everything_without_ligatures() {
    for look in looks() {
        let printed = printed(&samples::student(), look);
        let page = (printed.pages, printed.absent.as_str());
        assert_eq!(page, (1, ""), "{look:?}: a short résumé is one page with all its glyphs");
        let text = printed.text.to_lowercase();
        for words in samples::READING_ORDER {
            assert!(text.contains(words), "{look:?} has lost {words:?}:\n{text}");
        }
        assert!(
            printed.text.contains("efficient official files"),
            "{look:?}: ligatures would break a search:\n{}",
            printed.text
        );
    }
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
        for look in looks() {
            let printed = printed(&with_bullet(bullet), look);
            assert!(
                printed.text.contains(bullet),
                "{bullet:?} must be literal in {look:?}:\n{}",
                printed.text
            );
        }
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
        for look in looks() {
            let printed = printed(&profile, look);
            assert_eq!(printed.absent, "", "{name} must not print as boxes in {look:?}");
            assert!(printed.text.contains(name), "{name} must be found in {look:?}:\n{}", printed.text);
        }
    }
}

#[test]
fn scripts_without_a_face_still_give_a_pdf() {
    for look in looks() {
        let set = in_look(&with_bullet("שלום and مرحبا"), look);
        let bytes = pdf(&set.document).expect("the standards refuse absent glyphs; the plain PDF must not");
        assert!(bytes.starts_with(b"%PDF-"), "these must be the bytes of a PDF");
    }
}

#[test]
fn long_words_and_long_lists_are_set() {
    let mut profile = with_bullet(&"word ".repeat(2000));
    profile.projects[1].highlights = vec!["W".repeat(10_000)];
    profile.projects[0].keywords = (0..300).map(|n| format!("Tool{n}")).collect();
    profile.work[0].highlights = (0..300).map(|n| format!("Did thing {n} and measured it")).collect();
    for look in looks() {
        let printed = printed(&profile, look);
        assert!(
            printed.text.contains("Did thing 299") && printed.text.contains("Tool299"),
            "{look:?} cut it off"
        );
    }
}

#[test]
fn barely_two_pages_become_one() {
    let shop = Shop::open();
    for look in looks() {
        let pages = |profile: &Profile, step| {
            let sheet = sheet(profile, look.template);
            compile(&shop, &sheet, look, step).expect("the profile must be set").pages().len()
        };
        let over = (1..15)
            .map(samples::busy)
            .find(|p| pages(p, 0) == 2)
            .expect("some profile is barely over a page");
        let printed = printed(&over, look);
        assert_eq!(printed.pages, 1, "{look:?}: one project too many must be won back by tighter spacing");
        assert_eq!(pages(&over, printed.step - 1), 2, "{look:?}: no tighter than needed");
    }
}

#[test]
fn tight_pages_stay_legible() {
    /// Points from which text and margins can be read and printed.
    const SMALLEST: f64 = 9.5;
    const NARROWEST: f64 = 34.0;
    fn least(frame: &Frame, at: f64, size: &mut f64, left: &mut f64) {
        for (point, item) in frame.items() {
            let x = at + point.x.to_pt();
            match item {
                FrameItem::Group(group) => least(&group.frame, x, size, left),
                FrameItem::Text(run) => {
                    *size = size.min(run.size.to_pt());
                    *left = left.min(x);
                }
                _ => {}
            }
        }
    }
    let shop = Shop::open();
    for look in looks() {
        let sheet = sheet(&samples::busy(4), look.template);
        let document = compile(&shop, &sheet, look, TIGHTEST).expect("set");
        let (mut size, mut left) = (f64::MAX, f64::MAX);
        document.pages().iter().for_each(|page| least(&page.frame, 0.0, &mut size, &mut left));
        assert!(size > SMALLEST - 0.01 && left > NARROWEST, "{look:?}: {size} pt, {left} pt from the edge");
    }
}

#[test]
fn long_profiles_keep_all_their_pages() {
    let set = set(&samples::busy(30));
    assert!(set.pages >= 3, "got {} pages", set.pages);
    samples::assert_order(&set.text, &["project-0", "project-15", "project-29", "Skills"]);
}

#[test]
fn the_pdf_is_tagged_accessible_archival_and_small() {
    for look in looks() {
        let bytes = pdf(&in_look(&samples::student(), look).document).expect("pdf");
        let raw = String::from_utf8_lossy(&bytes);
        for mark in ["/StructTreeRoot", "/Lang", "pdfuaid:part>1<", "pdfaid:part>2<", "Asha Rao"] {
            assert!(raw.contains(mark), "{look:?}: {mark} must be in the file for readers and archives");
        }
        assert!(bytes.len() < 200_000, "{look:?}: {} bytes are too many for an upload form", bytes.len());
    }
}
