//! Internships and jobs: boards that are followed, crawls of them on a thread of their own, the openings that they
//! list, how these fit what the student's code proves, and what became of applications.
//!
//! A crawl writes postings as it reads them ([`crawl`]); [`openings`] puts those of one opening together and makes
//! what lists show of it, with [`closeness`] when that was measured. What is shown beside the list is made when it is asked for
//! ([`detail`]). Of what is new and fits, [`news`] tells.

mod applications;
mod boards;
pub(crate) mod closeness;
pub(crate) mod crawl;
pub(crate) mod crawler;
mod detail;
pub mod facts;
pub(crate) mod fit;
mod import;
mod list;
mod look;
pub(crate) mod news;
pub(crate) mod openings;
mod searches;
mod visit;
mod wishes;

pub use applications::{NoteJob, SetFollowUp, TrackJob, calendar, follow_up, note, table, track, tracked};
pub use boards::{
    AddBoard, BoardReading, CatalogueBoard, SetBoard, add, boards, catalogue, reading, remove, retry, set,
};
pub use crawl::start as crawl_all;
pub(crate) use detail::advert;
pub use detail::get;
pub use fit::{BestJobs, MatchedJob, best, next_skills};
pub(crate) use import::pasted;
pub use import::{ImportJobs, import};
pub use list::{
    HideCompany, HideJob, JobList, JobOrder, JobShow, ListJobs, SplitJob, hide, hide_company, list, split,
};
pub use look::{BoardLook, LookAtBoard, PostingLook, look};
pub use news::{JobNotice, notices, seen};
pub use searches::{DropJobSearch, JobSearch, drop as drop_search, keep as keep_search, searches};
pub use wishes::{set_wishes, wishes};

/// The core's day.
pub(crate) fn today(core: &crate::Core) -> chrono::NaiveDate {
    crawl::moment(core).date_naive()
}
