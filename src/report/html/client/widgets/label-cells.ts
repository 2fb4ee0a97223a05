/** Tables with no more columns fit a telephone as they are. */
const FEW = 2;

/** Lets the rows of the page's plain tables become cards where they have no room. */
export function labelTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table.plain:not(.heat, .fitted)')) {
    labelCells(table);
  }
}

/** Of these the style sheet makes cards in its own way, with labels of their own. */
const OWN_CARDS = '.stacking, .worst-table';

/**
 * Gives each cell of a table the name of its column, which it shows in a card. What is laid out as cards is a table
 * only to those who are told, so the roles are written out.
 */
export function labelCells(table: HTMLTableElement): void {
  const titles = [...(table.tHead?.rows[0]?.cells ?? [])].map(({ textContent }) => textContent.trim());
  if (titles.length <= FEW) return;
  if (!table.matches(OWN_CARDS)) table.classList.add('cards');
  table.setAttribute('role', 'table');
  for (const part of table.querySelectorAll('thead, tbody')) part.setAttribute('role', 'rowgroup');
  for (const row of table.rows) {
    row.setAttribute('role', 'row');
    for (const [index, cell] of [...row.cells].entries()) {
      cell.setAttribute('role', roleOf(cell));
      cell.dataset.label = titles[index] ?? '';
    }
  }
}

function roleOf(cell: HTMLTableCellElement): string {
  if (cell.tagName === 'TD') return 'cell';
  return cell.scope === 'row' ? 'rowheader' : 'columnheader';
}
