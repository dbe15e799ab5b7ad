/// Backups, logs and an archive of a core made of plain data.
import { Failure } from './backend';
import type { Backup, DataState, LogLevel, LogLine } from './bindings';
import type { Handlers } from './fake';

const day = 24 * 60 * 60;
const bad: LogLevel[] = ['error', 'warn', 'info', 'debug'];

export function backup(daysAgo: number, kind: Backup['kind'] = 'daily'): Backup {
  const at = Math.floor(Date.now() / 1000) - daysAgo * day;
  return { name: `${new Date(at * 1000).toISOString().slice(0, 10)}T080000Z-${kind.replace('_', '-')}.db`, kind, at, bytes: 4_812_000 };
}

export function logLine(message: string, more: Partial<LogLine> = {}): LogLine {
  return {
    at: '2026-11-28T08:15:04.120934Z', level: 'info', component: 'core', message, details: '', id: null, on_behalf_of: null, task: null,
    ...more,
  };
}

export function fakeData(announce: (topic: string) => void): Partial<Handlers> {
  let state: DataState = {
    folder: '/home/asha/.local/share/internflow',
    backups: [backup(0), backup(1), backup(2, 'before_update')], problem: null, pending: null,
  };
  const change = (some: Partial<DataState>) => {
    state = { ...state, ...some };
    announce('data');
    return null;
  };
  const lines = [
    logLine('task failed', { level: 'warn', details: 'task=14 kind=sync error=the connection is gone', id: '4f0c91aa', on_behalf_of: 'sync', task: 14 }),
    logLine('loaded', { component: 'inference', details: 'component=text-model took_ms=4512', id: '81be03d7', on_behalf_of: 'review', task: 13 }),
    logLine('queued', { component: 'store', level: 'debug', details: 'task=13 kind=review', id: '81be03d7', on_behalf_of: 'review_start' }),
    logLine('started', { component: 'host', details: 'version=0.1.0' }),
  ];
  return {
    data_state: () => state,
    data_back_up: () => change({ backups: [backup(0), ...state.backups] }),
    data_export: ({ path }) => ({ path: path ?? `${state.folder}/exports/InternFlow-2026-11-28.zip`, bytes: 1_930_000 }),
    data_import({ path }) {
      if (!path.endsWith('.zip')) throw new Failure({ code: 'bad_request', message: 'This is no archive of InternFlow, or it was cut off.' });
      return change({ pending: 'import' });
    },
    data_restore: () => change({ pending: 'import' }),
    data_keep: () => change({ pending: null }),
    data_wipe() {
      change({ pending: 'wipe' });
      return { left: [] };
    },
    activity_bundle: ({ path }) => ({ path: path ?? `${state.folder}/exports/InternFlow-diagnostics-2026-11-28.zip`, bytes: 18_200 }),
    activity_logs: ({ component, level, id }) => ({
      components: ['core', 'host', 'inference', 'store'],
      lines: lines.filter(
        (line) =>
          (component === null || line.component === component) &&
          (level === null || bad.indexOf(line.level) <= bad.indexOf(level)) &&
          (id === null || line.id === id),
      ),
    }),
  };
}
