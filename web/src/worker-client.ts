/** A worker of the page, whose program is in the page itself: it starts from a disk too. */
import { WorkerClient } from './rpc.ts';
import type { PageFunctions } from './worker/worker.ts';
import PageWorker from './worker/worker.ts?worker&inline';

/** Starts one. */
export const newWorker = (): WorkerClient<PageFunctions> => new WorkerClient(new PageWorker());
