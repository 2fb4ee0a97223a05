import type { FixOptions } from '../../../api/policy.ts';
import { byId } from '../../../report/html/client/dom.ts';
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

export interface Form {
  read(): Entry;
}

/** Wires the fields; `onChange` is called whenever a person, an example or a file changes what they hold. */
export function openForm(given: Given, onChange: () => void): Form {
  const policy = byId('policy', HTMLTextAreaElement);
  const account = byId('account', HTMLInputElement);
  const role = byId('role', HTMLInputElement);
  const guard = byId('guard', HTMLSelectElement);
  const externalId = byId('external-id', HTMLInputElement);
  const example = byId('example', HTMLSelectElement);
  const file = byId('file', HTMLInputElement);
  let unreadable = '';

  const take = (text: string): void => {
    unreadable = '';
    policy.value = text;
    onChange();
  };
  const takeFile = async (chosen: File): Promise<void> => {
    try {
      if (chosen.size > 4 * MAX_TEXT) throw new Error('it is longer than any trust policy');
      take(await chosen.text());
    } catch (error) {
      policy.value = '';
      unreadable = `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
      onChange();
    }
  };

  for (const { title } of EXAMPLES) example.append(new Option(title));
  policy.value = given.policy ?? '';
  account.value = given.account ?? '';
  role.value = given.arn ?? '';
  for (const field of [policy, account, role, guard, externalId]) {
    field.addEventListener('input', () => {
      if (field === policy) unreadable = '';
      onChange();
    });
  }
  example.addEventListener('change', () => {
    const chosen = EXAMPLES[example.selectedIndex - 1];
    if (chosen === undefined) return;
    if (account.value.trim() === '') account.value = EXAMPLE_ACCOUNT;
    take(chosen.text);
  });
  byId('clear', HTMLButtonElement).addEventListener('click', () => {
    example.selectedIndex = 0;
    file.value = '';
    take('');
    policy.focus();
  });
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? [];
    if (chosen !== undefined) void takeFile(chosen);
  });
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    const [dropped] = event.dataTransfer?.files ?? [];
    if (dropped === undefined) return;
    event.preventDefault();
    void takeFile(dropped);
  });

  const waiting = (hint: string, wrong = false): Entry => ({ kind: 'waiting', hint, wrong });
  return {
    read() {
      const text = policy.value;
      const named = role.value.trim();
      const arn = named.startsWith('arn:') ? named : null;
      const ofArn = arn?.split(':')[4] ?? '';
      const owner =
        account.value.trim() === '' && arn !== null ? ofArn : account.value.replaceAll(/[\s-]/g, '');
      if (unreadable !== '') return waiting(unreadable, true);
      if (text.trim() === '') return waiting('Paste a trust policy, or choose an example.');
      if (text.length > MAX_TEXT)
        return waiting(
          'The text is longer than any trust policy, and is not judged; use `trustsieve scan` for exports.',
          true,
        );
      if (!/^\d{12}$/.test(owner))
        return waiting('Give the 12 digits of the account that owns the role.', account.value.trim() !== '');
      const chosen = guard.value;
      return {
        kind: 'ready',
        text,
        options: {
          account: owner,
          arn,
          partition: arn === null && text === given.policy ? given.partition : null,
          roleName: arn === null && named !== '' ? named : null,
          accounts: given.accounts,
          knownAccounts: given.knownAccounts,
          asOf: given.asOf ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
          guard: chosen === 'mfa' || chosen === 'external-id' ? chosen : null,
          externalId: externalId.value === '' ? null : externalId.value,
        },
      };
    },
  };
}
