import { proposalTexts } from '../../fix/proposal-texts.ts';
import type { AccountRelations } from '../../model/relations.ts';
import type { PrintedDetails } from '../../report/index.ts';
import { openFixer } from './fix-role.ts';

/** The proposals of `trustsieve fix` without further wishes, for pages that are printed. */
export function printedDetails(relations: AccountRelations): PrintedDetails {
  const fix = openFixer(relations, { guard: null, externalId: null, generate: false });
  return {
    fixOf(verdict) {
      const { object, remediation } = fix(verdict);
      if (remediation === null || remediation.refused !== null) return remediation;
      const { after, changes, cautions } = remediation;
      const { difference, command } = proposalTexts(remediation, object.roleName);
      return {
        refused: null,
        message: after.message,
        changes: changes.map(({ sentence }) => sentence),
        cautions,
        difference,
        command,
      };
    },
  };
}
