// Generated from the Rust types and the list of commands; a test fails when it is stale. Do not edit.

export type ApiError = { code: ErrorCode, message: string, };

export type Author = { name: string, email: string, commits: number, mine: boolean, };

export type Basics = { name: string, label: string, email: string, phone: string, url: string, summary: string, location: Location, profiles: Array<OnlineProfile>, };

export type Bullet = { id: number, repository_id: number, repository: string, text: string, by_model: boolean, gate: string | null, facts: Array<Fact>, commits: Array<string>, hidden: boolean, edited: boolean, };

export type Category = "security" | "correctness" | "concurrency" | "resources" | "performance" | "tests" | "maintainability";

export type ChangeKind = "added" | "deleted" | "modified" | "renamed";

export type Check = { name: string, ok: boolean, found: string, mend: string, };

export type Commit = { sha: string, subject: string, body: string, author_name: string, author_email: string, time: number, parents: number, mine: boolean, };

export type CommitDetail = { commit: Commit, files: Array<FileDiff>, };

export type CommitPage = { commits: Array<CommitRow>, total: number, };

export type CommitRow = { review: TaskState | null, findings: number, } & Commit;

export type DiffLine = { kind: LineKind, old: number | null, new: number | null, text: string, };

export type Education = { institution: string, area: string, studyType: string, startDate: string, endDate: string, score: string, courses: Array<string>, };

export type ErrorCode = "bad_request" | "not_found" | "model_missing" | "cancelled" | "failed";

export type Event = { "type": "changed", topic: string, };

export type Fact = { text: string, method: string, };

export type FileDiff = { path: string, old_path: string | null, change: ChangeKind, language: string | null, added: number, removed: number, omitted: string | null, hunks: Array<Hunk>, };

export type Finding = { commit: string, path: string, line: number, end_line: number, severity: Severity, category: Category, source: Source, rule: string, message: string, why: string, quote: string, fix: string | null, confidence: number, };

export type Hunk = { old_start: number, old_count: number, new_start: number, new_count: number, lines: Array<DiffLine>, };

export type LineKind = "context" | "added" | "removed";

export type Location = { city: string, region: string, countryCode: string, };

export type Model = { id: string, name: string, role: ModelRole, licence: string, bytes: number, state: ModelState, folder: string, };

export type ModelRole = "text" | "embedding";

export type ModelState = "missing" | "partial" | "unverified" | "ready" | "damaged";

export type OnlineProfile = { network: string, username: string, url: string, };

export type Preview = { pages: Array<string>, missing: Array<string>, };

export type Profile = { basics: Basics, education: Array<Education>, work: Array<Work>, projects: Array<Project>, skills: Array<Skill>, };

export type Progress = { stage: string, done: number, total: number, eta_s: number | null, };

export type Project = { name: string, description: string, url: string, startDate: string, endDate: string, highlights: Array<string>, keywords: Array<string>, };

export type Repository = { id: number, name: string, path: string, branch: string | null, commits: number, mine: number, notice: string | null, };

export type Exported = { path: string, bytes: number, };

export type ResumeFormat = "pdf" | "docx" | "json" | "md" | "txt";

export type Review = { repository_id: number, sha: string, task: Task, summary: ReviewSummary | null, findings: Array<StoredFinding>, };

export type ReviewSummary = { reviewed: Array<string>, skipped: Array<Skipped>, dropped_anchor: number, dropped_judged: number, model: string | null, first_finding_ms: number | null, took_ms: number, };

export type Settings = { theme: Theme, };

export type Severity = "info" | "minor" | "major" | "critical";

export type Skill = { name: string, keywords: Array<string>, };

export type Skipped = { path: string, reason: string, };

export type Source = "rule" | "model";

export type StoredFinding = { id: number, dismissed: string | null, } & Finding;

export type Task = { id: number, kind: string, title: string, state: TaskState, progress: Progress, error: ApiError | null, attempts: number, created_at: number, };

export type TaskState = "queued" | "running" | "done" | "failed" | "cancelled" | "poisoned";

export type Theme = "system" | "light" | "dark";

export type Work = { name: string, position: string, location: string, url: string, startDate: string, endDate: string, summary: string, highlights: Array<string>, };

export type Commands = {
  repository_list: { args: Record<symbol, never>, result: Array<Repository> },
  repository_add: { args: { path: string }, result: Repository },
  repository_refresh: { args: { id: number }, result: Repository },
  repository_remove: { args: { id: number }, result: null },
  repository_commits: { args: { repository_id: number, mine: boolean, query: string, offset: number, limit: number }, result: CommitPage },
  repository_authors: { args: { repository_id: number }, result: Array<Author> },
  repository_identities: { args: { emails: Array<string> }, result: null },
  repository_commit: { args: { repository_id: number, sha: string }, result: CommitDetail },
  review_start: { args: { repository_id: number, shas: Array<string>, rules_only: boolean }, result: Array<Task> },
  review_get: { args: { repository_id: number, sha: string }, result: Review | null },
  review_dismiss: { args: { finding_id: number, reason: string }, result: null },
  review_restore: { args: { finding_id: number }, result: null },
  achievement_build: { args: { repository_ids: Array<number> }, result: Task },
  achievement_list: { args: Record<symbol, never>, result: Array<Bullet> },
  achievement_hide: { args: { id: number, hidden: boolean }, result: null },
  achievement_edit: { args: { id: number, text: string }, result: null },
  resume_profile: { args: Record<symbol, never>, result: Profile },
  resume_profile_set: { args: { profile: Profile }, result: null },
  resume_preview: { args: Record<symbol, never>, result: Preview },
  resume_export: { args: { format: ResumeFormat, path: string | null }, result: Exported },
  model_list: { args: Record<symbol, never>, result: Array<Model> },
  model_get: { args: { id: string }, result: Task },
  model_verify: { args: Record<symbol, never>, result: Array<Model> },
  activity_tasks: { args: Record<symbol, never>, result: Array<Task> },
  activity_cancel: { args: { task_id: number }, result: null },
  activity_doctor: { args: Record<symbol, never>, result: Array<Check> },
  setting_get: { args: Record<symbol, never>, result: Settings },
  setting_set: { args: { theme: Theme }, result: null },
};
