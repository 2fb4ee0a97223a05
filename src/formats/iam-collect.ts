import type { JsonElement, ReadPlan } from '../json/reader.ts';
import { checkAccount } from './shared/accounts.ts';
import type { CaptureTime } from './shared/capture-time.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { readObject } from './shared/nested.ts';
import { addRole, trustField } from './shared/role.ts';

const PLAN: ReadPlan = {
  sources: [{ at: [], shape: 'list', fields: [], whole: true }],
  facts: [],
  framing: 'stream',
};
const FOLDER = /(?:^|\/)(?:(aws[a-z-]*)\/)?accounts\/(\d{12})\/iam\/role\/([^/]+)\/trust-policy\.json$/;

/**
 * The trust policies in a folder of iam-collect (https://github.com/cloud-copilot/iam-collect):
 * `aws/<partition>/accounts/<account>/iam/role/<role>/trust-policy.json`, or its end from the partition or the accounts
 * on. The policy names no role: the ARN stands in `metadata.json` beside it. Where there is none, or an archive has it
 * behind the policy, it is put together from the folder's name, which has small letters only.
 */
export const iamCollect: Format = {
  id: 'iam-collect',
  title: 'iam-collect trust policy',
  companion: 'metadata.json',
  detect: ({ documents }, path) =>
    FOLDER.test(path) &&
    documents.length === 1 &&
    documents.every((document) => document.kind === 'object' && document.members.has('Statement')),
  open: (file) => new IamCollectSession(file),
};

class IamCollectSession implements FormatSession {
  readonly plan = PLAN;
  private readonly file: FileContext;
  private readonly time: CaptureTime;

  constructor(file: FileContext) {
    this.file = file;
    this.time = file.captureTime(null);
  }

  element(element: JsonElement): void {
    const { sink, path, companion } = this.file;
    const [, partition = '', account = '', folder = ''] = FOLDER.exec(path) ?? [];
    const metadata = companion === null ? null : readObject(companion, [['arn'], ['id']]);
    let arn = textOf(metadata?.fields.get('arn'));
    if (arn === null && account !== '' && partition !== '') {
      arn = `arn:${partition}:iam::${account}:role/${decode(folder)}`;
      const message = 'there is no `metadata.json` beside the policy: the role has the name of its folder';
      sink.problem('name-from-path', message);
    }
    const result = addRole(sink, element, [''], {
      arn,
      roleId: textOf(metadata?.fields.get('id')),
      trust: trustField(element, ''),
      status: 'live',
      time: this.time,
      version: '',
    });
    if (result.account === null) return;
    checkAccount(sink, element, account === '' ? null : account, result.account);
    sink.captures.add(result.account, this.time, 'partial-inventory');
  }

  scopeEnd(): void {}

  end(): void {}
}

function textOf(json: string | undefined): string | null {
  return json?.startsWith('"') === true ? (JSON.parse(json) as string) : null;
}

function decode(folder: string): string {
  try {
    return decodeURIComponent(folder);
  } catch {
    return folder;
  }
}
