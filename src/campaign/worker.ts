/** What a worker thread of a campaign runs: one job after another in the world it was given. */
import { workerData } from 'node:worker_threads';
import { type CampaignWorld, type Job, type RunLine, runJob } from './job.ts';

// Tinypool hands its own data over first, ours second.
const world = (workerData as [unknown, CampaignWorld])[1];

export default (job: Job): RunLine => runJob(world, job);
