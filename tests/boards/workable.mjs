// Workable. Described in "Careers page widget" of Workable's help centre; the answer is that of
// apply.workable.com/api/v1/widget/accounts/ACCOUNT: the whole board, days without a time, and one row for each place.
import { ok, text } from './answers.mjs';
import { dateOf, hash, htmlOf, placesOf } from './advert.mjs';

const id = (posting) => hash(posting, 'workable').slice(0, 10).toUpperCase();
const types = { internship: 'Internship', graduate: 'Full-time', job: 'Full-time' };
const levels = { internship: 'Internship', graduate: 'Entry level', job: 'Mid-Senior level' };

export const workable = {
  host: /^apply\.workable\.com$|^www\.workable\.com$/,
  slug: ({ path }) => /^\/api\/(?:v1\/widget\/)?accounts\/([^/]+)\/?$/.exec(path)?.[1],
  id,
  answer({ state, board, query, list }) {
    const details = query.get('details') === 'true';
    const jobs = list.flatMap((posting) => placesOf(posting).map((place) => row(posting, place, details)));
    return ok({ name: state.companies.get(board.company).name, description: null, jobs });
  },
  missing: () => text('Not found', 'text/plain', 404),
};

function row(posting, place, details) {
  const url = `https://apply.workable.com/j/${id(posting)}`;
  return {
    title: posting.title,
    shortcode: id(posting),
    code: '',
    employment_type: types[posting.kind],
    telecommuting: posting.mode === 'remote',
    department: posting.department,
    url,
    shortlink: url,
    application_url: `${url}/apply`,
    published_on: dateOf(posting.posted),
    created_at: dateOf(posting.posted),
    country: place.country,
    city: place.city ?? '',
    state: place.region ?? '',
    education: '',
    experience: levels[posting.kind],
    function: 'Engineering',
    industry: 'Computer Software',
    locations: placesOf(posting).map(({ country, code, city, region }) => ({
      country, countryCode: code, city: city ?? '', region: region ?? '', hidden: false,
    })),
    ...(details && { description: htmlOf(posting) }),
  };
}
