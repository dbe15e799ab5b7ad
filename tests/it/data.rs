//! Everything of the user: moved to another folder and back, deleted, backed up; old or new, never half.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use internflow_tests::{Cli, Served, TestRepo, here};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

const FLAWED: &str = "def f(x):\n    if x == None:\n        return 1\n    return 2\n";

/// A data folder in which something of everything is: a reviewed commit with a fix put into the working copy, an
/// indexed repository, a rule, a résumé, a setting.
fn lived_in(name: &str) -> (Cli, TestRepo) {
    let (cli, repo) = (Cli::new(), TestRepo::with(&[("Check", &[("src/check.py", FLAWED)])]));
    let served = Served::start(&cli);
    let call = |name: &str, args: Value| served.call(name, args).expect("the command works");
    let id = call("repository_add", json!({ "path": repo.path() }))["id"].clone();
    let sha = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let tasks = call("review_start", json!({ "repository_id": id, "shas": [sha], "rules_only": true }));
    served.ended(&tasks[0]["id"]);
    let review = call("review_get", json!({ "repository_id": id, "sha": sha }));
    let fixable = review["findings"].as_array().expect("findings").iter().find(|f| f["fix"].is_string());
    call("finding_apply", json!({ "finding_id": fixable.expect("one with a fix")["id"], "folder": null }));
    call(
        "own_rule_set",
        json!({
            "id": null, "repository_id": id, "sentence": "No print", "place": "", "languages": [],
            "forbids": { "text": "print", "regex": false },
        }),
    );
    served.ended(&call("repository_index", json!({ "id": id }))["id"]);
    let mut settings = call("setting_get", json!({}));
    settings["theme"] = json!("dark");
    call("setting_set", settings);
    let mut profile = call("resume_profile", json!({}));
    profile["basics"]["name"] = json!(name);
    call("resume_profile_set", json!({ "profile": profile }));
    drop(served);
    // What the kill left is taken up, so that nothing changes by itself any more.
    ok(&cli, &["models", "list"]);
    (cli, repo)
}

fn ok(cli: &Cli, args: &[&str]) -> String {
    let ran = cli.run(args);
    assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
    ran.out
}

fn refused(cli: &Cli, args: &[&str], words: &[&str]) {
    let ran = cli.run(args);
    assert_eq!(ran.code, 1, "{args:?}: {}{}", ran.out, ran.err);
    for word in words {
        assert!(ran.err.contains(word), "`{word}` tells the user what to do: {}", ran.err);
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// Every row of every table but those that are made anew, as SQL literals. What says how far the index is, is left
/// out: an imported one is made again.
fn rows(data_dir: &Path) -> BTreeMap<String, Vec<String>> {
    run(async {
        let options = SqliteConnectOptions::new().filename(data_dir.join("internflow.db"));
        let mut db = SqliteConnection::connect_with(&options).await.expect("a database");
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'sqlite_schema'",
        )
        .fetch_all(&mut db)
        .await
        .expect("its tables");
        let mut all = BTreeMap::new();
        for table in tables {
            if internflow_store::copy::MADE_ANEW.contains(&table.as_str()) {
                continue;
            }
            let columns: Vec<String> = sqlx::query_scalar(
                "SELECT 'quote(\"' || name || '\")' FROM pragma_table_info(?1)
                 WHERE (?1, name) <> ('repository', 'indexed')",
            )
            .bind(&table)
            .fetch_all(&mut db)
            .await
            .expect("its columns");
            let only = if table == "task" { "WHERE kind <> 'index'" } else { "" };
            let sql = format!(
                "SELECT {} AS line FROM \"{table}\" {only} ORDER BY line",
                columns.join(" || ',' || ")
            );
            all.insert(
                table,
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut db).await.expect("its rows"),
            );
        }
        db.close().await.expect("it closes");
        all
    })
}

/// Names in the data folder.
fn names(cli: &Cli) -> Vec<String> {
    let entries = std::fs::read_dir(cli.data.path()).expect("the data folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn exported_wiped_and_imported_it_is_what_it_was() {
    let (cli, _repo) = lived_in("Asha Rao");
    let before = rows(cli.data.path());
    for table in ["finding", "applied_fix", "own_rule", "resume_profile", "setting", "history"] {
        assert!(!before[table].is_empty(), "{table} has to hold something, or nothing is compared");
    }
    let elsewhere = tempfile::tempdir().expect("a folder");
    let archive = shown(&elsewhere.path().join("everything.zip"));
    ok(&cli, &["data", "export", &archive]);
    ok(&cli, &["data", "backup"]);

    refused(&cli, &["data", "wipe"], &["--yes"]);
    assert_eq!(rows(cli.data.path()), before, "a wipe that nobody confirmed deletes nothing");
    ok(&cli, &["data", "wipe", "--yes"]);
    let left: Vec<String> = names(&cli).into_iter().filter(|name| name != "models").collect();
    assert_eq!(left, ["lock"], "wiped is wiped, backups too");

    ok(&cli, &["data", "import", &archive]);
    assert_eq!(rows(cli.data.path()), before, "every table is what it was");
    let kept = cli.data.path().join("backups");
    let fix = find(&kept, "check.py").expect("the file that the fix changed is kept again");
    assert_eq!(std::fs::read_to_string(fix).expect("it is readable"), FLAWED);
    let served = Served::start(&cli);
    let indexed = |found: &Value| found["hits"].as_array().is_some_and(|hits| !hits.is_empty());
    let asked = json!({ "query": "check", "repository_id": null, "path": "", "language": null, "mine": false, "limit": 5 });
    served.until("search_code", &asked, indexed);
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        if entry.path().is_dir() {
            find(&entry.path(), name)
        } else {
            (entry.file_name() == name).then(|| entry.path())
        }
    })
}

#[test]
fn what_an_import_replaced_can_be_gone_back_to() {
    let ((mine, _a), (yours, _b)) = (lived_in("Asha Rao"), lived_in("Ravi Iyer"));
    let (first, second) = (rows(mine.data.path()), rows(yours.data.path()));
    let elsewhere = tempfile::tempdir().expect("a folder");
    let archive = shown(&elsewhere.path().join("yours.zip"));
    ok(&yours, &["data", "export", &archive]);
    ok(&mine, &["data", "import", &archive]);
    // The folder of a fix is where that computer has it; the kept file is where this data folder is.
    let named = |rows: &BTreeMap<String, Vec<String>>| rows["resume_profile"].clone();
    assert_eq!(named(&rows(mine.data.path())), named(&second));
    let backup = rows(mine.data.path())["applied_fix"][0].clone();
    let here = shown(&mine.data.path().canonicalize().expect("it is there"));
    assert!(backup.contains(&here), "paths into the data folder lead into this one: {backup}");

    let listed = ok(&mine, &["data", "backups"]);
    let name = listed.lines().find(|line| line.contains("before an import")).expect("what was here is kept");
    ok(&mine, &["data", "restore", name.split_whitespace().next().expect("its name")]);
    assert_eq!(rows(mine.data.path()), first, "going back gives everything back");
    refused(&mine, &["data", "restore", "../internflow.db"], &["does not exist"]);
}

#[test]
fn an_open_window_imports_when_it_closes() {
    let ((mine, _a), (yours, _b)) = (lived_in("Asha Rao"), lived_in("Ravi Iyer"));
    let elsewhere = tempfile::tempdir().expect("a folder");
    let archive = elsewhere.path().join("yours.zip");
    ok(&yours, &["data", "export", &shown(&archive)]);
    let served = Served::start(&mine);
    let name = |served: &Served| {
        served.call("resume_profile", json!({})).expect("a profile")["basics"]["name"].clone()
    };
    served.call("data_import", json!({ "path": archive })).expect("it is read");
    assert_eq!(served.call("data_state", json!({})).expect("a state")["pending"], "import");
    assert_eq!(name(&served), "Asha Rao", "nothing is pulled away from under what runs");
    served.call("data_keep", json!({})).expect("given up");
    served.call("data_import", json!({ "path": archive })).expect("and asked again");
    drop(served);
    let served = Served::start(&mine);
    assert_eq!(
        name(&served),
        "Ravi Iyer",
        "also where the window was killed, it is in place at the next start"
    );
    let wrong = served.call("data_wipe", json!({ "word": "yes" })).expect_err("another word");
    assert!(wrong["message"].to_string().contains("delete"), "{wrong}");
    assert_eq!(served.call("data_state", json!({})).expect("a state")["pending"], Value::Null);
}

/// The archive with other contents: each part by its name. The list follows where `listed` says so.
fn forged(archive: &Path, to: &Path, listed: bool, change: impl Fn(&str, Vec<u8>) -> (String, Vec<u8>)) {
    let mut from =
        zip::ZipArchive::new(std::fs::File::open(archive).expect("it is there")).expect("an archive");
    let mut out = zip::ZipWriter::new(std::fs::File::create(to).expect("a file"));
    let mut parts = Vec::new();
    let mut manifest = Value::Null;
    for at in 0..from.len() {
        let mut part = from.by_index(at).expect("a part");
        let (name, mut bytes) = (part.name().to_owned(), Vec::new());
        part.read_to_end(&mut bytes).expect("it unpacks");
        if name == "manifest.json" {
            let (_, changed) = change(&name, bytes);
            manifest = serde_json::from_slice(&changed).expect("JSON");
            continue;
        }
        let (name, bytes) = change(&name, bytes);
        parts.push(json!({
            "name": name, "bytes": bytes.len(), "sha256": format!("{:x}", Sha256::digest(&bytes)),
        }));
        out.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part begins");
        out.write_all(&bytes).expect("it is written");
    }
    if listed {
        manifest["parts"] = json!(parts);
    }
    out.start_file("manifest.json", zip::write::SimpleFileOptions::default()).expect("a part begins");
    out.write_all(manifest.to_string().as_bytes()).expect("it is written");
    out.finish().expect("it is whole");
}

#[test]
fn what_is_no_whole_archive_of_this_version_replaces_nothing() {
    let (cli, _repo) = lived_in("Asha Rao");
    let folder = tempfile::tempdir().expect("a folder");
    let good = folder.path().join("good.zip");
    ok(&cli, &["data", "export", &shown(&good)]);
    let before = rows(cli.data.path());
    let bad = folder.path().join("bad.zip");
    let check = |words: &[&str]| {
        refused(&cli, &["data", "import", &shown(&bad)], words);
        assert_eq!(rows(cli.data.path()), before, "what was here is as it was");
        assert!(!cli.data.path().join("incoming").exists(), "nothing waits to move in");
    };
    let same = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes);
    let manifest = |field: &'static str, value: Value| {
        move |name: &str, bytes: Vec<u8>| {
            if name != "manifest.json" {
                return (name.to_owned(), bytes);
            }
            let mut manifest: Value = serde_json::from_slice(&bytes).expect("JSON");
            manifest[field] = value.clone();
            (name.to_owned(), manifest.to_string().into_bytes())
        }
    };
    forged(&good, &bad, false, manifest("schema", json!(99_999_999_999_999_i64)));
    check(&["newer", "Update InternFlow"]);
    forged(&good, &bad, false, manifest("format", json!(2)));
    check(&["newer", "Update InternFlow"]);
    forged(&good, &bad, false, |name, mut bytes| {
        if name == "internflow.db" {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
        same(name, bytes)
    });
    check(&["damaged", "export"]);
    forged(&good, &bad, true, |name, bytes| match name.starts_with("backups/") {
        true => same("backups/../../outside", bytes),
        false => same(name, bytes),
    });
    check(&["leads out"]);
    assert!(!cli.data.path().join("outside").exists());
    forged(&good, &bad, true, |name, bytes| match name.starts_with("backups/") {
        true => same(name, vec![0; 200_000_000]),
        false => same(name, bytes),
    });
    check(&["far more"]);
    forged(&good, &bad, true, |name, bytes| match name {
        "internflow.db" => same(name, with_trigger(&bytes)),
        _ => same(name, bytes),
    });
    check(&["not built as InternFlow builds it"]);
    let whole = std::fs::read(&good).expect("the archive");
    std::fs::write(&bad, &whole[..whole.len() / 2]).expect("it is written");
    check(&["cut off"]);
    ok(&cli, &["data", "import", &shown(&good)]);
}

/// The database with something in it that does more than be there.
fn with_trigger(bytes: &[u8]) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), bytes).expect("it is written");
    run(async {
        let options = SqliteConnectOptions::new().filename(file.path());
        let mut db = SqliteConnection::connect_with(&options).await.expect("a database");
        sqlx::raw_sql("CREATE TRIGGER t AFTER INSERT ON setting BEGIN DELETE FROM finding; END")
            .execute(&mut db)
            .await
            .expect("a trigger");
        db.close().await.expect("it closes");
    });
    std::fs::read(file.path()).expect("it is there")
}

/// Waits of up to so many milliseconds, the same in every run.
fn moments(most: u64, count: usize) -> impl Iterator<Item = std::time::Duration> {
    let mut state = 7_u64;
    (0..count).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::time::Duration::from_micros((state >> 33) % (most * 1000))
    })
}

/// Milliseconds that this takes when nobody kills it, with some to spare.
fn length(cli: &Cli, args: &[&str]) -> u64 {
    let started = std::time::Instant::now();
    ok(cli, args);
    started.elapsed().as_millis() as u64 * 6 / 5
}

#[test]
fn killed_in_an_import_it_is_old_or_new() {
    let ((mine, _a), (yours, _b)) = (lived_in("Asha Rao"), lived_in("Ravi Iyer"));
    let folder = tempfile::tempdir().expect("a folder");
    let archives = [folder.path().join("mine.zip"), folder.path().join("yours.zip")];
    ok(&mine, &["data", "export", &shown(&archives[0])]);
    ok(&yours, &["data", "export", &shown(&archives[1])]);
    let states = archives.clone().map(|archive| {
        ok(&mine, &["data", "import", &shown(&archive)]);
        rows(mine.data.path())
    });
    let most = length(&mine, &["data", "import", &shown(&archives[0])]);
    let (mut now, mut moved, mut stayed) = (0, 0, 0);
    for wait in moments(most, 24) {
        let mut importing = mine
            .command(&["data", "import", &shown(&archives[1 - now])])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(wait);
        importing.kill().expect("it is killed");
        importing.wait().expect("it ends");
        ok(&mine, &["models", "list"]);
        let found = rows(mine.data.path());
        let is = states.iter().position(|state| *state == found);
        assert!(is.is_some(), "killed after {wait:?} it is neither what was here nor what came");
        (moved, stayed) = if is == Some(now) { (moved, stayed + 1) } else { (moved + 1, stayed) };
        now = is.unwrap_or(now);
        assert!(!names(&mine).iter().any(|name| name.starts_with("incoming")), "nothing is left lying about");
    }
    assert!(
        stayed > 0 && moved + stayed == 24,
        "some of the kills came in time: {moved} moved, {stayed} stayed"
    );
}

#[test]
fn killed_in_an_export_no_half_archive_is_there() {
    let (cli, _repo) = lived_in("Asha Rao");
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("everything.zip");
    let most = length(&cli, &["data", "export", &shown(&archive)]);
    let before = rows(cli.data.path());
    for wait in moments(most, 12) {
        let mut exporting = cli
            .command(&["data", "export", &shown(&archive)])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(wait);
        exporting.kill().expect("it is killed");
        exporting.wait().expect("it ends");
        let other = Cli::new();
        ok(&other, &["data", "import", &shown(&archive)]);
        let (found, kept) = (rows(other.data.path()), rows(cli.data.path()));
        assert_eq!(
            found["finding"], before["finding"],
            "killed after {wait:?}, what is under the name is whole"
        );
        assert_eq!(kept, before, "an export changes nothing");
    }
}

#[test]
fn an_older_database_is_kept_before_it_is_brought_up_to_date() {
    let cli = Cli::new();
    let file = cli.data.path().join("internflow.db");
    run(async {
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let mut db = SqliteConnection::connect_with(&options).await.expect("a database");
        let steps = sqlx::migrate::Migrator::new(here().join("../migrations")).await.expect("the migrations");
        steps.run_to(20_261_122_000_009, &mut db).await.expect("an older schema");
        sqlx::raw_sql("INSERT INTO repository (path, name) VALUES ('/old/shop', 'shop')")
            .execute(&mut db)
            .await
            .expect("a row");
        db.close().await.expect("it closes");
    });
    ok(&cli, &["models", "list"]);
    let listed = ok(&cli, &["data", "backups"]);
    assert!(listed.contains("before an update"), "{listed}");
    // The newer app is as bad as it can be: going back is one command, also without a database that opens.
    std::fs::write(&file, b"no database").expect("it is written");
    let name = listed.split_whitespace().next().expect("its name");
    ok(&cli, &["data", "restore", name]);
    assert_eq!(rows(cli.data.path())["repository"].len(), 1, "the row of the old version is there");
}

#[test]
fn no_backup_is_no_reason_to_stop_and_is_told() {
    let cli = Cli::new();
    ok(&cli, &["models", "list"]);
    std::fs::write(cli.data.path().join("backups"), b"a file is in the way").expect("it is written");
    refused(&cli, &["data", "backup"], &["backup can't be written"]);
    let served = Served::start(&cli);
    served.call("data_back_up", json!({})).expect_err("there is no room for it");
    let checks = served.call("activity_doctor", json!({})).expect("checks");
    let check =
        checks.as_array().expect("a list").iter().find(|c| c["name"] == "Backups").expect("the check");
    assert_eq!(check["ok"], false, "{check}");
    assert!(check["mend"].to_string().contains("data backup"), "{check}");
    served.call("repository_list", json!({})).expect("all else works");
}
