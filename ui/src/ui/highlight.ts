/// Syntax colours for lines of code.
///
/// A file, or each side of a hunk, is highlighted as one text and then cut at its line ends, so that a string
/// or a comment over several lines keeps its colour. The result is HTML made by highlight.js, which escapes
/// what it is given; nothing else in the UI is shown as HTML.
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import markdown from 'highlight.js/lib/languages/markdown';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

import type { Hunk } from '../api/bindings';

const grammars = {
  bash, c, cpp, csharp, css, go, ini, java, javascript, json, markdown, python, rust, sql, typescript, xml, yaml,
};
for (const [name, grammar] of Object.entries(grammars)) hljs.registerLanguage(name, grammar);

/// File endings for files whose language the core does not name, and names it uses that differ.
const aliases = new Map<string, string>(Object.entries({
  sh: 'bash', shell: 'bash', zsh: 'bash', h: 'c', cc: 'cpp', cxx: 'cpp', hpp: 'cpp', hh: 'cpp', 'c++': 'cpp',
  cs: 'csharp', c_sharp: 'csharp', 'c#': 'csharp', scss: 'css', toml: 'ini', cfg: 'ini', properties: 'ini',
  js: 'javascript', jsx: 'javascript', mjs: 'javascript', cjs: 'javascript', md: 'markdown', py: 'python',
  pyi: 'python', rs: 'rust', ts: 'typescript', tsx: 'typescript', mts: 'typescript', html: 'xml', svg: 'xml',
  vue: 'xml', svelte: 'xml', yml: 'yaml', notebook: 'python', ipynb: 'python', csx: 'csharp', csproj: 'xml',
}));

/// Texts above this many characters keep their plain colour: highlighting must not hold up the page.
const highlightLimit = 200_000;

/// The grammar for a file, or null.
export function grammarFor(language: string | null, path: string): string | null {
  const ending = path.split('/').pop()?.split('.').pop()?.toLowerCase() ?? '';
  for (const name of [language?.toLowerCase() ?? '', ending]) {
    if (Object.hasOwn(grammars, name)) return name;
    const alias = aliases.get(name);
    if (alias !== undefined) return alias;
  }
  return null;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/// Marks characters that reorder or hide text, which a reviewer has to see.
function reveal(html: string): string {
  return html.replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (c) => {
    const code = c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `<span class="hidden-character">U+${code}</span>`;
  });
}

/// Cuts highlighted HTML at its line ends. Spans that are open there are closed and opened again.
export function splitLines(html: string): string[] {
  const open: string[] = [];
  return html.split('\n').map((line) => {
    const before = open.join('');
    for (const tag of line.match(/<span[^>]*>|<\/span>/g) ?? []) {
      if (tag === '</span>') open.pop();
      else open.push(tag);
    }
    return before + line + '</span>'.repeat(open.length);
  });
}

/// Where a piece of a line begins, and where the next character after it is.
export type Piece = [from: number, to: number];

/// Puts `<mark>` around pieces of a line whose HTML this is. Pieces are in order and apart.
export function markPieces(html: string, pieces: Piece[]): string {
  if (pieces.length === 0) return html;
  let at = 0;
  let out = '';
  for (const part of html.match(/<[^>]*>|&[^;]*;|[^<&]+/g) ?? []) {
    if (part.startsWith('<')) {
      out += part;
      continue;
    }
    // An entity is one character of the line.
    const units = part.startsWith('&') ? [part] : part.split('');
    for (const unit of units) {
      out += pieces.some(([from, to]) => from <= at && at < to) ? `<mark>${unit}</mark>` : unit;
      at += 1;
    }
  }
  return out.replaceAll('</mark><mark>', '');
}

/// HTML for each of `lines`, highlighted as one text; `marks` are pieces of each line to mark.
export function highlightLines(lines: string[], grammar: string | null, marks?: Piece[][]): string[] {
  const finish = (html: string, i: number) => reveal(markPieces(html, marks?.[i] ?? []));
  const text = lines.join('\n');
  if (grammar !== null && text.length <= highlightLimit) {
    const html = splitLines(hljs.highlight(text, { language: grammar, ignoreIllegals: true }).value);
    if (html.length === lines.length) return html.map(finish);
  }
  return lines.map((line, i) => finish(escapeHtml(line), i));
}

/// HTML for each line of a hunk: added and context lines as the new side reads, removed ones as the old.
export function highlightHunk(hunk: Hunk, grammar: string | null): string[] {
  const side = (left: 'added' | 'removed') =>
    highlightLines(
      hunk.lines.filter((line) => line.kind !== left).map((line) => line.text),
      grammar,
    );
  const old = side('added');
  const current = side('removed');
  let atOld = 0;
  let atNew = 0;
  return hunk.lines.map((line) => {
    if (line.kind === 'removed') return old[atOld++] ?? '';
    if (line.kind === 'context') atOld += 1;
    return current[atNew++] ?? '';
  });
}
