//! Which board an address, a catalogue entry or a saved answer is of.

use super::*;

fn check(address: &str, expected: Option<Board>) {
    assert_eq!(Board::recognise(address), expected, "{address}");
}

fn slug(text: &str) -> String {
    text.to_owned()
}

#[test]
fn addresses_that_people_paste() {
    let greenhouse = || Some(Board::Greenhouse { slug: slug("firm") });
    check("https://boards.greenhouse.io/firm", greenhouse());
    check("https://job-boards.greenhouse.io/firm/jobs/4001?gh_src=x", greenhouse());
    check("job-boards.eu.greenhouse.io/firm", greenhouse());
    check("https://boards.greenhouse.io/embed/job_board?for=firm&b=https%3A%2F%2Ffirm.example", greenhouse());
    check("https://boards-api.greenhouse.io/v1/boards/firm/jobs", greenhouse());
    check(" https://jobs.lever.co/firm/5ac21346-8e0c/apply ", Some(Board::Lever { slug: slug("firm") }));
    check("https://jobs.eu.lever.co/Firm", Some(Board::Lever { slug: slug("Firm") }));
    check("https://api.lever.co/v0/postings/firm?mode=json", Some(Board::Lever { slug: slug("firm") }));
    check("https://jobs.ashbyhq.com/firm/1c2d", Some(Board::Ashby { slug: slug("firm") }));
    check("https://jobs.ashbyhq.com/Firm%20Labs", Some(Board::Ashby { slug: slug("Firm Labs") }));
    check(
        "https://careers.smartrecruiters.com/FirmGroup",
        Some(Board::SmartRecruiters { slug: slug("FirmGroup") }),
    );
    check(
        "https://jobs.smartrecruiters.com/FirmGroup/74400",
        Some(Board::SmartRecruiters { slug: slug("FirmGroup") }),
    );
    check("https://apply.workable.com/firm/j/0A1B/", Some(Board::Workable { slug: slug("firm") }));
    check(
        "https://apply.workable.com/api/v1/widget/accounts/firm",
        Some(Board::Workable { slug: slug("firm") }),
    );
    check("https://firm.recruitee.com/o/intern", Some(Board::Recruitee { slug: slug("firm") }));
    check("https://firm.keka.com/careers/jobdetails/9", Some(Board::Keka { slug: slug("firm") }));
    check("https://firm.jobs.personio.de/job/1?language=en", Some(Board::Personio { slug: slug("firm") }));
    check("firm.jobs.personio.com", Some(Board::Personio { slug: slug("firm") }));
    let workday = || {
        let host = slug("firm.wd5.myworkdayjobs.com");
        Some(Board::Workday { host, tenant: slug("firm"), site: slug("External") })
    };
    check("https://firm.wd5.myworkdayjobs.com/External", workday());
    check("https://firm.wd5.myworkdayjobs.com/en-US/External/job/Pune/Intern_JR1", workday());
    check("https://firm.wd5.myworkdayjobs.com/wday/cxs/firm/External/jobs", workday());
    check(
        "https://wd5.myworkdaysite.com/en-US/recruiting/firm/External",
        Some(Board::Workday {
            host: slug("wd5.myworkdaysite.com"),
            tenant: slug("firm"),
            site: slug("External"),
        }),
    );
    check(
        "https://abcd.fa.us2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1/job/42",
        Some(Board::Oracle { host: slug("abcd.fa.us2.oraclecloud.com"), site: slug("CX_1") }),
    );
    check(
        "https://firm.eightfold.ai/careers?domain=firm.org&start=10",
        Some(Board::Eightfold { host: slug("firm.eightfold.ai"), domain: slug("firm.org") }),
    );
    check(
        "https://careers.firm.example/careers?domain=firm.example",
        Some(Board::Eightfold { host: slug("careers.firm.example"), domain: slug("firm.example") }),
    );
    check("https://news.ycombinator.com/item?id=45", Some(Board::HackerNews { thread: Some(45) }));
    check("https://news.ycombinator.com/submitted?id=whoishiring", Some(Board::HackerNews { thread: None }));
    let list =
        |path: &str| Some(Board::List { address: format!("https://raw.githubusercontent.com/{path}") });
    check("https://github.com/owner/list", list("owner/list/HEAD/README.md"));
    check("https://github.com/owner/list/blob/dev/docs/jobs.md?plain=1", list("owner/list/dev/docs/jobs.md"));
    check("https://raw.githubusercontent.com/owner/list/dev/l.json", list("owner/list/dev/l.json"));
    check(
        "https://firm.example/jobs.rss",
        Some(Board::Feed { address: slug("https://firm.example/jobs.rss") }),
    );
    check(
        "https://firm.example/careers/feed/",
        Some(Board::Feed { address: slug("https://firm.example/careers/feed/") }),
    );
    check(
        "https://firm.example/careers#open",
        Some(Board::Page { address: slug("https://firm.example/careers") }),
    );
    check(
        "firm.example/sitemap.xml",
        Some(Board::Page { address: slug("https://firm.example/sitemap.xml") }),
    );
}

#[test]
fn what_is_no_address_of_a_board() {
    for text in [
        "",
        "jobs",
        "me@firm.example",
        "data scientist pune",
        "ftp://firm.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://me:secret@firm.example",
        "http://localhost/jobs",
        "https://in.linkedin.com/jobs/view/1",
        "linkedin.com/jobs",
        "https://www.naukri.com/job-listings-1",
    ] {
        check(text, None);
    }
    assert!(matches!(Board::recognise("https://greenhouse.io.evil.example/firm"), Some(Board::Page { .. })));
    assert!(matches!(Board::recognise("https://a.b.keka.com.evil.example/"), Some(Board::Page { .. })));
}

#[test]
fn sites_that_are_left_alone_say_why() {
    let site =
        elsewhere::not_crawled("https://in.indeed.com/viewjob?jk=1").expect("Indeed's terms forbid it");
    assert_eq!(site.name, "Indeed");
    for site in elsewhere::sites() {
        assert!(
            site.why.ends_with('.') && !site.domains.is_empty(),
            "{}: the user is shown the reason",
            site.name
        );
    }
    assert_eq!(elsewhere::not_crawled("https://notlinkedin.com/jobs"), None);
    assert_eq!(elsewhere::not_crawled("https://x.com.firm.example"), None);
}

#[test]
fn every_entry_of_the_catalogue_is_a_board() {
    #[derive(Deserialize)]
    struct Catalogue {
        board: Vec<toml::Table>,
    }
    let catalogue: Catalogue = toml::from_str(include_str!("../../data/boards.toml")).expect("a catalogue");
    let mut keys = std::collections::HashSet::new();
    for entry in &catalogue.board {
        let board: Board = entry.clone().try_into().unwrap_or_else(|e| panic!("{entry}: {e}"));
        assert!(keys.insert((board.connector(), board.key())), "{board:?} is there twice");
        let first = crate::Crawl::new(board.clone()).1;
        let url = url::Url::parse(&first.address).unwrap_or_else(|e| panic!("{}: {e}", first.address));
        assert_eq!(url.scheme(), "https", "{board:?}");
        assert!(
            elsewhere::not_crawled(&first.address).is_none(),
            "{board:?} is of a site that is left alone"
        );
        let text = toml::to_string(&board).expect("a board is stored");
        assert_eq!(toml::from_str::<Board>(&text).expect("and read again"), board);
    }
    assert!(catalogue.board.len() >= 200);
}

#[test]
fn boards_that_a_careers_page_embeds() {
    let html = r#"<a href="/about">About</a><script src="https://boards.greenhouse.io/embed/job_board/js?for=firm"></script>
        <a href='https://jobs.lever.co/firm/1'>Intern</a> <a href="https://jobs.lever.co/firm/2">Other</a>
        <a href="https://www.linkedin.com/company/firm">us</a> <a href="https://github.com/firm/code">code</a>"#;
    assert_eq!(
        Board::linked(html),
        [Board::Greenhouse { slug: slug("firm") }, Board::Lever { slug: slug("firm") }]
    );
}
