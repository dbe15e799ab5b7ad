/// Where the user is, as the part of the address after `#`. Back, forward and a restored window work
/// because the address is the only place that knows.

export type Route =
  | { page: 'repositories' }
  | { page: 'repository'; id: number }
  | { page: 'commit'; id: number; sha: string }
  | { page: 'account' }
  | { page: 'resume' }
  | { page: 'models' }
  | { page: 'activity' }
  | { page: 'settings' };

/// The address of a route; `parse` reads it back.
export function href(route: Route): string {
  switch (route.page) {
    case 'repository':
      return `#/repositories/${route.id}`;
    case 'commit':
      return `#/repositories/${route.id}/commits/${route.sha}`;
    case 'account':
      return '#/github';
    default:
      return `#/${route.page}`;
  }
}

/// Reads an address. What it does not know leads to the repositories, never to a blank page.
export function parse(hash: string): Route {
  const [first, second, third, fourth] = hash.replace(/^#?\/?/, '').split('/');
  if (first === 'repositories' && second !== undefined && /^\d+$/.test(second)) {
    const id = Number(second);
    if (third === 'commits' && fourth !== undefined && /^[0-9a-f]{7,64}$/.test(fourth)) {
      return { page: 'commit', id, sha: fourth };
    }
    return { page: 'repository', id };
  }
  if (first === 'github') return { page: 'account' };
  if (first === 'resume' || first === 'models' || first === 'activity' || first === 'settings') {
    return { page: first };
  }
  return { page: 'repositories' };
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

  #read(): void {
    const hash = this.view.location.hash;
    this.route = parse(hash);
    this.view.localStorage.setItem(remembered, href(this.route));
  }
}
