import type { DataProblem } from '../../../src/errors.ts';

/** A file of this folder that was once read wrongly, and how. */
export interface KeptFind {
  readonly file: string;
  /** As shown: some formats are known by it. */
  readonly path: string;
  readonly was: string;
  /** What must be said of it. */
  readonly says: DataProblem;
}

export const FINDS: readonly KeptFind[] = [
  {
    file: 'member-as-name.input',
    path: 'dump/archive',
    was: 'a member whose type says that it is a header was dropped without a word, its roles with it',
    says: 'archive-damaged',
  },
  {
    file: 'uncounted.input',
    path: 'dump/archive',
    was: 'of three members in the directory one was counted and read; the others were dropped without a word',
    says: 'archive-damaged',
  },
  {
    file: 'two-quotes.input',
    path: 'dump/steampipe.csv',
    was: 'a row that begins with two quotes was taken for an empty line, and its role was lost',
    says: 'row-malformed',
  },
  {
    file: 'results-elsewhere.input',
    path: 'dump/aws-config-query.json',
    was: 'a result whose rows stand under other keys had no record, and was called whole',
    says: 'no-roles',
  },
  {
    file: 'late-error.input',
    path: 'dump/role-list.json',
    was: 'the readers named different lines for an error near the end of the text',
    says: 'json-malformed',
  },
  {
    file: 'numbers-joined.input',
    path: 'dump/cloudquery.json',
    was: 'numbers written against each other made the reader lose its place, and reading ended with an internal error',
    says: 'line-malformed',
  },
];
