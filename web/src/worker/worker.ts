/** The page's worker: it reads captures and makes moves. */
import type { TimeWindow } from '../../../src/report/index.ts';
import type { RunSource } from '../../../src/report/one-page.ts';
import { serveCalls } from '../rpc.ts';
import { type CaptureFunctions, readCapture } from './capture.ts';
import { frameFunctions } from './frame-functions.ts';
import type { FrameStore } from './frame-reader.ts';
import {
  flowsOf,
  type MoveFunctions,
  type Run,
  reportOfRun,
  run,
  timelineOfRun,
  told,
} from './move.ts';

/** What a worker can be asked: about a capture or a run, whichever it was given. */
export type PageFunctions = CaptureFunctions & MoveFunctions;

serveCalls((tell) => {
  let store: FrameStore | undefined;
  let placeOf = (number: number): number => number - 1;
  let made: Run | undefined;
  const known = (): Run => {
    if (made === undefined) throw new Error('no move was made');
    return made;
  };
  return {
    async open(file: Blob) {
      const found = await readCapture(file, tell);
      store = found.store;
      return found.opened;
    },
    make(wanted: RunSource) {
      made = run(wanted, tell);
      const frames = made.store;
      store = frames;
      placeOf = (number) => frames.placeOf(number);
      return told(made);
    },
    timeline: (window: TimeWindow) => timelineOfRun(known(), window),
    flows: (window: TimeWindow, columns: number) => flowsOf(known(), window, columns),
    report: () => reportOfRun(known()),
    ...frameFunctions(
      () => store,
      (number) => placeOf(number),
      tell,
    ),
  };
});
