//! The archive that LinkedIn gives its members under "Get a copy of your data": a ZIP with a table of
//! comma-separated values for each kind of thing. LinkedIn publishes no list of the columns; these are the headers of
//! its English archives of 2023 to 2026. A table or a column that is absent says nothing.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use serde_json::{Value, json};
use zip::ZipArchive;

use crate::dates::iso;
use crate::profile::{account, degree, stripped};
use crate::school;

/// Files in an archive; a whole one has about sixty.
const MOST_PARTS: usize = 2_000;
/// Bytes that the tables which are read may unpack to together.
const MOST_UNPACKED: u64 = 16 << 20;
/// Rows that are read of one table.
const MOST_ROWS: usize = 500;

/// Why an archive was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It has none of LinkedIn's tables.
    Other,
    Damaged,
    Encrypted,
    /// Unpacks to more than such tables ever hold, or has far too many files.
    Bomb,
}

/// A row by the names of its columns.
type Row = HashMap<String, String>;

/// A profile in the JSON Resume format with what the archive says.
///
/// # Errors
/// Why it was not read.
pub fn linkedin(file: &[u8]) -> Result<Value, Unread> {
    let tables = unpack(file)?;
    let rows = |name: &str| tables.get(name).map_or(&[][..], Vec::as_slice);
    let map = |name: &str, entry: fn(&Row) -> Value| rows(name).iter().map(entry).collect::<Vec<_>>();
    let mut skills: Vec<&str> = Vec::new();
    for skill in rows("skills").iter().map(|row| cell(row, "Name")) {
        if !skill.is_empty() && !skills.iter().any(|known| known.eq_ignore_ascii_case(skill)) {
            skills.push(skill);
        }
    }
    let skills =
        if skills.is_empty() { json!([]) } else { json!([{ "name": "Skills", "keywords": skills }]) };
    Ok(stripped(json!({
        "basics": basics(rows("profile").first(), rows("email addresses"), rows("phonenumbers")),
        "education": map("education", education),
        "work": map("positions", position),
        "projects": map("projects", project),
        "volunteer": map("volunteering", volunteering),
        "skills": skills,
        "awards": map("honors", honour),
        "certificates": map("certifications", certificate),
        "languages": map("languages", |row| {
            json!({ "language": cell(row, "Name"), "fluency": cell(row, "Proficiency") })
        }),
    })))
}

/// The tables by their names in lower case, without folder and ending.
fn unpack(file: &[u8]) -> Result<HashMap<String, Vec<Row>>, Unread> {
    const TABLES: [&str; 11] = [
        "profile",
        "positions",
        "education",
        "skills",
        "certifications",
        "projects",
        "honors",
        "languages",
        "volunteering",
        "email addresses",
        "phonenumbers",
    ];
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Unread::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Unread::Bomb);
    }
    let mut left = MOST_UNPACKED;
    let mut tables = HashMap::new();
    let mut names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    names.sort_unstable();
    for path in names {
        let name = path.rsplit('/').next().unwrap_or(&path).to_lowercase();
        let Some(name) = name.strip_suffix(".csv").filter(|name| TABLES.contains(name)) else { continue };
        let mut bytes = Vec::new();
        // What the directory says about sizes may be a lie: what comes out is counted.
        let part = archive.by_name(&path).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => Unread::Encrypted,
            _ => Unread::Damaged,
        })?;
        part.take(left + 1).read_to_end(&mut bytes).map_err(|_| Unread::Damaged)?;
        left = left.checked_sub(bytes.len() as u64).ok_or(Unread::Bomb)?;
        tables.entry(name.to_owned()).or_insert(table(&String::from_utf8_lossy(&bytes)));
    }
    if tables.is_empty() { Err(Unread::Other) } else { Ok(tables) }
}

/// The rows of a table whose first line names the columns. Rows that are no rows are left out.
fn table(text: &str) -> Vec<Row> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let Ok(columns) = reader.headers().cloned() else { return Vec::new() };
    let row = |record: csv::StringRecord| {
        columns.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect::<Row>()
    };
    reader.records().flatten().take(MOST_ROWS).map(row).collect()
}

fn cell<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).map_or("", String::as_str)
}

/// `Jan 2024`, `2024` or `2024-01`.
fn date(row: &Row, column: &str) -> Option<String> {
    iso(cell(row, column))
}

fn basics(profile: Option<&Row>, mails: &[Row], phones: &[Row]) -> Value {
    let none = Row::new();
    let profile = profile.unwrap_or(&none);
    let name = format!("{} {}", cell(profile, "First Name"), cell(profile, "Last Name"));
    let mail = mails.iter().find(|row| cell(row, "Primary").eq_ignore_ascii_case("yes")).or(mails.first());
    let phone = phones.iter().find(|row| cell(row, "Type").eq_ignore_ascii_case("mobile")).or(phones.first());
    let mut url = None;
    let mut accounts = Vec::new();
    for site in sites(cell(profile, "Websites")) {
        match account(site) {
            Some(account) => accounts.push(account),
            None => url = url.or(Some(site)),
        }
    }
    let mut places = cell(profile, "Geo Location").split(',').map(str::trim);
    json!({
        "name": name,
        "label": cell(profile, "Headline"),
        "summary": cell(profile, "Summary"),
        "email": mail.map(|row| cell(row, "Email Address")),
        "phone": phone.map(|row| cell(row, "Number")),
        "url": url,
        "location": { "city": places.next(), "region": places.next() },
        "profiles": accounts,
    })
}

/// `[PORTFOLIO:https://a.example,OTHER:https://b.example]`.
fn sites(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.trim_start_matches('[').trim_end_matches(']');
    let address = |site: &str| site.find("http").unwrap_or(0);
    inside.split(',').map(move |site| site[address(site)..].trim()).filter(|site| site.contains('.'))
}

fn education(row: &Row) -> Value {
    let (study, area) = degree(cell(row, "Degree Name"));
    json!({
        "institution": cell(row, "School Name"), "studyType": study, "area": area,
        "startDate": date(row, "Start Date"), "endDate": date(row, "End Date"),
        "score": school::score(cell(row, "Notes")),
    })
}

fn position(row: &Row) -> Value {
    let (summary, highlights) = described(cell(row, "Description"));
    json!({
        "name": cell(row, "Company Name"), "position": cell(row, "Title"), "location": cell(row, "Location"),
        "startDate": date(row, "Started On"), "endDate": date(row, "Finished On"),
        "summary": summary, "highlights": highlights,
    })
}

fn project(row: &Row) -> Value {
    let (description, highlights) = described(cell(row, "Description"));
    json!({
        "name": cell(row, "Title"), "description": description, "highlights": highlights,
        "url": cell(row, "Url"), "startDate": date(row, "Started On"), "endDate": date(row, "Finished On"),
    })
}

fn volunteering(row: &Row) -> Value {
    json!({
        "organization": cell(row, "Company Name"), "position": cell(row, "Role"),
        "startDate": date(row, "Started On"), "endDate": date(row, "Finished On"),
        "summary": cell(row, "Description"),
    })
}

fn honour(row: &Row) -> Value {
    json!({
        "title": cell(row, "Title"), "summary": cell(row, "Description"), "date": date(row, "Issued On"),
    })
}

fn certificate(row: &Row) -> Value {
    json!({
        "name": cell(row, "Name"), "issuer": cell(row, "Authority"), "url": cell(row, "Url"),
        "date": date(row, "Started On"),
    })
}

/// One line is a sentence about the whole; more are what was done, a line each.
fn described(text: &str) -> (String, Vec<String>) {
    let bare =
        |line: &str| line.trim().trim_start_matches(['-', '•', '*', '–', '·', '▪']).trim_start().to_owned();
    let mut lines: Vec<String> = text.lines().map(bare).filter(|line| !line.is_empty()).collect();
    if lines.len() == 1 { (lines.remove(0), Vec::new()) } else { (String::new(), lines) }
}
