import type { Aside } from './aside.ts';

interface TextAside extends Omit<Aside, 'code' | 'message'> {
  /** Of the text from its first character on that is no white space. */
  readonly pattern: RegExp;
  readonly why?: string;
}

/** Characters that are looked at. */
const HEAD = 8192;

const TEXTS: readonly TextAside[] = [
  {
    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html: a header, or records without one
    kind: 'a VPC flow log',
    pattern:
      /^(?:(?:[a-z0-9-]{1,40} ){0,60}(?:interface-id|srcaddr|dstaddr|log-status)(?: |\r?\n|$)|[2-9] \d{12} eni-[0-9a-f]+ )/,
  },
  {
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
    kind: 'a load balancer access log',
    pattern:
      /^(?:(?:https?|h2|grpcs?|wss?|tls) (?:[\d.]+ )?\d{4}-\d\d-\d\dT[\d:.]+Z? (?:app|net)\/|\d{4}-\d\d-\d\dT[\d:.]+Z \S+ [\d.]+:\d+ (?:[\d.]+:\d+|-) |Enable AccessLog for ELB)/,
  },
  {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
    kind: 'an S3 access log',
    pattern: /^[0-9a-f]{64} \S{3,63} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} [+-]\d{4}\] /,
  },
  {
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
    kind: 'a CloudFront access log',
    pattern: /^#Version: [\d.]+\r?\n#Fields: date time /,
  },
  {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
    kind: 'a credential report',
    pattern: /^"?user"?,"?arn"?,"?user_creation_time/,
    why: 'looks like an IAM credential report, which holds no roles',
  },
  {
    kind: "Prowler's CSV",
    pattern: /^(?:AUTH_METHOD|ASSESSMENT_START_TIME|PROVIDER)[;,]/i,
    tolerates: 'policies',
    why: "looks like Prowler's CSV, which holds no trust policies; its OCSF file (`--output-modes json-ocsf`) does",
  },
  {
    kind: 'the page of a scanner',
    pattern: /^<(?:!doctype|html)[\s\S]{0,4000}<title>[^<]{0,80}\b(?:prowler|scout ?suite|cloudmapper)\b/i,
    tolerates: 'policies',
    why: 'is the page of a scanner, which is for reading only',
  },
  {
    // ScoutSuite keeps these beside its results.
    kind: 'what ScoutSuite keeps beside its results',
    pattern: /^exceptions\s*=\s*[{[]/,
    tolerates: 'policies',
  },
  {
    kind: 'the result of a Steampipe benchmark',
    pattern: /^"?group_id"?,"?title"?,"?description"?,"?control_id"?/,
    tolerates: 'policies',
  },
];

/** Knows a text that holds no inventory of roles by its content; null when it is none of these. */
export function asideText(text: string): Aside | null {
  const head = text.slice(0, HEAD);
  const found = TEXTS.find(({ pattern }) => pattern.test(head));
  if (found === undefined) return null;
  const { kind, why, tolerates } = found;
  const message = why ?? `looks like ${kind}, which holds no roles`;
  return { code: 'not-evidence', kind, message, ...(tolerates === undefined ? {} : { tolerates }) };
}
