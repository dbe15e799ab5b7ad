// Keka's career portals. Keka describes only its signed-in API ("Keka API", apidocs.keka.com); the shape is that of the
// portal's own requests under /careers/api, as readers of it have written down: a bare list of the active jobs, either
// by the name of the portal or by an id that stands only in the paths of its pictures. Unknown portals are redirected
// to a page that answers with 200.
import { html, ok, redirect } from './answers.mjs';
import { hash, htmlOf, iso, payWords, placesOf, uuid } from './advert.mjs';

const id = (posting) => 100_000 + posting.number;
// Keka's numbers for the kinds of employment.
const types = { internship: 4, graduate: 2, job: 2 };
const years = { internship: '0 - 1 years', graduate: '0 - 1 years', job: '3 - 5 years' };
const portal = (slug) => uuid({ number: 0 }, `keka ${slug}`);

export const keka = {
  host: /^([a-z0-9-]+)\.keka\.com$/,
  slug: ({ found }) => found[1],
  id,
  answer(asked) {
    const { state, board, path, slug, list } = asked;
    const { name, domain } = state.companies.get(board.company);
    if (/^\/careers\/api\/organization\/[^/]+\/careerportalinfo$/.test(path)) {
      const folder = `/ats/documents/${portal(slug)}/careerportal`;
      return ok({
        name, companyWebsite: `https://www.${domain}`, shortName: slug, logoPath: `${folder}/logo.png`,
        careersBackgroundPath: `${folder}/background.png`, careersPortalColorCode: '#0066ff',
      });
    }
    const active = /^\/careers\/api\/(?:jobs\/[^/]+\/active|embedjobs\/[^/]+\/active\/([^/]+))$/.exec(path);
    if (active && (active[1] ?? portal(slug)) === portal(slug)) return ok(list.map((one) => job(one)));
    return missing(asked);
  },
  missing,
};

const lost = '/careers/Content/TenantNotFound.html';

function missing({ host, path }) {
  if (path === lost) return html('Invalid Tenant', '<h1>Invalid Tenant</h1>');
  return redirect(`https://${host}${lost}`);
}

function job(posting) {
  const { pay } = posting;
  return {
    id: id(posting),
    title: posting.title,
    description: htmlOf(posting),
    excerpt: posting.about,
    departmentIdentifier: uuid({ number: 0 }, `keka ${posting.department}`),
    departmentName: posting.department,
    jobLocations: placesOf(posting).map((place, index) => ({
      id: index + 1,
      name: posting.mode === 'remote' ? 'Remote' : `${place.city} office`,
      city: place.city, state: place.region, countryCode: place.code, countryName: place.country,
    })),
    jobType: types[posting.kind],
    experience: years[posting.kind],
    skillNames: [],
    salaryRange: pay && { minimum: pay.min, maximum: pay.max, currency: pay.currency },
    salaryRangeFormat: payWords(posting) || null,
    publishedOn: iso(posting.posted),
    jobNumber: `K${hash(posting, 'keka').slice(0, 4)}`,
  };
}
