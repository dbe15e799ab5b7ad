// What is measured while others work: answers, events, the start of crawls, and how fast reviews go on.
//
// The loop is open: what is to be asked at a moment is asked then, whether the answer before is there or not, and its
// time counts from that moment. So a host that stands still for a second is slow fifty times, as for its user.

/// Questions a second, and changes a second whose event is waited for.
const READS = 50;
const WRITES = 50;
/// Seconds between two crawls that are asked for.
const CRAWLS = 5;
/// Reviews that are begun until it is known how fast they go on, and the milliseconds in which that must be.
const REVIEWS = 5;
const MOST = 90_000;

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/// Calls `work(n, due)` `rate` times a second for `seconds`, with the moment it was due; resolves when all have ended.
async function openLoop(rate, seconds, work) {
  const began = performance.now();
  const all = [];
  for (let n = 0; n < rate * seconds; n += 1) {
    const due = began + (n * 1_000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await later(wait);
    all.push(work(n, due));
  }
  await Promise.all(all);
}

/// The questions that pages ask, in turn, over all repositories.
function reads(stage) {
  const { projects } = stage;
  const of = (n) => projects[n % projects.length];
  const page = (n) => ({ repository_id: of(n), mine: false, query: '', offset: (n * 50) % 400, limit: 50 });
  const questions = [
    () => ['repository_list', {}], (n) => ['repository_commits', page(n)], () => ['activity_tasks', {}],
    (n) => ['repository_authors', { repository_id: of(n) }], () => ['setting_get', {}],
    () => ['job_boards', {}], () => ['achievement_list', {}], (n) => ['own_rule_get', { repository_id: of(n) }],
  ];
  return (n) => questions[n % questions.length](Math.floor(n / questions.length));
}

/// Measures for `seconds`, and longer where reviews run (`reviewing`): lists of milliseconds, and reviews a minute.
export async function measured(host, stage, seconds, reviewing) {
  const found = { reads: [], events: [], crawls: [], own: [], failed: 0, lag: [], reviews: null };
  const waiting = [];
  const begun = new Map();
  await host.listen((event) => {
    const [topic, , sha] = (event.topic ?? '').split(':');
    if (topic === 'review' && !begun.has(sha)) begun.set(sha, performance.now());
    // Events were dropped, because they came faster than they were taken: whose is not known.
    if (topic === '*') found.failed += waiting.splice(0).length;
    // Nobody but this writes the profile: events come in the order of the changes.
    if (topic === 'resume' && waiting.length > 0) found.events.push(performance.now() - waiting.shift());
  });
  const question = reads(stage);
  const profile = await host.call('resume_profile', {});
  const failed = () => { found.failed += 1; };
  await host.lag();
  await Promise.all([
    openLoop(READS, seconds, async (n, due) => {
      found.own.push(performance.now() - due);
      const [name, args] = question(n);
      await host.call(name, args).catch(failed);
      found.reads.push(performance.now() - due);
    }),
    openLoop(WRITES, seconds, async (n, due) => {
      waiting.push(due);
      // Another each time: the database would not write what is there already.
      const changed = { ...profile, basics: { ...profile.basics, label: `Label ${n}` } };
      await host.call('resume_profile_set', { profile: changed }).catch(failed);
    }),
    openLoop(1 / CRAWLS, seconds, async (_, due) => {
      try {
        const [board] = await host.call('job_boards', {});
        let task = await host.call('job_board_retry', { id: board.id });
        while (task.state === 'queued') {
          await later(20);
          task = await host.call('activity_task', { task_id: task.id });
        }
        found.crawls.push(performance.now() - due);
      } catch {
        failed();
      }
    }),
  ]);
  found.lag = await host.lag();
  // Reviews take longer than the rest needs to be measured.
  for (let waited = 0; reviewing && begun.size < REVIEWS && waited < MOST; waited += 200) await later(200);
  // The first was seen in its middle.
  const starts = [...begun.values()].slice(1);
  if (starts.length > 1) found.reviews = ((starts.length - 1) * 60_000) / (starts.at(-1) - starts[0]);
  return found;
}
