// How many pages a second a crawl reads from hosts that answer at once, with the pause between requests left out, and
// what memory it takes.
//
//   cargo xtask bench crawl [BOARDS]
//
// Each of 24 boards is a host of its own on 127.0.0.1 in Workday's shape: ten pages of a list, and sixty texts that are
// asked for one by one. All that becomes of them is done as ever: read, stored, put together, listed.
//
// INTERNFLOW_CLI  path of the built internflow-cli
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serve } from './host.mjs';

const BOARDS = Number(process.argv[2] ?? 24);
const POSTINGS = 200;
const PAGE = 20;
const words = ['services', 'queues', 'maps', 'payments', 'search', 'ledgers', 'reports', 'sensors', 'invoices', 'routes'];

/// Nothing is answered before it is time: what following a board begins is not what is measured.
let open = () => {};
const time = new Promise((go) => (open = go));
let pages = 0;

const text = (board, n) => `<p>You build ${words[n % 10]} and ${words[(n * 7 + board) % 10]} with the team of board ${board}.</p>
  <ul>${words.map((word, i) => `<li>Experience number ${(n * 13 + i) % 97} with ${word}, Python, PostgreSQL and Docker.</li>`).join('')}</ul>
  <p>Internship of 6 months in Pune. Stipend: ₹${20 + (n % 9)},000 per month. Open to the 2027 batch.</p>`.repeat(3);

function answer(path, body) {
  const [, board, rest] = /^\/firm(\d+)\.wd5\.myworkdayjobs\.com(\/.*)$/.exec(path) ?? [];
  if (board === undefined || rest === '/robots.txt') return undefined;
  const number = /_JR-(\d+)$/.exec(rest)?.[1];
  if (number !== undefined) {
    return {
      jobPostingInfo: { title: `Intern ${number}`, jobDescription: text(Number(board), Number(number)), location: 'Pune, India', jobReqId: `JR-${number}`, timeType: 'Full time' },
      hiringOrganization: { name: `Firm ${board}` },
    };
  }
  const { offset } = JSON.parse(body);
  const rows = Array.from({ length: Math.max(0, Math.min(PAGE, POSTINGS - offset)) }, (_, i) => ({
    title: `Intern ${offset + i}`, externalPath: `/job/Pune/Intern_JR-${offset + i}`, locationsText: 'Pune, India', bulletFields: [`JR-${offset + i}`],
  }));
  return { total: offset === 0 ? POSTINGS : 0, jobPostings: rows };
}

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => (body += part)).on('end', async () => {
    await time;
    const found = answer(request.url, body);
    if (found !== undefined) pages += 1;
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(found === undefined ? '' : JSON.stringify(found));
  });
});

/// Seconds that the process has had a processor.
async function worked(pid) {
  const [user, system] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ').slice(11, 13).map(Number);
  return (user + system) / 100;
}

/// Memory of the process in MiB: what it holds, and the most that it held.
async function memory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]) / 1024;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-crawl-'));
let host;
try {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const env = { ...process.env, INTERNFLOW_BOARDS_THROUGH: `http://127.0.0.1:${server.address().port}`, INTERNFLOW_BOARDS_UNPACED: '1' };
  host = await serve(join(temp, 'data'), join(temp, 'no-models'), env);
  for (let board = 0; board < BOARDS; board += 1) {
    await host.call('job_board_add', { address: `https://firm${board}.wd5.myworkdayjobs.com/Careers` });
  }
  for (const task of await host.call('activity_tasks', {})) {
    if (['queued', 'running'].includes(task.state)) await host.call('activity_cancel', { task_id: task.id });
  }
  open();
  pages = 0;
  const [before, idle] = [await memory(host.process.pid), await worked(host.process.pid)];
  const began = performance.now();
  const task = await host.ended((await host.call('job_crawl', {})).id, 50);
  const seconds = (performance.now() - began) / 1000;
  if (task.state !== 'done') throw new Error(`The crawl ended as ${task.state}: ${JSON.stringify(task.error)}`);
  const [after, busy] = [await memory(host.process.pid), await worked(host.process.pid)];
  const { total } = await host.call('job_list', { show: 'open', text: '', kind: null, remote: false, order: 'fit' });
  console.log(`${BOARDS} boards, ${pages} pages in ${seconds.toFixed(1)} s: ${(pages / seconds).toFixed(0)} pages a second; ${total} openings`);
  console.log(`of the processor ${(busy - idle).toFixed(1)} s: ${(pages / (busy - idle)).toFixed(0)} pages a second of it`);
  console.log(`memory ${before.now.toFixed(0)} MiB before, ${after.most.toFixed(0)} MiB at most: ${(after.most - before.now).toFixed(0)} MiB more`);
} finally {
  await host?.close();
  server.closeAllConnections();
  server.close();
  await rm(temp, { recursive: true, force: true });
}
