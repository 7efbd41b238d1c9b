/** A run as one HTML page. */
export { renderReport } from './page.ts';
export { RunRecord } from './record.ts';
