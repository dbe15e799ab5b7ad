/// The user's own rules for one repository.
import type { Backend } from '../../api/backend';
import type { OwnRule } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

/// A rule as it is typed.
export interface Draft {
  /// Null for a new one.
  id: number | null;
  sentence: string;
  place: string;
  /// Apart by commas or blanks.
  languages: string;
  /// What is forbidden.
  text: string;
  regex: boolean;
}

export const blank: Draft = { id: null, sentence: '', place: '', languages: '', text: '', regex: false };

export class OwnRules {
  readonly list = new Remote<OwnRule[]>();

  constructor(
    private readonly backend: Backend,
    private readonly repositoryId: number,
  ) {
    void this.list.ask(() => backend.call('own_rule_get', { repository_id: repositoryId }));
  }

  async save(draft: Draft): Promise<void> {
    await this.backend.call('own_rule_set', {
      id: draft.id,
      repository_id: this.repositoryId,
      sentence: draft.sentence.trim(),
      place: draft.place.trim(),
      languages: draft.languages.split(/[,\s]+/).filter((name) => name !== ''),
      forbids: { text: draft.text.trim(), regex: draft.regex },
    });
    await this.list.refresh();
  }

  async remove(id: number): Promise<void> {
    await this.backend.call('own_rule_delete', { id });
    await this.list.refresh();
  }
}

export function drafted(rule: OwnRule): Draft {
  const { id, sentence, place, languages, forbids } = rule;
  return { id, sentence, place, languages: languages.join(', '), ...forbids };
}

/// What code can check of a sentence such as "We never use print in src/": the text, and where. Null where only the
/// user can say.
export function understood(sentence: string): { text: string; place: string } | null {
  const found = /^(?:we\s+)?(?:never|don['’]t|do not)\s+(?:use|call|write)\s+(?:`([^`]+)`|([^\s`]+?))(?:\s+in\s+(\S+?))?[.!]?$/i.exec(
    sentence.trim(),
  );
  const text = found?.[1] ?? found?.[2];
  return text === undefined ? null : { text, place: found?.[3]?.replaceAll('`', '') ?? '' };
}
