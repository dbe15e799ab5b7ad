//! `jobs board`: what a job board lists, from the terminal, against boards of this machine.

use internflow_tests::{Cli, FakeBoards};
use serde_json::{Value, json};

/// Looks at a board; the exit status and what was said.
fn look(boards: &FakeBoards, address: &str) -> (i32, Value, String) {
    let cli = Cli::new();
    let ran = cli.run(&["jobs", "board", address, "--format", "json", "--through", &boards.base]);
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_default(), ran.err)
}

const TARANGINI: &str = "https://boards.greenhouse.io/taranginirobotics";

#[test]
fn a_board_is_read_by_any_address_of_it() {
    let boards = FakeBoards::start();
    let (code, found, err) = look(&boards, TARANGINI);
    assert_eq!(code, 0, "{err}");
    assert_eq!((&found["connector"], &found["complete"]), (&json!("greenhouse"), &json!(true)), "{found:#}");
    let titles = |found: &Value| -> Vec<String> {
        let postings = found["postings"].as_array().expect("postings").iter();
        postings.map(|posting| posting["title"].as_str().expect("a title").to_owned()).collect()
    };
    assert!(!titles(&found).is_empty());
    let told = boards.control("postings", &json!({}));
    let own =
        told["postings"].as_array().expect("postings").iter().filter(|one| one["company"] == "tarangini");
    let mut own: Vec<&str> = own.map(|one| one["title"].as_str().expect("a title")).collect();
    let mut read = titles(&found);
    own.sort_unstable();
    read.sort_unstable();
    assert_eq!(read, own, "each opening of the company, and none twice");

    let log = boards.control("log", &json!({ "clear": false }));
    let asked = log["requests"].as_array().expect("what was asked");
    assert!(
        asked[0]["path"].as_str().is_some_and(|path| path == "/robots.txt"),
        "its rules come first: {log:#}"
    );
    assert!(
        asked
            .iter()
            .all(|one| one["user_agent"].as_str().is_some_and(|agent| agent.starts_with("InternFlow/"))),
        "a host must know who asks: {log:#}"
    );
}

#[test]
fn boards_of_other_makers_are_read_as_well() {
    let boards = FakeBoards::start();
    std::thread::scope(|scope| {
        for (address, connector) in [
            ("https://jobs.lever.co/mitrakosh", "lever"),
            ("https://jobs.ashbyhq.com/quillfern", "ashby"),
            ("https://nakshadeep.recruitee.com", "recruitee"),
            ("https://quillfern.jobs.personio.de", "personio"),
        ] {
            let boards = &boards;
            scope.spawn(move || {
                let (code, found, err) = look(boards, address);
                assert_eq!(code, 0, "{address}: {err}");
                assert_eq!(found["connector"], connector, "{found:#}");
                let postings = found["postings"].as_array().expect("postings");
                assert!(!postings.is_empty(), "{address}: {found:#}");
            });
        }
    });
}

#[test]
fn a_board_in_trouble_is_said_to_be_and_not_empty() {
    let boards = FakeBoards::start();
    for (fault, words) in [
        (json!({ "kind": "gone" }), "404"),
        (json!({ "kind": "truncated" }), "broke off"),
        (json!({ "kind": "bomb" }), "sent more than"),
        (json!({ "kind": "private" }), "not encrypted"),
        (json!({ "kind": "limited", "seconds": 7200 }), "come back in 120 minutes"),
    ] {
        let mut order = fault.clone();
        order["board"] = json!("greenhouse");
        boards.control("fault", &order);
        let (code, found, err) = look(&boards, TARANGINI);
        assert_eq!(code, 1, "{fault}: nothing read is not the same as no openings: {found:#} {err}");
        assert_eq!(found["complete"], false, "{found:#}");
        let skipped = found["skipped"].to_string();
        assert!(skipped.contains(words), "{fault} should say `{words}`: {skipped}");
        boards.control("fault", &json!({ "clear": true }));
    }
    boards.control("fault", &json!({ "board": "greenhouse", "kind": "limited", "seconds": 1, "times": 1 }));
    let (code, found, err) = look(&boards, TARANGINI);
    assert_eq!((code, &found["complete"]), (0, &json!(true)), "it waits as long as it is asked to: {err}");
}

#[test]
fn what_asks_not_to_be_read_is_not_read() {
    let boards = FakeBoards::start();
    let rules = json!({ "host": "boards-api.greenhouse.io", "text": "User-agent: *\nDisallow: /v1/" });
    boards.control("robots", &rules);
    let (code, found, _) = look(&boards, TARANGINI);
    assert_eq!(code, 1);
    assert!(found["skipped"].to_string().contains("robots.txt"), "{found:#}");
    let log = boards.control("log", &json!({ "clear": false }));
    let paths: Vec<&str> =
        log["requests"].as_array().expect("a log").iter().filter_map(|one| one["path"].as_str()).collect();
    assert_eq!(paths, ["/robots.txt"], "nothing else was asked");

    for address in ["https://www.linkedin.com/jobs/view/1", "https://internshala.com/internships"] {
        let (code, _, err) = look(&boards, address);
        assert_eq!(code, 1);
        assert!(err.contains("copy its text and paste that"), "says what to do instead: {err}");
    }
    for address in ["", "not an address", "ftp://a.example"] {
        let (code, _, err) = look(&boards, address);
        assert_eq!(code, 1, "{address:?}");
        assert!(err.contains("Paste the address of the company's careers page"), "{address:?}: {err}");
    }
}

#[test]
fn no_board_is_looked_for_behind_the_router() {
    for address in [
        "https://10.0.0.1/careers",
        "https://127.0.0.1:8443/jobs",
        "https://[::1]/jobs",
        "https://169.254.169.254/",
    ] {
        let ran = Cli::new().run(&["jobs", "board", address, "--format", "json"]);
        let found: Value = serde_json::from_str(&ran.out).unwrap_or_default();
        assert_eq!(ran.code, 1, "{address}: {}", ran.out);
        let said = format!("{}{}", found["skipped"], ran.err);
        assert!(
            said.contains("private network") || said.contains("no web address"),
            "{address}: a page of strangers must not make us ask machines in here: {said}"
        );
    }
}
