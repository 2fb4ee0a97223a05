import type { JsonElement, ReadPlan } from '../json/reader.ts';
import {
  CONFIG_ITEM_FIELDS,
  CONFIG_ROLE,
  CONFIG_TRUST_FIELDS,
  doubtOfType,
  readConfigItem,
} from './shared/config-item.ts';
import { configRowKind } from './shared/config-shape.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { RoleTable } from './shared/role-table.ts';

/**
 * Resources that Antiope keeps in S3 (https://github.com/turnerlabs/antiope), one per file: like a configuration item,
 * with the role as IAM returns it inside.
 */
export const antiope: Format = {
  id: 'antiope',
  title: 'Antiope inventory',
  detect: (sketch) => configRowKind(sketch) === 'antiope',
  open: (file) => new AntiopeSession(file),
};

class AntiopeSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: RoleTable;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new RoleTable(file, 'partial-inventory');
    const source = { at: [], shape: 'list', fields: CONFIG_ITEM_FIELDS } as const;
    this.plan = { sources: [source], facts: [], framing: file.sketch.lines ? 'lines' : 'stream' };
  }

  element(source: JsonElement): void {
    const item = readConfigItem(source);
    const { element, type } = item;
    if (type === null && element.type === 'object') {
      const message =
        'the record is in another format than the rest of the file; split the file so that each file holds one format';
      this.rows.reject(element, 'mixed-formats', message);
      this.file.sink.problem('mixed-formats', message);
      return;
    }
    if (type !== CONFIG_ROLE && element.type === 'object' && !element.repeated.includes('resourceType')) {
      const doubt = doubtOfType(type, item.arn);
      if (doubt !== null) this.rows.reject(element, doubt.code, doubt.message);
      return;
    }
    this.rows.add(element, CONFIG_TRUST_FIELDS, {
      ...item,
      status: item.status ?? 'live',
      time: this.file.captureTime(item.captured),
    });
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}
