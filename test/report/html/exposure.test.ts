import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredVerdict } from '../../../src/model/report-source.ts';
import { renderHtml } from '../../../src/report/html/index.ts';
import { layOut } from '../../../src/report/html/pictures/flow.ts';
import {
  flowStreams,
  OTHER_ENTERED,
  OTHER_OUTSIDERS,
  OTHER_OWN,
} from '../../../src/report/html/pictures/flow-streams.ts';
import { heatRows } from '../../../src/report/html/pictures/heat-map.ts';
import { nameLines } from '../../../src/report/html/pictures/name-lines.ts';
import { gatherStatistics } from '../../../src/report/shared/statistics.ts';
import { hostileSource } from '../hostile-source.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makePath, makeVerdict, memorySource } from '../sample-source.ts';
import { renderToString } from '../sink.ts';

function role(
  account: string,
  into: readonly string[],
  severity: 'critical' | 'high' | 'low' = 'high',
): StoredVerdict {
  return makeVerdict({
    account,
    severity,
    paths: into.map((external) => makePath({ account: external, principal: external })),
  });
}

function sectionOf(page: string, id: 'access' | 'accounts'): string {
  return new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(page)?.[0] ?? '';
}

describe('who gets in where', () => {
  it('counts every failing role once for each account that gets in', () => {
    const verdicts = [
      role('1', ['a', 'a', 'b']),
      role('1', ['a']),
      role('2', ['b']),
      makeVerdict({ account: '3', verdict: 'pass', paths: [makePath({ account: 'c', guards: ['mfa'] })] }),
    ];
    expect(flowStreams(gatherStatistics(memorySource({ verdicts }))).streams).toEqual([
      { from: 'a', to: '1', amount: 2 },
      { from: 'b', to: '1', amount: 1 },
      { from: 'b', to: '2', amount: 1 },
    ]);
  });

  it('puts small ones together and loses none', () => {
    const verdicts = Array.from({ length: 30 }, (_, n) =>
      Array.from({ length: 40 - n }, () => role(String(n % 12), [`e${n}`])),
    ).flat();
    const { streams } = flowStreams(gatherStatistics(memorySource({ verdicts })));
    expect(streams.reduce((sum, { amount }) => sum + amount, 0)).toBe(verdicts.length);
    expect(new Set(streams.map(({ from }) => from)).size).toBe(10);
    expect(new Set(streams.map(({ to }) => to)).size).toBe(10);
    const page = {
      from: streams.filter(({ from }) => from === OTHER_OUTSIDERS),
      shown: streams.filter(({ from }) => from === 'e0'),
    };
    expect(page.shown).toEqual([{ from: 'e0', to: '0', amount: 40 }]);
    expect(page.from.reduce((sum, { amount }) => sum + amount, 0)).toBe(
      verdicts.length - (40 + 39 + 38 + 37 + 36 + 35 + 34 + 33 + 32),
    );
  });

  it('puts outsiders first, and the own organisation last, however many roles it gets into', () => {
    const into = (account: string, external: string, relation: 'third-party' | 'same-organisation') =>
      makeVerdict({ account, paths: [makePath({ account: external, relation })] });
    const verdicts = Array.from({ length: 12 }, (_, n) => [
      ...Array.from({ length: 20 }, () => into(`own-${n}`, `own-${(n + 1) % 12}`, 'same-organisation')),
      ...(n < 3 ? [into(`own-${11 - n}`, `vendor-${n}`, 'third-party')] : []),
    ]).flat();
    const anyone = makeVerdict({
      account: 'own-5',
      paths: [makePath({ account: '*', relation: 'any', accountName: null })],
    });
    const { from, to } = flowStreams(gatherStatistics(memorySource({ verdicts: [...verdicts, anyone] })));
    expect(from.slice(0, 4).map(({ id }) => id)).toEqual(['*', 'vendor-0', 'vendor-1', 'vendor-2']);
    expect(from.at(-1)).toMatchObject({ id: OTHER_OWN, relation: 'same-organisation' });
    expect(from.at(-1)?.accounts).toHaveLength(7);
    expect(to.slice(0, 4).map(({ id }) => id)).toEqual(['own-10', 'own-11', 'own-5', 'own-9']);
    expect(to.at(-1)).toMatchObject({ id: OTHER_ENTERED, relation: null });
  });

  it('gives a long name as many lines as it needs, and cuts only what is beyond three', () => {
    const name = 'a-vendor-of-something-with-a-name-of-just-about-sixty-four-chars';
    expect(nameLines(name)).toEqual(['a-vendor-of-something-with-a-name-', 'of-just-about-sixty-four-chars']);
    expect(nameLines('short')).toEqual(['short']);
    expect(nameLines('x'.repeat(64))).toEqual(['x'.repeat(34), 'x'.repeat(30)]);
    expect(nameLines('語'.repeat(20))).toEqual(['語'.repeat(17), '語'.repeat(3)]);
    expect(nameLines('x'.repeat(200)).at(-1)).toBe(`${'x'.repeat(33)}…`);
    expect(nameLines('')).toEqual([]);
  });

  it('lays nodes and ribbons out without overlap, inside the picture, however amounts differ', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const stream = fc.record({ from: name, to: name, amount: fc.integer({ min: 1, max: 1_000_000 }) });
    const distinct = fc.uniqueArray(stream, { selector: ({ from, to }) => from + to, minLength: 1 });
    fc.assert(
      fc.property(distinct, (streams) => {
        const ids = (end: 'from' | 'to') => [...new Set(streams.map((each) => each[end]))];
        const flow = layOut(streams, ids('from'), ids('to'));
        for (const nodes of [flow.left, flow.right]) {
          let bottom = 0;
          for (const node of nodes) {
            expect(node.top).toBeGreaterThanOrEqual(bottom);
            bottom = node.top + node.height;
          }
          expect(bottom).toBeLessThanOrEqual(flow.height);
        }
        expect(flow.ribbons).toHaveLength(streams.length);
        for (const {
          stream: { from, to },
          fromTop,
          toTop,
          width,
        } of flow.ribbons) {
          const [left, right] = [flow.left, flow.right].map((nodes, side) =>
            nodes.find(({ id }) => id === [from, to][side]),
          );
          for (const [node, top] of [
            [left, fromTop],
            [right, toTop],
          ] as const) {
            expect(top).toBeGreaterThanOrEqual((node?.top ?? Number.NaN) - 1e-6);
            expect(top + width).toBeLessThanOrEqual((node?.top ?? 0) + (node?.height ?? 0) + 1e-6);
          }
        }
      }),
    );
  });

  it('says in its table, and by the name of each part, what the drawing shows', async () => {
    const page = sectionOf(
      await renderToString(
        renderHtml,
        memorySource({
          verdicts: [role('111122223333', ['444455556666']), role('111122223333', ['444455556666'])],
        }),
      ),
      'access',
    );
    expect(page).toContain(
      '<a href="#findings" data-filter="verdict:fail open:444455556666 acct:111122223333"><title>Example Vendor 444455556666, third party into 111122223333: 2 roles</title><path',
    );
    expect(page).toMatch(
      /data-filter="verdict:fail open:444455556666"><rect class="hit" [^>]*><\/rect><rect [^>]*><\/rect><text [^>]*>Example Vendor<\/text> <text [^>]*>444455556666 · Third party · 2 roles<\/text>/,
    );
    expect(page).toMatch(
      /<th scope="row"><bdi>Example Vendor<\/bdi> <code>444455556666<\/code><\/th><td>Third party<\/td><td><a [^>]*>2 roles<\/a><\/td><td><ul><li><code>111122223333<\/code>: <a [^>]*data-filter="verdict:fail open:444455556666 acct:111122223333">2 roles<\/a><\/li>/,
    );
  });
});

describe('the heat map', () => {
  it('lists the accounts with the worst findings first', () => {
    const verdicts = [
      ...Array.from({ length: 9 }, () => role('1', ['x'], 'low')),
      role('2', ['x'], 'critical'),
      role('3', ['x'], 'high'),
      role('4', ['x'], 'critical'),
      role('4', ['x'], 'high'),
    ];
    expect(heatRows(gatherStatistics(memorySource({ verdicts })))).toEqual([
      { account: '4', counts: [1, 1, 0, 0] },
      { account: '2', counts: [1, 0, 0, 0] },
      { account: '3', counts: [0, 1, 0, 0] },
      { account: '1', counts: [0, 0, 0, 9] },
    ]);
  });

  it('adds the accounts it does not list to one row, and everything up', async () => {
    const source = sampleOrganisation(40, 24);
    const page = sectionOf(await renderToString(renderHtml, source), 'accounts');
    const rows = [...page.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)].map(
      ([, head = '', cells = '']) => ({
        head: head.replace(/<[^>]*>/g, ''),
        counts: [...cells.matchAll(/>([\d,]+)<(?:\/td>|span)/g)].map(([, count]) =>
          Number(count?.replace(',', '')),
        ),
      }),
    );
    expect(rows).toHaveLength(17);
    expect(rows[15]?.head).toBe('25 other accounts');
    const all = rows.at(-1);
    expect(all?.head).toBe('All 40');
    expect(all?.counts.at(-1)).toBe(source.totals().verdicts.fail);
    for (const column of [0, 1, 2, 3, 4]) {
      const sum = rows.slice(0, 16).reduce((total, { counts }) => total + (counts[column] ?? 0), 0);
      expect(sum).toBe(all?.counts[column]);
    }
  });
});

describe('every outside account', () => {
  it('counts unguarded and guarded roles, each role once, and says what guards them', () => {
    const way = (account: string, guards: readonly ('mfa' | 'external-id')[]) =>
      makePath({ account, accountName: `name of ${account}`, guards });
    const verdicts = [
      makeVerdict({ paths: [way('a', []), way('a', ['mfa']), way('b', ['external-id'])] }),
      makeVerdict({ verdict: 'pass', paths: [way('a', ['mfa']), way('b', ['external-id', 'mfa'])] }),
      makeVerdict({ verdict: 'pass', paths: [way('b', ['external-id']), way('b', ['external-id'])] }),
      makeVerdict({ verdict: 'not-applicable', paths: [] }),
    ];
    const { externals, externalsPartial } = gatherStatistics(memorySource({ verdicts }));
    expect(externalsPartial).toBe(false);
    expect(externals).toEqual([
      {
        account: 'a',
        name: 'name of a',
        relation: 'third-party',
        open: 1,
        guarded: 1,
        guards: { mfa: 1, 'external-id': 0 },
      },
      {
        account: 'b',
        name: 'name of b',
        relation: 'third-party',
        open: 0,
        guarded: 3,
        guards: { mfa: 1, 'external-id': 3 },
      },
    ]);
  });

  it('lists those that are guarded everywhere too', async () => {
    const verdicts = [makeVerdict({ verdict: 'pass', paths: [makePath({ guards: ['external-id'] })] })];
    const page = sectionOf(await renderToString(renderHtml, memorySource({ verdicts })), 'access');
    expect(page).toContain('1 outside account; 0 unguarded');
    expect(page).toMatch(
      /<td class="number">0<\/td><td class="long">1<br><span class="muted small">external ID 1<\/span><\/td>/,
    );
  });
});

describe('exposure', () => {
  it('says so when nothing is exposed', async () => {
    const page = await renderToString(renderHtml, memorySource({ verdicts: [] }));
    expect(sectionOf(page, 'access')).toContain('No principal of another account gets into any role.');
    expect(sectionOf(page, 'access')).not.toContain('<svg');
    expect(sectionOf(page, 'accounts')).toContain('No account has a failing verdict.');
  });

  it('has a heat map and no drawing when what fails lets nobody in', async () => {
    const verdicts = [makeVerdict({ paths: [], witness: null })];
    const page = await renderToString(renderHtml, memorySource({ verdicts }));
    expect(sectionOf(page, 'access')).toContain('No other account gets in unguarded.');
    expect(sectionOf(page, 'access')).not.toContain('<svg');
    expect(sectionOf(page, 'accounts')).toContain('All 1');
  });

  it('escapes evidence in drawing and tables', async () => {
    const whole = await renderToString(renderHtml, hostileSource());
    const page = sectionOf(whole, 'access') + sectionOf(whole, 'accounts');
    expect(page).not.toMatch(/<script|<img|<svg\/|\sstyle=|[\p{Cf}]/u);
  });
});
