/// Openings, boards and applications of the fake core. Companies and people are invented.
import { Failure } from './backend';
import type {
  Application, ApplicationState, CatalogueBoard, Job, JobBoard, JobDetail, JobFact, JobFit, JobNotice, JobSearch, JobWishes, NextSkill, Task, TrackedJob,
} from './bindings';
import { task, type Handlers } from './fake';

const now = Math.floor(Date.now() / 1000);
const sha = (n: number) => (n * 7919).toString(16).padStart(8, '0').repeat(5);

/// A day from today, as the core writes it.
export const dayFrom = (days: number) => new Date((now + days * 86_400) * 1000).toISOString().slice(0, 10);

export function job(id: number, title: string, more: Partial<Job> = {}): Job {
  return {
    id, title, company: 'Tarangini Labs', places: ['Bengaluru'], kind: 'internship', mode: null, stipend: null, salary_lpa: null,
    day: dayFrom(-4), deadline: null, open: true, score: 60, why: 'You have 3 of 4 skills it requires.', flags: [], hidden: null,
    tracked: null, ...more,
  };
}

export function jobBoard(id: number, name: string, more: Partial<JobBoard> = {}): JobBoard {
  return {
    id, name, connector: 'greenhouse', address: `https://boards.example.org/${id}`, on: true, circuit: { state: 'closed' },
    crawled_at: now - 3 * 3600, outcome: 'complete', skipped: [], open: 4, ...more,
  };
}

export function application(state: ApplicationState, more: Partial<Application> = {}): Application {
  return {
    state, history: [{ at: now - 6 * 86_400, state: 'saved' }], notes: '', deadline: null, interview: null, follow_ups: [],
    resume: '', ...more,
  };
}

export const fit: JobFit = {
  score: 86,
  says: 'You may apply, and your code shows 3 of the 4 skills it requires. Go is missing.',
  parts: [
    { name: 'Required skills', points: 41, of: 50, why: 'Python, PostgreSQL and Docker show in your code; Go is missing.' },
    { name: 'Other skills', points: 5, of: 10, why: 'You say that you know Redis.' },
    { name: 'Closeness to your work', points: 20, of: 20, why: 'Most like your order search in shop.' },
    { name: 'Conditions', points: 15, of: 15, why: 'Nothing that it states rules you out.' },
    { name: 'Your wishes', points: 5, of: 5, why: 'Bengaluru is one of your cities.' },
  ],
  rules: [
    { name: 'Year of graduation', verdict: 'met', why: 'It takes 2027, your year.', from: 'Open to students graduating in 2027 or 2028.' },
    { name: 'Degree', verdict: 'met', why: 'It takes B.E. and B.Tech.', from: 'B.E./B.Tech in any branch.' },
    { name: 'CGPA', verdict: 'unknown', why: 'It asks for 7.5.', from: 'Minimum CGPA of 7.5.' },
    { name: 'Pay', verdict: 'met', why: 'It is paid.', from: 'Stipend: ₹25,000 to ₹40,000 per month.' },
    { name: 'Permit to work', verdict: 'not-stated', why: 'It states nothing.', from: '' },
    { name: 'Experience', verdict: 'not-stated', why: 'It states nothing.', from: '' },
  ],
  skills: [
    {
      name: 'Python', required: true, standing: 'proven', from: 'You write Python every day.',
      proofs: [{ repository_id: 1, repository: 'shop', method: '1,204 of your lines still in use', commits: [sha(3), sha(6), sha(9)] }],
    },
    {
      name: 'PostgreSQL', required: true, standing: 'proven', from: 'You are at home in PostgreSQL.',
      proofs: [{ repository_id: 4, repository: 'tracker', method: '12 migrations by you', commits: [sha(12)] }],
    },
    {
      name: 'Docker', required: true, standing: 'proven', from: 'Services run in Docker.',
      proofs: [{ repository_id: 4, repository: 'tracker', method: 'Dockerfile written by you', commits: [] }],
    },
    { name: 'Redis', required: false, standing: 'claimed', from: 'Redis is a plus.', proofs: [] },
    { name: 'Go', required: true, standing: 'missing', from: 'Our newer services are in Go.', proofs: [] },
  ],
};

const facts: JobFact[] = [
  { label: 'What it is', value: 'internship', from: 'Backend Engineering Intern (6 months)' },
  { label: 'Duration', value: '6 months', from: 'Backend Engineering Intern (6 months)' },
  { label: 'Stipend', value: '₹25,000 to ₹40,000 a month', from: 'Stipend: ₹25,000 to ₹40,000 per month.' },
  { label: 'Offer after it', value: 'possible', from: 'Strong interns may be offered a full-time role.' },
  { label: 'Batch', value: '2027, 2028', from: 'Open to students graduating in 2027 or 2028.' },
  { label: 'CGPA from', value: '7.5', from: 'Minimum CGPA of 7.5.' },
  { label: 'Asks for', value: 'Python, PostgreSQL, Docker, Go', from: 'You write Python every day.' },
  { label: 'Not stated', value: 'Bond, experience, start', from: '' },
];

const advert = `Backend Engineering Intern (6 months)

Tarangini Labs builds the software behind neighbourhood libraries in eleven cities. You write Python every day. You are at home in PostgreSQL. Services run in Docker. Our newer services are in Go. Redis is a plus.

Open to students graduating in 2027 or 2028. B.E./B.Tech in any branch. Minimum CGPA of 7.5.

Stipend: ₹25,000 to ₹40,000 per month. Strong interns may be offered a full-time role.`;

const openings: Job[] = [
  job(1, 'Backend Engineering Intern', {
    places: ['Bengaluru', 'Pune', 'Kochi'], stipend: { min: 25_000, max: 40_000 }, deadline: dayFrom(2), score: 86, why: fit.says, mode: 'hybrid',
  }),
  job(2, 'Software Engineer, University Graduate 2027', {
    company: 'Nilgiri Systems', kind: 'new-graduate', places: ['Hyderabad'], salary_lpa: { min: 14, max: 18 }, deadline: dayFrom(19), score: 78,
    why: 'You may apply, and your code shows all 3 skills it requires.', tracked: 'applied',
  }),
  job(3, 'Platform Intern', {
    company: 'Vaigai Cloud', places: ['Remote, India'], mode: 'remote', stipend: { min: 30_000, max: 30_000 }, score: 71,
    why: 'Kubernetes and Terraform are missing; the rest your code shows.',
  }),
  job(4, 'Full Stack Developer Intern', {
    company: 'Quick Career Boosters', places: [], mode: 'remote', stipend: { min: 1000, max: null }, score: 44,
    why: 'The skills fit; look at it twice before you answer.',
    flags: ['Asks for a fee', 'Only a chat app to apply', 'Certificate instead of pay'],
  }),
  job(5, 'Data Engineering Intern', {
    company: 'Sahyadri Analytics', places: ['Pune'], stipend: { min: 20_000, max: 25_000 }, score: 63, why: 'Spark and Airflow are missing.', tracked: 'saved',
    deadline: dayFrom(6),
  }),
  job(6, 'Graduate Engineer Trainee', {
    company: 'Meghdoot Motors', kind: 'new-graduate', places: ['Chennai', 'Pune'], score: 38, why: 'It takes only mechanical and electrical branches.',
    flags: ['A bond of 24 months'],
  }),
  job(7, 'Frontend Intern', { company: 'Kaveri Books', places: ['Mysuru'], score: 58, why: 'Svelte shows in your code; React is missing.', tracked: 'interview' }),
  job(8, 'Machine Learning Intern', { company: null, places: ['Bengaluru'], score: 35, why: 'PyTorch and its 2 other required skills are missing.', deadline: dayFrom(30) }),
  job(9, 'SDE I', { company: 'Nilgiri Systems', kind: 'job', places: ['Hyderabad'], salary_lpa: { min: 22, max: null }, score: 21, why: 'It asks for 3 years of experience.', flags: ['Senior in disguise'] }),
  job(10, 'Test Automation Intern', { company: 'Palash Health', places: ['Kolkata'], stipend: { min: 15_000, max: 15_000 }, score: 52, why: 'Selenium is missing.', tracked: 'test' }),
  job(11, 'Site Reliability Intern', { company: 'Vaigai Cloud', places: ['Chennai'], score: 55, why: 'Kubernetes is missing.', tracked: 'rejected' }),
  job(12, 'Android Intern', { company: 'Zero Pay Apps', places: ['Delhi'], score: 12, why: 'Kotlin is missing, and it pays nothing.', hidden: 'Not for me' }),
  job(13, 'Compiler Intern', { company: 'Tarangini Labs', open: false, score: 66, why: 'Rust shows in your code.', day: dayFrom(-70) }),
];

const applications = new Map<number, Application>([
  [2, application('applied', {
    history: [{ at: now - 9 * 86_400, state: 'saved' }, { at: now - 8 * 86_400, state: 'applied' }], resume: 'Asha-Menon-Resume.pdf',
    notes: 'Devika works there; she passed the résumé on.', follow_ups: [{ kind: 'ask', on: dayFrom(-1), what: 'Ask for an answer', done: false }],
  })],
  [5, application('saved', { deadline: dayFrom(6), follow_ups: [{ kind: 'apply', on: dayFrom(4), what: 'Apply before the last day', done: false }] })],
  [7, application('interview', { interview: dayFrom(3), history: [{ at: now - 20 * 86_400, state: 'applied' }, { at: now - 2 * 86_400, state: 'interview' }] })],
  [10, application('test', { notes: 'Online, 90 minutes.' })],
  [11, application('rejected')],
]);

const boards: JobBoard[] = [
  jobBoard(1, 'Tarangini Labs'),
  jobBoard(2, 'Nilgiri Systems', { connector: 'lever', crawled_at: now - 5 * 3600, outcome: 'unchanged', open: 11 }),
  jobBoard(3, 'Vaigai Cloud', {
    connector: 'workday', crawled_at: now - 3600, outcome: 'failed', open: 7,
    circuit: { state: 'open', until: now + 5 * 3600, reason: 'It answered 3 times in a row that it is asked too often (429).' },
  }),
  jobBoard(4, 'Sahyadri Analytics', {
    connector: 'ashby', outcome: 'partial', open: 3,
    skipped: ['2 postings had no title', '14 more texts are read at the next crawls'],
  }),
  jobBoard(5, 'careers.kaveri.example', {
    connector: 'page', crawled_at: now - 26 * 3600, outcome: 'failed', open: 1,
    circuit: { state: 'half-open', reason: 'It answered with a page that is no list of openings (503).' },
  }),
  jobBoard(6, 'Hacker News: Who is hiring', { connector: 'hackernews', on: false, open: 0, crawled_at: null, outcome: null }),
];

const syllables = ['Ara', 'Bhi', 'Chi', 'Deva', 'Esha', 'Gan', 'Hima', 'Ila', 'Jala', 'Kavi', 'Lata', 'Megha', 'Nila', 'Ojas'];
const endings = ['Works', 'Systems', 'Labs', 'Pay', 'Cloud', 'Health', 'Motors', 'Soft', 'Analytics', 'Foods', 'Retail', 'Robotics', 'Learning', 'Energy', 'Security'];
const catalogue: CatalogueBoard[] = syllables.flatMap((first, i) =>
  endings.map((second, j) => ({
    name: `${first} ${second}`, connector: ['greenhouse', 'lever', 'ashby', 'workday', 'smartrecruiters'][(i + j) % 5]!,
    address: `https://boards.example.org/${first}-${second}`.toLowerCase(), followed: (i * 15 + j) % 37 === 5,
  })),
);

export const nextSkills: NextSkill[] = [
  {
    name: 'Kubernetes', says: 'Of the openings that you may apply to, 2 require nothing else that you miss.',
    opens: [{ id: 11, title: 'Site Reliability Intern', company: 'Vaigai Cloud' }, { id: 3, title: 'Platform Intern', company: 'Vaigai Cloud' }],
    nearer: [{ id: 10, title: 'Test Automation Intern', company: 'Palash Health' }],
  },
  { name: 'Go', says: 'One opening, the best of yours, requires it.', opens: [{ id: 1, title: 'Backend Engineering Intern', company: 'Tarangini Labs' }], nearer: [] },
  { name: 'Spark', says: 'It would bring you nearer to one.', opens: [], nearer: [{ id: 5, title: 'Data Engineering Intern', company: 'Sahyadri Analytics' }] },
];

/// `first` is a host before the first board was followed; `?fake&jobs=unread` has boards that were not read, `jobs=unknown` knows nothing
/// of the user.
export function fakeJobs(announce: (topic: string) => void, first = false) {
  const wanted = new URLSearchParams(location.search).get('jobs');
  let jobs = structuredClone(first || wanted === 'unread' ? [] : openings);
  if (wanted === 'unknown') jobs = jobs.map((one) => ({ ...one, score: null, why: '' }));
  let followed = first ? [] : structuredClone(boards);
  if (wanted === 'unread') followed = followed.map((one) => ({ ...one, crawled_at: null, outcome: null, circuit: { state: 'closed' }, open: 0 }));
  let wishes: JobWishes = {
    batch: 2027, degree: 'B.Tech', branch: 'Computer Science', cgpa: null, places: ['Bengaluru', 'Pune', 'Kochi'], remote: true,
    paid_only: false, hidden_companies: [],
  };
  let searches: JobSearch[] = first ? [] : [{ name: 'Remote internships', text: '', kind: 'internship', remote: true, order: 'newest' }];
  let notices: JobNotice[] = first
    ? []
    : [
        {
          id: 1, at: now - 1800, title: '2 new openings for you', seen: false,
          says: 'They score at least your bar of 70: Backend Engineering Intern at Tarangini Labs (86), Platform Intern at Vaigai Cloud (71).',
          jobs: openings.filter((one) => one.id === 1 || one.id === 3).map(({ id, title, company, score, why }) => ({ id, title, company, score: score ?? 0, why })),
        },
      ];
  const tracked = new Map(jobs.length === 0 ? [] : applications);
  const split = new Set<number>();
  let crawls: Task[] = [];

  const changed = (id: number) => ['jobs', `job:${id}`].forEach(announce);
  const put = (id: number, some: Partial<Job>) => {
    jobs = jobs.map((one) => (one.id === id ? { ...one, ...some } : one));
    changed(id);
  };
  const find = (id: number): Job => {
    const one = jobs.find((other) => other.id === id);
    if (one === undefined) throw new Failure({ code: 'not_found', message: 'This opening is not there any more.' });
    return one;
  };
  const detail = (one: Job): JobDetail => ({
    job: one,
    sources: [
      { posting_id: one.id * 10, board: `${one.company ?? 'Pasted by you'} on Greenhouse`, address: `https://boards.example.org/${one.id}`, places: one.places.slice(0, 1), open: one.open },
      ...one.places.slice(1).map((place, i) => ({
        posting_id: one.id * 10 + 1 + i, board: `${one.company} on Greenhouse`, address: `https://boards.example.org/${one.id}/${i}`, places: [place], open: true,
      })),
    ].filter((source) => !split.has(source.posting_id)),
    facts,
    flags: one.flags.map((flag) => ({
      label: 'Look twice', value: flag,
      from: flag.includes('fee') ? 'Pay the refundable registration fee of ₹999 to book your seat.' : `The advert says so (${flag.toLowerCase()}).`,
    })),
    text: advert,
    hidden_text: one.id === 4,
    fit: one.score === null ? null : { ...fit, score: one.score, says: one.why },
    application: tracked.get(one.id) ?? null,
  });

  /// A crawl that takes some seconds.
  const crawl = (title: string): Task => {
    const made = task(900 + crawls.length, { kind: 'crawl', title, state: 'queued' });
    crawls = [made, ...crawls];
    const step = () => {
      if (made.state === 'cancelled') return;
      const done = made.progress.done + 1;
      made.state = done > 6 ? 'done' : 'running';
      made.progress = { stage: `Reading ${followed[done % Math.max(1, followed.length)]?.name ?? 'a board'}`, done, total: 6, eta_s: null };
      if (done > 6) {
        followed = followed.map((board) => (board.on ? { ...board, crawled_at: Math.floor(Date.now() / 1000), outcome: board.outcome ?? 'complete' } : board));
        for (const topic of ['boards', 'jobs']) announce(topic);
      } else setTimeout(step, 900);
      announce('tasks');
    };
    setTimeout(step, 600);
    announce('tasks');
    return made;
  };

  const handlers: Partial<Handlers> = {
    job_boards: () => followed,
    job_board_add({ address }) {
      if (/linkedin|naukri|internshala/.test(address)) {
        throw new Failure({ code: 'bad_request', message: 'LinkedIn is not read by a program. Its user agreement forbids software that copies what it shows. Open the advert there, copy its text and paste it here instead.' });
      }
      if (!/^https?:\/\/./.test(address)) throw new Failure({ code: 'bad_request', message: `\`${address}\` is no web address. Paste the address of the company's careers page.` });
      const listed = catalogue.find((one) => one.address === address);
      const made = jobBoard(20 + followed.length, listed?.name ?? new URL(address).host, {
        connector: listed?.connector ?? 'page', address, crawled_at: null, outcome: null, open: 0,
      });
      if (listed) listed.followed = true;
      followed = [...followed, made];
      announce('boards');
      return made;
    },
    job_board_set({ id, on }) {
      followed = followed.map((board) => (board.id === id ? { ...board, on } : board));
      announce('boards');
      return null;
    },
    job_board_retry({ id }) {
      followed = followed.map((board) => (board.id === id ? { ...board, on: true, circuit: { state: 'closed' } } : board));
      announce('boards');
      return crawl(`Read ${followed.find((board) => board.id === id)?.name}`);
    },
    job_board_remove({ id }) {
      followed = followed.filter((board) => board.id !== id);
      for (const topic of ['boards', 'jobs']) announce(topic);
      return null;
    },
    job_catalogue: () => catalogue,
    job_crawl: () => crawl(`Read ${followed.filter((board) => board.on).length} job boards`),
    job_reading: () => ({ hours: 12, waits: null }),
    job_news: () => notices,
    job_news_seen({ id }) {
      notices = notices.map((notice) => (notice.id <= id ? { ...notice, seen: true } : notice));
      announce('job_news');
      return null;
    },
    job_searches: () => searches,
    job_search_keep(search) {
      searches = [...searches.filter((one) => one.name !== search.name.trim()), { ...search, name: search.name.trim() }];
      announce('job_searches');
      return null;
    },
    job_search_drop({ name }) {
      searches = searches.filter((one) => one.name !== name);
      announce('job_searches');
      return null;
    },
    job_list({ show, text, kind, remote, order }) {
      const words = text.toLowerCase().split(/\s+/);
      const fitting = jobs.filter((one) => {
        const about = `${one.title} ${one.company} ${one.places.join(' ')} ${one.why}`.toLowerCase();
        const shown = show === 'hidden' ? one.hidden !== null : one.hidden === null && one.open === (show === 'open');
        return shown && words.every((word) => about.includes(word)) && (kind === null || one.kind === kind) && (!remote || one.mode === 'remote');
      });
      return {
        jobs: fitting.sort((a, b) => {
          if (order === 'newest') return b.day.localeCompare(a.day);
          if (order === 'deadline') return (a.deadline ?? '9999').localeCompare(b.deadline ?? '9999');
          return (b.score ?? 0) - (a.score ?? 0);
        }),
        total: fitting.length,
        notice: wanted === 'unknown' ? 'Nothing is known of you yet, so the newest come first. Make bullets from a repository or say what you look for.' : null,
      };
    },
    job_get: ({ id }) => detail(find(id)),
    job_hide({ id, reason }) {
      put(id, { hidden: reason });
      return null;
    },
    job_hide_company({ company }) {
      jobs = jobs.map((one) => (one.company === company && one.hidden === null ? { ...one, hidden: `You hid ${company}` } : one));
      wishes = { ...wishes, hidden_companies: [...wishes.hidden_companies, company] };
      announce('jobs');
      return null;
    },
    job_split({ id, posting_id }) {
      split.add(posting_id);
      const one = find(id);
      const place = one.places[posting_id - id * 10] ?? '';
      jobs = [...jobs, { ...one, id: 100 + jobs.length, places: [place], tracked: null }];
      changed(id);
      return null;
    },
    job_import({ text }) {
      const title = text.trim().split('\n')[0] ?? '';
      if (title.length < 4) throw new Failure({ code: 'bad_request', message: 'No advert was found in this. Paste its whole text, with its title in the first line.' });
      const made = job(100 + jobs.length, title, { company: null, places: [] });
      jobs = [...jobs, made];
      announce('jobs');
      return [made];
    },
    job_track({ id, state }) {
      const before = tracked.get(id) ?? application('saved', { history: [], deadline: find(id).deadline });
      if (state === null) tracked.delete(id);
      else tracked.set(id, { ...before, state, history: [...before.history, { at: Math.floor(Date.now() / 1000), state }] });
      put(id, { tracked: state });
      return null;
    },
    job_note({ id, ...written }) {
      tracked.set(id, { ...(tracked.get(id) ?? application('saved')), ...written });
      changed(id);
      return null;
    },
    job_follow_up({ id, kind }) {
      const one = tracked.get(id);
      if (one) tracked.set(id, { ...one, follow_ups: one.follow_ups.map((other) => (other.kind === kind ? { ...other, done: true } : other)) });
      changed(id);
      return null;
    },
    job_tracked: () => [...tracked].map(([id, one]): TrackedJob => ({ job: find(id), application: one })),
    job_next_skills: () => (first ? [] : nextSkills),
    job_calendar: () => ({ path: '/home/asha/.local/share/internflow/exports/applications.ics', bytes: 1204 }),
    job_table: () => ({ path: '/home/asha/.local/share/internflow/exports/applications.csv', bytes: 612 }),
    job_wishes: () => wishes,
    job_wishes_set(args) {
      if (args.cgpa !== null && args.cgpa > 10) throw new Failure({ code: 'bad_request', message: 'A CGPA is between 0 and 10. Leave it empty where your college gives per cent.' });
      wishes = args;
      announce('jobs');
      return null;
    },
  };
  return { handlers, tasks: () => crawls };
}
