import { describe, expect, it } from 'vitest';
import { terraformResource, updateCommand } from '../../src/fix/commands.ts';
import { refusalForRole } from '../../src/fix/refusal.ts';
import { unifiedDiff } from '../../src/text/unified-diff.ts';

describe('unifiedDiff', () => {
  const lines = (text: string): string => [...text].join('\n');

  it.each([
    ['abc', 'abc', []],
    ['abcdefghij', 'abcdeXfghij', ['@@ -3,6 +3,7 @@', ' c', ' d', ' e', '+X', ' f', ' g', ' h']],
    ['abc', 'Xbc', ['@@ -1,3 +1,3 @@', '-a', '+X', ' b', ' c']],
    ['abc', 'abX', ['@@ -1,3 +1,3 @@', ' a', ' b', '-c', '+X']],
    ['aabb', 'ab', ['@@ -1,4 +1,2 @@', ' a', '-a', '-b', ' b']],
    [
      'abcdefghijkl',
      'XbcdefghijkY',
      ['@@ -1,4 +1,4 @@', '-a', '+X', ' b', ' c', ' d', '@@ -9,4 +9,4 @@', ' i', ' j', ' k', '-l', '+Y'],
    ],
  ])('of %s and %s', (before, after, expected) => {
    expect(unifiedDiff(lines(before), lines(after))).toEqual(expected);
  });

  it('gives up on finding common lines rather than on memory', () => {
    const before = Array.from({ length: 3000 }, (_, at) => `b${at}`);
    const after = Array.from({ length: 3000 }, (_, at) => `a${at}`);
    expect(unifiedDiff(before.join('\n'), after.join('\n'))).toHaveLength(6001);
  });
});

describe('commands', () => {
  it('names role and document so that neither is taken for an option', () => {
    expect(updateCommand('--help', '{"a":"b c"}')).toBe(
      `aws iam update-assume-role-policy --role-name='--help' --policy-document='{"a":"b c"}'`,
    );
  });

  it('writes Terraform in which nothing is an expression', () => {
    const text = terraformResource({
      label: 'role_1',
      roleName: '${a}%{b}"\b',
      path: '/x/$${y}/',
      prettyPolicy: '{\n  "a": "${aws:username} %{x} \\\\b"\n}',
    });
    expect(text.split('\n')).toEqual([
      'resource "aws_iam_role" "role_1" {',
      '  name = "$${a}%%{b}\\"\\u0008"',
      '  path = "/x/$$${y}/"',
      '',
      '  assume_role_policy = <<-POLICY',
      '    {',
      '      "a": "$${aws:username} %%{x} \\\\b"',
      '    }',
      '  POLICY',
      '}',
    ]);
    expect(terraformResource({ label: 'x', roleName: 'y\\b', path: '/', prettyPolicy: '{}' })).toContain(
      '  name = "y\\\\b"\n\n',
    );
  });
});

describe('refusalForRole', () => {
  it.each([
    ['Partner', null],
    ['=cmd', null],
    ['..', null],
    ['OrganizationAccountAccessRole', null],
    ['AWSControlTowerExecution', /Control Tower/],
    ['AWSCloudFormationStackSetExecutionRole', /StackSets/],
    ['stacksets-exec-0123abcd', /StackSets/],
    ['', /IAM does not allow/],
    ['a/b', /IAM does not allow/],
    ['a b', /IAM does not allow/],
    ['a\nb', /IAM does not allow/],
    ['x'.repeat(65), /IAM does not allow/],
  ])('of %s', (name, reason) => {
    const refusal = refusalForRole(name);
    if (reason === null) expect(refusal).toBeNull();
    else expect(refusal?.refused).toMatch(reason);
  });
});
