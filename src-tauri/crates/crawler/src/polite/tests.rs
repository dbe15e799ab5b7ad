//! Paces and circuits in virtual time: exact cases, and all that follows from long chance sequences.

use chrono::TimeZone;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 28, 10, 0, 0).unwrap() + TimeDelta::seconds(seconds)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const FINE: Heard<'static> = Heard { status: Some(200), retry_after: None, date: None };
const DOWN: Heard<'static> = Heard { status: Some(503), retry_after: None, date: None };

#[test]
fn one_request_a_second_and_two_at_once() {
    let mut host = Host::default();
    assert_eq!(host.ask(at(0)), Ready::Now);
    assert_eq!(host.ask(at(0)), Ready::In(GAP));
    assert_eq!(host.ask(at(1)), Ready::Now);
    assert_eq!(host.ask(at(2)), Ready::Busy, "a host that answers slowly gets no third connection");
    host.heard(&FINE, at(2), 0.5);
    assert_eq!(host.ask(at(2)), Ready::Now);
    host.set_delay(secs(10));
    host.heard(&FINE, at(3), 0.5);
    assert_eq!(host.ask(at(3)), Ready::Now);
    host.gave_up();
    assert_eq!(host.ask(at(5)), Ready::In(secs(8)), "robots.txt asked for ten seconds");
}

#[test]
fn retry_after_in_all_its_spellings() {
    for (text, date, wait) in [
        ("120", None, Some(120)),
        (" 0 ", None, Some(1)),
        ("99999999999999999999999", None, Some(86_400)),
        ("Sat, 28 Nov 2026 10:05:00 GMT", None, Some(300)),
        ("Saturday, 28-Nov-26 10:05:00 GMT", None, Some(300)),
        ("Sat Nov 28 10:05:00 2026", None, Some(300)),
        ("Sat, 28 Nov 2026 10:05:00 GMT", Some("Sat, 28 Nov 2026 10:04:00 GMT"), Some(60)),
        ("Fri, 27 Nov 2026 10:05:00 GMT", None, Some(1)),
        ("Mon, 28 Nov 2050 10:05:00 GMT", None, Some(86_400)),
        ("soon", None, None),
        ("-5", None, None),
        ("", None, None),
    ] {
        assert_eq!(retry_after(text, date, at(0)), wait.map(secs), "{text:?} with {date:?}");
    }
}

#[test]
fn trouble_is_waited_out_longer_each_time_and_as_told() {
    let mut host = Host::default();
    let mut now = at(0);
    for wait in [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        assert_eq!(host.ask(now), Ready::Now);
        host.heard(&DOWN, now, 1.0);
        assert_eq!(host.ask(now), Ready::In(secs(wait)));
        now += TimeDelta::seconds(wait as i64);
    }
    assert_eq!(host.ask(now), Ready::Now);
    host.heard(&Heard { status: Some(429), retry_after: Some("3600"), date: None }, now, 0.0);
    host.heard(&DOWN, now, 0.0);
    assert_eq!(
        host.ask(now),
        Ready::In(secs(3600)),
        "a second answer does not shorten what the first asked for"
    );
    now += TimeDelta::seconds(3600);
    assert_eq!(host.ask(now), Ready::Now);
    host.heard(&Heard { status: Some(404), retry_after: None, date: None }, now, 1.0);
    now += TimeDelta::seconds(1);
    assert_eq!(host.ask(now), Ready::Now, "a page that is not there is no trouble of the host");
    host.heard(&DOWN, now, 0.0);
    assert_eq!(host.ask(now), Ready::In(secs(1)), "after an answer it begins anew, and chance takes half");
}

#[test]
fn a_circuit_opens_tries_and_closes() {
    let mut circuit = Circuit::default();
    for _ in 0..2 {
        assert!(circuit.ask(at(0)));
        circuit.failed("it is out of order (HTTP 503)", false, at(0), 1.0);
    }
    assert!(circuit.ask(at(0)), "two failures may be chance");
    circuit.failed("it is out of order (HTTP 503)", false, at(0), 1.0);
    let Circuit::Open { pause, reason, .. } = &circuit else { panic!("{circuit:?} after three failures") };
    assert_eq!(
        (pause.until(), reason.as_str()),
        (at(3600), "it is out of order (HTTP 503)"),
        "the user is shown both"
    );
    assert!(!circuit.ask(at(3599)));
    assert!(circuit.ask(at(3600)), "its time is over");
    assert!(!circuit.ask(at(3600)), "one crawl tries, not all");
    circuit.failed("still", false, at(3600), 1.0);
    assert!(!circuit.ask(at(3600 + 7199)));
    assert!(circuit.ask(at(3600 + 7200)), "the second time is twice as long");
    assert!(
        circuit.ask(at(3600 + 7200 + 1800)),
        "a trial whose process was killed does not block the board for ever"
    );
    circuit.worked();
    assert_eq!(circuit, Circuit::default());
    circuit.failed("there is no such board", true, at(0), 1.0);
    assert!(!circuit.ask(at(86_399)), "a board that is not there is asked once a day");
    circuit.reset();
    assert!(circuit.ask(at(0)));
}

#[test]
fn clocks_that_jump_do_no_harm() {
    let mut host = Host::default();
    assert_eq!(host.ask(at(1_000_000)), Ready::Now);
    host.heard(&DOWN, at(1_000_000), 1.0);
    assert_eq!(host.ask(at(0)), Ready::In(secs(2)), "set back eleven days, the pause is two seconds still");
    assert_eq!(host.ask(at(2)), Ready::Now);
    let mut circuit = Circuit::default();
    circuit.failed("gone", true, at(1_000_000), 1.0);
    assert!(!circuit.ask(at(0)));
    assert!(circuit.ask(at(86_400)), "a day after the clock was set back, not a day after the old time");
    let later = serde_json::to_string(&circuit).expect("a circuit is stored");
    assert_eq!(serde_json::from_str::<Circuit>(&later).expect("and read again"), circuit);
}

/// Numbers that look random and are the same each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

#[test]
fn whatever_happens_a_host_is_not_hurried_and_not_forgotten() {
    for seed in 0..400 {
        let mut chance = Chance(seed);
        let mut host = Host::default();
        let (mut now, mut running) = (at(0), 0_u32);
        // Time that passed for the host since its last request began, whatever the clock said.
        let mut passed = secs(3600);
        for _ in 0..300 {
            match chance.below(8) {
                0..=2 => match host.ask(now) {
                    Ready::Now => {
                        assert!(passed >= GAP, "seed {seed}: two requests within {passed:?}");
                        running += 1;
                        assert!(running <= CONNECTIONS, "seed {seed}: {running} connections");
                        passed = Duration::ZERO;
                    }
                    Ready::Busy => assert_eq!(running, CONNECTIONS, "seed {seed}"),
                    Ready::In(wait) => {
                        assert!(wait <= LONGEST_RETRY_AFTER, "seed {seed}: forgotten for {wait:?}")
                    }
                },
                3 if running > 0 => {
                    let status = [Some(200), Some(404), Some(429), Some(500), None][chance.below(5) as usize];
                    let retry_after = [None, Some("7"), Some("x"), Some("100000")][chance.below(4) as usize];
                    host.heard(
                        &Heard { status, retry_after, date: None },
                        now,
                        chance.below(100) as f64 / 100.0,
                    );
                    running -= 1;
                }
                4 if running > 0 => {
                    host.gave_up();
                    running -= 1;
                }
                // The clock is set back; no time passes for the host.
                5 => now -= TimeDelta::seconds(chance.below(10_000) as i64),
                _ => {
                    let step = chance.below(1_500);
                    now += TimeDelta::milliseconds(step as i64);
                    passed += Duration::from_millis(step);
                }
            }
        }
        while running > 0 {
            host.gave_up();
            running -= 1;
        }
        if let Ready::In(wait) = host.ask(now) {
            let then = now + TimeDelta::from_std(wait).expect("a day at most");
            assert_eq!(
                host.ask(then),
                Ready::Now,
                "seed {seed}: after the wait that was named the host is asked"
            );
        }
    }
}
