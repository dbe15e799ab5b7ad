//! Lanes beside clocks that jump and engines that fail. What rows of the queue promise, the store's tests say.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::*;
use crate::{repositories, testing};

static NOW: AtomicI64 = AtomicI64::new(1_790_000_000);

fn clock() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW.load(Ordering::Relaxed) as u64)
}

async fn asked(core: &Core, name: &str) -> i64 {
    let id = core.store.add_repository(&format!("/nowhere/{name}"), name).await.unwrap();
    index::enqueue(core, &repositories::one(core, id).await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_command_does_its_own_work_also_when_the_clock_is_set_back_meanwhile() {
    let (core, _folder) = testing::core(clock).await;
    NOW.fetch_sub(3 * 365 * 24 * 60 * 60, Ordering::Relaxed);
    let id = asked(&core, "shop").await;
    let claimed = core.store.claim(&[index::TASK], core.started_at, core.config.resumes).await.unwrap();
    assert_eq!(claimed.map(|claimed| claimed.id), Some(id), "it would wait for its own task for ever");
}

#[tokio::test]
async fn a_lane_ends_each_task_and_goes_on_after_a_failure() {
    let (core, _folder) = testing::core(clock).await;
    let ids = [asked(&core, "one").await, asked(&core, "two").await];
    let stop = watch::Sender::new(false);
    let mut lane = Lane { wake: core.signals.wake.subscribe(), core: core.clone(), kinds: &[index::TASK] };
    for _ in ids {
        assert!(matches!(lane.step(&mut stop.subscribe()).await, Step::Again));
    }
    assert!(matches!(lane.step(&mut stop.subscribe()).await, Step::Wait), "nothing is left");
    for id in ids {
        let task = core.store.task(id).await.unwrap().unwrap();
        assert_eq!((task.state, task.attempts), (TaskState::Failed, 1), "no folder, said once: {task:?}");
    }
}

#[tokio::test]
async fn what_is_done_for_a_repository_that_is_removed_is_no_failure() {
    let (core, _folder) = testing::core(clock).await;
    let (waits, runs) = (asked(&core, "waits").await, asked(&core, "runs").await);
    // Some work is for all of them, and says nothing of any.
    let for_all = internflow_store::activity::NewTask {
        kind: crate::jobs::openings::MATCH,
        title: "Compare".to_owned(),
        dedupe: "match".to_owned(),
        payload: String::new(),
    };
    let for_all = core.store.enqueue(&for_all, core.asked_at()).await.unwrap();
    let repositories = core.store.repositories().await.unwrap();
    let of = |name: &str| repositories.iter().find(|one| one.name == name).unwrap().id;
    repositories::remove(&core, crate::api::Id { id: of("waits") }).await.unwrap();
    assert_eq!(core.store.task(waits).await.unwrap().unwrap().state, TaskState::Cancelled, "it never begins");
    assert_eq!(core.store.task(for_all).await.unwrap().unwrap().state, TaskState::Queued, "it goes on");

    let lane = Lane { wake: core.signals.wake.subscribe(), core: core.clone(), kinds: &[index::TASK] };
    let claimed = core.store.claim(&[index::TASK], core.started_at, false).await.unwrap().unwrap();
    core.store.remove_repository(of("runs")).await.unwrap();
    lane.failed(&claimed, anyhow!("FOREIGN KEY constraint failed")).await;
    let task = core.store.task(runs).await.unwrap().unwrap();
    assert_eq!(
        (task.state, task.error),
        (TaskState::Cancelled, None),
        "nobody can mend that: {:?}",
        task.title
    );
}

#[tokio::test]
async fn a_review_waits_for_a_model_that_is_left_alone_and_a_question_is_told() {
    let (core, _folder) = testing::core(clock).await;
    let lane = Lane { wake: core.signals.wake.subscribe(), core: core.clone(), kinds: WRITING };
    let resting = || anyhow::Error::from(EngineError::Resting("it died 3 times".to_owned()));
    let mut ends = Vec::new();
    for kind in [reviews::TASK, ask::TASK] {
        let task = internflow_store::activity::NewTask {
            kind,
            title: kind.to_owned(),
            dedupe: kind.to_owned(),
            payload: "{}".to_owned(),
        };
        let id = core.store.enqueue(&task, core.asked_at()).await.unwrap();
        let claimed = core.store.claim(&[kind], core.started_at, false).await.unwrap().unwrap();
        let rests = matches!(lane.failed(&claimed, resting()).await, Step::Rest);
        let task = core.store.task(id).await.unwrap().unwrap();
        let reason = task.error.map(|error| error.message);
        ends.push((rests, task.state, task.attempts, reason));
    }
    let reason = Some("it died 3 times".to_owned());
    assert_eq!(
        ends,
        [(true, TaskState::Queued, 0, reason.clone()), (false, TaskState::Failed, 1, reason)],
        "one review that ends the model's process must not fail those behind it"
    );
}
