// What the makers' descriptions say of the answers, kept apart from what writes them: the contract test holds the host
// against it. The document of each is named in the header of the board's own file.
import assert from 'node:assert/strict';

const words = 'string';
const count = 'number';
const flag = 'boolean';
const orNull = (kind) => ({ orNull: kind });
const open = 'object'; // an object whose fields the description leaves to the customer
const zonedTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const spacedTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/;
const date = /^\d{4}-\d\d-\d\d$/;
const link = /^https:\/\/[^\s]+$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const labelled = { id: words, label: words };

const greenhouseJob = {
  absolute_url: link, data_compliance: [open], internal_job_id: orNull(count), location: { name: words },
  metadata: orNull([open]), id: count, updated_at: zonedTime, requisition_id: words, title: words, company_name: words,
  first_published: zonedTime, application_deadline: orNull(date), language: words,
};
const greenhouseFull = {
  ...greenhouseJob, content: /^&lt;/,
  departments: [{ id: count, name: words, child_ids: [count], parent_id: orNull(count) }],
  offices: [{ id: count, name: words, location: orNull(words), child_ids: [count], parent_id: orNull(count) }],
};

const leverPosting = {
  id: uuid, text: words, createdAt: count, country: orNull(/^[A-Z]{2}$/), hostedUrl: link, applyUrl: link,
  categories: { commitment: words, department: words, location: words, team: words, allLocations: [words] },
  opening: words, openingPlain: words, description: words, descriptionPlain: words, descriptionBody: words,
  descriptionBodyPlain: words, additional: words, additionalPlain: words, lists: [{ text: words, content: /^<li>/ }],
  workplaceType: /^(unspecified|on-site|remote|hybrid)$/,
  'salaryRange?': { currency: words, interval: words, min: count, max: count },
};

const postalAddress = {
  postalAddress: { 'addressLocality?': words, 'addressRegion?': words, addressCountry: words },
};
const ashbyComponent = {
  summary: words, compensationType: words, interval: words, currencyCode: words, minValue: count, maxValue: count,
};
const ashbyJob = {
  id: uuid, title: words, department: words, team: words, location: words, isListed: flag, isRemote: flag,
  employmentType: /^(FullTime|PartTime|Intern|Contract|Temporary)$/, workplaceType: /^(OnSite|Remote|Hybrid)$/,
  secondaryLocations: [{ location: words, address: postalAddress }], address: postalAddress, publishedAt: isoTime,
  jobUrl: link, applyUrl: link, descriptionHtml: words, descriptionPlain: words,
  shouldDisplayCompensationOnJobPostings: flag,
  'compensation?': {
    compensationTierSummary: orNull(words), scrapeableCompensationSalarySummary: orNull(words),
    compensationTiers: [{
      id: uuid, tierSummary: words, title: orNull(words), additionalInformation: orNull(words),
      components: [{ id: uuid, ...ashbyComponent }],
    }],
    summaryComponents: [ashbyComponent],
  },
};

const smartSummary = {
  id: /^\d+$/, uuid, jobAdId: uuid, defaultJobAd: flag, name: words, refNumber: words, releasedDate: isoTime,
  company: { identifier: words, name: words }, industry: labelled, department: labelled, function: labelled,
  typeOfEmployment: labelled, experienceLevel: labelled, customField: [open], ref: link,
  language: { code: words, label: words, labelNative: words },
  location: {
    'city?': words, 'region?': words, country: /^[a-z]{2}$/, remote: flag, hybrid: flag, fullLocation: words,
  },
};
const section = { title: words, text: words };

const workdayCountry = { descriptor: words, id: /^[0-9a-f]{32}$/ };
const oracleCommon = {
  Id: /^\d+$/, Title: words, PrimaryLocation: words, PrimaryLocationCountry: words, WorkplaceType: words,
  WorkplaceTypeCode: /^ORA_(ON_SITE|HYBRID|REMOTE)$/,
  secondaryLocations: [{ RequisitionLocationId: count, Name: words, CountryCode: words }],
};
const oracle = (item) => ({ items: [item], count, hasMore: flag, limit: count, offset: count, links: [open] });
const eightfoldPosition = {
  id: count, name: words, posting_name: words, location: words, locations: [words], hot: count, department: words,
  business_unit: words, t_create: count, t_update: count, ats_job_id: words, display_job_id: words, type: words,
  id_locale: words, job_description: words, locale: words, work_location_option: words,
  location_flexibility: orNull(words), canonicalPositionUrl: link, isPrivate: flag,
};

const pcsxPosition = {
  id: count, displayJobId: words, atsJobId: words, name: words, locations: [words], standardizedLocations: [words],
  department: words, postedTs: count, creationTs: count, isHot: count, workLocationOption: /^(onsite|hybrid|remote)$/,
  locationFlexibility: orNull(words), positionUrl: /^\/careers\/job\/\d+$/,
};
const pcsx = (data) => ({ status: count, error: { message: words, body: words }, data, metadata: open });

/// Each answer by its name: a type, a pattern of a text, a list of one kind, or an object with all its fields
/// ("name?" may be missing).
const described = {
  'greenhouse jobs': { jobs: [greenhouseJob], meta: { total: count } },
  'greenhouse jobs with content': { jobs: [greenhouseFull], meta: { total: count } },
  'greenhouse job': greenhouseFull,
  'lever postings': [leverPosting],
  'lever posting': leverPosting,
  'ashby job board': { jobs: [ashbyJob], apiVersion: '1' },
  'smartrecruiters postings': { offset: count, limit: count, totalFound: count, content: [smartSummary] },
  'smartrecruiters posting': {
    ...smartSummary, applyUrl: link, postingUrl: link, referralUrl: link, active: flag, visibility: words,
    jobAd: {
      sections: {
        companyDescription: section, jobDescription: section, qualifications: section, additionalInformation: section,
      },
    },
  },
  'workable account': {
    name: words, description: orNull(words),
    jobs: [{
      title: words, shortcode: /^[0-9A-F]{10}$/, code: words, employment_type: words, telecommuting: flag,
      department: words, url: link, shortlink: link, application_url: link, published_on: date, created_at: date,
      country: words, city: words, state: words, education: words, experience: words, function: words, industry: words,
      locations: [{ country: words, countryCode: words, city: words, region: words, hidden: flag }],
      'description?': words,
    }],
  },
  'recruitee offers': {
    offers: [{
      id: count, slug: words, guid: words, position: count, status: 'published', kind: words, title: words,
      sharing_title: words, company_name: words, department: words, category_code: words, employment_type_code: words,
      experience_code: words, education_code: orNull(words), description: words, requirements: words, city: words,
      country: words, country_code: words, state_code: orNull(words), postal_code: orNull(words), location: words,
      locations: [open], remote: flag, hybrid: flag, on_site: flag, min_hours: orNull(count), max_hours: orNull(count),
      salary: { min: orNull(/^\d+$/), max: orNull(/^\d+$/), period: orNull(words), currency: orNull(words) },
      tags: [words], open_questions: [open], created_at: spacedTime, published_at: spacedTime, updated_at: spacedTime,
      close_at: orNull(spacedTime), careers_url: link, careers_apply_url: link,
    }],
  },
  'workday jobs': {
    total: count, facets: [open], userAuthenticated: flag,
    jobPostings: [{
      title: words, externalPath: /^\/job\//, locationsText: words, postedOn: /^Posted /, 'remoteType?': words,
      bulletFields: [words],
    }],
  },
  'workday job': {
    jobPostingInfo: {
      id: /^[0-9a-f]{32}$/, title: words, jobDescription: words, location: words, 'additionalLocations?': [words],
      postedOn: /^Posted /, startDate: date, 'endDate?': date, timeType: words, jobReqId: words, jobPostingId: words,
      jobPostingSiteId: words, country: workdayCountry, canApply: flag, posted: flag, includeResumeParsing: flag,
      'remoteType?': words, externalUrl: link, questionnaireId: words,
      jobRequisitionLocation: { descriptor: words, country: { ...workdayCountry, alpha2Code: words } },
    },
    hiringOrganization: { name: words, url: words }, similarJobs: [open], userAuthenticated: flag,
  },
  'keka portal': {
    name: words, companyWebsite: link, shortName: words, logoPath: /^\/ats\/documents\//,
    careersBackgroundPath: /^\/ats\/documents\//, careersPortalColorCode: /^#/,
  },
  'keka jobs': [{
    id: count, title: words, description: words, excerpt: words, departmentIdentifier: uuid, departmentName: words,
    jobLocations: [{
      id: count, name: words, city: orNull(words), state: orNull(words), countryCode: words, countryName: words,
    }],
    jobType: count, experience: words, skillNames: [words],
    salaryRange: orNull({ minimum: count, maximum: count, currency: words }), salaryRangeFormat: orNull(words),
    publishedOn: isoTime, jobNumber: words,
  }],
  'oracle requisitions': oracle({
    SearchId: count, Keyword: orNull(words), SiteNumber: words, Offset: count, Limit: count, SortBy: words,
    TotalJobsCount: count,
    requisitionList: [{
      ...oracleCommon, PostedDate: date, PostingEndDate: orNull(date), Language: words, ShortDescriptionStr: words,
      JobFamily: words, HotJobFlag: flag, TrendingFlag: flag, BeFirstToApplyFlag: flag, Distance: count,
    }],
  }),
  'oracle details': oracle({
    ...oracleCommon, Category: words, JobFunction: words, JobSchedule: words, RequisitionType: words,
    ContractType: orNull(words), LegalEmployer: words, ExternalPostedStartDate: zonedTime,
    ExternalPostedEndDate: orNull(zonedTime), ExternalDescriptionStr: words, ExternalResponsibilitiesStr: words,
    ExternalQualificationsStr: words, CorporateDescriptionStr: words, OrganizationDescriptionStr: words,
  }),
  'eightfold jobs': { domain: words, positions: [eightfoldPosition], count, debug: open, query: open },
  'eightfold job': eightfoldPosition,
  'eightfold search': pcsx({ positions: [pcsxPosition], count, sortBy: words, appliedFilters: open }),
  'eightfold details': pcsx({ ...pcsxPosition, jobDescription: words, publicUrl: link }),
  'algolia search': {
    hits: [open], nbHits: count, nbPages: count, page: count, hitsPerPage: count, exhaustiveNbHits: flag, query: words,
    params: words, processingTimeMS: count,
  },
  'json feed': {
    version: 'https://jsonfeed.org/version/1.1', title: words, home_page_url: link, feed_url: link,
    authors: [{ name: words }],
    items: [{
      id: words, url: link, title: words, content_html: words, content_text: words, 'date_published?': isoTime,
      date_modified: isoTime, tags: [words],
    }],
  },
  listings: [{
    source: words, category: words, company_name: words, id: uuid, title: words, active: flag, terms: [words],
    date_updated: count, date_posted: count, url: link, locations: [words], company_url: link, is_visible: flag,
    sponsorship: words, degrees: [words],
  }],
};

/// Fails where the answer is not what its description says, and names the field.
export function assertDescribed(name, value) {
  assert.ok(Object.hasOwn(described, name), `nobody described ${name}`);
  check(value, described[name], name);
}

function check(value, kind, at) {
  if (Array.isArray(kind)) {
    assert.ok(Array.isArray(value), `${at} is a list`);
    value.forEach((one, index) => check(one, kind[0], `${at}[${index}]`));
  } else if (kind instanceof RegExp) {
    assert.equal(typeof value, 'string', `${at} is a text`);
    assert.match(value, kind, `${at} has its form`);
  } else if (typeof kind === 'string') {
    const types = ['string', 'number', 'boolean', 'object'];
    if (types.includes(kind)) assert.equal(value === null ? 'null' : typeof value, kind, `${at} has its type`);
    else assert.equal(value, kind, `${at} is always the same`);
  } else if (Object.hasOwn(kind, 'orNull')) {
    if (value !== null) check(value, kind.orNull, at);
  } else {
    checkObject(value, kind, at);
  }
}

function checkObject(value, kind, at) {
  assert.ok(value !== null && typeof value === 'object' && !Array.isArray(value), `${at} is an object`);
  const left = new Set(Object.keys(value));
  for (const [key, inner] of Object.entries(kind)) {
    const name = key.replace(/\?$/, '');
    if (Object.hasOwn(value, name)) check(value[name], inner, `${at}.${name}`);
    else assert.ok(key !== name, `${at}.${name} is missing`);
    left.delete(name);
  }
  assert.deepEqual([...left], [], `${at} has fields that nobody described`);
}

/// Fails where the text is not well-formed XML: a tag open or closed too often, a bare ampersand.
export function assertWellFormed(xml) {
  const stack = [];
  const rest = xml.replace(/<\?xml[^>]*\?>/, '').replace(/<!\[CDATA\[[^]*?\]\]>/g, '');
  assert.doesNotMatch(rest, /&(?!(?:amp|lt|gt|quot|#39|#x?[0-9a-f]+);)/i, 'an ampersand is an entity');
  for (const [, end, name, empty] of rest.matchAll(/<(\/?)([\w:-]+)[^<>]*?(\/?)>/g)) {
    if (end) assert.equal(stack.pop(), name, `</${name}> closes what was opened last`);
    else if (!empty) stack.push(name);
  }
  assert.deepEqual(stack, [], 'each element is closed');
  assert.doesNotMatch(rest.replace(/<[^<>]*>/g, ''), /[<>]/, 'no bracket is left');
}
