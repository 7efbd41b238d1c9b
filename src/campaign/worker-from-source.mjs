// In a clone the worker is TypeScript: a worker thread needs a loader of its own for that.
import { register } from 'tsx/esm/api';

register();
const { default: run } = await import('./worker.ts');
export default run;
