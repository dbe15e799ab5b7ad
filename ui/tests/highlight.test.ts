import { describe, expect, it } from 'vitest';

import { hunk } from '../src/api/fake';
import { grammarFor, highlightHunk, highlightLines, splitLines, type Piece } from '../src/ui/highlight';

function element(html: string): HTMLElement {
  const made = document.createElement('div');
  made.innerHTML = html;
  return made;
}

const hostile = [
  '<img src=x onerror="alert(1)">', '</span></div><script>alert(1)</script>', '"<svg onload=alert(1)>"',
  "'<iframe srcdoc='<b>'>'", '/* <a href="javascript:alert(1)"> */', '`${"<b>"}`', '&lt;b&gt; &amp;',
];

describe('highlightLines', () => {
  for (const grammar of [null, 'python', 'javascript', 'xml', 'markdown', 'css', 'sql', 'cpp', 'bash']) {
    it(`shows hostile text as text (${grammar ?? 'no language'})`, () => {
      highlightLines(hostile, grammar).forEach((html, i) => {
        const made = element(html);
        expect(made.textContent, 'every character arrives, none of it as markup').toBe(hostile[i]);
        const others = [...made.querySelectorAll('*')].filter((one) => one.tagName !== 'SPAN' || one.attributes.length > 1);
        expect(others, 'only spans with a class may appear').toEqual([]);
      });
    });
  }

  it('keeps the colour of a string over its line ends', () => {
    const [first, second, after] = highlightLines(['x = """one', 'two"""', 'y'], 'python');
    expect(element(first ?? '').querySelector('.hljs-string')?.textContent).toBe('"""one');
    expect(element(second ?? '').querySelector('.hljs-string')?.textContent).toBe('two"""');
    expect(after).toBe('y');
  });

  it('makes characters visible that turn the order of text around', () => {
    const [html] = highlightLines(['ok = true // \u202e evil'], 'javascript');
    expect(element(html ?? '').querySelector('.hidden-character')?.textContent).toBe('U+202E');
  });

  it('gives one line of HTML for each line, also for empty ones', () => {
    expect(highlightLines(['', '', 'a', ''], 'go')).toHaveLength(4);
  });
});

describe('marked pieces', () => {
  it('are those characters, through colours and hostile text', () => {
    const lines = [...hostile, 'self.get_user("<b>")'];
    const pieces = lines.map((line): Piece[] => [[1, 4], [6, line.length]]);
    for (const grammar of [null, 'python', 'xml']) {
      highlightLines(lines, grammar, pieces).forEach((html, i) => {
        const made = element(html);
        expect(made.textContent).toBe(lines[i]);
        const marked = [...made.querySelectorAll('mark')].map((one) => one.textContent).join('');
        expect(marked, 'an entity is one character').toBe(lines[i]!.slice(1, 4) + lines[i]!.slice(6));
        expect([...made.querySelectorAll('*')].filter((one) => !['SPAN', 'MARK'].includes(one.tagName))).toEqual([]);
      });
    }
  });
});

describe('splitLines', () => {
  it('closes and opens nested spans at each line end', () => {
    expect(splitLines('<span class="a">1<span class="b">2\n3</span>4\n5</span>')).toEqual([
      '<span class="a">1<span class="b">2</span></span>',
      '<span class="a"><span class="b">3</span>4</span>',
      '<span class="a">5</span>',
    ]);
  });
});

describe('highlightHunk', () => {
  it('reads old and new side apart: an unfinished string that was removed does not colour what follows', () => {
    const change = hunk(1, [' a = 1', '-b = """open', '-still"""', '+b = 2', ' c = 3']);
    const texts = highlightHunk(change, 'python').map((html) => element(html));
    expect(texts.map((one) => one.textContent)).toEqual(change.lines.map((line) => line.text));
    expect(texts[2]?.querySelector('.hljs-string'), 'second line of the removed string').not.toBeNull();
    expect(texts[3]?.querySelector('.hljs-string'), 'the new side has no string').toBeNull();
  });
});

describe('grammarFor', () => {
  it('goes by the core’s language, then by the ending', () => {
    expect(grammarFor('python', 'x')).toBe('python');
    expect(grammarFor('tsx', 'a.tsx')).toBe('typescript');
    expect(grammarFor(null, 'Cargo.toml')).toBe('ini');
    expect(grammarFor(null, 'LICENSE')).toBeNull();
    expect(grammarFor('constructor', 'toString'), 'names of Object.prototype are no grammars').toBeNull();
  });
});
