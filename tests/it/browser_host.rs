//! The browser host: one browser, this machine, nobody else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use internflow_tests::Cli;

struct Serving {
    child: Child,
    authority: String,
    token: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(cli: &Cli) -> Serving {
    let mut child = cli.command(&["serve"]).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output"))
        .read_line(&mut line)
        .expect("it says where it is");
    let address = line.trim().strip_prefix("InternFlow is at http://").expect("the address");
    let (authority, token) = address.split_once("/?token=").expect("a token");
    Serving { child, authority: authority.to_owned(), token: token.to_owned() }
}

/// Sends one request with exactly these headers; gives status line, headers and body.
fn ask(serving: &Serving, first: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut stream = TcpStream::connect(&serving.authority).expect("it listens");
    let mut request = format!("{first} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn only_the_browser_that_used_the_address_gets_in() {
    let cli = Cli::new();
    let serving = serve(&cli);
    let host = serving.authority.clone();
    let call = |headers: &[(&str, &str)]| {
        let json = ("Content-Type", "application/json");
        ask(
            &serving,
            "POST /call/repository_list",
            &[&[("Host", host.as_str()), json], headers].concat(),
            "{}",
        )
    };
    let status = |answer: &str| answer.split(' ').nth(1).unwrap_or("").to_owned();
    assert_eq!(status(&call(&[])), "401", "another program on this machine has no cookie");

    let enter = format!("GET /?token={}", serving.token);
    let entered = ask(&serving, &enter, &[("Host", &host)], "");
    assert_eq!(status(&entered), "303", "{entered}");
    let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "scripts and other sites can't use it"
    );
    let cookie = cookie.split(';').next().unwrap_or("");
    assert!(call(&[("Cookie", cookie)]).ends_with("[]"), "the list of repositories, empty");

    assert_eq!(
        status(&ask(&serving, &enter, &[("Host", &host)], "")),
        "401",
        "an address seen in a history is worth nothing"
    );
    let rebound = ask(&serving, "GET /", &[("Host", "evil.example"), ("Cookie", cookie)], "");
    assert_eq!(status(&rebound), "421", "a name that was pointed at this machine does not get in");
    assert_eq!(status(&call(&[("Cookie", cookie), ("Origin", "https://evil.example")])), "403");
    let page = ask(&serving, "GET /", &[("Host", &host), ("Cookie", cookie)], "");
    for rule in [
        "default-src 'self';",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
    ] {
        assert!(page.contains(rule), "{rule} keeps what a stranger wrote from acting: {page:.600}");
    }
    assert!(!page.contains("unsafe-eval") && !page.contains("script-src"), "scripts are the app's own files");

    let outside =
        ask(&serving, "GET /exports/..%2Finternflow.db", &[("Host", &host), ("Cookie", cookie)], "");
    assert_eq!(status(&outside), "404", "nothing outside of the exports is served");
}

#[test]
fn a_command_that_does_not_exist_or_is_called_wrongly() {
    let cli = Cli::new();
    let serving = serve(&cli);
    let host = serving.authority.clone();
    let entered = ask(&serving, &format!("GET /?token={}", serving.token), &[("Host", &host)], "");
    let cookie = entered
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .and_then(|c| c.split(';').next())
        .expect("a cookie");
    for (name, body, code) in [
        ("format_disk", "{}", "bad_request"),
        ("review_start", r#"{"repository_id": "one"}"#, "bad_request"),
        ("repository_commit", r#"{"repository_id": 9, "sha": "x"}"#, "not_found"),
        ("review_dismiss", r#"{"finding_id": 9, "reason": ""}"#, "not_found"),
    ] {
        let headers = [("Host", host.as_str()), ("Cookie", cookie), ("Content-Type", "application/json")];
        let answer = ask(&serving, &format!("POST /call/{name}"), &headers, body);
        assert!(answer.contains(&format!("\"code\":\"{code}\"")), "{name}: {answer}");
    }
}
