// Hacker News, "Ask HN: Who is hiring?". Described in "HN Search API" (hn.algolia.com/api) and in the README of
// github.com/HackerNews/API (Firebase). A thread a month, an advert is a comment in it: no fields, only text, its first
// line by custom "Company | Role | Place | Remote | Pay". The comment of a closed posting is deleted.
import { ok, page, refuse, whole } from './answers.mjs';
import { iso, payWords, placesOf, seconds, sections } from './advert.mjs';
import { placeName } from './companies.mjs';

const robot = 'whoishiring';
const months = 'January February March April May June July August September October November December'.split(' ');
const index = (ms) => new Date(ms).getUTCFullYear() * 12 + new Date(ms).getUTCMonth();

/// The thread of the month in which `ms` is: it begins on the first at 16:00 UTC, before that it is last month's.
function thread(ms) {
  const begins = (month) => Date.UTC(Math.floor(month / 12), month % 12, 1, 16);
  const month = begins(index(ms)) <= ms ? index(ms) : index(ms) - 1;
  const title = `Ask HN: Who is hiring? (${months[month % 12]} ${Math.floor(month / 12)})`;
  return { id: 41_000_000 + month * 10, month, title, at: begins(month) };
}

/// The threads that the same account opens a second later, about those who look for work.
const asides = ({ id: first, title, at }) => ['Who wants to be hired?', 'Freelancer? Seeking freelancer?']
  .map((words, index) => ({
    id: first + 1 + index, title: title.replace('Who is hiring?', words), at: at + (index + 1) * 1000,
  }));

const id = (posting, month) => 50_000_000 + (month % 120) * 100_000 + posting.number;

export const hackernews = {
  host: /^hn\.algolia\.com$|^hacker-news\.firebaseio\.com$/,
  slug: () => robot,
  paged: true,
  id: (posting, state) => id(posting, thread(state.now()).month),
  answer: (asked) => (asked.host === 'hn.algolia.com' ? algolia(asked) : firebase(asked)),
  missing: () => refuse(404, { status: 404, error: 'Not Found' }),
};

// As Hacker News writes text: paragraphs begin with <p> and never end, slashes are entities.
const said = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  .replaceAll("'", '&#x27;').replaceAll('/', '&#x2F;');

function words(state, posting) {
  const { name, domain } = state.companyOf(posting);
  const places = placesOf(posting).map(placeName).join(' or ');
  const how = { office: 'ONSITE', hybrid: 'HYBRID', remote: 'REMOTE' }[posting.mode];
  const kind = posting.kind === 'internship' ? 'INTERNS' : 'Full-time';
  const first = [name, posting.title, places, how, kind, payWords(posting)].filter(Boolean).join(' | ');
  const address = `https://careers.${domain}/jobs`;
  const link = `<a href="${said(address)}" rel="nofollow">${said(address)}</a>`;
  const lines = sections(posting).map(({ title, lines: all }) => `${title}: ${all.join('; ')}`);
  return [said(first), said(posting.about), ...lines.map(said), `Apply: ${link}`].join('<p>');
}

/// All comments at the top of the thread: the adverts, and one that is none.
function comments({ state, board, list }) {
  const { id: parent, month, at } = thread(state.now());
  const shown = new Set(list);
  const adverts = state.known(board).map((posting) => ({
    id: id(posting, month), by: posting.company, at: Math.max(posting.posted, at + posting.number * 1000), parent,
    text: words(state, posting), deleted: !shown.has(posting), posting,
  }));
  const text = 'Is there a thread for freelancers, too?';
  const aside = { id: parent + 5, by: 'reader', at: at + 60_000, parent, text };
  return [...adverts, aside].sort((a, b) => b.at - a.at || b.id - a.id);
}

/// A question below an advert: its author hires nobody.
function reply(comment) {
  const text = 'Do you take students of the second year?';
  return { id: comment.id + 50_000, by: 'student', at: comment.at + 3_600_000, parent: comment.id, text };
}

const node = (one, story, children = []) => ({
  id: one.id, created_at: iso(one.at), created_at_i: seconds(one.at), type: 'comment', author: one.by, title: null,
  url: null, text: one.text, points: null, parent_id: one.parent, story_id: story, children, options: [],
});

function algolia(asked) {
  const { state, path, query } = asked;
  const now = thread(state.now());
  const story = {
    created_at: iso(now.at), created_at_i: seconds(now.at), title: now.title, author: robot, points: 300, url: null,
  };
  const all = comments(asked).filter((one) => !one.deleted);
  const wanted = /^\/api\/v1\/items\/(\d+)$/.exec(path)?.[1];
  if (wanted && Number(wanted) === now.id) {
    const children = all.map((one) => {
      const asksBack = one.posting?.number % 5 === 0;
      return node(one, now.id, asksBack ? [node(reply(one), now.id)] : []);
    });
    return ok({
      id: now.id, type: 'story', ...story, text: 'State where you are and whether remote work is possible.',
      parent_id: null, story_id: now.id, children, options: [],
    });
  }
  const other = wanted && asides(now).find((one) => String(one.id) === wanted);
  if (other) {
    const { id: own, title, at } = other;
    return ok({
      id: own, type: 'story', ...story, created_at: iso(at), created_at_i: seconds(at), title, text: '',
      parent_id: null, story_id: own, children: [], options: [],
    });
  }
  const comment = wanted && all.find((one) => String(one.id) === wanted);
  if (comment) return ok(node(comment, now.id));
  if (!/^\/api\/v1\/search(_by_date)?$/.test(path)) return hackernews.missing();

  const tags = (query.get('tags') ?? '').split(',').filter(Boolean);
  const fits = (own) => tags.every((tag) => tag.replace(/^\(|\)$/g, '').split(',').some((one) => own.includes(one)));
  const stories = [{ id: now.id, title: now.title, at: now.at }, ...asides(now)].map((one) => ({
    ...story, created_at: iso(one.at), created_at_i: seconds(one.at), title: one.title, objectID: String(one.id),
    story_id: one.id, num_comments: one.id === now.id ? all.length : 0, updated_at: iso(one.at),
    _tags: ['story', `author_${robot}`, `story_${one.id}`, 'ask_hn'],
  }));
  const replies = all.map((one) => ({
    created_at: iso(one.at), created_at_i: seconds(one.at), author: one.by, comment_text: one.text,
    objectID: String(one.id), parent_id: one.parent, story_id: now.id, story_title: now.title, updated_at: iso(one.at),
    _tags: ['comment', `author_${one.by}`, `story_${now.id}`],
  }));
  const needle = (query.get('query') ?? '').toLowerCase();
  const list = [...stories, ...replies]
    .filter((hit) => fits(hit._tags) && (hit.title ?? hit.comment_text).toLowerCase().includes(needle))
    .sort((a, b) => b.created_at_i - a.created_at_i);
  const hitsPerPage = Math.min(1000, Math.max(1, whole(query.get('hitsPerPage'), 20)));
  const number = Math.max(0, whole(query.get('page'), 0));
  const again = (hit, at) => ({ ...hit, objectID: String(90_000_000 + at) });
  const { items, total } = page({ ...asked, list, again }, number * hitsPerPage, hitsPerPage);
  return ok({
    hits: items, nbHits: total, page: number, nbPages: Math.ceil(total / hitsPerPage), hitsPerPage,
    exhaustiveNbHits: true, query: query.get('query') ?? '', params: query.toString(), processingTimeMS: 2,
  });
}

function firebase(asked) {
  const now = thread(asked.state.now());
  if (asked.path === `/v0/user/${robot}.json`) {
    const submitted = [now, ...asides(now)].map((one) => one.id).reverse();
    return ok({ id: robot, created: 1_300_000_000, karma: 1, submitted });
  }
  const wanted = /^\/v0\/item\/(\d+)\.json$/.exec(asked.path)?.[1];
  const all = comments(asked);
  if (Number(wanted) === now.id) {
    return ok({
      by: robot, descendants: all.length, id: now.id, kids: all.map((one) => one.id), score: 300,
      text: 'State where you are.', time: seconds(now.at), title: now.title, type: 'story',
    });
  }
  const one = all.find((comment) => String(comment.id) === wanted);
  // An item that does not exist is null with a 200.
  if (!one) return ok(null);
  const common = { id: one.id, parent: one.parent, time: seconds(one.at), type: 'comment' };
  return ok(one.deleted ? { ...common, deleted: true } : { by: one.by, ...common, text: one.text });
}
