// Workday's career sites. Workday publishes no description; the shape is that of the site's own requests under
// /wday/cxs, as measured in "The Workday job board API, measured" (Adderley Data, 2026): POST, 20 a page and no more,
// the total on the first page only and 2,000 at most, the first page again behind the last, and dates in words.
import { age, ok, page, refuse, whole } from './answers.mjs';
import { dateOf, hash, htmlOf, placesOf } from './advert.mjs';

const id = (posting) => `JR${posting.number}`;
const most = 2_000;
const size = 20;

export const workday = {
  host: /^([a-z0-9-]+)\.wd\d+\.myworkdayjobs\.com$/,
  // A language in the path is another address there, not this one.
  slug: ({ found, path }) => (path.startsWith(`/wday/cxs/${found[1]}/`) ? found[1] : undefined),
  paged: true,
  methods: ['GET', 'POST'],
  id,
  answer(asked) {
    const { method, path } = asked;
    const [, site, rest] = /^\/wday\/cxs\/[^/]+\/([^/]+)(\/.*)$/.exec(path) ?? [];
    if (rest === '/jobs') return method === 'POST' ? jobs(asked) : refuse(405, failed(405, 'Method not allowed'));
    // By its number: the words before it are those of a title that may have changed.
    const number = /^\/job\/.*_([^_/]+)$/.exec(rest ?? '')?.[1];
    const posting = number && asked.state.find(asked.board, (one) => number === id(one));
    return posting ? ok(detail(asked, posting, site)) : missing();
  },
  missing,
};

function missing() {
  return refuse(404, failed(404, 'The page you are looking for does not exist.'));
}

const failed = (status, message) => ({
  errorCode: `HTTP_${status}`, errorCaseId: '', httpStatus: status, message, messageParams: {},
});

const place = ({ country, region, city }) => [country, region, city].filter(Boolean).join(' - ');

const external = (posting) => {
  const [first] = placesOf(posting);
  const words = posting.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `/job/${place(first).replace(/[^A-Za-z0-9]/g, '-')}/${words}_${id(posting)}`;
};

function posted(state, posting) {
  const days = age(state, posting);
  if (days > 30) return 'Posted 30+ Days Ago';
  return ['Posted Today', 'Posted Yesterday'][days] ?? `Posted ${days} Days Ago`;
}

function jobs(asked) {
  const { limit: askedLimit, offset: askedOffset, searchText = '' } = asked.json() ?? {};
  const limit = whole(askedLimit, size);
  const offset = Math.max(0, whole(askedOffset, 0));
  if (limit < 1 || limit > size) return refuse(400, failed(400, 'limit is out of range'));
  const list = asked.list.filter((one) => one.title.toLowerCase().includes(searchText.toLowerCase())).slice(0, most);
  const endless = asked.fault?.kind === 'endless';
  const looped = offset >= list.length && !endless ? 0 : offset;
  const { items } = page({ ...asked, list }, looped, limit);
  return ok({
    total: offset > 0 ? 0 : endless ? most : list.length,
    jobPostings: items.map((one) => ({
      title: one.title,
      externalPath: external(one),
      locationsText: one.places.length > 1 ? `${one.places.length} Locations` : place(placesOf(one)[0]),
      postedOn: posted(asked.state, one),
      ...(one.mode === 'office' ? {} : { remoteType: one.mode === 'remote' ? 'Remote' : 'Hybrid' }),
      bulletFields: [id(one)],
    })),
    facets: [],
    userAuthenticated: false,
  });
}

function detail({ state, host }, posting, site) {
  const [first, ...others] = placesOf(posting);
  const country = { descriptor: first.country, id: hash({ number: 0 }, `workday ${first.code}`).slice(0, 32) };
  return {
    jobPostingInfo: {
      id: hash(posting, 'workday').slice(0, 32),
      title: posting.title,
      jobDescription: htmlOf(posting),
      location: place(first),
      ...(others.length && { additionalLocations: others.map(place) }),
      postedOn: posted(state, posting),
      // The first day of the advert, not of the job.
      startDate: dateOf(posting.posted),
      ...(posting.closes !== null && { endDate: dateOf(posting.closes) }),
      timeType: 'Full time',
      jobReqId: id(posting),
      jobPostingId: external(posting).split('/').at(-1),
      jobPostingSiteId: site,
      country,
      canApply: true,
      posted: true,
      includeResumeParsing: true,
      ...(posting.mode === 'office' ? {} : { remoteType: posting.mode === 'remote' ? 'Remote' : 'Hybrid' }),
      jobRequisitionLocation: { descriptor: place(first), country: { ...country, alpha2Code: first.code } },
      externalUrl: `https://${host}/${site}${external(posting)}`,
      questionnaireId: hash(posting, 'workday questions').slice(0, 32),
    },
    hiringOrganization: { name: state.companyOf(posting).name, url: '' },
    similarJobs: [],
    userAuthenticated: false,
  };
}
