// The browser host over a data folder, for benchmarks: the same doors that the pages use.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/// Starts it and resolves to `{ call, close }`. `env` is its environment, `models` the folder of the models; on Linux
/// `core` is the only processor core it may use.
export async function serve(data, models, env, core) {
  const command = [...(core === undefined ? [] : ['taskset', '-c', String(core)]), process.env.INTERNFLOW_CLI];
  const child = spawn(command[0], [...command.slice(1), '--data-dir', data, 'serve'], {
    env: { ...env, INTERNFLOW_MODELS: models }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await new Promise((resolve) => {
    createInterface(child.stdout).once('line', (...said) => resolve(said));
  });
  const address = new URL(line.replace('InternFlow is at ', ''));
  const entered = await fetch(address, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie').split(';')[0];
  const call = async (name, args) => {
    const answer = await fetch(new URL(`/call/${name}`, address), {
      method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify(args),
    });
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${name}: ${value.message}`);
    return value;
  };
  /// Waits for a task to end and resolves to it.
  const ended = async (id, every = 200) => {
    for (;;) {
      const task = await call('activity_task', { task_id: id });
      if (!['queued', 'running'].includes(task.state)) return task;
      await new Promise((later) => setTimeout(later, every));
    }
  };
  return { call, ended, close: () => new Promise((done) => { child.exitCode === null ? (child.once("close", done), child.kill("SIGINT")) : done(); }) };
}
