/** What a worker thread of a campaign runs: one job after another, each in the world it comes with. */
import { type CampaignWorld, type Job, type RunLine, runJob } from './job.ts';

export default ({ world, job }: { world: CampaignWorld; job: Job }): RunLine => runJob(world, job);
