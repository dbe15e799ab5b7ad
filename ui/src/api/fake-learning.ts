/// What the user of the fake core can learn, and their own rules.
import { Failure } from './backend';
import type { Habit, Learning, OwnRule, Seen } from './bindings';
import type { Handlers } from './fake';

const day = 86_400;
const now = Math.floor(Date.now() / 1000);
const seen = (ago: number, sha = 'ab12'.repeat(10)): Seen => ({ repository_id: 1, repository: 'shop', sha, time: now - ago * day });

export function habit(rule: string, more: Partial<Habit> = {}): Habit {
  return {
    rule, source: 'rule', category: 'correctness', message: `About ${rule}`, lesson: 'There is something to learn.', findings: 3,
    commits: 2, first: seen(90), last: seen(4), trend: 'repeats', examples: [], ...more,
  };
}

export const learned: Learning = {
  commits: 213, reviewed: 64,
  months: [
    { month: '2026-04', reviewed: 9, found: [{ category: 'security', findings: 4 }, { category: 'correctness', findings: 6 }] },
    { month: '2026-05', reviewed: 14, found: [{ category: 'correctness', findings: 7 }, { category: 'tests', findings: 2 }] },
    { month: '2026-07', reviewed: 22, found: [{ category: 'correctness', findings: 3 }, { category: 'maintainability', findings: 5 }] },
    { month: '2026-08', reviewed: 19, found: [{ category: 'correctness', findings: 2 }] },
  ],
  habits: [
    habit('python/mutable-default', {
      message: 'The default list is shared by all calls', findings: 7, commits: 5,
      lesson: 'Python makes the default once, when the function is defined. What one call adds, the next call sees.',
      examples: [
        { at: seen(40), path: 'shop/orders.py', line: 42, before: 'def search(self, text, filters=[]):', after: 'def search(self, text, filters=()):', changed_in: 'cd34'.repeat(10) },
        { at: seen(4), path: 'shop/cart.py', line: 7, before: 'def add(item, cart=[]):', after: 'def add(item, cart=None):', changed_in: null },
      ],
    }),
    habit('model/correctness', {
      source: 'model', message: 'Column names in filters are not checked against a list', trend: 'stopping',
      examples: [{ at: seen(30), path: 'shop/orders.py', line: 44, before: 'for name, value in filters:', after: null, changed_in: null }],
    }),
    habit('python/sql-string', {
      category: 'security', message: 'User text is pasted into an SQL statement', trend: 'stopped', last: seen(120),
      lesson: 'Whoever controls `text` controls the statement. Pass values as parameters and let the driver quote them.',
    }),
    habit('own/1', { category: 'maintainability', message: 'We never use print in shop/.', trend: 'once', findings: 1, commits: 1 }),
  ],
};

export function fakeLearning(announce: (topic: string) => void) {
  let rules: OwnRule[] = [
    { id: 1, repository_id: 1, sentence: 'We never use print in shop/', place: 'shop/', languages: ['python'], forbids: { text: 'print', regex: false } },
    { id: 2, repository_id: 1, sentence: 'We never use eval', place: '', languages: [], forbids: { text: 'eval', regex: false } },
  ];
  const handlers: Partial<Handlers> = {
    learning: ({ repository_id }) => (repository_id === 2 ? { commits: 12, reviewed: 0, months: [], habits: [] } : learned),
    own_rule_get: ({ repository_id }) => rules.filter((rule) => rule.repository_id === repository_id),
    own_rule_set({ id, ...rule }) {
      if (rule.place.startsWith('/')) throw new Failure({ code: 'bad_request', message: `\`${rule.place}\` is no place in a repository. Write it as src/ or src/**/*.py.` });
      const made: OwnRule = { ...rule, id: id ?? Math.max(0, ...rules.map((one) => one.id)) + 1 };
      rules = [...rules.filter((one) => one.id !== made.id), made].sort((a, b) => a.id - b.id);
      announce(`own_rules:${rule.repository_id}`);
      return made;
    },
    own_rule_delete({ id }) {
      rules = rules.filter((one) => one.id !== id);
      return null;
    },
  };
  return { handlers };
}
