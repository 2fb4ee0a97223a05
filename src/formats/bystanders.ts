import type { Explanation } from './explanation.ts';

/** What stands beside evidence, known by its place or name alone, as long as its content is no evidence. */
interface Bystander {
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
    message: 'is the file by which AWS Config tests that it may write',
  },
  {
    path: /(?:^|\/)aws\/aws[a-z-]*\/(?:accounts\/\d{12}|indexes|organizations)\/(?:.+\/)?(?!trust-policy\.json$)[\w-]+\.json$/,
    message: 'belongs to an iam-collect folder, but is no trust policy',
  },
  {
    // CloudMapper keeps the output of each command in a file, or in a folder with a file for each resource.
    path: /(?:^|\/)account-data\/[^/]+\/(?:[a-z]{2}(?:-[a-z]+)+-\d\/)?(?!iam-get-(?:account-authorization-details|role)[./])[a-z0-9-]+-(?:describe|get|list)-[a-z0-9-]+(?:\.json$|\/)/,
    message: 'belongs to a CloudMapper folder, but is no output of IAM with roles',
  },
  {
    path: /(?:^|\/)account-data\/[^/]+\/describe-regions\.json$/,
    message: 'belongs to a CloudMapper folder, but is no output of IAM with roles',
  },
  {
    path: /(?:^|\/)graph\/(?:edges|groups|policies)\.json$/,
    text: /^\[/,
    message: 'belongs to a PMapper graph, whose roles are in `nodes.json`',
  },
  {
    path: /(?:^|\/)custodian-run\.log(?:\.gz)?$/,
    message: 'is the log of a Cloud Custodian run',
  },
  {
    path: /(?:^|\/)resources\.json(?:\.gz)?$/,
    text: /^\[\s*\]\s*$/,
    message: 'is an empty list, as Cloud Custodian writes it when no resource matched',
  },
  {
    path: /(?:^|\/)(?:Thumbs\.db|desktop\.ini)$|(?:^|\/)__MACOSX(?:\/|$)/,
    message: 'belongs to the operating system',
  },
  { path: /(?:^|\/)\.(?!\.?$)[^/]+$/, message: 'is a hidden file without evidence' },
];

/**
 * Knows a file that is no evidence by its place.
 *
 * @param text the beginning of its content; '' when it is empty
 */
export function bystander(path: string, text: string): Explanation | null {
  const found = BYSTANDERS.find((one) => one.path.test(path) && one.text?.test(text.trimStart()) !== false);
  return found === undefined ? null : { code: 'not-evidence', message: found.message };
}
