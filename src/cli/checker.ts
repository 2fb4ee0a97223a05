import { MAX_INPUT, parseText } from '../api/input.ts';
import { type Grading, type Subject, showVerdict, type Verdict } from '../api/verdict.ts';
import { VerdictMemo } from '../audit/memo.ts';
import { TrustsieveError } from '../errors.ts';
import { decodeTrustPolicy } from '../formats/shared/trust-policy.ts';
import { type Json, JsonNumber, JsonObject, JsonSyntaxError, parseJson, printJson } from '../iam/json.ts';
import { isAccountId, isPartition, splitArn } from '../model/arn.ts';
import type { TrustPolicy } from '../model/record.ts';
import type { PolicyVerdict } from '../model/verdict.ts';
import { evaluateTrustPolicy, undecided } from '../rules/judge.ts';
import { visible } from '../text/hidden-characters.ts';
import { jsonText } from '../text/json-text.ts';
import type { Line } from './input/lines.ts';

/** The verdict on one input. */
export interface Checked {
  /** Echoed as it came in, large numbers and repeated keys included. */
  readonly id: Json | undefined;
  /** Without an account where the input cannot be used. */
  readonly verdict: Omit<Verdict, 'account'> & { readonly account: string | null };
}

export function isError({ verdict }: Checked): boolean {
  return verdict.verdict === 'error';
}

/** As JSON, the id first. */
export function print({ id, verdict }: Checked, indent = 0): string {
  const text = jsonText(verdict, indent);
  if (id === undefined) return text;
  const opening = indent === 0 ? '{' : `{\n${' '.repeat(indent)}`;
  return `${opening}"id":${visible(printJson(id))},${text.slice(1)}`;
}

/** Judges inputs of `check`, each by itself. */
export class Checker {
  private readonly account: string | null;
  private readonly grading: Grading;
  private readonly memo = new VerdictMemo();

  constructor(account: string | null, grading: Grading) {
    this.account = account;
    this.grading = grading;
  }

  /** A bare trust policy, or the object that a line of --ndjson holds. */
  single(text: string, file: string): Checked {
    let input: Json;
    try {
      input = parseText(text);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      return this.unusable(undefined, `The input \`${file}\` is not valid JSON: ${error.message}.`);
    }
    if (input instanceof JsonObject && input.all('trust').length > 0 && input.all('Statement').length === 0) {
      return this.record(input);
    }
    if (this.account === null) {
      throw new TrustsieveError('usage', 'say which account owns the role: --account with its 12 digits');
    }
    const policy = decodeTrustPolicy(printJson(input));
    const subject = { ...NOBODY, account: this.account };
    return this.show(undefined, subject, evaluateTrustPolicy(policy, this.account), policy);
  }

  /** One line of --ndjson. */
  line({ text: line, problem }: Line): Checked {
    if (problem === 'too-long')
      return this.malformed(undefined, `the line is longer than ${MAX_INPUT} bytes`);
    if (problem === 'not-utf8') return this.malformed(undefined, 'the line is not UTF-8 text');
    let input: Json;
    try {
      input = parseJson(line);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      return this.malformed(undefined, `the line is not valid JSON: ${error.message}`);
    }
    if (!(input instanceof JsonObject)) return this.malformed(undefined, 'the line is not a JSON object');
    return this.record(input);
  }

  private record(input: JsonObject): Checked {
    const [id] = input.all('id');
    for (const key of ['id', 'account', 'partition', 'trust', 'arn', 'roleId']) {
      if (input.repeated.has(key)) return this.malformed(id, `\`${key}\` occurs more than once`);
    }
    const [trust] = input.all('trust');
    const arn = textOf(input, 'arn');
    const account =
      accountOf(input) ?? this.account ?? (arn === null ? null : (splitArn(arn)?.account ?? null));
    if (account === null) return this.malformed(id, 'there is no `account`');
    if (!isAccountId(account)) return this.malformed(id, '`account` is not a string of 12 digits');
    const partition = textOf(input, 'partition');
    if (input.all('partition').some((value) => value !== null) && !isPartition(partition ?? ''))
      return this.malformed(id, '`partition` is not a partition such as `aws`');
    const ofArn = arn === null ? null : (splitArn(arn)?.partition ?? null);
    if (partition !== null && ofArn !== null && partition !== ofArn)
      return this.malformed(id, '`partition` contradicts `arn`');
    const subject = {
      account,
      partition: ofArn ?? partition,
      arn,
      roleName: null,
      roleId: textOf(input, 'roleId'),
    };
    const policy = decodeTrustPolicy(trust === undefined ? undefined : printJson(trust));
    const { verdicts } = this.memo.evaluate(policy, account, subject.partition);
    return this.show(id, subject, verdicts[0] as PolicyVerdict, policy);
  }

  private malformed(id: Json | undefined, why: string): Checked {
    return this.unusable(id, `The input cannot be used: ${why}.`);
  }

  private unusable(id: Json | undefined, message: string): Checked {
    const judged = undecided('malformed-input', message);
    return { id, verdict: { ...showVerdict(judged, NOBODY, null, this.grading), account: null } };
  }

  private show(id: Json | undefined, subject: Subject, judged: PolicyVerdict, policy: TrustPolicy): Checked {
    const text = policy.state === 'document' ? policy.text : null;
    return { id, verdict: showVerdict(judged, subject, text, this.grading) };
  }
}

const NOBODY: Subject = { account: '', partition: null, arn: null, roleName: null, roleId: null };

/** Null when there is none; a text that is not an account id when it is of another type. */
function accountOf(object: JsonObject): string | null {
  const [value = null] = object.all('account');
  if (value === null || typeof value === 'string') return value;
  // A number keeps its digits here, so only leading zeros can be missing.
  return value instanceof JsonNumber ? value.text : '';
}

function textOf(object: JsonObject, key: string): string | null {
  const [value] = object.all(key);
  return typeof value === 'string' ? value : null;
}
