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

/** What `work` costs, and what it costs for each frame; `delivered` gives the frames so far. */
function costOf(delivered, work) {
  const before = delivered();
  const took = stopwatch();
  work();
  const cpuSeconds = took().cpuNs / 1e9;
  const frames = delivered() - before;
  return { frames, cpuSeconds, framesPerCpuSecond: frames / cpuSeconds };
}

/** What `work` costs, and what it costs for each frame that a simulator delivers in it. */
export function measured(simulator, work) {
  return costOf(() => simulator.stats().framesDelivered, work);
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
 * Lets so many frames pass by `pass(number)`, after the compiler has had its turn. `delivered` and
 * `completed` give how many frames and I/Os there have been so far.
 */
export function measuredPasses(number, { delivered, completed, pass }) {
  pass(Math.min(number, 500_000));
  const before = completed();
  const parts = Array.from({ length: PARTS }, () => costOf(delivered, () => pass(number / PARTS)));
  const sum = (of) => parts.reduce((total, part) => total + of(part), 0);
  const rates = parts.map(({ framesPerCpuSecond }) => framesPerCpuSecond).sort((a, b) => a - b);
  return {
    frames: sum(({ frames }) => frames),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    framesPerCpuSecond: rates[PARTS >> 1],
    completed: completed() - before,
  };
}

/** The same of the frames of a simulator. */
export function measuredFrames(simulator, number, completed) {
  return measuredPasses(number, {
    delivered: () => simulator.stats().framesDelivered,
    completed,
    pass: (frames) => passFrames(simulator, frames),
  });
}

/** Prints what came out. */
export function report(wwpns, logins, io) {
  const rssBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ wwpns, logins, io, rssBytes }));
}
