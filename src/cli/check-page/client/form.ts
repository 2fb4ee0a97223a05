import type { FixOptions } from '../../../api/policy.ts';
import { byId } from '../../../report/html/client/widgets/dom.ts';
import { errorText } from '../../../text/error-text.ts';
import type { Given } from '../given.ts';
import { EXAMPLE_ACCOUNT, EXAMPLES } from './examples.ts';

/** Longest text that is taken in, in characters; IAM's own limit for a document is 131,072. */
const MAX_TEXT = 1024 * 1024;

/** What the fields hold. */
export type Entry =
  | {
      readonly kind: 'ready';
      readonly text: string;
      readonly options: FixOptions & { readonly asOf: string };
    }
  /** Nothing to judge yet; `hint` says what is wanted. `wrong`: what is there cannot be used. */
  | { readonly kind: 'waiting'; readonly hint: string; readonly wrong: boolean };

/** Wires the fields; `onChange` is called whenever a person, an example or a file changes what they hold. */
export function openForm(given: Given, onChange: () => void): Form {
  const form = new Form(given, onChange);
  form.fill();
  form.listen();
  return form;
}

export class Form {
  private readonly policy = byId('policy', HTMLTextAreaElement);
  private readonly account = byId('account', HTMLInputElement);
  private readonly role = byId('role', HTMLInputElement);
  private readonly guard = byId('guard', HTMLSelectElement);
  private readonly externalId = byId('external-id', HTMLInputElement);
  private readonly example = byId('example', HTMLSelectElement);
  private readonly file = byId('file', HTMLInputElement);
  private readonly given: Given;
  private readonly onChange: () => void;
  /** Why the file that was chosen last cannot be read; empty when it can. */
  private unreadable = '';

  constructor(given: Given, onChange: () => void) {
    this.given = given;
    this.onChange = onChange;
  }

  read(): Entry {
    const text = this.policy.value;
    if (this.unreadable !== '') return waiting(this.unreadable, true);
    if (text.trim() === '') return waiting('Paste a trust policy, or choose an example.');
    if (text.length > MAX_TEXT)
      return waiting(
        'The text is longer than any trust policy, and is not judged; use `trustsieve scan` for exports.',
        true,
      );
    const { arn, name, owner } = this.namedRole();
    if (!/^\d{12}$/.test(owner))
      return waiting(
        'Give the 12 digits of the account that owns the role.',
        this.account.value.trim() !== '',
      );
    const { given, externalId } = this;
    return {
      kind: 'ready',
      text,
      options: {
        account: owner,
        arn,
        partition: arn === null && text === given.policy ? given.partition : null,
        roleName: name,
        accounts: given.accounts,
        knownAccounts: given.knownAccounts,
        asOf: given.asOf ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        guard: guardOf(this.guard.value),
        externalId: externalId.value === '' ? null : externalId.value,
      },
    };
  }

  /** The role by its ARN or its name, and the account that owns it: that of the ARN where no other is given. */
  private namedRole(): { readonly arn: string | null; readonly name: string | null; readonly owner: string } {
    const named = this.role.value.trim();
    const written = this.account.value;
    if (!named.startsWith('arn:'))
      return { arn: null, name: named === '' ? null : named, owner: accountDigits(written) };
    const ofArn = named.split(':')[4] ?? '';
    return { arn: named, name: null, owner: written.trim() === '' ? ofArn : accountDigits(written) };
  }

  /** Puts in what the page was made with. */
  fill(): void {
    for (const { title } of EXAMPLES) this.example.append(new Option(title));
    this.policy.value = this.given.policy ?? '';
    this.account.value = this.given.account ?? '';
    this.role.value = this.given.arn ?? '';
  }

  listen(): void {
    const { policy, account, role, guard, externalId, example, file } = this;
    for (const field of [policy, account, role, guard, externalId]) {
      field.addEventListener('input', () => {
        if (field === policy) this.unreadable = '';
        this.onChange();
      });
    }
    example.addEventListener('change', () => this.takeExample());
    byId('clear', HTMLButtonElement).addEventListener('click', () => this.clear());
    file.addEventListener('change', () => {
      const [chosen] = file.files ?? [];
      if (chosen !== undefined) void this.takeFile(chosen);
    });
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      const [dropped] = event.dataTransfer?.files ?? [];
      if (dropped === undefined) return;
      event.preventDefault();
      void this.takeFile(dropped);
    });
  }

  private takeExample(): void {
    const chosen = EXAMPLES[this.example.selectedIndex - 1];
    if (chosen === undefined) return;
    if (this.account.value.trim() === '') this.account.value = EXAMPLE_ACCOUNT;
    this.take(chosen.text);
  }

  private clear(): void {
    this.example.selectedIndex = 0;
    this.file.value = '';
    this.take('');
    this.policy.focus();
  }

  private async takeFile(chosen: File): Promise<void> {
    try {
      if (chosen.size > 4 * MAX_TEXT) throw new Error('it is longer than any trust policy');
      this.take(await chosen.text());
    } catch (error) {
      this.policy.value = '';
      this.unreadable = `The file cannot be read: ${errorText(error)}.`;
      this.onChange();
    }
  }

  private take(text: string): void {
    this.unreadable = '';
    this.policy.value = text;
    this.onChange();
  }
}

function waiting(hint: string, wrong = false): Entry {
  return { kind: 'waiting', hint, wrong };
}

/** As people write it, in groups. */
function accountDigits(written: string): string {
  return written.replaceAll(/[\s-]/g, '');
}

function guardOf(chosen: string): 'mfa' | 'external-id' | null {
  return chosen === 'mfa' || chosen === 'external-id' ? chosen : null;
}
