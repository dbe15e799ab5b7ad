/// Findings as comments on GitHub: where that is possible, and what is proposed.
import type { Remote, Repository, SignIn, StoredFinding } from '../../api/bindings';

/// Where findings of this repository can be posted: on the host that the account is signed in to, when the
/// user allows it at all. Null otherwise.
export function postable(repository: Repository | undefined, signIn: SignIn | undefined, allowed: boolean): Remote | null {
  const remote = repository?.remote;
  if (!allowed || !remote || signIn?.state !== 'signed_in') return null;
  return /^https?:\/\/([^/]+)\//.exec(remote.url)?.[1] === signIn.account.host ? remote : null;
}

/// Ticked before the user looks: what is more than a guess of the model.
export function proposed(finding: StoredFinding): boolean {
  return finding.source === 'rule' || finding.confidence >= 0.5;
}

/// Who will be able to read the comments.
export function readers(remote: Remote): string {
  return remote.private
    ? `Everybody who can read ${remote.full_name} will see them.`
    : `${remote.full_name} is public: everybody will see them.`;
}
