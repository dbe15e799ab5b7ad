//! Makes the window's context at build time. Only the two doors and the drag are commands: without this list
//! every function marked as a command could be called from any local page.

fn main() {
    let doors = tauri_build::AppManifest::new().commands(&["call", "subscribe", "drag_out"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(doors))
        .expect("the window's configuration (tauri.conf.json, capabilities/) is valid");
}
