import { errorText } from '../../../text/error-text.ts';
import { tokenText } from '../shared/query.ts';
import { loadPageData } from './data/load-page-data.ts';
import type { PageData } from './data/page-data.ts';
import { openFindings } from './findings/view.ts';
import { accountsList } from './lists/accounts.ts';
import { evidenceList, rejectsList } from './lists/evidence.ts';
import { thirdPartiesList } from './lists/third-parties.ts';
import { byId } from './widgets/dom.ts';
import { followHeaderHeight } from './widgets/header-height.ts';
import { labelTables } from './widgets/label-cells.ts';
import { openOnPaper } from './widgets/paper.ts';

/** Until everything is ready the tables written into the page stay; after a failure they stay for good. */
async function start(): Promise<void> {
  const script = byId('report-data', HTMLScriptElement);
  const status = byId('page-status', HTMLElement);
  labelTables();
  followHeaderHeight();
  openOnPaper(byId('detail', HTMLDialogElement));
  openTableOfHiddenDrawing();
  try {
    if (typeof DecompressionStream === 'undefined') throw new Error('this browser is too old');
    const data = await loadPageData(script.textContent ?? '');
    script.remove();
    build(data);
    document.documentElement.dataset.ready = 'true';
  } catch (error) {
    const why = errorText(error);
    status.textContent = `The full tables cannot be shown: ${why}. The summary and the first rows of each table are still below.`;
    status.hidden = false;
  }
}

/** Where there is no room for the drawing of who gets in, its table stands in for it. */
function openTableOfHiddenDrawing(): void {
  const drawing = document.querySelector('.flow .drawing');
  const table = document.querySelector<HTMLDetailsElement>('.flow-table');
  if (drawing !== null && table !== null && getComputedStyle(drawing).display === 'none') table.open = true;
}

function build(data: PageData): void {
  const place = document.querySelector<HTMLElement>('[data-app="findings"]');
  if (place === null) throw new Error('the page has no place for findings');
  const view = openFindings(data, place);
  accountsList(data, (account) => view.showQuery(tokenText('acct', account)));
  thirdPartiesList(data, (query) => view.showQuery(query));
  evidenceList(data);
  rejectsList(data);
  for (const part of document.querySelectorAll<HTMLElement>('[data-static]')) {
    const app = document.querySelector<HTMLElement>(`[data-app="${part.dataset.static}"]`);
    if (app !== null && !app.hidden) part.hidden = true;
  }
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-filter]') : null;
    if (link === null) return;
    event.preventDefault();
    view.showQuery(link.dataset.filter ?? '');
  });
}

void start();
