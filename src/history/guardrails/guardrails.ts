import { isMemberOf } from '../../exposure/callers/membership.ts';
import {
  type GuardedExposure,
  type GuardrailStatement,
  isCovered,
  parseGuardrails,
  statementsFor,
  tagKeysAskedFor,
} from '../../exposure/guarded.ts';
import { judgeGuardedByShape } from '../../exposure/shape/guarded-shapes.ts';
import { STRANGER_ACCOUNTS } from '../../exposure/strangers.ts';
import type { Guardrails as ParsedGuardrails } from '../../iam/guardrail-policy.ts';
import { type Outcome, pathKeys } from '../../model/exposure.ts';
import { WEAK_GUARD_NOTES } from '../../model/grading.ts';
import { GUARDRAILS_NARROW, GUARDRAILS_UNKNOWN, type Guardrail } from '../../model/guardrail.ts';
import type { Organization, PoliciesOfAccount } from '../../model/organizations/organization.ts';
import { partitionOfArn } from '../../model/role-arn.ts';
import { D9_AWS_IAM_99 } from '../../rules/d9-aws-iam-99/rule.ts';
import type { JudgedVerdict, StoreReader } from '../../store/index.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import {
  exposureOf,
  type HeldVerdict,
  type Judge,
  judgeOf,
  type Seen,
  type Standing,
} from '../look/judge.ts';
import { type LookMoment, organizationInForce } from './in-force.ts';

/** What guardrails leave of a verdict. */
export interface Decision {
  /** Null: the trust policy's own stands. */
  readonly exposure: GuardedExposure | null;
  /** Where the trust policy's own stands, its verdict is the one to put in. */
  readonly guardrail: Guardrail;
  /** False: not all guardrails are known. */
  readonly known: boolean;
}

/** With what was told of it. */
interface KeptDecision extends Decision {
  readonly held: WeakMap<JudgedVerdict, HeldVerdict>;
}

/** What applies to an account; most accounts share it. */
interface Applicable {
  readonly number: number;
  /** See `Guardrail`. */
  readonly capturedAt: string;
  /** Null where not all policies are known with their text. */
  readonly parsed: ParsedGuardrails | null;
  /** Every statement means every role. */
  readonly coversAll: boolean;
  /** It may ask for tags of the role. */
  readonly asksTags: boolean;
  /** It may tell owning accounts apart that it does not name. */
  readonly tellsApart: boolean;
  readonly texts: string;
  /** Whether all roles of an account that have the policy have the same verdict, by policy. */
  readonly alike: BoundedMap<number, boolean>;
}

/** Decisions and the ways in that they leave, a few hundred bytes each. */
const REMEMBERED_WAYS = 100_000;
/** Policies of accounts to which the same guardrails apply. */
const REMEMBERED_POLICIES = 65_536;
/** Characters of policies. */
const REMEMBERED_TEXT = 16 * 1024 * 1024;
/** Accounts, a few hundred bytes each. */
const REMEMBERED_ACCOUNTS = 1_024;

/** Decisions of all accounts that one reader tells of. */
interface Memory {
  readonly decisions: BoundedMap<string, KeptDecision>;
  /** Those of decisions that hold for all roles of an account that have a policy. */
  readonly ofAll: BoundedMap<string, KeptDecision>;
  readonly applicable: BoundedMap<string, Applicable>;
  readonly accounts: BoundedMap<string, Guardrails>;
  /** Sets numbered so far. */
  sets: number;
}

const memories = new WeakMap<StoreReader, Memory>();

function memoryOf(reader: StoreReader): Memory {
  let memory = memories.get(reader);
  if (memory === undefined) {
    memory = {
      decisions: new BoundedMap(REMEMBERED_WAYS),
      ofAll: new BoundedMap(REMEMBERED_WAYS),
      applicable: new BoundedMap(REMEMBERED_TEXT),
      accounts: new BoundedMap(REMEMBERED_ACCOUNTS),
      sets: 0,
    };
    memories.set(reader, memory);
  }
  return memory;
}

function applicableFrom(
  { policies, since }: PoliciesOfAccount,
  organization: Organization,
  memory: Memory,
): Applicable {
  const { id, capturedAt, managementAccount, members, membersWhole } = organization;
  const known = [id, capturedAt, since, managementAccount, members.size, membersWhole];
  const key = JSON.stringify([known, policies]);
  let applicable = memory.applicable.get(key);
  if (applicable === undefined) {
    const texts = (policies ?? []).map(({ content }) => content).join('\n');
    applicable = {
      number: memory.sets++,
      capturedAt: since ?? capturedAt,
      parsed: policies === null ? null : parseGuardrails(policies),
      coversAll: !ONE_RESOURCE.test(texts),
      asksTags: ASKS_TAGS.test(texts),
      tellsApart: TELLS_APART.test(texts),
      texts,
      alike: new BoundedMap(REMEMBERED_POLICIES),
    };
    memory.applicable.set(key, applicable, 2 * key.length);
  }
  return applicable;
}

/** The rule whose exposure guardrails narrow. */
export const GUARDED_RULE = D9_AWS_IAM_99.id;

/**
 * The guardrails over one account at a look: resource control policies, and who belongs to the organisation. They can
 * close ways in and never open one, so only verdicts that pass or fail are judged again, each once for all roles whose
 * policy, applicable statements and tags asked for are the same; for all accounts where none is told from another.
 */
export class Guardrails {
  private readonly reader: StoreReader;
  private readonly account: string;
  private readonly organization: Organization;
  /** Of `UnknownPolicies`. */
  private readonly policiesLack: string | null;
  private readonly applicable: Applicable;
  private readonly memory: Memory;
  private readonly isNamed: boolean;
  private partition: string | undefined;
  private linked: ReadonlySet<number> | undefined;

  constructor(reader: StoreReader, account: string, organization: Organization) {
    this.reader = reader;
    this.account = account;
    this.organization = organization;
    this.memory = memoryOf(reader);
    const policies = organization.policiesOf(account);
    this.policiesLack = policies.lack;
    this.applicable = applicableFrom(policies, organization, this.memory);
    this.isNamed = this.applicable.texts.includes(account);
  }

  /** See `Guardrail`. */
  get capturedAt(): string {
    return this.applicable.capturedAt;
  }

  /** The same for whatever has the same guardrails. */
  get number(): number {
    return this.applicable.number;
  }

  isOf(organization: Organization): boolean {
    return this.organization === organization;
  }

  /** True where not every resource control policy of the account is known with its text. */
  get unknown(): boolean {
    return this.lack !== null;
  }

  /** What of these policies the evidence does not show, behind the words `does not show`; null: nothing. */
  get lack(): string | null {
    const { account, applicable } = this;
    const { managementAccount } = this.organization;
    if (account === managementAccount) return null;
    // Nothing touches the roles of the management account, so it has to be known which one that is.
    if (managementAccount === null) return 'which account is the management account';
    if (applicable.parsed?.state === 'parsed') return null;
    const { damage } = this;
    return damage === null ? this.policiesLack : `a text of ${damage.policy} that can be used`;
  }

  /** The first resource control policy whose text is damaged, where one is. */
  get damage(): { readonly policy: string; readonly why: string } | null {
    const { parsed } = this.applicable;
    return parsed?.state === 'damaged' ? parsed : null;
  }

  /** The verdict that counts. `of`: the role, or any that has the policy, where `isAlike` says so. */
  held(trust: JudgedVerdict, seen: Seen, of: Standing): HeldVerdict {
    const decision = this.decisionOn(trust.verdict, seen, of);
    let held = decision.held.get(trust);
    if (held === undefined) {
      const { exposure, guardrail, known } = decision;
      held = { ...trust, heldBy: { trust, guardrail: { ...guardrail, verdict: trust.verdict }, known } };
      if (exposure !== null && this.leavesAsItIs(exposure, trust)) {
        held = { ...held, witness: exposure.witness };
      } else if (exposure !== null) {
        const { verdict, reason, notes, message, paths, witness } = exposure;
        const heldBy = { trust, guardrail: { ...guardrail, verdict }, known };
        held = { ...trust, verdict, reason, notes, message, paths, witness, heldBy };
      }
      decision.held.set(trust, held);
    }
    return held;
  }

  /**
   * The same accounts get in, all of them members: that guardrails confine callers to the organisation, which is all that
   * they may change then, says nothing.
   */
  private leavesAsItIs(exposure: GuardedExposure, trust: JudgedVerdict): boolean {
    if (exposure.verdict !== 'fail' || trust.verdict !== 'fail') return false;
    const [left, before] = [exposure, trust].map(({ paths }) =>
      paths.filter(({ guards }) => guards.length === 0),
    );
    if (left === undefined || before === undefined) return false;
    return (
      left.every(({ account }) => this.organization.members.has(account)) &&
      JSON.stringify(pathKeys(left)) === JSON.stringify(pathKeys(before))
    );
  }

  /** True where every role of the account that has the policy has the same verdict. */
  isAlike(policy: number): boolean {
    this.linked ??= this.reader.serviceLinkedPolicies(this.account);
    if (this.linked.has(policy)) return false;
    const { parsed, coversAll, alike } = this.applicable;
    if (parsed?.state !== 'parsed') return true;
    if (!coversAll) return false;
    let isAlike = alike.get(policy);
    if (isAlike === undefined) {
      const document = this.reader.policyDocument(policy);
      isAlike = document === null || this.tagsAskedFor(document, parsed.statements).length === 0;
      alike.set(policy, isAlike);
    }
    return isAlike;
  }

  /** As `held`, with as little read as can be. @param trust the verdict of the trust policy alone */
  decisionOn(trust: Outcome, seen: Seen, of: Standing): KeptDecision {
    if (trust !== 'fail' && trust !== 'pass') return this.remembered('none', () => this.stands(true));
    return this.isAlike(seen.policy) ? this.decisionOfAll(trust, seen.policy) : this.decide(trust, seen, of);
  }

  /** Of all roles of the account that have the policy, where `isAlike` says so; of a policy that passes or fails. */
  decisionOfAll(trust: Outcome, policy: number): KeptDecision {
    const { ofAll } = this.memory;
    const key = `${this.applicable.number} ${this.account} ${policy}`;
    let decision = ofAll.get(key);
    if (decision === undefined) {
      decision = this.decide(trust, { policy, role: 0 }, ANY_ROLE);
      ofAll.set(key, decision);
    }
    return decision;
  }

  private decide(verdict: Outcome, seen: Seen, of: Standing): KeptDecision {
    const arn = of.role.arn === '' ? this.anyArn() : of.role.arn;
    if (this.unknown) return this.remembered('unknown', () => this.stands(false));
    const { parsed } = this.applicable;
    const document = this.reader.policyDocument(seen.policy);
    // Who belongs to the organisation matters even where its resource control policies do not.
    const isTouched = parsed?.state === 'parsed' && isCovered(arn, this.account, this.organization);
    const { key, statements } = isTouched ? statementsFor(parsed.statements, arn) : NO_STATEMENTS;
    if (document === null || (statements.length === 0 && !ASKS_AROUND.test(document))) {
      return this.remembered('none', () => this.stands(true));
    }
    const tags = this.tagsOf(seen, of, this.tagsAskedFor(document, statements));
    const partition = partitionOfArn(arn);
    const decide = (): KeptDecision => {
      const subject = { account: this.account, partition, tags, arn, trust: verdict };
      const { organization } = this;
      const exposure = judgeGuardedByShape(document, subject, { organization, statements });
      // What could not be decided, or contradicts the trust policy, must close nothing.
      if (exposure.verdict === 'error' || (exposure.verdict === 'fail' && verdict === 'pass')) {
        return this.stands(false);
      }
      // An object of its own, because what is remembered of it can hang on the policy, too.
      return { ...this.stands(true), exposure: { ...exposure }, guardrail: this.guardrail(exposure) };
    };
    const remembered = (owner: string): KeptDecision =>
      this.remembered(JSON.stringify([seen.policy, key, owner, partition, tags]), decide);
    if (this.isToldApart(document)) return remembered(this.account);
    const shared = remembered('');
    return this.hasStandIn(shared, document) ? remembered(this.account) : shared;
  }

  /** True where one member stands for others, which is another one for the account that this one is. */
  private hasStandIn({ exposure }: Decision, document: string): boolean {
    if (exposure?.verdict !== 'fail') return false;
    const { applicable, organization } = this;
    const named = exposure.paths.map(({ account }) => account);
    if (exposure.witness !== null) named.push(exposure.witness.principalAccount);
    return named.some(
      (account) =>
        isMemberOf(organization, account) &&
        !document.includes(account) &&
        !applicable.texts.includes(account),
    );
  }

  private remembered(place: string, decide: () => KeptDecision): KeptDecision {
    const { decisions } = this.memory;
    const key = `${this.applicable.number} ${place}`;
    let decision = decisions.get(key);
    if (decision === undefined) {
      decision = decide();
      decisions.set(key, decision, 1 + (decision.exposure?.paths.length ?? 0));
    }
    return decision;
  }

  /** The trust policy's verdict stands. */
  private stands(known: boolean): KeptDecision {
    return { exposure: null, guardrail: this.guardrail(null), known, held: new WeakMap() };
  }

  private guardrail(exposure: GuardedExposure | null): Guardrail {
    const { capturedAt } = this;
    return { verdict: exposure?.verdict ?? 'error', policies: exposure?.closedBy ?? [], capturedAt };
  }

  /** Of most policies a glance at their text tells that they ask for none. */
  private tagsAskedFor(document: string, statements: readonly GuardrailStatement[]): readonly string[] {
    return this.applicable.asksTags || ASKS_TAGS.test(document) ? tagKeysAskedFor(document, statements) : [];
  }

  /** Those of the role's tags that are asked for, by key; null where they are not known. */
  private tagsOf(
    { role }: Seen,
    { at }: Standing,
    asked: readonly string[],
  ): Readonly<Record<string, string>> | null {
    if (asked.length === 0) return null;
    const tags = this.reader.roleDetail(this.account, role, at)?.tags ?? null;
    if (tags === null) return null;
    // Names of condition keys know no case.
    const wanted = new Set(asked.map((key) => key.toLowerCase()));
    const known = Object.entries(tags).filter(([key]) => wanted.has(key.toLowerCase()));
    return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Whether the account can have another verdict than others to which the same statements apply. */
  private isToldApart(document: string): boolean {
    const { account, isNamed, applicable, organization } = this;
    return (
      isNamed ||
      applicable.tellsApart ||
      organization.members.size < FEW_MEMBERS ||
      STRANGER_ACCOUNTS.includes(account) ||
      document.includes(account) ||
      TELLS_APART.test(document)
    );
  }

  /** The ARN of a role that no statement on single resources means. */
  private anyArn(): string {
    this.partition ??= this.reader.partitionOf(this.account);
    return `arn:${this.partition}:iam::${this.account}:role/any`;
  }
}

const NO_STATEMENTS = { key: '', statements: [] };

/** Stands for every role that has a policy, where `isAlike` says so. */
export const ANY_ROLE: Standing = { role: { arn: '' }, at: '' };

/** Whether others than the owner belong to the organisation may hang on who the owner is. */
const FEW_MEMBERS = 3;

/** A policy that asks for the organisation or for tags of the role; what is written with escapes is not looked through. */
const ASKS_AROUND = /principalorg|resourceorg|resourcetag|\\u/i;

const ASKS_TAGS = /resourcetag|\\u/i;

/** A statement that need not mean every resource. */
const ONE_RESOURCE = /"notresource"|"resource"\s*:\s*(?!"\*")|\\u/i;

/**
 * Text that can tell owning accounts apart which it does not name in full: by patterns, by what a request says of the
 * owner, or by the owner's place in the organisation. A pattern for everything, or for actions, tells nobody apart.
 */
const TELLS_APART =
  /principalarn|userid|resourceaccount|orgpaths|\\u|\$\{|"(?!\*"|[a-z0-9-]+:[a-z*]*")[^"]*[*?][^"]*"/i;

/** Those in force at a look at an account; null where there is no evidence of its organisation. */
export function guardrailsAt(reader: StoreReader, account: string, look: LookMoment): Guardrails | null {
  const organization = organizationInForce(reader, account, look);
  if (organization === null) return null;
  const { accounts } = memoryOf(reader);
  const known = accounts.get(account);
  if (known?.isOf(organization) === true) return known;
  const guardrails = new Guardrails(reader, account, organization);
  accounts.set(account, guardrails);
  return guardrails;
}

/** What a rule says of roles, guardrails included. */
export function heldJudgeOf(
  reader: StoreReader,
  account: string,
  rule: string,
  guardrails: Guardrails | null,
): Judge {
  const judge = judgeOf(reader, account, rule);
  if (guardrails === null || rule !== GUARDED_RULE) return judge;
  return (seen, of) => {
    const trust = judge(seen, of);
    return trust === null ? null : guardrails.held(trust, seen, of);
  };
}

/** The notes that a verdict gets from guardrails. */
export function guardrailNotes(held: HeldVerdict): readonly string[] {
  const { heldBy, verdict } = held;
  if (heldBy === undefined) return [];
  if (!heldBy.known) return [GUARDRAILS_UNKNOWN];
  if (heldBy.trust.verdict !== 'fail') return [];
  if (verdict === 'fail') return exposureOf(held) === exposureOf(heldBy.trust) ? [] : [GUARDRAILS_NARROW];
  // What a guardrail demands may itself be weak.
  const known = new Set(heldBy.trust.notes);
  return held.notes.filter((note) => WEAK_GUARD_NOTES.has(note) && !known.has(note));
}
