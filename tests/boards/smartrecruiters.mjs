// SmartRecruiters. Described in "Posting API" on developers.smartrecruiters.com: pages by `offset` and `limit` (100 at
// most), the text of an advert only in its own answer, and an empty list, not a 404, for an unknown company.
import { ok, page, refuse, whole } from './answers.mjs';
import { escape, iso, items, paragraph, placesOf, sections, slugOf, uuid } from './advert.mjs';

const id = (posting) => String(744_000_000_000_000 + posting.number);
const employment = {
  internship: { id: 'intern', label: 'Intern' },
  graduate: { id: 'permanent', label: 'Full-time' },
  job: { id: 'permanent', label: 'Full-time' },
};
const experience = {
  internship: { id: 'internship', label: 'Internship' },
  graduate: { id: 'entry_level', label: 'Entry Level' },
  job: { id: 'mid_senior_level', label: 'Mid-Senior Level' },
};

export const smartrecruiters = {
  host: /^api\.smartrecruiters\.com$/,
  slug: ({ path }) => /^\/v1\/companies\/([^/]+)\/postings/.exec(path)?.[1],
  paged: true,
  id,
  answer(asked) {
    const { state, board, path, query } = asked;
    const wanted = /\/postings\/([^/]+)$/.exec(path)?.[1];
    if (wanted) {
      const posting = state.find(board, (one) => id(one) === wanted);
      if (posting) return ok(detail(asked, posting));
      const errors = [{ code: 'POSTING_NOT_FOUND', message: 'Not found' }];
      return refuse(404, { message: 'Posting not found', errors });
    }
    const offset = Math.max(0, whole(query.get('offset'), 0));
    const limit = Math.min(100, Math.max(1, whole(query.get('limit'), 10)));
    const { items: found, total } = page(asked, offset, limit);
    return ok({ offset, limit, totalFound: total, content: found.map((one) => summary(asked, one)) });
  },
  missing: () => ok({ offset: 0, limit: 10, totalFound: 0, content: [] }),
};

function summary({ state, slug }, posting) {
  const [place] = placesOf(posting);
  const code = slugOf(posting.department).replaceAll('-', '_');
  return {
    id: id(posting),
    name: posting.title,
    uuid: uuid(posting, 'smartrecruiters'),
    jobAdId: uuid(posting, 'smartrecruiters ad'),
    defaultJobAd: true,
    refNumber: `REF${posting.number}`,
    company: { identifier: slug, name: state.companyOf(posting).name },
    releasedDate: iso(posting.posted),
    location: {
      ...(place.city && { city: place.city, region: place.regionCode }), country: place.code.toLowerCase(),
      remote: posting.mode === 'remote', hybrid: posting.mode === 'hybrid',
      fullLocation: [place.city, place.regionCode, place.country].filter(Boolean).join(', '),
    },
    industry: { id: 'computer_software', label: 'Computer Software' },
    department: { id: code, label: posting.department },
    function: { id: 'engineering', label: 'Engineering' },
    typeOfEmployment: employment[posting.kind],
    experienceLevel: experience[posting.kind],
    customField: [],
    ref: `https://api.smartrecruiters.com/v1/companies/${slug}/postings/${id(posting)}`,
    language: { code: 'en', label: 'English', labelNative: 'English (US)' },
  };
}

function detail(asked, posting) {
  const { slug } = asked;
  const parts = Object.fromEntries(sections(posting).map((one) => [one.key, `<ul>${items(one.lines)}</ul>`]));
  const { name } = asked.state.companyOf(posting);
  const url = `https://jobs.smartrecruiters.com/${slug}/${id(posting)}-${slugOf(posting.title)}`;
  return {
    ...summary(asked, posting),
    applyUrl: `${url}?oga=true`,
    postingUrl: url,
    referralUrl: `${url}?referral=true`,
    active: true,
    visibility: 'PUBLIC',
    jobAd: {
      sections: {
        companyDescription: { title: 'Company Description', text: `<p>${escape(name)}</p>` },
        jobDescription: { title: 'Job Description', text: paragraph(posting) + (parts.duties ?? '') },
        qualifications: { title: 'Qualifications', text: parts.needs ?? '' },
        additionalInformation: { title: 'Additional Information', text: parts.offers ?? '' },
      },
    },
  };
}
