import type { DataProblem } from '../../../errors.ts';
import {
  type FactKind,
  FULL_ACCESS,
  isAccountNumber,
  isNodeId,
  isOrganizationId,
  isPolicyId,
  isRootId,
  isUnitId,
  type OrganizationFact,
  sortedTexts,
} from '../../../model/organizations/fact.ts';
import type { RejectedRecord } from '../../../model/record.ts';
import { excerpt } from '../../../model/role-arn.ts';
import type { CaptureTime } from '../capture-time.ts';
import type { Sink } from '../sink.ts';
import type { RcpText } from './rcp-text.ts';

type Place = Pick<RejectedRecord, 'offset' | 'pointer'>;
type ListKind = 'accounts' | 'policies';

/** What one file may say of organisations at most: some times as much as AWS lets an organisation have. */
const MAX_FACTS = 500_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;
const MAX_NAME = 256;

/** What a record says of an account; null and absent: nothing. */
export interface AccountParts {
  readonly organization: string;
  readonly account: string | null;
  readonly name?: string | null;
  readonly status?: string | null;
  readonly parent?: string | null;
  /** All resource control policies attached to the account itself. */
  readonly attached?: readonly string[] | null;
}

export interface UnitParts {
  readonly organization: string;
  /** A unit, or the root, which has no parent. */
  readonly unit: string | null;
  readonly parent?: string | null;
  readonly attached?: readonly string[] | null;
}

export interface PolicyParts {
  readonly organization: string;
  readonly policy: string | null;
  readonly name?: string | null;
  /** Null: the record is not where its text would stand. */
  readonly text: RcpText | null;
  /** All places it is attached to; null: the record does not say it. */
  readonly targets?: readonly string[] | null;
}

/**
 * Takes up what one file says of organisations, record by record: each is an organisation, an account, a unit, a policy
 * or an attachment. A record that contradicts one before it is rejected; what both speak of is then not known, and the
 * rest of both counts. Where a file names one organisation only, all of it speaks of that one.
 */
export class OrganizationFacts {
  private readonly sink: Sink;
  private readonly facts = new Map<string, OrganizationFact>();
  private readonly seen = {
    accounts: new Map<string, Set<string>>(),
    policies: new Map<string, Set<string>>(),
  };
  private readonly lost = new Set<ListKind>();
  private accepted = 0;
  private duplicate = 0;
  private characters = 0;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  /** What an organisation is called, or anything else that is said of it as a whole. */
  organization(
    place: Place,
    parts: {
      readonly organization: string | null;
      readonly management?: string | null;
      readonly root?: string | null;
      /** Whether policies of type RESOURCE_CONTROL_POLICY are enabled; null: not said. */
      readonly enabled?: boolean | null;
    },
  ): void {
    const { organization, management = null, root = null, enabled = null } = parts;
    if (organization === null || (organization !== '' && !isOrganizationId(organization))) {
      this.invalid(place, 'an organisation', organization);
    } else if (management !== null && !isAccountNumber(management)) {
      this.invalid(place, 'an account', management);
    } else if (root !== null && !isRootId(root)) {
      this.invalid(place, 'a root', root);
    } else {
      this.add(place, [
        ...(management === null ? [] : [fact(organization, 'management', '', management)]),
        ...(root === null ? [] : [fact(organization, 'root', '', root)]),
        ...(enabled === null ? [] : [fact(organization, 'rcps-enabled', '', enabled)]),
      ]);
    }
  }

  /** Whose the organisation is by an ARN; it counts where nothing else says it. */
  ownedBy(organization: string, owner: string): void {
    this.put(fact(organization, 'owner', '', owner));
  }

  account(place: Place, parts: AccountParts): void {
    const { organization, account, name = null, status = null, parent = null, attached = null } = parts;
    if (account === null || !isAccountNumber(account)) {
      this.lost.add('accounts');
      this.invalid(place, 'an account', account);
      return;
    }
    this.see('accounts', organization, account);
    if (parent !== null && !isUnitId(parent) && !isRootId(parent)) {
      this.put({ organization, kind: 'parent', key: account, value: null });
      this.invalid(place, 'a unit or root', parent);
      return;
    }
    this.add(place, [
      ...(name === null || name === '' ? [] : [fact(organization, 'name', account, name.slice(0, MAX_NAME))]),
      ...(status === null || status.trim() === ''
        ? []
        : [fact(organization, 'status', account, status.trim().toUpperCase().slice(0, MAX_NAME))]),
      ...(parent === null ? [] : [fact(organization, 'parent', account, parent)]),
      ...(attached === null ? [] : [fact(organization, 'attached', account, sortedTexts(attached))]),
    ]);
  }

  /** Where an account lies, in a record that does not say that it is a member. */
  parent(place: Place, organization: string, account: string, parent: string): void {
    if (isUnitId(parent) || isRootId(parent))
      this.add(place, [fact(organization, 'parent', account, parent)]);
    else {
      this.put({ organization, kind: 'parent', key: account, value: null });
      this.invalid(place, 'a unit or root', parent);
    }
  }

  unit(place: Place, parts: UnitParts): void {
    const { organization, unit, parent = null, attached = null } = parts;
    if (unit === null || (!isUnitId(unit) && !isRootId(unit))) {
      this.invalid(place, 'a unit or root', unit);
      return;
    }
    if (parent !== null && !isUnitId(parent) && !isRootId(parent)) {
      this.put({ organization, kind: 'parent', key: unit, value: null });
      this.invalid(place, 'a unit or root', parent);
      return;
    }
    this.add(place, [
      ...(isRootId(unit) ? [fact(organization, 'root', '', unit)] : []),
      ...(parent === null ? [] : [fact(organization, 'parent', unit, parent)]),
      ...(attached === null ? [] : [fact(organization, 'attached', unit, sortedTexts(attached))]),
    ]);
  }

  policy(place: Place, parts: PolicyParts): void {
    const { organization, policy, name = null, text, targets = null } = parts;
    if (policy === null || !isPolicyId(policy)) {
      this.lost.add('policies');
      this.invalid(place, 'a policy', policy);
      return;
    }
    const key = policy.toLowerCase();
    this.see('policies', organization, policy);
    if (key === FULL_ACCESS) {
      this.add(place, []);
      return;
    }
    const stranger = targets?.find((target) => !isNodeId(target));
    const more = [
      ...nameFacts(organization, key, name),
      ...(targets === null || stranger !== undefined
        ? []
        : [fact(organization, 'targets', key, sortedTexts(targets))]),
    ];
    if (stranger !== undefined) {
      this.put({ organization, kind: 'targets', key, value: null });
      this.invalid(place, 'an account, unit or root', stranger);
    } else this.described(place, organization, policy, text, more);
  }

  /** A policy and its text, if the record has it. */
  private described(
    place: Place,
    organization: string,
    policy: string,
    text: RcpText | null,
    more: readonly OrganizationFact[],
  ): void {
    const key = policy.toLowerCase();
    if (text?.ok === false) {
      for (const one of more) this.put(one);
      this.put({ organization, kind: 'policy-text', key, value: null });
      const message = `the text of the policy ${policy} cannot be used: ${text.reason}`;
      this.sink.reject(place, 'organization-policy-damaged', message);
    } else {
      this.add(place, [
        ...more,
        ...(text === null ? [] : [fact(organization, 'policy-text', key, text.text)]),
      ]);
    }
  }

  /**
   * @param typed false where it is not known that the policy is a resource control policy
   * @param said what the record says of the policy beside that
   */
  attachment(
    place: Place,
    organization: string,
    policy: string | null,
    target: string | null,
    typed: boolean,
    said: { readonly name?: string | null; readonly text?: RcpText } = {},
  ): void {
    if (policy === null || !isPolicyId(policy)) this.invalid(place, 'a policy', policy);
    else if (target === null || !isNodeId(target)) this.invalid(place, 'an account, unit or root', target);
    else if (policy.toLowerCase() === FULL_ACCESS) this.add(place, []);
    else {
      const key = policy.toLowerCase();
      const kind = typed ? 'attachment' : 'untyped-attachment';
      this.described(place, organization, policy, said.text ?? null, [
        ...nameFacts(organization, key, said.name ?? null),
        fact(organization, kind, `${key} ${target}`, policy),
      ]);
    }
  }

  /** All resource control policies attached to a place, which further records may name one by one. */
  attachedTo(organization: string, target: string, policies: Iterable<string>): void {
    this.put(fact(organization, 'attached', target, sortedTexts(policies)));
  }

  /** All places a policy of unknown type is attached to, which records name one by one. */
  allTargets(organization: string, policy: string, targets: Iterable<string>): void {
    if (policy.toLowerCase() === FULL_ACCESS) return;
    this.put(fact(organization, 'untyped-targets', policy.toLowerCase(), sortedTexts(targets)));
  }

  /** Something the file speaks of in a way that cannot be used: what older evidence says of it does not hold any more. */
  unknown(organization: string, kind: FactKind, key: string): void {
    this.put({ organization, kind, key, value: null });
  }

  /** A record that cannot be used. */
  reject(place: Place, code: DataProblem, message: string): void {
    this.sink.reject(place, code, message);
  }

  invalid(place: Place, what: string, written: string | null): void {
    const message =
      written === null
        ? `the record does not name ${what}`
        : `\`${excerpt(written)}\` is not the id of ${what} as AWS writes it`;
    this.sink.reject(place, 'organization-record-invalid', message);
  }

  /** A record that should have been one of a list, so that the list is not whole. */
  lose(list: ListKind): void {
    this.lost.add(list);
  }

  /**
   * Hands all of it out; call once, at the end.
   *
   * @param whole the lists of which the file shows everything, unless some of it was lost
   * @param missing not null: the file shows less than it should
   * @param tellsPolicies it should show all resource control policies, of the organisation or of places in it
   */
  end(
    time: CaptureTime,
    whole: readonly ListKind[] = [],
    missing: unknown = null,
    tellsPolicies = whole.includes('policies'),
  ): void {
    if (tellsPolicies && missing !== null) this.lost.add('policies');
    const organizations = sortedTexts(
      [...this.facts.values()].map(({ organization }) => organization),
    ).filter((id) => id !== '');
    const only = organizations.length === 1 ? (organizations[0] as string) : null;
    for (const list of whole) {
      if (missing !== null || this.lost.has(list)) continue;
      for (const organization of organizations) {
        const seen = this.seen[list];
        const ids = [...(seen.get(organization) ?? []), ...(only === null ? [] : (seen.get('') ?? []))];
        this.put(fact(organization, list, '', sortedTexts(ids)));
      }
    }
    if (this.lost.has('policies')) {
      for (const organization of organizations.length === 0 ? [''] : organizations)
        this.put(fact(organization, 'policies-lost', '', true));
    }
    if (only !== null) {
      for (const [key, one] of this.facts) {
        if (one.organization !== '') continue;
        this.facts.delete(key);
        this.put({ ...one, organization: only });
      }
    }
    if (this.facts.size + this.accepted === 0) return;
    this.sink.organization(time, {
      capturedAt: time.at,
      facts: [...this.facts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
      accepted: this.accepted,
      duplicate: this.duplicate,
    });
  }

  private see(list: ListKind, organization: string, id: string): void {
    let ids = this.seen[list].get(organization);
    if (ids === undefined) {
      ids = new Set();
      this.seen[list].set(organization, ids);
    }
    ids.add(id);
  }

  private add(place: Place, facts: readonly OrganizationFact[]): void {
    if (this.facts.size + facts.length > MAX_FACTS || this.characters > MAX_CHARACTERS) {
      this.lost.add('accounts').add('policies');
      const message = 'the file holds more of organisations than can be followed; split it';
      this.sink.reject(place, 'organization-too-large', message);
      return;
    }
    let isNew = false;
    let contradicted: OrganizationFact | null = null;
    for (const one of facts) {
      const came = this.put(one);
      isNew ||= came === 'new';
      if (came === 'contradicts') contradicted ??= one;
    }
    if (contradicted === null) {
      this.sink.recordsRead++;
      if (isNew || facts.length === 0) this.accepted++;
      else this.duplicate++;
      return;
    }
    const { kind, key } = contradicted;
    if (kind === 'parent') {
      const message = `${key} lies in two units, by this record and one before it`;
      this.sink.reject(place, 'organization-two-parents', message);
    } else {
      const message = `a record before it says something else of the ${ABOUT[kind] ?? kind} of ${key === '' ? 'the organisation' : key}`;
      this.sink.reject(place, 'organization-conflict', message);
    }
  }

  private put(one: OrganizationFact): 'new' | 'known' | 'contradicts' {
    const key = `${one.organization} ${one.kind} ${one.key}`;
    const before = this.facts.get(key);
    if (before === undefined) {
      this.facts.set(key, one);
      this.characters += key.length + (one.value?.length ?? 0);
      return 'new';
    }
    if (before.value === one.value) return 'known';
    this.facts.set(key, { ...one, value: null });
    return 'contradicts';
  }
}

const ABOUT: Partial<Record<FactKind, string>> = {
  management: 'management account',
  'rcps-enabled': 'resource control policies',
  'policy-name': 'name',
  'policy-text': 'text',
  attached: 'policies',
};

function nameFacts(organization: string, key: string, name: string | null): readonly OrganizationFact[] {
  return name === null || name === ''
    ? []
    : [fact(organization, 'policy-name', key, name.slice(0, MAX_NAME))];
}

function fact(
  organization: string,
  kind: FactKind,
  key: string,
  value: string | boolean | readonly string[],
): OrganizationFact {
  return { organization, kind, key, value: JSON.stringify(value) };
}
