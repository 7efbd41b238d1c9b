/** A worker of the page, whose program is in the page itself: it starts from a disk too. */
import { WorkerClient } from './rpc.ts';
import type { PageFunctions } from './worker/worker.ts';

const program = document.querySelector('#worker')!.textContent ?? '';

/** Starts one. */
export function newWorker(): WorkerClient<PageFunctions> {
  const at = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  return new WorkerClient(new Worker(at));
}
