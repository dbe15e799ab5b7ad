//! Personio's XML feed of a career page: one answer with all postings. The pages ending in .com serve the same.
//! <https://developer.personio.de/docs/retrieving-open-job-positions>

use url::Url;

use super::{Listed, Row, escaped, json, label, sections, text, xml};
use crate::board::Board;
use crate::crawl::Request;

pub(super) fn first(slug: &str) -> Request {
    let slug = label(slug);
    let feed =
        |ending: &str| Request::get(format!("https://{slug}.jobs.personio.{ending}/xml?language=en")).whole();
    feed("de").or(feed("com"))
}

pub(super) fn read(board: &Board, slug: &str, body: &[u8]) -> Result<Listed, String> {
    let root = xml::parse(&text(body))?;
    if root.name != "workzag-jobs" {
        return Err("its answer is no list of positions".to_owned());
    }
    Ok(Listed::rows(root.children("position").map(|position| posting(board, slug, position)).collect()))
}

fn posting(board: &Board, slug: &str, position: &xml::Element) -> Row {
    let mut posting = json::named(board, position.words("id"), position.words("name"))?;
    posting.address =
        Some(format!("https://{slug}.jobs.personio.de/job/{}?language=en", escaped(&posting.id)));
    posting.company = position.words("subcompany");
    posting.places.extend(position.words("office"));
    if let Some(others) = position.child("additionalOffices") {
        others.children("office").for_each(|office| posting.add_place(office.text.trim().to_owned()));
    }
    posting.places.retain(|place| !place.is_empty());
    posting.department = position.words("department");
    // "intern, full-time": what kind of contract, and how many hours.
    let kind = [position.words("employmentType"), position.words("schedule")];
    let kind = kind.into_iter().flatten().collect::<Vec<_>>().join(", ");
    posting.employment = Some(kind).filter(|kind| !kind.is_empty());
    posting.published = position.words("createdAt").and_then(|text| json::day_of(&text));
    let parts: Vec<_> = position
        .child("jobDescriptions")
        .into_iter()
        .flat_map(|all| all.children("jobDescription"))
        .map(|part| (part.words("name"), part.words("value")))
        .collect();
    posting.description = sections(parts.iter().map(|(heading, text)| (heading.as_deref(), text.clone())));
    Ok(posting)
}

/// `firm.jobs.personio.de` and `.com`, with any path.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let host = url.host_str()?;
    let slug = host.strip_suffix(".jobs.personio.de").or_else(|| host.strip_suffix(".jobs.personio.com"))?;
    Some(Board::Personio { slug: slug.to_owned() })
}
