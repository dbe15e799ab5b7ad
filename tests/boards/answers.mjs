// What the boards share: answers by their kind, pages of a list, and the robots.txt of a host.
import { seconds } from './advert.mjs';

export const ok = (json, headers = {}) => ({ status: 200, json, headers });

export const refuse = (status, json) => ({ status, json, headers: {} });

export const text = (body, type, status = 200) => ({
  status, body, headers: { 'content-type': `${type}; charset=utf-8` },
});

/// A page; title and body are HTML already.
export function html(title, body, status = 200) {
  const head = `<head><meta charset="utf-8"><title>${title}</title></head>`;
  return text(`<!DOCTYPE html>\n<html lang="en">${head}<body>${body}</body></html>\n`, 'text/html', status);
}

export const redirect = (location, status = 302) => ({ status, body: '', headers: { location } });

/// A whole number of a query or a body, or the `normal` one where none is given.
export function whole(value, normal) {
  const number = Number(value ?? '');
  return value !== null && value !== undefined && value !== '' && Number.isInteger(number) ? number : normal;
}

/// One page of the board's postings and how many there are, as the ordered fault of paging wants it.
/// An endless board invents an entry for every place behind its last one: `again` makes it of a real one.
export function page({ list, fault, again = another }, offset, limit) {
  const end = offset + limit;
  switch (fault?.kind) {
    case 'repeats':
      return { items: list.slice(0, limit), total: list.length };
    case 'skips': {
      // What moved to the front between two requests takes the places of those that are missed.
      const lost = offset > 0 ? fault.postings ?? 1 : 0;
      return { items: list.slice(offset + lost, end + lost), total: list.length };
    }
    case 'endless': {
      const items = [];
      for (let at = offset; at < end && list.length; at += 1) {
        const one = list[at % list.length];
        items.push(at < list.length ? one : again(one, at));
      }
      return { items, total: end + limit };
    }
    default:
      return { items: list.slice(offset, end), total: list.length };
  }
}

const another = (posting, at) => ({ ...posting, number: 1_000_000 + at });

/// RFC 9309: no file is a 404, which allows all. Career pages have one, which names their sitemap.
export function robots({ state, host, name }) {
  const given = state.robots.get(host);
  if (given) return text(given.text ?? '', 'text/plain', given.status);
  if (name === 'keka') return text('User-agent: *\nDisallow: /\nAllow: /careers/\n', 'text/plain');
  if (name !== 'page') return text('Not Found', 'text/plain', 404);
  const rules = ['User-agent: *', 'Disallow: /search', 'Disallow: /*?apply=', 'Allow: /', ''];
  return text([...rules, `Sitemap: https://${host}/sitemap.xml`, ''].join('\n'), 'text/plain');
}

/// Days on a board, in whole days of the host's clock.
export const age = (state, { posted }) => Math.max(0, Math.floor((seconds(state.now()) - seconds(posted)) / 86_400));
