//! Searches vectors as the app does, for `cargo xtask bench nearest`.
//!
//! `nearest VECTORS QUERIES DIMENSION LIMIT FOLDER`: two files of little-endian 32-bit floats, unit vectors one
//! after the other; an index is made in FOLDER, or at the address of an object store. One line comes back:
//! `{"filled_s": …, "rows": …, "ms": [per query], "ids": [[per query]]}`.

use std::time::Instant;

use anyhow::{Context, Error, Result};
use internflow_domain::{VectorIndex, VectorRow};
use internflow_rag::{LanceIndex, Place};

/// Rows of one write: larger than the app's, which writes while it embeds.
const ROWS: usize = 10_000;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let mut next = || args.next().context("nearest VECTORS QUERIES DIMENSION LIMIT FOLDER");
    let (vectors, queries, dimension) = (next()?, next()?, next()?.parse()?);
    let (limit, place) = (next()?.parse()?, Place::parse(&next()?).map_err(Error::msg)?);
    let (vectors, queries) = (read(&vectors, dimension)?, read(&queries, dimension)?);
    let index = LanceIndex::new(place, dimension);
    let started = Instant::now();
    for (piece, rows) in vectors.chunks(ROWS).enumerate() {
        let row = |(at, vector): (usize, &Vec<f32>)| VectorRow {
            chunk_id: (piece * ROWS + at) as i64,
            repository_id: 1,
            vector: vector.clone(),
        };
        index.upsert(rows.iter().enumerate().map(row).collect()).await?;
    }
    index.settle().await?;
    let filled = started.elapsed().as_secs_f64();
    // The first search opens what the others find open.
    index.search(Some(1), queries[0].clone(), limit).await?;
    let (mut times, mut ids) = (Vec::new(), Vec::new());
    for query in &queries {
        let started = Instant::now();
        let found = index.search(Some(1), query.clone(), limit).await?;
        times.push(format!("{:.3}", started.elapsed().as_secs_f64() * 1e3));
        let found: Vec<String> = found.iter().map(|(id, _)| id.to_string()).collect();
        ids.push(format!("[{}]", found.join(",")));
    }
    let line = format!(
        "{{\"filled_s\": {filled:.1}, \"rows\": {}, \"ms\": [{}], \"ids\": [{}]}}\n",
        vectors.len(),
        times.join(","),
        ids.join(",")
    );
    std::io::Write::write_all(&mut std::io::stdout().lock(), line.as_bytes())?;
    Ok(())
}

fn read(path: &str, dimension: usize) -> Result<Vec<Vec<f32>>> {
    let bytes = std::fs::read(path).with_context(|| format!("{path} can't be read"))?;
    let floats: Vec<f32> =
        bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
    Ok(floats.chunks_exact(dimension).map(<[f32]>::to_vec).collect())
}
