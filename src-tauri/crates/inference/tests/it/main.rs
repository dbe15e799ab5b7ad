//! The supervisor against the real worker executable and a tiny model with random weights, and
//! against executables that misbehave on purpose.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod tiny;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use internflow_domain::{EngineDoing, EngineError, EngineProcess, TextModel, TextRequest};
use internflow_inference::{Limits, WorkerConfig, WorkerTextModel, text_model};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The worker beside this test in the target directory.
fn worker_executable() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let name = format!("internflow-inference-worker{}", std::env::consts::EXE_SUFFIX);
    let found = test.ancestors().skip(1).map(|folder| folder.join(&name)).find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!("{name} is not built. Run `cargo build -p internflow-inference-worker` before this test.")
    })
}

struct Scene {
    folder: TempDir,
    config: WorkerConfig,
}

impl Scene {
    fn new() -> Self {
        Self::with(worker_executable())
    }

    fn with(executable: PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        tiny::write(&folder.path().join("tiny.gguf"));
        let mut config = WorkerConfig::new(executable, "text-model", 1);
        // The machine that runs the tests may be busy: a cancelled worker gets time to say so.
        config.limits = Limits { cancel: Duration::from_secs(5), ..Limits::default() };
        Self { folder, config }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn model(&self) -> WorkerTextModel {
        text_model(self.config.clone(), self.file("tiny.gguf"), 100_000)
    }
}

fn question(max_tokens: u32) -> TextRequest {
    TextRequest {
        system: "You review code.".into(),
        user: "def f(): pass".into(),
        schema: Some(json!({
            "type": "object",
            "properties": {
                "severity": {"enum": ["major", "minor"]},
                "message": {"type": "string", "minLength": 5, "maxLength": 40}
            },
            "required": ["severity", "message"],
            "additionalProperties": false
        })),
        max_tokens,
        temperature: 1.0,
        seed: 3,
    }
}

/// Continuations that keep the tiny model busy for much longer than a test.
fn endless() -> Vec<String> {
    vec!["return x".into(); 300_000]
}

#[track_caller]
fn check_answer(text: &str) {
    let answer: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert!(["major", "minor"].contains(&answer["severity"].as_str().unwrap()), "{text}");
    let length = answer["message"].as_str().unwrap().chars().count();
    assert!((5..=40).contains(&length), "{length} characters: {text}");
}

async fn wait_for<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let give_up = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < give_up, "waited 30 s for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_in_a_schema_is_an_answer_that_follows_it() {
    let scene = Scene::new();
    let model = scene.model();
    assert_eq!(model.process_id(), None, "nothing is started before it is needed");
    let first = model.generate(question(200)).await.unwrap();
    assert!(first.complete, "{}", first.text);
    check_answer(&first.text);
    let second = model.generate(question(200)).await.unwrap();
    assert_eq!(first.text, second.text, "the same seed gives the same answer");
    assert!(second.reused_tokens + 1 >= second.prompt_tokens, "the same prompt is not read twice");
    let scores = model.score("x = ".into(), vec!["1".into(), "12".into()]).await.unwrap();
    assert!(scores[1] < scores[0] && scores[0] < 0.0, "{scores:?}");
    assert_eq!(model.name(), "tiny.gguf");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_heard_while_it_is_written() {
    let scene = Scene::new();
    let model = scene.model();
    let heard = Mutex::new(Vec::new());
    let listen = |so_far: &str| heard.lock().unwrap().push(so_far.to_owned());
    let answer = model.generate_in_pieces(question(200), &listen).await.unwrap();
    check_answer(&answer.text);
    let heard = heard.into_inner().unwrap();
    assert!(heard.len() > 5, "who waits sees it grow: {heard:?}");
    assert!(heard.iter().all(|so_far| answer.text.starts_with(so_far)), "{heard:?} is not {}", answer.text);
    let whole = model.generate(question(200)).await.unwrap();
    assert_eq!(whole.text, answer.text, "listening changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_answer_frees_the_worker() {
    let scene = Scene::new();
    let model = scene.model();
    model.generate(question(50)).await.unwrap();
    let pid = model.process_id().unwrap();
    let dropped = tokio::time::timeout(Duration::from_millis(500), model.score("x".into(), endless())).await;
    assert!(dropped.is_err(), "the question must be one that takes long");
    let started = Instant::now();
    check_answer(&model.generate(question(200)).await.unwrap().text);
    assert!(started.elapsed() < Duration::from_secs(3), "the worker went on with what nobody waits for");
    assert_eq!(model.process_id(), Some(pid), "and it need not be killed for that");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_and_damaged_files_are_told_apart_from_failures() {
    let mut scene = Scene::new();
    let absent = text_model(scene.config.clone(), scene.file("absent.gguf"), 512);
    let error = absent.generate(question(5)).await.unwrap_err();
    assert!(matches!(&error, EngineError::ModelMissing(why) if why.contains("absent.gguf")), "{error}");
    let whole = std::fs::read(scene.file("tiny.gguf")).unwrap();
    let mut garbled = whole.clone();
    garbled[60..4000].fill(0xa5);
    for (name, bytes) in [
        ("empty", &b""[..]),
        ("text", b"not found\n"),
        ("cut", &whole[..whole.len() / 2]),
        ("garbled", &garbled),
    ] {
        std::fs::write(scene.file(name), bytes).unwrap();
        let model = text_model(scene.config.clone(), scene.file(name), 512);
        let error = model.generate(question(5)).await.unwrap_err();
        assert!(matches!(&error, EngineError::ModelMissing(why) if why.contains(name)), "{name}: {error:?}");
        assert_eq!(model.process_id(), None, "a worker without a model is of no use");
    }
    scene.config.executable = scene.file("no-such-worker");
    let error = scene.model().generate(question(5)).await.unwrap_err();
    assert!(matches!(&error, EngineError::Failed(why) if why.contains("no-such-worker")), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_cannot_be_answered_costs_no_process() {
    let scene = Scene::new();
    let model = text_model(scene.config.clone(), scene.file("tiny.gguf"), 64);
    let error = model.generate(TextRequest { user: "x".repeat(500), ..question(9) }).await.unwrap_err();
    assert!(matches!(&error, EngineError::Failed(why) if why.contains("tokens")), "{error:?}");
    let pid = model.process_id();
    assert!(pid.is_some(), "a long prompt is no reason to end the process");
    let huge = TextRequest { user: "x".repeat(70 << 20), ..question(9) };
    let error = model.generate(huge).await.unwrap_err();
    assert!(matches!(&error, EngineError::Failed(why) if why.contains("cannot be sent")), "{error:?}");
    assert_eq!(model.process_id(), pid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_ends_a_request_and_not_the_worker() {
    let mut scene = Scene::new();
    scene.config.limits.request = Duration::from_millis(700);
    let model = scene.model();
    let error = model.score("x".into(), endless()).await.unwrap_err();
    assert!(matches!(&error, EngineError::Failed(why) if why.contains("deadline")), "{error:?}");
    assert!(model.process_id().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_worker_is_unloaded_and_comes_back() {
    let mut scene = Scene::new();
    scene.config.idle_unload = Duration::from_millis(300);
    let model = scene.model();
    model.generate(question(50)).await.unwrap();
    let pid = model.process_id().unwrap();
    wait_for("the idle worker to be unloaded", || model.process_id().is_none().then_some(())).await;
    assert!(!alive(pid), "its memory must be given back");
    check_answer(&model.generate(question(200)).await.unwrap().text);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_process_outlives_its_handle() {
    let scene = Scene::new();
    let model = scene.model();
    model.generate(question(50)).await.unwrap();
    let pid = model.process_id().unwrap();
    drop(model);
    wait_for("the worker to leave with its handle", || (!alive(pid)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_does_not_fit_into_the_memory_is_not_started() {
    let mut scene = Scene::new();
    scene.config.free_memory = || Some(300_000_000);
    let model = scene.model();
    let watch = model.watch();
    let changed = watch.changed();
    let error = model.generate(question(50)).await.unwrap_err();
    let EngineError::Failed(words) = &error else { panic!("{error:?}") };
    assert!(words.contains("0.3 GB are free") && words.contains("Close other programs"), "{words}");
    assert_eq!((model.process_id(), watch.state().doing), (None, EngineDoing::NotRunning));
    assert_eq!(
        watch.state().failed.map(|(why, _)| why).as_ref(),
        Some(words),
        "the Activity page says it, too"
    );
    tokio::time::timeout(Duration::from_secs(1), changed).await.expect("who watches hears of it");
    // Whoever closes other programs need not restart this one.
    scene.config.free_memory = || Some(30_000_000_000);
    check_answer(&scene.model().generate(question(200)).await.unwrap().text);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_counted() {
    let scene = Scene::new();
    let model = std::sync::Arc::new(scene.model());
    model.generate(question(50)).await.unwrap();
    let ask = || {
        tokio::spawn({
            let model = model.clone();
            async move { model.score("x".into(), endless()).await }
        })
    };
    let (first, second) = (ask(), ask());
    let watch = model.watch();
    wait_for("one at work and one behind it", || {
        let seen = watch.state();
        (seen.doing == EngineDoing::Working && seen.waiting == 1 && seen.oldest.is_some()).then_some(())
    })
    .await;
    second.abort();
    wait_for("the place of who left", || (watch.state().waiting == 0).then_some(())).await;
    first.abort();
    wait_for("rest", || (watch.state().doing == EngineDoing::Ready).then_some(())).await;
}

#[cfg(unix)]
mod unix {
    use super::*;

    fn signal(name: &str, pid: u32) {
        let sent = std::process::Command::new("kill").args([name, &pid.to_string()]).status().unwrap();
        assert!(sent.success(), "kill {name} {pid}");
    }

    /// An executable that is a shell script.
    fn script(scene: &Scene, body: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = scene.file("worker.sh");
        std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_killed_worker_costs_one_attempt() {
        let scene = Scene::new();
        let model = std::sync::Arc::new(scene.model());
        model.generate(question(50)).await.unwrap();
        // Between requests: seen at once, and the next question finds a new worker.
        let first = model.process_id().unwrap();
        signal("-KILL", first);
        wait_for("the death to be seen", || model.process_id().is_none().then_some(())).await;
        check_answer(&model.generate(question(200)).await.unwrap().text);

        // During a request: the same question is asked once more.
        let asked = tokio::spawn({
            let model = model.clone();
            async move { model.score("x".into(), endless()).await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let second = model.process_id().unwrap();
        signal("-KILL", second);
        let third = wait_for("a second attempt", || model.process_id().filter(|&pid| pid != second)).await;
        assert!(!asked.is_finished(), "one death is not the caller's business");
        signal("-KILL", third);
        let error = asked.await.unwrap().unwrap_err();
        assert!(
            matches!(&error, EngineError::WorkerDied(why) if why.contains("twice") && why.contains("signal 9")),
            "{error:?}"
        );
        let seen = model.watch().state();
        assert_eq!(
            (seen.doing, seen.restarts),
            (EngineDoing::LeftAlone, 2),
            "two were started after a death"
        );
        assert!(seen.rests.is_some_and(|rest| rest <= Duration::from_secs(60)), "{seen:?}");
        let (why, _) = seen.failed.unwrap();
        #[cfg(target_os = "linux")]
        assert!(
            why.contains("another program ended it"),
            "nobody is sent to close programs for nothing: {why}"
        );
        assert!(why.contains("signal 9"), "{why}");
        assert_eq!((seen.waiting, seen.seconds.len()), (0, 2), "two questions were answered, none is left");
        // Three deaths within a minute: the reason is told, and no fourth process started.
        let error = model.generate(question(9)).await.unwrap_err();
        assert!(matches!(&error, EngineError::Resting(why) if why.contains("3 times")), "{error:?}");
        assert_eq!(model.process_id(), None);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_open_circuit_closes_again() {
        let mut scene = Scene::new();
        scene.config.limits.deaths = 1;
        scene.config.limits.window = Duration::from_secs(2);
        let model = scene.model();
        model.generate(question(50)).await.unwrap();
        signal("-KILL", model.process_id().unwrap());
        wait_for("the death to be seen", || model.process_id().is_none().then_some(())).await;
        assert!(model.generate(question(50)).await.is_err(), "it died within the window");
        tokio::time::sleep(Duration::from_millis(2100)).await;
        check_answer(&model.generate(question(200)).await.unwrap().text);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_stopped_worker_is_noticed() {
        let mut scene = Scene::new();
        scene.config.limits.heartbeat = Duration::from_millis(2500);
        let model = std::sync::Arc::new(scene.model());
        model.generate(question(50)).await.unwrap();
        let pid = model.process_id().unwrap();
        signal("-STOP", pid);
        // Answered by a new worker, after the silence of the old one.
        let started = Instant::now();
        check_answer(&model.generate(question(200)).await.unwrap().text);
        assert!(started.elapsed() > Duration::from_secs(1), "the stopped worker cannot have answered");
        assert_ne!(model.process_id(), Some(pid));
        assert!(!alive(pid), "a stopped process must not stay behind");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn misbehaving_executables_end_in_an_error_and_not_in_a_wait() {
        // Reads what comes and answers nothing.
        const MUTE: &str = "while read -r line; do :; done";
        for (body, expected) in [
            (&*format!("echo 'Segmentation fault (core dumped)'; {MUTE}"), "unreadable"),
            (&*format!("printf '\\003\\000\\000\\000{{}}]'; {MUTE}"), "unreadable"),
            ("echo 'cannot load libfoo.so' >&2; exit 7", "exit status 7"),
            ("echo 'cannot load libfoo.so' >&2; exit 7", "cannot load libfoo.so"),
            (MUTE, "sign of life"),
            // Half a frame, and then bytes that could be the rest of it, for ever.
            ("printf '\\000\\020\\000\\000{'; while printf x; do sleep 0.2; done", "sign of life"),
            ("exec >&-; exec sleep 60", "closed its connection"),
            // Whether the question still fits into the pipe before it closes is a race; both ends are errors.
            ("exec <&-; exec sleep 60", "sign of life|closed its connection"),
        ] {
            let mut scene = Scene::with(PathBuf::new());
            scene.config.executable = script(&scene, body);
            scene.config.limits.heartbeat = Duration::from_secs(1);
            let model = scene.model();
            let answer = tokio::time::timeout(Duration::from_secs(20), model.generate(question(5)));
            let error = answer.await.unwrap_or_else(|_| panic!("`{body}` made the caller wait")).unwrap_err();
            assert!(
                matches!(&error, EngineError::WorkerDied(why) if expected.split('|').any(|words| why.contains(words))),
                "`{body}`: {error:?}"
            );
        }
    }

    #[test]
    fn no_process_outlives_the_runtime() {
        let scene = Scene::new();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let model = scene.model();
        let pid = runtime.block_on(async {
            model.generate(question(50)).await.unwrap();
            model.process_id().unwrap()
        });
        drop(runtime);
        let give_up = Instant::now() + Duration::from_secs(10);
        while alive(pid) {
            assert!(Instant::now() < give_up, "the worker stayed behind when the program ended");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// True while a process of this id runs. On systems without /proc nothing is known and it is false.
fn alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
    // A dead child that was not waited for yet has state Z.
    stat.is_ok_and(|stat| !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}
