// Recruitee. Described in "Careers Site API" on docs.recruitee.com: every published offer in one answer, requirements
// apart from the description, times with a space and "UTC".
import { html, ok, refuse } from './answers.mjs';
import { iso, items, paragraph, placesOf, sections, slugOf } from './advert.mjs';
import { placeName } from './companies.mjs';

const id = (posting) => 2_000_000 + posting.number;
const path = (posting) => `${slugOf(posting.title)}-${posting.number}`;
const types = { internship: 'internship', graduate: 'fulltime_permanent', job: 'fulltime_permanent' };
const levels = { internship: 'student_college', graduate: 'entry_level', job: 'mid_level' };

export const recruitee = {
  host: /^([a-z0-9-]+)\.recruitee\.com$/,
  slug: ({ found }) => found[1],
  id,
  answer(asked) {
    const { state, board } = asked;
    if (/^\/api\/offers\/?$/.test(asked.path)) return ok({ offers: asked.list.map((one) => offer(asked, one)) });
    const wanted = /^\/api\/offers\/([^/]+)$/.exec(asked.path)?.[1];
    const posting = wanted && state.find(board, (one) => [String(id(one)), path(one)].includes(wanted));
    return posting ? ok({ offer: offer(asked, posting) }) : refuse(404, { error: ['Not found'] });
  },
  missing: () => html('Page not found', '<h1>Page not found</h1>', 404),
};

const time = (ms) => `${iso(ms).slice(0, 19).replace('T', ' ')} UTC`;

function offer({ state, slug }, posting) {
  const all = placesOf(posting);
  const [first] = all;
  const parts = Object.fromEntries(sections(posting).map((one) => [one.key, `<ul>${items(one.lines)}</ul>`]));
  const url = `https://${slug}.recruitee.com/o/${path(posting)}`;
  const { pay } = posting;
  return {
    id: id(posting),
    slug: path(posting),
    guid: `r${posting.number.toString(36)}`,
    position: posting.number,
    status: 'published',
    kind: 'job',
    title: posting.title,
    sharing_title: posting.title,
    company_name: state.companyOf(posting).name,
    department: posting.department,
    category_code: 'it_and_telecommunication',
    employment_type_code: types[posting.kind],
    experience_code: levels[posting.kind],
    education_code: null,
    description: paragraph(posting) + (parts.duties ?? '') + (parts.offers ?? ''),
    requirements: parts.needs ?? '',
    city: first.city ?? '',
    country: first.country,
    country_code: first.code,
    state_code: first.regionCode,
    postal_code: null,
    location: placeName(first),
    locations: all.map((place, index) => ({
      id: 90_000 + index, name: placeName(place), city: place.city, country: place.country, country_code: place.code,
      state: place.region, state_code: place.regionCode, postal_code: null, street: null, note: null,
    })),
    remote: posting.mode === 'remote',
    hybrid: posting.mode === 'hybrid',
    on_site: posting.mode === 'office',
    min_hours: null,
    max_hours: null,
    salary: {
      min: pay ? String(pay.min) : null, max: pay ? String(pay.max) : null, period: pay?.per ?? null,
      currency: pay?.currency ?? null,
    },
    tags: [],
    open_questions: [],
    created_at: time(posting.posted),
    published_at: time(posting.posted),
    updated_at: time(posting.updated),
    close_at: posting.closes === null ? null : time(posting.closes),
    careers_url: url,
    careers_apply_url: `${url}/c/new`,
  };
}
