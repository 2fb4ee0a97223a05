/**
 * Lets whatever a link leads to stop below the header, which is as high as its title and its sections make it; see
 * `scroll-padding-top` for pages without a script.
 */
export function followHeaderHeight(): void {
  const header = document.querySelector<HTMLElement>('.top');
  if (header === null) return;
  const { style } = document.documentElement;
  new ResizeObserver(() => {
    const stays = getComputedStyle(header).position === 'sticky';
    style.scrollPaddingTop = stays ? `${Math.ceil(header.getBoundingClientRect().height) + 12}px` : '';
  }).observe(header);
}
