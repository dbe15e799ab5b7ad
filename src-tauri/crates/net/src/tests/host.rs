//! A file host on this machine that misbehaves as told.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a client asked for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub path: String,
    /// First byte of a `Range: bytes=N-`.
    pub from: Option<usize>,
    pub if_range: Option<String>,
}

/// What the host says, byte for byte.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<String>,
    pub body: Vec<u8>,
    /// Closes the connection after this many bytes of the body.
    pub cut: Option<usize>,
}

impl Answer {
    pub fn of(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), cut: None }
    }

    pub fn header(mut self, line: impl Into<String>) -> Self {
        self.headers.push(line.into());
        self
    }

    pub fn cut(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }
}

/// A proper host's answer: ranges, and an ETag that `If-Range` must repeat.
pub fn file(ask: &Ask, body: &[u8], etag: &str) -> Answer {
    let same = ask.if_range.as_deref().is_none_or(|tag| tag == etag);
    let mut answer = match ask.from.filter(|_| same) {
        Some(from) if from < body.len() => Answer {
            body: body[from..].to_vec(),
            ..Answer::of(206).header(format!("Content-Range: bytes {from}-{}/{}", body.len() - 1, body.len()))
        },
        Some(_) => Answer::of(416),
        None => Answer { body: body.to_vec(), ..Answer::of(200) },
    };
    answer.headers.push(format!("ETag: {etag}"));
    answer
}

/// A running host; stops when dropped.
pub struct Host {
    pub base: String,
    asked: Arc<Mutex<Vec<Ask>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Host {
    /// Answers every request with what `answer` makes of it.
    pub async fn start(answer: impl Fn(&Ask) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (asked.clone(), Arc::new(answer));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, answer) = (log.clone(), answer.clone());
                tokio::spawn(async move { serve(stream, &log, &*answer).await });
            }
        });
        Self { base, asked, task }
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Ask> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Ask>>,
    answer: &(dyn Fn(&Ask) -> Answer + Send + Sync),
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let header = |name: &str| {
        let value = |line: &str| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        };
        head.lines().find_map(value)
    };
    let ask = Ask {
        path: head.split(' ').nth(1).unwrap().to_owned(),
        from: header("range").map(|r| r.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap()),
        if_range: header("if-range"),
    };
    log.lock().unwrap().push(ask.clone());
    let answer = answer(&ask);
    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", answer.status);
    if !answer.headers.iter().any(|line| line.starts_with("Content-Length")) {
        head.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
    }
    for line in &answer.headers {
        head.push_str(&format!("{line}\r\n"));
    }
    let body = &answer.body[..answer.cut.unwrap_or(answer.body.len())];
    // The client may have hung up: then there is nobody to tell.
    let _ = stream.write_all(format!("{head}\r\n").as_bytes()).await;
    let _ = stream.write_all(body).await;
    let _ = stream.shutdown().await;
}
