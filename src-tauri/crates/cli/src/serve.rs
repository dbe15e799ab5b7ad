//! The browser host: the window's pages and commands over HTTP, for this machine only.
//!
//! The address carries a token that works once and is exchanged for a cookie that scripts can't read.
//! Requests with another host name are refused, so that a web page can't reach the app by DNS rebinding.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::{Stream, StreamExt};
use include_dir::{Dir, include_dir};
use internflow_core::lag::Lag;
use internflow_core::{Core, api};
use internflow_domain::{ApiError, ErrorCode, Event};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;

use crate::{review, show};

/// The built UI.
static UI: Dir<'_> = include_dir!("$OUT_DIR/dist");

const COOKIE: &str = "internflow";
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Bytes of the arguments of a command.
const LARGEST: usize = 12 << 20;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port on 127.0.0.1; 0 for any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Open the browser.
    #[arg(long)]
    open: bool,
    /// Add this repository and open it.
    #[arg(long, value_name = "PATH")]
    repository: Option<PathBuf>,
    /// Say at /lag how late the runtime was, for benchmarks.
    #[arg(long, hide = true)]
    lag: bool,
}

#[derive(Clone)]
struct Host {
    core: Core,
    authority: Arc<str>,
    /// The way in, until it was used.
    token: Arc<str>,
    used: Arc<AtomicBool>,
    /// What the cookie must hold.
    session: Arc<str>,
    first_page: Arc<str>,
    lag: Option<Lag>,
}

pub(crate) async fn run(core: &Core, args: Args) -> Result<ExitCode> {
    let first_page = match &args.repository {
        Some(path) => format!("/#/repositories/{}", review::add(core, path).await?.id),
        None => "/".to_owned(),
    };
    let listener =
        tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).await.with_context(|| {
            format!("Port {} on 127.0.0.1 is taken. Choose another with --port, or leave it out", args.port)
        })?;
    let authority = listener.local_addr()?.to_string();
    let token = secret()?;
    let host = Host {
        core: core.clone(),
        authority: authority.clone().into(),
        token: token.clone().into(),
        used: Arc::new(AtomicBool::new(false)),
        session: secret()?.into(),
        first_page: first_page.into(),
        lag: args.lag.then(Lag::start),
    };
    let address = format!("http://{authority}/?token={token}");
    show::line(&format!("InternFlow is at {address}"));
    show::note("The address works once, in one browser. Ctrl-C stops InternFlow.");
    if args.open {
        open(&address);
    }
    let app = Router::new()
        .route("/call/{name}", post(call))
        .route("/events", get(events))
        .route("/exports/{file}", get(export))
        .route("/lag", get(lag))
        .fallback(get(page))
        // A page that was saved may have 5 MB, and JSON escapes some of it.
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(host.clone(), guard))
        .with_state(host);
    // Event streams never end by themselves: on Ctrl-C the server is dropped with them.
    tokio::select! {
        served = async { axum::serve(listener, app).await } => served.context("The browser host stopped")?,
        () = stopped() => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Ctrl-C, or the signal a parent process ends us with.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// 256 random bits from the operating system, hexadecimal.
fn secret() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("This machine gives no random numbers: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Opens the default browser; the address is printed all the same.
fn open(address: &str) {
    let mut command = if cfg!(target_os = "macos") {
        std::process::Command::new("open")
    } else if cfg!(windows) {
        let mut command = std::process::Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        command
    } else {
        std::process::Command::new("xdg-open")
    };
    let quiet = std::process::Stdio::null;
    if command.arg(address).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().is_err() {
        show::note("No browser could be opened. Copy the address into one.");
    }
}

#[derive(Deserialize)]
struct Token {
    token: Option<String>,
}

/// Lets in the right host name with the cookie, or with the token the first time.
async fn guard(
    State(host): State<Host>,
    Query(query): Query<Token>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if headers.get(header::HOST).and_then(|v| v.to_str().ok()) != Some(&*host.authority) {
        return (StatusCode::MISDIRECTED_REQUEST, "This address is not InternFlow's.").into_response();
    }
    let origin = format!("http://{}", host.authority);
    if headers.get(header::ORIGIN).is_some_and(|v| v.as_bytes() != origin.as_bytes()) {
        return (StatusCode::FORBIDDEN, "Another site may not use InternFlow.").into_response();
    }
    let token_fits = query.token.as_deref().is_some_and(|token| same(token, &host.token));
    if token_fits && request.uri().path() == "/" && !host.used.swap(true, Ordering::SeqCst) {
        let cookie = format!("{COOKIE}={}; HttpOnly; SameSite=Strict; Path=/", host.session);
        return ([(header::SET_COOKIE, cookie)], Redirect::to(&host.first_page)).into_response();
    }
    if !has_cookie(headers, &host.session) {
        let help = "This address was used already or is not complete. Start `internflow-cli serve` again for a new one.";
        return (StatusCode::UNAUTHORIZED, help).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn has_cookie(headers: &HeaderMap, session: &str) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .any(|(name, value)| name == COOKIE && same(value, session))
}

/// Compares without telling by the time it takes where the difference is.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

async fn call(
    State(host): State<Host>,
    Path(name): Path<String>,
    args: Result<Json<Value>, JsonRejection>,
) -> Response {
    let called = match args {
        Ok(Json(args)) => api::call(&host.core, &name, args).await,
        Err(refused) => {
            Err(ApiError::new(ErrorCode::BadRequest, format!("`{name}`: {}.", refused.body_text())))
        }
    };
    match called {
        Ok(result) => Json(result).into_response(),
        Err(error) => (status(&error), Json(error)).into_response(),
    }
}

fn status(error: &ApiError) -> StatusCode {
    match error.code {
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::SignedOut => StatusCode::FORBIDDEN,
        ErrorCode::ModelMissing | ErrorCode::Cancelled => StatusCode::CONFLICT,
        ErrorCode::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn events(State(host): State<Host>) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    let stream = futures::stream::unfold(host.core.subscribe(), |mut events| async {
        let event = match events.recv().await {
            Ok(event) => event,
            // Too slow a reader has missed some: it fetches everything again.
            Err(RecvError::Lagged(_)) => Event::changed("*"),
            Err(RecvError::Closed) => return None,
        };
        Some((event, events))
    });
    Sse::new(stream.map(|event| Ok(SseEvent::default().json_data(event).unwrap_or_default())))
        .keep_alive(KeepAlive::default())
}

/// A file of the exports folder, by its name.
async fn export(State(host): State<Host>, Path(file): Path<String>) -> Response {
    // A name with a separator is no name: nothing outside of the folder is served.
    let plain = std::path::Path::new(&file).file_name().is_some_and(|name| name == file.as_str());
    let path = host.core.config().data_dir.join("exports").join(&file);
    match tokio::fs::read(path).await {
        Ok(bytes) if plain => (
            [(header::CONTENT_TYPE, "application/octet-stream"), (header::CONTENT_DISPOSITION, "attachment")],
            bytes,
        )
            .into_response(),
        _ => (StatusCode::NOT_FOUND, "There is no such export. Export the résumé again.").into_response(),
    }
}

/// Milliseconds by which each tick of the runtime since the last request was late.
async fn lag(State(host): State<Host>) -> Response {
    match &host.lag {
        Some(lag) => Json(lag.taken().await).into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such page.").into_response(),
    }
}

async fn page(uri: Uri) -> Response {
    let path = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    match UI.get_file(path) {
        Some(file) => ([(header::CONTENT_TYPE, media_type(path))], file.contents()).into_response(),
        None if path == "index.html" => (
            StatusCode::NOT_FOUND,
            "This InternFlow was built without its pages: `cargo xtask run` builds both.",
        )
            .into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such page.").into_response(),
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
