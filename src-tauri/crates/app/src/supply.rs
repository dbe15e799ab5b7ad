//! What the machine runs on and how it is connected. Known on Linux; elsewhere nothing is.

#[cfg(target_os = "linux")]
pub(crate) use linux::now;

#[cfg(not(target_os = "linux"))]
pub(crate) fn now() -> internflow_core::settings::Supply {
    internflow_core::settings::Supply::default()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::path::Path;
    use std::sync::mpsc;
    use std::time::Duration;

    use internflow_core::settings::Supply;

    /// <https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-power>
    const POWER: &str = "/sys/class/power_supply";
    /// A system bus that hangs must not hold the crawler up.
    const PATIENCE: Duration = Duration::from_secs(1);

    /// Blocking, a second at most.
    pub(crate) fn now() -> Supply {
        Supply { on_battery: on_battery(Path::new(POWER)), metered: metered() }
    }

    /// Null where the kernel lists no supply, as in a container; a machine without a battery that lists its charger is
    /// not on battery.
    fn on_battery(folder: &Path) -> Option<bool> {
        let mut discharging = None;
        for entry in fs::read_dir(folder).ok()?.flatten() {
            let says = |name: &str| fs::read_to_string(entry.path().join(name)).unwrap_or_default();
            // A mouse has a battery, too.
            if says("scope").trim() == "Device" {
                continue;
            }
            match says("type").trim() {
                "Battery" => {
                    let empties = says("status").trim() == "Discharging";
                    discharging = Some(discharging.unwrap_or_default() || empties);
                }
                _ if says("online").trim() == "1" => return Some(false),
                _ => {}
            }
        }
        discharging
    }

    /// What NetworkManager says or guesses of the connection; null where it is not there or does not know.
    /// <https://networkmanager.dev/docs/api/latest/nm-dbus-types.html#NMMetered>
    fn metered() -> Option<bool> {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(asked().ok()));
        match receiver.recv_timeout(PATIENCE).ok()?? {
            1 | 3 => Some(true),
            2 | 4 => Some(false),
            _ => None,
        }
    }

    fn asked() -> zbus::Result<u32> {
        let manager = zbus::blocking::Proxy::new(
            &zbus::blocking::Connection::system()?,
            "org.freedesktop.NetworkManager",
            "/org/freedesktop/NetworkManager",
            "org.freedesktop.NetworkManager",
        )?;
        manager.get_property("Metered")
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn machine(supplies: &[(&str, &[(&str, &str)])]) -> Option<bool> {
            let folder = tempfile::tempdir().expect("a folder");
            for (name, files) in supplies {
                fs::create_dir(folder.path().join(name)).expect("a supply");
                for (file, text) in *files {
                    fs::write(folder.path().join(name).join(file), format!("{text}\n")).expect("a file");
                }
            }
            on_battery(folder.path())
        }

        #[test]
        fn a_laptop_is_on_battery_when_nothing_else_feeds_it() {
            let battery = |status| ("BAT0", [("type", "Battery"), ("status", status)]);
            let charger = |online| ("AC", [("type", "Mains"), ("online", online)]);
            let (empties, full) = (battery("Discharging"), battery("Full"));
            let (plugged, pulled) = (charger("1"), charger("0"));
            assert_eq!(machine(&[(empties.0, &empties.1), (pulled.0, &pulled.1)]), Some(true));
            assert_eq!(machine(&[(full.0, &full.1), (plugged.0, &plugged.1)]), Some(false));
            assert_eq!(
                machine(&[(empties.0, &empties.1), (plugged.0, &plugged.1)]),
                Some(false),
                "a weak charger feeds it all the same"
            );
            assert_eq!(machine(&[]), None, "a machine that lists nothing has not said");
            let mouse: &[(&str, &str)] =
                &[("type", "Battery"), ("scope", "Device"), ("status", "Discharging")];
            assert_eq!(machine(&[("mouse", mouse)]), None, "what a mouse runs on holds nothing up");
        }
    }
}
