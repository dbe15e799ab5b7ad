/// The profile as a form edits it. Fields the form does not show are carried along untouched.
import type { Basics, Education, Profile, Project, Skill, Work } from '../../api/bindings';

const noBasics: Basics = {
  name: '',
  label: '',
  email: '',
  phone: '',
  url: '',
  summary: '',
  location: { city: '', region: '', countryCode: '' },
  profiles: [],
};

export const blank = {
  education: (): Education => ({
    institution: '', area: '', studyType: '', startDate: '', endDate: '', score: '', courses: [],
  }),
  work: (): Work => ({
    name: '', position: '', location: '', url: '', startDate: '', endDate: '', summary: '', highlights: [],
  }),
  projects: (): Project => ({
    name: '', description: '', url: '', startDate: '', endDate: '', highlights: [], keywords: [],
  }),
  skills: (): Skill => ({ name: '', keywords: [] }),
  volunteer: (): Volunteer => ({ organization: '', position: '', url: '', startDate: '', endDate: '', highlights: [] }),
  certificates: (): Certificate => ({ name: '', issuer: '', date: '', url: '' }),
  awards: (): Award => ({ title: '', awarder: '', date: '', summary: '' }),
};

/// What the core keeps and prints of JSON Resume without a type of its own.
export interface Volunteer {
  organization: string;
  position: string;
  url: string;
  startDate: string;
  endDate: string;
  highlights: string[];
}
export interface Certificate {
  name: string;
  issuer: string;
  date: string;
  url: string;
}
export interface Award {
  title: string;
  awarder: string;
  date: string;
  summary: string;
}
export interface More {
  volunteer: Volunteer[];
  certificates: Certificate[];
  awards: Award[];
}
const more = ['volunteer', 'certificates', 'awards'] as const;

/// The lists of a complete profile that its type does not know.
export const moreOf = (profile: Profile): More => profile as unknown as More;

/// The profile as it is kept: of those lists without the empty ones.
export function lean(profile: Profile): Profile {
  const kept = { ...profile } as Profile & Partial<More>;
  for (const name of more) if (kept[name]?.length === 0) delete kept[name];
  return kept;
}

export type Section = keyof typeof blank;

/// A profile with every field the form binds to. The core leaves empty lists out.
export function complete(profile: Partial<Profile>): Profile {
  const basics = { ...noBasics, ...profile.basics };
  basics.location = { ...noBasics.location, ...basics.location };
  const fill = <T>(entries: T[] | undefined, empty: () => T) => (entries ?? []).map((entry) => ({ ...empty(), ...entry }));
  return {
    ...profile,
    basics,
    education: fill(profile.education, blank.education),
    work: fill(profile.work, blank.work),
    projects: fill(profile.projects, blank.projects),
    skills: fill(profile.skills, blank.skills),
    ...Object.fromEntries(more.map((name) => {
      // A file may have had anything there; what is no list is nobody's to edit.
      const given = (profile as Partial<More>)[name] as unknown;
      return [name, fill<object>(Array.isArray(given) ? given : [], blank[name])];
    })),
  };
}

/// True when both say the same, whatever the order of their fields.
export function same(a: unknown, b: unknown): boolean {
  const sorted = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value;
  return JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}

/// Moves an entry up (-1) or down (1) in place. At the ends nothing moves.
export function move<T>(list: T[], index: number, by: 1 | -1): void {
  const other = index + by;
  const [a, b] = [list[index], list[other]];
  if (a === undefined || b === undefined) return;
  list[index] = b;
  list[other] = a;
}

/// `Go, SQL,` → `["Go", "SQL"]`.
export function parseWords(text: string): string[] {
  return text.split(',').map((word) => word.trim()).filter((word) => word !== '');
}

/// One entry a line; leading dashes and dots that people paste are not part of it.
export function parseLines(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/^\s*[-•*]\s*/, '').trim()).filter((line) => line !== '');
}

/// What is wrong with a date, or null. Dates are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
export function dateProblem(text: string): string | null {
  if (text === '' || /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/.test(text)) return null;
  return 'Write 2026, 2026-05 or 2026-05-31';
}
