/// A whole made-up core, for working on the UI without the real one: `npm run dev`, then add `?fake` to the
/// address. No build contains it.
import { Failure, type Host, type Platform } from './backend';
import type { Author, KeyState, Model, OwnModel, Profile, Repository, Settings, SignIn, Task } from './bindings';
import { account, choices, fakeBackend, remote, repository, task } from './fake';
import { fakeActivity } from './fake-activity';
import { fakeAnalysis } from './fake-analysis';
import { fakeCode } from './fake-code';
import { fakeData } from './fake-data';
import { contributions, fortyRepositories } from './fake-github';
import { fakeJobs } from './fake-jobs';
import { fakeLedger, importProposal } from './fake-ledger';
import { fakeLearning } from './fake-learning';
import { fakeBullets, fakeReadings } from './fake-resume';
import { fakeReviews, upload } from './fake-reviews';
import { fakeTailor } from './fake-tailor';

/// `?fake=empty` starts without repositories, `?fake=window` has what the window has; `account=in` is signed
/// in, `account=unkept` without a keyring, `account=token` has no client id.
export function fakeHost(): Host {
  const empty = new URLSearchParams(location.search).get('fake') === 'empty';
  const now = Math.floor(Date.now() / 1000);
  let repositories: Repository[] = empty ? [] : [
    repository(1, 'shop', { path: '/home/asha/projects/shop', commits: 10_240, mine: 213, import: upload }),
    repository(2, 'itsdangerous', {
      path: '/home/asha/src/itsdangerous', commits: 412,
      notice: 'This is a shallow clone: older commits are not here. `git fetch --unshallow` gets them.',
    }),
    repository(4, 'tracker', {
      commits: 318, mine: 291,
      remote: remote('asha/tracker', { synced_at: now - 300, news: ['9e3779b', '77aa310'] }),
    }),
    repository(5, 'raytracer', {
      commits: 64, mine: 60, import: { ...upload, size: { files: 12, added: 640, removed: 0 } },
      remote: remote('asha/raytracer', {
        private: true, template: true, synced_at: now - 90_000,
        problem: 'GitHub says that asha/raytracer is not there any more, or that this account may not see it. What was fetched stays.',
      }),
    }),
  ];
  let remotes = fortyRepositories().map((one) => (empty ? { ...one, repository_id: null } : one));
  const wanted = new URLSearchParams(location.search).get('account');
  const signedOut = (message: string | null = null): SignIn => ({
    state: 'signed_out', message, can_use_code: wanted !== 'token', locked: wanted === 'locked',
    token_page: 'https://github.com/settings/personal-access-tokens/new',
  });
  const signedIn: SignIn = { state: 'signed_in', account: { ...account, kept: wanted !== 'unkept' } };
  let signIn: SignIn = wanted === 'in' || wanted === 'unkept' ? signedIn : signedOut();
  let confirming: ReturnType<typeof setTimeout> | undefined;
  let settings: Settings = choices;
  let key: KeyState = 'none';
  const ownModel = (): OwnModel => {
    const host = settings.model_address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    const leaves = host !== '' && !/^(127\.|localhost)/.test(host);
    const plain = leaves && settings.model_address.startsWith('http://');
    return { on: host !== '' && settings.model_name !== '', name: settings.model_name, host, leaves, plain, key };
  };
  let confirmed = ['asha@example.org', 'asha.menon@nitc.ac.in'];
  let authors: Author[] = [
    { name: 'Asha Menon', email: 'asha@example.org', commits: 198, mine: true },
    { name: 'Devika Rao', email: 'devika@example.org', commits: 92, mine: false },
    { name: 'asha', email: 'asha@laptop.local', commits: 15, mine: false },
  ];
  const models: Model[] = [
    {
      id: 'qwen2.5-coder-1.5b', name: 'Qwen2.5-Coder 1.5B Instruct', role: 'text', licence: 'Apache-2.0',
      bytes: 1_117_320_768, state: 'missing', folder: '/home/asha/.local/share/internflow/models/qwen2.5-coder-1.5b',
    },
    {
      id: 'all-minilm-l6-v2', name: 'all-MiniLM-L6-v2', role: 'embedding', licence: 'Apache-2.0', bytes: 90_868_376,
      state: 'ready', folder: '/home/asha/.local/share/internflow/models/all-minilm-l6-v2',
    },
  ];
  let tasks: Task[] = empty ? [] : [
    task(9, { state: 'running', title: 'Review shop 3f9c021', progress: { stage: 'Asking the model about shop/orders.py', done: 3, total: 8, eta_s: 28 } }),
    task(8, { state: 'queued', title: 'Review shop 77aa310' }),
    task(7, { state: 'done', title: 'Review shop 9e3779b' }),
    task(6, { kind: 'bullets', state: 'done', title: 'Write bullets for shop' }),
    task(5, { state: 'failed', title: 'Review shop 1b2c3d4', error: { code: 'failed', message: 'The model worker was killed while it read shop/orders.py, probably for memory. Close other programs and review the commit again.' } }),
    task(4, { state: 'cancelled', title: 'Review itsdangerous 672971d' }),
  ];
  let profile = {
    basics: {
      name: empty ? '' : 'Asha Menon', label: empty ? '' : 'B.Tech Computer Science, 2027', email: '', phone: '', url: '', summary: '',
      location: { city: '', region: '', countryCode: '' }, profiles: [],
    },
    ...(empty ? {} : { education: [{ institution: 'NIT Calicut', studyType: 'B.Tech', area: 'Computer Science', startDate: '2023-08', endDate: '2027-05', score: '8.9 CGPA', courses: ['Databases'] }] }),
  } as unknown as Profile;

  const page = () =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842" font-family="sans-serif"><rect width="595" height="842" fill="#fff"/><text x="40" y="60" font-size="22" font-weight="700">${profile.basics.name || ' '}</text><text x="40" y="82" font-size="11" fill="#444">${profile.basics.label}</text><text x="40" y="120" font-size="12" font-weight="700">PROJECTS</text>${bullets.list().filter((b) => !b.hidden).map((b, i) => `<text x="48" y="${142 + i * 18}" font-size="9">• ${b.text.slice(0, 100)}</text>`).join('')}</svg>`;

  /// A sync that takes some seconds.
  const sync = (one: Repository): Task => {
    const made = task(300 + tasks.length, { kind: 'sync', title: `Sync ${one.remote?.full_name}`, state: 'queued' });
    tasks = [made, ...tasks];
    const step = () => {
      const done = made.progress.done + 1;
      made.state = done > 5 ? 'done' : 'running';
      made.progress = { stage: 'Fetching new commits', done, total: 5, eta_s: null };
      if (done > 5) {
        const synced_at = Math.floor(Date.now() / 1000);
        repositories = repositories.map((other) =>
          other.id === one.id && other.remote ? { ...other, remote: { ...other.remote, synced_at, problem: null } } : other,
        );
        backend.announce('repositories');
      } else setTimeout(step, 900);
      backend.announce('tasks');
    };
    setTimeout(step, 600);
    return made;
  };
  const enter = (state: SignIn): SignIn => {
    clearTimeout(confirming);
    signIn = state;
    return state;
  };

  const reviews = fakeReviews((topic) => backend.announce(topic));
  const bullets = fakeBullets((topic) => backend.announce(topic), empty);
  const resume = fakeReadings((topic) => backend.announce(topic));
  const analysis = fakeAnalysis((topic) => backend.announce(topic));
  const learning = fakeLearning((topic) => backend.announce(topic));
  const jobs = fakeJobs((topic) => backend.announce(topic), empty);
  const code = fakeCode((topic) => backend.announce(topic));
  const backend = fakeBackend({
    account_get: () => signIn,
    account_sign_in() {
      confirming = setTimeout(() => {
        enter(signedIn);
        backend.announce('account');
      }, 8000);
      signIn = {
        state: 'code', user_code: 'WDJB-MJHT', page: 'https://github.com/login/device',
        expires_at: Math.floor(Date.now() / 1000) + 900, waiting: null,
      };
      return signIn;
    },
    account_unlock: () => enter(signedIn),
    account_cancel: () => enter(signedOut()),
    account_token({ token }) {
      if (!/^(github_pat|ghp)_/.test(token)) throw new Failure({ code: 'failed', message: 'GitHub does not know this token. Copy it again, or make a new one.' });
      return enter({ state: 'signed_in', account: { ...account, renewable_until: null } });
    },
    account_sign_out() {
      enter(signedOut());
      backend.announce('account');
      return { revoke_page: account.revoke_page };
    },
    account_contributions: () => contributions,
    async repository_remote({ refresh }) {
      await new Promise((done) => setTimeout(done, refresh ? 1500 : 300));
      return remotes;
    },
    repository_follow({ address }) {
      const full_name = address.replace(/^https:\/\/[^/]+\//, '').replace(/\.git$/, '');
      const made = repository(10 + repositories.length, full_name.split('/')[1] ?? full_name, {
        branch: null,
        remote: remote(full_name),
      });
      repositories = [...repositories, made];
      remotes = remotes.map((one) => (one.full_name === full_name ? { ...one, repository_id: made.id } : one));
      sync(made);
      for (const topic of ['repositories', 'tasks']) backend.announce(topic);
      return made;
    },
    repository_sync({ ids }) {
      const made = repositories.filter((one) => one.remote && (ids.length === 0 || ids.includes(one.id))).map(sync);
      backend.announce('tasks');
      return made;
    },
    repository_sync_due: () => null,
    repository_news({ repository_id }) {
      repositories = repositories.map((one) => (one.id === repository_id && one.remote ? { ...one, remote: { ...one.remote, news: [] } } : one));
      backend.announce('repositories');
      return null;
    },
    identity_known: () => true,
    identity_list: () => confirmed,
    repository_list: () => repositories,
    repository_add({ path }) {
      if (!path.startsWith('/')) throw new Failure({ code: 'failed', message: `${path} is not a git repository. Choose the folder that contains the folder .git.` });
      const made = repository(3, path.split('/').pop() ?? path, { path, commits: 10_240, mine: 213 });
      repositories = [...repositories, made];
      return made;
    },
    repository_refresh: ({ id }) => repositories.find((one) => one.id === id)!,
    repository_remove({ id }) {
      repositories = repositories.filter((one) => one.id !== id);
      remotes = remotes.map((one) => (one.repository_id === id ? { ...one, repository_id: null } : one));
      backend.announce('repositories');
      return null;
    },
    repository_import({ repository_id, mine }) {
      repositories = repositories.map((one) =>
        one.id === repository_id && one.import ? { ...one, import: { ...one.import, mine }, mine: one.mine + (mine ? 1 : -1) } : one,
      );
      for (const topic of ['repositories', `commits:${repository_id}`]) backend.announce(topic);
      return repositories.find((one) => one.id === repository_id)!;
    },
    repository_authors: () => authors,
    repository_identities({ emails }) {
      authors = authors.map((author) => ({ ...author, mine: emails.includes(author.email) }));
      confirmed = emails;
      return null;
    },
    ...reviews.handlers,
    ...code.handlers,
    ...analysis.handlers,
    ...learning.handlers,
    ...jobs.handlers,
    achievement_build: () => task(200, { kind: 'bullets', state: 'queued' }),
    ...fakeLedger((topic) => backend.announce(topic)),
    ...bullets.handlers,
    ...resume.handlers,
    resume_profile: () => profile,
    resume_profile_set(args) {
      profile = args.profile;
      backend.announce('resume');
      return null;
    },
    resume_import_read: () => importProposal,
    resume_import_take() {
      backend.announce('resume');
      return null;
    },
    resume_preview: () => ({ pages: [page()], file_stem: 'Asha-Menon-BTech-Computer-Science-2027', missing: profile.basics.email === '' ? ['an e-mail address', 'a phone number'] : [] }),
    resume_export: ({ format, path }) => ({ path: path ?? `/home/asha/.local/share/internflow/exports/Asha-Menon-BTech-Computer-Science-2027.${format}`, bytes: 48_213 }),
    ...fakeTailor((topic) => backend.announce(topic)),
    model_list: () => models,
    model_get: () => tasks[0]!,
    model_verify: () => models,
    activity_tasks: () => [...jobs.tasks(), ...bullets.tasks(), ...tasks],
    activity_cancel({ task_id }) {
      for (const one of [...tasks, ...reviews.tasks(), ...code.tasks(), ...analysis.tasks(), ...jobs.tasks()]) if (one.id === task_id) one.state = 'cancelled';
      return null;
    },
    ...fakeActivity(now, empty),
    activity_doctor: () => [
      { name: 'Data folder', ok: true, found: '/home/asha/.local/share/internflow, 212 GB free', mend: '' },
      { name: 'Text model', ok: false, found: 'Not downloaded', mend: 'Open Models and download it, or run internflow-cli models get qwen2.5-coder-1.5b.' },
      { name: 'Embedding model', ok: true, found: 'Ready, checksum compared', mend: '' },
      { name: 'Threads', ok: true, found: '2 of 4 for the model', mend: '' },
    ],
    outside_get: ownModel,
    outside_key(args) {
      key = args.key === '' ? 'none' : 'this_run';
      backend.announce('settings');
      return ownModel();
    },
    async outside_test() {
      await new Promise((done) => setTimeout(done, 600));
      const models = ['gpt-oss:20b', 'qwen3-coder:30b'];
      const { host, name } = ownModel();
      const ready = models.includes(name);
      return { ready, models, message: ready ? `${host} answers and has ${name}.` : `${host} answers. Enter the name of the model that is to answer.` };
    },
    ...fakeData((topic) => backend.announce(topic)),
    setting_get: () => settings,
    setting_supply: () => ({ on_battery: false, metered: null }),
    setting_set(args) {
      if (args.github_api !== '' && !args.github_api.startsWith('https://')) throw new Failure({ code: 'failed', message: 'The API address must begin with https://. Nothing was changed.' });
      settings = args;
      backend.announce('settings');
      return null;
    },
  });

  const inWindow = new URLSearchParams(location.search).get('fake') === 'window';
  const platform: Platform = inWindow
    ? {
        pickFolder: () => Promise.resolve('/home/asha/projects/notes'),
        pickFile: () => Promise.resolve('/home/asha/old-resume.pdf'),
        onFileDrop: (over) => {
          addEventListener('fake-drag', () => over(true));
          return () => undefined;
        },
        startDrag: () => Promise.resolve(),
        saveAs: (suggested) => Promise.resolve(`/home/asha/${suggested}`),
        reveal: () => Promise.resolve(),
        openFile: () => Promise.resolve(),
        openExternal: () => undefined,
      }
    : {
        downloadUrl: (path) => `${location.origin}/exports/${path.split('/').pop()}`,
        openExternal: () => undefined,
      };
  return { backend, platform };
}
