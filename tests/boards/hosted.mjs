// The pages for people that the boards host: where an answer of an API says that an advert can be read. Some are
// written by the server and say so when a posting has closed; others are a shell that looks the same open or closed.
import { html, redirect } from './answers.mjs';
import { escape, htmlOf } from './advert.mjs';

const uuid = '[0-9a-f-]{36}';

/// `at` finds the board and the posting in "host/path"; `shell` is a page whose text only a browser can make.
const hosted = [
  { name: 'greenhouse', at: /^(?:job-)?boards\.greenhouse\.io\/([^/]+)(?:\/jobs\/(\d+))?\/?$/, closed: toBoard },
  { name: 'lever', at: new RegExp(`^jobs\\.lever\\.co/([^/]+)(?:/(${uuid})(?:/apply)?)?/?$`) },
  { name: 'lever-eu', at: new RegExp(`^jobs\\.eu\\.lever\\.co/([^/]+)(?:/(${uuid})(?:/apply)?)?/?$`) },
  { name: 'ashby', at: new RegExp(`^jobs\\.ashbyhq\\.com/([^/]+)(?:/(${uuid})(?:/application)?)?/?$`), shell: true },
  { name: 'smartrecruiters', at: /^(?:jobs|careers)\.smartrecruiters\.com\/([^/]+)(?:\/(\d+)[^/]*)?\/?$/ },
  { name: 'workable', at: /^apply\.workable\.com\/([a-z0-9-]+)(?:\/j\/([0-9A-F]+)(?:\/apply)?)?\/?$/, shell: true },
  // The short address does not name the account.
  { name: 'workable', at: /^apply\.workable\.com\/()j\/([0-9A-F]+)(?:\/apply)?\/?$/, shell: true },
  { name: 'recruitee', at: /^([a-z0-9-]+)\.recruitee\.com\/(?:o\/[^/]*?-(\d+)(?:\/c\/new)?)?\/?$/ },
  {
    name: 'workday', shell: true,
    at: /^([a-z0-9-]+)\.wd\d+\.myworkdayjobs\.com\/(?:[a-z]{2}-[A-Z]{2}\/)?[^/]+(?:\/job\/.*_([^_/]+))?\/?$/,
  },
  { name: 'keka', at: /^([a-z0-9-]+)\.keka\.com\/careers(?:\/(?:jobdetails|applyjob)\/(\d+))?\/?$/, shell: true },
  { name: 'personio', at: /^([a-z0-9-]+)\.jobs\.personio\.(?:de|com)\/(?:job\/(\d+))?\/?$/ },
  {
    name: 'oracle', shell: true,
    at: /^([a-z0-9.-]+)\.oraclecloud\.com\/hcmUI\/CandidateExperience\/en\/sites\/[^/]+(?:\/job\/(\d+)|\/[a-z]+)?\/?$/,
  },
  { name: 'eightfold', at: /^([a-z0-9-]+)\.eightfold\.ai\/careers(?:\/job\/(\d+))?\/?$/, shell: true },
  { name: 'hackernews', at: /^news\.ycombinator\.com\/()(?:item|submitted)$/ },
];

/// Greenhouse leads back to the board.
function toBoard(slug) {
  return redirect(`https://job-boards.greenhouse.io/${slug}?error=true`);
}

/// Which board's page an address is, or undefined where it is none.
export function hostedAt(host, path) {
  for (const page of hosted) {
    const found = page.at.exec(host + path);
    if (found) return { ...page, slug: found[1] || undefined, wanted: found[2] };
  }
  return undefined;
}

/// The page of the posting, or of the board. An address has the board's id of a posting, or its plain number.
export function hostedPage({ state, query, name, slug }, { connector, page }) {
  const named = slug === undefined
    ? [...state.boards.values()].filter((one) => one.connector === name)
    : [state.board(name, slug)].filter(Boolean);
  if (!named.length) return html('Not found', '<h1>There is no such board</h1>', 404);
  const list = named.flatMap((board) => state.listed(board, { unlisted: true }));
  const wanted = page.name === 'hackernews' ? query.get('id') : page.wanted;
  if (page.shell) return html('Careers', '<div id="root"></div><noscript>This site needs JavaScript.</noscript>');
  if (!wanted || wanted === 'whoishiring') {
    return html('Jobs', `<ul>${list.map((one) => `<li>${escape(one.title)}</li>`).join('')}</ul>`);
  }
  const posting = list.find((one) => [String(connector.id(one, state)), String(one.number)].includes(wanted));
  if (posting) return html(escape(posting.title), `<h1>${escape(posting.title)}</h1>${htmlOf(posting)}`);
  return page.closed?.(page.slug) ?? html('Not found', '<h1>This posting is closed</h1>', 404);
}
