//! The targets of `tests/fuzz` over their corpus and some thousand changes of it, the same in every run. A fuzzer with
//! hours finds more; this finds what comes back.
//!
//! INTERNFLOW_FUZZ_SECONDS=60 cargo nextest run fuzz_html     goes on for so long

#[path = "../fuzz/targets.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use internflow_tests::here;

/// No input of this size may hold its reader up longer, in a debug build on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);
/// Bytes of an input.
const MOST: usize = 16 << 10;

/// Numbers without a pattern, the same in every run (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() >> 11) as usize % most.max(1)
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = here().join("fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has a corpus");
    files.iter().map(|file| std::fs::read(file).expect("a file")).collect()
}

/// One input made of others: bytes changed, cut out, doubled, put together, and numbers at their borders.
fn changed(seeds: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
    let mut input = seeds[numbers.below(seeds.len())].clone();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(input.len());
        let end = (at + numbers.below(64)).min(input.len());
        match numbers.below(7) {
            0 if !input.is_empty() => input[at] ^= 1 << numbers.below(8),
            1 if !input.is_empty() => input[at] = [0, 0xff, 0x80, b'\n', b'"', b'<'][numbers.below(6)],
            2 => drop(input.drain(at..end)),
            3 => {
                let part = input[at..end].repeat(1 + numbers.below(40));
                drop(input.splice(at..at, part));
            }
            4 => {
                let other = &seeds[numbers.below(seeds.len())];
                let from = numbers.below(other.len());
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            5 => {
                let numeral =
                    ["-1", "0", "4294967296", "18446744073709551615", "1e999", "-0.0"][numbers.below(6)];
                drop(input.splice(at..at, numeral.bytes()));
            }
            _ => input.truncate(at.max(input.len() / 2)),
        }
    }
    input.truncate(MOST);
    input
}

/// Runs a target; `changes` is how many inputs are made of its corpus, where no time is asked for.
fn check(name: &str, target: fn(&[u8]), changes: usize) {
    let seeds = corpus(name);
    let mut numbers = Numbers(0x0069_6e74_6572_6e66);
    seeds.iter().for_each(|seed| survives(name, target, seed));
    let seconds = std::env::var("INTERNFLOW_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let (begun, mut made) = (Instant::now(), 0);
    while seconds.map_or(made < changes, |seconds| begun.elapsed() < Duration::from_secs(seconds)) {
        survives(name, target, &changed(&seeds, &mut numbers));
        made += 1;
    }
    eprintln!("{name}: {made} changes of {} files", seeds.len());
}

fn survives(name: &str, target: fn(&[u8]), input: &[u8]) {
    let begun = Instant::now();
    let ran = catch_unwind(AssertUnwindSafe(|| target(input)));
    let shown = String::from_utf8_lossy(input);
    assert!(ran.is_ok(), "{name} fails on {shown:?}\nAs bytes, for its corpus: {input:?}");
    assert!(begun.elapsed() < LONGEST, "{name} took {:?} for {shown:?}", begun.elapsed());
}

#[test]
fn fuzz_robots() {
    check("robots", targets::robots, 4000);
}

#[test]
fn fuzz_html() {
    check("html", targets::html, 4000);
}

#[test]
fn fuzz_advert() {
    check("advert", targets::advert, 300);
}

#[test]
fn fuzz_board() {
    check("board", targets::board, 1500);
}

#[test]
fn fuzz_patch() {
    check("patch", targets::patch, 4000);
}

#[test]
fn fuzz_frames() {
    check("frames", targets::frames, 4000);
}

#[test]
fn fuzz_bullet() {
    check("bullet", targets::bullet, 1500);
}

#[test]
fn fuzz_answer() {
    check("answer", targets::answer, 4000);
}

#[test]
fn fuzz_profile() {
    check("profile", targets::profile, 4000);
}

#[test]
fn fuzz_resume_file() {
    check("resume_file", targets::resume_file, 150);
}
