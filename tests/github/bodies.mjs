// The JSON bodies of GitHub's REST API, with every field its OpenAPI description requires.

const nodeId = (kind, id) => Buffer.from(`${kind}:${id}`).toString('base64');
const epoch = '2020-01-01T00:00:00Z';

/// The short form of an account or organization, as it stands inside other bodies.
export function simpleUser({ api, web }, { login, id, type = 'User' }) {
  const url = `${api}/users/${login}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/// GET /user: the account of the token, with its private fields.
export function privateUser(base, account, repositories) {
  const shown = account.emails.find((email) => email.primary && email.visibility === 'public');
  return {
    ...simpleUser(base, account),
    user_view_type: 'private',
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: shown?.email ?? null,
    hireable: null,
    bio: null,
    twitter_username: null,
    notification_email: shown?.email ?? null,
    public_repos: repositories.filter((one) => !one.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: epoch,
    updated_at: epoch,
    private_gists: 0,
    total_private_repos: repositories.filter((one) => one.private).length,
    owned_private_repos: repositories.filter((one) => one.private).length,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
    plan: { name: 'free', space: 976562499, collaborators: 0, private_repos: 10000 },
  };
}

const everything = { admin: true, maintain: true, push: true, triage: true, pull: true };
const reading = { admin: false, maintain: false, push: false, triage: false, pull: true };

/// A repository as /user/repos lists it.
export function repository(base, state, repo, account) {
  const [login, name] = repo.full_name.split('/');
  const type = repo.owner_type ?? 'User';
  // An owner without an account still needs an id, the same one every time.
  const id = state.accounts.get(login.toLowerCase())?.id ?? ownerId(login);
  const url = `${base.api}/repos/${repo.full_name}`;
  const html = `${base.web}/${repo.full_name}`;
  const host = new URL(base.web).host;
  const mine = state.isOwner(repo, account) ? everything : reading;
  return {
    id: repo.id,
    node_id: nodeId('Repository', repo.id),
    name,
    full_name: repo.full_name,
    private: !!repo.private,
    owner: simpleUser(base, { login, id, type }),
    html_url: html,
    description: repo.description ?? null,
    fork: !!repo.fork,
    url,
    ...urls(url),
    created_at: repo.created_at ?? epoch,
    updated_at: repo.updated_at ?? repo.pushed_at ?? epoch,
    pushed_at: repo.pushed_at ?? epoch,
    git_url: `git://${host}/${repo.full_name}.git`,
    ssh_url: `git@${host}:${repo.full_name}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: repo.size ?? 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: repo.language ?? null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: !!repo.archived,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: true,
    is_template: !!repo.is_template,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: repo.default_branch ?? 'main',
    ...(account && { permissions: { ...mine, ...repo.permissions } }),
  };
}

/// GET /repos/{owner}/{repo} says more than the list.
export function fullRepository(base, state, repo, account) {
  const short = repository(base, state, repo, account);
  const template = repo.template && state.repository(repo.template);
  return {
    ...short,
    temp_clone_token: null,
    // A template that the caller may not see, or that is gone, leaves no trace.
    ...(template && state.canRead(template, account) && {
      template_repository: repository(base, state, template, account),
    }),
    ...(short.owner.type === 'Organization' && { organization: short.owner }),
    network_count: 0,
    subscribers_count: 0,
  };
}

function ownerId(login) {
  return [...login.toLowerCase()].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 100_000_000, 7);
}

/// The URL templates of a repository: the name of the field, and what follows the repository's URL.
const urls = (url) => Object.fromEntries(Object.entries({
  forks: 'forks', keys: 'keys{/key_id}', collaborators: 'collaborators{/collaborator}', teams: 'teams',
  hooks: 'hooks', issue_events: 'issues/events{/number}', events: 'events', assignees: 'assignees{/user}',
  branches: 'branches{/branch}', tags: 'tags', blobs: 'git/blobs{/sha}', git_tags: 'git/tags{/sha}',
  git_refs: 'git/refs{/sha}', trees: 'git/trees{/sha}', statuses: 'statuses/{sha}', languages: 'languages',
  stargazers: 'stargazers', contributors: 'contributors', subscribers: 'subscribers',
  subscription: 'subscription', commits: 'commits{/sha}', git_commits: 'git/commits{/sha}',
  comments: 'comments{/number}', issue_comment: 'issues/comments{/number}', contents: 'contents/{+path}',
  compare: 'compare/{base}...{head}', merges: 'merges', archive: '{archive_format}{/ref}',
  downloads: 'downloads', issues: 'issues{/number}', pulls: 'pulls{/number}',
  milestones: 'milestones{/number}', notifications: 'notifications{?since,all,participating}',
  labels: 'labels{/name}', releases: 'releases{/id}', deployments: 'deployments',
}).map(([field, path]) => [`${field}_url`, `${url}/${path}`]));

/// One result of /search/issues. `item` is what the test gave: number, title, repository, author, ...
export function searchItem(base, state, item) {
  const api = `${base.api}/repos/${item.repository}`;
  const url = `${api}/issues/${item.number}`;
  const pull = `${base.web}/${item.repository}/pull/${item.number}`;
  const html = item.pr ? pull : `${base.web}/${item.repository}/issues/${item.number}`;
  const author = state.accounts.get(item.author.toLowerCase());
  const id = item.id ?? ownerId(`${item.repository}/${item.number}`);
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id,
    node_id: nodeId(item.pr ? 'PullRequest' : 'Issue', id),
    number: item.number,
    title: item.title,
    user: simpleUser(base, author ?? { login: item.author, id: ownerId(item.author) }),
    labels: [],
    state: item.state ?? (item.closed_at || item.merged_at ? 'closed' : 'open'),
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: item.comments ?? 0,
    created_at: item.created_at ?? epoch,
    updated_at: item.updated_at ?? item.closed_at ?? item.merged_at ?? item.created_at ?? epoch,
    closed_at: item.closed_at ?? item.merged_at ?? null,
    author_association: item.author_association ?? 'NONE',
    active_lock_reason: null,
    ...(item.pr && {
      draft: !!item.draft,
      pull_request: {
        url: `${api}/pulls/${item.number}`,
        html_url: pull,
        diff_url: `${pull}.diff`,
        patch_url: `${pull}.patch`,
        merged_at: item.merged_at ?? null,
      },
    }),
    // GitHub sends null for an empty text, against its own description: a test may say `body: null`.
    body: item.body === undefined ? '' : item.body,
    reactions: reactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
    score: 1.0,
  };
}

const reactions = (url) => ({
  url: `${url}/reactions`,
  total_count: 0, '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0,
});

/// A comment on a commit of the repository.
export function commitComment(base, state, repo, comment) {
  const author = state.accounts.get(comment.login.toLowerCase());
  const url = `${base.api}/repos/${repo.full_name}/comments/${comment.id}`;
  const insider = repo.owner_type === 'Organization' ? 'MEMBER' : 'COLLABORATOR';
  const other = repo.permissions?.pull ? insider : 'NONE';
  return {
    html_url: `${base.web}/${repo.full_name}/commit/${comment.sha}#commitcomment-${comment.id}`,
    url,
    id: comment.id,
    node_id: nodeId('CommitComment', comment.id),
    user: simpleUser(base, author),
    position: comment.position,
    line: comment.line,
    path: comment.path,
    commit_id: comment.sha,
    created_at: comment.created_at,
    updated_at: comment.created_at,
    author_association: state.isOwner(repo, author) ? 'OWNER' : other,
    body: comment.body,
    reactions: reactions(url),
  };
}

/// An installation of the App, as the accounts it is installed on see it.
export function installation(base, state, one) {
  const known = state.accounts.get(one.account.toLowerCase());
  const type = one.type ?? (known ? 'User' : 'Organization');
  const id = known?.id ?? ownerId(one.account);
  const settings = type === 'User' ? 'settings' : `organizations/${one.account}/settings`;
  return {
    id: one.id,
    client_id: state.settings.client_id,
    account: simpleUser(base, { login: one.account, id, type }),
    repository_selection: one.repositories ? 'selected' : 'all',
    access_tokens_url: `${base.api}/app/installations/${one.id}/access_tokens`,
    repositories_url: `${base.api}/installation/repositories`,
    html_url: `${base.web}/${settings}/installations/${one.id}`,
    app_id: 1,
    app_slug: state.settings.app_slug,
    target_id: id,
    target_type: type,
    permissions: one.permissions,
    events: [],
    created_at: epoch,
    updated_at: epoch,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
