/** The HTML report of a run. */
export { renderReport } from './page.ts';
export { RunRecord } from './record.ts';
