// Greenhouse. Described in "Job Board API" on developers.greenhouse.io, section Jobs: `content` is HTML that was
// escaped once more, one answer holds the whole board, and places are free text.
import { ok, refuse } from './answers.mjs';
import { dateOf, escape, hash, htmlOf, placeWords, zoned } from './advert.mjs';

const id = (posting) => 4_000_000_000 + posting.number;
const address = (slug, posting) => `https://job-boards.greenhouse.io/${slug}/jobs/${id(posting)}`;
const newYork = -300;

export const greenhouse = {
  host: /^boards-api\.greenhouse\.io$/,
  slug: ({ path }) => /^\/v1\/boards\/([^/]+)/.exec(path)?.[1],
  id,
  answer(asked) {
    const { state, board, path, query, list } = asked;
    const [, rest] = /^\/v1\/boards\/[^/]+(\/.*)?$/.exec(path);
    const company = state.companies.get(board.company);
    if (!rest) return ok({ name: company.name, content: escape(`<p>Work at ${escape(company.name)}.</p>`) });
    if (/^\/jobs\/?$/.test(rest)) {
      const content = query.get('content') === 'true';
      return ok({ jobs: list.map((one) => job(asked, one, content)), meta: { total: list.length } });
    }
    const wanted = /^\/jobs\/(\d+)$/.exec(rest)?.[1];
    const posting = wanted && state.find(board, (one) => String(id(one)) === wanted);
    return posting ? ok(job(asked, posting, true)) : missing();
  },
  missing,
};

function missing() {
  return refuse(404, { status: 404, error: 'Job not found' });
}

function job({ state, slug }, posting, content) {
  const place = posting.places.map((_, index) => placeWords(posting, index)).join(' or ');
  const body = {
    absolute_url: address(slug, posting),
    data_compliance: [{
      type: 'gdpr', requires_consent: false, requires_processing_consent: false, requires_retention_consent: false,
      retention_period: null, demographic_data_consent_applies: false,
    }],
    internal_job_id: 3_000_000_000 + posting.number,
    location: { name: place },
    metadata: null,
    id: id(posting),
    updated_at: zoned(posting.updated, newYork),
    requisition_id: `R-${posting.number}`,
    title: posting.title,
    company_name: state.companyOf(posting).name,
    first_published: zoned(posting.posted, newYork),
    application_deadline: posting.closes === null ? null : dateOf(posting.closes),
    language: 'en',
  };
  if (!content) return body;
  const department = Number.parseInt(hash({ number: 0 }, `greenhouse ${posting.department}`).slice(0, 6), 16);
  return {
    ...body,
    content: escape(htmlOf(posting)),
    departments: [{ id: department, name: posting.department, child_ids: [], parent_id: null }],
    offices: posting.places.map((_, index) => ({
      id: 5_000_000 + index, name: placeWords(posting, index), location: placeWords(posting, index), child_ids: [],
      parent_id: null,
    })),
  };
}
