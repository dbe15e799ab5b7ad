//! The user's own larger model: a small server with OpenAI's API on this machine, and addresses elsewhere.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

const MODEL: &str = "qwen3-coder:30b";
const SERVICE: &str = "import db\n\n\ndef getUserName(user_id):\n    \"\"\"The display name.\"\"\"\n    return db.load(user_id).name\n\n\nAPI_KEY = 'sk_live_51H8xT2eZvKYlo2CqWq7uZ3mB9aT4nP6rD0'\n";
const QUESTION: &str = "How does getUserName load the name?";
/// What the model says, a sentence at a time.
const SENTENCES: [&str; 3] = [
    "`getUserName` calls `db.load` with the user id and returns its name.",
    "The display name of the user comes from the database.",
    "The display name of the user comes from the database.",
];

/// How the server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// Streams, as Ollama, llama-server and vLLM do.
    Streams,
    /// Answers in one piece, whatever it was asked.
    Whole,
    /// Takes no `response_format`; its model wraps JSON in words.
    Formless,
    /// Wants this key.
    Locked(&'static str),
    /// Has another model.
    Empty,
    /// Ends in the middle of a stream.
    Breaks,
    /// Ran out of tokens.
    CutOff,
    /// A page for people.
    Page,
    /// Words where JSON was asked for.
    Chats,
    /// Begins a stream and says no more.
    Hangs,
}

/// What a client asked.
#[derive(Debug, Clone)]
struct Asked {
    first: String,
    key: Option<String>,
    body: Value,
}

/// A server with OpenAI's API; its answers have the form that the API's reference gives.
struct Server {
    authority: String,
    mood: Arc<Mutex<Mood>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let authority = listener.local_addr().expect("an address").to_string();
        let (mood, asked) = (Arc::new(Mutex::new(Mood::Streams)), Arc::new(Mutex::new(Vec::new())));
        let (moods, log) = (mood.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (moods, log) = (moods.clone(), log.clone());
                std::thread::spawn(move || {
                    let mut stream = stream;
                    if let Some(request) = read(&mut stream) {
                        log.lock().expect("the log").push(request.clone());
                        let mood = *moods.lock().expect("the mood");
                        // The client may have left.
                        let _ = reply(&mut stream, mood, &request);
                    }
                });
            }
        });
        Self { authority, mood, asked }
    }

    fn be(&self, mood: Mood) {
        *self.mood.lock().expect("the mood") = mood;
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("the log").clone()
    }
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        let (_, value) = head
            .iter()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value.to_owned())
    };
    let mut body = vec![0; header("content-length").and_then(|n| n.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let key = header("authorization").and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned));
    Some(Asked {
        first: head.first()?.clone(),
        key,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    })
}

fn reply(stream: &mut TcpStream, mood: Mood, asked: &Asked) -> std::io::Result<()> {
    let error = |message: &str| {
        let kind = "invalid_request_error";
        json!({ "error": { "message": message, "type": kind, "param": null, "code": null } })
    };
    match mood {
        Mood::Locked(key) if asked.key.as_deref() != Some(key) => {
            // As some do: the key that was sent is in the message.
            let sent = asked.key.as_deref().unwrap_or("none");
            return whole(stream, 401, &error(&format!("Incorrect API key provided: {sent}.")));
        }
        Mood::Page => {
            let page = "<html><body>Sign in to the hotel's network</body></html>";
            return write!(
                stream,
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n\
                 Content-Length: {}\r\n\r\n{page}",
                page.len()
            );
        }
        _ => {}
    }
    if asked.first.starts_with("GET /v1/models ") {
        let id = if mood == Mood::Empty { "llama3.2:3b" } else { MODEL };
        let model = json!({ "id": id, "object": "model", "created": 1_764_300_000, "owned_by": "library" });
        return whole(stream, 200, &json!({ "object": "list", "data": [model] }));
    }
    if !asked.first.starts_with("POST /v1/chat/completions ") {
        return whole(stream, 404, &error("not found"));
    }
    if mood == Mood::Empty {
        return whole(stream, 404, &error(&format!("model '{MODEL}' not found")));
    }
    if mood == Mood::Formless && asked.body.get("response_format").is_some() {
        return whole(stream, 400, &error("response_format is not supported by this server"));
    }
    let user = asked.body["messages"][1]["content"].as_str().unwrap_or_default();
    let said = user.lines().filter(|line| line.starts_with("- ")).count();
    let object = json!({ "from": 1, "says": SENTENCES[said.min(SENTENCES.len() - 1)] }).to_string();
    let content = match mood {
        Mood::Formless => format!("<think>Let me see.</think>Here it is:\n```json\n{object}\n```"),
        Mood::Chats => "It loads the name from the database.".to_owned(),
        Mood::CutOff => object[..12].to_owned(),
        _ => object,
    };
    let finish = if mood == Mood::CutOff { "length" } else { "stop" };
    if mood == Mood::Whole {
        let message = json!({ "role": "assistant", "content": content });
        let choice = json!({ "index": 0, "message": message, "logprobs": null, "finish_reason": finish });
        let completion = json!({
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_764_300_000,
            "model": MODEL,
            "choices": [choice],
            "usage": { "prompt_tokens": 512, "completion_tokens": 24, "total_tokens": 536 },
        });
        return whole(stream, 200, &completion);
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n: connected\n\n"
    )?;
    piece(stream, json!({ "role": "assistant", "content": "" }), None)?;
    let (first, rest) = content.split_at(8);
    piece(stream, json!({ "content": first }), None)?;
    if mood == Mood::Hangs {
        // Until the client leaves.
        return stream.read(&mut [0]).map(|_| ());
    }
    if mood == Mood::Breaks {
        return Ok(());
    }
    piece(stream, json!({ "content": rest }), None)?;
    piece(stream, json!({}), Some(finish))?;
    write!(stream, "data: [DONE]\n\n")
}

fn piece(stream: &mut TcpStream, delta: Value, finish: Option<&str>) -> std::io::Result<()> {
    let choice = json!({ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish });
    let chunk = json!({
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_764_300_000,
        "model": MODEL,
        "choices": [choice],
    });
    write!(stream, "data: {chunk}\n\n")?;
    stream.flush()
}

fn whole(stream: &mut TcpStream, status: u16, body: &Value) -> std::io::Result<()> {
    let body = body.to_string();
    write!(
        stream,
        "HTTP/1.1 {status} Whatever\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A running app that has read a repository. Taken apart in this order.
struct Scene {
    served: Served,
    cli: Cli,
    repository: Value,
    _repo: TestRepo,
}

impl Scene {
    fn new() -> Self {
        let (repo, cli) = (TestRepo::with(&[("One", &[("src/service.py", SERVICE)])]), Cli::new());
        let served = Served::start(&cli);
        let repository =
            served.call("repository_add", json!({ "path": repo.path() })).expect("it is added")["id"].clone();
        let task = served.call("repository_index", json!({ "id": repository })).expect("a task");
        served.ended(&task["id"]);
        Self { served, cli, repository, _repo: repo }
    }

    /// Beside a server that answers questions.
    fn beside(server: &Server) -> Self {
        let scene = Self::new();
        scene.set(&format!("http://{}", server.authority), MODEL, false).expect("they are kept");
        scene
    }

    fn set(&self, address: &str, name: &str, plain: bool) -> Result<Value, Value> {
        let mut settings = self.served.call("setting_get", json!({})).expect("settings");
        settings["model_address"] = json!(address);
        settings["model_name"] = json!(name);
        settings["model_plain_http"] = json!(plain);
        self.served.call("setting_set", settings)
    }

    /// Asks and waits for the end.
    fn ask(&self) -> Value {
        let started = self.start();
        self.served.ended(&started["task"]["id"]);
        self.answer(&started["id"])
    }

    fn start(&self) -> Value {
        // As the page does: with the host that it shows.
        let own = self.served.call("outside_get", json!({})).expect("a state");
        let host = if own["on"] == true && own["leaves"] == true { own["host"].clone() } else { Value::Null };
        let question = json!({ "repository_id": self.repository, "question": QUESTION, "host": host });
        self.served.call("ask_start", question).expect("it is kept")
    }

    fn answer(&self, id: &Value) -> Value {
        let all = self.served.call("ask_list", json!({ "repository_id": self.repository })).expect("answers");
        all.as_array().into_iter().flatten().find(|one| one["id"] == *id).expect("it is there").clone()
    }

    fn test(&self) -> Result<Value, Value> {
        self.served.call("outside_test", json!({}))
    }

    fn key(&self, key: &str) -> Value {
        self.served.call("outside_key", json!({ "key": key })).expect("it is kept")
    }

    /// True when a file of the data folder has these bytes.
    fn holds(&self, text: &str) -> bool {
        fn any(folder: &Path, text: &[u8]) -> bool {
            std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
                let path = entry.path();
                match path.is_dir() {
                    true => any(&path, text),
                    false => {
                        std::fs::read(&path).unwrap_or_default().windows(text.len()).any(|part| part == text)
                    }
                }
            })
        }
        any(self.cli.data.path(), text.as_bytes())
    }

    /// The network ledger has an exchange with this host for this reason: in a row they stand side by side.
    fn ledger_has(&self, host: &str, reason: &str) -> bool {
        // It is written just after the answer.
        (0..50).any(|_| {
            let has = self.holds(&format!("{host}{reason}"));
            if !has {
                std::thread::sleep(Duration::from_millis(100));
            }
            has
        })
    }
}

fn failed(answer: &Value) -> &str {
    assert_eq!(answer["task"]["state"], "failed", "{answer}");
    answer["task"]["error"]["message"].as_str().unwrap_or_default()
}

#[test]
fn nothing_is_asked_until_a_model_is_named() {
    let (server, scene) = (Server::start(), Scene::new());
    scene.set(&format!("http://{}", server.authority), "", false).expect("an address alone is kept");
    let answer = scene.ask();
    assert_eq!(
        answer["task"]["error"]["code"], "model_missing",
        "the model of this computer was asked: {answer}"
    );
    assert_eq!(answer["model"]["host"], Value::Null);
    assert_eq!(server.asked().len(), 0, "an address without a name sends nothing");
    assert_eq!(scene.served.call("outside_get", json!({})).expect("a state")["on"], false);
}

#[test]
fn the_answer_comes_from_the_users_own_model_and_the_ledger_says_so() {
    let server = Server::start();
    let scene = Scene::beside(&server);
    let own = scene.served.call("outside_get", json!({})).expect("a state");
    assert_eq!(
        (&own["on"], &own["leaves"]),
        (&json!(true), &json!(false)),
        "127.0.0.1 is this machine: {own}"
    );
    let answer = scene.ask();
    assert_eq!(answer["statements"][0]["text"], SENTENCES[0], "{answer}");
    assert_eq!(answer["statements"][0]["at"]["path"], "src/service.py");
    assert_eq!(answer["model"], json!({ "name": MODEL, "host": null }));
    assert!(scene.ledger_has(&server.authority, "question to your own model"), "every byte is accounted for");

    let asked = server.asked();
    assert!(asked.len() >= 2, "a sentence at a time: {}", asked.len());
    let body = &asked[0].body;
    assert_eq!((&body["model"], &body["stream"]), (&json!(MODEL), &json!(true)));
    assert_eq!(body["response_format"]["type"], "json_schema");
    let schema = &body["response_format"]["json_schema"]["schema"];
    assert_eq!(schema["required"], json!(["from", "says"]));
    assert_eq!(schema.get("x-guidance"), None, "only our own worker knows that");
    assert_eq!(asked[0].key, None);
    let sent: String = asked.iter().map(|one| one.body.to_string()).collect();
    assert!(sent.contains("getUserName"), "the excerpts go along");
    assert!(!sent.contains("sk_live_51H8xT2eZvKY"), "a secret in the code goes nowhere");

    scene.set("", "", false).expect("it is switched off");
    let count = server.asked().len();
    scene.ask();
    assert_eq!(server.asked().len(), count, "switched off, it is not asked");
}

#[test]
fn servers_differ_and_all_are_understood() {
    let server = Server::start();
    let scene = Scene::beside(&server);
    for mood in [Mood::Whole, Mood::Formless] {
        server.be(mood);
        let answer = scene.ask();
        assert_eq!(answer["statements"][0]["text"], SENTENCES[0], "{mood:?}: {answer}");
        scene.served.call("ask_forget", json!({ "id": answer["id"] })).expect("it is removed");
    }
    let forms: Vec<Value> =
        server.asked().iter().map(|one| one.body["response_format"]["type"].clone()).collect();
    let refused =
        forms.iter().position(|form| form == "json_object").expect("less is asked for after a refusal");
    assert!(
        forms[refused + 1..].iter().all(Value::is_null),
        "what was refused is not tried again: {forms:?}"
    );
    for address in [
        format!("http://{}/v1/", server.authority),
        format!("http://{}/v1/chat/completions", server.authority),
    ] {
        scene.set(&address, MODEL, false).expect("it is kept");
        assert_eq!(scene.test().expect("an answer")["ready"], true, "{address}");
    }
}

#[test]
fn the_key_reaches_its_server_and_no_file() {
    const KEY: &str = "sk-own-51H8xT2eZvKYlo2CqWq7uZ3m";
    const WRONG: &str = "sk-old-9f8e7d6c5b4a39281706f5e4";
    let server = Server::start();
    server.be(Mood::Locked(KEY));
    let scene = Scene::beside(&server);
    assert!(failed(&scene.ask()).contains("wants an API key"));

    scene.key(WRONG);
    let answer = scene.ask();
    let message = failed(&answer);
    assert!(message.contains("does not take the API key") && message.contains("settings"), "{message}");
    assert!(!message.contains(WRONG), "the server repeated the key; the message must not: {message}");

    assert_eq!(scene.key(&format!(" {KEY}\n"))["key"], "this_run", "without a keyring it is kept in memory");
    assert_eq!(scene.ask()["statements"][0]["text"], SENTENCES[0], "asked again, it answers");
    assert_eq!(server.asked().last().and_then(|one| one.key.clone()).as_deref(), Some(KEY));

    let other = Server::start();
    scene.set(&format!("http://{}", other.authority), MODEL, false).expect("it is kept");
    scene.ask();
    assert!(!other.asked().is_empty());
    assert!(other.asked().iter().all(|one| one.key.is_none()), "a key is for one server");

    for key in [KEY, WRONG] {
        assert!(!scene.holds(key), "a key is in a file of the data folder");
    }
    let refused = scene.served.call("outside_key", json!({ "key": "two words" })).expect_err("it is no key");
    assert_eq!(refused["code"], "bad_request");
    scene.set(&format!("http://{}", server.authority), MODEL, false).expect("it is kept");
    assert_eq!(scene.key("")["key"], "none");
    assert!(failed(&scene.ask()).contains("wants an API key"), "deleted is deleted");
}

#[test]
fn what_goes_wrong_is_said_and_the_question_can_be_asked_again() {
    let server = Server::start();
    let scene = Scene::beside(&server);
    let cases = [
        (Mood::Empty, "has no model named qwen3-coder:30b"),
        (Mood::Page, "no answer of an OpenAI-compatible server"),
        (Mood::Chats, "did not answer in the form"),
        (Mood::CutOff, "ran out of tokens"),
        (Mood::Breaks, "broke off"),
    ];
    for (mood, words) in cases {
        server.be(mood);
        let answer = scene.ask();
        assert!(failed(&answer).contains(words), "{mood:?}: {answer}");
    }
    server.be(Mood::Empty);
    let tested = scene.test().expect("it answers");
    assert_eq!((&tested["ready"], &tested["models"]), (&json!(false), &json!(["llama3.2:3b"])));
    assert!(tested["message"].to_string().contains("no model named"), "{tested}");

    // A port that was free a moment ago: nobody listens there.
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
    scene.set(&format!("http://{gone}"), MODEL, false).expect("it is kept");
    let answer = scene.ask();
    assert!(failed(&answer).contains("could not be reached"), "{answer}");
    assert!(
        scene.test().expect_err("nobody is there")["message"].to_string().contains("could not be reached")
    );

    server.be(Mood::Streams);
    scene.set(&format!("http://{}", server.authority), MODEL, false).expect("it is kept");
    assert_eq!(scene.ask()["statements"][0]["text"], SENTENCES[0], "asked again, it answers");
}

#[test]
fn cancelling_lets_the_server_go() {
    let server = Server::start();
    server.be(Mood::Hangs);
    let scene = Scene::beside(&server);
    let started = scene.start();
    while server.asked().is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    scene.served.call("activity_cancel", json!({ "task_id": started["task"]["id"] })).expect("it stops");
    assert_eq!(scene.served.ended(&started["task"]["id"])["state"], "cancelled");
    assert!(
        scene.ledger_has(&server.authority, "question to your own model"),
        "what was sent until then counts"
    );
}

#[test]
fn an_address_elsewhere_is_marked_and_never_plain_without_consent() {
    let scene = Scene::new();
    for bad in ["gpu.lab", "ftp://gpu.lab", "https://me:secret@gpu.lab", "http://api.example.org"] {
        assert_eq!(
            scene.set(bad, MODEL, true).expect_err("it can't be used")["code"],
            "bad_request",
            "{bad}"
        );
    }
    // Nobody has such a name.
    scene.set("https://gpu.invalid", MODEL, false).expect("it is kept");
    let own = scene.served.call("outside_get", json!({})).expect("a state");
    assert_eq!((&own["leaves"], &own["host"]), (&json!(true), &json!("gpu.invalid")), "{own}");
    let unmarked = json!({ "repository_id": scene.repository, "question": QUESTION });
    let refused = scene.served.call("ask_start", unmarked).expect_err("nobody was told where it goes");
    assert!(refused["message"].to_string().contains("gpu.invalid"), "{refused}");
    let answer = scene.ask();
    assert_eq!(
        answer["model"],
        json!({ "name": MODEL, "host": "gpu.invalid" }),
        "the answer is marked: {answer}"
    );
    assert!(failed(&answer).contains("gpu.invalid could not be reached"), "{answer}");
    assert!(scene.ledger_has("gpu.invalid", "question to your own model"), "the attempt counts");

    scene.set("http://192.0.2.7:8000", MODEL, true).expect_err("that is a public address");
    scene.set("http://10.255.255.1:8000", MODEL, false).expect("consent comes after the address");
    assert_eq!(scene.served.call("outside_get", json!({})).expect("a state")["plain"], true);
    let answer = scene.ask();
    assert!(failed(&answer).contains("not encrypted"), "{answer}");
    assert!(!scene.holds("10.255.255.1:8000question"), "without consent nothing was sent");
}
