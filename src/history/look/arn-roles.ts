import type { FormOf, ObservedRole, RoleChoice, StoreReader } from '../../store/index.ts';
import { joinNameless, type KnownRole } from './nameless.ts';

/** The roles of each ARN of an account or a ledger together, by ARN, then role id. Holds those of one ARN. */
export function* rolesByArn(
  reader: StoreReader,
  book: string,
  choice?: RoleChoice,
): Iterable<readonly KnownRole[]> {
  const completeTimes = lazyCompleteTimes(reader, book);
  for (const group of arnGroups(reader.observedRoles(book, choice))) {
    const mixed = group.length > 1 && group.some(({ roleId }) => roleId === '');
    yield mixed ? joinNameless(asWritten(group, reader.formOf), completeTimes()) : group;
  }
}

/** The same, with what exports without ids show as those with ids write it, where it says the same. */
function asWritten(group: readonly ObservedRole[], formOf: FormOf): readonly ObservedRole[] {
  const [nameless, ...named] = group as [ObservedRole, ...ObservedRole[]];
  const byForm = new Map<string, number>();
  for (const { observations } of named) {
    for (const { policy } of observations) {
      const form = policy === null ? '' : formOf(policy);
      if (policy !== null && form !== '' && !byForm.has(form)) byForm.set(form, policy);
    }
  }
  const observations = nameless.observations.map((row) => {
    const policy = row.policy === null ? undefined : byForm.get(formOf(row.policy));
    return policy === undefined ? row : { ...row, policy };
  });
  return [{ ...nameless, observations }, ...named];
}

/** The times of the complete captures of an account or a ledger, oldest first; read at the first call. */
export function lazyCompleteTimes(reader: StoreReader, book: string): () => readonly string[] {
  let times: readonly string[] | undefined;
  return () => {
    times ??= [...reader.capturesOf(book, LATEST)].flatMap(({ at, complete }) => (complete ? [at] : []));
    return times;
  };
}

/** After every column time. */
const LATEST = '9999-12-31T24';

/** The roles of each ARN together, in the order they come; equal ARNs must stand next to each other. */
function* arnGroups(roles: Iterable<ObservedRole>): Iterable<readonly ObservedRole[]> {
  let group: ObservedRole[] = [];
  for (const role of roles) {
    if (group[0] !== undefined && group[0].arn !== role.arn) {
      yield group;
      group = [];
    }
    group.push(role);
  }
  if (group.length > 0) yield group;
}
