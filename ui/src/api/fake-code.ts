/// The code of the fake core: a few files that can be searched, read and asked about.
import { Failure } from './backend';
import type { Answer, CodeHit, Statement } from './bindings';
import { answer, codeHit, task, type Handlers } from './fake';

const files: { path: string; language: string | null; text: string }[] = [
  {
    path: 'shop/orders.py', language: 'python',
    text: `import sqlite3
from dataclasses import dataclass

from .money import Money
from .payment import Declined, charge


@dataclass
class Order:
    id: int
    title: str
    price: Money


class Orders:
    """Orders of one customer,
    newest first."""

    def __init__(self, db: sqlite3.Connection):
        self.db = db

    def search(self, text, filters=()):
        query, values = "SELECT * FROM orders WHERE title LIKE ?", [f"%{text}%"]
        for name, value in filters:
            if name not in COLUMNS:
                raise ValueError(f"no column {name}")
            query += f" AND {name} = ?"
            values.append(value)
        return self.db.execute(query, values).fetchall()

    def total(self) -> Money:
        return sum((o.price for o in self.all()), Money(0))


def retry_payment(order: Order, attempts: int = 2) -> bool:
    """Charges the card again when the bank did not answer.

    A card that was declined is never charged twice."""
    for attempt in range(attempts):
        try:
            charge(order.price)
            return True
        except TimeoutError:
            log.warning("payment of order %s: no answer (%s)", order.id, attempt + 1)
        except Declined:
            break
    return False
`,
  },
  {
    path: 'web/search.ts', language: 'typescript',
    text: `import type { Order } from './order';

/** Orders whose title has \`text\`, newest first. */
export async function searchOrders(text: string): Promise<Order[]> {
  const answer = await fetch(\`/orders?q=\${encodeURIComponent(text)}\`);
  if (!answer.ok) throw new Error(\`the shop answered \${answer.status}\`);
  return answer.json();
}

export function checkPassword(given: string, stored: Uint8Array): boolean {
  return timingSafeEqual(hash(given), stored);
}
`,
  },
  {
    path: 'README.md', language: 'markdown',
    text: `# Shop

Orders, payments and invoices of a small shop.

## Deployment

Copy \`shop.db\` first. Start with \`uvicorn shop.main:app\`; payments need \`SHOP_BANK_KEY\` in the environment.
`,
  },
  {
    path: 'data/generated.py', language: 'python',
    text: Array.from({ length: 50_000 }, (_, i) => `ROW_${i + 1} = ("${(i * 2_654_435_761 % 2 ** 32).toString(16)}", ${i % 977})  # row ${i + 1}`).join('\n'),
  },
];

/// Pieces of the files, each from one definition or heading to the next.
function pieces(): CodeHit[] {
  const found: CodeHit[] = [];
  for (const file of files.slice(0, -1)) {
    const lines = file.text.trimEnd().split('\n');
    const starts = lines.flatMap((line, i) => {
      const name = /^ {0,4}(?:def|class|export async function|export function|#+) (\w+)/.exec(line)?.[1];
      return name === undefined && i > 0 ? [] : [{ i, symbol: name ?? null }];
    });
    starts.forEach(({ i, symbol }, n) => {
      let end = starts[n + 1]?.i ?? lines.length;
      while (end > i + 1 && lines[end - 1]?.trim() === '') end -= 1;
      found.push(codeHit(file.path, i + 1, lines.slice(i, end), { symbol, language: file.language }));
    });
  }
  return found;
}

const statements: Statement[] = [
  { text: '`retry_payment` charges the card again, two times at most, when the bank does not answer.', at: { path: 'shop/orders.py', symbol: 'retry_payment', start_line: 37, end_line: 41 } },
  { text: 'A card that the bank declined is not charged again: the loop ends at `Declined`.', at: { path: 'shop/orders.py', symbol: 'retry_payment', start_line: 35, end_line: 47 } },
  { text: 'Payments need the key of the bank in `SHOP_BANK_KEY`.', at: { path: 'README.md', symbol: 'Deployment', start_line: 5, end_line: 7 } },
];

/// Searching, reading and asking; an answer takes some seconds.
export function fakeCode(announce: (topic: string) => void) {
  const all = pieces();
  let next = 20;
  let answers: Answer[] = [
    answer(11, 'What happens when a payment fails?', {
      statements, notice: '1 more sentence of the model did not hold and was left out.', task: task(411, { kind: 'ask' }),
    }),
    answer(12, 'Where are passwords checked, and against what?', {
      task: task(412, { kind: 'ask', state: 'failed', error: { code: 'failed', message: 'The model worker was killed, probably for memory. Close other programs and ask again.' } }),
    }),
  ];

  const run = (id: number) => {
    let said = 0;
    const step = () => {
      const one = answers.find((other) => other.id === id);
      if (one === undefined || (one.task.state !== 'queued' && one.task.state !== 'running')) return;
      const stage = said === 0 ? 'Looking for the code' : 'Writing the answer';
      one.task.state = said < 4 ? 'running' : 'done';
      one.task.progress = { stage, done: said, total: 4, eta_s: 8 - said * 2 };
      one.statements = statements.slice(0, Math.max(0, said - 1));
      said += 1;
      if (one.task.state === 'running') setTimeout(step, 1200);
      announce(`answers:${one.repository_id}`);
    };
    setTimeout(step, 600);
  };

  const handlers: Partial<Handlers> = {
    async search_code({ query, repository_id, path, language, mine, limit }) {
      await new Promise((done) => setTimeout(done, 150));
      const terms = query.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
      const score = (one: CodeHit) => {
        const text = `${one.symbol} ${one.path} ${one.text}`.toLowerCase();
        return terms.filter((term) => text.includes(term)).length + (one.symbol?.toLowerCase() === query.toLowerCase() ? 9 : 0);
      };
      const hits = all
        .filter((one) => (repository_id ?? 1) === one.repository_id && one.path.includes(path) && score(one) > 0)
        .filter((one) => (language === null || one.language === language) && (!mine || one.path !== 'README.md'))
        .sort((a, b) => score(b) - score(a))
        .slice(0, limit);
      const notice = query.includes('where') ? 'Found by words only: the model that knows meanings is not on this computer. Get it on the Models page.' : null;
      return { hits, terms, notice };
    },
    search_languages: () => [{ name: 'python', label: 'Python' }, { name: 'markdown', label: 'Markdown' }],
    repository_left_out: () => [
      { path: 'package-lock.json', reason: 'lock file' }, { path: 'static/jquery.min.js', reason: 'minified' },
      { path: 'static/logo.png', reason: 'binary' },
    ],
    async repository_file({ path, sha }) {
      await new Promise((done) => setTimeout(done, 150));
      const found = files.find((one) => one.path === path);
      if (found === undefined) throw new Failure({ code: 'not_found', message: `There is no file ${path} in the newest commit.` });
      return { ...found, sha: sha ?? 'ab12'.repeat(10) };
    },
    ask_list: ({ repository_id }) => answers.filter((one) => one.repository_id === repository_id),
    ask_start({ repository_id, question, follows }) {
      const id = (next += 1);
      const made = answer(id, question, { repository_id, follows, task: task(400 + id, { kind: 'ask', state: 'queued', created_at: Math.floor(Date.now() / 1000) }) });
      answers = [...answers, made];
      run(id);
      return made;
    },
    ask_forget({ id }) {
      answers = answers.filter((one) => one.id !== id);
      return null;
    },
  };
  return { handlers, tasks: () => answers.map((one) => one.task) };
}
