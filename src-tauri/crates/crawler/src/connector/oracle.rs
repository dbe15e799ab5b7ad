//! Oracle Recruiting Cloud's candidate experience: pages of a list by a finder, and an answer of its own for each
//! posting. Its maker lists it, without the fields, among what its own pages use:
//! <https://docs.oracle.com/en/cloud/saas/human-resources/23d/farws/api-recruiting-ce-job-requisitions.html>

use serde_json::Value;
use url::Url;

use super::{Listed, Row, escaped, filled_by, json, path, sections};
use crate::board::Board;
use crate::crawl::Request;
use crate::posting::Posting;

/// Postings a request; a host that gives fewer is asked on from where it stopped.
const PAGE: u64 = 50;

pub(super) fn first(host: &str, site: &str) -> Request {
    page(host, site, 0)
}

fn page(host: &str, site: &str, from: u64) -> Request {
    let site = escaped(site);
    Request::get(format!(
        "https://{host}/hcmRestApi/resources/latest/recruitingCEJobRequisitions?onlyData=true\
         &expand=requisitionList.secondaryLocations\
         &finder=findReqs;siteNumber={site},limit={PAGE},offset={from},sortBy=POSTING_DATES_DESC"
    ))
    .after(from)
}

pub(super) fn read(
    board: &Board,
    host: &str,
    site: &str,
    asked: &Request,
    answer: &Value,
) -> Result<Listed, String> {
    let found = json::at(answer, "items.0");
    // A saved answer may be that of one posting.
    if !found["ExternalDescriptionStr"].is_null() {
        return Ok(Listed::rows(vec![
            posting(board, host, site, found).map(|row| filled_by(fill, row, answer)),
        ]));
    }
    let list = found["requisitionList"].as_array().ok_or("its answer has no requisitionList")?;
    let total = json::count(found, "TotalJobsCount");
    let rows: Vec<Row> = list.iter().map(|job| posting(board, host, site, job)).collect();
    let end = asked.from + rows.len() as u64;
    let more = !rows.is_empty() && total.is_none_or(|total| end < total);
    let next = more.then(|| page(host, site, end)).into_iter().collect();
    Ok(Listed { next, total, ..Listed::rows(rows) })
}

fn posting(board: &Board, host: &str, site: &str, job: &Value) -> Row {
    let mut posting = json::begun(board, job, "Id", "Title")?;
    let id = escaped(&posting.id);
    posting.address = Some(format!("https://{host}/hcmUI/CandidateExperience/en/sites/{site}/job/{id}"));
    state(&mut posting, job);
    posting.description = json::words(job, "ShortDescriptionStr").unwrap_or_default();
    let site = escaped(site);
    posting.ask(Request::get(format!(
        "https://{host}/hcmRestApi/resources/latest/recruitingCEJobRequisitionDetails?expand=all&onlyData=true\
         &finder=ById;Id=%22{id}%22,siteNumber={site}"
    )));
    Ok(posting)
}

/// What the list and a posting's own answer both state.
fn state(posting: &mut Posting, job: &Value) {
    let others = json::list(job, "secondaryLocations").iter().filter_map(|place| json::words(place, "Name"));
    for place in json::each(job, "PrimaryLocation").into_iter().chain(others) {
        posting.add_place(place);
    }
    posting.mode =
        json::mode(job, "WorkplaceTypeCode").or_else(|| json::mode(job, "WorkplaceType")).or(posting.mode);
    posting.employment = json::words(job, "JobType").or_else(|| json::words(job, "JobSchedule"));
    posting.department = json::words(job, "JobFamily").or_else(|| json::words(job, "Category"));
    let published = json::day(job, "PostedDate").or_else(|| json::day(job, "ExternalPostedStartDate"));
    posting.published = published.or(posting.published);
    let closes = json::day(job, "PostingEndDate").or_else(|| json::day(job, "ExternalPostedEndDate"));
    posting.closes = closes.or(posting.closes);
}

pub(super) fn fill(posting: &mut Posting, answer: &Value) -> Result<(), String> {
    let job = json::at(answer, "items.0");
    if !job.is_object() {
        return Err("its answer has no posting".to_owned());
    }
    state(posting, job);
    posting.description = sections([
        (None, json::words(job, "ExternalDescriptionStr")),
        (Some("Responsibilities"), json::words(job, "ExternalResponsibilitiesStr")),
        (Some("Qualifications"), json::words(job, "ExternalQualificationsStr")),
    ]);
    Ok(())
}

/// `firm.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/SITE`, also under a host of the company's own.
pub(super) fn recognise(url: &Url) -> Option<Board> {
    let host = url.host_str()?;
    let parts = path(url);
    let at = parts.iter().position(|part| *part == "CandidateExperience")?;
    let sites = parts.iter().skip(at).position(|part| *part == "sites")?;
    let site = parts.get(at + sites + 1)?;
    Some(Board::Oracle { host: host.to_owned(), site: (*site).to_owned() })
}

pub(super) fn is_payload(value: &Value) -> bool {
    let first = json::at(value, "items.0");
    first["requisitionList"].is_array() || !first["ExternalDescriptionStr"].is_null()
}
