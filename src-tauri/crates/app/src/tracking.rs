//! The reader of résumés behind its port: what `ats` found, in the words of the core.

use std::io::{self, Read};

use internflow_ats::{FieldCheck, Fields, Format, MOST_BYTES, Reader, compare, expected, read_back};
use internflow_domain::{
    FileKind, Profile, ReadBack, ReadField, ReadProblem, ReaderName, Reading, ResumeReader,
};

/// An applicant tracking system, as far as its reading goes.
pub(crate) struct TrackingSystem;

impl ResumeReader for TrackingSystem {
    fn read_back(&self, file: &mut dyn Read, meant: Option<&Profile>) -> io::Result<ReadBack> {
        let mut bytes = Vec::new();
        // One byte more than is read at all, so that a file that is too large is known as one.
        file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        let meant = meant.map(serde_json::to_value).transpose()?.map(|profile| expected(&profile));
        let back = read_back(&bytes);
        let readings = back.readings.iter().map(|reading| {
            let fields = match &meant {
                Some(meant) => compare(meant, &reading.fields),
                None => agreed(&reading.fields, &back.differences),
            };
            Reading {
                reader: name(reading.reader),
                text: reading.text.clone(),
                fields: fields.into_iter().map(field).collect(),
            }
        });
        Ok(ReadBack {
            name: String::new(),
            kind: kind(back.format),
            pages: back.pages,
            compared: meant.is_some(),
            readings: readings.collect(),
            problems: back
                .problems
                .into_iter()
                .map(|p| ReadProblem { breaks: p.breaks, why: p.why, mend: p.mend, found: p.found })
                .collect(),
        })
    }
}

/// All fields that were read; right are those on which the readers do not differ.
fn agreed(read: &Fields, differences: &[FieldCheck]) -> Vec<FieldCheck> {
    let mut fields = compare(&Fields::default(), read);
    for field in &mut fields {
        field.ok = !differences.iter().any(|difference| difference.field == field.field);
    }
    fields
}

fn field(check: FieldCheck) -> ReadField {
    ReadField { field: check.field, meant: check.expected, read: check.read, ok: check.ok }
}

fn name(reader: Reader) -> ReaderName {
    match reader {
        Reader::ByPlace => ReaderName::ByPlace,
        Reader::ByOrder => ReaderName::ByOrder,
        Reader::ByStyle => ReaderName::ByStyle,
        Reader::PlainWords => ReaderName::PlainWords,
    }
}

fn kind(format: Format) -> FileKind {
    match format {
        Format::Pdf => FileKind::Pdf,
        Format::Docx => FileKind::Docx,
        Format::Unknown => FileKind::Unknown,
    }
}
