// A posting in words: HTML, plain text, names, ids and dates, as the boards share them.
import { createHash } from 'node:crypto';

import { places, placeName } from './companies.mjs';

export const day = 86_400_000;

/// Text for HTML and XML, with the entities that Greenhouse's answers have.
export const escape = (text) => String(text)
  .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  .replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/// Its parts: heading and lines. A part without lines is left out.
export const sections = ({ duties, needs, offers }) => [
  { key: 'duties', title: 'What you will do', lines: duties },
  { key: 'needs', title: 'What we look for', lines: needs },
  { key: 'offers', title: 'What we offer', lines: offers },
].filter(({ lines }) => lines.length);

export const items = (lines) => lines.map((line) => `<li>${escape(line)}</li>`).join('');

export const paragraph = (posting) => `<p>${escape(posting.about)}</p>`;

export const htmlOf = (posting) => paragraph(posting) + sections(posting)
  .map(({ title, lines }) => `<h3>${escape(title)}</h3><ul>${items(lines)}</ul>`).join('');

export const plainOf = (posting) => [posting.about, ...sections(posting)
  .map(({ title, lines }) => `${title}\n${lines.map((line) => `- ${line}`).join('\n')}`)].join('\n\n');

export const slugOf = (text) => text.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

export const placesOf = (posting) => posting.places.map((key) => places[key]);

/// The first place as people write it, with "Remote" where the work is remote.
export function placeWords(posting, index = 0) {
  const name = placeName(placesOf(posting)[index]);
  return posting.mode === 'remote' ? `Remote - ${name}` : name;
}

/// The same for every run: ids of a kind must stay when the host is started again.
export const hash = (posting, salt) => createHash('sha256').update(`${salt}/${posting.number}`).digest('hex');

export function uuid(posting, salt) {
  const hex = hash(posting, salt);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const iso = (ms) => new Date(ms).toISOString();
export const seconds = (ms) => Math.floor(ms / 1000);
export const dateOf = (ms) => iso(ms).slice(0, 10);

/// ISO 8601 with an offset in place of Z, as Greenhouse writes its times.
export function zoned(ms, minutes) {
  const sign = minutes < 0 ? '-' : '+';
  const part = (value) => String(value).padStart(2, '0');
  const away = Math.abs(minutes);
  return `${iso(ms + minutes * 60_000).slice(0, 19)}${sign}${part(Math.floor(away / 60))}:${part(away % 60)}`;
}

/// Pay in words; empty where the company does not say.
export function payWords({ pay }) {
  if (!pay) return '';
  const sign = { INR: '₹', EUR: '€' }[pay.currency];
  const amount = (value) => `${sign}${value.toLocaleString('en-IN')}`;
  return `${pay.min === pay.max ? amount(pay.min) : `${amount(pay.min)} – ${amount(pay.max)}`} per ${pay.per}`;
}
