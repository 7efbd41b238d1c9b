/** Pages and drawings of a run. */
export { drawLadder, type LadderRow, ladderOf } from './ladder.ts';
export { Markup } from './markup.ts';
export { renderReport } from './page.ts';
export * from './parts.ts';
export { followedOf, type RecordOptions, RunRecord } from './record.ts';
export { moveWindow, TIMELINE_PLACE, type TimeWindow, timelineOf } from './timeline.ts';
export { type ToldNote, type ToldTable, toldTables } from './told-tables.ts';
export { drawTopology } from './topology.ts';
