import { createHash } from 'node:crypto';

/** What stands on paper already, so that hundreds of roles with one policy do not print it hundreds of times. */
export class PrintedOnce {
  private readonly first = new Map<string, string>();

  /** The ARN of the role under which the same text was printed; null: it is printed now, under this one. */
  under(text: string, arn: string): string | null {
    const key = createHash('sha256').update(text).digest('base64');
    const before = this.first.get(key);
    if (before !== undefined) return before;
    this.first.set(key, arn);
    return null;
  }
}
