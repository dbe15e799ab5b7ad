//! The embedder computes what the model's own makers' program computes. With the real model, which
//! `cargo xtask test` has obtained and names in INTERNFLOW_TEST_MODELS.

use internflow_domain::Embedder;
use internflow_inference::{WorkerConfig, embedder};
use internflow_tests::{executable, here};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn vectors_are_those_of_the_reference_implementation() {
    let Some(models) = std::env::var_os("INTERNFLOW_TEST_MODELS") else {
        eprintln!("not run: INTERNFLOW_TEST_MODELS names no folder of models");
        return;
    };
    let text = std::fs::read_to_string(here().join("fixtures/embeddings.json")).expect("the fixture is here");
    let fixture: Value = serde_json::from_str(&text).expect("JSON");
    let rows = fixture["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 50, "a fixture that was cut off compares nothing");
    let texts: Vec<String> =
        rows.iter().map(|row| row["text"].as_str().expect("a text").to_owned()).collect();
    let folder = std::path::PathBuf::from(models).join("all-minilm-l6-v2");
    let config = WorkerConfig::new(executable("internflow-inference-worker"), "embedder", 2);
    let engine = embedder(config, folder, 384, "test".into());
    let vectors = engine.embed(texts.clone()).await.expect("fifty vectors");
    for ((text, row), ours) in texts.iter().zip(rows).zip(&vectors) {
        let theirs: Vec<f32> = row["vector"]
            .as_array()
            .expect("a vector")
            .iter()
            .map(|part| part.as_f64().expect("a number") as f32 / 10_000.0)
            .collect();
        let cosine: f32 = ours.iter().zip(&theirs).map(|(a, b)| a * b).sum();
        assert!(cosine > 0.999, "{text:?} is {cosine} away: what is near to it would not be found");
    }
}
