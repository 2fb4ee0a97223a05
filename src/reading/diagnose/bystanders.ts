import type { Aside } from './aside.ts';

/** What stands beside evidence, known by its place or name alone, as long as its content is no evidence. */
interface Bystander extends Pick<Aside, 'kind' | 'tolerates'> {
  /** Of the path as shown. */
  readonly path: RegExp;
  /** What the content must look like, leading white space aside; anything without it. */
  readonly text?: RegExp;
  readonly message: string;
}

const BYSTANDERS: readonly Bystander[] = [
  {
    // https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
    path: /(?:^|\/)ConfigWritabilityCheckFile$/,
    kind: 'the write test of AWS Config',
    message: 'is the file by which AWS Config tests that it may write',
  },
  {
    // What stands there of the organisation itself is evidence, whatever became of it.
    path: /(?:^|\/)(?!(?:aws[a-z-]*\/)?organizations\/o-[a-z0-9]+\/(?:(?:metadata|accounts|ous|structure)|rcps\/[^/]+\/policy)\.json$)(?:aws[a-z-]*\/(?:indexes|organizations)|(?:aws[a-z-]*\/)?accounts\/\d{12})\/(?:.+\/)?(?!trust-policy\.json$)[\w-]+\.json$/,
    kind: 'what iam-collect keeps beside trust policies',
    message:
      'belongs to an iam-collect folder, and holds neither a trust policy nor a resource control policy',
    tolerates: 'actions',
  },
  {
    // CloudMapper keeps the output of each command in a file, or in a folder with a file for each resource.
    path: /(?:^|\/)account-data\/[^/]+\/(?:[a-z]{2}(?:-[a-z]+)+-\d\/)?(?!iam-get-(?:account-authorization-details|role)[./])[a-z0-9-]+-(?:describe|get|list)-[a-z0-9-]+(?:\.json$|\/)/,
    kind: 'what CloudMapper keeps beside roles',
    message: 'belongs to a CloudMapper folder, but is no output of IAM with roles',
    tolerates: 'actions',
  },
  {
    path: /(?:^|\/)account-data\/[^/]+\/describe-regions\.json$/,
    kind: 'what CloudMapper keeps beside roles',
    message: 'belongs to a CloudMapper folder, but is no output of IAM with roles',
    tolerates: 'actions',
  },
  {
    path: /(?:^|\/)graph\/(?:edges|groups|policies)\.json$/,
    text: /^\[/,
    kind: 'what PMapper keeps beside its nodes',
    message: 'belongs to a PMapper graph, whose roles are in `nodes.json`',
    tolerates: 'actions',
  },
  {
    path: /(?:^|\/)custodian-run\.log(?:\.gz)?$/,
    kind: 'the log of a Cloud Custodian run',
    message: 'is the log of a Cloud Custodian run',
    tolerates: 'policies',
  },
  {
    path: /(?:^|\/)resources\.json(?:\.gz)?$/,
    text: /^\[\s*\]\s*$/,
    kind: 'an empty list of Cloud Custodian',
    message: 'is an empty list, as Cloud Custodian writes it when no resource matched',
  },
  {
    path: /(?:^|\/)(?:Thumbs\.db|desktop\.ini)$|(?:^|\/)__MACOSX(?:\/|$)/,
    kind: 'a file of the operating system',
    message: 'belongs to the operating system',
  },
  {
    path: /(?:^|\/)scoutsuite-report\/inc-[\w-]+\//,
    kind: 'what ScoutSuite keeps beside its results',
    message: 'belongs to the page of a ScoutSuite report',
    tolerates: 'policies',
  },
  {
    path: /(?:^|\/)\.(?!\.?$)[^/]+$/,
    kind: 'a hidden file',
    message: 'is a hidden file without evidence',
  },
];

/**
 * Knows a file that is no evidence by its place.
 *
 * @param text the beginning of its content; '' when it is empty
 */
export function bystander(path: string, text: string): Aside | null {
  const found = BYSTANDERS.find((one) => one.path.test(path) && one.text?.test(text.trimStart()) !== false);
  if (found === undefined) return null;
  const { kind, message, tolerates } = found;
  return { code: 'not-evidence', kind, message, ...(tolerates === undefined ? {} : { tolerates }) };
}
