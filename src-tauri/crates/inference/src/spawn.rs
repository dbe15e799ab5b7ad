//! The one thread that starts all worker processes.
//!
//! A worker asks Linux to be killed when its parent dies, and Linux takes for the parent the *thread* that started
//! it. The runtime's threads come and go while the core lives: one that a blocking call has taken over ends after
//! some seconds without work, and would take a healthy worker with it. This thread ends with the process.

use std::io;
use std::sync::OnceLock;
use std::sync::mpsc;
use std::thread;

use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

struct Order {
    command: Command,
    /// The runtime that will wait for the child.
    runtime: Handle,
    answer: oneshot::Sender<io::Result<Child>>,
}

/// Starts the command on the permanent thread. To be called inside a runtime. Errors are the system's.
pub async fn spawn(command: Command) -> io::Result<Child> {
    static ORDERS: OnceLock<mpsc::Sender<Order>> = OnceLock::new();

    let gone = || io::Error::other("the thread that starts processes is gone");
    let orders = match ORDERS.get() {
        Some(orders) => orders,
        None => {
            // Of two callers at once the second's thread ends when its sender is dropped here, before any order.
            let orders = start()?;
            ORDERS.get_or_init(|| orders)
        }
    };
    let (answer, started) = oneshot::channel();
    orders.send(Order { command, runtime: Handle::current(), answer }).map_err(|_| gone())?;
    started.await.map_err(|_| gone())?
}

fn start() -> io::Result<mpsc::Sender<Order>> {
    let (orders, received) = mpsc::channel::<Order>();
    thread::Builder::new().name("spawner".into()).spawn(move || {
        for Order { mut command, runtime, answer } in received {
            let _inside = runtime.enter();
            // Who no longer waits drops the child, and by that kills it (`kill_on_drop`).
            let _ = answer.send(command.spawn());
        }
    })?;
    Ok(orders)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use std::time::Duration;

    use super::*;

    /// Long enough for a signal to arrive, and much shorter than the child's sleep.
    const WHILE: Duration = Duration::from_millis(500);

    /// A program that asks to die with its parent, as a worker does.
    fn mortal() -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "sleep", "60"]).kill_on_drop(true);
        command
    }

    /// Whether a child started by `by` lives on when the thread of that call has ended.
    fn lives_on(by: impl FnOnce(&tokio::runtime::Runtime) -> Child + Send) -> bool {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut child = thread::scope(|scope| {
            scope
                .spawn(|| {
                    let child = by(&runtime);
                    // The child has to have asked before the thread ends.
                    thread::sleep(WHILE);
                    child
                })
                .join()
                .unwrap()
        });
        thread::sleep(WHILE);
        let alive = child.try_wait().unwrap().is_none();
        runtime.block_on(child.kill()).unwrap();
        alive
    }

    #[test]
    fn a_worker_outlives_the_thread_that_asked_for_it() {
        let direct = lives_on(|runtime| {
            let _inside = runtime.enter();
            mortal().spawn().expect("this test needs setpriv of util-linux")
        });
        assert!(!direct, "this system has no parent-death signal, or the test does not see it");
        let permanent = lives_on(|runtime| runtime.block_on(spawn(mortal())).unwrap());
        assert!(permanent, "a thread that ends must not take a healthy worker with it");
    }

    #[tokio::test]
    async fn what_cannot_be_started_is_an_error() {
        let error = spawn(Command::new("/no/such/program")).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound, "the caller tells the user what is missing");
    }
}
