import { baseAccount } from '../store/ledger.ts';
import type { StoreReader } from '../store/reader.ts';
import type { AccountMoment, CaptureScope } from '../store/scope.ts';
import type { DisagreementRow } from '../store/types.ts';
import { rolesByArn } from './arn-roles.ts';
import { type CurrentRole, currentRoles } from './standing.ts';

/**
 * The roles, and entities of ledgers, on which files of one moment disagree, where these looks rest on that moment. By
 * account, then ARN. Holds those of one account.
 */
export function* disagreementsIn(
  reader: StoreReader,
  scope: CaptureScope,
  moments: Iterable<AccountMoment>,
): Iterable<DisagreementRow> {
  for (const moment of moments) {
    yield* ofBook(reader, moment);
    for (const ledger of reader.ledgerMoments(scope, moment.account).values()) yield* ofBook(reader, ledger);
  }
}

function* ofBook(reader: StoreReader, moment: AccountMoment): Iterable<DisagreementRow> {
  const { account } = moment;
  const arns = reader.disputableArns(account);
  if (arns.size === 0) return;
  const disputed: CurrentRole[] = [];
  for (const group of rolesByArn(reader, account)) {
    if (!arns.has(group[0]?.arn ?? '')) continue;
    disputed.push(...currentRoles(group, moment).filter(({ disputes }) => disputes.length > 0));
  }
  const sources = sourcesOf(reader, account, disputed);
  for (const current of disputed) {
    const { arn, roleId } = current.role;
    for (const what of current.disputes) {
      yield {
        account: baseAccount(account),
        arn,
        roleId,
        capturedAt: `${current.at}Z`,
        what,
        sources: sources.get(current) ?? [],
      };
    }
  }
}

type Source = DisagreementRow['sources'][number];

/** The files that show each of the roles at its moment, by path. */
function sourcesOf(
  reader: StoreReader,
  account: string,
  disputed: readonly CurrentRole[],
): ReadonlyMap<CurrentRole, readonly Source[]> {
  const sources = new Map<CurrentRole, Source[]>();
  for (const at of new Set(disputed.map((current) => current.at))) {
    const wanted = new Map<number, Source[]>();
    for (const current of disputed) {
      if (current.at !== at) continue;
      const own: Source[] = [];
      sources.set(current, own);
      // A file without ids shows the role under a number of its own.
      for (const { role } of current.shown) wanted.set(role, own);
    }
    reader.visitSightings(account, at, (evidence, role, offset) => {
      const own = wanted.get(role);
      if (own === undefined) return;
      const { path, sha256 } = reader.evidenceName(evidence);
      if (own.at(-1)?.path !== path || own.at(-1)?.sha256 !== sha256) own.push({ path, sha256, offset });
    });
  }
  return sources;
}
