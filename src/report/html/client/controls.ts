import {
  OUTCOME_LABEL,
  OUTCOMES,
  RELATION_LABEL,
  SEVERITIES,
  SEVERITY_LABEL,
  STATE_LABEL,
  STATES,
} from '../../shared/labels.ts';
import { RELATIONS } from '../../shared/paths.ts';
import { el } from './dom.ts';
import { type Filter, NO_FILTER } from './filter.ts';
import type { Store } from './store.ts';

type Choices = readonly (readonly [value: string, label: string])[];

export interface Controls {
  readonly element: HTMLElement;
  read(): Filter;
  show(filter: Filter): void;
}

/** Accounts offered while typing; all of them can be typed. */
const SUGGESTED_ACCOUNTS = 1000;

/** The filter bar; `onChange` is called whenever a person changes anything in it. */
export function filterControls(store: Store, onChange: () => void): Controls {
  const fields: Record<keyof Filter, HTMLInputElement | HTMLSelectElement> = {
    q: el('input', { type: 'search', placeholder: 'role, ARN, account, principal, reason' }),
    outcome: select([
      ['findings', 'Fail and error'],
      ...OUTCOMES.map((outcome) => [outcome, OUTCOME_LABEL[outcome]] as const),
      ['all', 'All'],
    ]),
    severity: select([['', 'Any'], ...SEVERITIES.map((name) => [name, SEVERITY_LABEL[name]] as const)]),
    relation: select([['', 'Any'], ...RELATIONS.map((name) => [name, RELATION_LABEL[name]] as const)]),
    account: el('input', { type: 'search', placeholder: 'id or name', list: 'account-suggestions' }),
    state: select([
      ['', 'Any'],
      ...STATES.map((name) => [name, STATE_LABEL[name]] as const),
      ['open', 'Not accepted'],
      ['accepted', 'Accepted by exception'],
    ]),
    rule: select([['', 'Any'], ...store.meta.rules.map((rule) => [rule.id, rule.id] as const)]),
    differ: el('input', { type: 'checkbox' }),
  };
  const reset = el('button', { type: 'button', class: 'quiet' }, 'Reset');
  const element = el(
    'div',
    { class: 'controls', role: 'search', 'aria-label': 'Filter the findings' },
    labelled('Search', fields.q, 'grow'),
    labelled('Verdict', fields.outcome),
    labelled('Severity', fields.severity),
    labelled('Relation', fields.relation),
    labelled('Account', fields.account),
    labelled('State', fields.state),
    store.meta.rules.length > 1 ? labelled('Rule', fields.rule) : null,
    el('label', { class: 'check' }, fields.differ, ' The two readings differ'),
    reset,
    el('datalist', { id: 'account-suggestions' }, ...suggestions(store)),
  );
  const show = (filter: Filter): void => {
    for (const name of Object.keys(fields) as (keyof Filter)[]) {
      const field = fields[name];
      if (field instanceof HTMLInputElement && field.type === 'checkbox')
        field.checked = filter[name] === '1';
      else field.value = filter[name];
    }
  };
  const read = (): Filter => ({
    q: fields.q.value,
    outcome: fields.outcome.value,
    severity: fields.severity.value,
    relation: fields.relation.value,
    account: fields.account.value,
    state: fields.state.value,
    rule: fields.rule.value,
    differ: fields.differ instanceof HTMLInputElement && fields.differ.checked ? '1' : '',
  });
  show(NO_FILTER);
  element.addEventListener('input', onChange);
  reset.addEventListener('click', () => {
    show(NO_FILTER);
    onChange();
  });
  return { element, read, show };
}

function select(choices: Choices): HTMLSelectElement {
  return el('select', {}, ...choices.map(([value, label]) => el('option', { value }, label)));
}

function labelled(label: string, field: HTMLElement, extra = ''): HTMLElement {
  return el('label', { class: `field ${extra}` }, el('span', {}, label), field);
}

function suggestions(store: Store): readonly HTMLElement[] {
  return store.accounts
    .slice(0, SUGGESTED_ACCOUNTS)
    .map((row) => el('option', { value: row.account }, row.name ?? ''));
}
