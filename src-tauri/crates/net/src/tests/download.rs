//! One file: every way in which a host or a line can fail.

use std::fs;
use std::path::{Path, PathBuf};

use super::host::{Answer, Host, file};
use super::{bytes, net, sha256};
use crate::{Download, NetError};

/// Downloads `/file` of `host` into `folder` and returns where it went.
async fn fetch(host: &Host, folder: &Path, want: &[u8]) -> Result<PathBuf, NetError> {
    let target = folder.join("file.bin");
    let (url, sha256) = (format!("{}/file", host.base), sha256(want));
    let wanted =
        Download { url: &url, reason: "test", target: &target, bytes: want.len() as u64, sha256: &sha256 };
    net().0.download(&wanted, &|_, _| {}).await.map(|()| target)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_dropped_connection_is_continued_where_it_stopped() {
    let (body, folder) = (bytes(300_000), tempfile::tempdir().unwrap());
    let served = body.clone();
    let host = Host::start(move |ask| {
        let whole = file(ask, &served, "\"v1\"");
        if ask.from.is_none() { whole.cut(100_000) } else { whole }
    })
    .await;
    let path = fetch(&host, folder.path(), &body).await.expect("the second request brings the rest");
    assert_eq!(fs::read(path).unwrap(), body);
    let asked = host.asked();
    assert_eq!(asked.len(), 2, "one request for each half: {asked:?}");
    assert_eq!(asked[1].from, Some(100_000), "what arrived must not be fetched again");
    assert_eq!(asked[1].if_range.as_deref(), Some("\"v1\""), "else halves of two versions could be joined");
    assert_eq!(names(folder.path()), ["file.bin"], "nothing unfinished may stay behind");
}

#[tokio::test]
async fn a_part_of_an_older_version_is_not_joined_to_the_new_one() {
    let (body, folder) = (bytes(50_000), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("file.bin.part"), &bytes(90_000)[70_000..]).unwrap();
    fs::write(folder.path().join("file.bin.part.etag"), "\"old\"").unwrap();
    let served = body.clone();
    let host = Host::start(move |ask| file(ask, &served, "\"new\"")).await;
    let path = fetch(&host, folder.path(), &body).await.expect("the host answers 200 with all of it");
    assert_eq!(fs::read(path).unwrap(), body);
    assert_eq!(host.asked().len(), 1);
}

#[tokio::test]
async fn a_part_of_unknown_origin_that_was_wrong_costs_one_restart() {
    let (body, folder) = (bytes(50_000), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("file.bin.part"), vec![0; 20_000]).unwrap();
    let served = body.clone();
    let host = Host::start(move |ask| file(ask, &served, "\"v1\"")).await;
    let path = fetch(&host, folder.path(), &body).await.expect("the second pass takes all from the host");
    assert_eq!(fs::read(path).unwrap(), body);
    let from: Vec<_> = host.asked().iter().map(|ask| ask.from).collect();
    assert_eq!(from, [Some(20_000), None]);
}

#[tokio::test]
async fn a_host_without_ranges_starts_again() {
    let (body, folder) = (bytes(80_000), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("file.bin.part"), &body[..30_000]).unwrap();
    let served = body.clone();
    let host = Host::start(move |_| Answer { body: served.clone(), ..Answer::of(200) }).await;
    let path = fetch(&host, folder.path(), &body).await.expect("200 instead of 206 means: from the start");
    assert_eq!(fs::read(path).unwrap(), body, "the old part must not be in front of it");
}

#[tokio::test]
async fn a_flipped_byte_is_refused_and_removed() {
    let (body, folder) = (bytes(40_000), tempfile::tempdir().unwrap());
    let mut served = body.clone();
    served[12_345] ^= 1;
    let host = Host::start(move |ask| file(ask, &served, "\"v1\"")).await;
    let error = fetch(&host, folder.path(), &body).await.expect_err("one bit differs");
    assert!(matches!(error, NetError::Checksum { .. }), "{error}");
    assert!(error.to_string().contains("removed"), "the user must know that nothing bad is left: {error}");
    assert!(names(folder.path()).is_empty(), "a bad part would poison the next attempt");
    assert_eq!(host.asked().len(), 1, "the same host would send the same bytes again");
}

#[tokio::test]
async fn a_file_of_another_size_is_refused_before_it_is_fetched() {
    let (body, folder) = (bytes(40_000), tempfile::tempdir().unwrap());
    let served = body[..30_000].to_vec();
    let host = Host::start(move |ask| file(ask, &served, "\"v1\"")).await;
    let error = fetch(&host, folder.path(), &body).await.expect_err("10,000 bytes are missing at the host");
    assert!(matches!(error, NetError::WrongSize { expected: 40_000, found: 30_000, .. }), "{error}");
    assert_eq!(host.asked().len(), 1);
}

#[tokio::test]
async fn a_line_that_always_breaks_ends_after_a_few_attempts_and_keeps_the_part() {
    let (body, folder) = (bytes(40_000), tempfile::tempdir().unwrap());
    let served = body.clone();
    let host = Host::start(move |ask| file(ask, &served, "\"v1\"").cut(1_000)).await;
    let error = fetch(&host, folder.path(), &body).await.expect_err("4 × 1,000 bytes are not 40,000");
    assert!(matches!(error, NetError::Interrupted { attempts: 4, kept: 4_000, .. }), "{error}");
    let part = fs::read(folder.path().join("file.bin.part")).unwrap();
    assert_eq!(part, body[..4_000], "the next call continues from here");
}

#[tokio::test]
async fn a_silent_host_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/file", listener.local_addr().unwrap());
    let target = folder.path().join("file.bin");
    let wanted = Download { url: &url, reason: "test", target: &target, bytes: 1, sha256: &sha256(b"x") };
    let limits = crate::Limits {
        idle: std::time::Duration::from_millis(50),
        attempts: 2,
        backoff: std::time::Duration::from_millis(1),
        ..Default::default()
    };
    let net = crate::Net::new(std::sync::Arc::new(|_| {}), limits).unwrap();
    let error = net.download(&wanted, &|_, _| {}).await.expect_err("nobody answers");
    assert!(matches!(error, NetError::Interrupted { attempts: 2, .. }), "{error}");
}

#[tokio::test]
async fn nobody_there_fails_at_once() {
    let (folder, heard) = (tempfile::tempdir().unwrap(), net());
    // Port 9 of this machine: discard, which nobody runs.
    let target = folder.path().join("file.bin");
    let wanted = Download {
        url: "http://127.0.0.1:9/file",
        reason: "test",
        target: &target,
        bytes: 1,
        sha256: &sha256(b"x"),
    };
    let error = heard.0.download(&wanted, &|_, _| {}).await.expect_err("the port is closed");
    assert!(matches!(error, NetError::NoNetwork { .. }), "{error}");
    let ledger = heard.1.lock().unwrap();
    assert_eq!(ledger.len(), 1, "one try, and even that is in the ledger");
    assert_eq!((ledger[0].host.as_str(), ledger[0].status), ("127.0.0.1:9", None));
}

#[tokio::test]
async fn a_redirect_is_followed_to_this_machine_and_not_to_plain_http_elsewhere() {
    let (body, folder) = (bytes(10_000), tempfile::tempdir().unwrap());
    let served = body.clone();
    let host = Host::start(move |ask| match ask.path.as_str() {
        "/file" => Answer::of(302).header("Location: /moved"),
        _ => file(ask, &served, "\"v1\""),
    })
    .await;
    fetch(&host, folder.path(), &body).await.expect("a redirect on the same host is normal for a hub");

    let host = Host::start(|_| Answer::of(302).header("Location: http://files.example/x")).await;
    let error = fetch(&host, tempfile::tempdir().unwrap().path(), &body).await.expect_err("unencrypted");
    assert!(matches!(error, NetError::InsecureRedirect { .. }), "{error}");
}

#[tokio::test]
async fn plain_http_is_not_even_asked() {
    let target = tempfile::tempdir().unwrap().path().join("file.bin");
    let wanted = Download {
        url: "http://files.example/x",
        reason: "test",
        target: &target,
        bytes: 1,
        sha256: &sha256(b"x"),
    };
    let (net, heard) = net();
    assert!(net.download(&wanted, &|_, _| {}).await.is_err());
    assert!(heard.lock().unwrap().is_empty(), "no byte may leave before the address is judged");
}

#[tokio::test]
async fn busy_hosts_are_asked_again_and_missing_files_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(|_| Answer::of(503)).await;
    let error = fetch(&host, folder.path(), b"x").await.expect_err("503 for ever");
    assert!(matches!(error, NetError::Refused { status: 503, .. }), "{error}");
    assert_eq!(host.asked().len(), 4, "a busy host gets its chances");

    let host = Host::start(|_| Answer::of(404)).await;
    let error = fetch(&host, folder.path(), b"x").await.expect_err("404");
    assert!(matches!(error, NetError::NotFound { status: 404, .. }), "{error}");
    assert_eq!(host.asked().len(), 1, "a file that is gone does not come back in a second");
}

#[tokio::test]
async fn the_ledger_and_the_progress_count_what_arrived() {
    let (body, folder) = (bytes(200_000), tempfile::tempdir().unwrap());
    let served = body.clone();
    let host = Host::start(move |ask| {
        let whole = file(ask, &served, "\"v1\"");
        if ask.from.is_none() { whole.cut(50_000) } else { whole }
    })
    .await;
    let (net, heard) = net();
    let (target, url) = (folder.path().join("file.bin"), format!("{}/file", host.base));
    let sha256 = sha256(&body);
    let wanted = Download { url: &url, reason: "model x", target: &target, bytes: 200_000, sha256: &sha256 };
    let seen = std::sync::Mutex::new(Vec::new());
    net.download(&wanted, &|have, all| seen.lock().unwrap().push((have, all))).await.unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.windows(2).all(|w| w[0].0 <= w[1].0), "a bar that jumps back confuses: {seen:?}");
    assert_eq!(seen.last(), Some(&(200_000, 200_000)));
    let heard = heard.lock().unwrap();
    let received: Vec<_> = heard.iter().map(|x| (x.status, x.bytes_received, x.reason.as_str())).collect();
    assert_eq!(received, [(Some(200), 50_000, "model x"), (Some(206), 150_000, "model x")]);
    assert!(heard.iter().all(|x| x.bytes_sent > 50 && x.started_at > 0));
}
