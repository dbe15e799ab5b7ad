// Questions whose answers are known: a function's documentation is taken out of a copy of its repository, and its first
// sentence asks for it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/// Documentation before or in a function, by language: where it is, its text, and the function's name.
const documented = {
  // """Says what it does.""" as the first statement.
  py: /^([ \t]*)(?:async )?def (?<name>\w+)\((?:[^()]|\([^()]*\))*\)[^:\n]*:\n(?<doc>\s+(?:r|u)?"""(?<text>[\s\S]*?)"""[^\n]*\n)/gm,
  // Lines of /// before a function.
  rs: /(?<doc>(?:^[ \t]*\/\/\/[^\n]*\n)+)(?:[ \t]*#\[[^\n]*\n)*[ \t]*(?:pub(?:\([^)]*\))? )?(?:async )?fn (?<name>\w+)/gm,
  // A block of JSDoc before a method or a function.
  ts: /(?<doc>^[ \t]*\/\*\*(?<text>[\s\S]*?)\*\/[ \t]*\n)[ \t]*(?:export |public |private |async |static |get |set |function )*(?<name>\w+)(?:<[^\n]*?>)?\(/gm,
};

/// The first sentence, without markup; too short ones ask nothing.
function sentence(text) {
  const plain = text.replace(/^[ \t]*(?:\/\/\/|\*)[ \t]?/gm, '').replace(/:\w+:`([^`]*)`|[`*]/g, '$1').trim();
  const first = plain.split(/\n\s*\n|[.!?](?:\s|$)/)[0].replace(/\s+/g, ' ').trim();
  return first.split(' ').length >= 4 ? first : null;
}

/// A copy of the repository at HEAD, made by `git`, without its functions' documentation; what was taken, as questions.
export async function strip(git, repository, into) {
  git('clone', '--quiet', repository, into);
  const questions = [];
  for (const path of git('-C', into, 'ls-files').split('\n')) {
    const pattern = documented[path.split('.').pop()];
    if (!pattern || /(^|\/)(tests?|examples?|docs)\//.test(path)) continue;
    const text = await readFile(join(into, path), 'utf8');
    const bare = text.replace(pattern, (whole, ...rest) => {
      const { doc, name, text: inside } = rest.at(-1);
      const query = sentence(inside ?? doc);
      if (!query) return whole;
      questions.push({ path, name, query });
      return whole.replace(doc, '');
    });
    if (bare !== text) await writeFile(join(into, path), bare);
  }
  const as = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org'];
  git('-C', into, ...as, 'commit', '--quiet', '--all', '--message', 'Without documentation');
  return questions;
}
