//! Files from which a profile can be read. What a file is, its content says and not its name.

use internflow_ats::{Format, Kind, Problem, ReadBack, Unread};
use internflow_domain::{EngineError, ImportSource, Profile, ProfileReader, ReadProfile};
use internflow_resume::parse_profile;

/// Pages of the longest résumé that is read; what has more is a book or a trap.
const MOST_PAGES: usize = 50;

pub(crate) struct Files;

impl ProfileReader for Files {
    fn most_bytes(&self) -> usize {
        internflow_ats::MOST_BYTES
    }

    fn read(&self, file: &[u8]) -> Result<ReadProfile, EngineError> {
        match internflow_ats::format(file) {
            _ if file.is_empty() => Err(refused("The file is empty. Export or copy it again.")),
            _ if file.len() > internflow_ats::MOST_BYTES => Err(refused(
                "The file is larger than 20 MB, more than any résumé. Choose another one, or export it without pictures.",
            )),
            Format::Unknown if file.starts_with(b"PK\x03\x04") => archive(file),
            Format::Unknown => text(file),
            format => document(format, file),
        }
    }
}

fn refused(message: &str) -> EngineError {
    EngineError::Failed(message.to_owned())
}

fn document(format: Format, file: &[u8]) -> Result<ReadProfile, EngineError> {
    let back = internflow_ats::read_back(file);
    if back.pages > MOST_PAGES {
        return Err(EngineError::Failed(format!(
            "The file has {} pages. A résumé has one or two; choose the file with the résumé alone.",
            back.pages
        )));
    }
    let Some(reading) = back.readings.first() else { return Err(unreadable(&back)) };
    let profile = known(&internflow_ats::profile(&reading.fields))?;
    let source = if format == Format::Pdf { ImportSource::Pdf } else { ImportSource::Docx };
    // The rest is about how the file is made, which does not matter once the fields stand in the profile.
    let doubtful = |problem: &&Problem| {
        matches!(
            problem.kind,
            Kind::Columns
                | Kind::Table
                | Kind::TextBox
                | Kind::HeaderFooter
                | Kind::BrokenText
                | Kind::NoCharacterMap
                | Kind::NoHeadings
                | Kind::UnusualHeading
                | Kind::UnreadableDate
                | Kind::Damaged
        )
    };
    let note = |problem: &Problem| match problem.found.as_str() {
        "" => problem.breaks.clone(),
        found => format!("{} ({found})", problem.breaks),
    };
    Ok(ReadProfile { source, profile, notes: back.problems.iter().filter(doubtful).map(note).collect() })
}

fn unreadable(back: &ReadBack) -> EngineError {
    match back.problems.first() {
        Some(problem) => EngineError::Failed(format!("{} {}", problem.why, problem.mend)),
        None => refused("No text was found in the file. Choose another one."),
    }
}

fn archive(file: &[u8]) -> Result<ReadProfile, EngineError> {
    let profile = internflow_ats::linkedin(file).map_err(|unread| {
        refused(match unread {
            Unread::Other => {
                "This archive has none of LinkedIn's tables in it. Ask LinkedIn for a copy of your data under Settings, \
                 Data privacy, and choose the file that it sends."
            }
            Unread::Damaged => "The archive is cut off or damaged. Download it again.",
            Unread::Encrypted => "The archive is protected by a password. Choose it as LinkedIn sent it.",
            Unread::Bomb => {
                "The archive unpacks to far more than LinkedIn's tables hold, so it was not opened. Download it again \
                 from LinkedIn."
            }
        })
    })?;
    Ok(ReadProfile { source: ImportSource::Linkedin, profile: known(&profile)?, notes: Vec::new() })
}

fn text(file: &[u8]) -> Result<ReadProfile, EngineError> {
    let text = decoded(file)?;
    if !text.trim_start_matches('\u{FEFF}').trim_start().starts_with(['{', '[']) {
        return Err(refused(
            "This is no file that a profile can be read from. Choose a PDF, a Word document (DOCX), a JSON Resume or \
             the archive of your data from LinkedIn.",
        ));
    }
    let profile = parse_profile(&text).map_err(|error| EngineError::Failed(error.message))?;
    Ok(ReadProfile { source: ImportSource::JsonResume, notes: odd_dates(&profile), profile })
}

/// UTF-8, or UTF-16 with its mark, as the editors of Windows write it.
fn decoded(file: &[u8]) -> Result<String, EngineError> {
    let wide = |pairs: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = pairs.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| {
            refused("The file is UTF-16 text with an error in it. Save it as UTF-8 and choose it again.")
        })
    };
    match file {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => std::str::from_utf8(file).map(str::to_owned).map_err(|error| {
            let line = file[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
            EngineError::Failed(format!(
                "The file is neither a PDF nor a Word document nor text in UTF-8 (line {line} has a letter in another \
                 encoding). Save it as UTF-8 and choose it again."
            ))
        }),
    }
}

/// Dates that are no dates of JSON Resume, each by its place. They come along as they are.
fn odd_dates(profile: &Profile) -> Vec<String> {
    let is_date = |text: &str| {
        let mut parts = text.split('-');
        let digits = |part: Option<&str>, count: usize| {
            part.is_none_or(|part| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        digits(parts.next(), 4)
            && digits(parts.next(), 2)
            && digits(parts.next(), 2)
            && parts.next().is_none()
    };
    let education = profile.education.iter().map(|e| ("education", &e.start_date, &e.end_date)).enumerate();
    let work = profile.work.iter().map(|w| ("work", &w.start_date, &w.end_date)).enumerate();
    let projects = profile.projects.iter().map(|p| ("projects", &p.start_date, &p.end_date)).enumerate();
    education
        .chain(work)
        .chain(projects)
        .flat_map(|(at, (list, start, end))| {
            [(format!("{list}[{at}].startDate"), start), (format!("{list}[{at}].endDate"), end)]
        })
        .filter(|(_, date)| !date.is_empty() && !is_date(date))
        .map(|(path, date)| format!("{path} is “{date}”. Write dates as 2026, 2026-05 or 2026-05-31."))
        .collect()
}

/// A profile in our own words, from one that a reader of ours made.
fn known(profile: &serde_json::Value) -> Result<Profile, EngineError> {
    parse_profile(&profile.to_string()).map_err(|error| EngineError::Failed(error.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encodings_that_editors_write() {
        let json = r#"{"basics": {"name": "Asha"}}"#;
        let wide = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(json.encode_utf16().flat_map(unit)).collect()
        };
        let marked = [&[0xEF, 0xBB, 0xBF], json.as_bytes()].concat();
        for file in [marked, wide(u16::to_le_bytes, [0xFF, 0xFE]), wide(u16::to_be_bytes, [0xFE, 0xFF])] {
            let read = Files.read(&file).expect("a JSON Resume");
            assert_eq!(read.profile.basics.name, "Asha", "however the editor saved it");
        }
        let latin = b"{\"basics\":\n{\"name\": \"Jos\xE9\"}}";
        let error = Files.read(latin).expect_err("Latin-1 is not guessed").to_string();
        assert!(error.contains("line 2") && error.contains("UTF-8"), "{error}");
    }
}
