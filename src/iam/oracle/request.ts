/** What somebody asks of AWS, told in full. */
export interface ConcreteRequest {
  /** The caller: a user's ARN, or the ARN of a role session (`arn:P:sts::A:assumed-role/NAME/SESSION`). */
  readonly principalArn: string;
  readonly principalAccount: string;
  readonly actions: readonly string[];
  /** Condition keys in any case; a key left out is absent. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** The context of a request, its keys in small letters. */
export type Context = ReadonlyMap<string, string | readonly string[]>;
