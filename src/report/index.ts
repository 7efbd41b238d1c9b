/** Pages and drawings of a run. */
export { drawLadder, type LadderRow, ladderOf } from './ladder.ts';
export { Markup } from './markup.ts';
export {
  type PageParts,
  type PageStart,
  pageWith,
  type RunInside,
  type RunSource,
} from './one-page.ts';
export { type ReportWords, renderReport, reportBody, reportTitle } from './page.ts';
export * from './parts.ts';
export { followedOf, type RecordOptions, RunRecord } from './record.ts';
export { moveWindow, TIMELINE_PLACE, type TimeWindow, timelineOf } from './timeline.ts';
export { type ToldNote, type ToldTable, toldTables } from './told-tables.ts';
export { drawTopology } from './topology.ts';
