//! Tries, from inside, what a confined worker must and must not be able to do, and says how each went: a line
//! `NAME ok`, or `NAME` and the error. `tests/confine.rs` runs it and knows what is right.
//!
//! - `confined free|confined FOLDER PORT` tries everything, then copies stdin to stdout.
//! - `confined hold FOLDER` settles like a worker and waits for the end of stdin.
//! - `confined parent FOLDER` starts a `hold` with its own stdin, prints its process id and what it says, and waits for it.

#![allow(clippy::unwrap_used, reason = "a panic is how a probe says that it was set up wrongly")]

#[path = "../../src/confine.rs"]
mod confine;
#[path = "../../src/process.rs"]
mod process;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write, stdin, stdout};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

pub fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["free", folder, port] => try_all(Path::new(folder), port.parse().unwrap()),
        ["confined", folder, port] => {
            let confined = confine::confine(Path::new(folder)).unwrap();
            say(&format!("whole {}", confined.whole));
            say(&format!("words {}", confined.words));
            try_all(Path::new(folder), port.parse().unwrap());
        }
        ["hold", folder] => {
            process::settle();
            let parent = process::Parent::current();
            confine::confine(Path::new(folder)).unwrap();
            say(&format!("settled, parent gone: {}", parent.is_gone()));
            stdin().read_to_end(&mut Vec::new()).unwrap();
        }
        ["parent", folder] => {
            let me = std::env::current_exe().unwrap();
            let mut child = Command::new(me).args(["hold", folder]).stdout(Stdio::piped()).spawn().unwrap();
            let words = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
            say(&format!("{} {words}", child.id()));
            child.wait().unwrap();
        }
        _ => panic!("see the head of this file for what to say"),
    }
}

fn try_all(folder: &Path, port: u16) {
    let model = folder.join("model");
    // What a worker does all day.
    attempt("read the model", std::fs::read(&model).map(drop));
    attempt("list the model's folder", std::fs::read_dir(folder).map(drop));
    attempt("map the model", File::open(&model).and_then(|file| map(&file)));
    attempt("look at the processor", std::fs::read_dir("/sys/devices/system/cpu").map(drop));
    attempt("start threads", threads());
    attempt("take a gigabyte", gigabyte());
    attempt("know the time", time());
    attempt(
        "panic in a thread",
        std::thread::spawn(|| panic!("words of a panic"))
            .join()
            .map_or(Ok(()), |()| Err(io::Error::other("it came through"))),
    );

    // What it never does.
    attempt("read /etc/passwd", std::fs::read("/etc/passwd").map(drop));
    attempt("read memory of its own", File::open("/proc/self/mem").map(drop));
    attempt("list /tmp", std::fs::read_dir("/tmp").map(drop));
    let outside = std::env::temp_dir().join(format!("confined-{}", std::process::id()));
    attempt("write a file", std::fs::write(&outside, "x").and_then(|()| std::fs::remove_file(&outside)));
    attempt("write into the model's folder", std::fs::write(folder.join("new"), "x"));
    attempt("open the model for writing", File::options().write(true).open(&model).map(drop));
    attempt("cut the model", File::options().write(true).open(&model).and_then(|file| file.set_len(5)));
    attempt("rename the model", std::fs::rename(&model, folder.join("renamed")));
    let _ = std::fs::rename(folder.join("renamed"), &model);
    attempt("make a folder", std::fs::create_dir(folder.join("folder")));
    attempt("link to a file", std::os::unix::fs::symlink("/etc/passwd", folder.join("link")));
    attempt(
        "change a mode",
        std::fs::metadata(&model).and_then(|m| std::fs::set_permissions(&model, m.permissions())),
    );
    attempt("change a time", File::open(&model).and_then(|file| file.set_modified(SystemTime::now())));
    attempt("connect", TcpStream::connect(("127.0.0.1", port)).map(drop));
    attempt("listen", TcpListener::bind("127.0.0.1:0").map(drop));
    attempt(
        "send a datagram",
        UdpSocket::bind("127.0.0.1:0").and_then(|s| s.send_to(b"x", ("127.0.0.1", port))).map(drop),
    );
    attempt("make a pair of sockets", std::os::unix::net::UnixStream::pair().map(drop));
    attempt("start a program", Command::new("/bin/true").status().map(drop));
    let parent = rustix::process::getppid().unwrap();
    attempt("signal another process", rustix::process::test_kill_process(parent).map_err(io::Error::from));
    attempt(
        "signal itself",
        rustix::process::test_kill_process(rustix::process::getpid()).map_err(io::Error::from),
    );
    attempt("live on without the core", live_on());
    attempt("change a limit", limit());

    let mut said = Vec::new();
    stdin().read_to_end(&mut said).unwrap();
    stdout().write_all(&said).unwrap();
    // Last: where it succeeds, this process is that program.
    let error = std::os::unix::process::CommandExt::exec(
        Command::new("/bin/sh").args(["-c", "echo become a program ok"]),
    );
    attempt("become a program", Err(error));
}

fn attempt(name: &str, result: io::Result<()>) {
    match result {
        Ok(()) => say(&format!("{name} ok")),
        Err(error) => say(&format!("{name} {error}")),
    }
}

fn say(line: &str) {
    stdout().write_all(format!("{line}\n").as_bytes()).unwrap();
    stdout().flush().unwrap();
}

#[allow(unsafe_code, reason = "a mapped file is shared with whoever writes it; here that is nobody")]
fn map(file: &File) -> io::Result<()> {
    let mapped = unsafe { memmap2::Mmap::map(file) }?;
    if mapped.starts_with(b"GGUF") { Ok(()) } else { Err(io::Error::other("another file was mapped")) }
}

fn threads() -> io::Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().map_err(io::Error::other)?;
    let seen = pool.broadcast(|thread| thread.index());
    if seen == [0, 1, 2, 3] { Ok(()) } else { Err(io::Error::other("not all threads came")) }
}

fn gigabyte() -> io::Result<()> {
    const PAGE: usize = 4096;
    let mut bytes = vec![0u8; 1 << 30];
    bytes.iter_mut().step_by(PAGE).for_each(|byte| *byte = 1);
    let pages = bytes.iter().step_by(PAGE).map(|&byte| usize::from(byte)).sum::<usize>();
    if pages == (1 << 30) / PAGE { Ok(()) } else { Err(io::Error::other("memory forgets")) }
}

fn time() -> io::Result<()> {
    let started = Instant::now();
    std::thread::sleep(Duration::from_millis(5));
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_err(io::Error::other)?;
    if started.elapsed() >= Duration::from_millis(5) { Ok(()) } else { Err(io::Error::other("time stands")) }
}

fn live_on() -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(None).map_err(io::Error::from)
}

fn limit() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Nofile, Rlimit { current: Some(50), maximum: Some(50) }).map_err(io::Error::from)
}
