// The feeds of a company's site, at www.DOMAIN/jobs.rss, jobs.atom and jobs.json. Described in "RSS 2.0 Specification"
// (rssboard.org), RFC 4287 (Atom) and "JSON Feed Version 1.1" (jsonfeed.org). RSS and Atom carry HTML as escaped text.
import { html, text } from './answers.mjs';
import { escape, htmlOf, iso, placeWords, plainOf, slugOf } from './advert.mjs';

const id = (posting) => `tag:${posting.company},${posting.number}`;
const types = { rss: 'application/rss+xml', atom: 'application/atom+xml', json: 'application/feed+json' };

export const feed = {
  host: /^www\.([a-z0-9-]+\.example)$/,
  slug: ({ found }) => found[1],
  id,
  answer(asked) {
    const { state, board, path, host } = asked;
    const company = state.companies.get(board.company);
    const kind = /^\/jobs\.(rss|atom|json)$/.exec(path)?.[1];
    if (!kind) return path === '/' ? html(company.name, home(company)) : feed.missing();
    const written = { rss, atom, json }[kind](asked, company, `https://${host}${path}`);
    return text(written, types[kind]);
  },
  missing: () => html('Not found', '<h1>Not found</h1>', 404),
};

/// The page that a user would paste: it names its feeds.
const home = ({ name }) => `<h1>${escape(name)}</h1>` + Object.entries(types).map(([kind, type]) =>
  `<link rel="alternate" type="${type}" href="/jobs.${kind}">`).join('');

const address = (company, posting) =>
  `https://careers.${company.domain}/jobs/${slugOf(posting.title)}-${posting.number}`;

const titled = (posting) => `${posting.title} (${placeWords(posting)})`;

function rss({ state, list }, company, self) {
  const entries = list.map((one) => [
    '<item>',
    `<title>${escape(titled(one))}</title>`,
    `<link>${escape(address(company, one))}</link>`,
    `<guid isPermaLink="false">${escape(id(one))}</guid>`,
    one.dated && `<pubDate>${new Date(one.posted).toUTCString()}</pubDate>`,
    `<category>${escape(one.department)}</category>`,
    `<description>${escape(htmlOf(one))}</description>`,
    '</item>\n',
  ].filter(Boolean).join('')).join('');
  return '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>' +
    `<title>${escape(company.name)} jobs</title><link>https://www.${company.domain}/</link>` +
    `<description>Open positions</description><atom:link href="${escape(self)}" rel="self" type="${types.rss}"/>` +
    `<lastBuildDate>${new Date(state.now()).toUTCString()}</lastBuildDate>\n${entries}</channel></rss>\n`;
}

function atom({ board, list }, company, self) {
  const entries = list.map((one) => [
    '<entry>',
    `<id>${escape(id(one))}</id>`,
    `<title>${escape(titled(one))}</title>`,
    `<link rel="alternate" href="${escape(address(company, one))}"/>`,
    `<updated>${iso(one.updated)}</updated>`,
    one.dated && `<published>${iso(one.posted)}</published>`,
    `<category term="${escape(one.department)}"/>`,
    `<content type="html">${escape(htmlOf(one))}</content>`,
    '</entry>\n',
  ].filter(Boolean).join('')).join('');
  return '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">' +
    `<id>https://www.${company.domain}/</id><title>${escape(company.name)} jobs</title>` +
    `<author><name>${escape(company.name)}</name></author><updated>${iso(board.changed)}</updated>` +
    `<link rel="self" href="${escape(self)}"/>\n${entries}</feed>\n`;
}

function json({ list }, company, self) {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: `${company.name} jobs`,
    home_page_url: `https://www.${company.domain}/`,
    feed_url: self,
    authors: [{ name: company.name }],
    items: list.map((one) => ({
      id: id(one),
      url: address(company, one),
      title: titled(one),
      content_html: htmlOf(one),
      content_text: plainOf(one),
      ...(one.dated && { date_published: iso(one.posted) }),
      date_modified: iso(one.updated),
      tags: [one.department],
    })),
  });
}
