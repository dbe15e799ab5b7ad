//! The worker's three threads: one reads frames, so that a cancel is seen in the middle of a
//! computation; one computes; one sends heartbeats whatever the other two do.

use std::collections::HashMap;
use std::io::stdin;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use internflow_protocol::{
    FailureKind, Op, Output, PROTOCOL_VERSION, Reply, Request, Response, read_frame, write_frame,
};

use crate::control::{Control, Failure};
use crate::embed::EmbedEngine;
use crate::process::Parent;
use crate::text::{Prompt, TextEngine};

const HEARTBEAT: Duration = Duration::from_secs(1);

/// Exit statuses, for the log of the core.
const LOST_CORE: i32 = 0;
pub const NOT_CONFINED: i32 = 2;
const BAD_FRAME: i32 = 3;
const PANICKED: i32 = 101;

/// Controls of the requests that were read and not yet answered.
type Running = Arc<Mutex<HashMap<u64, Arc<Control>>>>;

/// Serves until stdin ends; the exit status to leave with. `confined` is told to the core.
pub fn serve(confined: String) -> i32 {
    let running = Running::default();
    let (work, queue) = channel();
    let parent = Parent::current();
    std::thread::spawn(move || {
        while !parent.is_gone() {
            send(0, Reply::Heartbeat);
            std::thread::sleep(HEARTBEAT);
        }
        std::process::exit(LOST_CORE);
    });
    let finished = running.clone();
    std::thread::spawn(move || {
        // A panic leaves a model in an unknown state: this process is over, the core starts another.
        if catch_unwind(AssertUnwindSafe(|| compute(&queue, &finished, &confined))).is_err() {
            std::process::exit(PANICKED);
        }
    });
    read(&work, &running)
}

fn read(work: &Sender<(Request, Arc<Control>)>, running: &Running) -> i32 {
    let mut input = stdin().lock();
    loop {
        let request: Request = match read_frame(&mut input) {
            Ok(Some(request)) => request,
            Ok(None) => return LOST_CORE,
            Err(error) => {
                eprintln!("cannot read what the core says: {error}");
                return BAD_FRAME;
            }
        };
        match request.op {
            Op::Cancel { id } => {
                if let Some(control) = lock(running).get(&id) {
                    control.cancel();
                }
            }
            Op::Shutdown => return 0,
            _ => {
                let control = Arc::new(Control::new(request.deadline_ms));
                lock(running).insert(request.id, control.clone());
                // The other end is gone only when the computing thread panicked, which ends the process.
                if work.send((request, control)).is_err() {
                    return PANICKED;
                }
            }
        }
    }
}

fn lock(running: &Running) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Control>>> {
    // Nothing panics while it holds this lock; the map is whole in any case.
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends a reply, or ends the process: without a core to answer there is nothing left to do.
fn send(id: u64, reply: Reply) {
    if let Err(error) = write_frame(&mut std::io::stdout().lock(), &Response { id, reply }) {
        eprintln!("cannot answer the core: {error}");
        std::process::exit(LOST_CORE);
    }
}

enum Engine {
    None,
    Text(Box<TextEngine>),
    Embed(Box<EmbedEngine>),
}

fn compute(queue: &Receiver<(Request, Arc<Control>)>, running: &Running, confined: &str) {
    let mut engine = Engine::None;
    for (request, control) in queue {
        let mut heard = |text| send(request.id, Reply::Piece { text });
        let reply = answer(&mut engine, request.op, confined, &control, &mut heard)
            .unwrap_or_else(|Failure { kind, message }| Reply::Failed { kind, message });
        lock(running).remove(&request.id);
        send(request.id, reply);
    }
}

/// `heard` gets the pieces of a text whose caller asked for them.
fn answer(
    engine: &mut Engine,
    op: Op,
    confined: &str,
    control: &Control,
    heard: &mut dyn FnMut(String),
) -> Result<Reply, Failure> {
    control.check()?;
    let done = |output: Output| Reply::Done { output };
    match (op, engine) {
        (Op::Hello { version }, _) if version != PROTOCOL_VERSION => Err(Failure::new(
            FailureKind::BadRequest,
            format!(
                "The core speaks version {version}, this worker version {PROTOCOL_VERSION}. Reinstall both."
            ),
        )),
        (Op::Hello { .. }, _) => {
            Ok(Reply::Hello { version: PROTOCOL_VERSION, pid: std::process::id(), confined: confined.into() })
        }
        (Op::LoadText { path, context_tokens }, engine) => {
            let text = load(|| TextEngine::load(Path::new(&path), context_tokens as usize))?;
            let width = text.width() as u32;
            *engine = Engine::Text(Box::new(text));
            Ok(Reply::Ready { width })
        }
        (Op::LoadEmbedder { folder }, engine) => {
            let embed = load(|| EmbedEngine::load(Path::new(&folder)))?;
            let width = embed.width() as u32;
            *engine = Engine::Embed(Box::new(embed));
            Ok(Reply::Ready { width })
        }
        (
            Op::Generate { system, user, schema, max_tokens, temperature, seed, pieces },
            Engine::Text(text),
        ) => {
            let prompt = Prompt { system, user, schema, max_tokens, temperature, seed };
            let written = match pieces {
                true => text.generate_in_pieces(&prompt, control, heard),
                false => text.generate(&prompt, control),
            };
            written.map(done)
        }
        (Op::Score { prefix, continuations }, Engine::Text(text)) => {
            text.score(&prefix, &continuations, control).map(done)
        }
        (Op::Contrast { prefix, text: own, edits, lines: None }, Engine::Text(text)) => {
            text.contrast(&prefix, &own, &edits, control).map(done)
        }
        (Op::Contrast { prefix, text: own, edits, lines: Some(lines) }, Engine::Text(text)) => {
            text.contrast_lines(&prefix, &own, &edits, lines as usize, control).map(done)
        }
        (Op::Embed { texts }, Engine::Embed(embed)) => embed.embed(&texts, control).map(done),
        _ => Err(Failure::new(FailureKind::BadRequest, "The loaded model cannot do this.")),
    }
}

/// Loads a model; a panic in a parser means a file that it cannot digest, and is told as such.
fn load<T>(parse: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(parse)).unwrap_or_else(|_| {
        Err(Failure::model(
            "The model's files cannot be read: their contents make no sense. Download the model again.",
        ))
    })
}
