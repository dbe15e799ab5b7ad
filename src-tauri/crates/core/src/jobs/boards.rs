//! The boards that are followed, and the catalogue of those that could be.

use anyhow::{Context, Result};
use internflow_crawler::elsewhere::not_crawled;
use internflow_crawler::polite::Circuit;
use internflow_crawler::{Board, catalogue as listed};
use internflow_domain::{ApiError, BoardCircuit, ErrorCode, JobBoard, Task};
use internflow_store::job_board::{BoardRow, NewBoard};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::crawl;
use crate::api::{Id, Nothing};
use crate::{Core, settings};

#[derive(Debug, Deserialize, TS)]
pub struct AddBoard {
    /// Any address of it: the company's careers page, one of its postings, its API.
    pub address: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct SetBoard {
    #[ts(type = "number")]
    pub id: i64,
    pub on: bool,
}

/// When boards are read by themselves.
#[derive(Debug, Serialize, TS)]
pub struct BoardReading {
    /// Hours between two crawls of a board; 0 for only when the user asks.
    pub hours: u32,
    /// Why none is read by itself now, or null.
    pub waits: Option<String>,
}

/// A board that could be followed.
#[derive(Debug, Serialize, TS)]
pub struct CatalogueBoard {
    /// The company.
    pub name: String,
    pub connector: String,
    /// To be given to `job_board_add`.
    pub address: String,
    pub followed: bool,
}

pub async fn boards(core: &Core, _: Nothing) -> Result<Vec<JobBoard>> {
    core.store.job_boards().await?.iter().map(shown).collect()
}

/// Follows the board behind an address.
pub async fn add(core: &Core, args: AddBoard) -> Result<JobBoard> {
    let board = recognised(&args.address)?;
    let name = name(&board)?;
    let known = listed::companies().iter().find(|listed| listed.board == board);
    let title = known.map_or_else(|| title(&board), |listed| listed.company.clone());
    let new = NewBoard {
        name: &name,
        board: &serde_json::to_string(&board)?,
        title: &title,
        address: args.address.trim(),
        circuit: &serde_json::to_string(&Circuit::default())?,
        now: core.now(),
    };
    let id = core.store.add_job_board(&new).await?;
    core.announce("boards");
    let row = core.store.job_board(id).await?.context("the board is gone")?;
    // What a single command in the terminal adds is read by the crawl that the user begins there.
    if row.crawled_at.is_none() && core.config.resumes {
        crawl::enqueue(core, &[id], format!("Read {title}")).await?;
    }
    shown(&row)
}

/// When boards are read by themselves, and what stands in the way now.
pub async fn reading(core: &Core, _: Nothing) -> Result<BoardReading> {
    let settings = settings::get(core, Nothing {}).await?;
    let held = super::crawler::conditions(core, &settings).await?;
    let waits = match () {
        () if settings.crawl_hours == 0 || !held.quiet() => None,
        () if held.on_battery && !held.when_on_battery => {
            Some("This computer runs on battery, so boards are read again when it is plugged in.")
        }
        () => Some("This connection is paid by volume, so boards are read again on another one."),
    };
    Ok(BoardReading { hours: settings.crawl_hours, waits: waits.map(str::to_owned) })
}

/// The board behind an address, or in words why there is none.
pub(super) fn recognised(address: &str) -> Result<Board> {
    let refused = |message: String| ApiError::new(ErrorCode::BadRequest, message);
    if let Some(site) = not_crawled(address.trim()) {
        return Err(refused(format!(
            "{} is not read by a program. {} Open the advert there, copy its text and paste that (in a terminal: \
             `jobs import -`).",
            site.name, site.why
        ))
        .into());
    }
    Board::recognise(address).ok_or_else(|| {
        refused(format!(
            "`{}` is no web address. Paste the address of the company's careers page.",
            address.trim()
        ))
        .into()
    })
}

pub async fn set(core: &Core, args: SetBoard) -> Result<()> {
    if !core.store.set_job_board_on(args.id, args.on).await? {
        return Err(ApiError::not_found("board").into());
    }
    core.announce("boards");
    Ok(())
}

/// Asks a board now, whatever its circuit says.
pub async fn retry(core: &Core, args: Id) -> Result<Task> {
    let row = core.store.job_board(args.id).await?.ok_or_else(|| ApiError::not_found("board"))?;
    let mut circuit: Circuit = serde_json::from_str(&row.circuit)?;
    circuit.reset();
    core.store.set_job_circuit(row.id, &serde_json::to_string(&circuit)?).await?;
    core.store.set_job_board_on(row.id, true).await?;
    core.announce("boards");
    crawl::enqueue(core, &[row.id], format!("Read {}", row.title)).await
}

/// Stops following a board. Openings that the user tracks or hid stay.
pub async fn remove(core: &Core, args: Id) -> Result<()> {
    if !core.store.remove_job_board(args.id).await? {
        return Err(ApiError::not_found("board").into());
    }
    core.announce("boards");
    core.announce("jobs");
    Ok(())
}

pub async fn catalogue(core: &Core, _: Nothing) -> Result<Vec<CatalogueBoard>> {
    let followed: Vec<String> = core.store.job_boards().await?.into_iter().map(|row| row.name).collect();
    listed::companies()
        .iter()
        .map(|listed| {
            Ok(CatalogueBoard {
                name: listed.company.clone(),
                connector: listed.board.connector().name().to_owned(),
                address: listed.board.address(),
                followed: followed.contains(&name(&listed.board)?),
            })
        })
        .collect()
}

/// Names a board among all: "greenhouse/tarangini".
pub(super) fn name(board: &Board) -> Result<String> {
    Ok(format!("{}/{}", board.connector().name(), board.key()))
}

/// What people may call a board of which nothing is known but its address.
fn title(board: &Board) -> String {
    match board {
        Board::HackerNews { .. } => "Hacker News: Who is hiring".to_owned(),
        Board::Feed { address } | Board::List { address } | Board::Page { address } => {
            let host = url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
            host.map_or_else(|| address.clone(), |host| host.trim_start_matches("www.").to_owned())
        }
        Board::Workday { tenant, .. } => capitalised(tenant),
        Board::Eightfold { domain, .. } => capitalised(domain.split('.').next().unwrap_or(domain)),
        _ => capitalised(&board.key()),
    }
}

/// Slugs are all in small letters; the name of a company is not.
fn capitalised(slug: &str) -> String {
    let mut chars = slug.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn shown(row: &BoardRow) -> Result<JobBoard> {
    let circuit = match serde_json::from_str(&row.circuit)? {
        Circuit::Closed { .. } => BoardCircuit::Closed,
        Circuit::Open { pause, reason, .. } => {
            BoardCircuit::Open { until: pause.until().timestamp(), reason }
        }
        Circuit::HalfOpen { reason, .. } => BoardCircuit::HalfOpen { reason },
    };
    let connector = row.name.split('/').next().unwrap_or_default().to_owned();
    Ok(JobBoard {
        id: row.id,
        name: row.title.clone(),
        connector,
        address: row.address.clone(),
        on: row.is_on,
        circuit,
        crawled_at: row.crawled_at,
        outcome: row.outcome(),
        skipped: row.skipped(),
        open: row.open as u32,
    })
}
