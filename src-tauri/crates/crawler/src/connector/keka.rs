//! Keka's careers portal: the portal's own description holds the number of the organisation, and with it all
//! postings come in one answer. Undocumented; as its career pages use it: `/careers/api/…`.

use serde_json::Value;
use url::Url;

use super::{Listed, Row, escaped, json, label, subdomain};
use crate::board::Board;
use crate::crawl::Request;
use crate::page::expression;

pub(super) fn first(slug: &str) -> Request {
    Request::get(format!(
        "https://{}.keka.com/careers/api/organization/default/careerportalinfo",
        label(slug)
    ))
}

pub(super) fn read(board: &Board, slug: &str, answer: &Value) -> Result<Listed, String> {
    // The list comes as one, or as an object with the places as keys.
    let jobs: Vec<&Value> = match answer {
        Value::Array(jobs) => jobs.iter().collect(),
        Value::Object(jobs) if !jobs.is_empty() && jobs.keys().all(|key| key.parse::<u32>().is_ok()) => {
            jobs.values().collect()
        }
        Value::Object(_) => return Ok(Listed { next: vec![jobs_of(slug, answer)?], ..Listed::default() }),
        _ => return Err("its answer is no list of postings".to_owned()),
    };
    Ok(Listed::rows(jobs.into_iter().map(|job| posting(board, slug, job)).collect()))
}

/// The portal names its organisation in the paths of its pictures: `/ats/documents/ORGANISATION/careerportal/…`.
fn jobs_of(slug: &str, portal: &Value) -> Result<Request, String> {
    let number = expression!(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}");
    let paths =
        ["careersBackgroundPath", "logoPath"].map(|field| json::words(portal, field).unwrap_or_default());
    let found = paths.iter().find_map(|path| number.find(path)).map(|found| found.as_str().to_owned());
    let found = found.or_else(|| number.find(&portal.to_string()).map(|found| found.as_str().to_owned()));
    let organisation = found.ok_or("the portal does not say which organisation it is of")?;
    let slug = label(slug);
    Ok(Request::get(format!("https://{slug}.keka.com/careers/api/embedjobs/default/active/{organisation}")))
}

fn posting(board: &Board, slug: &str, job: &Value) -> Row {
    let mut posting = json::begun(board, job, "id", "title")?;
    posting.address = Some(format!("https://{slug}.keka.com/careers/jobdetails/{}", escaped(&posting.id)));
    for place in json::list(job, "jobLocations") {
        let named = json::joined(place, &["city", "state", "countryName"]);
        if let Some(place) = named.or_else(|| json::words(place, "")) {
            posting.add_place(place);
        }
    }
    posting.department = json::words(job, "departmentName");
    // `jobType` is a number whose meaning is not told.
    posting.employment = json::words(job, "jobTypeName");
    posting.published = json::day(job, "publishedOn");
    posting.pay = json::words(job, "salaryRangeFormat");
    let experience = json::words(job, "experience").map(|years| format!("<p>Experience: {years}</p>\n"));
    let text = json::words(job, "description").or_else(|| json::words(job, "excerpt")).unwrap_or_default();
    posting.description = experience.unwrap_or_default() + &text;
    Ok(posting)
}

/// `firm.keka.com/careers`, with any path.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let slug =
        subdomain(url, "keka.com").filter(|name| !matches!(*name, "app" | "api" | "help" | "developers"))?;
    Some(Board::Keka { slug: slug.to_owned() })
}

pub(super) fn is_payload(value: &Value) -> bool {
    let first = value.get(0).or_else(|| value.get("0"));
    first.is_some_and(|job| job["jobLocations"].is_array() && !job["title"].is_null())
}
