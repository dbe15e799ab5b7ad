//! Repositories that were made to do harm, and secrets that must not be copied: what is outside of the data folder
//! stays as it is, what is in it holds none of them. Made with names and rights that Windows does not have.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use internflow_tests::{Cli, Served, TestRepo};
use serde_json::{Value, json};

/// A commit of any size is read in this time, in a debug build on a busy machine.
const LONGEST: Duration = Duration::from_secs(600);

/// Paths below a folder with their bytes; links as what they are.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).expect("a folder") {
            let entry = entry.expect("an entry");
            let (path, kind) = (entry.path(), entry.file_type().expect("its kind"));
            if kind.is_dir() {
                open.push(path.clone());
            }
            let bytes = if kind.is_file() { std::fs::read(&path).expect("a file") } else { Vec::new() };
            found.insert(path, bytes);
        }
    }
    found
}

/// Gives a command of git these bytes to read; what it says, without the line's end.
fn fed(repo: &TestRepo, args: &[&str], bytes: &[u8]) -> String {
    let mut child = Command::new("git")
        .args(args)
        .current_dir(repo.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git is installed");
    child.stdin.take().expect("its input").write_all(bytes).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "git {args:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A tree with entries that git itself would refuse to make: mode, name, id in hexadecimal.
fn tree(repo: &TestRepo, entries: &[(&str, Vec<u8>, String)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(mode.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(name);
        bytes.push(0);
        let byte = |at: usize| u8::from_str_radix(&id[at..at + 2], 16).expect("hexadecimal");
        bytes.extend((0..id.len()).step_by(2).map(byte));
    }
    fed(repo, &["hash-object", "-t", "tree", "--literally", "-w", "--stdin"], &bytes)
}

fn commit(repo: &TestRepo, tree: &str, message: &str) -> String {
    let id = repo.git(&["commit-tree", tree, "-m", message]).trim().to_owned();
    repo.git(&["update-ref", "refs/heads/main", &id]);
    id
}

/// Everything that reads a repository, one after the other.
fn read_all(served: &Served, repo: &TestRepo, sha: &str) -> Value {
    let id =
        served.call("repository_add", json!({ "path": repo.path() })).expect("it is added")["id"].clone();
    let of = json!({ "repository_id": id });
    let commits = json!({ "repository_id": id, "mine": false, "query": "", "offset": 0, "limit": 20 });
    served.call("repository_commits", commits).expect("its commits");
    served
        .call("repository_commit", json!({ "repository_id": id, "sha": sha }))
        .expect("a diff, or why none");
    let review = json!({ "repository_id": id, "shas": [sha], "rules_only": true });
    let review = served.call("review_start", review).expect("a review begins")[0].clone();
    let others = [
        served.call("repository_index", json!({ "id": id })).expect("it is read for search"),
        served.call("analysis_start", of.clone()).expect("it is measured"),
        served.call("achievement_build", json!({ "repository_ids": [id], "plain": true })).expect("bullets"),
    ];
    let review = served.ended(&review["id"]);
    assert_eq!(review["state"], "done", "a review ends, whatever is in the commit: {review}");
    for task in others {
        let ended = served.ended(&task["id"]);
        let known = ended["state"] == "done" || ended["error"]["code"] == "model_missing";
        assert!(known, "it ends with a result, or for want of a model: {ended}");
    }
    id
}

#[test]
fn names_that_lead_elsewhere_lead_nowhere() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(outside.path().join("secret.py"), "def hidden(a=[]):\n    return a\n").expect("a file");
    let repo = TestRepo::with(&[("One", &[("a.py", "x = 1\n")])]);
    let blob = fed(&repo, &["hash-object", "-w", "--stdin"], b"def f(a=[]):\n    return a\n");
    let to = |target: &str| fed(&repo, &["hash-object", "-w", "--stdin"], target.as_bytes());
    let file = |name: &[u8]| ("100644", name.to_vec(), blob.clone());
    let inner = tree(&repo, &[file(b"config"), file(b"hooks")]);
    let mut entries: Vec<(&str, Vec<u8>, String)> = [
        &b".."[..],
        b"../up.py",
        b"..\\up.py",
        b"/etc/cron.d/job.py",
        b"C:\\Users\\me\\run.py",
        b"a/../../b.py",
        b"CON.py",
        b"carriage\rreturn.py",
        b"new\nline.py",
        b"\x1b[2Jescape.py",
        b"\xff\xfe\xfd.py",
        b"-rf.py",
        b"--output=x.py",
        "\u{202e}yp.txt".as_bytes(),
        b"git~1",
        b"GIT~1.py",
    ]
    .iter()
    .map(|name| file(name))
    .collect();
    entries.push(file(&[b'n'; 5000]));
    entries.push(("40000", b".git".to_vec(), inner.clone()));
    entries.push(("40000", b".GIT".to_vec(), inner));
    entries.push(("120000", b"link.py".to_vec(), to(&outside.path().join("secret.py").to_string_lossy())));
    entries.push(("120000", b"up".to_vec(), to("../../../../../../..")));
    entries.push(("160000", b"module".to_vec(), "1".repeat(40)));
    entries.push(("100755", b"run.sh".to_vec(), to("#!/bin/sh\ntouch here\n")));
    let mut deep = tree(&repo, &[file(b"bottom.py")]);
    for _ in 0..300 {
        deep = tree(&repo, &[("40000", b"d".to_vec(), deep)]);
    }
    entries.push(("40000", b"deep".to_vec(), deep));
    let sha = commit(&repo, &tree(&repo, &entries), "Names");

    let cli = Cli::new();
    let served = Served::start(&cli);
    let before = (contents(outside.path()), contents(repo.path()));
    let id = read_all(&served, &repo, &sha);
    let shown = served.call("repository_commit", json!({ "repository_id": id, "sha": sha })).expect("a diff");
    assert!(!shown.to_string().contains("hidden"), "a link is its target's name, not what is there: {shown}");
    for path in ["../../../../etc/passwd", "/etc/passwd", "link.py", ".git/config", "a.py\0"] {
        if let Ok(file) = served.call("repository_file", json!({ "repository_id": id, "path": path })) {
            let text = file.to_string();
            assert!(!text.contains("root:") && !text.contains("hidden"), "{path} of the machine: {text}");
        }
    }
    assert!(before == (contents(outside.path()), contents(repo.path())), "nothing is written outside");
    let linked = |folder: &Path| {
        contents(folder).keys().any(|path| path.symlink_metadata().is_ok_and(|it| it.is_symlink()))
    };
    assert!(!linked(cli.data.path()), "a link of the repository became one of the data folder");
    let strange = contents(cli.data.path()).into_keys().find(|path| path.to_string_lossy().contains("up.py"));
    assert_eq!(strange, None, "no file is named by a repository");
}

#[test]
fn a_repository_that_would_run_something_runs_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let proof = tempfile::tempdir().expect("a temporary folder");
    let repo = TestRepo::with(&[("One", &[("a.py", "def f(a=[]):\n    return a\n")])]);
    let run = proof.path().join("run.sh");
    std::fs::write(&run, format!("#!/bin/sh\ntouch {}/ran\ncat\n", proof.path().display()))
        .expect("a script");
    std::fs::set_permissions(&run, PermissionsExt::from_mode(0o755)).expect("it may run");
    let run = run.to_string_lossy().into_owned();
    let (hooks, alias) = (proof.path().to_string_lossy().into_owned(), format!("!{run}"));
    let sha = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    for (key, value) in [
        ("core.fsmonitor", run.as_str()),
        ("core.pager", run.as_str()),
        ("core.editor", run.as_str()),
        ("core.sshCommand", run.as_str()),
        ("core.hooksPath", hooks.as_str()),
        ("diff.external", run.as_str()),
        ("diff.evil.textconv", run.as_str()),
        ("filter.evil.clean", run.as_str()),
        ("filter.evil.smudge", run.as_str()),
        ("filter.evil.process", run.as_str()),
        ("alias.log", alias.as_str()),
        ("credential.helper", run.as_str()),
        ("gpg.program", run.as_str()),
        ("uploadpack.packObjectsHook", run.as_str()),
        ("include.path", "/etc/passwd"),
    ] {
        repo.git(&["config", key, value]);
    }
    // From here on only we read it: git itself would run some of it.
    std::fs::write(repo.path().join(".gitattributes"), "*.py diff=evil filter=evil\n").expect("a file");
    std::fs::write(repo.path().join(".git/info/attributes"), "*.py diff=evil filter=evil\n").expect("a file");
    for hook in ["post-checkout", "post-index-change", "pre-auto-gc", "reference-transaction"] {
        let at = repo.path().join(".git/hooks").join(hook);
        std::fs::create_dir_all(at.parent().expect("a folder")).expect("a folder is made");
        std::fs::copy(&run, &at).expect("a hook");
    }
    let cli = Cli::new();
    let served = Served::start(&cli);
    read_all(&served, &repo, &sha);
    assert!(
        !proof.path().join("ran").exists(),
        "a folder that was unpacked from a mail would have run a program"
    );
}

#[test]
fn what_is_too_large_is_left_out_and_said() {
    let repo = TestRepo::empty();
    // One stream in git's own language: a hundred thousand files, a line of a megabyte, lines that end in CR.
    let mut stream = Vec::new();
    let blob = |mark: usize, bytes: &[u8]| {
        let mut part = format!("blob\nmark :{mark}\ndata {}\n", bytes.len()).into_bytes();
        part.extend_from_slice(bytes);
        part.push(b'\n');
        part
    };
    stream.extend(blob(1, b"x = 1\n"));
    stream.extend(blob(2, format!("x = \"{}\"\n", "a".repeat(1 << 20)).as_bytes()));
    stream.extend(blob(3, b"def f(a=[]):\r    return a\r"));
    stream.extend(blob(4, &[0xff, 0xfe, b'x', b' ', b'=', 0xc3, 0x28, b'\n']));
    stream.extend(blob(5, &vec![b'('; 400_000]));
    stream.extend_from_slice(
        b"commit refs/heads/main\ncommitter Asha Rao <asha@example.edu> 1772427600 +0530\ndata 4\nMany\n",
    );
    for (mark, name) in [(2, "line.py"), (3, "cr.py"), (4, "bytes.py"), (5, "deep.py")] {
        stream.extend_from_slice(format!("M 100644 :{mark} {name}\n").as_bytes());
    }
    for at in 0..100_000 {
        stream.extend_from_slice(format!("M 100644 :1 many/{}/f{at}.py\n", at % 100).as_bytes());
    }
    stream.push(b'\n');
    fed(&repo, &["fast-import", "--quiet"], &stream);
    let sha = repo.git(&["rev-parse", "main"]).trim().to_owned();

    let cli = Cli::new();
    let served = Served::start(&cli);
    let begun = std::time::Instant::now();
    let id =
        served.call("repository_add", json!({ "path": repo.path() })).expect("it is added")["id"].clone();
    let detail = json!({ "repository_id": id, "sha": sha });
    let shown = served.call("repository_commit", detail.clone()).expect("a diff, cut where it is too long");
    let size = shown.to_string().len();
    assert!(size < 64 << 20, "a page can't show {size} bytes");
    let review = json!({ "repository_id": id, "shas": [sha], "rules_only": true });
    let review = served.call("review_start", review).expect("a review begins")[0].clone();
    // Meanwhile everything else answers.
    served.call("repository_list", json!({})).expect("the list of repositories");
    let task = json!({ "task_id": review["id"] });
    let mut ended = review;
    while matches!(ended["state"].as_str(), Some("queued" | "running")) {
        assert!(begun.elapsed() < LONGEST, "a commit of this size is still read after {:?}", begun.elapsed());
        std::thread::sleep(Duration::from_millis(200));
        ended = served.call("activity_task", task.clone()).expect("a task");
    }
    assert_eq!(ended["state"], "done", "{ended}");
    let summary = served.call("review_get", detail).expect("a review")["summary"].clone();
    assert!(summary.to_string().contains("line.py"), "what was not read is named: {summary}");
}

#[test]
fn a_new_data_folder_is_nobody_elses() {
    use std::os::unix::fs::PermissionsExt;
    let cli = Cli::new();
    let folder = cli.data.path().join("share/internflow");
    let ran = Command::new(internflow_tests::executable("internflow-cli"))
        .arg("--data-dir")
        .arg(&folder)
        .args(["models", "list"])
        .env("INTERNFLOW_MODELS", cli.data.path().join("models"))
        .output()
        .expect("it runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mode = std::fs::metadata(&folder).expect("it is made").permissions().mode();
    assert_eq!(mode & 0o077, 0, "other users of a laboratory's machine read {mode:o}");
}

/// A secret of the kind, joined when it runs: this file holds nothing that looks like one.
fn canary(parts: [&str; 2]) -> String {
    parts.concat()
}

/// Takes requests and refuses them all; what was sent.
fn listener() -> (String, Arc<Mutex<Vec<u8>>>) {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    let (address, heard) = (socket.local_addr().expect("an address").to_string(), Arc::default());
    let log: Arc<Mutex<Vec<u8>>> = Arc::clone(&heard);
    std::thread::spawn(move || {
        for mut stream in socket.incoming().map_while(Result::ok) {
            let (mut buffer, mut request) = (vec![0; 1 << 16], Vec::new());
            while let Ok(read @ 1..) = stream.read(&mut buffer) {
                request.extend_from_slice(&buffer[..read]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let length = text.lines().find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ").and_then(|n| n.parse().ok())
                });
                let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
                if head.len() < text.len() && body.len() >= length.unwrap_or(0) {
                    break;
                }
            }
            log.lock().expect("the log").extend(request);
            let _ = stream.write_all(b"HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        }
    });
    (address, heard)
}

#[test]
fn no_secret_of_a_repository_is_copied_out_of_it() {
    let in_code = canary(["sk_live_", "51H8xT2eZvKYlo2CqWq7uZ3mB9aT4nP6rD0"]);
    let in_subject = canary(["ghp_", "x7Qm2Vb9Lk4Tz8Rn1Wc5Yd3Hf6Js0PaGuEoB"]);
    let in_body = canary(["AKIA", "Q4XZ7P2M5LKD3TRV"]);
    let in_readme = canary(["glpat-", "Zx9Kq2Lm7Vb4Tn8Rw3Yd"]);
    let in_fixed = canary(["npm_", "b7Gq2Xn9Lk4Tz8Rm1Wc5Yd3Hf6Js0PaVuEoK"]);
    let in_working_copy =
        canary(["SG.x7Qm2Vb9Lk4Tz8Rn1Wc5Yd.", "3Hf6Js0PaGuEoBx7Qm2Vb9Lk4Tz8Rn1Wc5Yd3Hf6Js0"]);
    let in_environment = canary(["canary-environment-", "7f3a9b2c"]);
    let own_key = canary(["canary-own-key-", "91d2e8f4"]);
    let repo = TestRepo::with(&[
        (
            "Pay",
            &[
                (
                    "pay.py",
                    &format!("API_KEY = '{in_code}'\n\n\ndef charge(amount, seen=[]):\n    return API_KEY\n"),
                ),
                ("README.md", &format!("# pay\n\nTakes payments. Token: {in_readme}\n")),
                ("deploy.py", &format!("TOKEN = '{in_fixed}'\n")),
            ],
        ),
        (
            &format!(
                "Fix the deploy, which crashed with {in_subject}\n\nThe key {in_body} is 3 times faster."
            ),
            &[
                ("deploy.py", "import os\n\nTOKEN = os.environ['TOKEN']\n"),
                ("tests/test_pay.py", "def test_it():\n    assert 1\n"),
            ],
        ),
    ]);
    std::fs::write(repo.path().join(".env"), format!("SENDGRID={in_working_copy}\n")).expect("a file");

    let (cli, (model, prompts)) = (Cli::new(), listener());
    let said = cli.data.path().join("said");
    let mut command = cli.command(&["serve"]);
    command
        .stderr(std::fs::File::create(&said).expect("a file"))
        .env("INTERNFLOW_LOG", "debug")
        .env("AWS_SECRET_ACCESS_KEY", &in_environment)
        .env("GITHUB_TOKEN", &in_environment);
    let served = Served::of(command);
    let mut settings = served.call("setting_get", json!({})).expect("settings");
    settings["model_address"] = json!(format!("http://{model}"));
    settings["model_name"] = json!("any");
    served.call("setting_set", settings).expect("settings are kept");
    served.call("outside_key", json!({ "key": own_key })).expect("a key for this session");

    let shas = repo.git(&["log", "--format=%H"]);
    let mut id = Value::Null;
    for sha in shas.lines() {
        id = read_all(&served, &repo, sha);
        let (format, path) = ("markdown", Value::Null);
        let export = json!({ "repository_id": id, "sha": sha, "format": format, "path": path });
        served.call("review_export", export).expect("a report");
    }
    let question = json!({ "repository_id": id, "question": "What is API_KEY in charge?", "follows": null, "host": null });
    let asked = served.call("ask_start", question).expect("a question");
    served.ended(&asked["task"]["id"]);
    for format in ["pdf", "docx", "md", "txt", "html"] {
        let mut profile = served.call("resume_profile", json!({})).expect("a profile");
        profile["basics"]["name"] = json!("Asha Rao");
        served.call("resume_profile_set", json!({ "profile": profile })).expect("it is saved");
        served.call("resume_export", json!({ "format": format, "path": null })).expect("a file");
    }
    let commits = json!({ "repository_id": id, "mine": false, "query": "", "offset": 0, "limit": 20 });
    let listed = served.call("repository_commits", commits).expect("commits").to_string();
    assert!(listed.contains("crashed with ****"), "the message is there, without its secret: {listed}");
    served.end();
    let path = repo.path().to_string_lossy().into_owned();
    let mut reports = String::new();
    for format in ["text", "json", "md", "sarif"] {
        let ran = cli.run(&["review", &path, "--rules-only", "--last", "9", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        reports.push_str(&ran.out);
    }
    reports.push_str(&cli.run(&["ledger", &path, "--format", "json"]).out);

    let canaries = [in_code, in_subject, in_body, in_readme, in_fixed, in_working_copy, in_environment];
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let files = contents(cli.data.path());
    let read: usize = files.values().map(Vec::len).sum();
    assert!(read > 100_000, "a search of next to nothing proves nothing: {read} bytes");
    for (path, bytes) in &files {
        for secret in canaries.iter().chain([&own_key]) {
            assert!(!holds(bytes, secret), "{} holds {secret}", path.display());
        }
    }
    let prompts = prompts.lock().expect("what was sent").clone();
    assert!(holds(&prompts, "charge"), "the question went with an excerpt of the code");
    assert!(holds(&prompts, &own_key), "the key goes to the server that it is for");
    for secret in &canaries {
        assert!(!holds(&prompts, secret), "a prompt holds {secret}");
        assert!(!reports.contains(secret), "a report holds {secret}: {reports}");
    }
}
