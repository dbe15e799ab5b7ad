//! One worker process: starting it, exchanging frames with it, and saying how it ended.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use internflow_protocol::{FrameDecoder, FrameError, Op, Request, Response, encode};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

use crate::config::WorkerConfig;
use crate::memory::kernel_kills;
use crate::signs::Signs;
use crate::spawn::spawn;
use crate::supervise::explain;

/// Lines of stderr that are kept for the message about a death.
const LAST_WORDS: usize = 3;
/// How long a worker may take to leave after it was asked to.
const LEAVE: Duration = Duration::from_secs(1);
/// Variables of the core's environment that a worker gets: what a system needs to start a program.
/// Everything else, tokens among it, stays here.
const PASSED_ON: [&str; 6] =
    ["SystemRoot", "TEMP", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "RUST_BACKTRACE"];

/// A running worker. Dropping it kills the process.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    decoder: FrameDecoder,
    words: JoinHandle<Vec<String>>,
    next_id: u64,
    /// When the last whole frame came, of whatever kind.
    heard: Instant,
    signs: Signs,
    heartbeat: Duration,
    /// [`kernel_kills`] when it was started.
    kills_before: Option<u64>,
    pub pid: u32,
}

/// Why a worker is of no more use; a sentence for the user.
#[derive(Debug)]
pub struct Death(pub String);

impl Worker {
    /// Starts the process, for a model in `folder`; `signs` is told of each sign of life. Errors are about the executable, not about the model.
    pub async fn spawn(config: &WorkerConfig, folder: &Path, signs: Signs) -> io::Result<Self> {
        let threads = config.threads.max(1).to_string();
        let mut command = Command::new(&config.executable);
        command
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .env_clear()
            .envs(PASSED_ON.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .env("RAYON_NUM_THREADS", &threads)
            .env("CANDLE_NUM_THREADS", &threads);
        #[cfg(windows)]
        {
            const CREATE_NO_WINDOW: u32 = 0x0800_0000;
            const BELOW_NORMAL_PRIORITY: u32 = 0x0000_4000;
            command.creation_flags(CREATE_NO_WINDOW | BELOW_NORMAL_PRIORITY);
        }
        let kills_before = kernel_kills();
        let mut child = spawn(command).await?;
        let lost = |stream| io::Error::other(format!("the process has no {stream}"));
        let input = child.stdin.take().ok_or_else(|| lost("stdin"))?;
        let output = child.stdout.take().ok_or_else(|| lost("stdout"))?;
        let stderr = child.stderr.take().ok_or_else(|| lost("stderr"))?;
        let pid = child.id().ok_or_else(|| lost("id"))?;
        let words = tokio::spawn(forward_words(config.name.clone(), stderr));
        Ok(Self {
            child,
            input,
            output,
            decoder: FrameDecoder::default(),
            words,
            next_id: 0,
            heard: Instant::now(),
            signs,
            heartbeat: config.limits.heartbeat,
            kills_before,
            pid,
        })
    }

    /// A request as a frame, with its id. `deadline` of zero means none. Fails for what is too large.
    pub fn frame(&mut self, op: Op, deadline: Duration) -> Result<(u64, Vec<u8>), FrameError> {
        self.next_id += 1;
        let deadline_ms = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
        let request = Request { id: self.next_id, deadline_ms, op };
        Ok((request.id, encode(&request)?))
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &[u8]) -> Result<(), Death> {
        // A stopped worker does not read; the pipe is then full before a large request is through.
        match timeout(self.heartbeat, self.input.write_all(frame)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.ended().await),
            Err(_) => Err(self.silent()),
        }
    }

    /// The next frame. Can be dropped at any time without losing one.
    pub async fn receive(&mut self) -> Result<Response, Death> {
        let mut buffer = [0; 16 * 1024];
        loop {
            match self.decoder.next_message() {
                Ok(Some(message)) => {
                    self.heard = Instant::now();
                    self.signs.heard();
                    return Ok(message);
                }
                // Bytes alone are no sign of life: heartbeats may be taken for the rest of a frame that broke off.
                Ok(None) => {}
                Err(error) => {
                    return Err(Death(format!("The model's process sent something unreadable: {error}.")));
                }
            }
            match timeout_at(self.heard + self.heartbeat, self.output.read(&mut buffer)).await {
                Err(_) => return Err(self.silent()),
                Ok(Ok(0) | Err(_)) => return Err(self.ended().await),
                Ok(Ok(count)) => self.decoder.push(&buffer[..count]),
            }
        }
    }

    /// Asks the process to leave and sees it off.
    pub async fn shut_down(mut self) {
        let asked = match self.frame(Op::Shutdown, Duration::ZERO) {
            Ok((_, frame)) => self.send(&frame).await.is_ok(),
            Err(_) => false,
        };
        if !asked || timeout(LEAVE, self.child.wait()).await.is_err() {
            self.kill().await;
        }
    }

    /// Ends the process now and waits until it is gone.
    pub async fn kill(mut self) {
        // Fails only for a process that has ended already.
        let _ = self.child.start_kill();
        let _ = timeout(LEAVE, self.child.wait()).await;
    }

    fn silent(&self) -> Death {
        Death(format!(
            "The model's process showed no sign of life for {} s and was ended.",
            self.heartbeat.as_secs_f32()
        ))
    }

    /// What the end of the pipes was about.
    async fn ended(&mut self) -> Death {
        let Ok(Ok(status)) = timeout(LEAVE, self.child.wait()).await else {
            return Death("The model's process closed its connection and was ended.".into());
        };
        let words = timeout(LEAVE, &mut self.words).await;
        let words = words.ok().and_then(Result::ok).unwrap_or_default().join(" / ");
        let out_of_memory = self.kills_before.zip(kernel_kills()).map(|(before, now)| now > before);
        let why = explain(signal(status), status.code(), &words, out_of_memory);
        let said = if words.is_empty() { String::new() } else { format!(" Its last words: {words}") };
        Death(format!("The model's process ended: {why}.{said}"))
    }
}

/// The signal that ended a process, on systems that have signals.
fn signal(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    return std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    return None;
}

/// Copies the worker's stderr into the log; its last lines when it is over.
async fn forward_words(name: String, stderr: ChildStderr) -> Vec<String> {
    let mut lines = BufReader::new(stderr).lines();
    let mut last = VecDeque::new();
    while let Ok(Some(line)) = lines.next_line().await {
        tracing::info!(component = name, line, "the worker says");
        if last.len() == LAST_WORDS {
            last.pop_front();
        }
        last.push_back(line);
    }
    last.into()
}
