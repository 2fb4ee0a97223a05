import type { DataProblem } from '../../src/errors.ts';
import type { ReportSource } from '../../src/model/report-source.ts';
import {
  makeDisagreement,
  makeEvidence,
  makeException,
  makePath,
  makeVerdict,
  memorySource,
} from './sample-source.ts';

/** Texts that a report must show and never obey. */
export const HOSTILE = [
  '</script><script>window.pwned=1</script>',
  '"><img src=x onerror="window.pwned=1">',
  '<svg/onload=window.pwned=1>',
  '<!--<script>',
  '{{constructor.constructor("window.pwned=1")()}}',
  'a\u202Efdp.exe\u2066\u200Bb',
  "=cmd|' /C calc'!A0",
  'javascript:window.pwned=1',
  'W'.repeat(300),
  '`|[a](https://example.com)|` {0} {{1}} @team #1',
  'line\r\nnext\u2028third\u0085\u0000\ud800',
  '../../etc/passwd?query#fragment%00',
];

/** Every text that evidence can fill, filled with every kind of trouble. */
export function hostileSource(): ReportSource {
  const verdicts = HOSTILE.map((text, n) =>
    makeVerdict(
      {
        roleName: text,
        arn: `arn:aws:iam::111122223333:role/${text}`,
        roleId: text,
        reason: text,
        notes: [text],
        message: text,
        paths: [makePath({ sid: text, principal: text, account: text, accountName: text })],
        witness: { principalArn: text, principalAccount: text, actions: [text], context: { [text]: [text] } },
        evidence: { source: text, sha256: text, offset: n, capturedAt: text },
        firstSeen: text,
        lastSeen: text,
        suppressedBy: text,
      },
      n % 2 === 0 ? JSON.stringify({ [text]: text, Statement: [{ Sid: text, Principal: text }] }) : text,
    ),
  );
  const accounts = HOSTILE.map((text) => ({
    account: text,
    name: text,
    capturedAt: text,
    complete: false,
    carriedForward: 8,
    roles: 1,
    verdicts: { pass: 0, fail: 1, 'not-applicable': 0, error: 0 },
    closed: 0,
  }));
  const evidence = HOSTILE.map((text) =>
    makeEvidence({
      path: text,
      format: text,
      problems: [{ code: text as DataProblem, message: text }],
      status: 'incomplete',
    }),
  );
  const rejects = HOSTILE.map((text, offset) => ({
    path: text,
    offset,
    pointer: text,
    code: text as DataProblem,
    message: text,
  }));
  const exceptions = HOSTILE.map((text) =>
    makeException({
      id: text,
      rule: text,
      account: text,
      role: text,
      principals: [text],
      principalAccounts: [text],
      reason: text,
      expires: text,
      owner: text,
      ticket: text,
      overBroad: [text],
    }),
  );
  const disagreements = HOSTILE.map((text) =>
    makeDisagreement({
      account: text,
      arn: text,
      roleId: text,
      capturedAt: text,
      sources: [{ path: text, sha256: text, offset: 0 }],
    }),
  );
  const gaps = HOSTILE.map((text) => ({
    account: text,
    name: text,
    why: 'never-complete' as const,
    capturedAt: null,
    age: null,
  }));
  const closed = HOSTILE.map((text) => ({ account: text, name: text, status: text }));
  const completeness = { membersKnown: false, gaps, closed };
  return memorySource({ verdicts, accounts, evidence, rejects, disagreements, exceptions, completeness });
}
