import type { RoleColumns, RowGroup, RowRun } from '../../json/reader.ts';

/** Policies that are numbered, and the characters of what is kept of them, before numbers begin anew. */
const MAX_POLICIES = 8192;
const MAX_CHARACTERS = 4_000_000;

/** Roles in columns, row by row. */
export class RoleColumnsBuilder {
  private runs: { group: RowGroup; count: number }[] = [];
  private texts: string[] = [];
  private lengths: number[] = [];
  private policies: number[] = [];
  private offsets: number[] = [];
  private places: number[] | null = null;

  get length(): number {
    return this.offsets.length;
  }

  /**
   * @param policy as NumberedPolicies numbers it
   * @param place as `RoleColumns.places` has it; null where offsets do
   */
  add(
    group: RowGroup,
    arn: string,
    roleId: string,
    policy: number,
    offset: number,
    place: number | null,
  ): void {
    const run = this.runs.at(-1);
    if (run?.group === group) run.count++;
    else this.runs.push({ group, count: 1 });
    this.texts.push(arn, roleId);
    this.lengths.push(arn.length, roleId.length);
    this.policies.push(policy);
    this.offsets.push(offset);
    if (place === null) return;
    this.places ??= [];
    this.places.push(place);
  }

  /** Those since the last call. */
  take(numbered: NumberedPolicies): { readonly runs: readonly RowRun[]; readonly roles: RoleColumns } {
    const roles: RoleColumns = {
      texts: this.texts.join(''),
      lengths: new Uint32Array(this.lengths),
      policies: new Uint32Array(this.policies),
      offsets: new Float64Array(this.offsets),
      ...(this.places !== null && { places: new Float64Array(this.places) }),
      policyTexts: numbered.texts,
    };
    const taken = { runs: this.runs, roles };
    this.runs = [];
    this.texts = [];
    this.lengths = [];
    this.policies = [];
    this.offsets = [];
    this.places = null;
    numbered.taken();
    return taken;
  }
}

/** Numbers policies by what an export writes of them, so that each is taken out of its wrapping once. */
export class NumberedPolicies {
  /** By number, as compact JSON. */
  texts: string[] = [];
  private readonly textOf: (written: string) => string | null;
  private readonly numbers = new Map<string, number>();
  private characters = 0;

  /** @param textOf the policy as compact JSON; null for what is none */
  constructor(textOf: NumberedPolicies['textOf']) {
    this.textOf = textOf;
  }

  /** Null for what is no policy. */
  numberOf(written: string): number | null {
    const known = this.numbers.get(written);
    if (known !== undefined) return known;
    const text = this.textOf(written);
    if (text === null) return null;
    const number = this.texts.length;
    this.texts.push(text);
    this.numbers.set(written, number);
    this.characters += written.length + text.length;
    return number;
  }

  /** Rows with these numbers were handed on: from here on numbers may begin anew. */
  taken(): void {
    if (this.texts.length < MAX_POLICIES && this.characters < MAX_CHARACTERS) return;
    this.texts = [];
    this.numbers.clear();
    this.characters = 0;
  }
}
