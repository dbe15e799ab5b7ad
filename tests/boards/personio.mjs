// Personio. Described in "Retrieving open positions" on developer.personio.de: one XML document with all positions,
// text as CDATA blocks, and no address of the advert: it is made of the id.
import { html, text } from './answers.mjs';
import { escape, items, paragraph, placesOf, sections, zoned } from './advert.mjs';

const id = (posting) => 1_000_000 + posting.number;
const types = { internship: 'intern', graduate: 'permanent', job: 'permanent' };
const seniorities = { internship: 'student', graduate: 'entry-level', job: 'experienced' };
const years = { internship: 'lt-1', graduate: 'lt-1', job: '2-5' };

export const personio = {
  host: /^([a-z0-9-]+)\.jobs\.personio\.(?:de|com)$/,
  slug: ({ found }) => found[1],
  id,
  answer(asked) {
    if (asked.path !== '/xml') return missing();
    const positions = asked.list.map((one) => position(asked, one)).join('');
    return text(`<?xml version="1.0" encoding="UTF-8"?>\n<workzag-jobs>\n${positions}</workzag-jobs>\n`, 'text/xml');
  },
  missing,
};

function missing() {
  return html('Page not found', '<h1>Page not found</h1>', 404);
}

const element = (name, value) => `<${name}>${escape(value)}</${name}>`;
const office = ({ city, country }) => city ?? country;
// The one sequence that ends CDATA is written in two.
const cdata = (value) => `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

function position({ state }, posting) {
  const [first, ...others] = placesOf(posting);
  const remote = posting.mode === 'remote' ? ' (Remote)' : '';
  const blocks = [{ title: 'About the role', body: paragraph(posting) }, ...sections(posting)
    .map(({ title, lines }) => ({ title, body: `<ul>${items(lines)}</ul>` }))];
  const described = blocks.map(({ title, body }) =>
    `<jobDescription>${element('name', title)}<value>${cdata(body)}</value></jobDescription>`).join('');
  const more = others.map((place) => element('office', office(place) + remote)).join('');
  return [
    '<position>',
    element('id', id(posting)),
    element('subcompany', state.companyOf(posting).name),
    element('office', office(first) + remote),
    more && `<additionalOffices>${more}</additionalOffices>`,
    element('department', posting.department),
    element('recruitingCategory', posting.department),
    element('name', posting.title),
    `<jobDescriptions>${described}</jobDescriptions>`,
    element('employmentType', types[posting.kind]),
    element('seniority', seniorities[posting.kind]),
    element('schedule', 'full-time'),
    element('yearsOfExperience', years[posting.kind]),
    element('occupation', 'software_and_web_development'),
    element('occupationCategory', 'it_software'),
    element('createdAt', zoned(posting.posted, 0)),
    '</position>\n',
  ].join('');
}
