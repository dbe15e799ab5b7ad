// Lists of internships that a community keeps on GitHub, read raw: README.md with a table, and the listings.json from
// which such tables are made. The columns and fields are those of github.com/SimplifyJobs/Summer2026-Internships
// (README.md, .github/scripts/listings.json): "↳" repeats the company above, a lock is closed, the age is in days.
import { age, text } from './answers.mjs';
import { placeWords, seconds, slugOf, uuid } from './advert.mjs';

const id = (posting) => uuid(posting, 'list');

export const list = {
  host: /^raw\.githubusercontent\.com$/,
  slug: ({ path }) => /^\/([^/]+\/[^/]+)\/[^/]+\//.exec(path)?.[1],
  id,
  answer(asked) {
    const file = asked.path.split('/').slice(4).join('/');
    // An emptied board forgets also what is closed.
    const shown = asked.fault?.kind === 'empty' ? [] : asked.state.known(asked.board).filter((one) => one.listed);
    if (file === 'README.md') return text(readme(asked.state, shown), 'text/plain');
    if (file === '.github/scripts/listings.json') return text(listings(asked.state, shown), 'text/plain');
    return list.missing();
  },
  missing: () => text('404: Not Found', 'text/plain', 404),
};

function address(state, posting) {
  return `https://careers.${state.companyOf(posting).domain}/jobs/${slugOf(posting.title)}-${posting.number}`;
}

// A bar would begin the next cell.
const cell = (words) => words.replaceAll('|', '\\|');

function days(state, posting) {
  const whole = age(state, posting);
  return whole < 60 ? `${whole}d` : `${Math.floor(whole / 30)}mo`;
}

function readme(state, shown) {
  let above = null;
  const byCompany = [...shown].sort((a, b) => a.company.localeCompare(b.company));
  const rows = byCompany.map((one) => {
    const { name, domain } = state.companyOf(one);
    const company = above === one.company ? '↳' : `**[${cell(name)}](https://www.${domain})**`;
    above = one.company;
    const places = one.places.map((_, index) => cell(placeWords(one, index)));
    const where = places.length > 2
      ? `<details><summary>**${places.length} locations**</summary>${places.join('</br>')}</details>`
      : places.join('</br>');
    const open = one.number % 2 === 0
      ? `[Apply](${address(state, one)})`
      : `<a href="${address(state, one)}" target="_blank">Apply</a>`;
    const link = one.state === 'open' ? open : '🔒';
    return `| ${company} | ${cell(one.title)} | ${where} | ${link} | ${days(state, one)} |`;
  });
  return [
    '# Internships for engineering students', '',
    'Kept by students. A lock stands for closed.', '',
    '| Company | Role | Location | Application | Age |', '| --- | --- | --- | :---: | :---: |',
    ...rows, '', '## How to add one', '', '| Step | What to do |', '| --- | --- |', '| 1 | Open an issue |', '',
  ].join('\n');
}

function listings(state, shown) {
  return JSON.stringify(shown.map((one) => ({
    source: 'vidyarthi-club',
    category: 'Software',
    company_name: state.companyOf(one).name,
    id: id(one),
    title: one.title,
    active: one.state === 'open',
    terms: ['Summer'],
    date_updated: seconds(one.updated),
    date_posted: seconds(one.posted),
    url: address(state, one),
    locations: one.places.map((_, index) => placeWords(one, index)),
    company_url: `https://www.${state.companyOf(one).domain}`,
    is_visible: true,
    sponsorship: 'Other',
    degrees: ['Bachelor\'s'],
  })), null, 2);
}
