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
  {
    file: 'type-moved.input',
    path: 'dump/aws-config.csv',
    was: 'the head of the table was damaged so that another column held the type, and every row was taken for another resource',
    says: 'resource-type-unknown',
  },
  {
    file: 'findings-as-statements.input',
    path: 'dump/security-hub.json',
    was: 'what stood in a list that is named as that of a policy was not looked into',
    says: 'mixed-formats',
  },
  {
    file: 'behind-sqlite.input',
    path: 'dump/roles.sqlite',
    was: 'of an archive without its first header the database was read, and nothing said of what follows it',
    says: 'table-damaged',
  },
  {
    file: 'fewer-cells.input',
    path: 'dump/roles.sqlite',
    was: 'a page of a database that counts fewer rows than it holds was called whole',
    says: 'table-damaged',
  },
  {
    file: 'yaml-indent.input',
    path: 'dump/roles.yaml',
    was: 'lines behind a dash that stands too far to the left were dropped',
    says: 'yaml-malformed',
  },
  {
    file: 'resources-renamed.input',
    path: 'terraform.tfstate',
    was: 'a state whose list of resources has another name was taken for an empty one',
    says: 'no-roles',
  },
  {
    file: 'front-cut.input',
    path: 'dump/roles.json',
    was: 'what was left of a role at the beginning of a text was skipped as if it were a command',
    says: 'json-malformed',
  },
  {
    file: 'nested-policy.input',
    path: 'dump/organization.json',
    was: 'a resource control policy nested deeper than any made reading end with an internal error',
    says: 'organization-policy-damaged',
  },
  {
    file: 'swallowed-role.input',
    path: 'dump/roles.json',
    was: 'a role that damage had put among the inline policies of another was dropped without a word',
    says: 'role-within-role',
  },
  {
    file: 'unopened-cell.input',
    path: 'dump/roles.csv',
    was: 'a cell that ends with a quote and does not begin with one was taken as it stands',
    says: 'row-malformed',
  },
  {
    file: 'awspx-header.input',
    path: 'dump/AWS::Iam::Role.csv',
    was: 'roles below a header that lost the name of a column were taken for a table without roles',
    says: 'format-unknown',
  },
  {
    file: 'marker-left.input',
    path: 'dump/roles.json',
    was: 'a page that has a marker, and says that it is not truncated, counted as the last one',
    says: 'next-page-missing',
  },
];
