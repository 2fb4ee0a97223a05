import { describe, expect, it } from 'vitest';
import { conclusionOf } from '../../.ci/known-vulnerabilities.ts';
import { licenceFaults } from '../../.ci/licences.ts';
import lock from '../../package-lock.json' with { type: 'json' };
import { readLock } from '../../src/kit/lock.ts';
import { CHECKOUT } from '../checkout.ts';

describe('licenceFaults', () => {
  const faults = (license: string | undefined, more: object = {}, passedOn: readonly string[] = []) =>
    licenceFaults(
      { '': {}, 'node_modules/a': { ...(license !== undefined && { license }), ...more } },
      passedOn,
    );

  it('finds none among the packages of this project', async () => {
    const { compiledIn } = await readLock(CHECKOUT);
    const passedOn = compiledIn.map(({ path }) => path);
    expect(passedOn).not.toEqual([]);
    expect(licenceFaults(lock.packages, passedOn)).toEqual([]);
  });

  it('lets pass what may be passed on, or one of several', () => {
    for (const licence of ['MIT', 'ISC', 'Apache-2.0', 'MIT OR GPL-3.0-only', '(MIT OR CC0-1.0)']) {
      expect(faults(licence)).toEqual([]);
    }
  });

  it('names what is not known, and what is missing', () => {
    expect(faults('GPL-3.0-only')).toEqual([
      '`node_modules/a`: GPL-3.0-only, which is not in the list of those to be passed on',
    ]);
    expect(faults(undefined)).toEqual([expect.stringContaining('it names no licence')]);
    for (const licence of ['MIT AND GPL-3.0-only', 'SEE LICENSE IN x', 'UNLICENSED', 'AGPL-3.0 OR GPL-3.0']) {
      expect(faults(licence, { dev: true })).toHaveLength(1);
    }
  });

  it('lets tools have licences that only bind who passes them on, unless the build puts them into the program', () => {
    expect(faults('MPL-2.0')).toHaveLength(1);
    expect(faults('MPL-2.0', { dev: true })).toEqual([]);
    expect(faults('MPL-2.0', { devOptional: true, optional: true })).toEqual([]);
    expect(faults('MPL-2.0', { dev: true }, ['node_modules/a'])).toHaveLength(1);
  });
});

describe('conclusionOf', () => {
  const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });
  const of = (stdout: string, isLate = false) => conclusionOf({ stdout, isLate });

  it('fails on what is grave, by name and range', () => {
    const grave = { a: { severity: 'high', range: '<1.2.3' }, b: { severity: 'low', range: '*' } };
    expect(of(report(grave))).toEqual({
      outcome: 'failed',
      line: 'known vulnerabilities: a <1.2.3 (high); see `npm audit`',
    });
    expect(of(report({ c: { severity: 'critical', range: '2.x' } })).outcome).toBe('failed');
  });

  it('tells what is not grave', () => {
    expect(of(report({}))).toEqual({
      outcome: 'clean',
      line: 'no known vulnerability of high or critical severity',
    });
    expect(of(report({ b: { severity: 'moderate', range: '*' } }))).toEqual({
      outcome: 'clean',
      line: 'no known vulnerability of high or critical severity; lesser ones in b',
    });
  });

  it('says that nothing was looked up where the registry cannot tell, and fails nobody for it', () => {
    const refused = {
      message: '405 Method Not Allowed - POST https://registry.npmjs.org/-/npm/v1/security/advisories/bulk',
      statusCode: 405,
    };
    const unreached = { message: 'request to https://registry.npmjs.org/ failed, reason: ENOTFOUND\nmore' };
    expect(of(JSON.stringify(refused)).line).toBe(
      `known vulnerabilities were NOT looked up: ${refused.message}`,
    );
    expect(of(JSON.stringify(unreached)).line).toMatch(/NOT looked up: .*reason: ENOTFOUND$/);
    expect(of('', true).line).toContain('NOT looked up: the registry did not answer in time');
    for (const other of ['', '{}', 'null', '{"auditReportVersion":2}', 'npm error']) {
      expect(of(other)).toEqual({
        outcome: 'unknown',
        line: 'known vulnerabilities were NOT looked up: `npm audit` gave no report',
      });
    }
  });
});
