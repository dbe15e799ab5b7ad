//! Tries an index where it is to lie: writes, finds, removes, settles, opens it anew and empties it, and says how long
//! each took. For an object store, with its keys and endpoint in the environment:
//!
//! `cargo run -p internflow-rag --features s3 --example store -- s3://bucket/prefix`
//!
//! What lies there already is emptied.

#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use internflow_domain::{VectorIndex, VectorRow};
use internflow_rag::{LanceIndex, Place};

const ROWS: i64 = 3_000;
const DIMENSION: usize = 384;

#[tokio::main]
async fn main() -> Result<()> {
    let address = std::env::args().nth(1).context("Name the place: a folder, or s3://bucket/prefix.")?;
    let place = Place::parse(&address).map_err(anyhow::Error::msg)?;
    let index = LanceIndex::new(place.clone(), DIMENSION);
    let timed = |what: &str, begun: Instant| println!("{what}: {} ms", begun.elapsed().as_millis());

    let begun = Instant::now();
    index.reset().await?;
    ensure!(index.chunk_ids().await?.is_empty(), "an index that was emptied holds something");
    timed("emptied", begun);

    let begun = Instant::now();
    for from in (0..ROWS).step_by(1_000) {
        index.upsert((from..(from + 1_000).min(ROWS)).map(row).collect()).await?;
    }
    timed(&format!("wrote {ROWS} vectors"), begun);

    let begun = Instant::now();
    index.remove((0..100).collect()).await?;
    index.settle().await?;
    timed("removed 100 and settled", begun);

    // As the next run of the app would: nothing is remembered.
    let index = LanceIndex::new(place, DIMENSION);
    let begun = Instant::now();
    ensure!(index.chunk_ids().await?.len() as i64 == ROWS - 100, "rows are missing after opening it again");
    timed("opened and listed", begun);
    for (what, repository_id) in
        [("first search", None), ("second search", None), ("of one repository", Some(1))]
    {
        let begun = Instant::now();
        let asked = row(501);
        let found = index.search(repository_id, asked.vector, 5).await?;
        ensure!(
            found.first().is_some_and(|(id, distance)| *id == 501 && *distance < 1e-3),
            "{what}: {found:?}"
        );
        timed(what, begun);
    }
    index.reset().await?;
    println!("{address} works");
    Ok(())
}

/// A vector that no other row has, the same each time.
fn row(chunk_id: i64) -> VectorRow {
    let mut state = chunk_id as u64 + 1;
    let vector = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    });
    VectorRow { chunk_id, repository_id: chunk_id % 2, vector: vector.take(DIMENSION).collect() }
}
