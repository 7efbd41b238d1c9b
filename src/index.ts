/**
 * What most programs begin with: a scenario, a run of its move, the verdict on a capture. All else is in the
 * subpaths, such as `sanmotion/codecs`. Loads in a browser.
 *
 * @example
 * const scenario = loadScenario(text, 'mine.yaml');
 * const report = runMove({ scenario });
 * console.log(headlineOf(report).text);
 */
export { CaptureJudge, type CaptureReport, judgeSeen, type Verdict } from './audit/index.ts';
export { CaptureError, openCapture, PcapngWriter, readFrames } from './capture/index.ts';
export { Conversation, decodeFrame, summarize, toJson } from './codecs/index.ts';
export { type Headline, headlineOf } from './run/headline.ts';
export { RunError, type RunOptions, type RunReport, runMove } from './run/index.ts';
export { loadScenario, type Scenario, ScenarioError } from './scenario/index.ts';
