import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amendPolicy, EXTERNAL_ID_PLACEHOLDER } from '../../src/report/shared/amend.ts';
import { cliCommand, shellQuote, terraformResource } from '../../src/report/shared/commands.ts';
import { printJson, printPolicy } from '../../src/report/shared/json-print.ts';
import { compactJson, parseJson } from '../../src/report/shared/json-tree.ts';
import { visible } from '../../src/report/shared/visible.ts';
import { witnessSentence } from '../../src/report/shared/witness-sentence.ts';
import { makePath, VENDOR_POLICY } from './sample-source.ts';

describe('visible', () => {
  it.each([
    ['plain', 'plain'],
    ['a\u202Eb', 'a\\u202eb'],
    ['\u0000\u001B[31m', '\\u0000\\u001b[31m'],
    ['zero\u200Bwidth', 'zero\\u200bwidth'],
    ['\u{E0041}', '\\udb40\\udc41'],
    ['\uD800', '\\ud800'],
    ['grün 漢字 😀', 'grün 漢字 😀'],
  ])('%j becomes %j', (given, shown) => {
    expect(visible(given)).toBe(shown);
  });

  it('keeps the value of JSON text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(visible(JSON.stringify(text)))).toBe(text);
      }),
    );
  });
});

describe('parseJson', () => {
  it('gives every JSON value back as it was written', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const node = parseJson(text);
        expect(node).not.toBeNull();
        if (node === null) return;
        expect(JSON.parse(compactJson(node))).toEqual(JSON.parse(text));
        expect(JSON.parse(printJson(node))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps repeated names, their order and the spelling of numbers', () => {
    const text = '{"a":1e3,"b":[],"a":-0.50}';
    const node = parseJson(text);
    expect(node === null ? null : compactJson(node)).toBe(text);
  });

  it.each([
    '',
    '{',
    '{"a":1,}',
    '[1 2]',
    '{"a" 1}',
    '{1:2}',
    'tru',
    '{}{}',
    '[1,',
    '"open',
    `${'['.repeat(500)}${']'.repeat(500)}`,
  ])('refuses %j', (text) => {
    expect(parseJson(text)).toBeNull();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void printPolicy(text)));
  });
});

describe('printPolicy', () => {
  it('marks the lines of each statement', () => {
    const marked = printPolicy(VENDOR_POLICY).filter((line) => line.statement === 1);
    expect(marked[0]?.text).toBe('    {');
    expect(marked.map((line) => line.text).join('\n')).toContain('"Sid": "Vendor"');
    expect(marked.map((line) => line.text).join('\n')).not.toContain('"Sid": "Own"');
  });

  it('takes a single statement object as statement 0', () => {
    const lines = printPolicy('{"Version":"x","Statement":{"Effect":"Allow"}}');
    expect(lines.filter((line) => line.statement === 0).map((line) => line.text.trim())).toEqual([
      '"Statement": {',
      '"Effect": "Allow"',
      '}',
    ]);
  });

  it('shows text that is not JSON as it is', () => {
    expect(printPolicy('not json')).toEqual([{ text: 'not json', statement: null }]);
  });
});

describe('amendPolicy', () => {
  const statement = (condition: string, principal = '{"AWS":"arn:aws:iam::444455556666:root"}'): string =>
    `{"Statement":[{"Effect":"Allow","Principal":${principal},"Action":"sts:AssumeRole"${condition}}]}`;
  const conditionOf = (policy: string, path = makePath()): unknown => {
    const amendment = amendPolicy(policy, [path]);
    if (!amendment.possible) return amendment.why;
    expect(JSON.parse(amendment.pretty)).toEqual(JSON.parse(amendment.compact));
    return (JSON.parse(amendment.compact) as { Statement: { Condition: unknown }[] }).Statement[0]?.Condition;
  };
  const external = { 'sts:ExternalId': EXTERNAL_ID_PLACEHOLDER };

  it.each([
    ['no condition', '', { StringEquals: external }],
    [
      'another operator',
      ',"Condition":{"Bool":{"x":"true"}}',
      { Bool: { x: 'true' }, StringEquals: external },
    ],
    [
      'the operator in use',
      ',"Condition":{"StringEquals":{"a":"b"}}',
      { StringEquals: { a: 'b', ...external } },
    ],
    [
      'the key in another case',
      ',"Condition":{"StringEquals":{"STS:externalid":[]}}',
      { StringEquals: external },
    ],
    [
      'a condition that is no object',
      ',"Condition":[]',
      'the Condition of statement 0 is not written in the usual form',
    ],
    [
      'a repeated condition',
      ',"Condition":{},"Condition":{}',
      'the Condition of statement 0 is not written in the usual form',
    ],
  ])('adds an external ID beside %s', (_, condition, expected) => {
    expect(conditionOf(statement(condition))).toEqual(expected);
  });

  it('demands MFA of people of the own organisation and an external ID of its roles', () => {
    const people = makePath({ relation: 'same-organisation' });
    expect(conditionOf(statement(''), people)).toEqual({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
    const role = makePath({ relation: 'same-organisation', principal: 'arn:aws:iam::444455556666:role/ci' });
    expect(conditionOf(statement(''), role)).toEqual({ StringEquals: external });
  });

  it('changes only the statements that let others in', () => {
    const amendment = amendPolicy(VENDOR_POLICY, [
      makePath({ statement: 1 }),
      makePath({ statement: 0, guards: ['mfa'] }),
    ]);
    expect(amendment.possible && amendment.statements.map((changed) => changed.index)).toEqual([1]);
    const statements = (JSON.parse(amendment.possible ? amendment.compact : '') as { Statement: object[] })
      .Statement;
    expect(statements[0]).toEqual((JSON.parse(VENDOR_POLICY) as { Statement: object[] }).Statement[0]);
    expect(statements[1]).toHaveProperty('Condition');
  });

  it('warns of wildcards and of principals that can meet no guard', () => {
    const principal = '{"AWS":"*","Service":"ec2.amazonaws.com"}';
    const amendment = amendPolicy(statement('', principal), [makePath({ account: '*', relation: 'any' })]);
    const cautions = amendment.possible ? (amendment.statements[0]?.cautions.join('\n') ?? '') : '';
    expect(cautions).toContain('an external ID is no secret');
    expect(cautions).toContain('services or federated identities');
  });

  it.each([
    ['broken', 'the policy is not a JSON object'],
    ['{}', 'the policy does not have exactly one Statement'],
    ['{"Statement":[],"Statement":[]}', 'the policy does not have exactly one Statement'],
    ['{"Statement":["x"]}', 'statement 0 is not an object'],
    ['{"Statement":[]}', 'statement 0 is not an object'],
  ])('refuses %s', (policy, why) => {
    expect(amendPolicy(policy, [makePath()])).toEqual({ possible: false, why });
  });
});

describe('commands', () => {
  it('quotes for the shell so that the argument arrives whole and runs nothing', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('\0')),
        (text) => {
          const got = execFileSync('sh', ['-c', `printf %s ${shellQuote(text) || "''"}`], {
            encoding: 'utf8',
          });
          expect(got).toBe(text);
        },
      ),
      { numRuns: 50, examples: [["$(touch /tmp/x)'`id`\n-"], ['--help'], ['']] },
    );
  });

  it('writes the command', () => {
    expect(cliCommand('Partner', '{}')).toBe(
      "aws iam update-assume-role-policy \\\n  --role-name Partner \\\n  --policy-document '{}'",
    );
  });

  it('keeps a role name from being taken for an option', () => {
    expect(cliCommand('--debug', '{}')).toContain("--role-name='--debug' ");
  });

  it('keeps Terraform from reading expressions in evidence', () => {
    const open = ['$', '{'].join('');
    const text = terraformResource(`9${open}x}`, `{\n  "a": "${open}aws:username} %{ if }"\n}`);
    expect(text).toContain('resource "aws_iam_role" "role_9__x_" {');
    expect(text).toContain(`name = "9$${open}x}"`);
    expect(text).toContain(`"a": "$${open}aws:username} %%{ if }"`);
  });
});

describe('witnessSentence', () => {
  it('says what the request carries and what it does not', () => {
    const base = {
      principalArn: 'arn:aws:iam::444455556666:user/u',
      principalAccount: '444455556666',
      actions: ['sts:AssumeRole'],
    };
    expect(witnessSentence({ ...base, context: { 'aws:SourceIp': '192.0.2.1' } })).toBe(
      'arn:aws:iam::444455556666:user/u of account 444455556666 calls sts:AssumeRole with no MFA information (a long-term access key) and no external ID, and aws:SourceIp = 192.0.2.1: this policy lets the call through.',
    );
    expect(witnessSentence({ ...base, context: { 'aws:MultiFactorAuthPresent': 'false' } })).toContain(
      'MFA reported as "false"',
    );
    const session = { ...base, principalArn: 'arn:aws:sts::444455556666:assumed-role/r/s' };
    expect(witnessSentence({ ...session, context: {} })).toContain(
      'with no MFA information and no external ID',
    );
  });
});
