// Lever. Described in the README of github.com/lever/postings-api: a bare list, `skip` and `limit`, the requirements in
// `lists`, times in milliseconds, and a second host for customers in the EU.
import { ok, page, refuse, text, whole } from './answers.mjs';
import { items, paragraph, placeWords, placesOf, plainOf, sections, uuid } from './advert.mjs';

const id = (posting) => uuid(posting, 'lever');
const commitments = { internship: 'Internship', graduate: 'Full-time', job: 'Full-time' };
const workplaces = { office: 'on-site', hybrid: 'hybrid', remote: 'remote' };

const lever = (host, site) => ({
  host,
  slug: ({ path }) => /^\/v0\/postings\/([^/]+)/.exec(path)?.[1],
  paged: true,
  id,
  answer(asked) {
    const { state, board, path, query } = asked;
    const wanted = /^\/v0\/postings\/[^/]+\/([^/]+)$/.exec(path)?.[1];
    if (wanted) {
      const posting = state.find(board, (one) => id(one) === wanted);
      return posting ? ok(body(asked, posting, site)) : missing();
    }
    const skip = Math.max(0, whole(query.get('skip'), 0));
    const limit = Math.max(0, whole(query.get('limit'), 10_000));
    const found = page(asked, skip, limit).items.map((one) => body(asked, one, site));
    const asJson = query.get('mode') === 'json' || /json/.test(asked.headers.accept ?? '');
    if (asJson && query.get('mode') !== 'html') return ok(found);
    return text(`<div class="lever">${found.map((one) => `<li>${one.text}</li>`).join('')}</div>`, 'text/html');
  },
  missing,
});

export const global = lever(/^api\.lever\.co$/, 'jobs.lever.co');
export const eu = lever(/^api\.eu\.lever\.co$/, 'jobs.eu.lever.co');

function missing() {
  return refuse(404, { ok: false, error: 'Document not found' });
}

function body({ slug }, posting, site) {
  const { pay } = posting;
  const hosted = `https://${site}/${slug}/${id(posting)}`;
  const [first] = placesOf(posting);
  const all = posting.places.map((_, index) => placeWords(posting, index));
  return {
    additionalPlain: '',
    additional: '',
    categories: {
      commitment: commitments[posting.kind], department: posting.department, location: all[0], team: posting.department,
      allLocations: all,
    },
    createdAt: posting.posted,
    descriptionPlain: posting.about,
    description: paragraph(posting),
    id: id(posting),
    lists: sections(posting).map(({ title, lines }) => ({ text: title, content: items(lines) })),
    text: posting.title,
    country: first.code,
    workplaceType: workplaces[posting.mode],
    opening: '',
    openingPlain: '',
    descriptionBody: paragraph(posting),
    descriptionBodyPlain: plainOf({ ...posting, duties: [], needs: [], offers: [] }),
    hostedUrl: hosted,
    applyUrl: `${hosted}/apply`,
    ...(pay && {
      salaryRange: { currency: pay.currency, interval: `per-${pay.per}-salary`, min: pay.min, max: pay.max },
    }),
  };
}
