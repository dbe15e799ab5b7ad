/// Résumés for openings of the made-up core.
import type { Handlers } from './fake';
import type { Defence, Look, Suggestion, Tailoring } from './bindings';

const shop = { id: 1, repository: 'shop', text: 'Built the order API in Python with FastAPI: 1,240 lines of code over 12 commits.' };
const tests = { id: 2, repository: 'shop', text: 'Covered the code with 18 automated tests in 4 files with pytest, all of them still in use.' };
const proof = { repository_id: 1, repository: 'shop', method: '1240 surviving lines, git blame of HEAD over 21 source files', commits: ['a'.repeat(40), 'b'.repeat(40)] };

export function tailoring(more: Partial<Tailoring> = {}): Tailoring {
  return {
    role: 'Backend Intern',
    company: 'Kestrel Labs',
    requirements: [
      { skill: { name: 'Python', required: true, standing: 'proven', from: 'Skills required: Python, Redis, CI/CD', proofs: [proof] }, bullets: [shop] },
      { skill: { name: 'Redis', required: true, standing: 'missing', from: 'Skills required: Python, Redis, CI/CD', proofs: [] }, bullets: [] },
      { skill: { name: 'JavaScript', required: false, standing: 'claimed', from: 'Some JS is welcome', proofs: [] }, bullets: [] },
    ],
    keywords: [
      { skill: 'Python', required: true, spellings: [{ text: 'Python', in_advert: true, in_resume: true }] },
      { skill: 'JavaScript', required: false, spellings: [{ text: 'JS', in_advert: true, in_resume: false }, { text: 'JavaScript', in_advert: false, in_resume: true }] },
      { skill: 'Redis', required: true, spellings: [{ text: 'Redis', in_advert: true, in_resume: false }] },
    ],
    suggestions: [
      { key: 'headline', why: 'Who sorts applications sees at once which one it is for.', decision: 'open', change: { kind: 'headline', before: 'B.Tech Computer Science', after: 'Applying for Backend Intern · B.Tech Computer Science' } },
      { key: 'first:1', why: 'It shows Python, and the advert asks for that.', decision: 'open', change: { kind: 'first', bullet: 1, text: shop.text } },
      { key: 'without:2', why: 'Nothing of what the advert asks for shows in it; 3 bullets of shop do show some.', decision: 'open', change: { kind: 'without', bullet: 2, text: tests.text } },
      { key: 'skill:JavaScript', why: 'The advert writes JS. It is the same, under the name they look for.', decision: 'open', change: { kind: 'skill', line: 'Languages', before: 'JavaScript', after: 'JavaScript (JS)' } },
    ],
    exported: null,
    ...more,
  };
}

const defence: Defence = {
  bullets: [
    {
      bullet: shop,
      repository_id: 1,
      commits: [{ sha: 'a'.repeat(40), subject: 'Take orders over HTTP', day: '2026-03-02' }],
      commit_count: 12,
      code: [{ path: 'shop/orders.py', line: 12, end_line: 15, text: 'def place(order):\n    check(order)\n    store.add(order)\n    return order.id' }],
      questions: ['Why did you build shop, and who would use it?', 'Why did you use FastAPI, and what else did you consider? (fastapi in requirements.txt:1)'],
      weakest: { path: 'shop/orders.py', line: 14, message: 'The order is stored before it is paid.', why: 'A payment that fails leaves an order behind.', open: 2 },
    },
  ],
};

const draft = 'Dear Kestrel Labs,\n\nI am applying as Backend Intern at Kestrel Labs.\n\nYours sincerely,\nAsha Menon';

export function fakeTailor(announce: (topic: string) => void): Partial<Handlers> {
  let suggestions: Suggestion[] = tailoring().suggestions;
  let [exported, letter, look]: [string | null, string | null, Look | null] = [null, null, null];
  const written = (path: string | null, name: string) => ({ path: path ?? `/home/asha/.local/share/internflow/exports/${name}`, bytes: 48_213 });
  return {
    tailor_get: () => tailoring({ suggestions, exported }),
    tailor_decide({ id, key, decision }) {
      suggestions = suggestions.map((one) => (key === null || one.key === key ? { ...one, decision } : one));
      announce(`tailor:${id}`);
      return null;
    },
    tailor_look: () => look,
    tailor_dress(args) {
      look = args.look;
      announce(`tailor:${args.id}`);
      return null;
    },
    tailor_preview: () => ({ pages: ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297"></svg>'], missing: [], file_stem: 'Asha-Menon-Backend-Intern' }),
    tailor_export({ id, format, path }) {
      exported = `Asha-Menon-Backend-Intern.${format}`;
      announce(`tailor:${id}`);
      return written(path, exported);
    },
    tailor_letter() {
      const text = letter ?? draft;
      return {
        text, edited: letter !== null, words: text.split(/\s+/).length,
        unproven: text.includes('Google') ? ['“I worked at Google.”: nothing proves “google”'] : [],
      };
    },
    tailor_letter_set({ id, text }) {
      letter = text;
      announce(`tailor:${id}`);
      return null;
    },
    tailor_letter_export: ({ format, path }) => written(path, `Asha-Menon-Backend-Intern-Letter.${format}`),
    defence_get: () => defence,
    defence_export: ({ format, path }) => written(path, `Asha-Menon-Interview-Notes.${format}`),
  };
}
