// What the endpoints share: refusals, pages, and the way to a repository.

export const rest = 'https://docs.github.com/rest';

export const refuse = (status, message, docs, more = {}) => ({
  status,
  json: { message, ...more, documentation_url: docs, status: String(status) },
});

export const ok = (json, headers = {}) => ({ status: 200, json, headers });

/// A time as GitHub writes it where it does not write ISO 8601.
export const utc = (ms) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/// One page of the list and its Link header, in GitHub's order: prev, next, last, first.
export function page(list, query, url) {
  const size = Math.min(100, Math.max(1, Number(query.get('per_page')) || 30));
  const number = Math.max(1, Number(query.get('page')) || 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const to = (target) => {
    const address = new URL(url);
    address.searchParams.set('page', target);
    return address.href;
  };
  const rels = [
    number > 1 && ['prev', number - 1],
    number < last && ['next', number + 1],
    number < last && ['last', last],
    number > 1 && ['first', 1],
  ].filter(Boolean);
  const link = rels.map(([rel, target]) => `<${to(target)}>; rel="${rel}"`).join(', ');
  const start = (number - 1) * size;
  return { items: list.slice(start, start + size), headers: link ? { link } : {}, start };
}

/// The repository of a path, by its name or its id, as { one }; else { refused }, the answer in its place.
/// `below` is what the path says after the repository: a redirect keeps it.
export function repositoryAt({ state, base, account, docs, method }, fullName, id, below = '') {
  const one = id ? state.repositoryById(Number(id)) : state.repository(fullName);
  const target = one ?? (id ? undefined : state.movedRepository(fullName));
  // 404, not 403: GitHub does not even say that a private repository is there.
  if (!target || !state.canRead(target, account)) return { refused: refuse(404, 'Not Found', docs) };
  if (!one) return { refused: moved(`${base.api}/repositories/${target.id}${below}`, method) };
  if (!one.blocked) return { one };
  const html = 'https://github.com/github/dmca';
  const block = { reason: one.blocked, created_at: '2021-04-22T17:53:56Z', html_url: html };
  return { refused: { status: 451, json: { message: 'Repository access blocked', block } } };
}

/// 307 keeps the method: a client that follows it sends its body once more.
const moved = (location, method) => ({
  status: method === 'GET' ? 301 : 307,
  headers: { location },
  json: {
    message: 'Moved Permanently',
    url: location,
    documentation_url: `${rest}/guides/best-practices-for-using-the-rest-api#follow-redirects`,
  },
});
