//! How the worker behaves towards the system: its own session, low priority, no life without a parent.

/// Sets session, priority and death with the core. Failures are logged and survived: they cost comfort, not correctness.
pub fn settle() {
    #[cfg(unix)]
    {
        // Ctrl-C in the core's terminal is for the core, which then ends its workers in order. Fails
        // only for a process group leader, which a spawned child is not.
        if let Err(error) = rustix::process::setsid() {
            eprintln!("no session of its own: {error}");
        }
        // The user's editor and compiler come first.
        if let Err(error) = rustix::process::nice(10) {
            eprintln!("priority not lowered: {error}");
        }
    }
    // Whatever this process is doing, it ends with the core. The signal follows the *thread* that started this
    // process; the core starts all workers on one that lives as long as itself. A core that died before this
    // line is noticed by the end of stdin.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        if let Err(error) = set_parent_process_death_signal(Some(Signal::KILL)) {
            eprintln!("does not die with the core: {error}");
        }
    }
}

/// Who started this process, to notice later that it is gone.
///
/// The end of stdin says the same at once and on every system; this catches a core that died while another
/// process still holds the pipe, on systems that have no parent-death signal.
pub struct Parent {
    #[cfg(unix)]
    id: Option<rustix::process::Pid>,
}

impl Parent {
    pub fn current() -> Self {
        Self {
            #[cfg(unix)]
            id: rustix::process::getppid(),
        }
    }

    pub fn is_gone(&self) -> bool {
        #[cfg(unix)]
        return rustix::process::getppid() != self.id;
        #[cfg(not(unix))]
        return false;
    }
}
