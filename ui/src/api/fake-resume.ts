/// The résumé of the fake core: bullets with undo, and files that a tracking system has read.
import type { Bullet, BulletStep, Omission, Omitted, ReadBack, ReadField, Task } from './bindings';
import { task, type Handlers } from './fake';
import { shaOf } from './fake-reviews';

export function bullet(id: number, text: string, more: Partial<Bullet> = {}): Bullet {
  return {
    id, repository_id: 1, repository: 'shop', text, by_model: true, gate: null, hidden: false, edited: false, private: false, safe: false, pinned: false, rewording: null,
    facts: [
      { text: '12 commits', method: 'git log by asha@example.org' },
      { text: '1,204 lines still in use', method: 'git blame of HEAD, 41 files' },
      { text: 'FastAPI in requirements.txt', method: 'manifest of HEAD' },
    ],
    commits: Array.from({ length: 9 }, (_, i) => shaOf(i * 3)), ...more,
  };
}

type Fake<N extends keyof Handlers> = Pick<Handlers, N>;

/// Bullets whose every change can be undone. Other words take `pause` ms.
export function fakeBullets(announce: (topic: string) => void, empty: boolean, pause = 1200) {
  let list: Bullet[] = empty ? [] : [
    bullet(1, 'Built order search with filters in Python and FastAPI over 12 commits; 1,204 of its lines are still in use.', { pinned: true }),
    bullet(2, 'Added 34 tests for discount rules and invoice pages.', {
      by_model: false, gate: 'it said “40 % faster”, which no fact supports',
    }),
    bullet(3, 'Moved the session store to SQLite and retried failed payment calls.', { edited: true }),
    bullet(4, 'Wrote deployment notes in README.md.', { hidden: true }),
  ];
  let steps: { what: BulletStep; before: Bullet[]; after: Bullet[] }[] = [];
  let undone = 0;
  let tasks: Task[] = [];
  const done = () => {
    announce('achievements');
    return null;
  };
  const step = (what: BulletStep, after: Bullet[]) => {
    steps = [...steps.slice(0, steps.length - undone), { what, before: list, after }];
    undone = 0;
    list = after;
    return done();
  };
  const change = (what: BulletStep, id: number, some: Partial<Bullet>) =>
    step(what, list.map((one) => (one.id === id ? { ...one, ...some } : one)));
  const sorted = () => [...list.filter((one) => one.pinned), ...list.filter((one) => !one.pinned)];

  const handlers: Fake<
    | 'achievement_list' | 'achievement_hide' | 'achievement_edit' | 'achievement_pin' | 'achievement_order' | 'achievement_steps'
    | 'achievement_undo' | 'achievement_redo' | 'achievement_reword' | 'achievement_decide'
  > = {
    achievement_list: sorted,
    achievement_hide: ({ id, hidden }) => change(hidden ? 'hide' : 'show', id, { hidden }),
    achievement_edit: ({ id, text }) => change('edit', id, { text, edited: true }),
    achievement_pin: ({ id, pinned }) => change(pinned ? 'pin' : 'unpin', id, { pinned }),
    achievement_order: ({ ids }) => step('move', ids.map((id) => list.find((one) => one.id === id)!)),
    achievement_steps: () => ({
      undo: steps[steps.length - 1 - undone]?.what ?? null,
      redo: steps[steps.length - undone]?.what ?? null,
    }),
    achievement_undo() {
      const last = steps[steps.length - 1 - undone];
      if (last === undefined) return null;
      undone += 1;
      list = last.before;
      return done();
    },
    achievement_redo() {
      const next = steps[steps.length - undone];
      if (next === undefined) return null;
      undone -= 1;
      list = next.after;
      return done();
    },
    achievement_reword({ id }) {
      const made = task(500 + tasks.length, { kind: 'reword', state: 'running', title: 'Find other words for a bullet of shop' });
      tasks = [made, ...tasks];
      setTimeout(() => {
        made.state = 'done';
        list = list.map((one) => (one.id === id ? {
          ...one, rewording: { ...one, text: one.text.replace(/^(\w+) (\w+ \w+)/, 'Implemented $2').replace('12 commits', '12 commits of mine'), by_model: true },
        } : one));
        announce('tasks');
        done();
      }, pause);
      return made;
    },
    achievement_decide({ id, take }) {
      const words = list.find((one) => one.id === id)?.rewording;
      if (words && take) return change('reword', id, { ...words, edited: false, rewording: null });
      list = list.map((one) => (one.id === id ? { ...one, rewording: null } : one));
      return done();
    },
  };
  return { handlers, list: sorted, tasks: () => tasks };
}

const fields = (wrong: boolean): ReadField[] =>
  [
    ['name', 'Asha Menon'], ['headline', 'B.Tech Computer Science, 2027'], ['email', 'asha@example.org'], ['phone', '+91 98765 43210'],
    ['links[0]', 'github.com/asha'], ['education[0].school', 'NIT Calicut'], ['education[0].degree', 'B.Tech, Computer Science'],
    ['education[0].dates', '2023-08 – 2027-05'], ['projects[0].title', 'shop'],
    ['projects[0].bullets[0]', 'Built order search with filters in Python and FastAPI over 12 commits.'], ['skills[0]', 'Python'],
  ].map(([field = '', meant = '']) => {
    const lost = wrong && (field === 'phone' || field.endsWith('dates'));
    return { field, meant, read: lost ? '' : meant, ok: !lost };
  });

/// A file as it is read; `wrong` is one in which something breaks.
export function readBack(name: string, wrong = false, more: Partial<ReadBack> = {}): ReadBack {
  return {
    name, kind: 'pdf', pages: 1, compared: true, problems: wrong ? [{
      breaks: 'Lines of the two columns may be read as one, so that titles, dates and skills mix.',
      why: 'Many systems read across the whole page, line by line.', mend: 'Use a template with one column.', found: '',
    }] : [],
    readings: (['by_place', 'by_order'] as const).map((reader) => ({
      reader, fields: fields(wrong), text: 'Asha Menon\nB.Tech Computer Science, 2027\nasha@example.org',
    })),
    ...more,
  };
}

/// What is read of the résumé and of other files, and what is left out of it.
export function fakeReadings(announce: (topic: string) => void) {
  let leftOut: Omitted[] = [];
  const project = (bullet: number, text: string): Omission => ({
    kind: 'project', entry: 0, bullet, title: 'shop', text, why: 'older, last in its list',
  });
  let proposal = [
    project(3, 'Wrote a script that renames pictures by the day on which they were taken.'), project(2, 'Sorted the shelf of the library.'),
  ];
  const handlers: Fake<'resume_read_back' | 'resume_read_file' | 'resume_fit' | 'resume_leave_out' | 'resume_left_out' | 'resume_put_back'> = {
    resume_read_back: () => [readBack('PDF'), readBack('DOCX', true, { kind: 'docx', pages: 0 })],
    resume_read_file: ({ path, exported }) => readBack(path.split('/').pop() ?? path, !exported, { compared: exported }),
    resume_fit: () => ({ pages: proposal.length > 0 ? 2 : 1, step: 3, proposal }),
    resume_leave_out(args) {
      proposal = proposal.filter((one) => one.text !== args.text);
      leftOut = [...leftOut, { id: leftOut.length + 1, kind: args.kind, entry: args.title, text: args.text }];
      announce('resume');
      return null;
    },
    resume_left_out: () => leftOut,
    resume_put_back({ id }) {
      const back = leftOut.find((one) => one.id === id);
      leftOut = leftOut.filter((one) => one.id !== id);
      if (back) proposal = [project(2, back.text), ...proposal];
      announce('resume');
      return null;
    },
  };
  return { handlers };
}
