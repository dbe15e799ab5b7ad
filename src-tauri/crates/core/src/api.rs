//! The one list of commands. A line here is a command in the window, in the browser host and in the
//! TypeScript types; there is no other way in.

use futures::future::BoxFuture;
use internflow_domain::*;
use serde::Deserialize;
use serde_json::Value;
use ts_rs::{Config as TsConfig, TS, TypeVisitor};

use crate::{
    Core, account, achievements, activity, analysis, ask, authorship, data, defence, index, jobs, ledger,
    logs, models, outside, queue, repositories, resume, reviews, search, settings, sync, tailor, trace,
};

/// No arguments: `{}`.
#[derive(Debug, Default, Deserialize, TS)]
pub struct Nothing {}

#[derive(Debug, Deserialize, TS)]
pub struct Id {
    #[ts(type = "number")]
    pub id: i64,
}

macro_rules! commands {
    ($($name:ident($args:ty) -> $result:ty = $handler:path;)*) => {
        /// Every command's name, in the order of the list.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Runs the command `name`. Arguments and result are JSON in the shapes of `bindings.ts`.
        pub async fn call(core: &Core, name: &str, args: Value) -> Result<Value, ApiError> {
            let work: BoxFuture<'_, Result<Value, ApiError>> = Box::pin(run(core, name, args));
            trace::asked(name, work).await
        }

        async fn run(core: &Core, name: &str, args: Value) -> Result<Value, ApiError> {
            match name {
                $(stringify!($name) => {
                    let args: $args = serde_json::from_value(args).map_err(|error| bad_request(name, &error))?;
                    let result: $result = $handler(core, args).await.map_err(|error| queue::to_api_error(core, error))?;
                    serde_json::to_value(result).map_err(|error| queue::to_api_error(core, error.into()))
                })*
                _ => Err(ApiError::new(ErrorCode::BadRequest, format!("There is no command `{name}`."))),
            }
        }

        /// The TypeScript types of every command and of all they mention: `ui/src/api/bindings.ts`.
        pub fn bindings() -> String {
            let cfg = TsConfig::new().with_large_int("number");
            let mut types = Types { cfg: &cfg, seen: Vec::new(), decls: Vec::new() };
            types.visit::<ApiError>();
            types.visit::<Event>();
            $(types.visit::<$args>(); types.visit::<$result>();)*
            types.decls.sort();
            let mut out = String::from(
                "// Generated from src-tauri/crates/core/src/api.rs. Do not edit: INTERNFLOW_BLESS=1 cargo nextest run bindings\n\n",
            );
            for (_, decl) in &types.decls {
                out.push_str(&format!("export {decl}\n\n"));
            }
            out.push_str("export type Commands = {\n");
            $(out.push_str(&format!(
                "  {}: {{ args: {}; result: {} }};\n",
                stringify!($name), <$args as TS>::name(&cfg), <$result as TS>::name(&cfg),
            ));)*
            out.push_str("};\n");
            out
        }
    };
}

commands! {
    account_get(Nothing) -> SignIn = account::get;
    account_sign_in(Nothing) -> SignIn = account::sign_in;
    account_unlock(Nothing) -> SignIn = account::unlock;
    account_cancel(Nothing) -> SignIn = account::cancel;
    account_token(account::PasteToken) -> SignIn = account::paste;
    account_sign_out(Nothing) -> account::SignedOut = account::sign_out;
    account_contributions(Nothing) -> Vec<Contribution> = account::contributions;
    repository_list(Nothing) -> Vec<Repository> = repositories::list;
    repository_add(repositories::AddRepository) -> Repository = repositories::add;
    repository_refresh(Id) -> Repository = repositories::refresh;
    repository_remote(sync::ListRemote) -> Vec<RemoteRepository> = sync::remote;
    repository_follow(sync::Follow) -> Repository = sync::follow;
    repository_sync(sync::SyncRepositories) -> Vec<Task> = sync::start;
    repository_news(sync::DecideNews) -> () = sync::decide;
    repository_sync_due(Nothing) -> () = sync::due;
    identity_known(Nothing) -> bool = repositories::identified;
    identity_list(Nothing) -> Vec<String> = repositories::identities;
    repository_remove(Id) -> () = repositories::remove;
    repository_commits(repositories::ListCommits) -> CommitPage = repositories::commits;
    repository_import(authorship::SetImport) -> Repository = authorship::set_import;
    repository_authors(repositories::OfRepository) -> Vec<Author> = repositories::authors;
    repository_safe_wording(achievements::SetSafeWording) -> Repository = achievements::set_safe_wording;
    repository_identities(repositories::SetIdentities) -> () = repositories::set_identities;
    repository_commit(repositories::OneCommit) -> CommitDetail = repositories::commit;
    review_start(reviews::StartReview) -> Vec<Task> = reviews::start;
    review_get(repositories::OneCommit) -> Option<Review> = reviews::get;
    review_dismiss(reviews::DismissFinding) -> () = reviews::dismiss;
    review_restore(reviews::RestoreFinding) -> () = reviews::restore;
    review_findings(reviews::ListFindings) -> FindingList = reviews::findings;
    review_rule_on(reviews::TurnRuleOn) -> () = reviews::turn_on;
    review_post(reviews::PostFindings) -> Review = reviews::post;
    review_export(reviews::export::ExportReview) -> resume::Exported = reviews::export::export;
    finding_target(reviews::apply::ApplyFix) -> Option<reviews::apply::FixTarget> = reviews::apply::target;
    finding_apply(reviews::apply::ApplyFix) -> reviews::apply::AppliedFix = reviews::apply::apply;
    finding_undo(reviews::apply::UndoFix) -> () = reviews::apply::undo;
    finding_applied(repositories::OneCommit) -> Vec<reviews::apply::AppliedFix> = reviews::apply::applied;
    learning(reviews::learn::LearnFrom) -> Learning = reviews::learn::learning;
    own_rule_get(repositories::OfRepository) -> Vec<OwnRule> = reviews::own::get;
    own_rule_set(reviews::own::SetOwnRule) -> OwnRule = reviews::own::set;
    own_rule_delete(reviews::own::DeleteOwnRule) -> () = reviews::own::delete;
    search_code(search::SearchCode) -> SearchResult = search::code;
    search_languages(Nothing) -> Vec<search::SearchLanguage> = search::languages;
    repository_index(Id) -> Task = index::start;
    repository_left_out(repositories::OfRepository) -> Vec<Skipped> = index::left_out;
    repository_file(search::OneFile) -> FileText = search::file;
    repository_analysis(repositories::OfRepository) -> Option<Analysis> = analysis::get;
    analysis_start(repositories::OfRepository) -> Task = analysis::start;
    ask_start(ask::AskCode) -> Answer = ask::start;
    ask_list(repositories::OfRepository) -> Vec<Answer> = ask::list;
    ask_forget(ask::OfAnswer) -> () = ask::forget;
    achievement_build(achievements::BuildBullets) -> Task = achievements::build;
    achievement_list(Nothing) -> Vec<Bullet> = achievements::list;
    achievement_hide(achievements::HideBullet) -> () = achievements::hide;
    achievement_edit(achievements::EditBullet) -> () = achievements::edit;
    achievement_ledger(repositories::OfRepository) -> Option<Ledger> = ledger::get;
    achievement_ledger_start(repositories::OfRepository) -> Task = ledger::start;
    achievement_pin(achievements::PinBullet) -> () = achievements::pin;
    achievement_order(achievements::OrderBullets) -> () = achievements::order;
    achievement_steps(Nothing) -> BulletSteps = achievements::steps;
    achievement_undo(Nothing) -> () = achievements::undo;
    achievement_redo(Nothing) -> () = achievements::redo;
    achievement_reword(Id) -> Task = achievements::reword;
    achievement_decide(achievements::DecideRewording) -> () = achievements::decide;
    resume_profile(Nothing) -> Profile = resume::profile;
    resume_profile_set(resume::SetProfile) -> () = resume::set_profile;
    resume_preview(resume::PreviewResume) -> resume::Preview = resume::preview;
    resume_fit(Nothing) -> Fit = resume::fit;
    resume_import_read(resume::import::ReadImport) -> ImportProposal = resume::import::read;
    resume_import_take(resume::import::TakeImport) -> () = resume::import::take;
    resume_leave_out(Omission) -> () = resume::leave_out;
    resume_left_out(Nothing) -> Vec<Omitted> = resume::left_out;
    resume_put_back(Id) -> () = resume::put_back;
    resume_read_back(Nothing) -> Vec<ReadBack> = resume::read_back;
    resume_read_file(resume::ReadResumeFile) -> ReadBack = resume::read_file;
    resume_export(resume::ExportResume) -> resume::Exported = resume::export;
    job_boards(Nothing) -> Vec<JobBoard> = jobs::boards;
    job_board_add(jobs::AddBoard) -> JobBoard = jobs::add;
    job_board_set(jobs::SetBoard) -> () = jobs::set;
    job_board_retry(Id) -> Task = jobs::retry;
    job_board_remove(Id) -> () = jobs::remove;
    job_catalogue(Nothing) -> Vec<jobs::CatalogueBoard> = jobs::catalogue;
    job_crawl(Nothing) -> Task = jobs::crawl_all;
    job_reading(Nothing) -> jobs::BoardReading = jobs::reading;
    job_news(Nothing) -> Vec<jobs::JobNotice> = jobs::notices;
    job_news_seen(Id) -> () = jobs::seen;
    job_searches(Nothing) -> Vec<jobs::JobSearch> = jobs::searches;
    job_search_keep(jobs::JobSearch) -> () = jobs::keep_search;
    job_search_drop(jobs::DropJobSearch) -> () = jobs::drop_search;
    job_list(jobs::ListJobs) -> jobs::JobList = jobs::list;
    job_get(Id) -> JobDetail = jobs::get;
    job_hide(jobs::HideJob) -> () = jobs::hide;
    job_hide_company(jobs::HideCompany) -> () = jobs::hide_company;
    job_split(jobs::SplitJob) -> () = jobs::split;
    job_import(jobs::ImportJobs) -> Vec<Job> = jobs::import;
    job_track(jobs::TrackJob) -> () = jobs::track;
    job_note(jobs::NoteJob) -> () = jobs::note;
    job_follow_up(jobs::SetFollowUp) -> () = jobs::follow_up;
    job_tracked(Nothing) -> Vec<TrackedJob> = jobs::tracked;
    job_next_skills(Nothing) -> Vec<NextSkill> = jobs::next_skills;
    job_calendar(Nothing) -> resume::Exported = jobs::calendar;
    job_table(Nothing) -> resume::Exported = jobs::table;
    job_wishes(Nothing) -> JobWishes = jobs::wishes;
    job_wishes_set(JobWishes) -> () = jobs::set_wishes;
    tailor_get(Id) -> Tailoring = tailor::get;
    tailor_decide(tailor::DecideSuggestion) -> () = tailor::decide;
    tailor_dress(tailor::DressVariant) -> () = tailor::dress;
    tailor_look(Id) -> Option<Look> = tailor::look;
    tailor_preview(Id) -> resume::Preview = tailor::preview;
    tailor_export(tailor::ExportVariant) -> resume::Exported = tailor::export;
    tailor_letter(Id) -> Letter = tailor::letter;
    tailor_letter_set(tailor::SetLetter) -> () = tailor::set_letter;
    tailor_letter_export(tailor::ExportLetter) -> resume::Exported = tailor::export_letter;
    defence_get(defence::OfDefence) -> Defence = defence::get;
    defence_export(defence::ExportDefence) -> resume::Exported = defence::export;
    model_list(Nothing) -> Vec<Model> = models::list;
    model_get(models::ModelId) -> Task = models::get;
    model_verify(Nothing) -> Vec<Model> = models::verify;
    outside_get(Nothing) -> outside::OwnModel = outside::get;
    outside_key(outside::SetKey) -> outside::OwnModel = outside::set_key;
    outside_test(Nothing) -> outside::Tested = outside::test;
    activity_tasks(Nothing) -> Vec<Task> = activity::tasks;
    activity_task(activity::TaskId) -> Task = activity::task;
    activity_cancel(activity::TaskId) -> () = activity::cancel;
    activity_components(Nothing) -> Vec<Component> = activity::components;
    activity_network(Nothing) -> NetworkLedger = activity::network;
    activity_doctor(Nothing) -> Vec<Check> = activity::doctor;
    activity_logs(logs::ReadLogs) -> logs::Logs = logs::get;
    activity_bundle(activity::WriteBundle) -> resume::Exported = activity::bundle;
    data_state(Nothing) -> data::DataState = data::state;
    data_back_up(Nothing) -> () = data::back_up;
    data_export(data::ExportData) -> resume::Exported = data::export;
    data_import(data::ImportData) -> () = data::import;
    data_restore(data::RestoreBackup) -> () = data::restore;
    data_keep(Nothing) -> () = data::keep;
    data_wipe(data::WipeData) -> data::Wiped = data::wipe;
    setting_get(Nothing) -> settings::Settings = settings::get;
    setting_set(settings::Settings) -> () = settings::set;
    setting_supply(Nothing) -> settings::Supply = settings::supply;
}

fn bad_request(name: &str, error: &serde_json::Error) -> ApiError {
    ApiError::new(
        ErrorCode::BadRequest,
        format!("`{name}` was called with arguments it does not take: {error}."),
    )
}

/// Collects the declarations of types and of all they mention, each once.
struct Types<'a> {
    cfg: &'a TsConfig,
    seen: Vec<std::any::TypeId>,
    decls: Vec<(String, String)>,
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let id = std::any::TypeId::of::<T>();
        if self.seen.contains(&id) {
            return;
        }
        self.seen.push(id);
        T::visit_dependencies(self);
        T::visit_generics(self);
        // Only types of ours have a file of their own; numbers, lists and options are spelled in place.
        if T::output_path().is_some() {
            self.decls.push((T::ident(self.cfg), T::decl(self.cfg)));
        }
    }
}
