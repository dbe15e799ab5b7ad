//! The sandbox, tried from inside by `examples/confined`: what is refused is refused, what a worker needs works.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Bytes that a worker gets and gives beside words.
const FRAME: &[u8] = b"\x02\0\0\0{}";

const NEEDED: [&str; 9] = [
    "read the model",
    "list the model's folder",
    "map the model",
    "look at the processor",
    "start threads",
    "take a gigabyte",
    "know the time",
    "panic in a thread",
    "signal itself",
];

/// Refused by seccomp, with or without Landlock.
const REFUSED: [&str; 18] = [
    "write a file",
    "write into the model's folder",
    "open the model for writing",
    "cut the model",
    "rename the model",
    "make a folder",
    "link to a file",
    "change a mode",
    "change a time",
    "connect",
    "listen",
    "send a datagram",
    "make a pair of sockets",
    "start a program",
    "become a program",
    "signal another process",
    "live on without the core",
    "change a limit",
];

/// Refused by Landlock alone: seccomp does not see paths.
const REFUSED_BY_PATH: [&str; 3] = ["read /etc/passwd", "read memory of its own", "list /tmp"];

/// The example beside this test in the target directory.
fn probe() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let found = test.ancestors().skip(1).map(|folder| folder.join("examples/confined")).find(|p| p.is_file());
    found.expect("examples/confined is not built; `cargo test` and `cargo nextest run` build it")
}

fn model_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("model"), b"GGUF and the rest").unwrap();
    folder
}

struct Tried {
    lines: HashMap<String, String>,
    said: Vec<u8>,
    errors: String,
}

impl Tried {
    /// What became of an attempt.
    #[track_caller]
    fn of(&self, name: &str) -> &str {
        self.lines.get(name).unwrap_or_else(|| panic!("`{name}` was not tried: {:?}", self.lines))
    }
}

fn try_all(how: &str) -> Tried {
    let folder = model_folder();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = Command::new(probe())
        .args([how.as_ref(), folder.path().as_os_str()])
        .arg(listener.local_addr().unwrap().port().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(FRAME).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "the probe came to its end: {errors}");
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    let known = NEEDED.iter().chain(&REFUSED).chain(&REFUSED_BY_PATH).chain(&["whole", "words"]);
    let lines = known.filter_map(|name| {
        // The frame has no end of line and stands before the last one.
        let (_, rest) = words.lines().find_map(|line| line.split_once(&format!("{name} ")))?;
        Some((name.to_string(), rest.to_owned()))
    });
    Tried { lines: lines.collect(), said: output.stdout, errors }
}

#[test]
fn nothing_stops_who_is_not_confined() {
    let tried = try_all("free");
    for name in NEEDED.iter().chain(&REFUSED).chain(&REFUSED_BY_PATH) {
        assert_eq!(tried.of(name), "ok", "`{name}` proves nothing when it fails without a sandbox");
    }
}

#[test]
fn a_confined_worker_works_and_gets_nowhere() {
    let tried = try_all("confined");
    for name in NEEDED {
        assert_eq!(tried.of(name), "ok", "`{name}` is what a worker lives by");
    }
    assert!(
        tried.said.windows(FRAME.len()).any(|bytes| bytes == FRAME),
        "frames come through stdin and stdout"
    );
    assert!(tried.errors.contains("words of a panic"), "the log says what went wrong: {}", tried.errors);
    for name in REFUSED {
        let denied = tried.of(name).contains("not permitted") || tried.of(name).contains("denied");
        assert!(denied, "`{name}` must be refused: {}", tried.of(name));
    }
    let words = tried.of("words");
    if has_landlock() {
        assert!(words.contains("Landlock ABI"), "the kernel has Landlock, the worker says: {words}");
        assert_eq!(tried.of("whole"), "true", "{words}");
        for name in REFUSED_BY_PATH {
            assert!(tried.of(name).contains("denied"), "`{name}` must be refused: {}", tried.of(name));
        }
    } else {
        assert!(words.contains("Landlock"), "the user is told what is missing: {words}");
        assert_eq!(tried.of("whole"), "false", "{words}");
        eprintln!("not checked, since this kernel has no Landlock: {REFUSED_BY_PATH:?}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error_in_words() {
    let output = Command::new(probe()).args(["confined", "/no/such/folder", "1"]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "without its folder no model could be read");
    assert!(errors.contains("/no/such/folder"), "{errors}");
}

#[test]
fn a_worker_dies_with_its_killed_parent() {
    let folder = model_folder();
    let (mut parent, child) = parent(folder.path());
    assert!(alive(child), "the worker waits for its core");
    parent.kill().unwrap();
    let killed = Instant::now();
    // The pipe to the worker's stdin stays open here: it is not the end of stdin that ends the worker.
    let stdin = parent.stdin.take();
    parent.wait().unwrap();
    while alive(child) {
        assert!(killed.elapsed() < Duration::from_secs(1), "the worker outlived a killed core");
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(stdin);
}

#[test]
fn a_worker_leaves_when_stdin_ends() {
    let folder = model_folder();
    let (mut parent, child) = parent(folder.path());
    drop(parent.stdin.take());
    assert!(parent.wait().unwrap().success());
    assert!(!alive(child), "the end of stdin is how every system says that the core is gone");
}

/// A parent with a settled and confined child; the child's id.
fn parent(folder: &Path) -> (Child, u32) {
    let mut parent = Command::new(probe())
        .args(["parent".as_ref(), folder.as_os_str()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(parent.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let (child, words) = line.trim_end().split_once(' ').unwrap();
    assert_eq!(words, "settled, parent gone: false", "the worker knows its parent");
    let child = child.parse().unwrap();
    (parent, child)
}

/// True while a process of this id runs; a dead one that nobody waited for does not.
fn alive(pid: u32) -> bool {
    let mut stat = String::new();
    let file = std::fs::File::open(Path::new("/proc").join(pid.to_string()).join("stat"));
    let read = file.and_then(|mut file| file.read_to_string(&mut stat));
    read.is_ok() && !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'))
}

/// What the kernel says, not what the worker says: whether it takes rules that must be obeyed in full.
fn has_landlock() -> bool {
    use landlock::{ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr};
    let ruleset = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    ruleset.handle_access(AccessFs::from_all(ABI::V1)).and_then(Ruleset::create).is_ok()
}
