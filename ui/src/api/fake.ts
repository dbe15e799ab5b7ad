/// A core made of plain data: the door, and pieces to put behind it. Unit tests make small ones; a whole
/// one is in `fake-host.ts`. No build contains it.
import { Failure, type Args, type Backend, type CommandName, type Result } from './backend';
import type {
  Account, Answer, CodeHit, CommitRow, Contribution, DiffLine, Event, FileDiff, Hunk, OwnModel, Remote, RemoteRepository,
  Repository, Settings, StoredFinding, Task,
} from './bindings';

export type Handlers = { [N in CommandName]: (args: Args<N>) => Result<N> | Promise<Result<N>> };

/// A backend whose commands are the given functions; `announce` plays an event.
export function fakeBackend(handlers: Partial<Handlers>): Backend & { announce(topic: string): void } {
  const listeners = new Set<(event: Event) => void>();
  return {
    async call(name, args) {
      const handler = handlers[name] as ((args: unknown) => unknown) | undefined;
      if (handler === undefined) throw new Failure({ code: 'not_found', message: `The fake has no ${name}.` });
      return structuredClone(await handler(args)) as never;
    },
    subscribe(listener, connection) {
      listeners.add(listener);
      connection?.(true);
      return () => listeners.delete(listener);
    },
    announce(topic) {
      for (const listener of listeners) listener({ type: 'changed', topic });
    },
  };
}

/// A hunk from lines that begin with `+`, `-` or a blank, as in a unified diff.
export function hunk(start: number, lines: string[]): Hunk {
  let [old, current] = [start, start];
  const made: DiffLine[] = lines.map((line) => {
    const text = line.slice(1);
    if (line.startsWith('+')) return { kind: 'added', old: null, new: current++, text };
    if (line.startsWith('-')) return { kind: 'removed', old: old++, new: null, text };
    return { kind: 'context', old: old++, new: current++, text };
  });
  return { old_start: start, old_count: old - start, new_start: start, new_count: current - start, lines: made };
}

export function fileDiff(path: string, language: string | null, hunks: Hunk[], more: Partial<FileDiff> = {}): FileDiff {
  const lines = hunks.flatMap((one) => one.lines);
  return {
    path,
    old_path: null,
    change: 'modified',
    language,
    added: lines.filter((line) => line.kind === 'added').length,
    removed: lines.filter((line) => line.kind === 'removed').length,
    omitted: null,
    hunks,
    ...more,
  };
}

export function finding(id: number, path: string, line: number, more: Partial<StoredFinding> = {}): StoredFinding {
  return {
    id, path, line, commit: 'a'.repeat(40), end_line: line, severity: 'major', category: 'correctness', source: 'rule',
    rule: 'python/example', message: `Finding ${id}`, why: '', quote: '', fix: null, confidence: 0.9, dismissed: null,
    posted: null, twin_in: null, state: typeof more.dismissed === 'string' ? 'dismissed' : 'open', state_in: null,
    now: { path, line, end_line: more.end_line ?? line }, on_branch: true, first_in: null, quiet: null, shown: true,
    ...more,
  };
}

export function task(id: number, more: Partial<Task> = {}): Task {
  return {
    id, kind: 'review', title: `task ${id}`, state: 'done', error: null, attempts: 1,
    progress: { stage: '', done: 0, total: 0, eta_s: null },
    created_at: Math.floor(Date.now() / 1000) - id * 60,
    ...more,
  };
}

/// Lines of `path` that a search found, beginning at `start`.
export function codeHit(path: string, start: number, lines: string[], more: Partial<CodeHit> = {}): CodeHit {
  return {
    repository_id: 1, repository: 'shop', path, symbol: null, language: null, start_line: start,
    end_line: start + lines.length - 1, text: lines.join('\n'), ...more,
  };
}

export function answer(id: number, question: string, more: Partial<Answer> = {}): Answer {
  return {
    id, repository_id: 1, question, sha: 'ab12'.repeat(10), follows: null, task: task(id, { kind: 'ask' }), statements: [], notice: null, model: null, ...more,
  };
}

export function commitRow(sha: string, more: Partial<CommitRow> = {}): CommitRow {
  return {
    sha, subject: `commit ${sha}`, body: '', author_name: 'Asha', author_email: 'asha@example.org', co_authors: [],
    time: 0, parents: 1, mine: true, review: null, findings: 0, settled: 0, size: null, ...more,
  };
}

export function repository(id: number, name: string, more: Partial<Repository> = {}): Repository {
  return {
    id, name, path: `/home/asha/${name}`, branch: 'main', commits: 0, mine: 0, notice: null, import: null, remote: null, safe_wording: false, ...more,
  };
}

export function remote(full_name: string, more: Partial<Remote> = {}): Remote {
  return {
    full_name, url: `https://github.com/${full_name}.git`, fork: false, private: false, template: false, news: [], synced_at: null,
    problem: null, ...more,
  };
}

export function remoteRepository(full_name: string, more: Partial<RemoteRepository> = {}): RemoteRepository {
  return {
    full_name, description: null, language: null, relation: 'own', private: false, fork: false, archived: false,
    size_kb: 1200, pushed_at: Math.floor(Date.now() / 1000) - 7200, repository_id: null, ...more,
  };
}

export function contribution(number: number, repository: string, more: Partial<Contribution> = {}): Contribution {
  return {
    kind: 'pull_request', repository, number, title: `Contribution ${number}`, state: 'open',
    at: Math.floor(Date.now() / 1000) - number * 3600, url: `https://github.com/${repository}/pull/${number}`,
    elsewhere: false, ...more,
  };
}

export const account: Account = {
  host: 'github.com', login: 'asha', name: 'Asha Menon',
  emails: ['asha@example.org', '1234567+asha@users.noreply.github.com'], permissions: ['Contents: read', 'Metadata: read'],
  expires_at: Math.floor(Date.now() / 1000) + 8 * 3600, renewable_until: Math.floor(Date.now() / 1000) + 180 * 86_400,
  kept: true, revoke_page: 'https://github.com/settings/apps/authorizations',
};

export const ownModel: OwnModel = { on: false, name: '', host: '', leaves: false, plain: false, key: 'none' };

export const choices: Settings = {
  theme: 'system', github_api: '', github_client_id: '', sync_minutes: 30, review_new: 'default_branch',
  strictness: 'balanced', questions: false, look: { template: 'classic', paper: 'a4' }, tone: 'plain', usage: 'indian', crawl_hours: 12, spare_metered: false, spare_battery: false,
  forget_closed_days: 90, news_bar: 70, quiet_from: 22 * 60, quiet_to: 8 * 60, comment_on_github: false, model_address: '', model_name: '', model_plain_http: false,
};
