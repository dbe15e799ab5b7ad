import { beforeEach, describe, expect, it } from 'vitest';

import { href, parse, Router, type Route } from '../src/router.svelte';

const sha = 'ab12'.repeat(10);
const routes: Route[] = [
  { page: 'repositories' }, { page: 'repository', id: 3 }, { page: 'commit', id: 3, sha }, { page: 'account' },
  { page: 'resume', at: null }, { page: 'resume', at: 'reading' }, { page: 'models' }, { page: 'activity' }, { page: 'settings' }, { page: 'ask', id: 3 },
  { page: 'findings', id: 3 },
  { page: 'analysis', id: 3 },
  { page: 'jobs', at: null }, { page: 'jobs', at: 17 }, { page: 'jobs', at: 'applications' }, { page: 'jobs', at: 'boards' },
  { page: 'tailor', job: 17, view: 'resume' }, { page: 'tailor', job: 17, view: 'letter' }, { page: 'tailor', job: 17, view: 'interview' },
  { page: 'learning', repository: null }, { page: 'learning', repository: 3 },
  { page: 'file', id: 3, path: 'src/app.py', lines: null, sha: null },
  { page: 'file', id: 3, path: 'src/app.py', lines: { from: 12, to: 12 }, sha: null },
  { page: 'file', id: 3, path: 'a b/50%?#&é.py', lines: { from: 12, to: 20 }, sha },
  { page: 'search', query: '', repository: null, path: '', language: null, mine: false },
  { page: 'search', query: 'a & b = 50% "c"?', repository: 3, path: 'src/#', language: 'c#', mine: true },
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

  it('reads lines only as lines, and the singular as it is typed by hand', () => {
    expect(parse('#/repository/3/file/a.py?line=12-20')).toMatchObject({ page: 'file', lines: { from: 12, to: 20 } });
    for (const line of ['', '0', '-3', 'x', '1e9', '20-']) {
      expect(parse(`#/repositories/3/file/a.py?line=${line}`), line).toMatchObject({ page: 'file', lines: null });
    }
    expect(parse('#/repositories/3/file/a.py?line=20-12'), 'backwards').toMatchObject({ lines: { from: 20, to: 20 } });
    expect(parse('#/repositories/3/file/%E0%A4%A.py'), 'no valid escape').toMatchObject({ path: '%E0%A4%A.py' });
    expect(parse('#/repositories/3/file/')).toEqual({ page: 'repository', id: 3 });
  });

  it('takes no commit id that is not one', () => {
    expect(parse('#/repositories/3/commits/<img>')).toEqual({ page: 'repository', id: 3 });
    expect(parse('#/repositories/3/file/a.py?at=HEAD~1')).toMatchObject({ page: 'file', sha: null });
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

  it('says a place more exactly without a new step for Back', () => {
    location.hash = '#/search';
    const router = new Router();
    const steps = history.length;
    router.replace({ page: 'search', query: 'retry', repository: null, path: '', language: null, mine: false });
    expect(location.hash).toBe('#/search?q=retry');
    expect(router.route).toMatchObject({ query: 'retry' });
    expect(history.length, 'Back would go through every letter').toBe(steps);
  });

  it('prefers the place in the address', () => {
    localStorage.setItem('internflow.place', '#/repositories/3');
    location.hash = '#/resume';
    expect(new Router().route).toEqual({ page: 'resume', at: null });
  });
});
