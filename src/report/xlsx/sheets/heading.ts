import { headingFacts } from '../../shared/heading.ts';
import type { ReportHeading } from '../../shared/options.ts';
import type { Row } from '../book/sheet.ts';

/** What a workbook is, for whom and by whom: `what` stands below a title of its own, so that it never goes missing. */
export function headingRows(what: string, heading: ReportHeading = {}): readonly Row[] {
  return [
    { cells: [{ text: heading.title ?? what, style: 'title' }] },
    ...(heading.title === undefined ? [] : [{ cells: [what] }]),
    ...headingFacts(heading).map(([term, name]) => ({ cells: [term, name] })),
    { cells: [] },
  ];
}

/** What begins a part of a sheet. */
export function partHeading(text: string): readonly Row[] {
  return [{ cells: [] }, { cells: [{ text, style: 'heading' }] }];
}
