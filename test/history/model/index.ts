/**
 * What stands and what is told over time, worked out the slow and obvious way from all that files say: whatever is
 * asked of it, the model goes through all evidence from the start. It shares no code with the program.
 *
 * Left out: several rules and changes of their text, ledgers of other entities, exceptions, runs, the gate, ages,
 * member lists, and the places of evidence. AWS Config is taken to tell one consistent story (its newest state of a
 * role is never an older one than what it told before), so that no state of an item overrules another.
 */

export { type Difference, diffOf } from './differences.ts';
export { reportAt, trendOf } from './reports.ts';
export { standingAt } from './standing.ts';
