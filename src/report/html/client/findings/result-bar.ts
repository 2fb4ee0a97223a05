import { csvOf, offerFile } from '../data/export.ts';
import type { PageData } from '../data/page-data.ts';
import { linkButton } from '../widgets/copy.ts';
import { el } from '../widgets/dom.ts';
import { keysButton } from '../widgets/keys.ts';

const EXPORT_LABEL = 'Export these rows as CSV';

/** How many findings are shown, and what can be done with them. */
export class ResultBar {
  private readonly data: PageData;
  private readonly rows: () => Uint32Array;
  private readonly address: () => string;
  private readonly count = el('p', { class: 'result-count', role: 'status' });
  private readonly exportButton = el('button', { type: 'button', class: 'quiet' }, EXPORT_LABEL);

  /** `address`: of the page with what is shown, see `findingAddress`. */
  constructor(data: PageData, rows: () => Uint32Array, address: () => string) {
    this.data = data;
    this.rows = rows;
    this.address = address;
    this.exportButton.addEventListener('click', () => this.export());
  }

  elementWith(more: HTMLElement): HTMLElement {
    const { count, exportButton } = this;
    return el(
      'div',
      { class: 'result-bar' },
      count,
      more,
      keysButton(),
      ...linkButton(this.address),
      exportButton,
    );
  }

  show(count: string): void {
    this.count.textContent = count;
    this.exportButton.disabled = this.rows().length === 0;
  }

  private async export(): Promise<void> {
    const button = this.exportButton;
    button.disabled = true;
    button.textContent = 'Preparing…';
    try {
      offerFile('findings.csv', await csvOf(this.data, this.rows()));
    } finally {
      button.textContent = EXPORT_LABEL;
      button.disabled = this.rows().length === 0;
      button.focus();
    }
  }
}
