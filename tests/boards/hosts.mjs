// Which board answers at an address: the connectors, and the way from a host and a path to one of them.
import { ashby } from './ashby.mjs';
import { career } from './career.mjs';
import { eightfold } from './eightfold.mjs';
import { feed } from './feeds.mjs';
import { greenhouse } from './greenhouse.mjs';
import { hackernews } from './hackernews.mjs';
import { hostedAt } from './hosted.mjs';
import { keka } from './keka.mjs';
import { eu, global } from './lever.mjs';
import { list } from './lists.mjs';
import { oracle } from './oracle.mjs';
import { personio } from './personio.mjs';
import { recruitee } from './recruitee.mjs';
import { smartrecruiters } from './smartrecruiters.mjs';
import { workable } from './workable.mjs';
import { workday } from './workday.mjs';

/// Each says at which hosts it is (`host`), which board an address means (`slug`), what the board answers (`answer`)
/// and what is said where no board or no posting is (`missing`), a posting's id there (`id`), which methods it takes
/// (`methods`, GET else), whether its lists have pages (`paged`) and name also what is not listed (`unlisted`).
export const connectors = {
  greenhouse, lever: global, 'lever-eu': eu, ashby, smartrecruiters, workable, recruitee, workday, keka, personio,
  oracle, eightfold, hackernews, feed, list, page: career,
};

/// The connector of a host and what the path names there, or undefined for a host that nobody has. `page` is given
/// where the address is one for people.
export function route(host, path) {
  const page = hostedAt(host, path);
  if (page) return { name: page.name, connector: connectors[page.name], slug: page.slug, page };
  for (const [name, connector] of Object.entries(connectors)) {
    const found = connector.host.exec(host);
    if (found) return { name, connector, slug: connector.slug({ found, path }) };
  }
  return undefined;
}
