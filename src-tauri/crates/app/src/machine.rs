//! What `doctor` says about the machine: memory, disk, logs, display, keyring.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use internflow_domain::Check;

use crate::logs;

/// Free disk below which databases and exports begin to fail, in bytes.
const DISK: u64 = 500_000_000;
/// Asking the keyring may show a prompt; after this long the answer is "locked".
const KEYRING_PATIENCE: Duration = Duration::from_secs(3);

/// Blocking, a few seconds at most.
pub(crate) fn checks(data_dir: &Path) -> Vec<Check> {
    vec![memory(), disk(data_dir), logs::check(), display(), keyring()]
}

fn check(name: &str, ok: bool, found: String, mend: &str) -> Check {
    Check { name: name.into(), ok, found, mend: if ok { String::new() } else { mend.into() } }
}

/// Bytes of memory that a new process can have, as the operating system estimates it.
pub(crate) fn free_memory() -> Option<u64> {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    // 0 is what a system says that does not tell.
    Some(system.available_memory()).filter(|free| *free > 0)
}

fn memory() -> Check {
    let (free, need) = (free_memory(), crate::text_model_memory());
    let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    let found = match (free, need) {
        (Some(free), Some(need)) => {
            format!("{} free, the text model takes up to {}", gigabytes(free), gigabytes(need))
        }
        _ => "free memory is not known here".to_owned(),
    };
    check(
        "Memory",
        free.zip(need).is_none_or(|(free, need)| free > need),
        found,
        "Close other programs before a review with the model; rules need none of this.",
    )
}

fn disk(data_dir: &Path) -> Check {
    let disks = sysinfo::Disks::new_with_refreshed_list();
    // The disk with the longest mount point above the folder is the one it is on.
    let disk = disks
        .iter()
        .filter(|disk| data_dir.starts_with(disk.mount_point()))
        .max_by_key(|disk| disk.mount_point().as_os_str().len());
    match disk.map(|disk| disk.available_space()) {
        Some(free) => check(
            "Disk",
            free > DISK,
            format!("{:.1} GB free", free as f64 / 1e9),
            "Free some space, or move the data folder with --data-dir.",
        ),
        None => check("Disk", true, "free space is not known here".into(), ""),
    }
}

fn display() -> Check {
    let unix = cfg!(all(unix, not(target_os = "macos")));
    let shown = ["WAYLAND_DISPLAY", "DISPLAY"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    let found = match shown {
        Some(name) => format!("{name} is set"),
        None if unix => "none".to_owned(),
        None => "native".to_owned(),
    };
    check(
        "Display",
        !unix || shown.is_some(),
        found,
        "Use `internflow-cli serve --open`: the same pages in a browser.",
    )
}

fn keyring() -> Check {
    let (sender, receiver) = mpsc::channel();
    // The call may wait for a prompt for ever: it gets a thread of its own and may be left behind.
    std::thread::spawn(move || {
        let entry = keyring::Entry::new("in.internflow.doctor", "probe");
        let asked = entry.and_then(|entry| match entry.get_password() {
            Ok(_) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        });
        let _ = sender.send(asked.map_err(|error| error.to_string()));
    });
    let mend = "Unlock or install a keyring (gnome-keyring or KWallet on Linux). It keeps the GitHub sign-in; without it you sign in again at each start.";
    match receiver.recv_timeout(KEYRING_PATIENCE) {
        Ok(Ok(())) => check("Keyring", true, "answers".into(), ""),
        Ok(Err(error)) => check("Keyring", false, error, mend),
        Err(_) => check("Keyring", false, format!("no answer in {} s", KEYRING_PATIENCE.as_secs()), mend),
    }
}
