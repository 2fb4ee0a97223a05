import { ANY_MEMBER } from '../../../model/third-party.ts';
import { capital } from '../../../text/capital.ts';
import { formatCount, formatCounted } from '../../../text/counted.ts';
import { RELATION_LABEL } from '../../shared/labels.ts';
import type { Statistics } from '../../shared/statistics.ts';
import { ANY_MEMBER_WORDS } from '../../shared/words/outsider-words.ts';
import { type FlowEnd, type FlowStreams, OTHER_ENTERED, OTHER_OWN } from './flow-streams.ts';

/** Accounts that a filter names one by one: more would be no filter that anybody can read. */
const FILTERED_ACCOUNTS = 100;

/** What an end is called, how much goes through it, and the filter that finds its findings; null where too many accounts are put together. */
export interface Label {
  readonly account: string | null;
  readonly name: string;
  readonly note: string;
  readonly amount: string;
  readonly filter: string | null;
}

/** What the ends and bands of the drawing are called. */
export interface FlowLabels {
  readonly from: (id: string) => Label;
  readonly to: (id: string) => Label;
  /** What flows from an end: of several accounts put together, a role counts for each of them. */
  readonly amount: (from: string, amount: number) => string;
}

export function flowLabels(
  flow: FlowStreams,
  { externals, byAccount }: Statistics,
  names: ReadonlyMap<string, string>,
): FlowLabels {
  const outside = new Map(externals.map(({ account, name }) => [account, name]));
  const isAccount = new Map(flow.from.map(({ id, accounts }) => [id, accounts[0] === id]));
  const amount = (from: string, count: number): string =>
    isAccount.get(from) === true ? roles(count) : formatCounted(count, 'way in', 'ways in');
  const from = new Map(
    flow.from.map((end) => {
      const ways = flow.streams.reduce(
        (sum, stream) => sum + (stream.from === end.id ? stream.amount : 0),
        0,
      );
      return [end.id, { ...fromLabel(end, outside), amount: amount(end.id, ways) }];
    }),
  );
  const shown = flow.to.filter(({ id }) => id !== OTHER_ENTERED).map(({ id }) => id);
  const failing = [...byAccount].map(
    ([account, counts]) => [account, counts.reduce((a, b) => a + b, 0)] as const,
  );
  const to = new Map(
    flow.to.map((end) => {
      const own = failing.filter(([account]) =>
        end.id === OTHER_ENTERED ? !shown.includes(account) : account === end.id,
      );
      const all = own.reduce((sum, [, count]) => sum + count, 0);
      return [end.id, { ...toLabel(end, names, shown), amount: roles(all) }];
    }),
  );
  return { from: (id) => from.get(id) ?? NOTHING, to: (id) => to.get(id) ?? NOTHING, amount };
}

const NOTHING: Label = { account: null, name: '', note: '', amount: '', filter: null };

type Named = Omit<Label, 'amount'>;

function fromLabel({ id, accounts, relation }: FlowEnd, outside: ReadonlyMap<string, string | null>): Named {
  const note = relation === null ? '' : RELATION_LABEL[relation];
  if (id === '*') return { account: null, name: 'Anyone', note, filter: 'open:anyone' };
  if (id === ANY_MEMBER)
    return { account: null, name: capital(ANY_MEMBER_WORDS), note: '', filter: `open:${ANY_MEMBER}` };
  const filter = accounts.length <= FILTERED_ACCOUNTS ? `open:${accounts.join(',')}` : null;
  if (accounts[0] === id) return { account: id, name: outside.get(id) ?? '', note, filter };
  const what = id === OTHER_OWN ? 'more of the own organisation' : 'more outside';
  return { account: null, name: `${formatCount(accounts.length)} ${what}`, note, filter };
}

function toLabel(
  { id, accounts }: FlowEnd,
  names: ReadonlyMap<string, string>,
  shown: readonly string[],
): Named {
  if (id !== OTHER_ENTERED) return { account: id, name: names.get(id) ?? '', note: '', filter: `acct:${id}` };
  const name = formatCounted(accounts.length, 'more account');
  return { account: null, name, note: '', filter: `!acct:${shown.join(',')}` };
}

/** Name and account in one. */
export function plainName({ account, name }: Label): string {
  return [name, account].filter((part) => part !== null && part !== '').join(' ');
}

function roles(amount: number): string {
  return formatCounted(amount, 'role');
}
