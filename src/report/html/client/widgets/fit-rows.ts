/**
 * Makes a box that scrolls end below a whole row, so that nothing looks cut at first sight. How high it may be says the
 * style sheet, which reads `--fit`.
 */
export function fitRows(scroller: HTMLElement): void {
  scroller.style.removeProperty('--fit');
  const most = Number.parseFloat(getComputedStyle(scroller).maxHeight);
  if (!(scroller.scrollHeight > most)) return;
  const below = scroller.offsetHeight - scroller.clientHeight - scroller.clientTop;
  const top = scroller.getBoundingClientRect().top - scroller.scrollTop;
  let fit = 0;
  for (const row of scroller.querySelectorAll('tr[data-position]')) {
    const end = row.getBoundingClientRect().bottom - top + below;
    if (end > most) break;
    fit = end;
  }
  if (fit > 0) scroller.style.setProperty('--fit', `${Math.ceil(fit)}px`);
}
