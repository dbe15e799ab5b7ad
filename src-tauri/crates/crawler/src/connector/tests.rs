//! Each source's answer in the shape that its maker describes, read to the end of a crawl.

mod odd;

use chrono::NaiveDate;

use crate::crawl::tests::{Crawled, crawl};
use crate::{Board, Connector, Method, Mode, Posting, Request};

/// A host with these answers, each for the addresses that hold the word before it; the first that fits is given.
fn answers<'a>(all: &'a [(&'a str, &'a str)]) -> impl Fn(&Request) -> (u16, String) + 'a {
    move |request| match all.iter().find(|(word, _)| request.address.contains(word)) {
        Some((_, body)) => (200, (*body).to_owned()),
        None => (404, String::new()),
    }
}

fn slug() -> String {
    "firm".to_owned()
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// The one posting of a crawl that went well.
fn only(crawled: &Crawled) -> &Posting {
    assert!(crawled.complete && crawled.skipped.is_empty(), "{:?}", crawled.skipped);
    assert_eq!(crawled.postings.len(), 1);
    &crawled.postings[0]
}

/// The text that a reader sees.
fn text(posting: &Posting) -> String {
    crate::visible(&posting.description).text
}

const GREENHOUSE: &str = r#"{"jobs":[{"absolute_url":"https://boards.greenhouse.io/firm/jobs/127817","internal_job_id":144,
        "location":{"name":"Bengaluru; Pune"},"metadata":[{"id":1,"name":"Employment Type","value":"Intern","value_type":"single_select"}],
        "id":127817,"updated_at":"2026-10-14T10:55:28-04:00","first_published":"2026-10-01T09:00:00-04:00","requisition_id":"50",
        "title":"Backend Intern","company_name":"Firm","application_deadline":null,
        "content":"&lt;p&gt;Stipend: ₹30,000 per month &amp;amp; lunch&lt;/p&gt;","departments":[{"id":1,"name":"Engineering"}],
        "offices":[{"id":2,"name":"India"}]}],"meta":{"total":1}}"#;

const ASHBY: &str = r#"{"apiVersion":"1","jobs":[
        {"id":"f1","title":"Intern","location":"Bangalore","secondaryLocations":[{"location":"Chennai","address":{}}],
         "department":"Product","team":"Growth","isListed":true,"isRemote":true,"workplaceType":"Remote","employmentType":"Intern",
         "descriptionHtml":"<p>Join us</p>","descriptionPlain":"Join us","publishedAt":"2026-10-30T16:21:55.393+00:00",
         "jobUrl":"https://jobs.ashbyhq.com/firm/f1","compensation":{"compensationTierSummary":"₹40K per month"}},
        {"id":"f2","title":"Hidden","isListed":false}]}"#;

const SMARTRECRUITERS: &str = r#"{"offset":0,"limit":100,"totalFound":1,"content":[{"id":"744000","name":"Trainee","refNumber":"REF1",
        "company":{"identifier":"Firm","name":"Firm Group"},"releasedDate":"2026-10-08T07:00:00.000Z",
        "location":{"city":"Pune","region":"MH","country":"in","remote":false,"hybrid":true},
        "department":{"label":"R&D"},"typeOfEmployment":{"id":"intern","label":"Intern"}}]}"#;

const SMARTRECRUITERS_ONE: &str = r#"{"id":"744000","postingUrl":"https://jobs.smartrecruiters.com/Firm/744000-trainee","jobAd":{"sections":{
        "companyDescription":{"title":"Company","text":"<p>We</p>"},"jobDescription":{"title":"Job","text":"<p>You</p>"},
        "qualifications":{"title":"Qualifications","text":"<p>C++</p>"},"additionalInformation":{"title":"More","text":""}}}}"#;

const RECRUITEE: &str = r#"{"offers":[{"id":10,"slug":"intern","title":"Intern","company_name":"Firm","location":"Utrecht, Netherlands",
        "city":"Utrecht","country":"Netherlands","remote":false,"hybrid":true,"on_site":false,"department":"Tech",
        "description":"<p>Do</p>","requirements":"<p>Know</p>","careers_url":"https://firm.recruitee.com/o/intern",
        "published_at":"2026-07-10 09:00:00 UTC","close_at":"2026-12-01","employment_type_code":"internship"}]}"#;

const KEKA: &str = r#"{"0":{"id":5001,"title":"Intern","departmentName":"Engineering","publishedOn":"2026-08-13T05:00:00Z","jobType":4,
        "description":"<p>Code</p>","experience":"0-1 Years","salaryRangeFormat":"₹ 20,000 / month",
        "jobLocations":[{"city":"Hyderabad","state":"Telangana","countryName":"India"}]}}"#;

const ORACLE: &str = r#"{"items":[{"TotalJobsCount":1,"requisitionList":[{"Id":"2107","Title":"Intern","PostedDate":"2026-10-06",
        "PrimaryLocation":"Bengaluru, Karnataka, India","secondaryLocations":[{"Name":"Pune"}],"WorkplaceTypeCode":"ORA_HYBRID",
        "ShortDescriptionStr":"Short"}]}]}"#;

const ORACLE_ONE: &str = r#"{"items":[{"Id":"2107","Title":"Intern","ExternalDescriptionStr":"<p>Long</p>","ExternalQualificationsStr":"<p>Java</p>",
        "ExternalResponsibilitiesStr":"","ExternalPostedEndDate":"2026-12-31T00:00:00+00:00","JobSchedule":"Full time",
        "PrimaryLocation":"Bengaluru, Karnataka, India"}]}"#;

const EIGHTFOLD: &str = r#"{"status":200,"data":{"count":1,"positions":[{"id":1868,"name":"Intern","displayJobId":"1868",
        "locations":["Hyderabad, India"],"postedTs":1760000000,"department":"Eng","workLocationOption":"onsite"}]}}"#;

const HACKER_NEWS: &str = r#"{"id":8,"author":"whoishiring","title":"Ask HN: Who is hiring?","children":[
        {"id":81,"author":"a","created_at":"2026-11-02T15:00:00.000Z","created_at_i":1793631600,
         "text":"Firm Labs (https:&#x2F;&#x2F;firm.example) | Backend Engineer Intern | Bengaluru, India | ONSITE | Full-time<p>We map.","children":[
            {"id":82,"text":"Is this | still | open?","children":[]}]},
        {"id":83,"text":"Please state the location.","children":[]},
        {"id":84,"text":null,"children":[]}]}"#;

const LISTINGS: &str = r#"[{"id":"u1","company_name":"Firm","title":"Intern","url":"https://x.example/1","locations":["Pune"],"date_posted":1790000000,
        "active":true,"is_visible":true,"terms":["Summer 2027"]},{"id":"u2","company_name":"F","title":"I","url":"u","active":false}]"#;

#[test]
fn greenhouse() {
    let crawled = crawl(
        Board::Greenhouse { slug: slug() },
        answers(&[("/v1/boards/firm/jobs?content=true", GREENHOUSE)]),
    );
    let posting = only(&crawled);
    assert_eq!((posting.id.as_str(), posting.title.as_str()), ("127817", "Backend Intern"));
    assert_eq!(posting.places, ["Bengaluru; Pune"], "as the source writes them");
    assert_eq!((posting.published, posting.updated), (day("2026-10-01"), day("2026-10-14")));
    assert_eq!(posting.employment.as_deref(), Some("Intern"));
    assert_eq!(posting.department.as_deref(), Some("Engineering"));
    let advert = crate::read(&posting.advert(), day("2026-11-28").expect("a day"));
    assert_eq!(advert.title.map(|t| t.value).as_deref(), Some("Backend Intern"));
    assert_eq!(advert.stipend.map(|s| s.value.min), Some(Some(30_000.0)), "the text is escaped twice");
    assert_eq!(advert.posted.map(|d| d.value), day("2026-10-01"));
}

#[test]
fn lever_and_its_eu_host() {
    let job = |id: &str| {
        format!(
            r#"{{"id":"{id}","text":"Data Intern","hostedUrl":"https://jobs.eu.lever.co/firm/{id}","createdAt":1790000000000,
            "categories":{{"commitment":"Internship","department":"Data","team":"Maps","location":"Pune","allLocations":["Pune","Remote"]}},
            "workplaceType":"hybrid","description":"<div>Welcome</div>","descriptionPlain":"Welcome",
            "lists":[{{"text":"Requirements","content":"<li>SQL</li><li>Python</li>"}}],"additional":"<div>Apply soon</div>",
            "salaryRange":{{"currency":"INR","interval":"per-month-salary","min":20000,"max":30000}}}}"#
        )
    };
    let host = |request: &Request| match (
        request.address.contains("api.eu."),
        request.address.contains("skip=0&"),
    ) {
        (false, _) => (404, r#"{"ok":false,"error":"Document not found"}"#.to_owned()),
        (true, true) => (200, format!("[{}]", job("a-1"))),
        (true, false) => (200, "[]".to_owned()),
    };
    let crawled = crawl(Board::Lever { slug: slug() }, host);
    let posting = only(&crawled);
    assert_eq!(crawled.asked.len(), 3, "the global host, the EU's, and the empty page that is the end");
    assert_eq!(
        text(posting),
        "Welcome\nRequirements\n• SQL\n• Python\nApply soon",
        "requirements stand in lists"
    );
    assert_eq!((posting.mode, posting.published), (Some(Mode::Hybrid), day("2026-09-21")));
    assert_eq!(posting.pay.as_deref(), Some("INR 20000 – 30000 per month salary"));
    assert_eq!(posting.places, ["Pune", "Remote"]);
}

#[test]
fn ashby() {
    let crawled = crawl(Board::Ashby { slug: slug() }, answers(&[("posting-api/job-board/firm", ASHBY)]));
    let posting = only(&crawled);
    assert_eq!((posting.mode, posting.published), (Some(Mode::Remote), day("2026-10-30")));
    assert_eq!(posting.places, ["Bangalore", "Chennai"]);
    assert_eq!(
        (posting.employment.as_deref(), posting.pay.as_deref()),
        (Some("Intern"), Some("₹40K per month"))
    );
}

#[test]
fn smartrecruiters() {
    let board = Board::SmartRecruiters { slug: "Firm".to_owned() };
    let crawled = crawl(
        board,
        answers(&[("postings?limit", SMARTRECRUITERS), ("postings/744000", SMARTRECRUITERS_ONE)]),
    );
    let posting = only(&crawled);
    assert_eq!(text(posting), "Company\nWe\nJob\nYou\nQualifications\nC++", "an empty part has no heading");
    assert_eq!((posting.mode, posting.company.as_deref()), (Some(Mode::Hybrid), Some("Firm Group")));
    assert_eq!(posting.places, ["Pune, MH, in"]);
    assert_eq!(posting.address.as_deref(), Some("https://jobs.smartrecruiters.com/Firm/744000-trainee"));
}

#[test]
fn workable_lists_a_posting_once_for_each_place() {
    let row = |city: &str| {
        format!(
            r#"{{"title":"Intern","shortcode":"81B4","employment_type":"Internship","telecommuting":false,"department":"ML",
            "url":"https://apply.workable.com/j/81B4","published_on":"2026-09-20","created_at":"2026-09-18","country":"India",
            "city":"{city}","state":"","locations":[],"description":"<p>Train</p>","requirements":"<p>PyTorch</p>"}}"#
        )
    };
    let body = format!(r#"{{"name":"Firm","description":null,"jobs":[{},{}]}}"#, row("Chennai"), row("Pune"));
    let crawled =
        crawl(Board::Workable { slug: slug() }, answers(&[("widget/accounts/firm?details=true", &body)]));
    let posting = only(&crawled);
    assert_eq!(posting.places, ["Chennai, India", "Pune, India"]);
    assert_eq!(text(posting), "Train\nRequirements\nPyTorch");
    assert_eq!((posting.published, posting.company.as_deref()), (day("2026-09-20"), Some("Firm")));
}

#[test]
fn recruitee() {
    let crawled =
        crawl(Board::Recruitee { slug: slug() }, answers(&[("firm.recruitee.com/api/offers/", RECRUITEE)]));
    let posting = only(&crawled);
    assert_eq!((posting.published, posting.closes), (day("2026-07-10"), day("2026-12-01")));
    assert_eq!((posting.mode, text(posting).as_str()), (Some(Mode::Hybrid), "Do\nRequirements\nKnow"));
}

#[test]
fn workday() {
    let board = Board::Workday {
        host: "firm.wd5.myworkdayjobs.com".to_owned(),
        tenant: slug(),
        site: "External".to_owned(),
    };
    let row = |n: u64| {
        format!(
            r#"{{"title":"Intern {n}","externalPath":"/job/Pune/Intern-{n}_JR{n}-1","locationsText":"2 Locations","postedOn":"Posted Today","bulletFields":["JR{n}"]}}"#
        )
    };
    let host = |request: &Request| {
        if request.method == Method::Get {
            let body = r#"{"jobPostingInfo":{"id":"x","title":"Intern","jobDescription":"<p>Build</p>","location":"Pune",
                "additionalLocations":["Chennai"],"startDate":"2026-10-01","endDate":"2026-12-24","timeType":"Full time",
                "jobReqId":"JR0","remoteType":"Hybrid","externalUrl":"https://firm.wd5.myworkdayjobs.com/External/job/x"},
                "hiringOrganization":{"name":"Firm India"}}"#;
            return (200, body.to_owned());
        }
        assert_eq!(request.address, "https://firm.wd5.myworkdayjobs.com/wday/cxs/firm/External/jobs");
        let asked: serde_json::Value =
            serde_json::from_str(request.body.as_deref().unwrap_or("")).expect("JSON");
        let from = asked["offset"].as_u64().expect("an offset");
        assert_eq!(asked["limit"], 20, "more are refused");
        let rows: Vec<String> = (from..(from + 20).min(45)).map(row).collect();
        // Only the first page tells the truth.
        let total = if from == 0 { 45 } else { 0 };
        (200, format!(r#"{{"total":{total},"jobPostings":[{}]}}"#, rows.join(",")))
    };
    let crawled = crawl(board.clone(), host);
    assert_eq!((crawled.postings.len(), crawled.complete), (45, true), "{:?}", crawled.skipped);
    let posting = &crawled.postings[0];
    assert_eq!(posting.id, "JR0-1", "the requisition, not the path");
    assert_eq!(posting.places, ["Pune", "Chennai"]);
    assert_eq!(
        (posting.published, posting.closes),
        (day("2026-10-01"), day("2026-12-24")),
        "“Posted Today” is no date"
    );
    assert_eq!((posting.mode, posting.company.as_deref()), (Some(Mode::Hybrid), Some("Firm India")));
    let large = crawl(board, |request| match request.method {
        Method::Get => (404, String::new()),
        Method::Post => {
            let asked: serde_json::Value =
                serde_json::from_str(request.body.as_deref().unwrap_or("")).expect("JSON");
            let from = asked["offset"].as_u64().expect("an offset");
            let rows: Vec<String> = (from..from + 20).map(row).collect();
            (200, format!(r#"{{"total":2000,"jobPostings":[{}]}}"#, rows.join(",")))
        }
    });
    assert_eq!(
        (large.postings.len(), large.complete),
        (2000, false),
        "what lies behind two thousand is not shown"
    );
}

#[test]
fn keka() {
    let portal = r#"{"name":"Firm","careersBackgroundPath":"/ats/documents/0bdc40eb-1cda-4070-83e9-cd5c222a6399/careerportal/a.png"}"#;
    let board = || Board::Keka { slug: slug() };
    let all = [
        ("careerportalinfo", portal),
        ("embedjobs/default/active/0bdc40eb-1cda-4070-83e9-cd5c222a6399", KEKA),
    ];
    let crawled = crawl(board(), answers(&all));
    let posting = only(&crawled);
    assert_eq!(posting.places, ["Hyderabad, Telangana, India"]);
    assert_eq!(
        (posting.published, text(posting).as_str()),
        (day("2026-08-13"), "Experience: 0-1 Years\nCode")
    );
    assert_eq!(posting.employment, None, "a number without a meaning is not stated");
    assert!(crawl(board(), answers(&[("careerportalinfo", portal), ("embedjobs", "[]")])).complete);
    assert!(!crawl(board(), answers(&[("careerportalinfo", "{}")])).complete);
}

#[test]
fn personio() {
    let body = r#"<?xml version="1.0" encoding="UTF-8"?><workzag-jobs><position><id>77</id><subcompany>Firm GmbH</subcompany>
        <office>Munich</office><additionalOffices><office>Bengaluru</office></additionalOffices><department>Data</department>
        <name>Intern &amp; Student</name><jobDescriptions><jobDescription><name>Your tasks</name>
        <value><![CDATA[<ul><li>Forecast</li></ul>]]></value></jobDescription></jobDescriptions><employmentType>intern</employmentType>
        <schedule>full-time</schedule><createdAt>2026-09-02T10:00:00+00:00</createdAt></position>
        <position><id>78</id></position></workzag-jobs>"#;
    let crawled = crawl(Board::Personio { slug: slug() }, answers(&[("firm.jobs.personio.com/xml", body)]));
    assert_eq!(crawled.ids(), ["77"], "the page ending in .com is asked when the other is not there");
    assert_eq!(crawled.skipped[0].id.as_deref(), Some("78"));
    assert!(crawled.complete, "a posting without a title is listed still");
    let posting = &crawled.postings[0];
    assert_eq!(
        (posting.title.as_str(), posting.employment.as_deref()),
        ("Intern & Student", Some("intern, full-time"))
    );
    assert_eq!(
        (posting.places.join("; "), posting.published),
        ("Munich; Bengaluru".to_owned(), day("2026-09-02"))
    );
    assert_eq!(text(posting), "Your tasks\n• Forecast");
    for broken in [
        &body[..400],
        "<html><body>Gone</body></html>",
        &"<a>".repeat(100_000),
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
    ] {
        let crawled = crawl(Board::Personio { slug: slug() }, |_| (200, broken.to_owned()));
        assert!(!crawled.complete && crawled.postings.is_empty());
    }
}

#[test]
fn oracle() {
    let board = Board::Oracle { host: "abcd.fa.us2.oraclecloud.com".to_owned(), site: "CX_1".to_owned() };
    let all = [("findReqs;siteNumber=CX_1,", ORACLE), ("ById;Id=%222107%22,siteNumber=CX_1", ORACLE_ONE)];
    let crawled = crawl(board, answers(&all));
    let posting = only(&crawled);
    assert_eq!(posting.places, ["Bengaluru, Karnataka, India", "Pune"]);
    assert_eq!((posting.published, posting.closes), (day("2026-10-06"), day("2026-12-31")));
    assert_eq!((posting.mode, text(posting).as_str()), (Some(Mode::Hybrid), "Long\nQualifications\nJava"));
}

#[test]
fn eightfold_by_either_interface() {
    let older = r#"{"count":1,"positions":[{"id":1868,"name":"Intern","location":"Hyderabad, India","t_create":1760000000,
        "t_update":1761000000,"work_location_option":"onsite","canonicalPositionUrl":"https://careers.firm.example/careers/job/1868"}]}"#;
    let board =
        || Board::Eightfold { host: "careers.firm.example".to_owned(), domain: "firm.example".to_owned() };
    let first = crawl(
        board(),
        answers(&[
            ("/api/pcsx/search?domain=firm.example", EIGHTFOLD),
            ("position_details", r#"{"data":{"jobDescription":"<p>A</p>"}}"#),
        ]),
    );
    let second = crawl(
        board(),
        answers(&[
            ("/api/pcsx/search", r#"{"message":"Not authorized for PCSX"}"#),
            ("/v2/jobs?domain", older),
            ("/v2/jobs/1868", r#"{"id":1868,"job_description":"<p>A</p>"}"#),
        ]),
    );
    for crawled in [first, second] {
        let posting = only(&crawled);
        assert_eq!((posting.id.as_str(), posting.description.as_str()), ("1868", "<p>A</p>"));
        assert_eq!((posting.published, posting.mode), (day("2025-10-09"), Some(Mode::Office)));
        assert_eq!(posting.places, ["Hyderabad, India"]);
    }
}

#[test]
fn hacker_news() {
    let search = r#"{"hits":[{"objectID":"9","title":"Ask HN: Who wants to be hired? (November 2026)"},
        {"objectID":"8","title":"Ask HN: Who is hiring? (November 2026)"}]}"#;
    let crawled = crawl(
        Board::HackerNews { thread: None },
        answers(&[("search_by_date", search), ("items/8", HACKER_NEWS)]),
    );
    assert_eq!(crawled.ids(), ["81"], "answers to adverts are no adverts");
    assert!(crawled.complete);
    assert_eq!(crawled.skipped[0].id.as_deref(), Some("83"));
    let posting = &crawled.postings[0];
    assert_eq!(
        (posting.company.as_deref(), posting.title.as_str()),
        (Some("Firm Labs"), "Backend Engineer Intern")
    );
    assert_eq!((posting.places.join(";"), posting.mode), ("Bengaluru, India".to_owned(), Some(Mode::Office)));
    assert_eq!((posting.employment.as_deref(), posting.published), (Some("Full-time"), day("2026-11-02")));
}

#[test]
fn feeds_of_three_kinds() {
    let rss = r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Jobs at Firm</title>
        <item><title>Intern &#8211; R&amp;D</title><link>https://firm.example/j/1?utm_source=x</link><guid isPermaLink="false">job-1</guid>
        <pubDate>Tue, 20 Oct 2026 10:00:00 +0530</pubDate><description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded></item>
        <item><title>No id</title></item></channel></rss>"#;
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Remote work</title><entry><title>Intern at Firm</title>
        <link rel="alternate" href="https://firm.example/j/1"/><id>tag:firm.example,2026:1</id><published>2026-10-20T10:00:00Z</published>
        <updated>2026-10-21T10:00:00Z</updated><content type="html">&lt;p&gt;Long&lt;/p&gt;</content></entry></feed>"#;
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Work","items":[{"id":1,"url":"https://firm.example/j/1",
        "title":"Firm: Intern","content_html":"<p>Long</p>","date_published":"2026-10-20T10:00:00+05:30"}]}"#;
    for (body, id, title) in
        [(rss, "job-1", "Intern – R&D"), (atom, "tag:firm.example,2026:1", "Intern"), (json, "1", "Intern")]
    {
        let crawled = crawl(Board::Feed { address: "https://firm.example/feed".to_owned() }, |_| {
            (200, body.to_owned())
        });
        assert!(!crawled.complete, "what fell out of a feed is not closed");
        let posting = &crawled.postings[0];
        assert_eq!((posting.id.as_str(), posting.title.as_str()), (id, title));
        assert_eq!((posting.company.as_deref(), posting.published), (Some("Firm"), day("2026-10-20")));
        assert_eq!(text(posting), "Long");
        assert!(posting.address.as_deref().is_some_and(|a| a.starts_with("https://firm.example/j/1")));
    }
}

#[test]
fn lists_of_communities() {
    let markdown = "# List\n\n| Company | Role | Location | Application/Link | Date Posted |\n| ------- | ---- | :--: | --- | --- |\n\
        | **[Firm](https://firm.example)** | Intern 🛂 | Pune</br>Remote | <a href=\"https://jobs.lever.co/firm/1?utm_source=GH&ref=Simplify\"><img src=\"https://i.example/a.png\" alt=\"Apply\"></a> | Nov 12 |\n\
        | ↳ | SDE \\| ML Intern | **2 locations**<br>Chennai<br>Delhi | [Apply](https://jobs.lever.co/firm/2) | 2026-11-10 |\n\
        | Other | Closed Intern | Pune | 🔒 | Nov 1 |\n| Third | Odd Intern | Pune | soon | Nov 1 |\n\n| Legend | Meaning |\n|--|--|\n| 🛂 | visa |\n";
    let board = || Board::List { address: "https://raw.githubusercontent.com/o/l/dev/README.md".to_owned() };
    let crawled = crawl(board(), |_| (200, markdown.to_owned()));
    let rows: Vec<_> = crawled
        .postings
        .iter()
        .map(|p| (p.company.as_deref(), p.title.as_str(), p.places.join(";")))
        .collect();
    let expected = [
        (Some("Firm"), "Intern", "Pune;Remote".to_owned()),
        (Some("Firm"), "SDE | ML Intern", "Chennai;Delhi".to_owned()),
    ];
    assert_eq!(rows, expected);
    assert_eq!(
        (crawled.postings[0].published, crawled.postings[1].published),
        (None, day("2026-11-10")),
        "no year is guessed"
    );
    assert_eq!(crawled.skipped.len(), 1, "a row without link is told of, a closed one is not listed");
    let again = markdown.replace("utm_source=GH&ref=Simplify", "utm_source=other");
    assert_eq!(
        crawl(board(), |_| (200, again.clone())).postings[0].id,
        crawled.postings[0].id,
        "tracking is no identity"
    );
    let html = "<table><thead><tr><th>Company</th><th>Role</th><th>Location</th><th>Application</th></tr></thead>\
        <tr><td><strong>Firm</strong></td><td>Intern</td><td>Pune</td><td><a href=\"https://jobs.lever.co/firm/1\">Apply</a></td></tr></table>";
    assert_eq!(crawl(board(), |_| (200, html.to_owned())).postings[0].title, "Intern");
    let crawled = crawl(board(), |_| (200, LISTINGS.to_owned()));
    let posting = only(&crawled);
    assert_eq!((posting.id.as_str(), posting.description.as_str()), ("u1", "Terms: Summer 2027"));
    assert!(!crawl(board(), |_| (200, "# Nothing here".to_owned())).complete);
}

#[test]
fn pages_with_linked_data_and_maps_of_them() {
    let job = |n: u32| {
        format!(
            r#"<html><head><SCRIPT type="application/ld+json">{{"@context":"https://schema.org/","@graph":[{{"@type":["JobPosting"],"title":"Intern {n}",
            "identifier":{{"@type":"PropertyValue","name":"Firm","value":"R-{n}"}},"datePosted":"2026-10-01","validThrough":"2026-12-31T23:59",
            "employmentType":["INTERN","FULL_TIME"],"hiringOrganization":{{"@type":"Organization","name":"Firm &amp; Co"}},
            "jobLocation":[{{"@type":"Place","address":{{"addressLocality":"Pune","addressRegion":"MH","addressCountry":{{"name":"India"}}}}}}],
            "baseSalary":{{"@type":"MonetaryAmount","currency":"INR","value":{{"minValue":15000,"maxValue":20000,"unitText":"MONTH"}}}},
            "description":"<p>Build
            things</p>","qualifications":"SQL"}}]}}</SCRIPT></head><body>Apply</body></html>"#
        )
    };
    let index = "<?xml version=\"1.0\"?><sitemapindex><sitemap><loc>https://firm.example/map-blog.xml</loc></sitemap>\
        <sitemap><loc>https://firm.example/map-jobs.xml</loc></sitemap><sitemap><loc>https://evil.example/jobs.xml</loc></sitemap></sitemapindex>";
    let map = "<urlset><url><loc>https://firm.example/jobs/1</loc><lastmod>2026-01-01</lastmod></url>\
        <url><loc>https://careers.firm.example/jobs/2</loc></url><url><loc>https://firm.example/jobs/gone</loc></url>\
        <url><loc>https://evil.example/jobs/3</loc></url><url><loc>https://firm.example/blog/4</loc></url></urlset>";
    let board = |address: &str| Board::Page { address: address.to_owned() };
    let (one, two) = (job(1), job(2));
    let all = [
        ("sitemap.xml", index),
        ("map-jobs", map),
        ("jobs/1", &one),
        ("jobs/2", &two),
        ("/careers", "<html>Join us</html>"),
    ];
    let crawled = crawl(board("https://firm.example/careers"), answers(&all));
    assert!(crawled.complete, "{:?}", crawled.skipped);
    assert!(
        crawled.asked.iter().all(|r| !r.address.contains("evil") && !r.address.contains("blog")),
        "{:?}",
        crawled.asked
    );
    let posting =
        crawled.postings.iter().find(|p| p.id == "R-1").expect("the employer's own number is the id");
    assert_eq!((posting.published, posting.closes), (day("2026-10-01"), day("2026-12-31")));
    assert_eq!(
        (posting.places.join(";"), posting.company.as_deref()),
        ("Pune, MH, India".to_owned(), Some("Firm & Co"))
    );
    assert_eq!(posting.pay.as_deref(), Some("INR 15000 – 20000 per month"));
    assert_eq!(posting.employment.as_deref(), Some("INTERN, FULL_TIME"));
    assert!(text(posting).ends_with("Qualifications\nSQL"), "{}", text(posting));
    let single = crawl(board("https://firm.example/jobs/1"), answers(&all));
    assert_eq!(
        (single.ids(), single.asked.len(), single.complete),
        (vec!["R-1"], 1, true),
        "a posting's own page is enough"
    );
    let items = r#"<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"url":"/jobs/1"},
        {"@type":"ListItem","item":{"url":"https://evil.example/jobs/3"}}]}</script>"#;
    let listed = crawl(board("https://firm.example/open"), answers(&[("/open", items), ("jobs/1", &one)]));
    assert_eq!((listed.ids(), listed.complete), (vec!["R-1"], true));
    let nothing =
        crawl(board("https://firm.example/careers"), answers(&[("/careers", "<html>Join us</html>")]));
    assert!(!nothing.complete, "a page that needs a browser is not a page without openings");
    assert!(nothing.gaps()[0].contains("paste"), "{:?}", nothing.gaps());
}
