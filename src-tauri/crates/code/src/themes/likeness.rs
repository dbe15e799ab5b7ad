//! How like commits are, and which of them belong together.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use super::{Counted, MOST_FILES, folders, lines, plain_name, symbols};

/// Days after which the likeness of two commits has fallen to 37 %.
const DECAY: f64 = 60.0;
/// Commits are compared with those at most so many before them.
const WINDOW: usize = 400;
/// Parts of a commit that are compared, the heaviest; and the newest commits that one part is looked up in.
const MOST_PARTS: usize = 400;
const MOST_SHARING: usize = 120;
/// Likest commits before it that one keeps.
const MOST_LIKE: usize = 40;
/// Below this two commits have nothing to do with each other.
const LEAST: f64 = 0.04;
/// What more commits than this share of all touch joins none of them, once it is more than a few.
const EVERYWHERE: f64 = 0.3;
const FEW: f64 = 20.0;

/// How much a shared part says, before its lines and its rarity.
const OF_FILE: f64 = 1.0;
const OF_SYMBOL: f64 = 0.8;
const OF_NAME: f64 = 0.5;
const OF_FOLDER: f64 = 0.35;

/// Groups of the commits' places, each in order; together they hold every commit once.
pub(super) fn groups(commits: &[Counted], threshold: f64) -> Vec<Vec<usize>> {
    let vectors = vectors(commits);
    let mut joining = Joining::new(commits.len());
    for (a, b, likeness) in alike(commits, &vectors) {
        joining.put(a, b, likeness);
    }
    joining.run(threshold)
}

/// Parts of each commit with their weights, as numbers of parts; the length of each vector is 1.
fn vectors(commits: &[Counted]) -> Vec<Vec<(usize, f64)>> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut touched: Vec<u32> = Vec::new();
    let mut vectors: Vec<BTreeMap<usize, f64>> = Vec::new();
    for commit in commits {
        let mut vector = BTreeMap::new();
        let mut add = |part: String, weight: f64| {
            let next = numbers.len();
            let number = *numbers.entry(part).or_insert(next);
            *vector.entry(number).or_insert(0.0) += weight;
        };
        for file in &commit.files {
            let weight = f64::from(lines(file)).ln_1p();
            add(format!("f{}", file.path), OF_FILE * weight);
            if let Some(folder) = folders(&file.path).next() {
                add(format!("d{folder}"), OF_FOLDER * weight);
            }
            let name = plain_name(&file.path);
            if !name.is_empty() {
                add(format!("n{name}"), OF_NAME * weight);
            }
        }
        for (path, symbol) in symbols(commit) {
            add(format!("s{path}#{symbol}"), OF_SYMBOL);
        }
        touched.resize(numbers.len(), 0);
        vector.keys().for_each(|number| touched[*number] += 1);
        vectors.push(vector);
    }
    let all = commits.len() as f64;
    let weighed = |vector: BTreeMap<usize, f64>| {
        let rarity = |number: usize| (all / f64::from(touched[number])).ln() + 0.1;
        let parts: Vec<(usize, f64)> =
            vector.into_iter().map(|(number, weight)| (number, weight * rarity(number))).collect();
        let length = parts.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        let shared = |number: usize| f64::from(touched[number]) <= (all * EVERYWHERE).max(FEW);
        // What is everywhere makes a commit longer, and so less like any other.
        let mut shared: Vec<(usize, f64)> = parts
            .into_iter()
            .filter(|(number, _)| shared(*number))
            .map(|(number, weight)| (number, weight / length))
            .collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        shared.truncate(MOST_PARTS);
        shared
    };
    vectors.into_iter().map(weighed).collect()
}

/// Pairs of commits with their likeness.
fn alike(commits: &[Counted], vectors: &[Vec<(usize, f64)>]) -> Vec<(usize, usize, f64)> {
    // The commits before that have a part, newest last.
    let mut before: HashMap<usize, Vec<(usize, f64)>> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, vector) in vectors.iter().enumerate() {
        if commits[at].files.len() > MOST_FILES {
            continue;
        }
        // By how many commits before this one.
        let mut products = [0.0_f64; WINDOW + 1];
        for (part, weight) in vector {
            let others = before.entry(*part).or_default();
            let near = others.iter().rev().take_while(|(other, _)| at - other <= WINDOW);
            for (other, its) in near.take(MOST_SHARING) {
                products[at - other] += weight * its;
            }
            others.push((at, *weight));
        }
        let mut like: Vec<(f64, usize)> = products
            .into_iter()
            .enumerate()
            .filter(|(_, product)| *product > 0.0)
            .map(|(back, product)| {
                let other = at - back;
                let seconds = commits[at].change.time.saturating_sub(commits[other].change.time);
                (product * (-(seconds as f64) / 86_400.0 / DECAY).exp(), other)
            })
            .filter(|(likeness, _)| *likeness >= LEAST)
            .collect();
        like.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        pairs.extend(like.into_iter().take(MOST_LIKE).map(|(likeness, other)| (other, at, likeness)));
    }
    pairs
}

/// Groups that are joined two at a time. A group is called by the place of its first commit.
struct Joining {
    members: Vec<Vec<usize>>,
    /// Mean likeness to the groups that a group has any with.
    like: Vec<BTreeMap<usize, f64>>,
    next: BinaryHeap<Pair>,
}

/// Two groups, the likest first; of those as like, the earliest.
#[derive(PartialEq)]
struct Pair {
    likeness: f64,
    a: usize,
    b: usize,
}

impl Eq for Pair {}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        self.likeness.total_cmp(&other.likeness).then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Joining {
    fn new(count: usize) -> Self {
        let members = (0..count).map(|at| vec![at]).collect();
        Self { members, like: vec![BTreeMap::new(); count], next: BinaryHeap::new() }
    }

    fn put(&mut self, a: usize, b: usize, likeness: f64) {
        let (a, b) = (a.min(b), a.max(b));
        self.like[a].insert(b, likeness);
        self.like[b].insert(a, likeness);
        self.next.push(Pair { likeness, a, b });
    }

    fn run(mut self, threshold: f64) -> Vec<Vec<usize>> {
        while let Some(Pair { likeness, a, b }) = self.next.pop() {
            // An older value of a pair, or a group that is gone.
            if self.like[a].get(&b) != Some(&likeness) {
                continue;
            }
            if likeness < threshold {
                break;
            }
            self.join(a, b);
        }
        let mut groups: Vec<Vec<usize>> =
            self.members.into_iter().filter(|group| !group.is_empty()).collect();
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups
    }

    /// Puts the second group into the first. Its likeness to a third is the mean over all pairs of commits.
    fn join(&mut self, a: usize, b: usize) {
        let (of_a, of_b) = (self.members[a].len() as f64, self.members[b].len() as f64);
        let from_a = std::mem::take(&mut self.like[a]);
        let from_b = std::mem::take(&mut self.like[b]);
        let joined = std::mem::take(&mut self.members[b]);
        self.members[a].extend(joined);
        let others: BTreeSet<usize> = from_a.keys().chain(from_b.keys()).copied().collect();
        for other in others.into_iter().filter(|other| *other != a && *other != b) {
            self.like[other].remove(&b);
            self.like[other].remove(&a);
            let part = |from: &BTreeMap<usize, f64>| from.get(&other).copied().unwrap_or(0.0);
            let likeness = (of_a * part(&from_a) + of_b * part(&from_b)) / (of_a + of_b);
            if likeness >= LEAST {
                self.put(a, other, likeness);
            }
        }
    }
}
