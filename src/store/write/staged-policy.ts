import { hash } from 'node:crypto';
import type { RoleRecord } from '../../model/record.ts';

/** A trust policy on its way into the store. `sha256` identifies it and, in hexadecimal, never is empty. */
export interface StagedPolicy {
  readonly sha256: string;
  readonly state: 'document' | 'missing' | 'undecodable' | 'outcomes';
  /** Compact JSON text; null unless `state` is `document` or `outcomes`. */
  readonly document: string | null;
  /** Why there is no document; null when there is one. */
  readonly detail: string | null;
}

/** Where a trust policy comes from. */
export type PolicyHolder = Pick<RoleRecord, 'trust' | 'status'>;

export function stagePolicy(record: PolicyHolder): StagedPolicy {
  if (record.status === 'not-recorded') return withoutDocument('missing', 'not recorded');
  switch (record.trust.state) {
    case 'document':
      return {
        sha256: sha256Of(record.trust.text),
        state: 'document',
        document: record.trust.text,
        detail: null,
      };
    case 'missing':
      return withoutDocument('missing', 'not in the export');
    case 'undecodable':
      return withoutDocument('undecodable', record.trust.reason);
  }
}

/** What further rules say of an entity, in the place of a trust policy. */
export function stageOutcomes(text: string): StagedPolicy {
  return { sha256: sha256Of(`outcomes\n${text}`), state: 'outcomes', document: text, detail: null };
}

function withoutDocument(state: 'missing' | 'undecodable', detail: string): StagedPolicy {
  // No JSON text starts like this, so the hash cannot meet that of a document.
  return { sha256: sha256Of(`${state}\n${detail}`), state, document: null, detail };
}

export function sha256Of(text: string): string {
  return hash('sha256', text, 'hex');
}
