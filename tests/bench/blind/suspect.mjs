// Who is to blame, by what the parts of the app told of themselves: as somebody would read the Activity page who knows
// what it looked like before.

/// The parts that others work with, first: their trouble is seen in those, too.
const MODELS = ['text_model', 'embedder'];
const BELOW = ['database', ...MODELS];
/// So many times longer than before is slow, from so many seconds on.
const [SLOWER, SECONDS] = [2, 0.5];

const of = (snapshots, id) => snapshots.map((parts) => parts.find((part) => part.id === id)).filter(Boolean);
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

/// For how many snapshots running it had something to do and nothing went well.
function stuck(states) {
  let [longest, now, last] = [0, 0, undefined];
  for (const { last_success: success, state, queued } of states) {
    const busy = state === 'running' || state === 'waiting' || queued > 0;
    now = busy && success === last ? now + 1 : 0;
    last = success;
    longest = Math.max(longest, now);
  }
  return longest;
}

/// How long it takes at worst, undefined where it has not run; the database says it in words.
function seconds({ words, times }) {
  const [, ms] = /takes changes in (\d+) ms/.exec(words) ?? [];
  return ms === undefined ? times?.p99 : Number(ms) / 1_000;
}

const known = (states) => states.map(seconds).filter((value) => value !== undefined);

/// For how long a part was silent that tells every second that it lives, at worst; 0 where it says nothing of that.
const silent = (states) => Math.max(0, ...states.map(({ words }) => Number(/silent for ([\d.]+) s/.exec(words)?.[1] ?? 0)));

/// How one part fared: `{ weight, why }`, the weight 0 where it fared as before.
function fared(before, now) {
  const [was, is] = [before.at(-1), now.at(-1)];
  const trouble = now.find(({ state }) => state === 'broken' || state === 'left_alone');
  if (trouble) return { weight: 1_000, why: `it was ${trouble.state}: ${trouble.words}` };
  if (is.restarts > was.restarts) return { weight: 500, why: `it was begun again ${is.restarts - was.restarts} times` };
  const errors = now.filter(({ last_error: error }) => error && error.at > (was.last_error?.at ?? 0));
  if (errors.length > 0) return { weight: 200, why: errors.at(-1).last_error.message };
  // A question to a model takes as long as it takes: whether its process stands still, its signs of life tell.
  const [quiet, still] = [silent(before), silent(now)];
  if (still > SLOWER * quiet && still > SECONDS) return { weight: 50 * still, why: `it was silent for ${still} s` };
  if (MODELS.includes(is.id)) return { weight: 0, why: '' };
  // Who had not run before can't be slower than before.
  const times = known(before).length > 0 ? [median(known(before)), is.id === 'database' ? median(known(now)) : seconds(is)] : [0, 0];
  const stands = [stuck(before), stuck(now)];
  const slower = times[1] > SECONDS && times[1] > SLOWER * times[0] ? times[1] / Math.max(times[0], 0.05) : 0;
  const waits = stands[1] > 5 && stands[1] > SLOWER * stands[0] ? stands[1] / Math.max(stands[0], 1) : 0;
  if (slower === 0 && waits === 0) return { weight: 0, why: '' };
  return { weight: Math.min(100, Math.max(slower, waits)), why: slower > 0 ? `${times[1].toFixed(1)} s instead of ${times[0].toFixed(1)}` : `for ${stands[1]} s nothing went well` };
}

/// `{ id, why }`: the part that is slow or broken. Both arguments are lists of snapshots of `activity_components`.
export function suspect(before, now) {
  const ids = now.at(-1).map(({ id }) => id);
  const all = ids.map((id) => ({ id, ...fared(of(before, id), of(now, id)) })).filter(({ weight }) => weight > 0);
  const below = BELOW.map((id) => all.find((one) => one.id === id)).filter(Boolean);
  // Whoever else fares badly may only wait for one of these.
  const [first] = [...below.toSorted((a, b) => b.weight - a.weight), ...all.toSorted((a, b) => b.weight - a.weight)];
  return first ?? { id: undefined, why: 'all fare as before' };
}
