import type { Checkout } from './checkout.ts';
import type { Platform } from './platforms.ts';
import { SUMS, SUMS_SIGNATURE } from './sums.ts';

/** What INSTALL.txt speaks of. */
export interface InstallFacts {
  readonly platform: Platform;
  readonly checkout: Checkout;
  /** The kit's folder. */
  readonly folder: string;
  /** The archive's file name. */
  readonly archive: string;
  readonly hasManPage: boolean;
  readonly shells: readonly string[];
}

/** The commands by which a system unpacks and checks. */
interface Commands {
  readonly needs: string;
  readonly hash: (file: string) => string;
  readonly unpack: (file: string) => string;
  readonly sums: readonly string[];
  readonly sumsSay: string;
  readonly start: string;
  readonly path: (folder: string) => readonly string[];
}

const UNLISTED = `find . -type f ! -name '${SUMS}*' | wc -l; wc -l < ${SUMS}`;

const COMMANDS: Readonly<Record<Platform['system'], Commands>> = {
  linux: {
    needs:
      'It needs Linux with glibc 2.34 or newer: RHEL 9, Debian 12, Ubuntu 22.04, Amazon Linux 2023 or later, so\nnot RHEL 8, Amazon Linux 2 or Alpine Linux.',
    hash: (file) => `sha256sum ${file}`,
    unpack: (file) => `tar -xzf ${file}`,
    sums: [`sha256sum --check --quiet ${SUMS}`, UNLISTED],
    sumsSay:
      'The first line prints nothing when every file is as it was packed. The second prints one number twice when no\nfile was added.',
    start: './trustsieve',
    path: (folder) => [`ln -s "$PWD/trustsieve" /usr/local/bin/     # or: PATH=$PATH:/opt/${folder}`],
  },
  darwin: {
    needs:
      'It needs no other software. An archive that came through a browser is held back until you say\n`xattr -dr com.apple.quarantine` and the folder.',
    hash: (file) => `shasum -a 256 ${file}`,
    unpack: (file) => `tar -xzf ${file}`,
    sums: [`shasum -a 256 -c ${SUMS} | grep -v ': OK$'`, UNLISTED],
    sumsSay:
      'The first line prints nothing when every file is as it was packed. The second prints one number twice when no\nfile was added.',
    start: './trustsieve',
    path: (folder) => [`ln -s "$PWD/trustsieve" /usr/local/bin/     # or: PATH=$PATH:/opt/${folder}`],
  },
  windows: {
    needs: 'It needs no other software. The commands below are for PowerShell.',
    hash: (file) => `Get-FileHash -Algorithm SHA256 ${file}     # or: certutil -hashfile ${file} SHA256`,
    unpack: (file) => `Expand-Archive ${file} -DestinationPath .`,
    sums: [
      `Get-Content ${SUMS} | ForEach-Object { $sum, $name = $_ -split '  ', 2; if ((Get-FileHash -Algorithm SHA256 -LiteralPath $name).Hash -ne $sum) { "DIFFERS $name" } }`,
      `(Get-ChildItem -Recurse -File -Exclude ${SUMS}*).Count; (Get-Content ${SUMS}).Count`,
    ],
    sumsSay:
      'The first line prints nothing when every file is as it was packed. The second prints one number twice when no\nfile was added.',
    start: '.\\trustsieve.cmd',
    path: () => ['$env:Path += ";$PWD"'],
  },
};

/** The text of INSTALL.txt: how a kit is carried over, checked and run. */
export function installText({
  platform,
  checkout,
  folder,
  archive,
  hasManPage,
  shells,
}: InstallFacts): string {
  const { needs, hash, unpack, sums, sumsSay, start, path } = COMMANDS[platform.system];
  const { version, commit, seconds, isChanged } = checkout;
  const title = `trustsieve ${version} for ${platform.shown}`;
  const day = new Date(seconds * 1000).toISOString().slice(0, 10);
  const origin = isChanged
    ? `Made of a checkout with CHANGES on top of commit ${commit}: what is in it, no commit says.`
    : `Made of commit ${commit}, ${day}.`;
  const slash = platform.system === 'windows' ? '\\' : '/';
  const sample = (name: string) => ['app', 'samples', name].join(slash);
  return `${title}
${'='.repeat(title.length)}

${origin}
It carries Node.js ${platform.node.version}: nothing has to be installed, no rights are needed, nothing is fetched.
${needs}

1. Carry

Bring ${archive} over. Bring its SHA-256, which \`npm run kit\` printed, by another way, and compare:

  ${hash(archive)}
  ${unpack(archive)}

2. Check

  cd ${folder}
${sums.map((line) => `  ${line}\n`).join('')}
${sumsSay}

A signed kit holds ${SUMS_SIGNATURE}, an Ed25519 signature. With the public key of those who made the kit, which must
have come by another way, OpenSSL 3 says whether it is theirs, here or on any other machine:

  openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in ${SUMS} -sigfile ${SUMS_SIGNATURE}

3. Run

  ${start} scan ${sample('evidence')} --accounts ${sample('accounts.json')} --known-accounts ${sample('vendors.yaml')} --html report.html

It ends with exit code 3, for some of the samples are broken on purpose. Then scan your own evidence; README.md and the
folder docs below app${slash} tell the rest. To start it from anywhere:

${path(folder)
  .map((line) => `  ${line}\n`)
  .join('')}
${shells.length === 0 ? '' : `The folder completions holds what completes commands in ${shells.join(', ')}.\n`}${
  hasManPage ? 'man/man1/trustsieve.1 is its man page: man -l man/man1/trustsieve.1\n' : ''
}
4. Update, remove

A newer kit is a folder of its own, and reads the stores (*.db) of an older one. Delete the folder to remove it; it
leaves nothing elsewhere.

What is in it

  trustsieve${platform.system === 'windows' ? '.cmd' : '    '}           starts it
  app/                     the program, its documentation, samples, the packages it needs
  node/                    Node.js and its licence
  sbom.cdx.json            all parts with version, licence and hash (CycloneDX)
  THIRD-PARTY-NOTICES.txt  licences of all parts
  ${SUMS}               SHA-256 of every file but this and its signature
`;
}
