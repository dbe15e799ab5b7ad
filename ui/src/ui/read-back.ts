/// What was read, put side by side: a row a field, in words.
import type { ReadBack, ReaderName, ReadField } from '../api/bindings';

export interface Row {
  field: string;
  meant: string;
  /// By the better reader.
  read: string;
  /// What the other reader got, where it is something else.
  otherwise: string | null;
  ok: boolean;
}

export const readerWords: Record<ReaderName, string> = {
  by_place: 'as it stands on the page',
  by_order: 'in the order of the file',
  by_style: 'with styles and lists',
  plain_words: 'words alone',
};

const sections: Record<string, string> = {
  experience: 'Job', projects: 'Project', responsibility: 'Position', education: 'School', skills: 'Skill', links: 'Link',
  achievements: 'Achievement', certifications: 'Certificate', publications: 'Publication', languages: 'Language', interests: 'Interest',
};

/// `experience[0].bullets[1]` → `Job 1, bullet 2`; `email` → `E-mail`.
export function fieldWords(path: string): string {
  const place = (part: string) => /^(\w+)\[(\d+)\]$/.exec(part);
  const [first = '', second] = path.split('.');
  const [, list = '', index = '0'] = place(first) ?? [];
  if (list === '') return { email: 'E-mail', name: 'Name' }[first] ?? first.charAt(0).toUpperCase() + first.slice(1);
  const entry = `${sections[list] ?? list} ${Number(index) + 1}`;
  if (second === undefined) return entry;
  const [, inner, at = '0'] = place(second) ?? [];
  if (inner === undefined) return `${entry}, ${second === 'school' ? 'name' : second}`;
  return `${entry}, ${inner.replace(/s$/, '')} ${Number(at) + 1}`;
}

/// The fields of all readers, in the order of a résumé.
export function rows(back: ReadBack): Row[] {
  const [first, second] = back.readings;
  const known = new Set(first?.fields.map((field) => field.field));
  const row = ({ field, meant, ok }: ReadField, read: string): Row => {
    const other = second?.fields.find((one) => one.field === field);
    const good = ok && (other?.ok ?? true);
    const elsewhere = other?.read ?? '';
    const otherwise = second !== undefined && !good && elsewhere !== read ? elsewhere : null;
    return { field: fieldWords(field), meant, read, otherwise, ok: good };
  };
  const surplus = (second?.fields ?? []).filter((field) => !known.has(field.field));
  return [...(first?.fields ?? []).map((field) => row(field, field.read)), ...surplus.map((field) => row(field, ''))];
}

/// How much came back, in one sentence.
export function verdict(back: ReadBack): string {
  const all = rows(back);
  const good = all.filter((row) => row.ok).length;
  if (all.length === 0) return 'Nothing is read';
  if (!back.compared) return `${all.length} fields are read${good < all.length ? `, ${all.length - good} differently by another program` : ''}`;
  return good === all.length ? `All ${all.length} fields come back` : `${good} of ${all.length} fields come back`;
}

/// Everything is read, and as it was meant.
export function whole(back: ReadBack): boolean {
  const all = rows(back);
  return all.length > 0 && all.every((row) => row.ok);
}
