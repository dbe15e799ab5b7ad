import { beforeEach, describe, expect, it } from 'vitest';

import { href, parse, Router, type Route } from '../src/router.svelte';

const sha = 'ab12'.repeat(10);
const routes: Route[] = [
  { page: 'repositories' }, { page: 'repository', id: 3 }, { page: 'commit', id: 3, sha }, { page: 'account' },
  { page: 'resume' }, { page: 'models' }, { page: 'activity' }, { page: 'settings' },
];

describe('addresses', () => {
  for (const route of routes) {
    it(`reads ${href(route)} back`, () => expect(parse(href(route))).toEqual(route));
  }

  it('leads home from what it does not know', () => {
    for (const hash of ['', '#', '#/', '#/nowhere', '#/repositories/x', '#main']) {
      expect(parse(hash), hash).toEqual({ page: 'repositories' });
    }
  });

  it('takes no commit id that is not one', () => {
    expect(parse('#/repositories/3/commits/<img>')).toEqual({ page: 'repository', id: 3 });
  });
});

describe('Router', () => {
  beforeEach(() => {
    localStorage.clear();
    location.hash = '';
  });

  it('goes back to the last place when a window opens without one', () => {
    localStorage.setItem('internflow.place', '#/repositories/3');
    expect(new Router().route).toEqual({ page: 'repository', id: 3 });
  });

  it('prefers the place in the address', () => {
    localStorage.setItem('internflow.place', '#/repositories/3');
    location.hash = '#/resume';
    expect(new Router().route).toEqual({ page: 'resume' });
  });
});
