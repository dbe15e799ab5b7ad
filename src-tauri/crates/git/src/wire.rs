//! Gitoxide's HTTP, carried by the house's own.

use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gix_transport::client::blocking_io::http::{GetResponse, Http, PostBodyDataKind, PostResponse};
use internflow_domain::{GitAnswer, GitRequest, GitWire};

/// Why a host did not give what was asked for; found again below gitoxide's own error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("The host wants a sign-in for this repository, or refuses the one it got.")]
    SignIn,
    #[error("The repository does not exist there, or this account may not see it.")]
    NotFound,
    #[error("The host answered with HTTP {0}.")]
    Status(u16),
}

/// One fetch's conversation with a host.
pub(crate) struct Carried {
    pub(crate) wire: Arc<dyn GitWire>,
    /// Sent with each request; holds the token.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) heard: Arc<Mutex<Heard>>,
}

/// What the host said that gitoxide turns into words or drops.
#[derive(Default)]
pub(crate) struct Heard {
    /// Base address after the first answer's redirects.
    pub(crate) moved_to: Option<String>,
    pub(crate) refusal: Option<Refusal>,
    /// Why the network failed.
    pub(crate) network: Option<String>,
}

/// Scheme and host of an address.
fn origin(url: &str) -> (&str, &str) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    (scheme, rest.split('/').next().unwrap_or(""))
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Carried {
    fn request(
        &self,
        url: &str,
        base: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> GitRequest {
        let mut all = self.headers.clone();
        all.extend(headers.into_iter().filter_map(|line| {
            let (name, value) = line.as_ref().split_once(':')?;
            // The door says who we are.
            (!name.eq_ignore_ascii_case("user-agent")).then(|| (name.to_owned(), value.trim().to_owned()))
        }));
        let url = match (&locked(&self.heard).moved_to, url.strip_prefix(base)) {
            (Some(moved), Some(tail)) => format!("{moved}{tail}"),
            _ => url.to_owned(),
        };
        if origin(&url) != origin(base) {
            // The repository moved to another host, to which the token does not belong.
            all.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        }
        GitRequest { url, headers: all, body: None }
    }
}

impl Http for Carried {
    type Headers = Headers;
    type ResponseBody = Answer;
    type PostBody = Question;

    fn get(
        &mut self,
        url: &str,
        base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> gix::error::Result<GetResponse<Self::Headers, Self::ResponseBody>> {
        let tail = url.strip_prefix(base_url).unwrap_or_default().to_owned();
        let request = self.request(url, base_url, headers);
        let asked = request.url.clone();
        let exchange = Exchange::new(self, request);
        let (block, from) = exchange.headers().map_err(gix::error::ErrorExt::raise)?;
        if from != asked {
            // Only a move that keeps what was asked for is a move of the repository.
            locked(&self.heard).moved_to = from.strip_suffix(&tail).map(str::to_owned);
        }
        let headers = Headers { exchange: exchange.clone(), block: Some(Cursor::new(block)) };
        Ok(GetResponse { headers, body: Answer { exchange, body: None } })
    }

    fn post(
        &mut self,
        url: &str,
        base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
        _: PostBodyDataKind,
    ) -> gix::error::Result<PostResponse<Self::Headers, Self::ResponseBody, Self::PostBody>> {
        let mut request = self.request(url, base_url, headers);
        request.body = Some(Vec::new());
        let exchange = Exchange::new(self, request);
        Ok(PostResponse {
            post_body: Question { exchange: exchange.clone() },
            headers: Headers { exchange: exchange.clone(), block: None },
            body: Answer { exchange, body: None },
        })
    }

    fn configure(&mut self, _: &dyn std::any::Any) -> gix::error::Result {
        Ok(())
    }
}

/// A request that is sent when its answer is first read.
#[derive(Clone)]
pub(crate) struct Exchange {
    wire: Arc<dyn GitWire>,
    heard: Arc<Mutex<Heard>>,
    state: Arc<Mutex<State>>,
}

struct State {
    request: GitRequest,
    answer: Option<GitAnswer>,
}

impl Exchange {
    fn new(of: &Carried, request: GitRequest) -> Self {
        let state = Arc::new(Mutex::new(State { request, answer: None }));
        Self { wire: of.wire.clone(), heard: of.heard.clone(), state }
    }

    fn heard(&self, error: &io::Error) {
        locked(&self.heard).network.get_or_insert_with(|| error.to_string());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// The answer's content type as a header block, and where it came from.
    fn headers(&self) -> io::Result<(Vec<u8>, String)> {
        let mut state = self.state();
        if state.answer.is_none() {
            let answer = self.wire.send(state.request.clone()).inspect_err(|error| self.heard(error))?;
            let refusal = match answer.status {
                200..=299 => None,
                401 | 403 => Some(Refusal::SignIn),
                404 | 410 | 451 => Some(Refusal::NotFound),
                status => Some(Refusal::Status(status)),
            };
            if let Some(refusal) = refusal {
                locked(&self.heard).refusal = Some(refusal.clone());
                return Err(io::Error::other(refusal));
            }
            state.answer = Some(answer);
        }
        let answer = state.answer.as_ref().ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok((format!("content-type: {}\r\n\r\n", answer.content_type).into_bytes(), answer.url.clone()))
    }
}

/// The answer's headers; reading them sends the question.
pub(crate) struct Headers {
    exchange: Exchange,
    block: Option<Cursor<Vec<u8>>>,
}

impl Headers {
    fn block(&mut self) -> io::Result<&mut Cursor<Vec<u8>>> {
        if self.block.is_none() {
            self.block = Some(Cursor::new(self.exchange.headers()?.0));
        }
        self.block.as_mut().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl Read for Headers {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.block()?.read(buffer)
    }
}

impl BufRead for Headers {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.block()?.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Some(block) = &mut self.block {
            block.consume(amount);
        }
    }
}

/// Collects what is asked.
pub(crate) struct Question {
    exchange: Exchange,
}

impl Write for Question {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.exchange.state();
        state.request.body.get_or_insert_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads what is answered.
pub(crate) struct Answer {
    exchange: Exchange,
    body: Option<BufReader<Box<dyn Read + Send>>>,
}

impl Answer {
    fn body(&mut self) -> io::Result<&mut BufReader<Box<dyn Read + Send>>> {
        if self.body.is_none() {
            self.exchange.headers()?;
            let answer = self.exchange.state().answer.take().ok_or(io::ErrorKind::UnexpectedEof)?;
            self.body = Some(BufReader::with_capacity(64 * 1024, answer.body));
        }
        self.body.as_mut().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl Read for Answer {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body()?.read(buffer);
        read.inspect_err(|error| self.exchange.heard(error))
    }
}

impl BufRead for Answer {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let exchange = self.exchange.clone();
        self.body()?.fill_buf().inspect_err(|error| exchange.heard(error))
    }

    fn consume(&mut self, amount: usize) {
        if let Some(body) = &mut self.body {
            body.consume(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers the first question from another host, and keeps what it was asked.
    struct Moved(Mutex<Vec<GitRequest>>);

    impl GitWire for Moved {
        fn send(&self, request: GitRequest) -> io::Result<GitAnswer> {
            let url = request.url.replace("https://git.example.edu/", "https://other.example/");
            locked(&self.0).push(request);
            let content_type = "application/x-git-upload-pack-result".to_owned();
            Ok(GitAnswer { status: 200, url, content_type, body: Box::new(io::empty()) })
        }
    }

    #[test]
    fn a_redirect_to_another_host_does_not_get_the_token() {
        let wire = Arc::new(Moved(Mutex::default()));
        let headers = vec![("authorization".to_owned(), "Basic c2VjcmV0".to_owned())];
        let mut carried = Carried { wire: wire.clone(), headers, heard: Arc::default() };
        let base = "https://git.example.edu/asha/tracker.git";
        let none: [&str; 0] = [];
        carried.get(&format!("{base}/info/refs?service=git-upload-pack"), base, none).expect("an answer");
        let posted = carried
            .post(&format!("{base}/git-upload-pack"), base, none, PostBodyDataKind::BoundedAndFitsIntoMemory)
            .expect("an answer");
        let mut body = String::new();
        { posted.body }.read_to_string(&mut body).expect("an empty body");
        let asked = locked(&wire.0);
        let token = |request: &GitRequest| request.headers.iter().any(|(name, _)| name == "authorization");
        assert!(token(&asked[0]), "its own host gets it");
        assert_eq!(asked[1].url, "https://other.example/asha/tracker.git/git-upload-pack");
        assert!(!token(&asked[1]), "whoever can make a host redirect would get into the account");
    }
}
