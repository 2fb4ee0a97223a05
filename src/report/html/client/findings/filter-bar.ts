import { OUTCOMES } from '../../../../model/verdict.ts';
import {
  OUTCOME_LABEL,
  RELATION_LABEL,
  SEVERITIES,
  SEVERITY_LABEL,
  STATE_LABEL,
  STATE_MEANING,
  STATES,
} from '../../../shared/labels.ts';
import { RELATIONS } from '../../../shared/paths.ts';
import { type FilterKey, tokenValue, withToken } from '../../shared/query.ts';
import type { PageData } from '../data/page-data.ts';
import { code, el } from '../widgets/dom.ts';
import { FIRST_QUERY } from './address.ts';

export interface FilterBar {
  readonly element: HTMLElement;
  /** The query as it stands in the box. */
  read(): string;
  show(query: string): void;
}

interface FilterActions {
  readonly onChange: () => void;
  readonly onDown: () => void;
}

/**
 * The filter bar. The box holds the whole filter as text; the lists beside it write into the box and follow it.
 * `onChange` is called whenever a person changes anything, `onDown` when one leaves the box for the rows.
 */
export function filterBar(data: PageData, { onChange, onDown }: FilterActions): FilterBar {
  const box = el('input', {
    type: 'search',
    id: 'filter-box',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: 'words, or verdict:fail acct:1111 relation:third-party',
    'aria-describedby': 'filter-doubts',
  });
  const facets = facetsOf(data);
  const reset = el('button', { type: 'button', class: 'quiet' }, 'Reset');
  const element = el(
    'div',
    { class: 'controls', role: 'search', 'aria-label': 'Filter the findings' },
    el('div', { class: 'filter-row' }, labelled('Filter', box, 'grow'), reset),
    el('div', { class: 'filter-row' }, ...facets.map(({ label, field }) => labelled(label, field))),
    help(),
  );
  const follow = (): void => {
    for (const { key, field } of facets) showValue(field, tokenValue(box.value, key));
  };
  const show = (query: string): void => {
    box.value = query;
    follow();
  };
  box.addEventListener('input', () => {
    follow();
    onChange();
  });
  for (const { key, field } of facets) {
    field.addEventListener('input', () => {
      show(withToken(box.value, key, field.value));
      onChange();
    });
  }
  const asAtFirst = (): void => {
    show(FIRST_QUERY);
    onChange();
  };
  reset.addEventListener('click', asAtFirst);
  box.addEventListener('keydown', (event) => {
    if (event.isComposing || (event.key !== 'Escape' && event.key !== 'ArrowDown')) return;
    // Of itself the browser would empty the box, and that is another filter than the first.
    event.preventDefault();
    if (event.key === 'Escape') asAtFirst();
    else onDown();
  });
  show(FIRST_QUERY);
  return { element, read: () => box.value.trim(), show };
}

interface Facet {
  readonly key: FilterKey;
  readonly label: string;
  readonly field: HTMLSelectElement;
}

function facetsOf(data: PageData): readonly Facet[] {
  const facet = (
    key: FilterKey,
    label: string,
    choices: readonly (readonly [value: string, label: string, tip?: string])[],
  ): Facet => ({
    key,
    label,
    field: el('select', {}, ...choices.map(([value, text, title]) => el('option', { value, title }, text))),
  });
  const rules = data.meta.rules.map(({ id }) => [id.toLowerCase(), id] as const);
  return [
    facet('verdict', 'Verdict', [
      ['fail,error', 'Fail and error'],
      ...OUTCOMES.map((outcome) => [outcome, OUTCOME_LABEL[outcome]] as const),
      ['', 'All'],
    ]),
    facet('severity', 'Severity', [
      ['', 'Any'],
      ...SEVERITIES.map((name) => [name, SEVERITY_LABEL[name]] as const),
    ]),
    facet('relation', 'Relation', [
      ['', 'Any'],
      ...RELATIONS.map((name) => [name, RELATION_LABEL[name]] as const),
    ]),
    facet('state', 'State', [
      ['', 'Any'],
      ...STATES.map((name) => [name, STATE_LABEL[name], STATE_MEANING[name]] as const),
    ]),
    facet('accepted', 'Exception', [
      ['', 'Any'],
      ['no', 'Not accepted'],
      ['yes', 'Accepted'],
    ]),
    facet('differs', 'Readings', [
      ['', 'Any'],
      ['yes', 'Differ'],
      ['no', 'Agree'],
    ]),
    ...(rules.length > 1 ? [facet('rule', 'Rule', [['', 'Any'], ...rules])] : []),
  ];
}

/** What the box says and the list does not offer stands in the list as “as written”. */
function showValue(field: HTMLSelectElement, value: string | null): void {
  const offered = [...field.options].some((option) => option.value === value);
  field.querySelector('[data-written]')?.remove();
  if (value !== null && offered) field.value = value;
  else {
    field.append(el('option', { value: value ?? 'as-written', 'data-written': true }, 'as written'));
    field.selectedIndex = field.options.length - 1;
  }
}

const EXAMPLES: readonly (readonly [example: string, meaning: string])[] = [
  ['verdict:fail,error', 'one of the verdicts; in the same way literal, severity, relation, state, guard'],
  ['acct:1111', 'own accounts whose id begins so, or whose name holds it'],
  ['from:wrenfield', 'outside accounts that get in, by id or name; from:anyone is a wildcard'],
  ['differs:yes', 'the two readings disagree; accepted:yes is what an exception accepts'],
  ['role:deploy', 'part of the role name; in the same way rule, file, exception'],
  ['note:literal', 'notes that begin so; in the same way reason'],
  ['"two words" arn:aws', 'text found anywhere in role, ARN, accounts, principals, message'],
  ['!state:unchanged', 'an exclamation mark turns any of them round'],
  ...STATES.map((state) => [`state:${state}`, STATE_MEANING[state]] as const),
];

function help(): HTMLElement {
  return el(
    'details',
    { class: 'filter-help' },
    el('summary', {}, 'How to filter'),
    el(
      'dl',
      {},
      ...EXAMPLES.map(([example, meaning]) =>
        el('div', {}, el('dt', {}, code(example)), el('dd', {}, meaning)),
      ),
    ),
  );
}

function labelled(label: string, field: HTMLElement, extra = ''): HTMLElement {
  return el('label', { class: `field ${extra}` }, el('span', {}, label), field);
}
