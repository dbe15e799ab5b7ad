// The browser host over a data folder, for benchmarks: the same doors that the pages use.
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';

/// Starts it and resolves to its doors. `env` is its environment, `models` the folder of the models; on Linux `core` is
/// the only processor core it may use. `program` is another one that speaks like it, `words` are more for its command line,
/// `said` is called with each line of what it says to the terminal instead of showing it.
export async function serve(data, models, env, core, { program = [process.env.INTERNFLOW_CLI], words = [], said } = {}) {
  const command = [...(core === undefined ? [] : ['taskset', '-c', String(core)]), ...program];
  const child = spawn(command[0], [...command.slice(1), '--data-dir', data, 'serve', ...words], {
    env: { ...env, INTERNFLOW_MODELS: models }, stdio: ['ignore', 'pipe', said ? 'pipe' : 'inherit'],
  });
  if (said) createInterface(child.stderr).on('line', said);
  const ended = new Promise((resolve) => { child.once('close', (code, signal) => resolve({ code, signal })); });
  const line = await new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    ended.then(({ code, signal }) => reject(new Error(`The host ended with ${signal ?? code} before it said where it is.`)));
  });
  const address = new URL(line.replace('InternFlow is at ', ''));
  const entered = await fetch(address, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie').split(';')[0];
  // Connections are kept, so that what is timed is the answer and not the way to it.
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const exchange = (method, path, body) => new Promise((resolve, reject) => {
    const headers = { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) };
    const asked = request(new URL(path, address), { method, agent, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.once('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString() }));
      answer.once('error', reject);
    });
    asked.once('error', reject);
    asked.end(body);
  });
  const call = async (name, args) => {
    const { status, text } = await exchange('POST', `/call/${name}`, JSON.stringify(args));
    const value = JSON.parse(text);
    if (status !== 200) throw Object.assign(new Error(`${name}: ${value.message}`), { refused: value });
    return value;
  };
  return {
    call,
    process: child,
    /// Resolves to `{ code, signal }` when the program has ended.
    gone: ended,
    /// Waits for a task to end and resolves to it.
    async ended(id, every = 200) {
      for (;;) {
        const task = await call('activity_task', { task_id: id });
        if (!['queued', 'running'].includes(task.state)) return task;
        await new Promise((later) => { setTimeout(later, every); });
      }
    },
    /// By how many milliseconds each tick of the runtime since the last call was late; needs the word `--lag`.
    lag: async () => JSON.parse((await exchange('GET', '/lag')).text),
    /// Calls `heard` with each event from now on; resolves when it listens.
    listen: (heard) => new Promise((resolve, reject) => {
      const asked = request(new URL('/events', address), { headers: { cookie } }, (answer) => {
        createInterface(answer).on('line', (said) => {
          if (said.startsWith('data:')) heard(JSON.parse(said.slice(5)));
        }).on('error', () => {}); // The host has ended.
        resolve();
      });
      asked.once('error', reject);
      asked.end();
    }),
    /// Asks it to end and waits until it has.
    async close() {
      agent.destroy();
      child.kill('SIGINT');
      await ended;
    },
  };
}
