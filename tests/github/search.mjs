// The query language of /search/issues, as far as the app may use it. What is unknown is refused, not ignored.

/// Splits `q` into terms: { key, value, not }; quotes hold words together.
export function parseQuery(q) {
  return [...q.matchAll(/(-?)([a-z-]+):("[^"]*"|\S+)|("[^"]*"|\S+)/g)].map(([, not, key, value, word]) => ({
    not: not === '-',
    key: key ?? 'text',
    value: (value ?? word).replaceAll('"', ''),
  }));
}

const same = (a, b) => a.toLowerCase() === b.toLowerCase();

const tests = {
  type: kind,
  is: kind,
  state: kind,
  author: (item, login) => same(item.author, login),
  commenter: (item, login) => item.reviewers.some((one) => same(one, login)),
  'reviewed-by': (item, login) => item.reviewers.some((one) => same(one, login)),
  involves: (item, login) => [item.author, ...item.reviewers].some((one) => same(one, login)),
  repo: (item, name) => same(item.repository, name),
  user: (item, login) => same(item.repository.split('/')[0], login),
  org: (item, login) => same(item.repository.split('/')[0], login),
  created: (item, range) => inRange(item.created_at, range),
  updated: (item, range) => inRange(item.updated_at ?? item.created_at, range),
  closed: (item, range) => inRange(item.closed_at ?? item.merged_at, range),
  merged: (item, range) => inRange(item.merged_at, range),
  text: (item, word) => `${item.title} ${item.body ?? ''}`.toLowerCase().includes(word.toLowerCase()),
};

function kind(item, value) {
  const closed = !!(item.closed_at ?? item.merged_at) || item.state === 'closed';
  switch (value) {
    case 'pr':
    case 'pull-request': return item.pr;
    case 'issue': return !item.pr;
    case 'open': return !closed;
    case 'closed': return closed;
    case 'merged': return !!item.merged_at;
    case 'unmerged': return item.pr && !item.merged_at;
    case 'public': return !item.private;
    case 'private': return !!item.private;
    default: throw new Unsupported(`is:${value}`);
  }
}

function inRange(date, range) {
  if (!date) return false;
  const [, sign, first, second] = /^(>=|<=|>|<)?(.*?)(?:\.\.(.*))?$/.exec(range);
  // A day stands for all of it: compare only as much of the date as the query gives.
  const compare = (bound) => (bound === '*' ? 0 : date.slice(0, bound.length).localeCompare(bound));
  if (second !== undefined) return (first === '*' || compare(first) >= 0) && (second === '*' || compare(second) <= 0);
  const order = compare(first);
  return { '>=': order >= 0, '<=': order <= 0, '>': order > 0, '<': order < 0 }[sign] ?? order === 0;
}

/// A qualifier that GitHub may know and this fake does not.
export class Unsupported extends Error {}

export const users = (terms) => terms
  .filter(({ key }) => ['author', 'commenter', 'reviewed-by', 'involves', 'user', 'org'].includes(key))
  .map(({ value }) => value);

/// True when the query says whether it wants issues or pull requests.
export const saysKind = (terms) => terms.some(({ key, value }) =>
  ['is', 'type'].includes(key) && ['pr', 'pull-request', 'issue'].includes(value));

export function matches(item, terms) {
  return terms.every(({ key, value, not }) => {
    if (!tests[key]) throw new Unsupported(key);
    return tests[key](item, value) !== not;
  });
}
