/** How a simulated world is measured: processor time for the frames that pass its links. */
import { pathToFileURL } from 'node:url';
import { stopwatch } from '../stopwatch.mjs';

/** A module of the library, with the engine set up as the command sets it up. */
export async function loader(library) {
  const load = (path) => import(pathToFileURL(`${library}/${path}`).href);
  const { tuneEngine } = await load('cli/engine.js');
  tuneEngine();
  return load;
}

/** A run is cut into so many parts; the one in the middle counts. */
const PARTS = 5;
/** Counting the frames of all links takes a while: it is done once in so many events. */
const EVENTS_BETWEEN_LOOKS = 4096;

/** What `work` costs, and what it costs for each frame. */
export function measured(simulator, work) {
  const before = simulator.stats().framesDelivered;
  const took = stopwatch();
  work();
  const cpuSeconds = took().cpuNs / 1e9;
  const frames = simulator.stats().framesDelivered - before;
  return { frames, cpuSeconds, framesPerCpuSecond: frames / cpuSeconds };
}

/** Lets so many frames be delivered. */
function passFrames(simulator, number) {
  const end = simulator.stats().framesDelivered + number;
  let events = 0;
  simulator.run({
    when: () => ++events % EVENTS_BETWEEN_LOOKS === 0 && simulator.stats().framesDelivered >= end,
  });
}

/**
 * Lets so many frames pass after the compiler has had its turn. `completed` gives how many I/Os have
 * ended so far.
 */
export function measuredFrames(simulator, number, completed) {
  passFrames(simulator, Math.min(number, 500_000));
  const before = completed();
  const parts = Array.from({ length: PARTS }, () =>
    measured(simulator, () => passFrames(simulator, number / PARTS)),
  );
  const sum = (of) => parts.reduce((total, part) => total + of(part), 0);
  const rates = parts.map(({ framesPerCpuSecond }) => framesPerCpuSecond).sort((a, b) => a - b);
  return {
    frames: sum(({ frames }) => frames),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    framesPerCpuSecond: rates[PARTS >> 1],
    completed: completed() - before,
  };
}

/** Prints what came out. */
export function report(wwpns, logins, io) {
  const rssBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ wwpns, logins, io, rssBytes }));
}
