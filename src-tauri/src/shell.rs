//! The window itself.

use std::process::ExitCode;

use tauri::{Manager, RunEvent};

use crate::drag;
use crate::host::{self, Host};

/// Settings of the web view that must be in the environment before it starts.
pub(crate) fn prepare_webview() {
    // On some Linux graphics drivers WebKit's DMA-BUF renderer shows an empty window. The variable has to
    // be there before GTK starts, and nothing else runs yet, so the program starts itself again with it.
    #[cfg(target_os = "linux")]
    {
        const NAME: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
        if std::env::var_os(NAME).is_none()
            && let Ok(me) = std::env::current_exe()
        {
            use std::os::unix::process::CommandExt;
            let error =
                std::process::Command::new(me).args(std::env::args_os().skip(1)).env(NAME, "1").exec();
            tracing::warn!(%error, "started with the DMA-BUF renderer");
        }
    }
}

/// Says why the app cannot start, on the terminal.
pub(crate) fn refuse(message: &str) -> ExitCode {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "InternFlow: {message}");
    ExitCode::from(1)
}

/// Brings the window of an InternFlow that runs already to the front and ends this process. Returns when
/// there is none.
pub(crate) fn focus_other() {
    // The plugin looks for the other process while the app is built, before any window is opened.
    drop(builder().build(context()));
}

/// The pages of the app, whose address depends on the system, and nothing else. A page that was led away would stand in a
/// window that looks like InternFlow's, and its makers would have an address bar that nobody sees.
fn is_ours(url: &tauri::Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => url.as_str() == "about:blank",
    }
}

fn builder() -> tauri::Builder<tauri::Wry> {
    tauri::Builder::default().plugin(tauri_plugin_single_instance::init(|app, _args, _folder| {
        if let Some(window) = app.get_webview_window("main") {
            // A window that can't be raised is still there; the user sees it in the task bar.
            let _ = window.unminimize();
            let _ = window.set_focus();
        }
    }))
}

fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// Opens the window and returns when it is closed.
pub(crate) fn run(host: Host) -> ExitCode {
    let stay = tauri::plugin::Builder::<tauri::Wry, ()>::new("stay").on_navigation(|_, url| is_ours(url));
    let built = builder()
        .plugin(stay.build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .manage(host.door())
        .invoke_handler(tauri::generate_handler![host::call, host::subscribe, drag::drag_out])
        .build(context());
    let app = match built {
        Ok(app) => app,
        Err(error) => {
            host.stop();
            return refuse(&format!(
                "The window can't be opened: {error}. `internflow-cli serve --open` shows the same pages in a browser."
            ));
        }
    };
    let mut host = Some(host);
    let code = app.run_return(move |_, event| {
        if let RunEvent::Exit = event
            && let Some(host) = host.take()
        {
            host.stop();
        }
    });
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn the_window_stays_with_its_pages() {
        for (address, ours) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#/jobs", true),
            ("http://tauri.localhost/", true),
            ("about:blank", true),
            ("https://tauri.localhost.example/", false),
            ("http://tauri.localhost:8080/", false),
            ("http://localhost/", false),
            ("http://127.0.0.1/", false),
            ("https://example.org/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("javascript:alert(1)", false),
            ("about:srcdoc", false),
        ] {
            let url = address.parse().expect("an address");
            assert_eq!(
                is_ours(&url),
                ours,
                "{address}: a window without an address bar must not leave its pages"
            );
        }
    }
}
