import type { DisagreementRow } from '../../model/completeness.ts';
import { baseAccount } from '../../model/ledger.ts';
import type { AccountLook, CaptureScope, StoreReader } from '../../store/index.ts';
import { rolesByArn } from '../look/arn-roles.ts';
import { type CurrentRole, currentRoles } from '../look/current-roles.ts';
import { type DisagreementTally, openDisagreementTally } from './disagreement-tally.ts';

/**
 * The roles, and entities of ledgers, on which files of one moment disagree, where these looks rest on that moment. By
 * account, then ARN. Holds those of one account.
 */
export function* disagreementsIn(
  reader: StoreReader,
  scope: CaptureScope,
  looks: Iterable<AccountLook>,
): Iterable<DisagreementRow> {
  for (const book of booksIn(reader, scope, looks)) {
    const disputed = [...disputedIn(reader, book)];
    const sources = sourcesOf(reader, book.account, disputed);
    for (const current of disputed) {
      const { arn, roleId } = current.role;
      for (const what of current.disputes) {
        yield {
          account: baseAccount(book.account),
          arn,
          roleId,
          capturedAt: `${current.at}Z`,
          what,
          sources: sources.get(current) ?? [],
        };
      }
    }
  }
}

/** Counts these roles; much cheaper than their rows, because no file has to be looked up. */
export function countDisagreements(
  reader: StoreReader,
  scope: CaptureScope,
  looks: Iterable<AccountLook>,
): DisagreementTally {
  const tally = openDisagreementTally();
  for (const book of booksIn(reader, scope, looks)) {
    const account = baseAccount(book.account);
    for (const { role } of disputedIn(reader, book))
      tally.add({ account, arn: role.arn, roleId: role.roleId });
  }
  return tally;
}

/** Each account, and after it its ledgers. */
function* booksIn(
  reader: StoreReader,
  scope: CaptureScope,
  looks: Iterable<AccountLook>,
): Iterable<AccountLook> {
  for (const look of looks) {
    yield look;
    yield* reader.ledgerLooks(scope, look.account).values();
  }
}

function* disputedIn(reader: StoreReader, look: AccountLook): Iterable<CurrentRole> {
  for (const group of rolesByArn(reader, look.account, { disputable: true })) {
    for (const current of currentRoles(group, look)) if (current.disputes.length > 0) yield current;
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
