import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TrustsieveError } from '../../errors.ts';
import { terraformResource, updateCommand } from '../../fix/commands.ts';
import { EXTERNAL_ID_PLACEHOLDER, type Proposal } from '../../fix/remediation.ts';
import { isAccountId, splitArn } from '../../model/arn.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { visible } from '../../text/hidden-characters.ts';
import { shellWord } from '../../text/shell-word.ts';
import { TOOL_VERSION } from '../version.ts';
import type { RoleFix } from './fix-role.ts';

/** The files of `--out`: a policy for each role, a script, a Terraform configuration, and what was refused. */
export class FixFolder {
  private readonly folder: string;
  private readonly script: FileHandle;
  private readonly terraform: FileHandle;
  private readonly refused: FileHandle;
  /** That of the role before. */
  private account = '';
  private refusals = 0;

  private constructor(folder: string, script: FileHandle, terraform: FileHandle, refused: FileHandle) {
    this.folder = folder;
    this.script = script;
    this.terraform = terraform;
    this.refused = refused;
  }

  /**
   * Opens a new or empty folder: what is already there is never mixed with proposals or written over.
   *
   * @param standing what the evidence lacks, for the heads of script and configuration; null: nothing
   * @throws TrustsieveError `output-unwritable`
   */
  static async open(folder: string, standing: string | null): Promise<FixFolder> {
    const existing = await writing(folder, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return readdir(folder);
    });
    if (existing.length > 0) {
      throw new TrustsieveError(
        'output-unwritable',
        `\`${folder}\` is not empty: name a new folder for the proposals`,
      );
    }
    return writing(folder, async () => {
      const create = (name: string): Promise<FileHandle> => open(join(folder, name), 'wx', 0o600);
      const script = await create('apply.sh');
      const terraform = await create('main.tf');
      const refused = await create('refused.json');
      await script.appendFile(scriptHead(standing));
      await terraform.appendFile(TERRAFORM_HEAD + comment(standing));
      await refused.appendFile('[');
      return new FixFolder(folder, script, terraform, refused);
    });
  }

  /** Returns the file the proposal went to, below the folder; null when there is no proposal. */
  add({ object, remediation }: RoleFix): Promise<string | null> {
    return writing(this.folder, async () => {
      if (remediation === null) return null;
      if (remediation.refused === null) return this.propose(object, remediation);
      const { account, arn, roleName } = object;
      const { refused: reason, advice } = remediation;
      const entry = JSON.stringify({ account, arn, roleName, reason, advice });
      await this.refused.appendFile(`${this.refusals++ === 0 ? '\n' : ',\n'}  ${entry}`);
      return null;
    });
  }

  /** The resource control policy of an organisation; returns its file, below the folder. The script does not apply it. */
  addGuardrail(organization: string, policy: string): Promise<string> {
    return writing(this.folder, async () => {
      const own = safeName(organization);
      const file = `${own}/resource-control-policy.json`;
      await mkdir(join(this.folder, own), { recursive: true, mode: 0o700 });
      const handle = await open(join(this.folder, file), 'wx', 0o600);
      await handle.appendFile(`${policy}\n`);
      await handle.close();
      return file;
    });
  }

  close(): Promise<void> {
    const { script, terraform, refused } = this;
    return writing(this.folder, async () => {
      await script.appendFile("\necho 'all trust policies are in place'\n");
      await refused.appendFile(this.refusals === 0 ? ']\n' : '\n]\n');
      for (const handle of [script, terraform, refused]) await handle.close();
    });
  }

  private async propose(object: VerdictObject, proposal: Proposal): Promise<string> {
    const { folder, script, terraform } = this;
    const ownFolder = isAccountId(object.account) ? object.account : 'unknown-account';
    if (object.account !== this.account) {
      this.account = object.account;
      await mkdir(join(folder, ownFolder), { recursive: true, mode: 0o700 });
      await script.appendFile(accountHead(ownFolder));
      await terraform.appendFile(`\n# Account ${ownFolder}\n`);
    }
    const { name, handle } = await openNew(join(folder, ownFolder), safeName(object.roleName));
    await handle.appendFile(`${proposal.pretty}\n`);
    await handle.close();
    const file = `${ownFolder}/${name}.json`;
    const about = visible(`# ${object.arn}, captured ${object.evidence.capturedAt}`);
    const command = updateCommand(object.roleName, `file://${file}`, 'aws ${profile:+--profile "$profile"}');
    await script.appendFile(`\n${about}\n${command}\n`);
    const resource = terraformResource({
      label: `role_${ownFolder}_${labelOf(name)}`,
      roleName: object.roleName,
      path: pathOf(object),
      prettyPolicy: proposal.pretty,
    });
    await terraform.appendFile(`\n${about}\n${resource}\n`);
    return file;
  }
}

const scriptHead = (standing: string | null): string => `#!/usr/bin/env bash
# Trust policies proposed by trustsieve ${TOOL_VERSION}. Nothing has been applied: running this script does.
# Read every policy first, fill in the external IDs, and tell the other parties.
${comment(standing)}set -euo pipefail
cd "$(dirname "$0")"

if grep -rlF --include='*.json' --exclude=refused.json '${EXTERNAL_ID_PLACEHOLDER}' .; then
  echo 'the files above still hold placeholders: put the agreed external IDs in their place' >&2
  exit 1
fi

# Stops unless the credentials are those of the account that the next roles belong to.
in_account() {
  local actual
  actual=$(aws \${profile:+--profile "$profile"} sts get-caller-identity --query Account --output text)
  if [ "$actual" != "$1" ]; then
    echo "the credentials are for account $actual, not $1: name a profile in this script" >&2
    exit 1
  fi
}
`;

function comment(line: string | null): string {
  return line === null ? '' : `# ${visible(line)}\n`;
}

function accountHead(account: string): string {
  return `
# Account ${account}: name the profile to use, as in profile=PROFILE-OF-${account} for --profile PROFILE-OF-${account}
profile=
in_account ${shellWord(account)}
`;
}

const TERRAFORM_HEAD = `# Trust policies proposed by trustsieve ${TOOL_VERSION}. Nothing has been applied.
# The roles exist: take assume_role_policy over into the resources you have, or import each role first.
# The roles of every account need a provider of that account.
`;

/** Names that Windows keeps for devices, whatever follows their first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A file name for a role name that is harmless in every file system, as an argument and in a listing. */
export function safeName(roleName: string): string {
  const plain = roleName.replace(/[^\w+=,.@-]/g, '_').slice(0, 64);
  return plain === '' || /^[.=+@,-]/.test(plain) || DEVICE.test(plain) ? `_${plain}` : plain;
}

/** Opens a file that does not exist yet, with a number behind its name when another role has the name already. */
async function openNew(folder: string, base: string): Promise<{ name: string; handle: FileHandle }> {
  for (let next = 1; ; next++) {
    const name = next === 1 ? base : `${base}~${next}`;
    try {
      return { name, handle: await open(join(folder, `${name}.json`), 'wx', 0o600) };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** Letters, digits and hyphens stay, everything else becomes `_` and its code: unique as the name is. */
function labelOf(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, (char) =>
    char === '_' ? '__' : `_x${char.charCodeAt(0).toString(16)}_`,
  );
}

function pathOf({ arn }: VerdictObject): string {
  const resource = splitArn(arn)?.resource ?? '';
  return resource.slice('role'.length, resource.lastIndexOf('/') + 1) || '/';
}

async function writing<T>(folder: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === null) throw cause;
    throw new TrustsieveError(
      'output-unwritable',
      `cannot write below \`${folder}\`: ${code}; name a new folder in a place that you may write to`,
      { cause },
    );
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    !(error instanceof TrustsieveError)
    ? error.code
    : null;
}
