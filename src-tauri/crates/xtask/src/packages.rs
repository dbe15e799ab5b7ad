//! System packages. Debian and Ubuntu get what is missing installed; on other systems the one command
//! to type is printed.

use std::env;
use std::io::IsTerminal;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::steps::{answer, run, shown};
use crate::tools;

/// What the build needs on Debian and Ubuntu.
const BUILD: &[&str] = &[
    "build-essential",
    "ca-certificates",
    "cmake",
    "git",
    "libdbus-1-dev",
    "libgtk-3-dev",
    // Holds google/protobuf/empty.proto, without which the vector index does not build.
    "libprotobuf-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
    "protobuf-compiler",
    "python3",
];

/// What the tests need besides.
const TEST: &[&str] = &[
    "dbus",
    "dbus-x11",
    "fonts-dejavu-core",
    "gir1.2-gtk-3.0",
    "gnome-keyring",
    "imagemagick",
    // Opens the Word document of a résumé.
    "libreoffice-writer",
    "poppler-utils",
    "python3-gi",
    "webkit2gtk-driver",
    "xauth",
    "xdotool",
    "xvfb",
];

/// Other package managers with the one command that brings everything.
const OTHERS: &[(&str, &str)] = &[
    (
        "dnf",
        "sudo dnf install -y gcc gcc-c++ make cmake git pkgconf-pkg-config webkit2gtk4.1-devel gtk3-devel \
         librsvg2-devel dbus-devel protobuf-compiler protobuf-devel python3 python3-pip",
    ),
    (
        "pacman",
        "sudo pacman -S --needed base-devel cmake git webkit2gtk-4.1 gtk3 librsvg dbus protobuf python python-pip",
    ),
    ("brew", "brew install cmake protobuf python git"),
    ("winget", "winget install Kitware.CMake Google.Protobuf Python.Python.3.12 Git.Git"),
];

/// Makes sure that the system packages are there; `tests` asks for those of the tests too.
///
/// # Errors
/// When they are missing and cannot be installed from here: the message is the command to type.
pub fn ensure(tests: bool) -> Result<()> {
    if cfg!(target_os = "linux") && tools::find("apt-get").is_some() && tools::find("dpkg-query").is_some() {
        return apt(tests);
    }
    let missing = missing_tools();
    if missing.is_empty() {
        println!("   nothing is missing");
        return Ok(());
    }
    let known = OTHERS.iter().find(|(manager, _)| tools::find(manager).is_some());
    match known {
        Some((_, command)) => bail!(
            "Missing: {}. Type this, then run the same command again:\n\n  {command}",
            missing.join(", ")
        ),
        None => bail!(
            "Missing: {}. Install them with your system's package manager and run the same command again.",
            missing.join(", ")
        ),
    }
}

/// Installs with apt what dpkg does not list, as root or through sudo.
fn apt(tests: bool) -> Result<()> {
    let missing = missing_packages(tests);
    if missing.is_empty() {
        println!("   nothing is missing");
        return Ok(());
    }
    println!("   missing: {}", missing.join(" "));
    let mut install = vec!["apt-get", "install", "-y", "--no-install-recommends"];
    install.extend(&missing);
    let Some(root) = become_root() else {
        bail!(
            "Root is needed to install them. Type this, then run the same command again:\n\n  sudo apt-get update && sudo {}",
            install.join(" ")
        );
    };
    let as_root = |words: &[&str]| {
        let mut all = root.clone();
        all.extend(["env", "DEBIAN_FRONTEND=noninteractive"]);
        all.extend(words);
        let mut command = Command::new(all[0]);
        command.args(&all[1..]);
        command
    };
    run(&mut as_root(&["apt-get", "update", "-qq"]))?;
    let mut command = as_root(&install);
    run(&mut command)?;
    let still = missing_packages(tests);
    if !still.is_empty() {
        bail!("{} are still missing after\n  {}", still.join(" "), shown(&command));
    }
    Ok(())
}

fn missing_packages(tests: bool) -> Vec<&'static str> {
    let mut wanted = BUILD.to_vec();
    // pip may come from elsewhere (pyenv, a distribution of its own).
    if answer("python3", &["-m", "pip", "--version"]).is_none() {
        wanted.push("python3-pip");
    }
    if tests {
        wanted.extend(TEST);
        if tools::browser().is_none() {
            wanted.push("chromium");
        }
    }
    // Fails when one is unknown, and still lists the others.
    let output = Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status} ${Package}\\n"])
        .args(&wanted)
        .stderr(Stdio::null())
        .output();
    let listed = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    wanted.retain(|package| !listed.lines().any(|line| line == format!("installed {package}")));
    wanted
}

/// The words before a command that make it run as root; `None` when that is not possible.
fn become_root() -> Option<Vec<&'static str>> {
    if answer("id", &["-u"]).as_deref() == Some("0") {
        return Some(Vec::new());
    }
    tools::find("sudo")?;
    let silent = answer("sudo", &["-n", "true"]).is_some();
    // In a terminal sudo may ask for the password itself, before our step closes its input.
    let asked = || {
        env::var_os("CI").is_none()
            && std::io::stdin().is_terminal()
            && Command::new("sudo").arg("-v").status().is_ok_and(|status| status.success())
    };
    (silent || asked()).then(|| vec!["sudo", "-n"])
}

/// Tools and libraries that are missing where dpkg cannot be asked.
fn missing_tools() -> Vec<String> {
    let mut missing: Vec<String> = ["cmake", "git", "protoc"]
        .into_iter()
        .filter(|tool| tools::find(tool).is_none())
        .map(str::to_owned)
        .collect();
    let python = if cfg!(windows) { "python" } else { "python3" };
    if answer(python, &["-m", "pip", "--version"]).is_none() {
        missing.push("Python 3 with pip".to_owned());
    }
    if cfg!(target_os = "linux") {
        let library = |name: &&str| answer("pkg-config", &["--exists", name]).is_none();
        let libraries = ["webkit2gtk-4.1", "gtk+-3.0", "librsvg-2.0", "dbus-1"];
        missing.extend(
            libraries.iter().filter(|name| library(name)).map(|name| format!("development files of {name}")),
        );
    }
    missing
}
