// A career page of a company's own, at careers.DOMAIN: a page for each posting with schema.org's JobPosting as JSON-LD,
// found by robots.txt, a sitemap index and its sitemaps. Described in schema.org/JobPosting, in "Job posting
// (JobPosting) structured data" on developers.google.com, in sitemaps.org's protocol and in RFC 9309.
import { html, page, redirect, text } from './answers.mjs';
import { dateOf, escape, htmlOf, iso, placesOf, slugOf } from './advert.mjs';

const id = (posting) => `REQ-${posting.number}`;
const path = (posting) => `/jobs/${slugOf(posting.title)}-${posting.number}`;
const types = { internship: 'INTERN', graduate: 'FULL_TIME', job: 'FULL_TIME' };
const size = 50;

export const career = {
  host: /^careers\.([a-z0-9-]+\.example)$/,
  slug: ({ found }) => found[1],
  paged: true,
  id,
  answer(asked) {
    const { state, board, host, list } = asked;
    const { name } = state.companies.get(board.company);
    if (asked.path === '/sitemap.xml') return index(asked);
    const number = /^\/sitemaps\/jobs-(\d+)\.xml$/.exec(asked.path)?.[1];
    if (number) return sitemap(asked, Number(number));
    if (asked.path === '/sitemaps/pages.xml') return urlset([{ loc: `https://${host}/jobs` }]);
    if (/^\/(?:jobs\/?)?$/.test(asked.path)) {
      const links = list.map((one) => `<li><a href="${path(one)}">${escape(one.title)}</a></li>`).join('');
      return html(`Jobs at ${escape(name)}`, `<h1>Jobs</h1><ul>${links}</ul>`);
    }
    const wanted = /^\/jobs\/.*-(\d+)$/.exec(asked.path)?.[1];
    const posting = wanted && state.find(board, (one) => String(one.number) === wanted);
    if (!posting) return career.missing();
    // The address holds the title: another title is another address, and the old one leads there.
    if (path(posting) !== asked.path) return redirect(`https://${host}${path(posting)}`, 301);
    const data = JSON.stringify(linked(asked, posting)).replaceAll('</', '<\\/');
    const title = escape(posting.title);
    const body = `<main><h1>${title}</h1>${htmlOf(posting)}</main>`;
    return html(`${title} | ${escape(name)}`, `<script type="application/ld+json">${data}</script>${body}`);
  },
  missing: () => html('Page not found', '<h1>This position is no longer open</h1>', 404),
};

const xml = (body) => text(`<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`, 'application/xml');
const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

const urlset = (urls) => xml(`<urlset ${namespace}>${urls.map(({ loc, lastmod }) =>
  `<url><loc>${escape(loc)}</loc>${lastmod ? `<lastmod>${lastmod}</lastmod>` : ''}</url>`).join('')}</urlset>`);

/// The index. One that never ends names the index after it; one that repeats names itself.
function index(asked) {
  const { host, list, fault, query, board } = asked;
  const files = ['/sitemaps/pages.xml'];
  for (let number = 1; number <= Math.max(1, Math.ceil(list.length / size)); number += 1) {
    files.push(`/sitemaps/jobs-${number}.xml`);
  }
  if (fault?.kind === 'repeats') files.push('/sitemap.xml');
  if (fault?.kind === 'endless') files.push(`/sitemap.xml?part=${Number(query.get('part') ?? 1) + 1}`);
  const entries = files.map((file) =>
    `<sitemap><loc>https://${host}${escape(file)}</loc><lastmod>${iso(board.changed)}</lastmod></sitemap>`);
  return xml(`<sitemapindex ${namespace}>${entries.join('')}</sitemapindex>`);
}

function sitemap(asked, number) {
  const { items } = page(asked, (number - 1) * size, size);
  return urlset(items.map((one) => ({ loc: `https://${asked.host}${path(one)}`, lastmod: dateOf(one.updated) })));
}

/// The three forms in which sites write it: alone, in a list, and in a graph beside what the page is.
function linked(asked, posting) {
  const one = jobPosting(asked, posting);
  const context = 'https://schema.org/';
  const site = { '@type': 'WebPage', name: posting.title };
  return [
    { '@context': context, ...one },
    [{ '@context': context, ...site }, { '@context': context, ...one }],
    { '@context': context, '@graph': [site, one] },
  ][posting.number % 3];
}

function jobPosting({ state, host }, posting) {
  const { name, domain } = state.companyOf(posting);
  const all = placesOf(posting);
  const remote = posting.mode === 'remote';
  const { pay } = posting;
  return {
    '@type': 'JobPosting',
    title: posting.title,
    description: htmlOf(posting),
    identifier: { '@type': 'PropertyValue', name, value: id(posting) },
    url: `https://${host}${path(posting)}`,
    ...(posting.dated && { datePosted: dateOf(posting.posted) }),
    ...(posting.closes !== null && { validThrough: iso(posting.closes) }),
    employmentType: types[posting.kind],
    hiringOrganization: { '@type': 'Organization', name, sameAs: `https://www.${domain}` },
    ...(remote ? {
      jobLocationType: 'TELECOMMUTE',
      applicantLocationRequirements: all.map(({ country }) => ({ '@type': 'Country', name: country })),
    } : {
      jobLocation: all.map(({ city, region, code }) => ({
        '@type': 'Place',
        address: { '@type': 'PostalAddress', addressLocality: city, addressRegion: region, addressCountry: code },
      })),
    }),
    ...(pay && {
      baseSalary: {
        '@type': 'MonetaryAmount', currency: pay.currency,
        value: { '@type': 'QuantitativeValue', minValue: pay.min, maxValue: pay.max, unitText: pay.per.toUpperCase() },
      },
    }),
    directApply: false,
  };
}
