import type { Store } from '../../store/index.ts';
import { jsonText } from '../../text/json-text.ts';
import { type Screen, type ScreenLine, sectionsText } from '../output/screen.ts';
import { unlessUnread } from '../output/standard-output.ts';
import type { FixFolder } from './fix-folder.ts';
import {
  guardrailHead,
  guardrailObject,
  guardrailText,
  type TrialCounts,
  triedLine,
  triedObject,
} from './guardrail-text.ts';
import { type GuardrailProposal, guardrailProposals, type TriedRole } from './guardrail-trial.ts';

/** How proposals are shown. */
export interface GuardrailOutput {
  readonly json: boolean;
  readonly folder: FixFolder | null;
  readonly screen: Screen;
  /** Writes to standard output. */
  readonly print: (text: string) => Promise<void>;
  /** Objects of the JSON list before; for its commas. */
  readonly written: number;
}

/**
 * Writes one resource control policy for each organisation of which the store has evidence, and what it would make of every
 * role; nothing for an organisation that unguarded outsiders get into nowhere. Returns how many were written.
 */
export async function writeGuardrails(store: Store, output: GuardrailOutput): Promise<number> {
  let count = 0;
  for (const proposal of guardrailProposals(store)) {
    if (!isNeeded(proposal)) continue;
    const written = output.written + count++;
    await (output.json ? writeObject(proposal, { ...output, written }) : writeText(proposal, output));
  }
  return count;
}

function isNeeded(proposal: GuardrailProposal): boolean {
  for (const { becomes } of proposal.roles()) if (becomes !== 'unaffected') return true;
  return false;
}

async function writeText(
  proposal: GuardrailProposal,
  { folder, print, screen }: GuardrailOutput,
): Promise<void> {
  const say = (lines: readonly ScreenLine[]): Promise<void> => {
    const spoken = (): Promise<void> => print(sectionsText(lines, screen));
    return folder === null ? spoken() : unlessUnread(spoken);
  };
  await say(['', guardrailHead(proposal)]);
  const counts = noneYet();
  for (const role of proposal.roles()) {
    count(role, counts);
    await say([triedLine(role, proposal)]);
  }
  const file = folder === null ? null : await folder.addGuardrail(proposal.organization.id, proposal.policy);
  await say(guardrailText(proposal, counts, file));
}

async function writeObject(proposal: GuardrailProposal, output: GuardrailOutput): Promise<void> {
  const { folder, print, written } = output;
  const head = {
    kind: 'resource-control-policy',
    organization: proposal.organization.id,
    status: 'proposed',
  };
  await print(`${written === 0 ? '' : ','}\n${opened(jsonText(head))},"roles":[`);
  const counts = noneYet();
  let shown = 0;
  for (const role of proposal.roles()) {
    count(role, counts);
    await print(`${shown++ === 0 ? '' : ','}${jsonText(triedObject(role))}`);
  }
  const file = folder === null ? null : await folder.addGuardrail(proposal.organization.id, proposal.policy);
  const rest = { ...guardrailObject(proposal, counts), ...(file !== null && { file }) };
  await print(`],${jsonText(rest).slice(1)}`);
}

/** A JSON object without its last bracket, for members to follow. */
function opened(object: string): string {
  return object.slice(0, -1);
}

function noneYet(): TrialCounts {
  return { closed: 0, open: 0, shutOut: 0 };
}

function count({ becomes, shutOut }: TriedRole, counts: TrialCounts): void {
  if (becomes === 'closed') counts.closed++;
  if (becomes === 'open') counts.open++;
  if (shutOut.length > 0) counts.shutOut++;
}
