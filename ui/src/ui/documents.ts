/// How a résumé can look, and as which files it leaves.
import type { Paper, ResumeFormat, Template } from '../api/bindings';

/// Arrangements of the document, with what each is for.
export const templates: { value: Template; label: string; about: string }[] = [
  { value: 'classic', label: 'Classic', about: 'Sans serif with blue headings. Fits most applications.' },
  { value: 'compact', label: 'Compact', about: 'Black on white with narrow margins. Holds the most on a page.' },
  { value: 'academic', label: 'Academic', about: 'Serif. Education, publications and projects before jobs.' },
  { value: 'modern', label: 'Modern', about: 'Green headings in capitals. Experience and projects come first.' },
];

export const papers: { value: Paper; label: string }[] = [
  { value: 'a4', label: 'A4' },
  { value: 'letter', label: 'Letter' },
];

export const formats: { value: ResumeFormat; label: string; type: string }[] = [
  { value: 'pdf', label: 'PDF', type: 'application/pdf' },
  {
    value: 'docx',
    label: 'DOCX',
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  { value: 'html', label: 'HTML', type: 'text/html' },
  { value: 'txt', label: 'Text', type: 'text/plain' },
  { value: 'md', label: 'MD', type: 'text/markdown' },
  { value: 'json', label: 'JSON', type: 'application/json' },
];

/// Formats that tracking systems take, and for which there is a reader.
export function isRead(format: ResumeFormat): boolean {
  return format === 'pdf' || format === 'docx';
}
