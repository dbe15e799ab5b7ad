// Oracle Recruiting Cloud. Described in "REST API for Oracle Fusion Cloud HCM", Recruiting CE Job Requisitions and
// Recruiting CE Job Requisition Details (docs.oracle.com, farws): the question stands in `finder`, the list is a child
// of the first item, and the text of an advert has an answer of its own.
import { ok, page, refuse, whole } from './answers.mjs';
import { dateOf, items, paragraph, placesOf, sections, zoned } from './advert.mjs';
import { placeName } from './companies.mjs';

const id = (posting) => String(210_000_000 + posting.number);
const resources = /^\/hcmRestApi\/resources\/(?:latest|11\.13\.18\.05)\/(recruitingCEJobRequisition(?:s|Details))$/;
const workplaces = {
  office: { WorkplaceTypeCode: 'ORA_ON_SITE', WorkplaceType: 'On-site' },
  hybrid: { WorkplaceTypeCode: 'ORA_HYBRID', WorkplaceType: 'Hybrid' },
  remote: { WorkplaceTypeCode: 'ORA_REMOTE', WorkplaceType: 'Remote' },
};
// Behind it the real search has nothing more to say.
const horizon = 10_000;

export const oracle = {
  host: /^([a-z0-9-]+\.fa(?:\.[a-z0-9-]+)*)\.oraclecloud\.com$/,
  slug: ({ found }) => found[1],
  paged: true,
  id,
  answer(asked) {
    const [, resource] = resources.exec(asked.path) ?? [];
    const finder = finderOf(asked.query.get('finder') ?? '');
    if (resource === 'recruitingCEJobRequisitions' && finder.name === 'findReqs') return requisitions(asked, finder);
    if (resource === 'recruitingCEJobRequisitionDetails' && finder.name === 'ById') return details(asked, finder);
    return missing();
  },
  missing,
};

function missing() {
  return refuse(404, { title: 'Not Found', status: '404', 'o:errorDetails': [{ detail: 'Not Found' }] });
}

/// "findReqs;siteNumber=CX_1,limit=25": its name, and its variables without their quotes.
function finderOf(said) {
  const [, name, rest] = /^(\w+);?(.*)$/.exec(said) ?? [];
  const values = {};
  for (const part of (rest ?? '').split(',')) {
    const at = part.indexOf('=');
    if (at > 0) values[part.slice(0, at)] = part.slice(at + 1).replace(/^"|"$/g, '');
  }
  return { name, values };
}

const enclosed = (given) => ({ items: given, count: given.length, hasMore: false, limit: 25, offset: 0, links: [] });

function common(posting) {
  const [first, ...others] = placesOf(posting);
  return {
    Id: id(posting),
    Title: posting.title,
    PrimaryLocation: placeName(first),
    PrimaryLocationCountry: first.code,
    ...workplaces[posting.mode],
    secondaryLocations: others.map((place, index) => ({
      RequisitionLocationId: index + 1, Name: placeName(place), CountryCode: place.code,
    })),
  };
}

function requisitions(asked, { values }) {
  const offset = Math.max(0, whole(values.offset, 0));
  const limit = Math.min(200, Math.max(1, whole(values.limit, 25)));
  const behind = offset + limit > horizon;
  const { items: found, total } = behind ? { items: [], total: 0 } : page(asked, offset, limit);
  // Without `expand` the children are only named, which is a list that looks empty.
  const expanded = /requisitionList|all/.test(asked.query.get('expand') ?? '');
  return ok(enclosed([{
    SearchId: 1, Keyword: values.keyword ?? null, SiteNumber: values.siteNumber ?? null, Offset: offset, Limit: limit,
    SortBy: values.sortBy ?? 'RELEVANCY', TotalJobsCount: total,
    ...(expanded && {
      requisitionList: found.map((one) => ({
        ...common(one),
        PostedDate: dateOf(one.posted),
        PostingEndDate: one.closes === null ? null : dateOf(one.closes),
        Language: 'en',
        ShortDescriptionStr: one.about,
        JobFamily: one.department,
        HotJobFlag: false,
        TrendingFlag: false,
        BeFirstToApplyFlag: false,
        Distance: 0,
      })),
    }),
  }]));
}

function details({ state, board }, { values }) {
  const posting = state.find(board, (one) => id(one) === values.Id);
  if (!posting) return ok(enclosed([]));
  const parts = Object.fromEntries(sections(posting).map((one) => [one.key, `<ul>${items(one.lines)}</ul>`]));
  return ok(enclosed([{
    ...common(posting),
    Category: posting.department,
    JobFunction: posting.department,
    JobSchedule: 'Full time',
    RequisitionType: posting.kind === 'job' ? 'Professional' : 'Campus',
    ContractType: posting.kind === 'internship' ? 'Internship' : null,
    LegalEmployer: state.companyOf(posting).name,
    ExternalPostedStartDate: zoned(posting.posted, 0),
    ExternalPostedEndDate: posting.closes === null ? null : zoned(posting.closes, 0),
    ExternalDescriptionStr: paragraph(posting),
    ExternalResponsibilitiesStr: parts.duties ?? '',
    ExternalQualificationsStr: parts.needs ?? '',
    CorporateDescriptionStr: '',
    OrganizationDescriptionStr: parts.offers ?? '',
  }]));
}
