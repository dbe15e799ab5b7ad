//! A document dragged out of the window, as a file: onto a folder, into a mail or a form.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use internflow_domain::{ApiError, ErrorCode};
use tokio::sync::oneshot;

use crate::host::Door;

/// Told once, when the drag is over: whoever took the file has it, or nobody did.
type Ended = oneshot::Sender<()>;

/// Begins to drag `path`, which the core exported, while the pointer's button is down; returns when the drag is over.
/// `icon`, a PNG as `data:` address, follows the pointer.
#[tauri::command]
pub(crate) async fn drag_out(
    app: tauri::AppHandle,
    window: tauri::Window,
    door: tauri::State<'_, Door>,
    path: PathBuf,
    icon: String,
) -> Result<(), ApiError> {
    let refused = |error: anyhow::Error| ApiError::new(ErrorCode::Failed, format!("{error:#}"));
    check(&door.exports(), &path).map_err(refused)?;
    let icon = picture(&icon).map_err(refused)?;
    let (told, began) = oneshot::channel();
    let asked = app.run_on_main_thread(move || {
        let (ended, over) = oneshot::channel();
        // Whoever asked is gone when nobody listens.
        let _ = told.send(begin(&window, path, &icon, ended).map(|()| over));
    });
    asked.map_err(|error| refused(error.into()))?;
    match began.await {
        // Both are dropped unsent only when the window goes.
        Err(_) => Ok(()),
        Ok(Err(error)) => Err(refused(error.context("The file can't be dragged. Use \"Save as\" instead"))),
        Ok(Ok(over)) => {
            let _ = over.await;
            Ok(())
        }
    }
}

/// Refuses what is no file that the core exported: a page must not give away any other.
fn check(exports: &Path, path: &Path) -> Result<()> {
    let gone = || format!("{} is not there any more. Export it again", path.display());
    let real = path.canonicalize().with_context(gone)?;
    let inside = exports.canonicalize().is_ok_and(|exports| real.starts_with(exports));
    anyhow::ensure!(
        inside && real.is_file(),
        "only what InternFlow exported can be dragged out of its window"
    );
    Ok(())
}

fn picture(icon: &str) -> Result<Vec<u8>> {
    let base64 = icon.strip_prefix("data:image/png;base64,").context("the picture of the file is no PNG")?;
    Ok(base64::engine::general_purpose::STANDARD.decode(base64)?)
}

/// GTK's own drag. The crate `drag` forgets the file when the button is released, which is before anybody on X11 has asked
/// for it (its issue 84), and writes a path with a space into an address as it is.
#[cfg(target_os = "linux")]
fn begin(window: &tauri::Window, path: PathBuf, icon: &[u8], ended: Ended) -> Result<()> {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use gtk::gdk::prelude::SeatExt as _;
    use gtk::gdk_pixbuf::PixbufLoader;
    use gtk::glib::object::ObjectExt as _;
    use gtk::prelude::{DragContextExtManual as _, PixbufLoaderExt as _, WidgetExt as _};

    /// The first, which drags.
    const BUTTON: i32 = 1;

    let window = window.gtk_window()?;
    let address = gtk::glib::filename_to_uri(path, None)?;
    let targets = gtk::TargetList::new(&[]);
    targets.add_uri_targets(0);
    // What had to be made first may have taken longer than the button was held: a drag would then stick to the pointer.
    let pointer = window.display().default_seat().and_then(|seat| seat.pointer());
    let held = pointer.zip(window.window()).is_some_and(|(pointer, surface)| {
        surface.device_position(&pointer).3.contains(gtk::gdk::ModifierType::BUTTON1_MASK)
    });
    if !held {
        return Ok(());
    }
    let drag = window
        .drag_begin_with_coordinates(&targets, gtk::gdk::DragAction::COPY, BUTTON, None, -1, -1)
        .context("the desktop began no drag")?;
    // Without its picture the drag works as well.
    if let Ok(loader) = PixbufLoader::with_type("png")
        && loader.write(icon).and_then(|()| loader.close()).is_ok()
        && let Some(pixels) = loader.pixbuf()
    {
        drag.drag_set_icon_pixbuf(&pixels, 0, 0);
    }
    let given = window.connect_drag_data_get(move |_, _, data, _, _| {
        data.set_uris(&[&address]);
    });
    let handlers = Rc::new(RefCell::new(vec![given]));
    let (all, ended) = (handlers.clone(), Cell::new(Some(ended)));
    // Comes last in every case, after the file was taken.
    let over = window.connect_drag_end(move |window, _| {
        all.take().into_iter().for_each(|handler| window.disconnect(handler));
        if let Some(ended) = ended.take() {
            let _ = ended.send(());
        }
    });
    handlers.borrow_mut().push(over);
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn begin(window: &tauri::Window, path: PathBuf, icon: &[u8], ended: Ended) -> Result<()> {
    let ended = std::sync::Mutex::new(Some(ended));
    let over = move |_, _| {
        if let Some(ended) = ended.lock().ok().and_then(|mut ended| ended.take()) {
            let _ = ended.send(());
        }
    };
    let (file, icon) = (drag::DragItem::Files(vec![path]), drag::Image::Raw(icon.to_vec()));
    Ok(drag::start_drag(window, file, icon, over, drag::Options::default())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_exported_leaves_the_window() {
        let data = tempfile::tempdir().expect("a folder");
        let exports = data.path().join("exports");
        std::fs::create_dir(&exports).expect("a folder");
        let (resume, database) = (exports.join("Asha Menon.pdf"), data.path().join("internflow.db"));
        for file in [&resume, &database] {
            std::fs::write(file, "x").expect("a file");
        }
        assert!(check(&exports, &resume).is_ok());
        for other in [&database, &exports, &exports.join("../internflow.db"), &exports.join("gone.pdf")] {
            assert!(check(&exports, other).is_err(), "{} must stay", other.display());
        }
        #[cfg(unix)]
        {
            let link = exports.join("link.pdf");
            std::os::unix::fs::symlink(&database, &link).expect("a link");
            assert!(check(&exports, &link).is_err(), "a link leads elsewhere");
        }
    }
}
