// What the benchmarks of reviews share: a commit reviewed through the browser host, and findings beside labels.
import { basename } from 'node:path';

const NEAR = 3;

/// Adds a repository and reviews one commit of it; resolves to the review, with the repository's `id`.
export async function review(host, folder, sha, { rulesOnly = false, without = [] } = {}) {
  const every = rulesOnly ? 20 : 200;
  const { id } = await host.call('repository_add', { path: folder });
  // Adding has queued it already. Only the model is shown what an index finds.
  const index = await host.call('repository_index', { id });
  if (rulesOnly) await host.call('activity_cancel', { task_id: index.id });
  await host.ended(index.id, every);
  const [task] = await host.call('review_start', { repository_id: id, shas: [sha], rules_only: rulesOnly, questions: true, without });
  const done = await host.ended(task.id, every);
  if (done.state !== 'done') throw new Error(`${basename(folder)}: the review ended as ${done.state}: ${done.error?.message}`);
  return { id, ...await host.call('review_get', { repository_id: id, sha }) };
}

/// Which labels the findings hit: pairs, those of another category, and those that hit nothing.
export function judge(labels, findings) {
  const distance = (label, finding) => Math.max(label.first - finding.line, finding.line - label.last, 0);
  const result = { hits: [], repeated: 0, lineOnly: 0, wrong: [], found: new Set() };
  for (const finding of findings) {
    const near = labels.filter((label) => label.path === finding.path && distance(label, finding) <= NEAR)
      .sort((a, b) => distance(a, finding) - distance(b, finding));
    const label = near.find((one) => one.category === finding.category && !result.found.has(one))
      ?? near.find((one) => one.category === finding.category);
    if (!label) {
      if (near.length > 0) result.lineOnly += 1;
      result.wrong.push(finding);
    } else if (result.found.has(label)) {
      result.repeated += 1;
    } else {
      result.found.add(label);
      result.hits.push({ finding, label });
    }
  }
  return result;
}
