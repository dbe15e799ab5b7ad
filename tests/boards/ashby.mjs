// Ashby. Described in "Job Postings API" on developers.ashbyhq.com: the whole board in one answer, pay only where
// `includeCompensation=true` asks for it, and unlisted postings, marked, among the listed.
import { ok, text } from './answers.mjs';
import { htmlOf, iso, payWords, placeWords, placesOf, plainOf, uuid } from './advert.mjs';

const id = (posting) => uuid(posting, 'ashby');
const types = { internship: 'Intern', graduate: 'FullTime', job: 'FullTime' };
const workplaces = { office: 'OnSite', hybrid: 'Hybrid', remote: 'Remote' };

export const ashby = {
  host: /^api\.ashbyhq\.com$/,
  slug: ({ path }) => /^\/posting-api\/job-board\/([^/]+)\/?$/.exec(path)?.[1],
  id,
  unlisted: true,
  answer(asked) {
    const compensation = asked.query.get('includeCompensation') === 'true';
    return ok({ jobs: asked.list.map((one) => job(asked, one, compensation)), apiVersion: '1' });
  },
  missing: () => text('Not Found', 'text/plain', 404),
};

const address = ({ city, region, country }) => ({
  postalAddress: {
    ...(city && { addressLocality: city }), ...(region && { addressRegion: region }), addressCountry: country,
  },
});

function job({ slug }, posting, compensation) {
  const [first, ...others] = placesOf(posting);
  const url = `https://jobs.ashbyhq.com/${slug}/${id(posting)}`;
  return {
    id: id(posting),
    title: posting.title,
    department: posting.department,
    team: posting.department,
    employmentType: types[posting.kind],
    location: placeWords(posting),
    secondaryLocations: others.map((place, index) => ({
      location: placeWords(posting, index + 1), address: address(place),
    })),
    publishedAt: iso(posting.posted).replace('Z', '+00:00'),
    isListed: posting.listed,
    isRemote: posting.mode === 'remote',
    workplaceType: workplaces[posting.mode],
    address: address(first),
    jobUrl: url,
    applyUrl: `${url}/application`,
    descriptionHtml: htmlOf(posting),
    descriptionPlain: plainOf(posting),
    shouldDisplayCompensationOnJobPostings: !!posting.pay,
    ...(compensation && { compensation: pay(posting) }),
  };
}

function pay(posting) {
  const said = posting.pay;
  if (!said) {
    return {
      compensationTierSummary: null, scrapeableCompensationSalarySummary: null, compensationTiers: [],
      summaryComponents: [],
    };
  }
  const summary = payWords(posting);
  const component = {
    summary, compensationType: 'Salary', interval: `1 ${said.per.toUpperCase()}`, currencyCode: said.currency,
    minValue: said.min, maxValue: said.max,
  };
  return {
    compensationTierSummary: summary,
    scrapeableCompensationSalarySummary: summary,
    compensationTiers: [{
      id: uuid(posting, 'ashby tier'), tierSummary: summary, title: null, additionalInformation: null,
      components: [{ id: uuid(posting, 'ashby component'), ...component }],
    }],
    summaryComponents: [component],
  };
}
