//! Boards that are followed: what crawls keep of them, what becomes of openings, and what the student does with these.

use internflow_tests::{Cli, FakeBoards, Served};
use serde_json::{Value, json};

const BOARDS: [&str; 3] = [
    "https://boards.greenhouse.io/taranginirobotics",
    "https://jobs.lever.co/mitrakosh",
    "https://jobs.ashbyhq.com/quillfern",
];

/// The app, with boards to follow that are all on this machine.
struct Desk {
    boards: FakeBoards,
    served: Served,
    _cli: Cli,
}

impl Desk {
    /// Follows these boards, which are read at once.
    fn with(addresses: &[&str]) -> Self {
        let boards = FakeBoards::start();
        let cli = Cli::new();
        let mut command = cli.command(&["serve", "--port", "0"]);
        command.env("INTERNFLOW_BOARDS_THROUGH", &boards.base);
        let served = Served::of(command);
        for address in addresses {
            served.call("job_board_add", json!({ "address": address })).expect("it is followed");
        }
        served.until("activity_tasks", &json!({}), |tasks| {
            let crawls = || tasks.as_array().into_iter().flatten().filter(|task| task["kind"] == "crawl");
            crawls().count() >= addresses.len() && crawls().all(|task| task["state"] == "done")
        });
        Self { boards, served, _cli: cli }
    }

    fn call(&self, name: &str, args: Value) -> Value {
        self.served.call(name, args.clone()).unwrap_or_else(|error| panic!("{name} {args}: {error}"))
    }

    fn crawl(&self) -> Value {
        let task = self.call("job_crawl", json!({}));
        let ended = self.served.ended(&task["id"]);
        assert_eq!(ended["state"], "done", "{ended:#}");
        self.call("job_boards", json!({}))
    }

    /// Openings, as title and company.
    fn listed(&self, show: &str) -> Vec<Value> {
        let asked = json!({ "show": show, "text": "", "kind": null, "remote": false });
        self.call("job_list", asked)["jobs"].as_array().expect("openings").clone()
    }

    fn titled(&self, show: &str, title: &str) -> Value {
        let jobs = self.listed(show);
        let found = jobs.iter().find(|job| job["title"] == title);
        found.unwrap_or_else(|| panic!("no {title} is {show}: {jobs:#?}")).clone()
    }

    /// Something that a board lists, with its key there.
    fn posted(&self, company: &str) -> (Value, String) {
        let told = self.boards.control("postings", &json!({}));
        let all = told["postings"].as_array().expect("postings");
        let one = all.iter().find(|one| one["company"] == company).expect("it lists something");
        (one["key"].clone(), one["title"].as_str().expect("a title").to_owned())
    }
}

#[test]
fn what_boards_list_is_kept_and_closed_only_when_it_is_gone() {
    let desk = Desk::with(&BOARDS[..1]);
    let (key, title) = desk.posted("tarangini");
    let first = desk.titled("open", &title);
    assert_eq!(first["company"], "Tarangini Robotics");

    desk.boards.control("close", &json!({ "key": key }));
    desk.boards.control("fault", &json!({ "board": "greenhouse", "kind": "gone" }));
    desk.crawl();
    desk.titled("open", &title);
    desk.boards.control("fault", &json!({ "clear": true }));
    let board = desk.call("job_boards", json!({}))[0].clone();
    assert_eq!(board["circuit"]["state"], "open", "a board that is not there is left alone: {board:#}");
    let task = desk.call("job_board_retry", json!({ "id": board["id"] }));
    desk.served.ended(&task["id"]);
    desk.titled("open", &title);
    desk.crawl();
    let closed = desk.titled("closed", &title);
    assert_eq!(closed["id"], first["id"]);

    desk.boards.control("reopen", &json!({ "key": key }));
    desk.crawl();
    let again = desk.titled("open", &title);
    assert_eq!(
        (&again["id"], &again["day"]),
        (&first["id"], &first["day"]),
        "it is the same, and no younger"
    );
    let titles = desk.listed("open");
    let same = titles.iter().filter(|job| job["title"] == title.as_str()).count();
    assert_eq!(same, 1, "nothing is there twice: {titles:#?}");
}

#[test]
fn a_board_in_trouble_is_left_alone_while_the_others_go_on() {
    let desk = Desk::with(&BOARDS);
    desk.boards.control("fault", &json!({ "board": "lever", "kind": "truncated" }));
    let mut boards = Value::Null;
    for _ in 0..3 {
        boards = desk.crawl();
    }
    let of = |connector: &str| {
        let all = boards.as_array().expect("boards");
        all.iter().find(|board| board["connector"] == connector).expect("it is followed").clone()
    };
    let lever = of("lever");
    assert_eq!(
        (&lever["outcome"], &lever["circuit"]["state"]),
        (&json!("failed"), &json!("open")),
        "{lever:#}"
    );
    assert!(lever["circuit"]["reason"].as_str().is_some_and(|why| why.contains("broke off")), "{lever:#}");
    for connector in ["greenhouse", "ashby"] {
        let board = of(connector);
        assert_eq!(board["circuit"]["state"], "closed", "{board:#}");
        assert!(board["open"].as_u64().is_some_and(|open| open > 0), "the others were read: {board:#}");
    }
    let log = desk.boards.control("log", &json!({ "clear": true }));
    let asked = |log: &Value| {
        log["requests"]
            .as_array()
            .expect("a log")
            .iter()
            .filter(|one| one["board"] == "lever/mitrakosh")
            .count()
    };
    assert!(asked(&log) > 0);
    desk.crawl();
    assert_eq!(
        asked(&desk.boards.control("log", &json!({ "clear": true }))),
        0,
        "an open circuit asks nothing"
    );

    desk.boards.control("fault", &json!({ "clear": true }));
    let task = desk.call("job_board_retry", json!({ "id": lever["id"] }));
    desk.served.ended(&task["id"]);
    let again = desk.call("job_boards", json!({}));
    let lever = again
        .as_array()
        .expect("boards")
        .iter()
        .find(|board| board["connector"] == "lever")
        .expect("a board");
    assert_eq!(
        (&lever["outcome"], &lever["circuit"]["state"]),
        (&json!("complete"), &json!("closed")),
        "{lever:#}"
    );
}

#[test]
fn an_opening_is_hidden_followed_up_and_taken_along() {
    let desk = Desk::with(&BOARDS[..1]);
    desk.crawl();
    let jobs = desk.listed("open");
    assert!(jobs.len() >= 2, "{jobs:#?}");
    let (id, other) = (&jobs[0]["id"], &jobs[1]["id"]);

    desk.call("job_hide", json!({ "id": other, "reason": "Looks like a scam" }));
    let title = jobs[1]["title"].as_str().expect("a title");
    assert_eq!(desk.titled("hidden", title)["hidden"], "Looks like a scam");
    desk.crawl();
    assert!(desk.listed("open").iter().all(|job| job["id"] != *other), "a crawl brings nothing hidden back");

    desk.call("job_track", json!({ "id": id, "state": "saved" }));
    desk.call("job_note", json!({ "id": id, "notes": "Ask Ravi", "deadline": "2031-05-01", "interview": null, "resume": "Asha-Rao.pdf" }));
    desk.call("job_track", json!({ "id": id, "state": "interview" }));
    let application = desk.call("job_get", json!({ "id": id }))["application"].clone();
    let states: Vec<&Value> =
        application["history"].as_array().expect("steps").iter().map(|step| &step["state"]).collect();
    assert_eq!(
        states,
        ["saved", "applied", "interview"],
        "whoever is at an interview has applied: {application:#}"
    );
    assert_eq!((&application["notes"], &application["resume"]), (&json!("Ask Ravi"), &json!("Asha-Rao.pdf")));
    let follow_up = application["follow_ups"][0].clone();
    assert_eq!(
        (&follow_up["kind"], &follow_up["done"]),
        (&json!("thanks"), &json!(false)),
        "{application:#}"
    );
    let calendar = desk.call("job_calendar", json!({}));
    let text =
        std::fs::read_to_string(calendar["path"].as_str().expect("a path")).expect("the file is there");
    let day = follow_up["on"].as_str().expect("a day").replace('-', "");
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains(&day), "the reminder is in it: {text}");
    let dated = |day: Value| json!({ "id": id, "notes": "Ask Ravi", "deadline": "2031-05-01", "interview": day, "resume": "" });
    desk.call("job_note", dated(json!("2031-04-20")));
    desk.call("job_note", dated(Value::Null));
    let interview = desk.call("job_get", json!({ "id": id }))["application"]["interview"].clone();
    assert_eq!(interview, Value::Null, "an interview that was called off has no day any more");
    desk.call("job_follow_up", json!({ "id": id, "kind": "thanks" }));
    let tracked = desk.call("job_tracked", json!({}));
    assert_eq!(tracked[0]["application"]["follow_ups"][0]["done"], true, "{tracked:#}");

    // The board goes, and what the student follows up stays.
    let board = desk.call("job_boards", json!({}))[0]["id"].clone();
    desk.call("job_board_remove", json!({ "id": board }));
    let left = desk.call("job_tracked", json!({}));
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left:#}");
    assert_eq!(desk.listed("open").len(), 1, "and nothing else does");
}

#[test]
fn searches_are_kept_and_openings_come_in_the_order_that_is_asked_for() {
    let desk = Desk::with(&[]);
    for (title, last) in
        [("Search", "Apply by 9 March 2031."), ("Maps", "Apply by 3 March 2031."), ("Data", "")]
    {
        let text = format!("{title} Intern\nCompany: Kadamba Labs\nLocation: Pune\n{last}");
        desk.call("job_import", json!({ "text": text, "address": null }));
    }
    let titles = |order: &str| -> Vec<String> {
        let asked = json!({ "show": "open", "text": "", "kind": null, "remote": false, "order": order });
        let found = desk.call("job_list", asked);
        let jobs = found["jobs"].as_array().expect("openings");
        jobs.iter().map(|job| job["title"].as_str().expect("a title").to_owned()).collect()
    };
    assert_eq!(
        titles("deadline"),
        ["Maps Intern", "Search Intern", "Data Intern"],
        "what ends first comes first"
    );

    let search =
        json!({ "name": " Pune ", "text": "pune", "kind": "internship", "remote": false, "order": "newest" });
    desk.call("job_search_keep", search.clone());
    desk.call("job_search_keep", search);
    let kept = desk.call("job_searches", json!({}));
    assert_eq!(kept.as_array().map(Vec::len), Some(1), "kept twice, it is one: {kept:#}");
    assert_eq!((&kept[0]["name"], &kept[0]["order"]), (&json!("Pune"), &json!("newest")));
    let mut nameless = kept[0].clone();
    nameless["name"] = json!(" ");
    let error = desk.served.call("job_search_keep", nameless).expect_err("it has no name");
    assert!(error["message"].as_str().is_some_and(|said| said.contains("Give the search a name")), "{error}");
    desk.call("job_search_drop", json!({ "name": "Pune" }));
    assert_eq!(desk.call("job_searches", json!({})), json!([]));
}

#[test]
fn boards_are_read_when_the_user_says_so_and_told_of_from_their_bar_on() {
    let desk = Desk::with(&[]);
    let mut settings = desk.call("setting_get", json!({}));
    assert_eq!(
        (&settings["news_bar"], &settings["spare_battery"], &settings["spare_metered"]),
        (&json!(70), &json!(false), &json!(false)),
        "nothing is held up before the user says so"
    );
    settings["crawl_hours"] = json!(6);
    settings["news_bar"] = json!(12);
    let error = desk
        .served
        .call("setting_set", settings.clone())
        .expect_err("a bar below all that can be applied to");
    assert!(error["message"].as_str().is_some_and(|said| said.contains("from a score of 30")), "{error}");
    settings["news_bar"] = json!(60);
    desk.call("setting_set", settings);
    assert_eq!(desk.call("job_reading", json!({})), json!({ "hours": 6, "waits": null }));
    let supply = desk.call("setting_supply", json!({}));
    assert!(supply.get("on_battery").is_some() && supply.get("metered").is_some(), "known or null: {supply}");
    assert_eq!(desk.call("job_news", json!({})), json!([]), "nothing was told yet");
}

#[test]
fn a_pasted_advert_is_an_opening_and_its_skills_are_held_against_the_student() {
    let desk = Desk::with(&[]);
    let advert = "Backend Intern\nCompany: Kadamba Labs Pvt. Ltd.\nLocation: Pune\nStipend: ₹25,000 per month\n\
                  Requirements: Python and Docker.\nOnly B.Tech students of the 2027 batch may apply.";
    let import = json!({ "text": advert, "address": null });
    let jobs = desk.call("job_import", import.clone());
    assert_eq!(jobs.as_array().map(Vec::len), Some(1), "{jobs:#}");
    assert_eq!(desk.call("job_import", import)[0]["id"], jobs[0]["id"], "pasted again, it is the same");
    assert_eq!(jobs[0]["score"], Value::Null, "nothing is known of the student, so nothing is claimed");

    let id = jobs[0]["id"].clone();
    let mut wishes = desk.call("job_wishes", json!({}));
    wishes["batch"] = json!(2029);
    desk.call("job_wishes_set", wishes);
    let detail = desk.call("job_get", json!({ "id": id }));
    let rules = detail["fit"]["rules"].as_array().expect("rules");
    let year = rules.iter().find(|rule| rule["name"] == "Year of graduation").expect("it is checked");
    assert_eq!(year["verdict"], "not-met", "{year:#}");
    assert!(
        year["from"].as_str().is_some_and(|from| from.contains("2027 batch")),
        "with the sentence: {year:#}"
    );
    let skills = detail["fit"]["skills"].as_array().expect("skills");
    let names: Vec<&Value> = skills.iter().map(|skill| &skill["name"]).collect();
    assert_eq!(names, ["Python", "Docker"]);
    assert!(skills.iter().all(|skill| skill["standing"] == "missing"), "{skills:#?}");

    let error =
        desk.served.call("job_import", json!({ "text": " ", "address": null })).expect_err("no advert");
    assert!(error["message"].as_str().is_some_and(|said| said.contains("No advert was found")), "{error}");
}
