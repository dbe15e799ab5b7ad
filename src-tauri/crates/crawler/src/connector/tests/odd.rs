//! Answers that are hostile, broken, or changed in one place, and saved ones that do not say what they are.

use serde_json::{Value, json};

use super::*;

#[test]
fn hostile_pages_cost_no_more_than_their_length() {
    let begun = std::time::Instant::now();
    let list = Board::List { address: "https://raw.githubusercontent.com/o/l/dev/README.md".to_owned() };
    let page = Board::Page { address: "https://firm.example/jobs".to_owned() };
    for piece in [
        "<script type=ld+json>",
        "<table",
        "<tr><td",
        "| a ",
        "href=\"",
        "[](",
        "<script type='ld+json'>{\"a\":",
        "\u{e9}|\n",
    ] {
        let body = piece.repeat(100_000 / piece.len());
        assert!(!crawl(list.clone(), |_| (200, body.clone())).complete, "{piece}");
        assert!(!crawl(page.clone(), |_| (200, body.clone())).complete, "{piece}");
        Board::of_payload(body.as_bytes());
        Board::linked(&body);
    }
    assert!(begun.elapsed().as_secs() < 20, "one page would stop the crawl: {:?}", begun.elapsed());
}

/// All values that differ from this one in one place, where something of another type stands.
fn changed(value: &Value) -> Vec<Value> {
    let others = [
        json!(null),
        json!(7),
        json!(-1.5),
        json!("x"),
        json!([]),
        json!({}),
        json!([[]]),
        json!({ "name": [1] }),
        json!(true),
    ];
    let mut all = others.to_vec();
    match value {
        Value::Array(list) => {
            for (at, item) in list.iter().enumerate() {
                all.extend(changed(item).into_iter().map(|item| {
                    let mut list = list.clone();
                    list[at] = item;
                    Value::Array(list)
                }));
            }
        }
        Value::Object(object) => {
            for (key, item) in object {
                all.extend(changed(item).into_iter().map(|item| {
                    let mut object = object.clone();
                    object.insert(key.clone(), item);
                    Value::Object(object)
                }));
            }
        }
        _ => {}
    }
    all
}

#[test]
fn no_changed_type_loses_a_posting_silently() {
    for (body, connector) in [
        (GREENHOUSE, Connector::Greenhouse),
        (ASHBY, Connector::Ashby),
        (SMARTRECRUITERS, Connector::SmartRecruiters),
        (SMARTRECRUITERS_ONE, Connector::SmartRecruiters),
        (RECRUITEE, Connector::Recruitee),
        (KEKA, Connector::Keka),
        (ORACLE, Connector::Oracle),
        (ORACLE_ONE, Connector::Oracle),
        (EIGHTFOLD, Connector::Eightfold),
        (HACKER_NEWS, Connector::HackerNews),
        (LISTINGS, Connector::List),
    ] {
        assert_eq!(Board::of_payload(body.as_bytes()), Some(connector));
        let value: Value = serde_json::from_str(body).expect("JSON");
        let before = crate::saved(body.as_bytes(), None).expect("a known shape").postings.len();
        let all = changed(&value);
        assert!(all.len() > 50, "{connector:?}");
        for changed in all {
            let text = changed.to_string();
            // A shape that is not recognised any more is not read at all.
            let Some(step) = crate::saved(text.as_bytes(), None) else { continue };
            let lost = step.postings.len() < before && step.skipped.is_empty() && !is_hidden(&changed);
            assert!(!lost, "{connector:?} lost a posting without a word: {text}");
        }
    }
}

/// The change emptied the list, or made the posting one that its source does not show.
fn is_hidden(value: &Value) -> bool {
    let text = value.to_string();
    [
        "\"jobs\":[]",
        "\"content\":[]",
        "\"offers\":[]",
        "\"requisitionList\":[]",
        "\"positions\":[]",
        "\"children\":[]",
    ]
    .iter()
    .any(|empty| text.contains(empty))
        || text == "[]"
        || !text.contains("\"active\":true") && text.contains("\"active\"")
        || !text.contains("\"is_visible\":true") && text.contains("\"is_visible\"")
        || !text.contains("\"text\":\"Firm Labs") && text.contains("children")
}

#[test]
fn no_broken_answer_panics() {
    for body in [GREENHOUSE, KEKA, ORACLE, HACKER_NEWS, LISTINGS] {
        for end in (0..body.len()).step_by(17).filter(|end| body.is_char_boundary(*end)) {
            let part = &body.as_bytes()[..end];
            crate::saved(part, None);
            let crawled = crawl(Board::Recruitee { slug: slug() }, |_| (200, body[..end].to_owned()));
            assert!(!crawled.complete, "half an answer is no board without postings");
        }
    }
}

#[test]
fn saved_answers_are_recognised_by_their_shape() {
    for (body, connector) in [
        (
            r#"{"jobs":[{"id":1,"internal_job_id":2,"absolute_url":"u","title":"t"}],"meta":{"total":1}}"#,
            Some(Connector::Greenhouse),
        ),
        (
            r#"{"apiVersion":"1","jobs":[{"id":"a","title":"t","jobUrl":"u","isListed":true}]}"#,
            Some(Connector::Ashby),
        ),
        (r#"{"name":"Firm","jobs":[{"shortcode":"A","title":"t"}]}"#, Some(Connector::Workable)),
        (r#"[{"id":"a","text":"t","hostedUrl":"u"}]"#, Some(Connector::Lever)),
        (r#"{"totalFound":1,"content":[{"id":"1","name":"n"}]}"#, Some(Connector::SmartRecruiters)),
        (r#"{"offers":[{"id":1,"title":"t"}]}"#, Some(Connector::Recruitee)),
        (r#"{"total":1,"jobPostings":[]}"#, Some(Connector::Workday)),
        (r#"[{"id":1,"title":"t","jobLocations":[]}]"#, Some(Connector::Keka)),
        ("\u{FEFF}<?xml version=\"1.0\"?><workzag-jobs/>", Some(Connector::Personio)),
        (r#"{"items":[{"TotalJobsCount":0,"requisitionList":[]}]}"#, Some(Connector::Oracle)),
        (r#"{"data":{"positions":[{"id":1,"name":"n"}],"count":1}}"#, Some(Connector::Eightfold)),
        (r#"{"id":8,"author":"whoishiring","children":[]}"#, Some(Connector::HackerNews)),
        ("<rss version=\"2.0\"><channel/></rss>", Some(Connector::Feed)),
        ("<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>", Some(Connector::Feed)),
        (r#"{"version":"https://jsonfeed.org/version/1.1","items":[]}"#, Some(Connector::Feed)),
        (r#"[{"company_name":"F","title":"t","url":"u"}]"#, Some(Connector::List)),
        (
            "| Company | Role | Link |\n|---|---|---|\n| F | I | [x](https://x.example) |\n",
            Some(Connector::List),
        ),
        ("<urlset></urlset>", Some(Connector::Page)),
        (r#"{"@type":"JobPosting","title":"t"}"#, Some(Connector::Page)),
        (
            r#"<html><script type="application/ld+json">{"@type":"JobPosting"}</script></html>"#,
            Some(Connector::Page),
        ),
        ("<html><p>Java Intern</p></html>", None),
        ("Java Intern, Pune, ₹10,000 per month", None),
        ("{\"a\":1}", None),
        ("[]", None),
        ("", None),
    ] {
        assert_eq!(Board::of_payload(body.as_bytes()), connector, "{body}");
    }
}
