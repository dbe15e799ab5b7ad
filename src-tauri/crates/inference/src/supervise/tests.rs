//! The rules one by one, then under any sequence of events and any clock.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use proptest::prelude::*;

use super::*;

const WINDOW: Duration = Duration::from_secs(60);
const MOST: usize = 3;

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn supervision() -> Supervision {
    Supervision::new(MOST, WINDOW)
}

fn died() -> Event {
    Event::Died { reason: "Signal 11.".into(), jitter: u16::MAX }
}

/// Starts a worker and has it die.
#[track_caller]
fn live_and_die(supervision: &mut Supervision, now: Duration) {
    assert_eq!(supervision.ask(now), Order::Start, "{:?}", supervision.doing());
    supervision.hear(Event::Started, now);
    supervision.hear(died(), now);
}

/// Three deaths, at 0, 1 and 2 s.
fn opened() -> Supervision {
    let mut supervision = supervision();
    (0..3).for_each(|second| live_and_die(&mut supervision, at(second)));
    supervision
}

#[test]
fn a_worker_is_started_once_and_then_used() {
    let mut supervision = supervision();
    assert_eq!(supervision.ask(at(0)), Order::Start);
    assert_eq!(supervision.ask(at(1)), Order::Use, "a second question must not start a second process");
    supervision.hear(Event::Started, at(2));
    assert_eq!((supervision.ask(at(3)), supervision.doing()), (Order::Use, EngineDoing::Ready));
    supervision.hear(Event::Left, at(4));
    assert_eq!(supervision.ask(at(4)), Order::Start, "an idle worker that was unloaded died of nothing");
    assert_eq!(supervision.restarts(), 0, "the Activity page counts starts after a death");
}

#[test]
fn waits_double_and_lie_in_their_second_half() {
    for (jitter, waits) in [(0, [125, 250]), (u16::MAX, [250, 500])] {
        let mut supervision = supervision();
        let mut now = at(5);
        for wait in waits {
            assert_eq!(supervision.ask(now), Order::Start, "the wait is over");
            supervision.hear(Event::Died { reason: String::new(), jitter }, now);
            let until = now + Duration::from_millis(wait);
            assert_eq!(supervision.ask(now), Order::Wait { until }, "jitter {jitter}");
            now = until;
        }
    }
}

#[test]
fn the_third_death_opens_the_circuit_and_says_why() {
    let mut supervision = opened();
    let Order::Refuse { words } = supervision.ask(at(2)) else { panic!("{:?}", supervision.doing()) };
    for part in ["3 times within 60 s", "Signal 11.", "not started again for 59 s"] {
        assert!(words.contains(part), "the user is told `{part}`: {words}");
    }
    assert_eq!((supervision.doing(), supervision.rests()), (EngineDoing::LeftAlone, Some(at(58))));
    assert_eq!(supervision.restarts(), 2, "the first start followed no death, and there is no fourth");
    assert!(matches!(supervision.ask(at(59)), Order::Refuse { .. }));
}

#[test]
fn a_trial_that_fails_opens_it_for_twice_as_long_and_one_that_lives_closes_it() {
    let mut supervision = opened();
    live_and_die(&mut supervision, at(60));
    assert!(matches!(supervision.ask(at(179)), Order::Refuse { .. }), "one death on trial is enough");
    live_and_die(&mut supervision, at(180));
    assert!(matches!(supervision.ask(at(419)), Order::Refuse { .. }), "and again for twice as long");
    assert_eq!(supervision.ask(at(420)), Order::Start);
    supervision.hear(Event::Started, at(421));
    assert_eq!((supervision.doing(), supervision.on_trial()), (EngineDoing::Ready, true));
    supervision.tick(at(481));
    assert!(!supervision.on_trial(), "it lived through a window");
    supervision.hear(died(), at(482));
    assert!(matches!(supervision.ask(at(482)), Order::Wait { .. }), "the next death is a first one again");
}

#[test]
fn a_trial_that_never_loads_is_no_proof() {
    let mut supervision = opened();
    assert_eq!(supervision.ask(at(60)), Order::Start);
    supervision.hear(Event::Failed, at(61));
    live_and_die(&mut supervision, at(62));
    assert!(matches!(supervision.ask(at(100)), Order::Refuse { .. }), "it was still on trial");
}

#[test]
fn memory_is_named_where_it_is_the_cause() {
    for (signal, last_words, kernel) in
        [(9, "", Some(true)), (9, "", None), (6, "memory allocation of 812 bytes failed", Some(false))]
    {
        let words = explain(Some(signal), None, last_words, kernel);
        assert!(
            words.contains("memory") && words.contains("close other programs"),
            "signal {signal}: {words}"
        );
    }
    let by_hand = explain(Some(9), None, "", Some(false));
    assert!(by_hand.contains("another program ended it"), "{by_hand}");
    for words in [
        by_hand,
        explain(Some(6), None, "assertion failed", None),
        explain(Some(11), None, "", Some(true)),
        explain(None, Some(7), "", None),
    ] {
        assert!(
            !words.contains("close other programs"),
            "the user is sent after memory for nothing: {words}"
        );
    }
    assert!(explain(None, Some(7), "", None).contains("exit status 7"));
}

#[derive(Debug, Clone)]
enum Step {
    Ask,
    Hear(Event),
    /// Milliseconds, ahead or back.
    Clock(i64),
}

/// `back`: how far the clock may be set back, milliseconds.
fn steps(back: i64) -> impl Strategy<Value = Vec<Step>> {
    let event = prop_oneof![
        Just(Event::Started),
        Just(Event::Failed),
        Just(Event::Left),
        any::<u16>().prop_map(|jitter| Event::Died { reason: "It died.".into(), jitter }),
    ];
    let clock = prop_oneof![4 => 0..2_000i64, 2 => 0..90_000i64, 1 => -back..=0, 1 => 0..86_400_000i64];
    let step =
        prop_oneof![3 => Just(Step::Ask), 4 => event.prop_map(Step::Hear), 3 => clock.prop_map(Step::Clock)];
    prop::collection::vec(step, 0..200)
}

/// What the supervision is told of, and what must be true of its orders.
struct Witness {
    supervision: Supervision,
    now: Duration,
    /// A worker runs or starts, by what was ordered and told.
    running: bool,
    deaths: Vec<Duration>,
}

impl Witness {
    fn new() -> Self {
        Self { supervision: supervision(), now: at(1_000), running: false, deaths: Vec::new() }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Ask => match self.supervision.ask(self.now) {
                Order::Start => {
                    assert!(!self.running, "two workers of one model would fill the memory");
                    self.running = true;
                }
                Order::Use => assert!(self.running, "nobody is there to be used"),
                Order::Wait { until } => {
                    assert!(!self.running && until > self.now, "a wait that is over is not a wait");
                    assert!(until - self.now <= FIRST_WAIT * 2, "a wait must not outgrow its rule");
                }
                Order::Refuse { words } => assert!(!self.running && words.contains("It died."), "{words}"),
            },
            Step::Hear(event) => {
                if matches!(event, Event::Died { .. }) && self.running {
                    self.deaths.push(self.now);
                }
                self.running &= event == Event::Started;
                self.supervision.hear(event, self.now);
            }
            Step::Clock(by) => {
                let by_ms = Duration::from_millis(by.unsigned_abs());
                self.now = if by < 0 { self.now.saturating_sub(by_ms) } else { self.now + by_ms };
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_and_however_the_clock_jumps_no_rest_outlasts_its_rule(steps in steps(86_400_000)) {
        let mut witness = Witness::new();
        for step in steps {
            witness.take(step);
            let mut later = witness.supervision.clone();
            later.tick(witness.now);
            let order = later.ask(witness.now + LONGEST_REST);
            prop_assert!(matches!(order, Order::Start | Order::Use), "still {order:?} after the longest rest");
        }
    }

    #[test]
    fn no_window_sees_more_deaths_than_allowed(steps in steps(0)) {
        let mut witness = Witness::new();
        steps.into_iter().for_each(|step| witness.take(step));
        for deaths in witness.deaths.windows(MOST + 1) {
            prop_assert!(deaths[MOST] - deaths[0] >= WINDOW, "a dying worker costs the user's computer: {deaths:?}");
        }
    }
}
