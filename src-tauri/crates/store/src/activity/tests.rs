//! The queue's promises, one by one and under any sequence of runs, kills, restarts and clocks.

use proptest::prelude::*;

use super::*;

async fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(&folder.path().join("test.db")).await.expect("a database");
    (store, folder)
}

fn named(key: &str) -> NewTask {
    NewTask { kind: "review", title: key.to_owned(), dedupe: key.to_owned(), payload: key.to_owned() }
}

async fn claimed(store: &Store, since: i64) -> Option<Claimed> {
    store.claim(&["review"], since, true).await.expect("the queue")
}

async fn completed(store: &Store, claimed: &Claimed) -> bool {
    let mut tx = store.begin().await.expect("a transaction");
    let done = complete(&mut tx, claimed, 0).await.expect("the queue");
    tx.commit().await.expect("it is written");
    done
}

async fn task(store: &Store, id: i64) -> Task {
    store.task(id).await.expect("the queue").expect("a task is never forgotten")
}

fn error(message: &str) -> ApiError {
    ApiError::new(internflow_domain::ErrorCode::Failed, message)
}

#[tokio::test]
async fn what_was_asked_for_now_comes_before_what_was_left_over() {
    let (store, _folder) = store().await;
    for (key, at) in [("old", 10), ("asked again", 11), ("new", 100), ("asked again", 101)] {
        store.enqueue(&named(key), at).await.expect("it is queued");
    }
    let mut order = Vec::new();
    // First as a single command does, then as a host that stays.
    for leftovers in [false, true] {
        while let Some(claimed) = store.claim(&["review"], 100, leftovers).await.expect("the queue") {
            order.push(claimed.payload);
        }
        order.push(format!("end, leftovers {leftovers}"));
    }
    assert_eq!(
        order,
        ["asked again", "new", "end, leftovers false", "old", "end, leftovers true"],
        "a command that was killed must not make the next one wait for its leavings"
    );
}

#[tokio::test]
async fn a_run_that_lost_its_task_changes_nothing_more() {
    let (store, _folder) = store().await;
    let id = store.enqueue(&named("one"), 1).await.expect("it is queued");
    let before = claimed(&store, 1).await.expect("it is there");
    assert_eq!(store.recover_tasks(2).await.expect("the queue"), 1, "the app was killed and started again");
    let now = claimed(&store, 2).await.expect("it is there again");
    assert_eq!((before.id, now.id), (id, id), "a restart goes on with the same task");
    assert_ne!(before.lease, now.lease, "and nobody can take the one run for the other");

    // What the first run may still try, had it only been stopped for a while.
    let progress = Progress { stage: "late".to_owned(), ..Progress::default() };
    store.set_progress(&before, &progress).await.expect("no error");
    store.end_task(&before, TaskState::Failed, Some(&error("late")), 3).await.expect("no error");
    store.worker_died(&before, &error("late"), 3).await.expect("no error");
    assert!(!completed(&store, &before).await, "a result of a run that lost its lease must be rolled back");
    let running = task(&store, id).await;
    assert_eq!((running.state, running.error, running.attempts), (TaskState::Running, None, 2));
    assert_eq!(running.progress.stage, "", "what a lost run says of its progress is not shown");

    assert!(completed(&store, &now).await);
    assert!(!completed(&store, &now).await, "a task takes effect once");
    assert!(claimed(&store, 2).await.is_none(), "and is not run again");
}

#[tokio::test]
async fn a_clock_that_was_ahead_makes_no_leftover_look_new() {
    let (store, _folder) = store().await;
    // Asked for in the year 2033 of a wrong clock, and in the second of the restart.
    for (key, at) in [("ahead", 2_000_000_000), ("this second", 100)] {
        store.enqueue(&named(key), at).await.expect("it is queued");
    }
    store.recover_tasks(100).await.expect("the queue");
    let alone = store.claim(&["review"], 100, false).await.expect("the queue");
    assert!(alone.is_none(), "a single command waits for nothing that an earlier run left: {alone:?}");
    store.enqueue(&named("now"), 100).await.expect("it is queued");
    let mut order = Vec::new();
    while let Some(claimed) = claimed(&store, 100).await {
        order.push(claimed.payload);
    }
    assert_eq!(order, ["now", "ahead", "this second"]);
}

#[tokio::test]
async fn a_task_that_killed_its_worker_twice_holds_nobody_up() {
    let (store, _folder) = store().await;
    let poison = store.enqueue(&named("poison"), 1).await.expect("it is queued");
    for _ in 0..2 {
        let run = claimed(&store, 1).await.expect("it is tried again");
        assert_eq!(run.id, poison);
        store.worker_died(&run, &error("signal 11"), 2).await.expect("the queue");
    }
    assert_eq!(task(&store, poison).await.state, TaskState::Poisoned);
    store.recover_tasks(3).await.expect("the queue");
    assert!(claimed(&store, 3).await.is_none(), "a restart must not bring it back");
    for number in 0..100 {
        store.enqueue(&named(&format!("task {number}")), 4).await.expect("it is queued");
    }
    let mut done = 0;
    while let Some(run) = claimed(&store, 3).await {
        assert!(completed(&store, &run).await);
        done += 1;
    }
    assert_eq!(done, 100, "the next hundred go through");
    let again = store.enqueue(&named("poison"), 5).await.expect("it is queued");
    assert_ne!(again, poison, "whoever asks for it once more gets a task that counts its deaths anew");
}

/// What may happen to a queue. `run` names one of the runs that ever claimed something.
#[derive(Debug, Clone)]
enum Step {
    Ask {
        key: u8,
    },
    Claim,
    Complete {
        run: usize,
    },
    Fail {
        run: usize,
    },
    Die {
        run: usize,
    },
    CancelQueued {
        key: u8,
    },
    /// The app is killed and started again; its runs may still be at work, as after a pause.
    Restart,
    SetClock {
        to: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..4_u8;
    let run = 0..8_usize;
    prop_oneof![
        4 => key.clone().prop_map(|key| Step::Ask { key }),
        4 => Just(Step::Claim),
        3 => run.clone().prop_map(|run| Step::Complete { run }),
        1 => run.clone().prop_map(|run| Step::Fail { run }),
        1 => run.prop_map(|run| Step::Die { run }),
        1 => key.prop_map(|key| Step::CancelQueued { key }),
        2 => Just(Step::Restart),
        1 => (-2_000_000_000..4_000_000_000_i64).prop_map(|to| Step::SetClock { to }),
    ]
}

/// Takes the steps, then restarts once more and completes what is left. How often each task ended, and in what state
/// it is.
async fn taken(steps: &[Step]) -> Vec<(i64, i64, String)> {
    let (store, _folder) = store().await;
    for sql in [
        "CREATE TABLE ending (task_id INTEGER NOT NULL)",
        "CREATE TRIGGER ended AFTER UPDATE OF state ON task WHEN new.state NOT IN ('queued', 'running')
         BEGIN INSERT INTO ending VALUES (new.id); END",
    ] {
        sqlx::query(sql).execute(&store.write).await.expect("the trigger is made");
    }
    let (mut runs, mut clock, mut since): (Vec<Claimed>, i64, i64) = (Vec::new(), 1_000, 1_000);
    for step in steps {
        clock += 1;
        // Clocks jump; when work was asked for is never before the app began, as the core sees to.
        let asked_at = clock.max(since);
        match step {
            Step::Ask { key } => {
                store.enqueue(&named(&key.to_string()), asked_at).await.expect("it is queued");
            }
            Step::Claim => runs.extend(claimed(&store, since).await),
            Step::Complete { run } => {
                if let Some(run) = runs.get(*run) {
                    completed(&store, run).await;
                }
            }
            Step::Fail { run } => {
                if let Some(run) = runs.get(*run) {
                    store.end_task(run, TaskState::Failed, None, clock).await.expect("the queue");
                }
            }
            Step::Die { run } => {
                if let Some(run) = runs.get(*run) {
                    store.worker_died(run, &error("signal 9"), clock).await.expect("the queue");
                }
            }
            Step::CancelQueued { key } => {
                if let Some(id) = store.open_task(&key.to_string()).await.expect("the queue") {
                    store.cancel_queued(id, clock).await.expect("the queue");
                }
            }
            Step::Restart => {
                since = clock;
                store.recover_tasks(since).await.expect("the queue");
            }
            Step::SetClock { to } => clock = *to,
        }
    }
    store.recover_tasks(clock).await.expect("the queue");
    while let Some(run) = claimed(&store, clock).await {
        assert!(completed(&store, &run).await, "a run that holds its lease can end its task");
    }
    sqlx::query_as("SELECT task.id, (SELECT count(*) FROM ending WHERE task_id = task.id), state FROM task")
        .fetch_all(&store.read)
        .await
        .expect("the tasks")
}

proptest! {
    // Each case is a database of its own on the disk.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_each_task_ends_exactly_once(steps in proptest::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        for (id, endings, state) in runtime.block_on(taken(&steps)) {
            prop_assert_eq!(endings, 1, "task {} is {} after {} endings", id, state, endings);
        }
    }
}
