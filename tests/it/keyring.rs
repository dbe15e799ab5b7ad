//! Sign-ins in a real Secret Service: present, locked.

use std::process::{Command, Output};

use internflow_tests::{Cli, FakeGithub, executable};
use serde_json::json;

use crate::stage::flawed;

/// A token of the fake's account, and what a script needs to use it in a session of its own.
const TOKEN: &str = "github_pat_11KEYRING000000000000000";

/// Runs a shell script in a session with nobody in it but a keyring that has just been unlocked.
fn session(cli: &Cli, github: &FakeGithub, script: &str) -> Output {
    github.control("pat", &json!({ "token": TOKEN, "permissions": { "contents": "read" } }));
    let script = format!(
        "echo secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        internflow() {{ \"$CLI\" --data-dir \"$DATA\" \"$@\"; }}
        printf %s \"$TOKEN\" | internflow account login --api-url \"$API\" --with-token || exit 11
        {script}"
    );
    Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &script])
        .env("CLI", executable("internflow-cli"))
        .env("DATA", cli.data.path())
        .env("API", &github.api)
        .env("TOKEN", TOKEN)
        .env("HOME", cli.data.path())
        .env("XDG_DATA_HOME", cli.data.path().join("share"))
        .env_remove("INTERNFLOW_DATA_DIR")
        .env_remove("DISPLAY")
        .output()
        .expect("dbus-run-session is installed")
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_terminal_signs_in_with_a_keyring_and_stays_signed_in() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let (cli, github, repo) = (Cli::new(), FakeGithub::start(), flawed());
    github.serve("asha/tracker", &repo);
    let script = "
        internflow account status --format json || exit 12
        internflow repos add asha/tracker || exit 13
        internflow account logout || exit 14
        internflow account status || exit 15
        internflow repos list --format json || exit 16";
    let output = session(&cli, &github, script);
    let (out, err) = said(&output);
    assert!(output.status.success(), "{out}\n{err}");
    assert!(out.contains("\"kept\": true"), "the second run finds the sign-in in the keyring: {out}");
    assert!(out.contains("Not signed in"), "{out}");
    assert!(out.contains("\"full_name\": \"asha/tracker\""), "signed out, everything synced is there: {out}");
}

#[test]
fn a_locked_keyring_is_said_and_nothing_waits_for_ever() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let (cli, github) = (Cli::new(), FakeGithub::start());
    // Nobody is there to type the password of the keyring, as over ssh.
    let script = "
        dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
            org.freedesktop.Secret.Service.Lock \
            array:objpath:/org/freedesktop/secrets/collection/login >/dev/null || exit 12
        timeout 90 \"$CLI\" --data-dir \"$DATA\" account status || exit 13
        echo secret | gnome-keyring-daemon --replace --unlock --components=secrets >/dev/null
        internflow account status || exit 14";
    let output = session(&cli, &github, script);
    let (out, err) = said(&output);
    assert!(output.status.success(), "{:?} {out}\n{err}", output.status);
    let locked = format!("{out}{err}");
    assert!(locked.contains("Unlock it"), "the user is told what to do: {locked}");
    assert_eq!(out.matches("Signed in to").count(), 2, "unlocked, the sign-in is there again: {out}\n{err}");
}
