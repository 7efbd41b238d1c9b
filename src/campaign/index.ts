/** Runs of scenarios: one, and what comes of it. */

export { type Evidence, evidenceOf, writeEvidence } from './evidence.ts';
export { type Fault, FaultError, parseFaults } from './fault.ts';
export { type CampaignWorld, isBad, type Job, optionsOf, type RunLine } from './job.ts';
export { LATE_SCHEDULES, type LateSchedule, lateFrames } from './late-frames.ts';
export { type CampaignMode, type CampaignPlan, jobsOf, runsOf } from './plan.ts';
export { RunPool } from './pool.ts';
export { RunError } from './power.ts';
export {
  type QuiesceCurve,
  type QuiescePoint,
  type QuiesceSearch,
  quiescePoint,
} from './quiesce.ts';
export { quiesceSvg } from './quiesce-svg.ts';
export { parseReduction, type Reduction, reduced } from './reduce.ts';
export * from './report/index.ts';
export {
  digestOf,
  headerOf,
  parseResults,
  ResultsError,
  type ResultsHeader,
} from './results.ts';
export * from './run.ts';
export { type Shrunk, shrink } from './shrink.ts';
export { type CampaignSummary, Summary } from './summary.ts';
