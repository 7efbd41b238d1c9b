/** What a worker thread of a campaign runs: one run after another, each in the world it comes with. */
import { type CampaignWorld, type Job, type RunLine, runJob } from './job.ts';
import { type LateEnd, type LateFailure, type LateJob, runLate } from './late-run.ts';

/** What a worker is asked for. */
export type WorkerTask =
  | { readonly world: CampaignWorld; readonly job: Job }
  | { readonly late: LateJob };

export default (task: WorkerTask): RunLine | LateEnd | LateFailure =>
  'late' in task ? runLate(task.late) : runJob(task.world, task.job);
