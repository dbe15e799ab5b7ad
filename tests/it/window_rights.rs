//! What the window may do, as it stands in its configuration. A change here is a change of what a page that was taken
//! over could do; make it in both places, and say why in SECURITY.md.

use internflow_tests::here;
use serde_json::{Value, json};

fn configuration(path: &str) -> Value {
    let path = here().join("../src-tauri").join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_policy_of_the_pages() {
    let window = configuration("tauri.conf.json");
    assert_eq!(
        window["app"]["security"],
        json!({
            "freezePrototype": true,
            "capabilities": ["main"],
            "csp": {
                "default-src": "'self'",
                "img-src": "'self' blob: data:",
                "style-src": "'self' 'unsafe-inline'",
                "connect-src": "ipc: http://ipc.localhost",
                "object-src": "'none'",
                "base-uri": "'none'",
                "form-action": "'none'",
            },
        }),
        "scripts are the app's own files, and nothing is asked but the core"
    );
    assert_eq!(window["app"]["withGlobalTauri"], false, "a page finds no door lying about");
    assert_eq!(window["app"]["windows"].as_array().map(Vec::len), Some(1), "one window, made at the start");
    assert_eq!(window["app"]["windows"][0]["url"], Value::Null, "it shows the pages that are in the program");
}

#[test]
fn what_a_page_may_ask_of_the_shell() {
    let main = configuration("capabilities/main.json");
    assert_eq!(main["remote"], Value::Null, "no page of the internet may ask anything");
    assert_eq!(main["windows"], json!(["main"]));
    assert_eq!(
        main["permissions"],
        json!([
            "allow-call",
            "allow-subscribe",
            "allow-drag-out",
            "core:event:allow-listen",
            "core:event:allow-unlisten",
            "dialog:allow-open",
            "dialog:allow-save",
            "opener:allow-reveal-item-in-dir",
            {
                "identifier": "opener:allow-open-path",
                "allow": [
                    { "path": "**" },
                    { "path": "**", "app": "notepad" },
                    { "path": "**", "app": "TextEdit" },
                ],
            },
            { "identifier": "opener:allow-open-url", "allow": [{ "url": "https://*" }] },
        ])
    );
    let files = std::fs::read_dir(here().join("../src-tauri/capabilities")).expect("a folder");
    let names: Vec<_> = files.map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(names, ["main.json"], "another file would add rights beside these");
}
