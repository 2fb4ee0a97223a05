import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject, type Sketch } from '../json/sketch.ts';
import { normaliseTime } from '../model/time.ts';
import { checkAccount, readAccount } from './shared/accounts.ts';
import type { CaptureTime } from './shared/capture-time.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { addRole, stringField, trustField } from './shared/role.ts';

const TRUST = 'assume_role_policy/PolicyDocument';

const PLAN: ReadPlan = {
  sources: [
    {
      at: ['services', 'iam', 'roles'],
      shape: 'map',
      fields: [['arn'], ['id'], ['assume_role_policy', 'PolicyDocument']],
    },
  ],
  facts: ['account_id', 'roles_count', 'time'],
  framing: 'stream',
};

/**
 * ScoutSuite's results (https://github.com/nccgroup/ScoutSuite), `scoutsuite_results_aws-*.js` with or without its first
 * line. Roles are complete when their number is the one that ScoutSuite counted.
 */
export const scoutsuite: Format = {
  id: 'scoutsuite',
  title: 'ScoutSuite results',
  detect: ({ documents }) =>
    documents.some(
      (document) =>
        findObject(
          document,
          (members) =>
            (members.has('provider_code') && (members.has('services') || members.has('last_run'))) ||
            (members.has('account_id') && members.has('last_run') && members.has('metadata')) ||
            (members.has('account_id') && hasServices(members.get('services'))),
          1,
        ) !== null,
    ),
  open: (file) => new ScoutSuiteSession(file),
};

/** The member `services` of results whose other members were left out. */
function hasServices(services: Sketch | undefined): boolean {
  const iam = services?.kind === 'object' ? services.members.get('iam') : undefined;
  return iam?.kind === 'object' && iam.members.get('roles')?.kind === 'object';
}

interface ResultRoles {
  readonly accounts: Set<string>;
  lost: boolean;
}

class ScoutSuiteSession implements FormatSession {
  readonly plan = PLAN;
  private readonly file: FileContext;
  private time: CaptureTime;
  private readonly open = new Map<number, ResultRoles>();
  private first: { readonly element: JsonElement; readonly account: string } | null = null;
  private seen = false;

  constructor(file: FileContext) {
    this.file = file;
    this.time = file.captureTime(null);
  }

  element(element: JsonElement): void {
    this.seen = true;
    const scope = this.open.get(element.scope) ?? { accounts: new Set(), lost: false };
    this.open.set(element.scope, scope);
    const result = addRole(this.file.sink, element, [TRUST, 'assume_role_policy'], {
      arn: stringField(element, 'arn'),
      roleId: stringField(element, 'id'),
      trust: trustField(element, element.fields.has('assume_role_policy') ? 'assume_role_policy' : TRUST),
      status: 'live',
      time: this.time,
      version: '',
    });
    if (result.account === null) {
      scope.lost ||= result.code !== 'not-a-role';
      return;
    }
    scope.accounts.add(result.account);
    this.first ??= { element, account: result.account };
  }

  scopeEnd({ scope, facts, counts, pointer }: ScopeEnd): void {
    const { sink } = this.file;
    const time = facts.get('time');
    if (/\/last_run$/.test(pointer) && time?.startsWith('"') === true) {
      this.time = this.file.captureTime(normaliseTime(JSON.parse(time) as string));
    }
    const account = readAccount(sink, facts.get('account_id'));
    if (this.first !== null && counts.size === 0) {
      checkAccount(sink, this.first.element, account, this.first.account);
    }
    const count = counts.get(0);
    if (count === undefined) return;
    this.seen = true;
    const { accounts, lost } = this.open.get(scope) ?? { accounts: new Set<string>(), lost: false };
    this.open.delete(scope);
    if (count === 0) sink.problem('no-roles', 'the results show no role, which no real account has');
    if (lost) sink.problem('records-rejected', 'roles were rejected, so roles may be missing');
    const whole = facts.get('roles_count') === String(count);
    const reason = lost ? 'records-rejected' : whole ? null : 'partial-inventory';
    for (const id of accounts) sink.captures.add(id, this.time, reason);
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    const { sink } = this.file;
    // What is still open has no end in the file.
    for (const { accounts } of this.open.values()) {
      for (const id of accounts) sink.captures.add(id, this.time, 'truncated');
    }
    if (missing !== null) sink.captures.flawAll(missing);
    if (!this.seen)
      sink.problem('no-roles', 'the results hold nothing of IAM; run ScoutSuite with that service');
  }
}
