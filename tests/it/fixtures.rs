//! What every test needs: repositories made on the spot with git, a data folder of its own, and the
//! terminal host as a user runs it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Longest wait for an answer: a server that hangs fails its test, and not the run of all tests.
const PATIENCE: Duration = Duration::from_secs(180);

/// E-mail of the student who commits in test repositories.
pub const STUDENT: &str = "asha@example.edu";

/// A repository in a temporary folder, with the student configured as its user.
pub struct TestRepo {
    pub folder: TempDir,
}

impl TestRepo {
    /// `git init` with one branch, `main`, and no commit.
    pub fn empty() -> Self {
        let repo = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo.git(&["config", "user.name", "Asha Rao"]);
        repo.git(&["config", "user.email", STUDENT]);
        repo
    }

    /// A repository with these commits: message, then path and content of each file.
    pub fn with(commits: &[(&str, &[(&str, &str)])]) -> Self {
        let repo = Self::empty();
        for (message, files) in commits {
            repo.commit(message, files);
        }
        repo
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the files and commits everything as the student. Returns the full id.
    pub fn commit(&self, message: &str, files: &[(&str, &str)]) -> String {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        self.commit_bytes(message, &files)
    }

    pub fn commit_bytes(&self, message: &str, files: &[(&str, &[u8])]) -> String {
        for (path, bytes) in files {
            let path = self.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders are made");
            std::fs::write(path, bytes).expect("a file is written");
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// Runs git here, apart from the configuration of whoever runs the tests.
    pub fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .args(args)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", "2026-03-02T10:00:00+0530")
            .env("GIT_COMMITTER_DATE", "2026-03-02T10:00:00+0530")
            .output()
            .expect("git is installed");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {complaint}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// What a run of the terminal host gave back.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The terminal host with a data folder of its own and no models.
pub struct Cli {
    pub data: TempDir,
    models: PathBuf,
}

impl Default for Cli {
    fn default() -> Self {
        Self::new()
    }
}

impl Cli {
    pub fn new() -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let models = data.path().join("models");
        Self { data, models }
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        let output: Output = self.command(args).output().expect("the terminal host runs");
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The command before it runs, for tests that talk to it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(executable("internflow-cli"));
        command
            .arg("--data-dir")
            .arg(self.data.path())
            .args(args)
            .env("INTERNFLOW_MODELS", &self.models)
            .env("HOME", self.data.path())
            // Whoever runs the tests has a keyring of their own, which is none of our business.
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("INTERNFLOW_DATA_DIR");
        command
    }
}

/// A program of this workspace, built beside the tests.
pub fn executable(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test knows itself");
    let folder = test.parent().and_then(Path::parent).expect("tests run in target/PROFILE/deps");
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "{} is not built: run `cargo build --workspace` first, as `cargo xtask test` does",
        path.display()
    );
    path
}

/// One HTTP exchange with a server of this machine: status and body.
///
/// # Panics
/// When nobody listens.
pub fn http(authority: &str, first: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(authority).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    let mut request = format!("{first} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        request.push_str(&format!("Host: {authority}\r\n"));
    }
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    // An answer whose length was not known beforehand comes in chunks.
    let chunked = answer.to_ascii_lowercase().contains("transfer-encoding: chunked");
    (status, if chunked { unchunked(body) } else { body.to_owned() })
}

fn unchunked(mut body: &str) -> String {
    let mut text = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || size > rest.len() {
            break;
        }
        text.push_str(&rest[..size]);
        body = rest[size..].trim_start_matches("\r\n");
    }
    text
}

/// The browser host, with its cookie: the same commands as the window, in one running app.
pub struct Served {
    child: Child,
    pub authority: String,
    cookie: String,
}

impl Served {
    pub fn start(cli: &Cli) -> Self {
        Self::of(cli.command(&["serve"]))
    }

    /// Starts `command`, which is the terminal host's `serve` in whatever surroundings.
    pub fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output"))
            .read_line(&mut line)
            .expect("it says where it is");
        let address = line.trim().strip_prefix("InternFlow is at http://").expect("the address");
        let (authority, token) = address.split_once("/?token=").expect("a token");
        let mut stream = TcpStream::connect(authority).expect("it listens");
        let request =
            format!("GET /?token={token} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut entered = String::new();
        stream.read_to_string(&mut entered).expect("it answers");
        let cookie = entered.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        let cookie = cookie.split(';').next().unwrap_or("").to_owned();
        Self { child, authority: authority.to_owned(), cookie }
    }

    /// Asks it to end, as a terminal does that is closed, and waits until it has.
    #[cfg(unix)]
    pub fn end(mut self) {
        self.signal("TERM");
        self.child.wait().expect("it ends");
    }

    /// Sends it a signal, by its name without SIG.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "it takes {name}");
    }

    /// Runs a command of the core's list; `Err` is the `{code, message}` of its error.
    pub fn call(&self, name: &str, args: Value) -> Result<Value, Value> {
        let (status, body) = self.post(name, &args.to_string());
        let value = serde_json::from_str(&body).unwrap_or(Value::Null);
        if status == 200 { Ok(value) } else { Err(value) }
    }

    /// Calls a command with this text in place of its arguments; status and answer.
    pub fn post(&self, name: &str, body: &str) -> (u16, String) {
        let headers = [("Cookie", self.cookie.as_str()), ("Content-Type", "application/json")];
        http(&self.authority, &format!("POST /call/{name}"), &headers, body)
    }

    /// Asks until the answer fits.
    ///
    /// # Panics
    /// When it does not within a minute, with the last answer.
    pub fn until(&self, name: &str, args: &Value, fits: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        for _ in 0..600 {
            last = self.call(name, args.clone()).unwrap_or_else(|error| error);
            if fits(&last) {
                return last;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{name} never gave what was waited for; last: {last:#}");
    }

    /// Waits for a task to end and returns it.
    pub fn ended(&self, task_id: &Value) -> Value {
        let done = |task: &Value| !matches!(task["state"].as_str(), Some("queued" | "running"));
        self.until("activity_task", &json!({ "task_id": task_id }), done)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder `tests` of this checkout: asked when the test runs, because a target folder may serve
/// several checkouts and what was built in one is then run in another.
pub fn here() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo and nextest set it").into()
}

/// Starts a host of `tests` that ends with its standard input; with what it says of its addresses.
fn start_fake(script: &str) -> (Child, Value) {
    let mut child = Command::new("node")
        .arg(here().join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is installed, as the UI needs it");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output"))
        .read_line(&mut line)
        .expect("it says where it is");
    (child, serde_json::from_str(&line).expect("its addresses"))
}

/// Tells such a host what to be or to do, and returns what it says.
fn ordered(base: &str, order: &str, body: &Value) -> Value {
    let authority = base.strip_prefix("http://").expect("an address of this machine");
    let (status, answer) = http(authority, &format!("POST /_control/{order}"), &[], &body.to_string());
    assert_eq!(status, 200, "{order}: {answer}");
    serde_json::from_str(&answer).expect("JSON")
}

/// The job boards of `tests/boards`, running.
pub struct FakeBoards {
    child: Child,
    /// Each host is asked under it, by its name.
    pub base: String,
}

impl FakeBoards {
    pub fn start() -> Self {
        let (child, said) = start_fake("boards/server.mjs");
        Self { child, base: said["base"].as_str().expect("an address").to_owned() }
    }

    /// Tells them what to be or to do, and returns what they say.
    pub fn control(&self, order: &str, body: &Value) -> Value {
        ordered(&self.base, order, body)
    }
}

impl Drop for FakeBoards {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The GitHub of `tests/github`, running.
pub struct FakeGithub {
    child: Child,
    pub api: String,
    pub web: String,
}

impl FakeGithub {
    /// With an account, `asha`, whose tokens are taken.
    pub fn start() -> Self {
        let (child, said) = start_fake("github/server.mjs");
        let address = |name: &str| said[name].as_str().expect("an address").to_owned();
        let github = Self { child, api: address("api"), web: address("web") };
        github.control(
            "account",
            &json!({
                "login": "asha", "name": "Asha Rao", "id": 4242,
                "emails": [{ "email": STUDENT, "primary": true, "verified": true, "visibility": "private" }],
            }),
        );
        github.control("settings", &json!({ "interval": 1 }));
        github
    }

    /// Client id of the App that it knows.
    pub const CLIENT_ID: &'static str = "Iv23liFakeClientId00";

    /// Tells it what to be or to do, and returns what it says.
    pub fn control(&self, order: &str, body: &Value) -> Value {
        ordered(&self.web, order, body)
    }

    /// Serves `repo` as `full_name`.
    pub fn serve(&self, full_name: &str, repo: &TestRepo) {
        self.control(
            "repository",
            &json!({ "full_name": full_name, "git_dir": repo.path(), "default_branch": "main" }),
        );
    }
}

impl Drop for FakeGithub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
