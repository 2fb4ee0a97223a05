import { describe, expect, it } from 'vitest';
import type { StoredVerdict } from '../../../src/model/report-source.ts';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { renderHtml } from '../../../src/report/html/index.ts';
import type { PrintedDetails, ShownFix } from '../../../src/report/shared/options.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { makeVerdict, memorySource } from '../sample-source.ts';
import { renderToString } from '../sink.ts';

const FIX: ShownFix = {
  refused: null,
  message: 'Nobody gets in.',
  changes: ['`Vendor` now demands an external ID.'],
  cautions: ['Tell <them> first.'],
  difference: ['@@ -1 +1 @@', '-  "a"', '+  "b"'],
  command: 'aws iam update-assume-role-policy --role-name Partner',
};

const refused: ShownFix = { refused: 'it cannot be read', advice: 'export it again' };

async function details(
  verdicts: readonly StoredVerdict[],
  asked: PrintedDetails = { fixOf: () => FIX },
): Promise<string> {
  const page = await renderToString(renderHtml, memorySource({ verdicts }), { details: asked });
  const start = page.indexOf('<section id="details"');
  return start < 0 ? '' : page.slice(start, page.indexOf('</section>', start));
}

function rolesOf(section: string): readonly (string | undefined)[] {
  return [...section.matchAll(/<article class="proved">\n<h3><code>([^<]*)/g)].map(([, name]) => name);
}

const administrator: VerdictObject['impact'] = {
  privileges: 'administrator',
  why: 'It may do all.',
  policies: [],
  boundary: null,
  lastUsed: null,
  created: null,
  maxSession: null,
  tags: {},
};

describe('details for print', () => {
  it('print one policy and one change once, and say whose they are', async () => {
    const policy = (sid: string): string => JSON.stringify({ Statement: [{ Sid: sid, Effect: 'Allow' }] });
    const role = (name: string, text: string) =>
      makeVerdict({ roleName: name, arn: `arn:aws:iam::111122223333:role/${name}` }, text);
    const section = await details([
      role('a', policy('One')),
      role('b', policy('One')),
      role('c', policy('Two')),
    ]);
    expect(section.match(/<pre class="policy/g)).toHaveLength(2);
    expect(section.match(/<pre class="diff/g)).toHaveLength(2);
    const said = section.match(/as that of <code>[^<]*<\/code> above/g);
    expect(new Set(said)).toEqual(
      new Set(['as that of <code>arn:aws:iam::111122223333:role/a</code> above']),
    );
    expect(said).toHaveLength(2);
  });

  it('are in the page only when they were asked for', async () => {
    const page = await renderToString(renderHtml, memorySource({ verdicts: [makeVerdict()] }));
    expect(page).not.toContain('id="details"');
    expect(page).not.toContain('#details');
  });

  it('hold proof, the statement that lets others in, and what would close it', async () => {
    const section = await details([makeVerdict()]);
    expect(section).toContain('Proof: a request that AWS would let in');
    expect(section).toContain('arn:aws:iam::444455556666:user/someuser');
    expect(section).toContain('Statements of the trust policy that let others in unguarded (1 of 2)');
    expect(section).toContain('Judged again, the amended policy no longer fails.');
    expect(section).toContain('<code>Vendor</code> now demands an external ID.');
    expect(section).toContain('Tell &lt;them&gt; first.');
    expect(section).toContain('+  &quot;b&quot;');
    expect(section).toContain('Every finding of the report');
  });

  it('come in the order of the page, the worst first, and say how many of how many they are', async () => {
    const closed = { verdict: 'pass', policies: [], capturedAt: '2026-02-01T00:00:00Z' } as const;
    const rows: readonly (readonly [string, Partial<VerdictObject>])[] = [
      ['low', { severity: 'low' }],
      ['medium', { severity: 'medium' }],
      ['passing', { verdict: 'pass', severity: null }],
      ['closed', { severity: null, guardrail: closed }],
      ['undecided', { verdict: 'error', severity: null, witness: null, paths: [] }],
      ['high', { severity: 'high' }],
      ['high administrator', { severity: 'high', impact: administrator }],
    ];
    const verdicts = rows.map(([roleName, changes]) => makeVerdict({ ...changes, roleName }));
    const fixOf = () => refused;
    const all = ['high administrator', 'high', 'undecided', 'medium', 'low'];
    expect(rolesOf(await details(verdicts, { fixOf }))).toEqual(all);
    const some = await details(verdicts, { fixOf, limit: 3 });
    expect(rolesOf(some)).toEqual(all.slice(0, 3));
    expect(some).toContain('3 of 5 findings');
    expect(some).toContain('<strong>Showing 3 of 5</strong>');
    expect(some).toContain('No change is proposed: it cannot be read. Instead: export it again.');
    expect(some).toContain('Nothing can be proposed before the policy can be read');
  });

  it('keep the worst of many of one severity', async () => {
    const verdicts = Array.from({ length: 50 }, (_, n) =>
      makeVerdict({ roleName: `role-${n}`, ...(n === 40 && { impact: administrator }) }),
    );
    const section = await details(verdicts, { fixOf: () => null, limit: 3 });
    expect(rolesOf(section)).toEqual(['role-40', 'role-0', 'role-1']);
  });

  it('are found again where policies are too long to be held', async () => {
    const policy = JSON.stringify({ Statement: [], Sid: 'x'.repeat(20 * 1024 * 1024) });
    const verdicts = ['a', 'b', 'c'].map((roleName) => makeVerdict({ roleName }, policy));
    expect(rolesOf(await details(verdicts, { fixOf: () => refused }))).toEqual(['a', 'b', 'c']);
  });

  it('show hostile text as text, and say where they cut it', async () => {
    const page = await renderToString(renderHtml, hostileSource(), { details: { fixOf: () => FIX } });
    const section = page.slice(page.indexOf('<section id="details"'), page.indexOf('<dialog'));
    expect(rolesOf(section)).toHaveLength(HOSTILE.length);
    expect(section).not.toMatch(/<script|<img|[\u202e\u2066\u200b]/);
    const statements = Array.from({ length: 400 }, () => ({ Effect: 'Deny', Action: 'x'.repeat(3_000) }));
    const long = await details([makeVerdict({ paths: [] }, JSON.stringify({ Statement: statements }))]);
    expect(long).toMatch(/Showing 300 of 1,6\d\d lines\./);
    expect(long).toContain('more characters');
    expect(long.length).toBeLessThan(400_000);
  });
});
