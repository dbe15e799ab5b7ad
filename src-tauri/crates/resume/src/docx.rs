//! Word document: heading styles, numbered bullets and hyperlinks, one column of paragraphs. Tables
//! and text boxes are avoided because tracking systems read them out of order or not at all.

use std::io::{Cursor, Read, Write};

use anyhow::{Context, Result};
use docx_rs::{
    AbstractNumbering, AlignmentType, Docx, Hyperlink, HyperlinkData, HyperlinkType, IndentLevel, Level,
    LevelJc, LevelText, LineSpacing, NumberFormat, Numbering, NumberingId, PageMargin, Paragraph,
    ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, ParagraphChild, Run, RunFonts,
    SpecialIndentType, Start, Style, StyleType,
};
use internflow_domain::{Look, Paper};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::dress::Dress;
use crate::sheet::{Entry, Line, Part, Sheet};

/// Paper in twentieths of a point.
const A4: (u32, u32) = (11_906, 16_838);
const LETTER: (u32, u32) = (12_240, 15_840);
/// 18 mm in twentieths of a point.
const MARGIN: i32 = 1_020;
/// Number of the list. docx-rs writes a decimal list of its own as number 1, and LibreOffice takes the first of a number.
const BULLETS: usize = 2;
const QUIET: &str = "565E68";

/// The sheet as a DOCX file; equal sheets give equal bytes.
pub fn docx(sheet: &Sheet, look: Look) -> Result<Vec<u8>> {
    let dress = Dress::of(look.template);
    let mut document = styled(&dress, look.paper);
    let mut links = 0;
    for mut paragraph in paragraphs(sheet, &dress) {
        for child in &mut paragraph.children {
            // docx-rs counts links over the life of the process; a file counts its own.
            if let ParagraphChild::Hyperlink(Hyperlink {
                link: HyperlinkData::External { rid, .. }, ..
            }) = child
            {
                links += 1;
                *rid = format!("rIdLink{links:04}");
            }
        }
        document = document.add_paragraph(paragraph);
    }
    let mut package = document.build();
    package.doc_props.core = core_properties(sheet).into_bytes();
    package.document_rels = ordered_relationships(&package.document_rels)?.into_bytes();
    let mut packed = Cursor::new(Vec::new());
    package.pack(&mut packed).context("the Word document could not be packed")?;
    repacked(packed.into_inner()).context("the Word document could not be packed")
}

fn styled(dress: &Dress, paper: Paper) -> Docx {
    let face = if dress.serif { "Cambria" } else { "Calibri" };
    let fonts = RunFonts::new().ascii(face).hi_ansi(face).east_asia(face).cs("Nirmala UI");
    let page = match paper {
        Paper::A4 => A4,
        Paper::Letter => LETTER,
    };
    let margin = PageMargin {
        top: MARGIN,
        left: MARGIN,
        bottom: MARGIN,
        right: MARGIN,
        header: MARGIN / 2,
        footer: MARGIN / 2,
        gutter: 0,
    };
    let paragraph = |id: &str, name: &str| {
        Style::new(id, StyleType::Paragraph).name(name).based_on("Normal").next("Normal")
    };
    let side = if dress.centred { AlignmentType::Center } else { AlignmentType::Left };
    let title =
        paragraph("Title", "Title").size(44).bold().line_spacing(LineSpacing::new().after(0)).align(side);
    let subtitle = paragraph("Subtitle", "Subtitle").size(23).color(QUIET).align(side);
    let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom).size(4).space(2).color("A9BCD0");
    let mut section = paragraph("Heading1", "heading 1").size(24).bold().color(dress.accent).outline_lvl(0);
    section = section.line_spacing(LineSpacing::new().before(240).after(80));
    section.run_property = if dress.capitals { section.run_property.caps() } else { section.run_property };
    section.paragraph_property =
        section.paragraph_property.keep_next(true).set_borders(ParagraphBorders::with_empty().set(rule));
    let mut entry = paragraph("Heading2", "heading 2").size(21).bold().outline_lvl(1);
    entry = entry.line_spacing(LineSpacing::new().before(120).after(20));
    entry.paragraph_property = entry.paragraph_property.keep_next(true);
    let bullet =
        Level::new(0, Start::new(1), NumberFormat::new("bullet"), LevelText::new("•"), LevelJc::new("left"))
            .indent(Some(284), Some(SpecialIndentType::Hanging(227)), None, None);
    Docx::new()
        .page_size(page.0, page.1)
        .page_margin(margin)
        .default_fonts(fonts)
        .default_size(21)
        .default_line_spacing(LineSpacing::new().after(20))
        .add_style(title)
        .add_style(subtitle)
        .add_style(section)
        .add_style(entry)
        .add_style(paragraph("ListBullet", "List Bullet").line_spacing(LineSpacing::new().after(20)))
        .add_style(Style::new("Hyperlink", StyleType::Character).name("Hyperlink").color(dress.accent))
        .add_abstract_numbering(AbstractNumbering::new(BULLETS).add_level(bullet))
        .add_numbering(Numbering::new(BULLETS, BULLETS))
}

fn paragraphs(sheet: &Sheet, dress: &Dress) -> Vec<Paragraph> {
    let mut all = Vec::new();
    let mut worded = |style: &str, text: &str| {
        if !text.is_empty() {
            all.push(Paragraph::new().style(style).add_run(Run::new().add_text(text)));
        }
    };
    worded("Title", &sheet.name);
    worded("Subtitle", &sheet.label);
    if !sheet.contact.is_empty() {
        let side = if dress.centred { AlignmentType::Center } else { AlignmentType::Left };
        all.push(parts(Paragraph::new().align(side), &sheet.contact, None));
    }
    if !sheet.summary.is_empty() {
        let space = LineSpacing::new().before(120);
        all.push(Paragraph::new().line_spacing(space).add_run(Run::new().add_text(&sheet.summary)));
    }
    for section in &sheet.sections {
        all.push(Paragraph::new().style("Heading1").add_run(Run::new().add_text(section.title)));
        section.entries.iter().for_each(|entry| write_entry(&mut all, entry));
        all.extend(section.lines.iter().map(line));
    }
    all
}

fn write_entry(all: &mut Vec<Paragraph>, entry: &Entry) {
    if !entry.title.is_empty() {
        let mut heading = Paragraph::new().style("Heading2").add_run(Run::new().add_text(&entry.title));
        if !entry.subtitle.is_empty() {
            heading = heading.add_run(Run::new().disable_bold().add_text(format!(", {}", entry.subtitle)));
        }
        all.push(heading);
    }
    let facts = entry.facts();
    if !facts.is_empty() {
        all.push(parts(Paragraph::new().keep_next(!entry.bullets.is_empty()), &facts, Some(QUIET)));
    }
    if !entry.text.is_empty() {
        all.push(Paragraph::new().add_run(Run::new().add_text(&entry.text)));
    }
    for bullet in &entry.bullets {
        let item =
            Paragraph::new().style("ListBullet").numbering(NumberingId::new(BULLETS), IndentLevel::new(0));
        all.push(item.add_run(Run::new().add_text(bullet)));
    }
}

fn line(line: &Line) -> Paragraph {
    let mut paragraph = Paragraph::new();
    if !line.label.is_empty() {
        let label = Part { text: line.label.clone(), url: line.url.clone() };
        paragraph = part(paragraph, &label, Run::new().bold());
    }
    let colon = if line.label.is_empty() || line.text.is_empty() { "" } else { ": " };
    let date = if line.date.is_empty() { String::new() } else { format!(" · {}", line.date) };
    paragraph.add_run(Run::new().add_text(format!("{colon}{}{date}", line.text)))
}

/// Facts with middle dots between them.
fn parts(mut paragraph: Paragraph, all: &[Part], color: Option<&str>) -> Paragraph {
    let run = || color.map_or_else(Run::new, |c| Run::new().color(c));
    for (i, fact) in all.iter().enumerate() {
        if i > 0 {
            paragraph = paragraph.add_run(run().add_text(" · "));
        }
        paragraph = part(paragraph, fact, run());
    }
    paragraph
}

fn part(paragraph: Paragraph, part: &Part, run: Run) -> Paragraph {
    match &part.url {
        Some(url) => paragraph.add_hyperlink(
            Hyperlink::new(url, HyperlinkType::External).add_run(run.style("Hyperlink").add_text(&part.text)),
        ),
        None => paragraph.add_run(run.add_text(&part.text)),
    }
}

fn core_properties(sheet: &Sheet) -> String {
    let (title, author) = (escape(&sheet.title), escape(&sheet.name));
    // No dates: the same profile must give the same file tomorrow.
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dc:language>en</dc:language><cp:lastModifiedBy>{author}</cp:lastModifiedBy></cp:coreProperties>"#
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// docx-rs lists links in the order of a hash map, which differs from run to run: here by their text.
fn ordered_relationships(xml: &[u8]) -> Result<String> {
    const OPEN: &str = "<Relationship ";
    let xml = std::str::from_utf8(xml).context("the relationships of the Word document are not text")?;
    let Some(first) = xml.find(OPEN) else { return Ok(xml.to_owned()) };
    let end = xml.rfind("</Relationships>").context("the relationships of the Word document do not end")?;
    let mut all: Vec<&str> = xml[first..end].split_inclusive("/>").collect();
    all.sort_unstable();
    Ok(format!("{}{}{}", &xml[..first], all.concat(), &xml[end..]))
}

/// The same parts compressed, and stamped with the first moment a ZIP file can name instead of now.
fn repacked(packed: Vec<u8>) -> Result<Vec<u8>> {
    let mut from = ZipArchive::new(Cursor::new(packed))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for i in 0..from.len() {
        let mut part = from.by_index(i)?;
        if part.is_dir() {
            continue;
        }
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)?;
        to.start_file(part.name(), options)?;
        to.write_all(&bytes)?;
    }
    Ok(to.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use crate::sheet::sheet;

    fn made(profile: &internflow_domain::Profile) -> Sheet {
        sheet(profile, Look::default().template)
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a DOCX file is a ZIP archive");
        let mut text = String::new();
        archive.by_name(name).expect(name).read_to_string(&mut text).expect("parts are UTF-8");
        text
    }

    /// Shown text, a line a paragraph.
    fn shown(document: &str) -> String {
        let mut out = String::new();
        for piece in document.replace("</w:p>", "\n</w:p>").split("<w:t").skip(1) {
            let Some((text, rest)) = piece.split_once('>').and_then(|(_, r)| r.split_once("</w:t>")) else {
                continue;
            };
            out.push_str(text);
            out.push_str(if rest.contains('\n') { "\n" } else { "" });
        }
        out
    }

    #[test]
    fn headings_bullets_and_links_are_real() {
        let bytes = docx(&made(&samples::student()), Look::default()).expect("docx");
        let document = part(&bytes, "word/document.xml");
        for mark in [
            r#"<w:pStyle w:val="Heading1""#,
            r#"<w:pStyle w:val="Heading2""#,
            "<w:numPr>",
            "<w:hyperlink ",
            r#"w:w="11906""#,
        ] {
            assert!(document.contains(mark), "{mark} must be in the document:\n{document}");
        }
        assert!(
            !document.contains("<w:tbl>") && !document.contains("textbox"),
            "tables and text boxes confuse parsers"
        );
        samples::assert_order(&shown(&document).to_lowercase(), &samples::READING_ORDER);
        let numbering = part(&bytes, "word/numbering.xml");
        let own = format!(r#"<w:abstractNum w:abstractNumId="{BULLETS}">"#);
        let defined: Vec<&str> = numbering.split(&own).skip(1).collect();
        assert_eq!(defined.len(), 1, "LibreOffice takes the first definition of a number:\n{numbering}");
        assert!(defined[0].contains(r#"<w:numFmt w:val="bullet""#), "bullets need a definition");
        assert!(
            part(&bytes, "word/styles.xml").contains("heading 1"),
            "Word knows its headings by this name"
        );
        let rels = part(&bytes, "word/_rels/document.xml.rels");
        assert!(rels.contains("https://github.com/asharao/tidewater"), "links need their address:\n{rels}");
        let core = part(&bytes, "docProps/core.xml");
        assert!(core.contains("<dc:creator>Asha Rao</dc:creator>"), "the author must be named:\n{core}");
    }

    #[test]
    fn xml_specials_are_text() {
        let mut profile = samples::student();
        profile.basics.name = "A <b> & \"C\"".to_owned();
        profile.basics.url = "https://x.org/?a=1&b=<2>".to_owned();
        profile.projects[0].highlights = vec!["</w:t></w:r>\u{0}\u{FFFF} ]]> &amp; 🚀 שלום".to_owned()];
        let bytes = docx(&made(&profile), Look::default()).expect("docx");
        let document = part(&bytes, "word/document.xml");
        assert!(
            document.contains("&lt;/w:t&gt;&lt;/w:r&gt; ]]&gt; &amp;amp; 🚀 שלום"),
            "text must be escaped once:\n{document}"
        );
        assert!(part(&bytes, "docProps/core.xml").contains("A &lt;b&gt; &amp; \"C\""), "metadata is XML too");
        let rels = part(&bytes, "word/_rels/document.xml.rels");
        assert!(rels.contains("https://x.org/?a=1&amp;b=%3C2%3E\""), "addresses are escaped once:\n{rels}");
    }

    #[test]
    fn equal_input_gives_equal_bytes() {
        let sheet = made(&samples::busy(3));
        let make = || docx(&sheet, Look::default()).expect("docx");
        assert!(make() == make(), "an export repeated must be the same file");
    }
}
