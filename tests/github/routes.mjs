// The REST endpoints that the app uses, one entry each: path, GitHub's documentation of it, and the answer.
import { ok, page, refuse, repositoryAt, rest } from './answers.mjs';
import { fullRepository, installation, privateUser, repository, searchItem } from './bodies.mjs';
import { createComment, listComments } from './comments.mjs';
import { getCommit } from './commits.mjs';
import { installations, may, notAccessible } from './permissions.mjs';
import { matches, parseQuery, saysKind, Unsupported, users } from './search.mjs';

// A repository has two addresses: by its name, and by its id, where a redirect leads.
const place = '/(?:repos/([^/]+/[^/]+)|repositories/(\\d+))';

const routes = [
  { path: /^\/user$/, docs: `${rest}/users/users#get-the-authenticated-user`, signedIn: true, answer: user },
  {
    path: /^\/user\/emails$/,
    docs: `${rest}/users/emails#list-email-addresses-for-the-authenticated-user`,
    signedIn: true,
    answer: emails,
  },
  {
    path: /^\/user\/repos$/,
    docs: `${rest}/repos/repos#list-repositories-for-the-authenticated-user`,
    signedIn: true,
    answer: userRepos,
  },
  {
    path: /^\/user\/installations$/,
    docs: `${rest}/apps/installations#list-app-installations-accessible-to-the-user-access-token`,
    signedIn: true,
    answer: userInstallations,
  },
  { path: new RegExp(`^${place}$`), docs: `${rest}/repos/repos#get-a-repository`, answer: repo },
  {
    path: new RegExp(`^${place}/commits/([^/]+)$`),
    docs: `${rest}/commits/commits#get-a-commit`,
    answer: getCommit,
  },
  {
    path: new RegExp(`^${place}/commits/([^/]+)/comments$`),
    docs: `${rest}/commits/comments#list-commit-comments`,
    answer: listComments,
  },
  {
    method: 'POST',
    path: new RegExp(`^${place}/commits/([^/]+)/comments$`),
    docs: `${rest}/commits/comments#create-a-commit-comment`,
    signedIn: true,
    answer: createComment,
  },
  { path: /^\/search\/issues$/, docs: `${rest}/search/search#search-issues-and-pull-requests`, answer: searchIssues },
  {
    path: /^\/rate_limit$/,
    docs: `${rest}/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user`,
    answer: rateLimit,
  },
];

export function findRoute(method, path) {
  for (const route of routes) {
    const found = method === (route.method ?? 'GET') && route.path.exec(path);
    if (found) return { route, params: found.slice(1).map((part) => part && decodeURIComponent(part)) };
  }
  return undefined;
}

function user({ state, base, account }) {
  const own = [...state.repositories.values()].filter((one) => state.isOwner(one, account));
  return ok(privateUser(base, account, own));
}

function emails({ state, account, grant, docs, query, url }) {
  const refused = grant.personal
    ? !may(state, grant, 'email_addresses', 'read')
    : state.settings.emails === 'forbidden';
  if (refused) return notAccessible(grant, docs, 'email_addresses=read');
  if (!grant.personal && state.settings.emails === 'not_found') return refuse(404, 'Not Found', docs);
  const { items, headers } = page(account.emails, query, url);
  const shown = items.map((one) => ({ primary: false, verified: true, visibility: null, ...one }));
  return ok(shown, headers);
}

function userInstallations({ state, base, grant, account, docs, query, url }) {
  if (grant.personal) {
    return refuse(403, 'You must authenticate with an access token authorized to a GitHub App in order to list ' +
      'installations', docs);
  }
  const all = installations(state, account);
  const { items, headers } = page(all, query, url);
  return ok({ total_count: all.length, installations: items.map((one) => installation(base, state, one)) }, headers);
}

function userRepos({ state, base, account, docs, query, url }) {
  if (query.has('type') && (query.has('affiliation') || query.has('visibility'))) {
    return refuse(422, 'If you specify visibility or affiliation, you cannot specify type.', docs);
  }
  const wanted = (query.get('affiliation') ?? 'owner,collaborator,organization_member').split(',');
  const visibility = query.get('visibility') ?? 'all';
  const found = [...state.repositories.values()].filter((one) =>
    wanted.includes(affiliation(state, one, account)) &&
    (visibility === 'all' || (visibility === 'private') === !!one.private));
  const bodies = found.map((one) => repository(base, state, one, account));
  const sort = query.get('sort') ?? 'full_name';
  const field = { created: 'created_at', updated: 'updated_at', pushed: 'pushed_at', full_name: 'full_name' }[sort];
  if (!field) {
    const errors = [{ resource: 'Repository', field: 'sort', code: 'invalid' }];
    return refuse(422, 'Validation Failed', docs, { errors });
  }
  const down = (query.get('direction') ?? (sort === 'full_name' ? 'asc' : 'desc')) === 'desc';
  bodies.sort((a, b) => a[field].localeCompare(b[field]) * (down ? -1 : 1) || a.id - b.id);
  const { items, headers } = page(bodies, query, url);
  return ok(items, headers);
}

function affiliation(state, one, account) {
  if (state.isOwner(one, account)) return 'owner';
  if (!one.permissions?.pull) return undefined;
  return one.owner_type === 'Organization' ? 'organization_member' : 'collaborator';
}

function repo(asked) {
  const { state, base, account, params } = asked;
  const { one, refused } = repositoryAt(asked, ...params);
  if (refused) return refused;
  const body = fullRepository(base, state, one, account);
  return ok(body, { 'last-modified': new Date(body.updated_at).toUTCString() });
}

function searchIssues({ state, base, account, docs, query, url }) {
  const invalid = (code, message) => refuse(422, 'Validation Failed', docs, {
    errors: [{ ...(message && { message }), resource: 'Search', field: 'q', code }],
  });
  if (!query.get('q')) return invalid('missing');
  const me = account?.login ?? '';
  const terms = parseQuery(query.get('q')).map((term) => (term.value === '@me' ? { ...term, value: me } : term));
  // Documented for the tokens of an app: a query without it gets this and nothing else.
  if (!saysKind(terms)) return invalid('invalid', "Query must include 'is:issue' or 'is:pull-request'");
  const all = searchable(state, account);
  const named = all.flatMap((item) => [item.author, item.repository.split('/')[0], ...item.reviewers]);
  const known = new Set([...named, ...state.accounts.keys()].map((one) => one.toLowerCase()));
  if (!users(terms).every((login) => known.has(login.toLowerCase()))) {
    return invalid('invalid', 'The listed users cannot be searched either because the users do not exist or ' +
      'you do not have permission to view the users.');
  }
  let found;
  try {
    found = all.filter((item) => matches(item, terms)).map((item) => searchItem(base, state, item));
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return refuse(501, `This fake does not know the qualifier ${error.message}`, docs);
  }
  const field = { created: 'created_at', updated: 'updated_at' }[query.get('sort')];
  if (field) found.sort((a, b) => b[field].localeCompare(a[field]) * (query.get('order') === 'asc' ? -1 : 1));
  const { items, headers, start } = page(found.slice(0, 1000), query, url);
  if (start >= 1000) return refuse(422, 'Only the first 1000 search results are available', docs);
  const incomplete = !!state.search.incomplete;
  return ok({ total_count: found.length, incomplete_results: incomplete, items, search_type: 'lexical' }, headers);
}

/// The content the test gave, each with its kind and who took part; private ones only for who may read them.
function searchable(state, account) {
  const me = state.viewer?.login;
  const { prs, reviews, issues } = state.search;
  const items = [
    ...prs.map((item) => ({ author: me, reviewers: [], ...item, pr: true })),
    ...reviews.map((item) => ({ author: 'octocat', reviewers: [me], ...item, pr: true })),
    ...issues.map((item) => ({ author: me, reviewers: [], ...item, pr: false })),
  ];
  return items.filter((item) => {
    const one = state.repository(item.repository);
    return !one || state.canRead(one, account);
  });
}

function rateLimit({ state, account }) {
  const one = (resource) => {
    const { window, limit } = state.limit(account, resource);
    return { limit, used: window.used, remaining: limit - window.used, reset: window.reset };
  };
  return ok({ resources: { core: one('core'), search: one('search') }, rate: one('core') });
}
