/// Where the user is, as the part of the address after `#`. Back, forward and a restored window work
/// because the address is the only place that knows.

/// Lines of a file, from 1, both inclusive.
export interface Lines {
  from: number;
  to: number;
}

const jobsViews = ['applications', 'boards', 'next', 'wishes'] as const;
export type JobsView = (typeof jobsViews)[number];

const tailorViews = ['resume', 'letter', 'interview'] as const;
export type TailorView = (typeof tailorViews)[number];

export type Route =
  | { page: 'repositories' }
  | { page: 'repository'; id: number }
  | { page: 'findings'; id: number }
  | { page: 'ask'; id: number }
  | { page: 'analysis'; id: number }
  | { page: 'ledger'; id: number }
  /// `sha` is null for the newest commit.
  | { page: 'file'; id: number; path: string; lines: Lines | null; sha: string | null }
  | { page: 'commit'; id: number; sha: string }
  /// `repository` and `language` are null for all, `path` is a part of the path or empty.
  | { page: 'search'; query: string; repository: number | null; path: string; language: string | null; mine: boolean }
  /// `repository` is null for all.
  | { page: 'learning'; repository: number | null }
  /// The openings, where `at` is null or the one that is looked at; or what else has to do with them.
  | { page: 'jobs'; at: number | JobsView | null }
  /// The résumé for one opening, or what goes with it.
  | { page: 'tailor'; job: number; view: TailorView }
  | { page: 'account' }
  /// The résumé, or what a tracking system reads of it.
  | { page: 'resume'; at: 'reading' | null }
  | { page: 'models' }
  | { page: 'activity' }
  | { page: 'settings' };

/// The address of a route; `parse` reads it back.
export function href(route: Route): string {
  switch (route.page) {
    case 'repository':
      return `#/repositories/${route.id}`;
    case 'findings':
      return `#/repositories/${route.id}/findings`;
    case 'ask':
      return `#/repositories/${route.id}/ask`;
    case 'analysis':
      return `#/repositories/${route.id}/analysis`;
    case 'ledger':
      return `#/repositories/${route.id}/ledger`;
    case 'file': {
      const path = route.path.split('/').map(encodeURIComponent).join('/');
      const asked = new URLSearchParams();
      if (route.sha !== null) asked.set('at', route.sha);
      if (route.lines !== null) asked.set('line', written(route.lines));
      return `#/repositories/${route.id}/file/${path}?${asked}`.replace(/\?$/, '');
    }
    case 'commit':
      return `#/repositories/${route.id}/commits/${route.sha}`;
    case 'search': {
      const asked = new URLSearchParams();
      if (route.query !== '') asked.set('q', route.query);
      if (route.repository !== null) asked.set('in', String(route.repository));
      if (route.path !== '') asked.set('path', route.path);
      if (route.language !== null) asked.set('lang', route.language);
      if (route.mine) asked.set('mine', '1');
      return `#/search?${asked}`.replace(/\?$/, '');
    }
    case 'learning':
      return route.repository === null ? '#/learning' : `#/learning?in=${route.repository}`;
    case 'jobs':
      return route.at === null ? '#/jobs' : `#/jobs/${route.at}`;
    case 'tailor':
      return `#/jobs/${route.job}/${route.view}`;
    case 'resume':
      return route.at === null ? '#/resume' : `#/resume/${route.at}`;
    case 'account':
      return '#/github';
    default:
      return `#/${route.page}`;
  }
}

const commit = /^[0-9a-f]{7,64}$/;

/// Reads an address. What it does not know leads to the repositories, never to a blank page.
export function parse(hash: string): Route {
  const [place = '', ...rest] = hash.replace(/^#?\/?/, '').split('?');
  const asked = new URLSearchParams(rest.join('?'));
  const [first, second, third, ...more] = place.split('/');
  // Addresses typed by hand say `repository`, too.
  if ((first === 'repositories' || first === 'repository') && second !== undefined && /^\d+$/.test(second)) {
    const id = Number(second);
    const path = more.map(decoded).join('/');
    if (third === 'findings') return { page: 'findings', id };
    if (third === 'ask') return { page: 'ask', id };
    if (third === 'analysis') return { page: 'analysis', id };
    if (third === 'ledger') return { page: 'ledger', id };
    if (third === 'file' && path !== '') {
      const at = asked.get('at') ?? '';
      return { page: 'file', id, path, lines: read(asked.get('line')), sha: commit.test(at) ? at : null };
    }
    if (third === 'commits' && commit.test(path)) return { page: 'commit', id, sha: path };
    return { page: 'repository', id };
  }
  if (first === 'search') {
    const within = asked.get('in') ?? '';
    return {
      page: 'search',
      query: asked.get('q') ?? '',
      repository: /^\d+$/.test(within) ? Number(within) : null,
      path: asked.get('path') ?? '',
      language: asked.get('lang') || null,
      mine: asked.get('mine') === '1',
    };
  }
  if (first === 'learning') {
    const within = asked.get('in') ?? '';
    return { page: 'learning', repository: /^\d+$/.test(within) ? Number(within) : null };
  }
  if (first === 'jobs') {
    const view = jobsViews.find((one) => one === second);
    const tailor = tailorViews.find((one) => one === third);
    if (tailor !== undefined && /^\d+$/.test(second ?? '')) return { page: 'tailor', job: Number(second), view: tailor };
    return { page: 'jobs', at: view ?? (/^\d+$/.test(second ?? '') ? Number(second) : null) };
  }
  if (first === 'github') return { page: 'account' };
  if (first === 'resume') return { page: 'resume', at: second === 'reading' ? 'reading' : null };
  if (first === 'models' || first === 'activity' || first === 'settings') {
    return { page: first };
  }
  return { page: 'repositories' };
}

/// `12`, or `12-20`.
export function written({ from, to }: Lines): string {
  return to > from ? `${from}-${to}` : `${from}`;
}

function read(lines: string | null): Lines | null {
  const [, first, last] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(lines ?? '') ?? [];
  const from = Number(first ?? 0);
  return from > 0 ? { from, to: Math.max(from, Number(last ?? from)) } : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const remembered = 'internflow.place';

export class Router {
  route = $state.raw<Route>({ page: 'repositories' });

  /// Follows the window's address; a window opened anew goes back to where it was.
  constructor(private readonly view: Window = window) {
    if (view.location.hash === '') {
      const last = view.localStorage.getItem(remembered);
      if (last !== null) view.history.replaceState(null, '', last);
    }
    this.#read();
    view.addEventListener('hashchange', () => this.#read());
  }

  go(route: Route): void {
    this.view.location.hash = href(route);
  }

  /// Says the place more exactly, as what is typed there: Back leads to where the user came from.
  replace(route: Route): void {
    if (href(route) === href(this.route)) return;
    this.view.history.replaceState(null, '', href(route));
    this.#read();
  }

  #read(): void {
    const hash = this.view.location.hash;
    this.route = parse(hash);
    this.view.localStorage.setItem(remembered, href(this.route));
  }
}
