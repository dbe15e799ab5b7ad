//! The vectors in memory, compared one by one: exact, and up to a hundred thousand of them fast enough.

use std::collections::{BinaryHeap, HashMap};

use lance_linalg::distance::Dot;

/// Vectors that are compared at once.
const BLOCK: usize = 1024;

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
    values: Vec<f32>,
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
        vectors.values.extend(vector);
    }

    /// Chunk ids with cosine distance, nearest first, at most `limit`. `vector` has length 1.
    pub(crate) fn search(&self, repository_id: Option<i64>, vector: &[f32], limit: usize) -> Vec<(i64, f32)> {
        let mut nearest = BinaryHeap::with_capacity(limit + 1);
        let mut products = vec![0.0; BLOCK];
        let wanted = |id: i64| repository_id.is_none_or(|wanted| wanted == id);
        for (_, vectors) in self.repositories.iter().filter(|(id, _)| wanted(**id)) {
            let blocks = vectors.values.chunks(BLOCK * self.dimension);
            for (values, ids) in blocks.zip(vectors.chunk_ids.chunks(BLOCK)) {
                let products = &mut products[..ids.len()];
                f32::dot_batch_into(vector, values, self.dimension, products);
                for (&id, &product) in ids.iter().zip(&*products) {
                    let one = Found { distance: 1.0 - product, id };
                    // The farthest of the nearest is on top of the heap.
                    if nearest.len() < limit {
                        nearest.push(one);
                    } else if nearest.peek().is_some_and(|farthest| one < *farthest) {
                        nearest.pop();
                        nearest.push(one);
                    }
                }
            }
        }
        nearest.into_sorted_vec().into_iter().map(|found| (found.id, found.distance)).collect()
    }
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
