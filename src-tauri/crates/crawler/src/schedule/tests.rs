//! Thirty days on a clock that jumps, by boards of which some fail.

use std::collections::HashMap;

use chrono::TimeZone;

use super::*;

const AWAKE: Conditions =
    Conditions { metered: false, on_battery: false, when_metered: false, when_on_battery: false };

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 10, 20, 0, 0, 0).single().expect("a time")
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

/// Keys of the boards that are due.
fn keys<'b>(
    boards: &'b [BoardState],
    clock: &Clock,
    conditions: &Conditions,
    now: DateTime<Utc>,
) -> Vec<&'b str> {
    due(boards, clock, conditions, now).into_iter().map(|place| boards[place].key.as_str()).collect()
}

/// A machine whose clock may be wrong.
struct Machine {
    /// What its clock shows.
    now: DateTime<Utc>,
    /// Time by the clock, which jumps forward with it and never back: what a board's operator would count.
    felt: TimeDelta,
    /// Time in which it ran.
    awake: TimeDelta,
    clock: Clock,
    boards: Vec<BoardState>,
    /// `felt` and `awake` at the last crawl of each board, and the gap from then on.
    last: HashMap<String, (TimeDelta, TimeDelta, TimeDelta)>,
    crawls: usize,
}

impl Machine {
    fn new(boards: usize) -> Self {
        let now = start();
        let boards =
            (0..boards).map(|n| BoardState::new(&format!("lever:{n}"), [6, 12, 24][n % 3], now)).collect();
        Self {
            now,
            felt: TimeDelta::zero(),
            awake: TimeDelta::zero(),
            clock: Clock::default(),
            boards,
            last: HashMap::new(),
            crawls: 0,
        }
    }

    /// Crawls what is due and gives the keys. Every seventh board fails for a day in three, with its circuit.
    fn look(&mut self) -> Vec<String> {
        self.clock.look(&mut self.boards, self.now);
        let keys: Vec<String> =
            keys(&self.boards, &self.clock, &AWAKE, self.now).into_iter().map(str::to_owned).collect();
        for key in &keys {
            let n = self.boards.iter().position(|board| board.key == *key).expect("a board that there is");
            let board = &mut self.boards[n];
            if !board.circuit.ask(self.now) {
                continue;
            }
            if let Some((felt, awake, gap)) = self.last.get(key) {
                let (felt, awake) = (self.felt - *felt, self.awake - *awake);
                assert!(felt >= *gap, "{key} was asked after {felt}, its gap is {gap}");
                // A clock that is set back right before its time makes it wait once more.
                let most = if n % 7 == 0 { *gap * 2 + hours(30) } else { *gap * 2 + hours(1) };
                assert!(awake <= most, "{key} was left alone for {awake}, its gap is {gap}");
            }
            board.begin(self.now);
            let fails = n % 7 == 0 && (self.felt.num_days() + n as i64) % 3 == 0;
            board.ended = Some(if fails { Ended::Failed } else { Ended::Complete });
            match fails {
                true => board.circuit.failed("it is out of order", false, self.now, 0.5),
                false => board.circuit.worked(),
            }
            self.last.insert(key.clone(), (self.felt, self.awake, board.gap()));
            self.crawls += 1;
        }
        keys
    }

    /// Runs for a while: sleeps until a board is due, ten minutes at most.
    fn run(&mut self, length: TimeDelta) {
        let end = self.awake + length;
        while self.awake < end {
            self.look();
            let next = next_due(&self.boards, &self.clock, &AWAKE, self.now).expect("there are boards");
            let wait = (next - self.now).clamp(TimeDelta::seconds(1), TimeDelta::minutes(10));
            self.now += wait;
            self.felt += wait;
            self.awake += wait;
        }
    }

    /// The clock jumps, because the machine slept or somebody set it.
    fn jump(&mut self, by: TimeDelta) {
        self.now += by;
        self.felt += by.max(TimeDelta::zero());
    }
}

#[test]
fn thirty_days_of_a_clock_that_jumps() {
    let mut machine = Machine::new(40);
    for (days, jump) in [
        (4, hours(72)),
        (3, hours(-1)),
        (2, hours(1)),
        (3, hours(48)),
        (2, hours(-48)),
        (1, hours(9)),
        (3, hours(-24 * 400)),
        (2, hours(24 * 400)),
        (3, TimeDelta::minutes(-7)),
        (3, hours(30)),
        (4, TimeDelta::zero()),
    ] {
        machine.run(hours(days * 24));
        machine.jump(jump);
    }
    assert_eq!(machine.last.len(), 40, "each board was asked");
    for (key, (_, awake, gap)) in &machine.last {
        assert!(machine.awake - *awake <= *gap * 2 + hours(30), "{key} is starved at the end");
    }
    assert!(machine.crawls > 1_800, "only {} crawls in thirty days", machine.crawls);
}

#[test]
fn after_a_sleep_each_board_once_and_not_all_at_once() {
    let mut machine = Machine::new(120);
    machine.run(hours(48));
    machine.jump(hours(24 * 5));
    let before = machine.crawls;
    let first = machine.look().len();
    assert!(first <= 6, "{first} of 120 boards in the first moment");
    machine.run(TimeDelta::minutes(15));
    let half = machine.crawls - before;
    assert!((30..=90).contains(&half), "{half} of 120 in the first half");
    machine.run(TimeDelta::minutes(16));
    assert_eq!(machine.crawls - before, 120, "one crawl to catch up, not one for each that was missed");
}

#[test]
fn what_is_due_is_asked_at_once_and_in_order() {
    let mut clock = Clock::default();
    let mut boards: Vec<BoardState> =
        ["a", "b", "c"].map(|key| BoardState::new(key, 6, start() - hours(1))).to_vec();
    clock.look(&mut boards, start());
    for board in &mut boards {
        board.begin(start());
    }
    boards[1].ended = Some(Ended::Failed);
    let (now, gap) = (start() + hours(7), boards[1].gap());
    assert!(gap < hours(2), "what failed is tried again sooner: {gap}");
    assert!(boards[0].gap() != boards[2].gap(), "boards that began together part");
    assert_eq!(next_due(&boards, &clock, &AWAKE, start()), Some(start() + gap));
    // It waited on purpose: the board's own time is now, so nothing was missed.
    clock.look(&mut boards, start() + gap);
    assert_eq!(keys(&boards, &clock, &AWAKE, start() + gap), ["b"], "a crawl starts when it is due");
    boards.push(BoardState::new("new", 6, now));
    clock.look(&mut boards, now);
    assert!(keys(&boards, &clock, &AWAKE, now).contains(&"new"), "what the user adds is crawled at once");
    for quiet in [Conditions { metered: true, ..AWAKE }, Conditions { on_battery: true, ..AWAKE }] {
        assert_eq!(keys(&boards, &clock, &quiet, now), Vec::<&str>::new(), "{quiet:?}");
        assert_eq!(next_due(&boards, &clock, &quiet, now), None);
    }
    let told = Conditions { metered: true, when_metered: true, ..AWAKE };
    assert!(!due(&boards, &clock, &told, now).is_empty(), "unless the user says so");
}

#[test]
fn an_open_circuit_is_waited_for() {
    let mut board = BoardState::new("a", 6, start());
    let mut clock = Clock::default();
    clock.look(std::slice::from_mut(&mut board), start());
    board.begin(start());
    board.ended = Some(Ended::Failed);
    board.circuit.failed("there is no such board", true, start(), 1.0);
    let all = [board];
    let next = next_due(&all, &clock, &AWAKE, start());
    assert_eq!(next, Some(start() + hours(24)), "what will not pass by itself is tried once a day");
    assert_eq!(keys(&all, &clock, &AWAKE, start() + hours(23)), Vec::<&str>::new());
}
