//! The vectors in memory, compared one by one, which is fast enough up to two hundred thousand of them.
//!
//! Each number is kept in 16 bits: half of the memory, and of what a search has to read. That moves a distance by some
//! hundred-thousandths, which seldom changes the order of two neighbours (`cargo xtask bench nearest`: recall@10 0.999).

use std::collections::{BinaryHeap, HashMap};

/// The length of a unit vector in the whole numbers that are kept. The products of two such vectors add up to at most
/// its square, which a sum of 32 bits holds.
const UNIT: f32 = 16_384.0;

/// Unit vectors by repository.
#[derive(Debug, Default)]
pub(crate) struct Near {
    /// The only repository it knows; all when `None`.
    of: Option<i64>,
    repositories: HashMap<i64, Vectors>,
    dimension: usize,
}

#[derive(Debug, Default)]
struct Vectors {
    chunk_ids: Vec<i64>,
    /// One after the other, each of the dimension's length.
    values: Vec<i16>,
}

impl Near {
    pub(crate) fn new(dimension: usize, of: Option<i64>) -> Self {
        Self { of, repositories: HashMap::new(), dimension }
    }

    /// Whether it knows all there is to search.
    pub(crate) fn holds(&self, repository_id: Option<i64>) -> bool {
        self.of.is_none() || self.of == repository_id
    }

    pub(crate) fn add(&mut self, repository_id: i64, chunk_id: i64, vector: &[f32]) {
        let vectors = self.repositories.entry(repository_id).or_default();
        vectors.chunk_ids.push(chunk_id);
        vectors.values.extend(whole(vector));
    }

    /// Chunk ids with cosine distance, nearest first, at most `limit`. `vector` has length 1.
    pub(crate) fn search(&self, repository_id: Option<i64>, vector: &[f32], limit: usize) -> Vec<(i64, f32)> {
        let mut nearest = BinaryHeap::with_capacity(limit + 1);
        let vector: Vec<i16> = whole(vector).collect();
        let wanted = |id: i64| repository_id.is_none_or(|wanted| wanted == id);
        for (_, vectors) in self.repositories.iter().filter(|(id, _)| wanted(**id)) {
            for (&id, values) in vectors.chunk_ids.iter().zip(vectors.values.chunks_exact(self.dimension)) {
                let one = Found { distance: 1.0 - product(&vector, values) as f32 / (UNIT * UNIT), id };
                // The farthest of the nearest is on top of the heap.
                if nearest.len() < limit {
                    nearest.push(one);
                } else if nearest.peek().is_some_and(|farthest| one < *farthest) {
                    nearest.pop();
                    nearest.push(one);
                }
            }
        }
        nearest.into_sorted_vec().into_iter().map(|found| (found.id, found.distance)).collect()
    }
}

/// In units of one [`UNIT`]th.
fn whole(vector: &[f32]) -> impl Iterator<Item = i16> {
    vector.iter().map(|value| (value * UNIT).round() as i16)
}

/// Written so that the compiler multiplies and adds eight pairs at once (`pmaddwd`, which every x86-64 has).
fn product(a: &[i16], b: &[i16]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).fold(0, i32::wrapping_add)
}

#[derive(PartialEq)]
struct Found {
    distance: f32,
    id: i64,
}

impl Eq for Found {}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.distance.total_cmp(&other.distance).then(self.id.cmp(&other.id))
    }
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
