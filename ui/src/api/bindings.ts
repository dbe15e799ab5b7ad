// Generated from src-tauri/crates/core/src/api.rs. Do not edit: INTERNFLOW_BLESS=1 cargo nextest run bindings

export type About = { 
/**
 * Path of the README, or null when there is none.
 */
readme: string | null, 
/**
 * Its first paragraph of prose, or null when it has none.
 */
paragraph: Said | null, 
/**
 * Descriptions in manifests, the outermost first.
 */
descriptions: Array<Said>, };

export type Account = { 
/**
 * `github.com`, or the Enterprise server's name.
 */
host: string, login: string, name: string | null, 
/**
 * Addresses under which GitHub counts commits for this account, noreply ones included.
 */
emails: Array<string>, 
/**
 * What the token may do, in GitHub's words; empty when GitHub does not tell.
 */
permissions: Array<string>, 
/**
 * When the token ends; null when it does not. It is renewed by itself while `renewable_until` lasts.
 */
expires_at: number | null, renewable_until: number | null, 
/**
 * False when there is no keyring: the sign-in then lasts until the app is closed.
 */
kept: boolean, 
/**
 * Page on which GitHub's owner takes the access back.
 */
revoke_page: string, };

export type AddBoard = { 
/**
 * Any address of it: the company's careers page, one of its postings, its API.
 */
address: string, };

export type AddRepository = { 
/**
 * Folder of the repository, or any folder in it.
 */
path: string, };

export type Analysis = { repository_id: number, 
/**
 * The task that makes the newest report, with state, stage and progress.
 */
task: Task, 
/**
 * What the last task that ended well found; null before.
 */
report: AnalysisReport | null, 
/**
 * The report is of an earlier commit, or counts other addresses as the user's.
 */
stale: boolean, };

export type AnalysisReport = { 
/**
 * Commit that was looked at.
 */
sha: string, 
/**
 * Seconds since 1970 UTC.
 */
made_at: number, about: About, 
/**
 * The most lines first.
 */
languages: Array<LanguageLines>, technologies: Array<ProvenTechnology>, 
/**
 * The most lines first.
 */
modules: Array<Module>, 
/**
 * Who imports whom, the most imports first.
 */
imports: Array<ModuleImport>, entries: Array<Entry>, tests: TestCount, 
/**
 * Oldest first; months without a commit are left out.
 */
months: Array<Month>, 
/**
 * The hottest first.
 */
hot_spots: Array<HotSpot>, mine: OwnPart, left_out: Array<LeftOut>, methods: Methods, };

export type Answer = { id: number, repository_id: number, question: string, 
/**
 * Commit whose code answers: the one that was indexed when it was asked.
 */
sha: string, 
/**
 * The answer that the question follows; null begins a conversation.
 */
follows: number | null, 
/**
 * The task that writes it, with state, stage and progress.
 */
task: Task, 
/**
 * In the order they were written; more come while the task runs.
 */
statements: Array<Statement>, 
/**
 * What the user should know (nothing was found, some statements did not hold), or null.
 */
notice: string | null, 
/**
 * Null until a model was asked.
 */
model: Writer | null, };

export type ApiError = { code: ErrorCode, message: string, };

export type Application = { state: ApplicationState, 
/**
 * Oldest first; nothing is ever taken out.
 */
history: Array<ApplicationStep>, notes: string, 
/**
 * Last day to apply, `2026-12-15`.
 */
deadline: string | null, 
/**
 * Day of the last interview that was fixed.
 */
interview: string | null, 
/**
 * What is to be done when, open ones first.
 */
follow_ups: Array<FollowUp>, 
/**
 * File name of the résumé that was sent; empty when not said.
 */
resume: string, };

export type ApplicationState = "saved" | "applied" | "test" | "interview" | "offer" | "rejected" | "withdrawn";

export type ApplicationStep = { 
/**
 * Seconds since 1970 UTC.
 */
at: number, state: ApplicationState, };

export type AppliedFix = { finding_id: number, 
/**
 * The file that was changed.
 */
file: string, 
/**
 * First line that was changed.
 */
line: number, 
/**
 * Where the file as it was is kept.
 */
backup: string, 
/**
 * The file is another one by now: taking the fix out again would take later edits with it.
 */
edited: boolean, };

export type ApplyFix = { finding_id: number, 
/**
 * Top folder of the working copy; null for the repository's own, or the one that was used last.
 */
folder: string | null, };

export type AskCode = { repository_id: number, question: string, 
/**
 * The answer that the question follows; null begins a conversation.
 */
follows: number | null, 
/**
 * The machine that the asker was told the question leaves for; null when it stays here.
 */
host: string | null, };

export type AskedSkill = { skill: FitSkill, bullets: Array<BulletShown>, };

export type Author = { name: string, email: string, commits: number, mine: boolean, };

export type Backup = { 
/**
 * Of the file, without its folder.
 */
name: string, kind: BackupKind, 
/**
 * Seconds since 1970 UTC.
 */
at: number, bytes: number, };

export type BackupKind = "daily" | "before_update" | "before_import";

export type Basics = { name: string, 
/**
 * Title under the name ("B.Tech Computer Science, 2027").
 */
label: string, email: string, phone: string, url: string, summary: string, location: Location, profiles: Array<OnlineProfile>, };

export type BoardCircuit = { "state": "closed" } | { "state": "open", 
/**
 * Seconds since 1970 UTC.
 */
until: number, reason: string, } | { "state": "half-open", reason: string, };

export type BoardReading = { 
/**
 * Hours between two crawls of a board; 0 for only when the user asks.
 */
hours: number, 
/**
 * Why none is read by itself now, or null.
 */
waits: string | null, };

export type BuildBullets = { repository_ids: Array<number>, 
/**
 * Whose work, when it is not the user's.
 */
author?: string, 
/**
 * Plain sentences only, without the model.
 */
plain?: boolean, };

export type Bullet = { id: number, repository_id: number, repository: string, text: string, 
/**
 * True when the model's words passed the gate; false for the plain sentence built from facts.
 */
by_model: boolean, 
/**
 * Why the model's words were refused, or null.
 */
gate: string | null, facts: Array<Fact>, 
/**
 * Full ids of the commits behind it, newest first.
 */
commits: Array<string>, 
/**
 * The user keeps it out of the résumé.
 */
hidden: boolean, 
/**
 * The user changed the words by hand: they are asserted, not proven.
 */
edited: boolean, 
/**
 * Its repository is private: only bullets with safe words leave the app, and its name never does.
 */
private: boolean, 
/**
 * The words name nothing of the repository.
 */
safe: boolean, 
/**
 * Stays before the others of its repository and is never proposed to be left out.
 */
pinned: boolean, 
/**
 * Other words, until the user decides on them.
 */
rewording: Rewording | null, };

export type BulletShown = { id: number, repository: string, text: string, };

export type BulletStep = "hide" | "show" | "edit" | "pin" | "unpin" | "move" | "reword";

export type BulletSteps = { undo: BulletStep | null, redo: BulletStep | null, };

export type CatalogueBoard = { 
/**
 * The company.
 */
name: string, connector: string, 
/**
 * To be given to `job_board_add`.
 */
address: string, followed: boolean, };

export type Category = "security" | "correctness" | "concurrency" | "resources" | "performance" | "tests" | "maintainability";

export type CategoryCount = { category: Category, findings: number, };

export type Change = { "kind": "headline", before: string, after: string, } | { "kind": "first", bullet: number, text: string, } | { "kind": "without", bullet: number, text: string, } | { "kind": "words", bullet: number, before: string, after: string, } | { "kind": "skill", 
/**
 * The line of skills that it stands in, by its label.
 */
line: string, before: string, after: string, };

export type ChangeKind = "added" | "deleted" | "modified" | "renamed";

export type ChangeSize = { files: number, 
/**
 * Lines.
 */
added: number, removed: number, };

export type Check = { name: string, ok: boolean, found: string, 
/**
 * What to do; empty when `ok`.
 */
mend: string, };

export type Citation = { path: string, symbol: string | null, start_line: number, end_line: number, };

export type Claim = { kind: ClaimKind, 
/**
 * Its name, or the subject of its commit.
 */
what: string, 
/**
 * What it is made with, what it covers, or where; may be empty.
 */
detail: string, 
/**
 * Where it is at HEAD; null for what only commits show.
 */
lines: ClaimLines | null, 
/**
 * How it was found.
 */
method: string, 
/**
 * Its numbers, each with the query that computed it.
 */
numbers: Array<Fact>, 
/**
 * How much is behind it, to compare it with others of its kind: mostly lines.
 */
weight: number, 
/**
 * Full ids of the commits behind it.
 */
commits: Array<string>, 
/**
 * Address of what is on GitHub, or null.
 */
url: string | null, };

export type ClaimKind = "feature" | "endpoint" | "command" | "screen" | "model" | "migration" | "job" | "service" | "test" | "benchmark" | "fix" | "speedup" | "dependency" | "language" | "framework" | "consistency" | "review";

export type ClaimLines = { path: string, start_line: number, end_line: number, };

export type CodeHit = { repository_id: number, 
/**
 * Name of the repository.
 */
repository: string, path: string, 
/**
 * Function, class or heading; null at top level.
 */
symbol: string | null, language: string | null, 
/**
 * From 1.
 */
start_line: number, end_line: number, 
/**
 * The lines, secrets masked.
 */
text: string, };

export type Commit = { 
/**
 * Full hexadecimal id.
 */
sha: string, 
/**
 * First line of the message.
 */
subject: string, 
/**
 * The rest of the message.
 */
body: string, author_name: string, author_email: string, 
/**
 * Addresses of the `Co-authored-by` lines, after .mailmap, lower case.
 */
co_authors: Array<string>, 
/**
 * Author time, seconds since 1970 UTC.
 */
time: number, 
/**
 * Number of parents: 0 for a root, 2 or more for a merge.
 */
parents: number, 
/**
 * Authored or co-authored by one of the user's e-mails; never a merge, nor an import that the user
 * has not called their own.
 */
mine: boolean, };

export type CommitDetail = { commit: Commit, files: Array<FileDiff>, };

export type CommitPage = { commits: Array<CommitRow>, 
/**
 * Commits that match, over all pages.
 */
total: number, };

export type CommitRow = { 
/**
 * State of the newest review task, or null when never asked for.
 */
review: TaskState | null, 
/**
 * Open findings that are shown; 0 when not reviewed.
 */
findings: number, 
/**
 * Findings that are fixed, dismissed or not shown.
 */
settled: number, 
/**
 * Null for merges, and until it was counted.
 */
size: ChangeSize | null, 
/**
 * Full hexadecimal id.
 */
sha: string, 
/**
 * First line of the message.
 */
subject: string, 
/**
 * The rest of the message.
 */
body: string, author_name: string, author_email: string, 
/**
 * Addresses of the `Co-authored-by` lines, after .mailmap, lower case.
 */
co_authors: Array<string>, 
/**
 * Author time, seconds since 1970 UTC.
 */
time: number, 
/**
 * Number of parents: 0 for a root, 2 or more for a merge.
 */
parents: number, 
/**
 * Authored or co-authored by one of the user's e-mails; never a merge, nor an import that the user
 * has not called their own.
 */
mine: boolean, };

export type Component = { 
/**
 * `core`, `text_model`, `embedder`, `database`, or the first kind of task of a lane.
 */
id: string, 
/**
 * In the user's words.
 */
name: string, state: ComponentState, 
/**
 * What it does now, in words without full stop.
 */
words: string, 
/**
 * Until when it waits or is left alone, seconds since 1970 UTC.
 */
until: number | null, 
/**
 * Tasks or questions that wait for it.
 */
queued: number, 
/**
 * How long the oldest of them waits, in seconds.
 */
oldest_s: number | null, 
/**
 * When something last went well, seconds since 1970 UTC.
 */
last_success: number | null, 
/**
 * When it begins by itself, seconds since 1970 UTC.
 */
next_run: number | null, 
/**
 * Times it broke off and was begun again, since the app was opened.
 */
restarts: number, last_error: Trouble | null, times: Times | null, process_id: number | null, 
/**
 * Bytes that its process has in memory; null where it has none of its own, and outside of Linux.
 */
memory: number | null, 
/**
 * What keeps its process from other files and the network; null where nothing is known.
 */
confined: string | null, };

export type ComponentState = "running" | "idle" | "waiting" | "left_alone" | "broken";

export type Contribution = { kind: ContributionKind, 
/**
 * `tokio-rs/mini-redis`.
 */
repository: string, number: number, title: string, state: ContributionState, 
/**
 * Seconds since 1970 UTC.
 */
at: number, url: string, 
/**
 * The repository belongs to somebody else.
 */
elsewhere: boolean, };

export type ContributionKind = "pull_request" | "review" | "issue";

export type ContributionState = "open" | "merged" | "closed";

export type CrawlOutcome = "complete" | "partial" | "unchanged" | "failed";

export type DataState = { folder: string, 
/**
 * The newest first.
 */
backups: Array<Backup>, 
/**
 * Why the last backup could not be made.
 */
problem: string | null, 
/**
 * What happens when InternFlow closes.
 */
pending: Pending | null, };

export type DecideNews = { repository_id: number, 
/**
 * Review them; otherwise they are left to the user.
 */
review: boolean, };

export type DecideRewording = { id: number, 
/**
 * Take the new words; false keeps the old ones.
 */
take: boolean, };

export type DecideSuggestion = { 
/**
 * Of the opening.
 */
id: number, 
/**
 * Of the suggestion; null for all of them.
 */
key: string | null, decision: Decision, };

export type Decision = "open" | "accepted" | "rejected";

export type Defence = { bullets: Array<DefendedBullet>, };

export type DefendedBullet = { bullet: BulletShown, repository_id: number, 
/**
 * The commits behind it, newest first, some of them where there are many.
 */
commits: Array<DefendedCommit>, 
/**
 * All of them.
 */
commit_count: number, 
/**
 * The most telling lines of them that are still there.
 */
code: Array<Excerpt>, questions: Array<string>, 
/**
 * Where reviews found most fault with these lines; null where nothing is open there.
 */
weakest: WeakSpot | null, };

export type DefendedCommit = { sha: string, subject: string, 
/**
 * `2026-11-28`.
 */
day: string, };

export type DeleteOwnRule = { id: number, };

export type DiffLine = { kind: LineKind, 
/**
 * Line number before the change, from 1; null for added lines.
 */
old: number | null, 
/**
 * Line number after the change, from 1; null for removed lines.
 */
new: number | null, text: string, };

export type DismissFinding = { finding_id: number, 
/**
 * Why it is not a problem, in the user's words; may be empty.
 */
reason: string, };

export type DressVariant = { id: number, 
/**
 * Null for template and paper of the master.
 */
look: Look | null, };

export type DropJobSearch = { name: string, };

export type EditBullet = { id: number, text: string, };

export type Education = { institution: string, area: string, studyType: string, startDate: string, endDate: string, 
/**
 * CGPA or percentage, as the user writes it.
 */
score: string, courses: Array<string>, };

export type Entry = { name: string, 
/**
 * Why it counts ("main function", "console script").
 */
what: string, path: string, 
/**
 * From 1.
 */
line: number, };

export type EntryKind = "work" | "project" | "volunteering";

export type ErrorCode = "bad_request" | "not_found" | "model_missing" | "signed_out" | "cancelled" | "failed";

export type Event = { "type": "changed", topic: string, } | { "type": "piece", topic: string, text: string, };

export type Example = { at: Seen, path: string, 
/**
 * In the commit of `at`, from 1.
 */
line: number, 
/**
 * The line as the commit wrote it, without indentation, secrets masked.
 */
before: string, 
/**
 * What stands there instead; empty when the line was taken away, null when neither the user nor a fix says.
 */
after: string | null, 
/**
 * The user's own later commit that changed the line; null when `after` is the proposed fix.
 */
changed_in: string | null, };

export type Excerpt = { path: string, 
/**
 * From 1.
 */
line: number, 
/**
 * Inclusive; of the whole piece, of which `text` may be the beginning.
 */
end_line: number, 
/**
 * Secrets masked.
 */
text: string, };

export type ExportData = { 
/**
 * The file to write; null for one in the exports folder.
 */
path: string | null, };

export type ExportDefence = { id: number | null, format: HandoutFormat, 
/**
 * Where to write; null for the exports folder.
 */
path: string | null, };

export type ExportLetter = { id: number, format: LetterFormat, 
/**
 * Where to write; null for the exports folder.
 */
path: string | null, };

export type ExportResume = { format: ResumeFormat, 
/**
 * Template and paper; where nothing is said, those of the settings.
 */
look?: Look, 
/**
 * Where to write; null for the exports folder, from which the file can be dragged.
 */
path: string | null, };

export type ExportReview = { repository_id: number, sha: string, format: ReviewFormat, 
/**
 * Where to write; null for the exports folder.
 */
path: string | null, };

export type ExportVariant = { id: number, format: ResumeFormat, 
/**
 * Where to write; null for the exports folder, from which the file can be dragged.
 */
path: string | null, };

export type Exported = { path: string, bytes: number, };

export type Fact = { 
/**
 * What is said, in words a bullet may use ("12 commits", "FastAPI in requirements.txt").
 */
text: string, 
/**
 * How it was found ("git blame of HEAD, 41 files").
 */
method: string, };

export type FileDiff = { 
/**
 * Path after the change (before it, for deleted files).
 */
path: string, 
/**
 * Path before, when renamed.
 */
old_path: string | null, change: ChangeKind, 
/**
 * Language by name and content (`"python"`), or null.
 */
language: string | null, added: number, removed: number, 
/**
 * Why no text is shown and no review is made (binary, too large, submodule), or null.
 */
omitted: string | null, hunks: Array<Hunk>, };

export type FileKind = "pdf" | "docx" | "unknown";

export type FileText = { path: string, 
/**
 * Commit the text is of.
 */
sha: string, language: string | null, text: string, };

export type FindingList = { 
/**
 * Those asked for, the worst first; not more than can be read.
 */
findings: Array<StoredFinding>, 
/**
 * Open at HEAD, shown or not.
 */
open: number, fixed: number, dismissed: number, quiet: Array<QuietRule>, };

export type FindingState = "open" | "fixed" | "reopened" | "dismissed";

export type Fit = { 
/**
 * Pages as the document is exported now.
 */
pages: number, 
/**
 * Room that was taken for it: 0 none, 1 to 3 from the spacing, 4 and 5 from the margins too.
 */
step: number, 
/**
 * What to leave out for one page, the least valuable first. Empty when there is one page already, and when
 * no choice of entries is enough. Nothing is left out before the user agrees.
 */
proposal: Array<Omission>, };

export type FitPart = { name: string, 
/**
 * Below zero where the rest does not matter any more.
 */
points: number, 
/**
 * Points that it could have.
 */
of: number, 
/**
 * In words, for the student.
 */
why: string, };

export type FitRule = { 
/**
 * "Year of graduation".
 */
name: string, verdict: Verdict, why: string, 
/**
 * The advert's sentence; empty where it states nothing.
 */
from: string, };

export type FitSkill = { name: string, required: boolean, standing: Standing, 
/**
 * The advert's sentence.
 */
from: string, 
/**
 * What proves it: "412 surviving lines in tracker".
 */
proofs: Array<SkillProof>, };

export type FixTarget = { 
/**
 * Top folder of the working copy.
 */
folder: string, 
/**
 * The file that would be changed.
 */
file: string, 
/**
 * Line at which the change would begin, as the file is now; null when it can't be made.
 */
line: number | null, 
/**
 * Where the file as it is now would be kept.
 */
backup: string, 
/**
 * Why the change can't be made, with what to do; null when it can.
 */
problem: string | null, };

export type Follow = { 
/**
 * `asha/tracker`, or the https address of a repository that everybody may read.
 */
address: string, };

export type FollowUp = { 
/**
 * What it is for: "ask", "thanks", "apply".
 */
kind: string, 
/**
 * `2026-12-15`.
 */
on: string, what: string, 
/**
 * The user did it, or does not want it.
 */
done: boolean, };

export type Forbidden = { 
/**
 * A word or call as it is written; `print` is not in `printer`.
 */
text: string, 
/**
 * `text` is a regular expression.
 */
regex: boolean, };

export type Habit = { 
/**
 * Rule id, or `model/<category>`.
 */
rule: string, source: Source, category: Category, 
/**
 * What is wrong, in one sentence, as the newest finding says it.
 */
message: string, 
/**
 * What there is to learn from it.
 */
lesson: string, findings: number, 
/**
 * Commits with such a finding.
 */
commits: number, first: Seen, last: Seen, trend: Trend, 
/**
 * Newest first, at most two.
 */
examples: Array<Example>, };

export type HandoutFormat = "pdf" | "md";

export type HideBullet = { id: number, hidden: boolean, };

export type HideCompany = { company: string, };

export type HideJob = { id: number, 
/**
 * Null shows it again.
 */
reason: string | null, };

export type HostCalls = { host: string, calls: number, 
/**
 * Bytes.
 */
sent: number, 
/**
 * Bytes.
 */
received: number, 
/**
 * Seconds since 1970 UTC.
 */
last_at: number, };

export type HotSpot = { path: string, 
/**
 * Commits that changed it, under earlier names too.
 */
commits: number, 
/**
 * Lines that they added and removed.
 */
changed: number, 
/**
 * Conditions, loops, cases and the like in it today.
 */
branches: number, 
/**
 * `commits` times `branches`.
 */
score: number, };

export type Hunk = { old_start: number, old_count: number, new_start: number, new_count: number, lines: Array<DiffLine>, };

export type Id = { id: number, };

export type Import = { sha: string, size: ChangeSize, 
/**
 * The user says that they wrote it.
 */
mine: boolean, };

export type ImportData = { 
/**
 * An archive that [`export`] wrote, here or on another computer.
 */
path: string, };

export type ImportJobs = { 
/**
 * The advert's text, a saved page, or a saved answer of a board.
 */
text: string, 
/**
 * Where it is from, if that is known.
 */
address: string | null, };

export type ImportProposal = { source: ImportSource, 
/**
 * In the order of a résumé. Empty when the profile says all of it already.
 */
changes: Array<ProfileChange>, notes: Array<string>, };

export type ImportSource = "json_resume" | "pdf" | "docx" | "linkedin";

export type Job = { 
/**
 * Of the cluster of postings.
 */
id: number, title: string, company: string | null, places: Array<string>, kind: JobKind | null, 
/**
 * "remote", "hybrid" or "office".
 */
mode: string | null, 
/**
 * ₹ a month.
 */
stipend: PayRange | null, 
/**
 * Lakh ₹ a year.
 */
salary_lpa: PayRange | null, 
/**
 * Day that it is of, `2026-11-28`: the earliest that its source or we ourselves know of.
 */
day: string, 
/**
 * Last day to apply.
 */
deadline: string | null, 
/**
 * It can be applied to, as far as the last complete crawl knows.
 */
open: boolean, 
/**
 * From 0 to 100; null before it was matched.
 */
score: number | null, 
/**
 * Why it fits or does not, in one sentence.
 */
why: string, 
/**
 * What to look at twice, in words.
 */
flags: Array<string>, 
/**
 * Why the user hid it; null when it is shown.
 */
hidden: string | null, 
/**
 * How far the user's application is; null when it is not tracked.
 */
tracked: ApplicationState | null, };

export type JobBoard = { id: number, 
/**
 * As people call it: the company where it is known, else what names the board.
 */
name: string, 
/**
 * Which kind of board it is: "greenhouse".
 */
connector: string, 
/**
 * As the user gave it.
 */
address: string, 
/**
 * It is crawled. Off, its openings stay.
 */
on: boolean, circuit: BoardCircuit, 
/**
 * Seconds since 1970 UTC; null before the first crawl.
 */
crawled_at: number | null, 
/**
 * How the last crawl ended; null before the first.
 */
outcome: CrawlOutcome | null, 
/**
 * What the last crawl did not read, and why.
 */
skipped: Array<string>, 
/**
 * Postings that are open.
 */
open: number, };

export type JobDetail = { job: Job, 
/**
 * Where it is listed.
 */
sources: Array<JobSource>, 
/**
 * What the advert states, a line each, in the order of importance.
 */
facts: Array<JobFact>, 
/**
 * Flags with the sentence that raised each.
 */
flags: Array<JobFact>, 
/**
 * What a reader sees of the advert, as text.
 */
text: string, 
/**
 * It holds text that a reader does not see, which was not read.
 */
hidden_text: boolean, 
/**
 * Null where nothing is known of the student yet.
 */
fit: JobFit | null, application: Application | null, };

export type JobFact = { 
/**
 * "Stipend".
 */
label: string, 
/**
 * "₹20,000 to ₹25,000 a month".
 */
value: string, from: string, };

export type JobFit = { 
/**
 * From 0 to 100: the sum of the parts.
 */
score: number, 
/**
 * The whole in one or two sentences.
 */
says: string, parts: Array<FitPart>, 
/**
 * Whether the student may apply, rule by rule.
 */
rules: Array<FitRule>, 
/**
 * Skills the advert asks for, required ones first.
 */
skills: Array<FitSkill>, };

export type JobKind = "internship" | "new-graduate" | "job";

export type JobList = { 
/**
 * At most 200.
 */
jobs: Array<Job>, 
/**
 * How many there are in all.
 */
total: number, 
/**
 * What the user should know, or null.
 */
notice: string | null, };

export type JobNotice = { id: number, 
/**
 * Seconds since 1970 UTC.
 */
at: number, 
/**
 * "3 new openings for you".
 */
title: string, 
/**
 * Which, and why, in one sentence.
 */
says: string, 
/**
 * The best first.
 */
jobs: Array<ToldJob>, 
/**
 * The user has seen it.
 */
seen: boolean, };

export type JobOrder = "fit" | "newest" | "deadline";

export type JobSearch = { 
/**
 * As the user calls it; no two are called the same.
 */
name: string, text: string, kind: JobKind | null, remote: boolean, order: JobOrder, };

export type JobShow = "open" | "hidden" | "closed";

export type JobSource = { posting_id: number, board: string, 
/**
 * Its page for a human.
 */
address: string | null, places: Array<string>, open: boolean, };

export type JobWishes = { 
/**
 * Year of graduation.
 */
batch: number | null, 
/**
 * "B.Tech".
 */
degree: string, 
/**
 * "Computer Science".
 */
branch: string, 
/**
 * Of 10.
 */
cgpa: number | null, 
/**
 * Cities; empty for any.
 */
places: Array<string>, 
/**
 * Also where it is done from home.
 */
remote: boolean, 
/**
 * Unpaid work is shown as it is, but not held to fit.
 */
paid_only: boolean, 
/**
 * Companies that are never shown.
 */
hidden_companies: Array<string>, };

export type KeyState = "none" | "kept" | "this_run";

export type Keyword = { skill: string, required: boolean, 
/**
 * Spellings of the advert and of the résumé, and where there is one, the abbreviation or what it stands for.
 */
spellings: Array<Spelling>, };

export type LanguageLines = { language: string, files: number, lines: number, 
/**
 * Of these, the lines whose author is known.
 */
blamed: number, 
/**
 * Of the blamed ones, the user's.
 */
mine: number, };

export type LearnFrom = { 
/**
 * Null for all repositories.
 */
repository_id: number | null, };

export type Learning = { 
/**
 * Commits of the user, reviewed or not.
 */
commits: number, 
/**
 * Of these, reviewed.
 */
reviewed: number, 
/**
 * Months (UTC) with a reviewed commit, oldest first.
 */
months: Array<LearningMonth>, 
/**
 * Those that go on first, the most frequent of them at the top.
 */
habits: Array<Habit>, };

export type LearningMonth = { 
/**
 * `2026-03`, by author date (UTC).
 */
month: string, 
/**
 * Reviewed commits.
 */
reviewed: number, 
/**
 * Categories in which something was found.
 */
found: Array<CategoryCount>, };

export type Ledger = { repository: string, 
/**
 * Commit that was looked at; empty before the first.
 */
sha: string, 
/**
 * Seconds since 1970 UTC.
 */
made_at: number, 
/**
 * HEAD has moved, or whose work it is was told anew: what is here is older.
 */
stale: boolean, 
/**
 * How lines were counted, with how many files.
 */
method: string, 
/**
 * By kind; those with most behind them first, whenever they were made.
 */
claims: Array<Claim>, left_out: Array<NotCounted>, };

export type LeftOut = { 
/**
 * "12 files".
 */
what: string, 
/**
 * "vendored".
 */
why: string, };

export type Leg = "names" | "words" | "meaning";

export type Letter = { text: string, 
/**
 * The student changed the words: they are theirs, not proven.
 */
edited: boolean, words: number, 
/**
 * What nothing here proves, sentence by sentence with the reason.
 */
unproven: Array<string>, };

export type LetterFormat = "txt" | "md";

export type LineKind = "context" | "added" | "removed";

export type ListCommits = { repository_id: number, 
/**
 * Only the user's own.
 */
mine: boolean, 
/**
 * Part of subject, author or id; empty for all.
 */
query: string, offset: number, limit: number, };

export type ListFindings = { repository_id: number, state: StateAsked, };

export type ListJobs = { show: JobShow, 
/**
 * Words that must all occur in title, company, places or skills.
 */
text: string, kind: JobKind | null, remote: boolean, order: JobOrder, };

export type ListRemote = { 
/**
 * Ask GitHub again instead of taking what is remembered.
 */
refresh: boolean, };

export type Location = { city: string, region: string, countryCode: string, };

export type LogLevel = "error" | "warn" | "info" | "debug";

export type LogLine = { 
/**
 * RFC 3339, UTC.
 */
at: string, level: LogLevel, component: string, message: string, 
/**
 * What else the line says: "took_ms=12 error=…".
 */
details: string, 
/**
 * Of the command for which it was written; the same from the click to the worker's frame.
 */
id: string | null, 
/**
 * Name of that command, or kind of its task.
 */
on_behalf_of: string | null, task: number | null, };

export type Logs = { 
/**
 * All that have written something.
 */
components: Array<string>, 
/**
 * The newest first.
 */
lines: Array<LogLine>, };

export type Look = { template: Template, paper: Paper, };

export type Methods = { languages: string, modules: string, tests: string, months: string, hot_spots: string, mine: string, };

export type Model = { id: string, name: string, role: ModelRole, licence: string, bytes: number, state: ModelState, 
/**
 * Folder that holds its files.
 */
folder: string, };

export type ModelId = { id: string, };

export type ModelRole = "text" | "embedding";

export type ModelState = "missing" | "partial" | "unverified" | "ready" | "damaged";

export type Module = { 
/**
 * Its path; `.` for files at the top.
 */
name: string, files: number, 
/**
 * Blank ones left out.
 */
lines: number, 
/**
 * Of these, the lines whose author is known.
 */
blamed: number, 
/**
 * Of the blamed ones, the user's.
 */
mine: number, 
/**
 * Holds tests and nothing else.
 */
tests: boolean, };

export type ModuleImport = { from: string, to: string, 
/**
 * Imports in the text.
 */
count: number, 
/**
 * The first of them.
 */
path: string, 
/**
 * From 1.
 */
line: number, };

export type Month = { 
/**
 * `2026-03`.
 */
month: string, commits: number, 
/**
 * Of these, the user's.
 */
mine: number, };

export type NetworkCall = { 
/**
 * Seconds since 1970 UTC.
 */
at: number, host: string, 
/**
 * What it was for.
 */
reason: string, 
/**
 * Bytes.
 */
sent: number, 
/**
 * Bytes.
 */
received: number, 
/**
 * The status of the answer, or "no answer".
 */
outcome: string, };

export type NetworkLedger = { 
/**
 * The host that was asked last comes first.
 */
hosts: Array<HostCalls>, 
/**
 * The newest hundred.
 */
newest: Array<NetworkCall>, };

export type NextSkill = { name: string, 
/**
 * For the student.
 */
says: string, 
/**
 * Openings of which every required skill would then be there.
 */
opens: Array<NextSkillJob>, 
/**
 * Openings that require it and would still miss others.
 */
nearer: Array<NextSkillJob>, };

export type NextSkillJob = { id: number, title: string, company: string | null, };

export type NotCounted = { 
/**
 * "41 files", "a first commit of 312 files".
 */
what: string, why: string, 
/**
 * Full ids of the commits that it is about; may be empty.
 */
commits: Array<string>, };

export type NoteJob = { id: number, notes: string, 
/**
 * `2026-12-15`, or null.
 */
deadline: string | null, 
/**
 * Day of the interview, or null.
 */
interview: string | null, 
/**
 * File name of the résumé that was sent; empty when not said.
 */
resume: string, };

export type Nothing = Record<symbol, never>;

export type OfAnswer = { id: number, };

export type OfDefence = { 
/**
 * The opening whose variant is defended; null for the master.
 */
id: number | null, };

export type OfRepository = { repository_id: number, };

export type Omission = { kind: EntryKind, 
/**
 * Which one of its kind, from 0 in the order of the profile.
 */
entry: number, 
/**
 * Which of the entry's bullets, from 0; null for the whole entry.
 */
bullet: number | null, 
/**
 * Title of the entry.
 */
title: string, 
/**
 * Words of the bullet; empty for a whole entry.
 */
text: string, 
/**
 * Why it counts less than what stays ("older, not proven").
 */
why: string, };

export type Omitted = { id: number, kind: EntryKind, 
/**
 * Title of the entry with what tells it from others ("Backend intern, Acme, 2025-05").
 */
entry: string, 
/**
 * Words of the bullet; empty for the whole entry.
 */
text: string, };

export type OneCommit = { repository_id: number, sha: string, };

export type OneFile = { repository_id: number, path: string, 
/**
 * Full id of the commit whose file it is; null for HEAD's.
 */
sha: string | null, };

export type OnlineProfile = { network: string, username: string, url: string, };

export type OrderBullets = { 
/**
 * Bullets of one repository, all of them, in the order wanted. Pinned ones stay before the others.
 */
ids: Array<number>, };

export type OwnModel = { 
/**
 * There are an address and a name: it answers questions.
 */
on: boolean, name: string, 
/**
 * With the port where it is not the usual one; empty without an address.
 */
host: string, 
/**
 * Asking it sends question and excerpts to another machine.
 */
leaves: boolean, 
/**
 * The address is unencrypted and in a private network, which the user has to agree to.
 */
plain: boolean, key: KeyState, };

export type OwnPart = { 
/**
 * Surviving lines of the user.
 */
lines: number, 
/**
 * All lines whose author is known.
 */
blamed: number, 
/**
 * Names of the modules of whose lines more than half are the user's.
 */
modules: Array<string>, 
/**
 * Addresses that were taken for theirs.
 */
emails: Array<string>, 
/**
 * A first commit that counts for nobody until the user says that they wrote it.
 */
import: string | null, };

export type OwnRule = { 
/**
 * Never given twice: findings name their rule as `own/<id>`.
 */
id: number, repository_id: number, 
/**
 * What holds, as the user says it ("We never use print in src/").
 */
sentence: string, 
/**
 * Folder, file or pattern with `*` and `**` that it is about; empty for the whole repository.
 */
place: string, 
/**
 * Names of the languages it is about; empty for all.
 */
languages: Array<string>, 
/**
 * What is looked for in added lines.
 */
forbids: Forbidden, };

export type Paper = "a4" | "letter";

export type PasteToken = { token: string, };

export type PayRange = { min: number | null, max: number | null, };

export type Pending = "import" | "wipe";

export type PinBullet = { id: number, pinned: boolean, };

export type Place = { path: string, 
/**
 * From 1.
 */
line: number, 
/**
 * Inclusive.
 */
end_line: number, };

export type PostFindings = { repository_id: number, sha: string, 
/**
 * The findings to post; others stay here.
 */
finding_ids: Array<number>, };

export type Preview = { 
/**
 * One SVG a page.
 */
pages: Array<string>, 
/**
 * What a reader or an applicant tracking system would miss ("no e-mail").
 */
missing: Array<string>, 
/**
 * Name of an exported file without its extension.
 */
file_stem: string, };

export type PreviewResume = { 
/**
 * The stored one when absent.
 */
profile?: Profile, };

export type Profile = { basics: Basics, education: Array<Education>, work: Array<Work>, projects: Array<Project>, skills: Array<Skill>, };

export type ProfileChange = { 
/**
 * JSON pointer into the profile, as `/basics/email`; a last step of `-` is a new entry at the end of a list.
 */
place: string, 
/**
 * The field in plain words: `Education · NIT Trichy · Score`.
 */
label: string, 
/**
 * What stands there now, to be shown; empty for nothing.
 */
old: string, 
/**
 * What the file says, to be shown; a new entry has a line for each of its fields.
 */
new: string, 
/**
 * The value that stands there, or null: when it has changed meanwhile, the change is not taken.
 */
was: unknown, value: unknown, };

export type Progress = { 
/**
 * What happens now, in the user's words ("Asking the model about src/db.py").
 */
stage: string, 
/**
 * Units done and units in all; `total` 0 means unknown.
 */
done: number, total: number, 
/**
 * Estimated seconds left, when it can be estimated.
 */
eta_s: number | null, };

export type Project = { name: string, description: string, url: string, startDate: string, endDate: string, 
/**
 * Bullets.
 */
highlights: Array<string>, 
/**
 * Languages and frameworks.
 */
keywords: Array<string>, };

export type ProvenTechnology = { name: string, 
/**
 * `framework`, `library`, `database`, `testing`, `tool`, `ml`, `cloud`.
 */
kind: string, 
/**
 * What stands there: a package, an image, a key.
 */
package: string, path: string, 
/**
 * From 1.
 */
line: number, };

export type QuietRule = { rule: string, dismissals: number, };

export type ReadBack = { 
/**
 * Name of the file, or of the format where there is no file.
 */
name: string, kind: FileKind, 
/**
 * 0 where the format has no fixed pages.
 */
pages: number, 
/**
 * True when it is known what was meant.
 */
compared: boolean, 
/**
 * The better reader first; empty when nothing could be read.
 */
readings: Array<Reading>, 
/**
 * What breaks, the most serious first.
 */
problems: Array<ReadProblem>, };

export type ReadField = { 
/**
 * Its path, as in `experience[0].bullets[1]`.
 */
field: string, 
/**
 * Empty when nothing should be there, and when it is not known what was meant.
 */
meant: string, 
/**
 * Empty when nothing was read.
 */
read: string, 
/**
 * It is as it was meant; where that is not known, both readers agree on it.
 */
ok: boolean, };

export type ReadImport = { 
/**
 * A JSON Resume, a résumé as PDF or DOCX, or the archive from LinkedIn.
 */
path: string, };

export type ReadLogs = { 
/**
 * Null for all components.
 */
component: string | null, 
/**
 * This bad or worse; null for all.
 */
level: LogLevel | null, 
/**
 * Only what was written for the command with this id; null for all.
 */
id: string | null, 
/**
 * At most so many, the newest.
 */
limit: number, };

export type ReadProblem = { breaks: string, why: string, 
/**
 * What to do now.
 */
mend: string, 
/**
 * The words, fonts or places that it is about; may be empty.
 */
found: string, };

export type ReadResumeFile = { path: string, 
/**
 * It was exported from this résumé, so it is known what was meant.
 */
exported: boolean, 
/**
 * The opening for which it was exported; absent for the master.
 */
opening?: number, };

export type ReaderName = "by_place" | "by_order" | "by_style" | "plain_words";

export type Reading = { reader: ReaderName, 
/**
 * In reading order, a line each.
 */
text: string, 
/**
 * In the order of a résumé.
 */
fields: Array<ReadField>, };

export type Relation = "own" | "organization" | "collaborator";

export type Remote = { 
/**
 * `asha/tracker`, or the address where the host is no GitHub.
 */
full_name: string, 
/**
 * Address that git fetches from; never with a token in it.
 */
url: string, fork: boolean, private: boolean, 
/**
 * Made from a template: its first commit is not the student's work.
 */
template: boolean, 
/**
 * Commits of the user that came and that nobody has decided about yet, newest first.
 */
news: Array<string>, 
/**
 * Seconds since 1970 UTC of the last sync that ended well; null before the first.
 */
synced_at: number | null, 
/**
 * What keeps it from being in step (gone from GitHub, signed out, no network), or null.
 */
problem: string | null, };

export type RemoteRepository = { 
/**
 * `asha/tracker`.
 */
full_name: string, description: string | null, language: string | null, relation: Relation, private: boolean, 
/**
 * Upstream's commits are not the student's.
 */
fork: boolean, archived: boolean, 
/**
 * Kilobytes as GitHub counts them; 0 for an empty repository.
 */
size_kb: number, 
/**
 * Seconds since 1970 UTC; null when nothing was ever pushed.
 */
pushed_at: number | null, 
/**
 * Id here, when it is followed.
 */
repository_id: number | null, };

export type Repository = { id: number, 
/**
 * Last part of the path, without `.git`.
 */
name: string, 
/**
 * Absolute path of the repository.
 */
path: string, 
/**
 * Branch that HEAD names, or null when detached or unborn.
 */
branch: string | null, 
/**
 * Commits reachable from HEAD at the last look.
 */
commits: number, 
/**
 * Of these, authored by the user.
 */
mine: number, 
/**
 * What the user should know (shallow clone, empty), or null.
 */
notice: string | null, 
/**
 * A first commit that brought a whole tree at once, or a template's; null when there is none.
 */
import: Import | null, 
/**
 * Where it is kept in step with; null for a folder of this machine.
 */
remote: Remote | null, 
/**
 * Bullets and exports say nothing by which it is known: no name, no path, no words of its own.
 */
safe_wording: boolean, };

export type RestoreBackup = { name: string, };

export type RestoreFinding = { finding_id: number, };

export type ResumeFormat = "pdf" | "docx" | "json" | "md" | "txt" | "html";

export type Review = { repository_id: number, sha: string, 
/**
 * The task that makes the review, with state, stage and progress.
 */
task: Task, summary: ReviewSummary | null, findings: Array<StoredFinding>, };

export type ReviewFormat = "sarif" | "markdown";

export type ReviewNew = "all" | "default_branch" | "ask";

export type ReviewSummary = { 
/**
 * Paths that rules (and, unless `rules_only`, the model) looked at.
 */
reviewed: Array<string>, skipped: Array<Skipped>, 
/**
 * Model candidates whose quote matches no added line.
 */
dropped_anchor: number, 
/**
 * Model candidates that did not survive judgement.
 */
dropped_judged: number, 
/**
 * Model file that reviewed, or null when only rules ran.
 */
model: string | null, 
/**
 * Milliseconds from start to the first finding; null when there is none.
 */
first_finding_ms: number | null, 
/**
 * Milliseconds the whole review took.
 */
took_ms: number, };

export type Rewording = { text: string, 
/**
 * As [`Bullet::by_model`].
 */
by_model: boolean, 
/**
 * As [`Bullet::gate`].
 */
gate: string | null, facts: Array<Fact>, commits: Array<string>, 
/**
 * As [`Bullet::safe`].
 */
safe: boolean, };

export type Said = { text: string, path: string, 
/**
 * From 1.
 */
line: number, };

export type SearchCode = { query: string, 
/**
 * Null for all repositories.
 */
repository_id: number | null, 
/**
 * Part of the path; empty for all.
 */
path: string, 
/**
 * Name or file extension of a language; null for all.
 */
language: string | null, 
/**
 * Only what the user wrote at least half of.
 */
mine: boolean, limit: number, 
/**
 * Lists that are left out, to measure what each is worth.
 */
without?: Array<Leg>, };

export type SearchLanguage = { name: string, 
/**
 * As people write it: "C++".
 */
label: string, };

export type SearchResult = { hits: Array<CodeHit>, 
/**
 * Lower-case words that were looked for, to mark them.
 */
terms: Array<string>, 
/**
 * What the user should know (still indexing, no embedder), or null.
 */
notice: string | null, };

export type Seen = { repository_id: number, repository: string, sha: string, 
/**
 * Author time, seconds since 1970 UTC.
 */
time: number, };

export type SetBoard = { id: number, on: boolean, };

export type SetFollowUp = { id: number, 
/**
 * As [`FollowUp::kind`] has it: the reminder is done with.
 */
kind: string, };

export type SetIdentities = { 
/**
 * The user's own addresses, over all repositories. Replaces the list.
 */
emails: Array<string>, 
/**
 * Addresses that git or an account would take for theirs, and which the user says are not.
 */
not_mine: Array<string>, };

export type SetImport = { repository_id: number, 
/**
 * The user wrote what the first commit brought.
 */
mine: boolean, };

export type SetKey = { 
/**
 * Empty to delete it.
 */
key: string, };

export type SetLetter = { 
/**
 * Of the opening.
 */
id: number, 
/**
 * Null for ours again.
 */
text: string | null, };

export type SetOwnRule = { 
/**
 * Null for a new one.
 */
id: number | null, repository_id: number, sentence: string, 
/**
 * Folder, file or pattern with `*` and `**`; empty for the whole repository.
 */
place: string, 
/**
 * Names or file extensions; empty for all.
 */
languages: Array<string>, forbids: Forbidden, };

export type SetProfile = { profile: Profile, };

export type SetSafeWording = { repository_id: number, on: boolean, };

export type Settings = { theme: Theme, 
/**
 * API address of a GitHub Enterprise Server; empty for github.com.
 */
github_api: string, 
/**
 * Client id of the GitHub App to sign in with; empty for the one this build came with.
 */
github_client_id: string, 
/**
 * Minutes between two syncs in the background; 0 for none.
 */
sync_minutes: number, review_new: ReviewNew, 
/**
 * Which findings are shown.
 */
strictness: Strictness, 
/**
 * Reviews also let the model name problems itself.
 */
questions: boolean, 
/**
 * Template and paper of the résumé.
 */
look: Look, 
/**
 * How the next bullets speak.
 */
tone: Tone, 
/**
 * Whose English they are written in.
 */
usage: Usage, 
/**
 * Hours between two looks at a job board; 0 for none.
 */
crawl_hours: number, 
/**
 * No board is read by itself over a connection that is paid by volume.
 */
spare_metered: boolean, 
/**
 * No board is read by itself on battery.
 */
spare_battery: boolean, 
/**
 * Days after which a closed opening that is not tracked is forgotten; 0 for never.
 */
forget_closed_days: number, 
/**
 * Score from which on the user is told of a new opening, 30 to 100; 0 for never.
 */
news_bar: number, 
/**
 * Minutes of the local day between which nothing is told, over midnight where the first is the greater; equal for
 * at any time.
 */
quiet_from: number, quiet_to: number, 
/**
 * Findings may be posted as comments on GitHub; each time the user is asked.
 */
comment_on_github: boolean, 
/**
 * Address of a server with OpenAI's API, whose model answers questions; with or without `/v1` at its end.
 */
model_address: string, 
/**
 * Name of that model as its server knows it; empty to ask the model on this computer.
 */
model_name: string, 
/**
 * The address may be unencrypted where it is in a private network.
 */
model_plain_http: boolean, };

export type Severity = "info" | "minor" | "major" | "critical";

export type SignIn = { "state": "signed_out", 
/**
 * How the last attempt or session ended, with what to do; null when there is nothing to say.
 */
message: string | null, 
/**
 * There is a client id, so that signing in with a code is possible.
 */
can_use_code: boolean, 
/**
 * The keyring did not open and may still hold the sign-in: it can be tried again.
 */
locked: boolean, 
/**
 * Where a token is made, on the GitHub of the settings.
 */
token_page: string, } | { "state": "code", 
/**
 * `WDJB-MJHT`.
 */
user_code: string, 
/**
 * The page to type it on; made from the settings, never taken from an answer.
 */
page: string, 
/**
 * Seconds since 1970 UTC.
 */
expires_at: number, 
/**
 * The network is gone at the moment; asking goes on.
 */
waiting: string | null, } | { "state": "signed_in", account: Account, };

export type SignedOut = { 
/**
 * Where the user takes the access back at GitHub.
 */
revoke_page: string, };

export type Skill = { name: string, keywords: Array<string>, };

export type SkillProof = { repository_id: number, repository: string, 
/**
 * How it was counted.
 */
method: string, 
/**
 * A commit that shows it, newest first; empty where the count has none.
 */
commits: Array<string>, };

export type Skipped = { path: string, reason: string, };

export type Source = "rule" | "model";

export type Spelling = { text: string, in_advert: boolean, in_resume: boolean, };

export type SplitJob = { id: number, 
/**
 * The posting that is another opening.
 */
posting_id: number, };

export type Stage = "rules" | "likelihood" | "questions" | "retrieval";

export type Standing = "proven" | "claimed" | "missing";

export type StartReview = { repository_id: number, 
/**
 * Full commit ids, reviewed in this order.
 */
shas: Array<string>, 
/**
 * Without the model: seconds instead of minutes.
 */
rules_only: boolean, 
/**
 * The model is also told to name problems itself; where nothing is said, as the settings have it.
 */
questions?: boolean, 
/**
 * Stages that are left out, to measure what each is worth.
 */
without?: Array<Stage>, };

export type StateAsked = "open" | "fixed" | "dismissed" | "all";

export type Statement = { text: string, 
/**
 * Where it can be seen.
 */
at: Citation, };

export type StoredFinding = { id: number, 
/**
 * The user said that this is not a problem; null otherwise.
 */
dismissed: string | null, 
/**
 * Commit in which the user dismissed another finding of the same rule and line, and this one with it.
 */
twin_in: string | null, 
/**
 * Address of the comment that the user made of it on GitHub, or null.
 */
posted: string | null, state: FindingState, 
/**
 * Commit that fixed it or brought it back; null while it is open.
 */
state_in: string | null, 
/**
 * Where it is at HEAD; null when it is not there.
 */
now: Place | null, 
/**
 * Its commit is in the history of HEAD.
 */
on_branch: boolean, 
/**
 * An earlier commit in which the same problem was found; null when this is the first.
 */
first_in: string | null, 
/**
 * Times the user dismissed its rule in this repository, when that has made the rule quiet; null otherwise.
 */
quiet: number | null, 
/**
 * It is among what the user wants to see.
 */
shown: boolean, 
/**
 * Full hexadecimal commit id.
 */
commit: string, 
/**
 * Path in the repository, `/`-separated, non-UTF-8 bytes replaced.
 */
path: string, 
/**
 * First line in the new version of the file, from 1.
 */
line: number, 
/**
 * Last line, inclusive.
 */
end_line: number, severity: Severity, category: Category, source: Source, 
/**
 * Rule id as `language/name`, `likelihood/<kind of edit>` or `model/<category>`.
 */
rule: string, 
/**
 * One sentence: what is wrong.
 */
message: string, 
/**
 * Two or three sentences a student can learn from.
 */
why: string, quote: string, 
/**
 * Unified diff against the file as the commit left it, or null. Applies with `git apply`.
 */
fix: string | null, 
/**
 * 0 to 1.
 */
confidence: number, };

export type Strictness = "strict" | "balanced" | "serious";

export type Suggestion = { 
/**
 * Names it among the others of its opening.
 */
key: string, change: Change, 
/**
 * For the student.
 */
why: string, decision: Decision, };

export type Supply = { on_battery: boolean | null, 
/**
 * The connection is paid by volume.
 */
metered: boolean | null, };

export type SyncRepositories = { 
/**
 * Empty for all that are followed.
 */
ids: Array<number>, };

export type Tailoring = { 
/**
 * Role as the headline and the file's name say it: the advert's title up to its first stop.
 */
role: string, company: string | null, 
/**
 * Skills it asks for, required ones first.
 */
requirements: Array<AskedSkill>, keywords: Array<Keyword>, 
/**
 * Changes of the résumé for it, the accepted ones among them.
 */
suggestions: Array<Suggestion>, 
/**
 * Name of the file that was last written of it; null when there is none.
 */
exported: string | null, };

export type TakeImport = { 
/**
 * Those of a proposal that the user takes, as they came.
 */
changes: Array<ProfileChange>, };

export type Task = { id: number, 
/**
 * `review`, `bullets`, `ask`, `index`, `analysis`, `model_download`, `sync`, `contributions`, `crawl`, `match`,
 * `closeness`, `job_news`.
 */
kind: string, 
/**
 * What it works on, for a list ("itsdangerous 672971d").
 */
title: string, state: TaskState, progress: Progress, 
/**
 * Why it failed, with what to do; null otherwise.
 */
error: ApiError | null, attempts: number, 
/**
 * Seconds since 1970 UTC.
 */
created_at: number, };

export type TaskId = { task_id: number, };

export type TaskState = "queued" | "running" | "done" | "failed" | "cancelled" | "poisoned";

export type Template = "classic" | "compact" | "academic" | "modern";

export type TestCount = { tests: number, 
/**
 * Files with tests.
 */
files: number, 
/**
 * Those with the most, at most ten.
 */
most: Array<TestFile>, 
/**
 * Files of continuous integration; empty when there is none.
 */
ci: Array<Workflow>, };

export type TestFile = { path: string, tests: number, };

export type Tested = { 
/**
 * It has the model of the settings.
 */
ready: boolean, message: string, models: Array<string>, };

export type Theme = "system" | "light" | "dark";

export type Times = { 
/**
 * Runs that were counted.
 */
runs: number, p50: number, p95: number, p99: number, };

export type ToldJob = { id: number, title: string, company: string | null, score: number, 
/**
 * Why it fits, in a sentence.
 */
why: string, };

export type Tone = "plain" | "technical" | "impact";

export type TrackJob = { id: number, 
/**
 * Null: it is not tracked any more, and its history is gone.
 */
state: ApplicationState | null, };

export type TrackedJob = { job: Job, application: Application, };

export type Trend = "repeats" | "stopping" | "stopped" | "once";

export type Trouble = { message: string, 
/**
 * Seconds since 1970 UTC.
 */
at: number, };

export type TurnRuleOn = { repository_id: number, rule: string, };

export type UndoFix = { finding_id: number, };

export type Usage = "british" | "american" | "indian";

export type Verdict = "met" | "not-met" | "not-stated" | "unknown";

export type WeakSpot = { path: string, line: number, message: string, why: string, 
/**
 * Open findings on these lines, this one among them.
 */
open: number, };

export type WipeData = { 
/**
 * [`WIPE_WORD`], typed by the user.
 */
word: string, };

export type Wiped = { left: Array<string>, };

export type Work = { name: string, position: string, location: string, url: string, startDate: string, endDate: string, summary: string, highlights: Array<string>, };

export type Workflow = { 
/**
 * `GitHub Actions`.
 */
system: string, path: string, };

export type WriteBundle = { 
/**
 * The file to write; null for one in the exports folder.
 */
path: string | null, };

export type Writer = { 
/**
 * Name of the model's file, or as its server calls it.
 */
name: string, 
/**
 * The machine that question and excerpts left for; null when they did not leave this one.
 */
host: string | null, };

export type Commands = {
  account_get: { args: Nothing; result: SignIn };
  account_sign_in: { args: Nothing; result: SignIn };
  account_unlock: { args: Nothing; result: SignIn };
  account_cancel: { args: Nothing; result: SignIn };
  account_token: { args: PasteToken; result: SignIn };
  account_sign_out: { args: Nothing; result: SignedOut };
  account_contributions: { args: Nothing; result: Array<Contribution> };
  repository_list: { args: Nothing; result: Array<Repository> };
  repository_add: { args: AddRepository; result: Repository };
  repository_refresh: { args: Id; result: Repository };
  repository_remote: { args: ListRemote; result: Array<RemoteRepository> };
  repository_follow: { args: Follow; result: Repository };
  repository_sync: { args: SyncRepositories; result: Array<Task> };
  repository_news: { args: DecideNews; result: null };
  repository_sync_due: { args: Nothing; result: null };
  identity_known: { args: Nothing; result: boolean };
  identity_list: { args: Nothing; result: Array<string> };
  repository_remove: { args: Id; result: null };
  repository_commits: { args: ListCommits; result: CommitPage };
  repository_import: { args: SetImport; result: Repository };
  repository_authors: { args: OfRepository; result: Array<Author> };
  repository_safe_wording: { args: SetSafeWording; result: Repository };
  repository_identities: { args: SetIdentities; result: null };
  repository_commit: { args: OneCommit; result: CommitDetail };
  review_start: { args: StartReview; result: Array<Task> };
  review_get: { args: OneCommit; result: Review | null };
  review_dismiss: { args: DismissFinding; result: null };
  review_restore: { args: RestoreFinding; result: null };
  review_findings: { args: ListFindings; result: FindingList };
  review_rule_on: { args: TurnRuleOn; result: null };
  review_post: { args: PostFindings; result: Review };
  review_export: { args: ExportReview; result: Exported };
  finding_target: { args: ApplyFix; result: FixTarget | null };
  finding_apply: { args: ApplyFix; result: AppliedFix };
  finding_undo: { args: UndoFix; result: null };
  finding_applied: { args: OneCommit; result: Array<AppliedFix> };
  learning: { args: LearnFrom; result: Learning };
  own_rule_get: { args: OfRepository; result: Array<OwnRule> };
  own_rule_set: { args: SetOwnRule; result: OwnRule };
  own_rule_delete: { args: DeleteOwnRule; result: null };
  search_code: { args: SearchCode; result: SearchResult };
  search_languages: { args: Nothing; result: Array<SearchLanguage> };
  repository_index: { args: Id; result: Task };
  repository_left_out: { args: OfRepository; result: Array<Skipped> };
  repository_file: { args: OneFile; result: FileText };
  repository_analysis: { args: OfRepository; result: Analysis | null };
  analysis_start: { args: OfRepository; result: Task };
  ask_start: { args: AskCode; result: Answer };
  ask_list: { args: OfRepository; result: Array<Answer> };
  ask_forget: { args: OfAnswer; result: null };
  achievement_build: { args: BuildBullets; result: Task };
  achievement_list: { args: Nothing; result: Array<Bullet> };
  achievement_hide: { args: HideBullet; result: null };
  achievement_edit: { args: EditBullet; result: null };
  achievement_ledger: { args: OfRepository; result: Ledger | null };
  achievement_ledger_start: { args: OfRepository; result: Task };
  achievement_pin: { args: PinBullet; result: null };
  achievement_order: { args: OrderBullets; result: null };
  achievement_steps: { args: Nothing; result: BulletSteps };
  achievement_undo: { args: Nothing; result: null };
  achievement_redo: { args: Nothing; result: null };
  achievement_reword: { args: Id; result: Task };
  achievement_decide: { args: DecideRewording; result: null };
  resume_profile: { args: Nothing; result: Profile };
  resume_profile_set: { args: SetProfile; result: null };
  resume_preview: { args: PreviewResume; result: Preview };
  resume_fit: { args: Nothing; result: Fit };
  resume_import_read: { args: ReadImport; result: ImportProposal };
  resume_import_take: { args: TakeImport; result: null };
  resume_leave_out: { args: Omission; result: null };
  resume_left_out: { args: Nothing; result: Array<Omitted> };
  resume_put_back: { args: Id; result: null };
  resume_read_back: { args: Nothing; result: Array<ReadBack> };
  resume_read_file: { args: ReadResumeFile; result: ReadBack };
  resume_export: { args: ExportResume; result: Exported };
  job_boards: { args: Nothing; result: Array<JobBoard> };
  job_board_add: { args: AddBoard; result: JobBoard };
  job_board_set: { args: SetBoard; result: null };
  job_board_retry: { args: Id; result: Task };
  job_board_remove: { args: Id; result: null };
  job_catalogue: { args: Nothing; result: Array<CatalogueBoard> };
  job_crawl: { args: Nothing; result: Task };
  job_reading: { args: Nothing; result: BoardReading };
  job_news: { args: Nothing; result: Array<JobNotice> };
  job_news_seen: { args: Id; result: null };
  job_searches: { args: Nothing; result: Array<JobSearch> };
  job_search_keep: { args: JobSearch; result: null };
  job_search_drop: { args: DropJobSearch; result: null };
  job_list: { args: ListJobs; result: JobList };
  job_get: { args: Id; result: JobDetail };
  job_hide: { args: HideJob; result: null };
  job_hide_company: { args: HideCompany; result: null };
  job_split: { args: SplitJob; result: null };
  job_import: { args: ImportJobs; result: Array<Job> };
  job_track: { args: TrackJob; result: null };
  job_note: { args: NoteJob; result: null };
  job_follow_up: { args: SetFollowUp; result: null };
  job_tracked: { args: Nothing; result: Array<TrackedJob> };
  job_next_skills: { args: Nothing; result: Array<NextSkill> };
  job_calendar: { args: Nothing; result: Exported };
  job_table: { args: Nothing; result: Exported };
  job_wishes: { args: Nothing; result: JobWishes };
  job_wishes_set: { args: JobWishes; result: null };
  tailor_get: { args: Id; result: Tailoring };
  tailor_decide: { args: DecideSuggestion; result: null };
  tailor_dress: { args: DressVariant; result: null };
  tailor_look: { args: Id; result: Look | null };
  tailor_preview: { args: Id; result: Preview };
  tailor_export: { args: ExportVariant; result: Exported };
  tailor_letter: { args: Id; result: Letter };
  tailor_letter_set: { args: SetLetter; result: null };
  tailor_letter_export: { args: ExportLetter; result: Exported };
  defence_get: { args: OfDefence; result: Defence };
  defence_export: { args: ExportDefence; result: Exported };
  model_list: { args: Nothing; result: Array<Model> };
  model_get: { args: ModelId; result: Task };
  model_verify: { args: Nothing; result: Array<Model> };
  outside_get: { args: Nothing; result: OwnModel };
  outside_key: { args: SetKey; result: OwnModel };
  outside_test: { args: Nothing; result: Tested };
  activity_tasks: { args: Nothing; result: Array<Task> };
  activity_task: { args: TaskId; result: Task };
  activity_cancel: { args: TaskId; result: null };
  activity_components: { args: Nothing; result: Array<Component> };
  activity_network: { args: Nothing; result: NetworkLedger };
  activity_doctor: { args: Nothing; result: Array<Check> };
  activity_logs: { args: ReadLogs; result: Logs };
  activity_bundle: { args: WriteBundle; result: Exported };
  data_state: { args: Nothing; result: DataState };
  data_back_up: { args: Nothing; result: null };
  data_export: { args: ExportData; result: Exported };
  data_import: { args: ImportData; result: null };
  data_restore: { args: RestoreBackup; result: null };
  data_keep: { args: Nothing; result: null };
  data_wipe: { args: WipeData; result: Wiped };
  setting_get: { args: Nothing; result: Settings };
  setting_set: { args: Settings; result: null };
  setting_supply: { args: Nothing; result: Supply };
};
