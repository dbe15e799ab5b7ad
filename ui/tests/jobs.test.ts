import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { CommandName } from '../src/api/backend';
import type { Task } from '../src/api/bindings';
import { fakeBackend, task, type Handlers } from '../src/api/fake';
import { fakeJobs, job, jobBoard } from '../src/api/fake-jobs';
import { Jobs } from '../src/features/jobs/jobs.svelte';
import JobsPage from '../src/features/jobs/JobsPage.svelte';
import { far, pay, whenAsked, where } from '../src/features/jobs/words';
import { Router, type Route } from '../src/router.svelte';
import { dropToast, toasts } from '../src/ui/toast.svelte';
import { accessible, all, named, press, type } from './screen';

const hostile = '<img src=x onerror=alert(1)>';
let close = () => Promise.resolve();

beforeEach(() => {
  localStorage.clear();
  location.hash = '';
});
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
  for (const toast of [...toasts]) dropToast(toast.id);
});

interface Given {
  /// No board is followed yet.
  first?: boolean;
  working?: Task[];
  handlers?: Partial<Handlers>;
}

/// The page over the made-up core; `calls` is what reached it and changed something.
async function show(at: (Route & { page: 'jobs' })['at'], { first = false, working = [], handlers = {} }: Given = {}) {
  const calls: [CommandName, unknown][] = [];
  const opened: string[] = [];
  const made = { ...fakeJobs((topic) => backend.announce(topic), first).handlers, activity_cancel: () => null, ...handlers };
  const reads = ['job_boards', 'job_list', 'job_get', 'job_catalogue', 'job_tracked', 'job_next_skills', 'job_wishes', 'job_reading', 'job_news', 'job_searches'];
  const backend = fakeBackend(
    Object.fromEntries(
      Object.entries(made).map(([name, handler]) => [
        name,
        (args: never) => {
          if (!reads.includes(name)) calls.push([name as CommandName, args]);
          return handler(args);
        },
      ]),
    ) as Partial<Handlers>,
  );
  const jobs = new Jobs(backend);
  const stop = backend.subscribe((event) => jobs.hear(event));
  const router = new Router();
  router.replace({ page: 'jobs', at });
  const props = {
    jobs,
    get route() {
      return router.route as Route & { page: 'jobs' };
    },
    go: (route: Route) => router.replace(route),
    replace: (route: Route) => router.replace(route),
    platform: { openExternal: (url: string) => opened.push(url), downloadUrl: (path: string) => `http://127.0.0.1/exports/${path.split('/').pop()}` },
    working,
  };
  // As the window has it: a header in it is not the page's.
  const component = mount(JobsPage, { target: document.body.appendChild(document.createElement('main')), props });
  flushSync();
  close = async () => {
    stop();
    await unmount(component);
  };
  return { calls, opened, router, jobs };
}

const rows = () => all('a[data-job]');
const titles = () => rows().map((one) => one.textContent);
const listed = (n: number) => vi.waitFor(() => expect(rows()).toHaveLength(n));
const dialog = () => document.querySelector('dialog');
const key = (name: string, more: KeyboardEventInit = {}, on: Element = document.activeElement ?? document.body) => {
  on.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }));
  flushSync();
};
const labelled = (name: string) => {
  const one = document.querySelector<HTMLElement>(`[aria-label="${name}"]`);
  if (one === null) throw new Error(`nothing is labelled ${name}`);
  return one;
};
const choose = (label: string, value: string) => {
  const select = labelled(label) as HTMLSelectElement;
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
};
const write = (selector: string, text: string) => {
  const field = document.querySelector<HTMLInputElement>(selector);
  if (field === null) throw new Error(`no field ${selector}`);
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
};

describe('the openings', () => {
  it('say what they pay, why they fit, and what to look at twice', async () => {
    await show(null);
    await listed(11);
    const text = (i: number) => rows()[i]?.closest('li')?.textContent?.replaceAll(/\s+/g, ' ') ?? '';
    expect(text(0)).toMatch(/Backend Engineering Intern.*86.*Tarangini Labs · Bengaluru, Pune and 1 more · Hybrid.*₹25,000 to ₹40,000 a month · apply by/);
    const interview = rows().findIndex((one) => one.textContent === 'Frontend Intern');
    expect(text(interview), 'what is not stated is never 0').toContain('Pay not stated');
    expect(text(interview)).toContain('Interview');
    const scam = rows().find((one) => one.textContent === 'Full Stack Developer Intern')!.closest('li')!;
    expect(scam.textContent, 'a warning is words, not a colour').toContain('Asks for a fee · Only a chat app to apply');
    await accessible();
  });

  it('are filtered, and an empty list leads out of itself', async () => {
    await show(null);
    await listed(11);
    choose('Kind of opening', 'new-graduate');
    await listed(2);
    choose('Kind of opening', '');
    await type('Search openings', 'vaigai');
    await listed(2);
    all<HTMLInputElement>('search input[type="checkbox"]')[0]!.click();
    flushSync();
    await vi.waitFor(() => expect(titles()).toEqual(['Platform Intern']));
    await type('Search openings', 'nothing like it');
    await press('Show every kind');
    await listed(11);
    await press('Closed');
    await vi.waitFor(() => expect(titles()).toEqual(['Compiler Intern']));
  });

  it('come in the order that is asked for, and a search is kept and recalled', async () => {
    const { calls } = await show(null);
    await listed(11);
    choose('Order of openings', 'deadline');
    await vi.waitFor(() => expect(titles()[0], 'what ends next comes first').toBe('Backend Engineering Intern'));
    await type('Search openings', 'vaigai');
    await listed(2);
    await press('Keep this search…');
    write('dialog form input', 'Vaigai');
    await press('Keep it');
    const search = { name: 'Vaigai', text: 'vaigai', kind: null, remote: false, order: 'deadline' };
    await vi.waitFor(() => expect(calls).toEqual([['job_search_keep', search]]));
    choose('Kept searches', 'Remote internships');
    await vi.waitFor(() => expect(titles()).toEqual(['Platform Intern', 'Full Stack Developer Intern']));
    choose('Kept searches', 'Vaigai');
    await vi.waitFor(() => expect(titles()).toEqual(['Platform Intern', 'Site Reliability Intern']));
    await accessible();
  });

  it('tell what is new with the reason, until it was seen', async () => {
    const { calls } = await show(null);
    await listed(11);
    const notice = () => document.querySelector('section[aria-label="New openings for you"]');
    expect(notice()?.textContent).toMatch(/2 new openings for you.*86.*Backend Engineering Intern.*71.*Kubernetes and Terraform are missing/s);
    await accessible();
    await press('Seen');
    await vi.waitFor(() => expect(notice()).toBeNull());
    expect(calls).toEqual([['job_news_seen', { id: 1 }]]);
  });

  it('are walked, opened and saved with keys', async () => {
    const { calls, router } = await show(null);
    await listed(11);
    key('j');
    key('j');
    expect(document.activeElement === rows()[1], 'the focus walks').toBe(true);
    key('k');
    expect(document.activeElement === rows()[0]).toBe(true);
    key('s');
    await vi.waitFor(() => expect(calls).toEqual([['job_track', { id: 1, state: 'saved' }]]));
    router.replace({ page: 'jobs', at: 1 });
    await vi.waitFor(() => expect(document.querySelector('.detail h2')?.textContent).toBe('Backend Engineering Intern'));
    key('j');
    await vi.waitFor(() => expect(document.querySelector('.detail h2')?.textContent, 'what is looked at follows').toContain('University Graduate'));
    key('Escape');
    await vi.waitFor(() => expect(router.route).toEqual({ page: 'jobs', at: null }));
  });

  it('type no keys into a field', async () => {
    const { calls } = await show(null);
    await listed(11);
    key('s', {}, labelled('Search openings'));
    key('h', {}, labelled('Search openings'));
    expect(calls, 'who searches for “sh” saves and hides nothing').toEqual([]);
    expect(dialog()).toBeNull();
  });

  it('are hidden with a reason, and that is undone', async () => {
    const { calls } = await show(null);
    await listed(11);
    rows()[4]!.focus();
    const title = rows()[4]!.textContent;
    key('h');
    expect(dialog()?.textContent).toContain('It stays under Hidden with your reason');
    await accessible();
    const scam = all<HTMLInputElement>('dialog input[type="radio"]')[1]!;
    scam.click();
    flushSync();
    await press('Hide it', dialog);
    await listed(10);
    expect(calls[0]?.[1]).toMatchObject({ reason: 'Looks like a scam' });
    await press('Undo');
    await listed(11);
    expect(titles()[4], 'it is where it was').toBe(title);
  });

  it('show what came from strangers as text', async () => {
    const strange = job(1, hostile, { company: hostile, why: hostile, flags: [hostile] });
    await show(null, { handlers: { job_list: () => ({ jobs: [strange], total: 1, notice: null }) } });
    await listed(1);
    expect(document.querySelector('img')).toBeNull();
    expect(titles()).toEqual([hostile]);
  });
});

describe('an opening', () => {
  const loaded = (title: string) => vi.waitFor(() => expect(document.querySelector('.detail h2')?.textContent).toBe(title));

  it('leads from a proven skill to the commit, and to its page in the browser', async () => {
    const { opened } = await show(1);
    await loaded('Backend Engineering Intern');
    const proof = all<HTMLAnchorElement>('.detail a.mono')[0]!;
    expect(proof.getAttribute('href'), 'a claim is followed down to the commit').toMatch(/^#\/repositories\/1\/commits\/[0-9a-f]{40}$/);
    await press('Apply on the company’s page');
    expect(opened, 'it opens in the browser, not in this window').toEqual(['https://boards.example.org/1']);
    expect(document.body.textContent).toContain('InternFlow never applies for you.');
    expect(all('.detail blockquote').map((one) => one.textContent)).toContain('Minimum CGPA of 7.5.');
    expect(document.querySelector('.detail')?.textContent).toMatch(/Not told.*CGPA/s);
    await accessible();
  });

  it('loses a posting that is another opening', async () => {
    const { calls } = await show(1);
    await loaded('Backend Engineering Intern');
    labelled('Not the same opening: Tarangini Labs on Greenhouse, Pune').click();
    await vi.waitFor(() => expect(all('.detail [aria-label^="Not the same"]')).toHaveLength(2));
    expect(calls).toEqual([['job_split', { id: 1, posting_id: 11 }]]);
  });

  it('is tracked, moved on, and let go only when the user means it', async () => {
    const { calls } = await show(1);
    await loaded('Backend Engineering Intern');
    await press('I have applied');
    await vi.waitFor(() => expect(labelled('How far: Backend Engineering Intern')).toBeDefined());
    choose('How far: Backend Engineering Intern', 'test');
    await vi.waitFor(() => expect(document.querySelector('.detail form')?.textContent).toContain('→ Test'));
    await press('Stop tracking');
    expect(dialog()?.textContent, 'a history is lost').toContain('thrown away');
    expect(calls).toHaveLength(2);
    await press('Throw them away', dialog);
    await vi.waitFor(() => expect(calls.at(-1)).toEqual(['job_track', { id: 1, state: null }]));
  });

  it('keeps its notes as they are typed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { calls } = await show(2);
      await vi.waitFor(() => expect(document.querySelector('.detail textarea')).not.toBeNull());
      write('.detail textarea', 'Call on Monday');
      expect(document.querySelector('.detail form [role="status"]')?.textContent).toBe('Typing');
      await vi.advanceTimersByTimeAsync(600);
      expect(calls).toEqual([
        ['job_note', { id: 2, notes: 'Call on Monday', deadline: null, interview: null, resume: 'Asha-Menon-Resume.pdf' }],
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('makes room for the next one when it is hidden', async () => {
    const { router } = await show(4);
    await loaded('Full Stack Developer Intern');
    await listed(11);
    const next = rows()[titles().indexOf('Full Stack Developer Intern') + 1]!;
    const title = next.textContent!;
    await press('Hide', () => document.querySelector('.detail'));
    await press('Hide it', dialog);
    await loaded(title);
    await listed(10);
    await vi.waitFor(() => expect(document.activeElement?.textContent, 'j and k go on from there').toBe(title));
    expect(router.route).not.toEqual({ page: 'jobs', at: 4 });
  });

  it('says when its text holds what a reader does not see', async () => {
    await show(4);
    await loaded('Full Stack Developer Intern');
    expect(document.querySelector('.detail')?.textContent).toContain('That was not read, and it moves no score.');
    expect(document.querySelector('.detail')?.textContent).toContain('registration fee of ₹999');
  });
});

describe('the boards', () => {
  const board = (name: string) => all('ul[aria-label="Followed boards"] > li').find((one) => one.textContent?.includes(name))!;
  const shown = () => vi.waitFor(() => expect(all('ul[aria-label="Followed boards"] > li').length).toBeGreaterThan(5));

  it('say why one is left alone, and try it when told to', async () => {
    const { calls } = await show('boards');
    await shown();
    expect(board('Vaigai Cloud').textContent).toMatch(/Left alone for [45] h.*did not work.*asked too often \(429\)/s);
    expect(board('Nilgiri Systems').textContent).toContain('Asked every 12 hours');
    expect(named('Try now', board('Nilgiri Systems')), 'nothing is to be tried there').toBeUndefined();
    expect(board('Sahyadri').textContent).toContain('14 more texts are read at the next crawls');
    await accessible();
    await press('Try now', () => board('Vaigai Cloud'));
    await vi.waitFor(() => expect(board('Vaigai Cloud').textContent).toContain('Asked every 12 hours'));
    expect(calls).toEqual([['job_board_retry', { id: 3 }]]);
  });

  it('are turned off, and removed only after it was said what stays', async () => {
    const { calls } = await show('boards');
    await shown();
    labelled('Ask Tarangini Labs').click();
    await vi.waitFor(() => expect(board('Tarangini Labs').textContent).toContain('its openings stay'));
    labelled('Remove Nilgiri Systems').click();
    flushSync();
    expect(dialog()?.textContent).toMatch(/its 11 openings leave\s+the list. What you track or hid stays/);
    await press('Remove it', dialog);
    await vi.waitFor(() => expect(board('Nilgiri Systems')).toBeUndefined());
    expect(calls.map(([name]) => name)).toEqual(['job_board_set', 'job_board_remove']);
  });

  it('are followed by an address; one that may not be read leads to pasting', async () => {
    await show('boards');
    await shown();
    write('form input', 'https://linkedin.com/jobs/1');
    await press('Follow');
    await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toContain('paste it here instead'));
    expect(document.querySelector<HTMLInputElement>('form input')?.value, 'what was typed stays').toContain('linkedin');
    write('form input', 'https://careers.palash.example/');
    await press('Follow');
    await vi.waitFor(() => expect(board('careers.palash.example').textContent).toContain('not read yet'));
  });

  it('are picked from a catalogue of hundreds', async () => {
    await show('boards');
    await press('Catalogue…');
    const companies = () => all('ul[aria-label="Companies"] > li');
    await vi.waitFor(() => expect(companies().length).toBeGreaterThan(200));
    write('dialog input', 'megha robot');
    expect(companies()).toHaveLength(1);
    await accessible();
    labelled('Follow Megha Robotics').click();
    await vi.waitFor(() => expect(companies()[0]?.textContent).toContain('Followed'));
  });

  it('show a crawl that runs, and stop it', async () => {
    const progress = { stage: 'Reading Vaigai Cloud', done: 2, total: 6, eta_s: null };
    const { calls } = await show('boards', { working: [task(7, { kind: 'crawl', title: 'Read 5 job boards', state: 'running', progress }), task(8)] });
    await shown();
    expect(all('[role="progressbar"]'), 'a review is none of theirs').toHaveLength(1);
    expect(named('Read them all now')?.hasAttribute('disabled'), 'a second crawl would only wait').toBe(true);
    await press('Cancel');
    expect(calls).toEqual([['activity_cancel', { task_id: 7 }]]);
  });

  it('are not needed for an advert that is pasted', async () => {
    const { router } = await show('boards');
    await press('Paste an advert…');
    write('dialog textarea', 'x');
    await press('Read it', dialog);
    await vi.waitFor(() => expect(dialog()?.querySelector('[role="alert"]')?.textContent).toContain('No advert was found'));
    write('dialog textarea', 'Embedded Intern\nMeghdoot Motors, Chennai');
    await accessible();
    await press('Read it', dialog);
    await vi.waitFor(() => expect(document.querySelector('.detail h2')?.textContent).toBe('Embedded Intern'));
    expect(typeof (router.route as Route & { page: 'jobs' }).at, 'it is shown at once').toBe('number');
  });
});

describe('applications', () => {
  const column = (name: string) => document.querySelector<HTMLElement>(`section[aria-label="${name}"]`)!;
  const shown = () => vi.waitFor(() => expect(all('[data-card]')).toHaveLength(5));

  it('stand in columns and move by key, by menu and by drag', async () => {
    const { calls } = await show('applications');
    await shown();
    await accessible();
    const card = () => document.querySelector<HTMLElement>('[data-card="5"]')!;
    card().querySelector('a')!.focus();
    key('ArrowRight', { shiftKey: true });
    await vi.waitFor(() => expect(column('Applied').contains(card())).toBe(true));
    await vi.waitFor(() => expect(document.activeElement === card().querySelector('a'), 'the focus goes along').toBe(true));
    choose('How far: Data Engineering Intern', 'interview');
    await vi.waitFor(() => expect(column('Interview').contains(card())).toBe(true));
    card().dispatchEvent(new Event('dragstart', { bubbles: true }));
    column('Offer').dispatchEvent(new Event('drop', { bubbles: true, cancelable: true }));
    await vi.waitFor(() => expect(column('Offer').contains(card())).toBe(true));
    expect(calls.map(([, args]) => args)).toEqual(['applied', 'interview', 'offer'].map((state) => ({ id: 5, state })));
  });

  it('go back when the core refuses', async () => {
    const refuse = () => {
      throw new Error('The disk is full.');
    };
    await show('applications', { handlers: { job_track: refuse } });
    await shown();
    choose('How far: Data Engineering Intern', 'offer');
    await vi.waitFor(() => expect(toasts.map((one) => one.text)).toEqual(['The disk is full.']));
    await vi.waitFor(() => expect(column('Saved').textContent, 'a card never lies where it is not').toContain('Data Engineering Intern'));
  });

  it('have things to do that are ticked off, and are taken along as files', async () => {
    const { calls } = await show('applications');
    await shown();
    await press('List');
    const ask = await vi.waitFor(() => all<HTMLLabelElement>('label').find((one) => one.textContent?.includes('Ask for an answer'))!);
    expect(ask.textContent).toContain('yesterday');
    await accessible();
    ask.querySelector('input')!.click();
    await vi.waitFor(() => expect(calls).toContainEqual(['job_follow_up', { id: 2, kind: 'ask' }]));
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this.download);
    });
    await press('Calendar file');
    await vi.waitFor(() => expect(clicked).toEqual(['applications.ics']));
  });
});

describe('what next and what I look for', () => {
  it('names the skills that would open most, with the openings', async () => {
    await show('next');
    await vi.waitFor(() => expect(document.body.textContent).toContain('opens 2 openings'));
    expect(all('a').map((one) => one.getAttribute('href'))).toContain('#/jobs/11');
    await accessible();
  });

  it('saves as typed, and keeps what the core refuses', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { calls } = await show('wishes');
      await vi.waitFor(() => expect(document.querySelector('form')).not.toBeNull());
      write('input[placeholder="8.2"]', '82');
      await vi.advanceTimersByTimeAsync(600);
      await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toContain('between 0 and 10'));
      expect(document.querySelector<HTMLInputElement>('input[placeholder="8.2"]')?.value).toBe('82');
      write('input[placeholder="8.2"]', '8.2');
      write('input[placeholder^="Bengaluru"]', 'Kochi, Pune, ');
      await vi.advanceTimersByTimeAsync(600);
      expect(calls.at(-1)?.[1]).toMatchObject({ cgpa: 8.2, places: ['Kochi', 'Pune'], batch: 2027 });
      await vi.waitFor(() => expect(document.querySelector('[role="alert"]')).toBeNull());
    } finally {
      vi.useRealTimers();
    }
    await accessible();
  });
});

describe('the first time', () => {
  it('explains boards before one is followed', async () => {
    await show(null, { first: true });
    await vi.waitFor(() => expect(document.body.textContent).toContain('No job board is followed yet'));
    expect(named('Choose boards')?.getAttribute('href')).toBe('#/jobs/boards');
    await accessible();
  });

  it('offers to read boards that nobody read', async () => {
    const unread = { job_boards: () => [jobBoard(1, 'Tarangini Labs', { crawled_at: null, outcome: null })] };
    const { calls } = await show(null, { first: true, handlers: unread });
    await press('Read them now');
    expect(calls.map(([name]) => name)).toEqual(['job_crawl']);
  });

  it('says where scores come from while nothing is known of the user', async () => {
    const unknown = job(1, 'Intern', { score: null, why: '' });
    const notice = 'Nothing is known of you yet.';
    await show(null, { handlers: { job_list: () => ({ jobs: [unknown], total: 1, notice }) } });
    await vi.waitFor(() => expect(document.body.textContent).toContain(notice));
    expect(named('Say what I look for', document.querySelector('.list')!)?.getAttribute('href')).toBe('#/jobs/wishes');
    expect(document.querySelector('.score'), 'no score is not a score of 0').toBeNull();
  });

  it('invites to save an opening before any is tracked', async () => {
    await show('applications', { first: true });
    await vi.waitFor(() => expect(named('To the openings')).toBeDefined());
  });
});

describe('words', () => {
  it('say what is stated and nothing else', () => {
    expect(pay({ stipend: null, salary_lpa: null })).toBe('Pay not stated');
    expect(pay({ stipend: { min: null, max: 20_000 }, salary_lpa: { min: 12, max: null } })).toBe('up to ₹20,000 a month, from ₹12 lakh a year');
    expect(where({ places: [], mode: null })).toBe('Place not stated');
    expect(where({ places: ['Remote, India'], mode: 'remote' }), 'not twice').toBe('Remote, India');
    const today = new Date(2026, 10, 28, 23, 59);
    expect(['2026-11-28', '2026-11-29', '2026-11-27', '2026-12-03'].map((day) => far(day, today))).toEqual(['today', 'tomorrow', 'yesterday', 'in 5 days']);
    expect(whenAsked({ on: true, circuit: { state: 'open', until: 100, reason: '' } }, 12, 200)).toBe('Tried again soon');
  });
});
