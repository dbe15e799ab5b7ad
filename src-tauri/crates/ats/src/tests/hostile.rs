//! Files that were made to do harm, or came to harm.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::make::{at, docx, objects, paragraph, pdf, stream, zip};
use super::*;

/// No file may hold the page up longer.
const LONGEST: Duration = Duration::from_secs(180);

fn timely(file: &[u8]) -> ReadBack {
    let start = Instant::now();
    let back = read_back(file);
    assert!(start.elapsed() < LONGEST, "reading took {:?}: {:?}", start.elapsed(), kinds(&back));
    back
}

fn resume() -> Vec<u8> {
    let page = at(40.0, 800.0, "F2", 20.0, "Meera Nair") + &at(40.0, 780.0, "F1", 10.0, "meera@example.edu");
    pdf(&[page], "", &[])
}

#[test]
fn cut_and_flipped_files_never_panic() {
    let word = docx(&(paragraph("Titel", "Meera Nair") + &paragraph("", "meera@example.edu")), "");
    for file in [resume(), word] {
        for part in 1..40 {
            timely(&file[..file.len() * part / 40]);
        }
        let mut seed: u32 = 7;
        for _ in 0..60 {
            let mut flipped = file.clone();
            for _ in 0..4 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = seed as usize % flipped.len();
                flipped[at] ^= (seed >> 24) as u8 | 1;
            }
            timely(&flipped);
        }
    }
}

#[test]
fn protected_files_are_told_and_not_opened() {
    let file = String::from_utf8_lossy(&resume()).replace("trailer\n<<", "trailer\n<</Encrypt 4 0 R");
    assert_eq!(kinds(&timely(file.as_bytes())), [Kind::Encrypted]);
    let mut word = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    word.extend("EncryptedPackage".bytes().flat_map(|b| [b, 0]));
    assert_eq!(kinds(&timely(&word)), [Kind::Encrypted]);
}

#[test]
fn trees_and_forms_that_lead_back_to_themselves_end() {
    let cyclic = objects(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 9/Kids[2 0 R 3 0 R 2 0 R]/Parent 3 0 R>>".to_owned(),
        "<</Type/Pages/Count 9/Kids[2 0 R 4 0 R]/Parent 2 0 R>>".to_owned(),
        "<</Type/Page/Parent 3 0 R/Contents 5 0 R>>".to_owned(),
        stream("", "BT ET"),
    ]);
    assert_eq!(timely(&cyclic).pages, 1, "a page is counted once however often its tree turns");
    let own = stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "/X Do /X Do");
    let page = at(40.0, 800.0, "F1", 10.0, "Meera Nair") + "/X Do";
    let back = timely(&pdf(&[page], "/XObject<</X 5 0 R>>", &[own]));
    problem(&back, Kind::Tangled);
    assert_eq!(value(&back.readings[0].fields.name), "Meera Nair", "what stands outside is read");
}

#[test]
fn five_hundred_pages_are_counted_and_not_all_read() {
    let page = at(40.0, 800.0, "F1", 10.0, "Meera Nair");
    let back = timely(&pdf(&vec![page; 500], "", &[]));
    assert_eq!(back.pages, 500);
    problem(&back, Kind::ManyPages);
    assert!(back.readings[0].text.lines().count() <= 30, "nobody reads five hundred pages");
}

#[test]
fn bombs_are_not_unpacked() {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..60 {
        packed.write_all(&zeros).expect("zeros are packed");
    }
    let packed = packed.finish().expect("the packing ends");
    let mut file = b"%PDF-1.5\n1 0 obj\n".to_vec();
    file.extend(
        format!("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>\nstream\n", packed.len()).bytes(),
    );
    file.extend(&packed);
    file.extend(b"\nendstream\nendobj\ntrailer\n<</Root 2 0 R>>\nstartxref\n9\n%%EOF");
    assert_eq!(kinds(&timely(&file)), [Kind::Bomb]);
    let large = vec![b' '; 17 << 20];
    assert_eq!(kinds(&timely(&zip(&[("word/document.xml", &large)]))), [Kind::Bomb]);
    let names: Vec<String> = (0..3000).map(|i| format!("word/{i}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(kinds(&timely(&zip(&parts))), [Kind::Bomb]);
}

#[test]
fn entities_and_deep_nesting_stay_small() {
    let entities = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\
        <w:document><w:body><w:p><w:r><w:t>Asha &b;&b; Rao &amp; Co</w:t></w:r></w:p></w:body></w:document>";
    let back = timely(&zip(&[("word/document.xml", entities.as_bytes())]));
    for reading in &back.readings {
        assert_eq!(reading.text, "Asha  Rao & Co", "an entity of the document's own is not expanded");
    }
    let deep = "<w:p><w:r>".repeat(200_000) + "<w:t>Asha</w:t>";
    timely(&docx(&deep, ""));
    let tables = "<w:tbl><w:tr><w:tc>".repeat(100_000);
    timely(&docx(&tables, ""));
    let nested = format!("{}{}", "[".repeat(300_000), "<<".repeat(300_000));
    timely(&pdf(std::slice::from_ref(&nested), "", std::slice::from_ref(&nested)));
}
