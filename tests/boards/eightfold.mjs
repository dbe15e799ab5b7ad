// Eightfold. Eightfold describes only its signed-in API ("Eightfold API", apidocs.eightfold.ai); the shapes are those
// of the career site's own requests, as readers of them have written down: /api/apply/v2/jobs, or /api/pcsx/search on
// newer sites. A site has one of both and refuses the other. Ten positions a page whatever `num` says, times in
// seconds, and the text of an advert only in its own answer, by the older way on every site.
import { ok, page, refuse, whole } from './answers.mjs';
import { htmlOf, placesOf, seconds } from './advert.mjs';
import { placeName } from './companies.mjs';

const id = (posting) => 790_000_000_000 + posting.number;
const older = { office: 'onsite', hybrid: 'hybrid', remote: 'remote_local' };
const newer = { office: 'onsite', hybrid: 'hybrid', remote: 'remote' };
const size = 10;
const newerSites = ['mitrakosh'];

export const eightfold = {
  host: /^([a-z0-9-]+)\.eightfold\.ai$/,
  slug: ({ found }) => found[1],
  paged: true,
  id,
  answer(asked) {
    const { state, board, path, query, slug } = asked;
    const { domain } = state.companies.get(board.company);
    // The domain of the employer is asked for, and no other's is answered.
    if (query.get('domain') !== domain) return refuse(403, { error: { message: 'Unknown domain' } });
    const wanted = /^\/api\/apply\/v2\/jobs\/(\d+)$/.exec(path)?.[1];
    if (wanted) {
      // It goes on answering for a closed position: gone is what is not listed.
      const posting = state.find(board, (one) => String(id(one)) === wanted, { closed: true });
      return posting ? ok({ ...position(asked, posting), job_description: htmlOf(posting) }) : missing();
    }
    const isNewer = newerSites.includes(slug);
    if (path === '/api/apply/v2/jobs') return isNewer ? unauthorized('apply') : jobs(asked, domain);
    if (path === '/api/pcsx/search') return isNewer ? search(asked) : unauthorized('PCSX');
    if (path === '/api/pcsx/position_details') return isNewer ? details(asked) : unauthorized('PCSX');
    return missing();
  },
  missing,
};

const unauthorized = (name) => refuse(403, { status: 403, error: { message: `Not authorized for ${name}` } });

function missing() {
  return refuse(404, { status: 404, error: { message: 'Not found' } });
}

const begin = (query) => Math.max(0, whole(query.get('start'), 0));

function jobs(asked, domain) {
  const { items, total } = page(asked, begin(asked.query), size);
  return ok({ domain, positions: items.map((one) => position(asked, one)), debug: {}, count: total, query: {} });
}

function position({ host }, posting) {
  const all = placesOf(posting).map(placeName);
  return {
    id: id(posting),
    name: posting.title,
    posting_name: posting.title,
    location: all[0],
    locations: all,
    hot: 0,
    department: posting.department,
    business_unit: posting.department,
    t_create: seconds(posting.posted),
    t_update: seconds(posting.updated),
    ats_job_id: `A${posting.number}`,
    display_job_id: `A${posting.number}`,
    // The system that the position came from, not its kind.
    type: 'ATS',
    id_locale: `${id(posting)}-en`,
    job_description: '',
    locale: 'en',
    work_location_option: older[posting.mode],
    location_flexibility: null,
    canonicalPositionUrl: `https://${host}/careers/job/${id(posting)}`,
    isPrivate: false,
  };
}

const wrapped = (data) => ok({ status: 200, error: { message: '', body: '' }, data, metadata: {} });

function search(asked) {
  const { items, total } = page(asked, begin(asked.query), size);
  return wrapped({ positions: items.map(newPosition), count: total, sortBy: 'timestamp', appliedFilters: {} });
}

function details({ state, board, query, host }) {
  const posting = state.find(board, (one) => String(id(one)) === query.get('position_id'));
  if (!posting) return missing();
  const publicUrl = `https://${host}/careers/job/${id(posting)}`;
  return wrapped({ ...newPosition(posting), jobDescription: htmlOf(posting), publicUrl });
}

function newPosition(posting) {
  const all = placesOf(posting).map(placeName);
  return {
    id: id(posting),
    displayJobId: `A${posting.number}`,
    atsJobId: `A${posting.number}`,
    name: posting.title,
    locations: all,
    standardizedLocations: all,
    department: posting.department,
    postedTs: seconds(posting.posted),
    creationTs: seconds(posting.posted),
    isHot: 0,
    workLocationOption: newer[posting.mode],
    locationFlexibility: null,
    positionUrl: `/careers/job/${id(posting)}`,
  };
}
