import type { DataProblem } from '../../errors.ts';
import { type Format, type FormatSession, handRows } from '../../formats/shared/format.ts';
import type { Sink } from '../../formats/shared/sink.ts';
import {
  type ElementSource,
  isTrustKey,
  type JsonElement,
  type JsonRows,
  type ReadPlan,
  type ScopeEnd,
} from '../../json/reader.ts';
import { excerpt } from '../../model/role-arn.ts';
import type { RoleDetail } from '../../model/role-detail.ts';
import { UNKNOWN_DETAIL } from '../../model/role-detail-text.ts';

/** Keys under which some export keeps a role's trust policy. */
const TRUST = [
  'AssumeRolePolicyDocument',
  'assumeRolePolicyDocument',
  'assume_role_policy_document',
  'assume_role_policy_std',
  'assume_role_policy',
  'TrustPolicy',
  'trustPolicy',
  'trust_policy',
];
/** Keys under which some export keeps its records. */
const LISTS = [
  'RoleDetailList',
  'role_detail_list',
  'configurationItems',
  'configurationItem',
  'baseConfigurationItems',
  'ResourceDescriptions',
  'ResourceDescription',
];
/** The answer of a query of AWS Config: its rows are strings. Other results may hold the format's own lists. */
const ROWS = 'Results';
/** Where a trust policy stands as JSON, whatever the name of the field it is in. */
const STATEMENTS = 'Statement';
const STATEMENT_FIELDS = [['Action'], ['Effect'], ['Principal'], ['Resource']];

/**
 * Lets a session find what stands in its file in the shape of another format, such as the answer of another command
 * behind the export, and roles that damage has put within others: it is not read, so the file and all its captures are
 * incomplete, and each such piece of it counts as a rejected record.
 */
export function findStrays(format: Format, session: FormatSession, sink: Sink): FormatSession {
  const { sources } = session.plan;
  const own = new Set([...sources.map(({ at }) => at.at(-1)), ...(format.elsewhere ?? [])]);
  const looksAtAll = sources.some(({ at }) => at.length === 0);
  const keys = looksAtAll ? [] : [...TRUST, ...LISTS, ROWS, STATEMENTS].filter((key) => !own.has(key));
  return new StrayFinder(session, keys, sink);
}

class StrayFinder implements FormatSession {
  readonly plan: ReadPlan;
  private readonly session: FormatSession;
  private readonly keys: readonly string[];
  private readonly sink: Sink;
  /** The number of the format's own sources; those of strays stand behind them. */
  private readonly own: number;
  /** By source: its elements are roles as IAM or AWS Config write them. */
  private readonly areRoles: readonly boolean[];
  private found: DataProblem | null = null;
  private lastScope: number | null = null;

  constructor(session: FormatSession, keys: readonly string[], sink: Sink) {
    const lists = [...new Set(session.plan.sources.flatMap(({ at }) => at))].map((name) => [name]);
    const fieldsOf = (key: string) => (key === STATEMENTS ? STATEMENT_FIELDS : key === ROWS ? lists : []);
    const strays = keys.map((key): ElementSource => ({ at: [key], shape: 'list', fields: fieldsOf(key) }));
    this.plan = { ...session.plan, sources: [...session.plan.sources, ...strays] };
    this.session = session;
    this.keys = keys;
    this.sink = sink;
    this.own = session.plan.sources.length;
    this.areRoles = session.plan.sources.map(({ fields }) =>
      fields.some((path) => isTrustKey(path.at(-1) ?? '')),
    );
  }

  element(element: JsonElement): void {
    if (element.source >= this.own) {
      this.stray(element);
      return;
    }
    if (element.holdsRole === true && this.areRoles[element.source] === true) {
      const place = `at byte ${element.offset} (\`${excerpt(element.pointer)}\`)`;
      const message = `another role stands within the record ${place}, and was not read; the file is damaged, export it again`;
      this.reject(element, 'role-within-role', message);
    }
    this.session.element(element);
  }

  takeRows(rows: JsonRows): void {
    handRows(this.session, rows);
  }

  detail(element: unknown): RoleDetail {
    return this.session.detail?.(element) ?? UNKNOWN_DETAIL;
  }

  get detailColumns(): readonly string[] {
    return this.session.detailColumns ?? [];
  }

  policyText(element: unknown): string | null {
    return this.session.policyText?.(element) ?? null;
  }

  scopeEnd(end: ScopeEnd): void {
    if (![...end.counts.keys()].some((source) => source >= this.own)) this.session.scopeEnd(end);
    else {
      const counts = new Map([...end.counts].filter(([source]) => source < this.own));
      if (counts.size + end.facts.size > 0) this.session.scopeEnd({ ...end, counts });
    }
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.session.end(missing);
    if (this.found !== null) this.sink.captures.flawAll(this.found);
  }

  private stray({ source, type, fields, tooLarge, scope, offset, pointer }: JsonElement): void {
    const key = this.keys[source - this.own] as string;
    if (key === ROWS && type !== 'string' && fields.size + tooLarge.length === 0) return;
    if (key === STATEMENTS && !isTrust(fields) && isPolicyStatement(type, fields)) return;
    // There a role stands a second time, within itself.
    if (pointer.includes('/InstanceProfileList/')) return;
    // A list of another format is one piece, however many records it holds.
    if (scope === this.lastScope) return;
    this.lastScope = scope;
    const place = `at byte ${offset} (\`${excerpt(pointer)}\`)`;
    const message = `what stands ${place} is in another format than the rest of the file, and was not read; split the file so that each file holds one format`;
    this.reject({ offset, pointer }, 'mixed-formats', message);
  }

  private reject(
    place: { readonly offset: number; readonly pointer: string },
    code: DataProblem,
    message: string,
  ): void {
    this.found ??= code === 'mixed-formats' ? code : 'records-rejected';
    this.sink.reject(place, code, message);
    this.sink.problem(code, message);
  }
}

/** A trust policy names principals and no resource (semantics.md, section 1). */
function isTrust(statement: ReadonlyMap<string, string>): boolean {
  const action = statement.get('Action') ?? '';
  return statement.has('Principal') && !statement.has('Resource') && /sts:(?:AssumeRole|\*)/i.test(action);
}

/** Anything else under that key may hold what is looked for, and was not looked into. */
function isPolicyStatement(type: JsonElement['type'], statement: ReadonlyMap<string, string>): boolean {
  return type !== 'object' || statement.has('Effect');
}
