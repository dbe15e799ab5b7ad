//! Workday's CXS, which its career sites are built on: pages of twenty by POST, and an answer of its own for each
//! posting. Undocumented; as its sites use it: `/wday/cxs/TENANT/SITE/jobs`. Only the first page states the total,
//! more than twenty rows are refused, and of long lists it gives two thousand.

use serde_json::{Value, json};
use url::Url;

use super::{Listed, Row, filled_by, json as values, path};
use crate::board::Board;
use crate::crawl::{Request, Skipped};
use crate::posting::Posting;

const PAGE: u64 = 20;
/// Postings that it gives of a list, however long it is.
const MOST: u64 = 2_000;

/// What names a board.
pub(super) struct Site<'b> {
    pub host: &'b str,
    pub tenant: &'b str,
    pub site: &'b str,
}

pub(super) fn first(host: &str, tenant: &str, site: &str) -> Request {
    page(&Site { host, tenant, site }, 0)
}

fn page(board: &Site<'_>, from: u64) -> Request {
    let Site { host, tenant, site } = board;
    let body = json!({ "appliedFacets": {}, "limit": PAGE, "offset": from, "searchText": "" });
    Request::post(format!("https://{host}/wday/cxs/{tenant}/{site}/jobs"), &body).after(from)
}

pub(super) fn read(
    board: &Board,
    site: &Site<'_>,
    asked: &Request,
    answer: &Value,
) -> Result<Listed, String> {
    // A saved answer may be that of one posting.
    if let Some(job) = answer.get("jobPostingInfo") {
        let begun = values::begun(board, job, "jobReqId", "title");
        return Ok(Listed::rows(vec![begun.map(|row| filled_by(fill, row, answer))]));
    }
    let list = answer["jobPostings"].as_array().ok_or("its answer has no jobPostings")?;
    let total = values::count(answer, "total").filter(|_| asked.from == 0);
    let rows: Vec<Row> = list.iter().map(|job| posting(board, site, job)).collect();
    let end = asked.from + rows.len() as u64;
    // Later totals are zero: only a short page ends the list.
    let more = rows.len() as u64 >= PAGE && total.is_none_or(|total| end < total);
    let cut = end >= MOST || total.is_some_and(|total| total >= MOST);
    let gaps = cut.then(|| format!("it gives {MOST} postings at most")).into_iter().collect();
    let next = (more && end < MOST).then(|| page(site, end)).into_iter().collect();
    Ok(Listed { rows, next, total, gaps })
}

fn posting(board: &Board, site: &Site<'_>, job: &Value) -> Row {
    let address = values::words(job, "externalPath");
    let Some(address) = address.filter(|path| path.starts_with('/')) else {
        // Rows without a path are postings that are being taken down; some tenants list them.
        let id = values::each(job, "bulletFields").into_iter().find(|text| is_requisition(text));
        return Err(Skipped { id, why: "it has no page".to_owned() });
    };
    let mut posting = values::named(board, id_of(job, &address), values::words(job, "title"))?;
    let Site { host, tenant, site } = site;
    posting.address = Some(format!("https://{host}/{site}{address}"));
    // "2 Locations" is a count; the posting's own answer names them.
    posting.places = values::each(job, "locationsText");
    posting
        .places
        .retain(|place| !place.starts_with(|c: char| c.is_ascii_digit()) || !place.ends_with("Locations"));
    posting.employment = values::words(job, "timeType");
    posting.mode = values::mode(job, "remoteType");
    posting.ask(Request::get(format!("https://{host}/wday/cxs/{tenant}/{site}{address}")));
    Ok(posting)
}

/// The number of the requisition: what follows the last `_` of the path, which stays when the title in it changes.
fn id_of(job: &Value, address: &str) -> Option<String> {
    let last = address.rsplit('/').next()?;
    let number =
        last.rsplit_once('_').map(|(_, number)| number.to_owned()).filter(|number| is_requisition(number));
    number.or_else(|| values::each(job, "bulletFields").into_iter().find(|text| is_requisition(text)))
}

fn is_requisition(text: &str) -> bool {
    text.len() <= 40 && text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace)
}

pub(super) fn fill(posting: &mut Posting, answer: &Value) -> Result<(), String> {
    let job = answer
        .get("jobPostingInfo")
        .filter(|job| job.is_object())
        .ok_or("its answer has no jobPostingInfo")?;
    posting.description = values::words(job, "jobDescription").unwrap_or_default();
    posting.company = values::words(answer, "hiringOrganization");
    let places = values::each(job, "location").into_iter().chain(values::each(job, "additionalLocations"));
    let places: Vec<String> = places.collect();
    if !places.is_empty() {
        posting.places.clear();
        places.into_iter().for_each(|place| posting.add_place(place));
    }
    posting.published = values::day(job, "startDate");
    posting.closes = values::day(job, "endDate");
    posting.employment = values::words(job, "timeType").or_else(|| posting.employment.take());
    posting.mode = values::mode(job, "remoteType").or(posting.mode);
    if let Some(address) = values::words(job, "externalUrl") {
        posting.address = Some(address);
    }
    Ok(())
}

/// `firm.wd5.myworkdayjobs.com/en-US/Site`, a posting of it, and the API.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let host = url.host_str()?;
    let firm = host.strip_suffix(".myworkdayjobs.com").or_else(|| host.strip_suffix(".myworkdaysite.com"))?;
    let parts = path(url);
    if let ["wday", "cxs", tenant, site, ..] = parts.as_slice() {
        let (tenant, site) = ((*tenant).to_owned(), (*site).to_owned());
        return Some(Board::Workday { host: host.to_owned(), tenant, site });
    }
    // myworkdaysite.com has one host for all: `/recruiting/TENANT/SITE`.
    if let ["recruiting", tenant, site, ..] | [_, "recruiting", tenant, site, ..] = parts.as_slice() {
        let (tenant, site) = ((*tenant).to_owned(), (*site).to_owned());
        return Some(Board::Workday { host: host.to_owned(), tenant, site });
    }
    let is_language = |part: &&str| part.len() == 5 && part.as_bytes()[2] == b'-' || part.len() == 2;
    let site = parts.iter().find(|part| !is_language(part)).filter(|site| **site != "job")?;
    let tenant = firm.split('.').next()?.to_owned();
    Some(Board::Workday { host: host.to_owned(), tenant, site: (*site).to_owned() })
}

pub(super) fn is_payload(value: &Value) -> bool {
    value["jobPostings"].is_array() || value["jobPostingInfo"].is_object()
}
