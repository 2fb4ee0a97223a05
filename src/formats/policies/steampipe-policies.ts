import type { JsonElement, ReadPlan } from '../../json/reader.ts';
import type { PrefixSketch, Sketch } from '../../json/sketch.ts';
import { inSmallLetters, spelledAsIn } from '../shared/any-case.ts';
import type { CaptureTime } from '../shared/capture-time.ts';
import type { FileContext, Format, FormatSession } from '../shared/format.ts';
import { stringField } from '../shared/role.ts';
import { permissionsPolicy } from '../shared/role-detail.ts';
import { sketchedRows } from '../shared/role-keys.ts';
import { cellValue, PolicyRows } from './rows.ts';

/** Best first: the second one is rewritten in a canonical form. */
const TEXTS = ['policy', 'policy_std'] as const;
/** Columns that no other table with policies has. */
const OWN = ['is_attachable', 'is_aws_managed', 'default_version_id', 'permissions_boundary_usage_count'];

/**
 * Steampipe's table `aws_iam_policy` (https://hub.steampipe.io/plugins/turbot/aws/tables/aws_iam_policy), in the same forms
 * as its table of roles. It holds the default version of each managed policy.
 */
export const steampipePolicies: Format = {
  id: 'steampipe-policies',
  title: 'Steampipe table aws_iam_policy',
  detect: (sketch) => {
    const small = inSmallLetters(sketch);
    return wrappedRows(small).some(isPolicy) || sketchedRows(small).some(isPolicy);
  },
  open: (file) => new SteampipePoliciesSession(file),
};

function wrappedRows({ documents }: PrefixSketch): readonly ReadonlyMap<string, Sketch>[] {
  return documents.flatMap((document) => {
    const rows = document.kind === 'object' ? document.members.get('rows') : undefined;
    return rows?.kind === 'array' ? sketchedRows({ documents: [rows], lines: false }) : [];
  });
}

function isPolicy(row: ReadonlyMap<string, Sketch>): boolean {
  if (row.has('_cq_id') || row.has('_cq_sync_time') || !TEXTS.some((name) => row.has(name))) return false;
  const arn = row.get('arn');
  if (arn?.kind === 'string') return /^arn:[a-z0-9-]+:iam::[^:]*:policy\//.test(arn.text);
  return arn !== undefined && OWN.some((name) => row.has(name));
}

class SteampipePoliciesSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: PolicyRows;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new PolicyRows(file, (element, time) => this.row(element, time));
    const wrapped = wrappedRows(inSmallLetters(file.sketch)).length > 0;
    this.plan = spelledAsIn(file.sketch, {
      sources: [
        { at: wrapped ? ['rows'] : [], shape: 'list', fields: ['arn', ...TEXTS].map((name) => [name]) },
      ],
      facts: [],
      framing: file.sketch.lines && !wrapped ? 'lines' : 'stream',
    });
  }

  element(element: JsonElement): void {
    this.rows.element(element, undefined);
  }

  private row(element: JsonElement, time: CaptureTime): boolean {
    const [first = null, second = null] = TEXTS.map((name) => permissionsPolicy(cellValue(element, name)));
    return this.file.sink.policyRecord({
      arn: stringField(element, 'arn') ?? '',
      capturedAt: time.at,
      version: '',
      offset: element.offset,
      document: first ?? second,
    });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}
