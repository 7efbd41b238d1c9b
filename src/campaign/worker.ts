/** What a worker thread of a campaign runs: one run after another, each in the world it comes with. */
import { type CampaignWorld, type Job, type RunLine, runJob } from './job.ts';
import {
  type LateEnd,
  type LateEvidence,
  type LateFailure,
  type LateJob,
  lateEvidence,
  runLate,
} from './late-run.ts';

/** What a worker is asked for. */
export type WorkerTask =
  | { readonly world: CampaignWorld; readonly job: Job }
  | { readonly late: LateJob }
  /** The frames that show what it violates. */
  | { readonly late: LateJob; readonly invariant: string };

export default (task: WorkerTask): RunLine | LateEnd | LateEvidence | LateFailure => {
  if ('world' in task) return runJob(task.world, task.job);
  return 'invariant' in task ? lateEvidence(task.late, task.invariant) : runLate(task.late);
};
