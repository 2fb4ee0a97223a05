import type { AccountLook, SettledFinding } from '../../store/index.ts';
import { type ComparedBook, changesIn, comparedBooks, everJudged } from '../compare/compare-account.ts';
import { changeOf, sinceLookBefore } from '../compare/finding-state.ts';
import { lazyCompleteTimes, rolesByArn } from '../look/arn-roles.ts';
import { type CurrentRole, currentRoles } from '../look/current-roles.ts';
import { judgeOf, trustOf, worstOf } from '../look/judge.ts';
import type { KnownRole } from '../look/nameless.ts';
import { verdictSpan } from '../look/verdict-span.ts';
import type { Asked } from './asked.ts';

/** What became of the findings of one account since the look before, as `diff previous latest` and reports tell it. */
export class AccountFindings {
  private readonly asked: Asked;
  private readonly account: string;
  private readonly books: readonly OpenBook[];

  constructor(asked: Asked, look: AccountLook) {
    this.asked = asked;
    this.account = look.account;
    this.books = booksOf(asked, look);
  }

  /** Adds the rows of ARNs that come after a place, until there are `most`; returns where to go on, null at the end. */
  collect(rows: SettledFinding[], most: number, { book, arn }: Place = START): Place | null {
    for (const [index, one] of this.books.slice(book).entries()) {
      const after = index === 0 ? arn : undefined;
      for (const group of rolesByArn(this.asked.reader, one.book.id, {
        judged: everJudged(one.book),
        after,
      })) {
        rows.push(...this.findingsOf(one, group));
        if (rows.length >= most) return { book: book + index, arn: group[0]?.arn };
      }
    }
    return null;
  }

  private *findingsOf(
    { book, completeTimes }: OpenBook,
    group: readonly KnownRole[],
  ): Iterable<SettledFinding> {
    const { reader } = this.asked;
    const changes = changesIn(reader, book, group);
    if (changes.length === 0) return;
    const { from, to } = book.looks;
    const standing = to === null ? [] : currentRoles(group, to);
    for (const [ordinal, change] of changes.entries()) {
      const { arn, roleId, rule, cause, fromVerdict, toVerdict } = change;
      // Of two findings of one number the one that is gone says nothing of the role that stands.
      const current =
        changeOf(changes, roleId, rule) === change && standing.find(({ role }) => role.roleId === roleId);
      yield {
        account: this.account,
        book: book.id,
        ...{ arn, roleId, rule, ordinal, change: change.change, cause, fromVerdict, toVerdict },
        comparedWith: from?.at ?? null,
        ...(current ? this.present(book, rule, current, completeTimes) : GONE),
      };
    }
  }

  /** What is said of a role that stands. */
  private present(
    book: ComparedBook,
    rule: string,
    current: CurrentRole,
    completeTimes: () => readonly string[],
  ): Pick<SettledFinding, 'firstSeen' | 'exception'> {
    const { reader, exceptions } = this.asked;
    const judge = book.rules.find((one) => one.rule === rule)?.judgeTo ?? null;
    const held = judge?.(worstOf(current, judge), current) ?? null;
    if (held?.verdict !== 'fail') return GONE;
    const { firstSeen } = verdictSpan(current, judgeOf(reader, book.id, rule), completeTimes);
    const { arn, roleName } = current.role;
    const { verdict, paths } = trustOf(held);
    const exception = exceptions.suppressing({ rule, account: this.account, arn, roleName, verdict, paths });
    return { firstSeen, exception };
  }
}

/** Which of the books, and behind which ARN of it. */
interface Place {
  readonly book: number;
  readonly arn: string | undefined;
}

const START: Place = { book: 0, arn: undefined };

const GONE = { firstSeen: null, exception: null } as const;

interface OpenBook {
  readonly book: ComparedBook;
  readonly completeTimes: () => readonly string[];
}

function booksOf({ reader, scope, allRules, furtherRules }: Asked, to: AccountLook): readonly OpenBook[] {
  const sides = { rules: allRules, furtherRules };
  return comparedBooks(reader, sinceLookBefore(reader, scope, to), sides, sides).map((book) => ({
    book,
    completeTimes: lazyCompleteTimes(reader, book.id),
  }));
}
