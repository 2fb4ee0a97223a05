import { randomInt } from 'node:crypto';
import { type WeakExternalId, weakIdsOfPass } from '../../exposure/weak-external-ids.ts';
import { remediate, remediationOf } from '../../fix/remediate.ts';
import type { Remediation } from '../../fix/remediation.ts';
import type { Guard } from '../../model/exposure.ts';
import { type AccountRelations, relationOf, relationsFor } from '../../model/relations.ts';
import type { StoredVerdict } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { BoundedMap } from '../../text/bounded-map.ts';

/** What the command line asks the proposals to demand. */
export interface FixSettings {
  readonly guard: Guard | null;
  readonly externalId: string | null;
  readonly generate: boolean;
}

/** A role and what is proposed for it; `remediation` is null when it needs no change. */
export interface RoleFix {
  readonly object: VerdictObject;
  readonly remediation: Remediation | null;
  /** External IDs that a role which needs no change had better replace all the same. */
  readonly weak: readonly WeakExternalId[];
}

/** Distinct policies kept; most roles of an organisation share a few hundred. */
const CAPACITY = 5_000;

/** Makes proposals; roles with the same policy in the same account share one. */
export function openFixer(
  relations: AccountRelations,
  settings: FixSettings,
): (verdict: StoredVerdict) => RoleFix {
  const known = new BoundedMap<string, Remediation>(CAPACITY);
  const externalIds = new Map<string, string>();

  function propose(policy: string, { account, partition }: VerdictObject): Remediation {
    const key = JSON.stringify([account, partition, policy]);
    let remediation = known.get(key);
    if (remediation === undefined) {
      remediation = remediate(policy, account, {
        partition,
        relationOf: (other) => relationOf(other, relationsFor(relations, account)),
        guard: settings.guard,
        externalId: settings.externalId,
        generateExternalId: settings.generate ? (other) => generated(account, other) : null,
      });
      known.set(key, remediation);
    }
    return remediation;
  }

  /** One for each pair of accounts, so that no value serves two customers or two parties. */
  function generated(own: string, other: string): string {
    const key = `${own} ${other}`;
    const value = externalIds.get(key) ?? randomExternalId();
    externalIds.set(key, value);
    return value;
  }

  return ({ object, policy }) => ({
    object,
    remediation: remediationOf(object, policy, (text) => propose(text, object)),
    weak: weakIdsOfPass(object, policy, relations),
  });
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 32;

function randomExternalId(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
