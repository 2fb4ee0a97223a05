import type { Control, ControlFit, RuleMetadata } from '../../model/rule.ts';

/** How well a control fits the rule, for people. */
export const FIT_MEANING: Readonly<Record<ControlFit, string>> = {
  text: "the control's own text asks for it",
  'same rule': 'another tool maps its own version of the rule to the control',
  near: 'a neighbouring check is mapped to the control, not this one',
};

/** Controls of one framework that come from one source and fit alike. */
export interface ControlGroup extends Omit<Control, 'id'> {
  readonly ids: readonly string[];
}

/** The controls of a rule, the closest fit first. */
export function controlGroups({ controls }: Pick<RuleMetadata, 'controls'>): readonly ControlGroup[] {
  const groups = new Map<string, { group: Omit<Control, 'id'>; ids: string[] }>();
  for (const { id, ...group } of controls) {
    const key = JSON.stringify([group.framework, group.source, group.fit]);
    const found = groups.get(key);
    if (found === undefined) groups.set(key, { group, ids: [id] });
    else found.ids.push(id);
  }
  return [...groups.values()].map(({ group, ids }) => ({ ...group, ids }));
}

/** One text for each group, such as `SOC 2: CC6.3, CC6.6 (same rule)`: without its fit a control would claim too much. */
export function controlLabels(rule: Pick<RuleMetadata, 'controls'>): readonly string[] {
  return controlGroups(rule).map(({ framework, ids, fit }) => `${framework}: ${ids.join(', ')} (${fit})`);
}

/** A level is one thing and a severity another, and both are words such as high. */
export const RISK_LEVEL_MEANING =
  "The risk level is the catalogue's, given once for the rule. The severity of a finding grades how exposed the role was found to be, so a rule of risk level Low has findings of severity critical.";
