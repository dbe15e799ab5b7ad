// The text model alone, as the app has it, for benchmarks: BENCH_TEXT with BENCH_WORKER and the models of INTERNFLOW_MODELS.
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const threads = availableParallelism();

/// Starts it. `ask` takes what the example `text` reads and resolves to what it answers.
export async function textModel() {
  const folder = join(process.env.INTERNFLOW_MODELS, 'qwen2.5-coder-1.5b-instruct-q4_k_m');
  const file = (await readdir(folder)).find((name) => name.endsWith('.gguf'));
  const child = spawn(process.env.BENCH_TEXT, [process.env.BENCH_WORKER, join(folder, file), String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('The model ended.');
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}
