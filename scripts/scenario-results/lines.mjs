// Results of runs as lines, and what differs between two sets of them. Plain JavaScript, so that it
// runs beside any checkout.

const SEPARATOR = ' | ';

/** One line: the scenario, the seed, what is told, and what it was. */
const line = (run, what, value) =>
  [run.scenario, `seed ${run.seed}`, what, String(value)].join(SEPARATOR).replaceAll('\n', ' ');

/**
 * The lines of one run from the document of `move --json`: outcome, the account of its I/O, each
 * step of the timeline, each invariant. Times are virtual, in nanoseconds.
 */
export function linesOf(run, report, { digests = false } = {}) {
  const { result, io, timeline, verdict } = report;
  const lines = [
    line(run, 'outcome', [result.outcome, result.reason ?? []].flat().join(': ')),
    line(run, 'exit status', run.status),
    line(run, 'strategy', report.strategy),
    line(run, 'virtual time', `${report.virtualTimeNs} ns`),
    line(run, 'frames', report.frames),
    line(run, 'blackout', `${report.blackoutNs} ns`),
  ];
  if (digests) lines.push(line(run, 'digest', report.digest));
  for (const [name, value] of Object.entries(io)) lines.push(line(run, `I/O ${name}`, value));
  for (const [i, step] of timeline.entries()) {
    const what = `step ${i + 1} ${step.phase}`;
    const times = `at ${step.atNs} ns, took ${step.durationNs} ns`;
    const counts = `${step.frames} frames, ${step.completed} I/Os`;
    const detail = step.detail === '' ? '' : `: ${step.detail}`;
    lines.push(line(run, what, `${times}, ${counts}${detail}`));
  }
  for (const { invariant, result: judged, sentence, detail, frames } of verdict) {
    const evidence = frames.length === 0 ? '' : ` (frames ${frames.join(', ')})`;
    lines.push(line(run, invariant, `${judged}: ${sentence}: ${detail}${evidence}`));
  }
  return lines;
}

/** The lines of a run that gave no document: the first line of what it said instead. */
export function refusalLines(run, complaint) {
  const first = complaint.trim().split('\n')[0];
  return [line(run, 'exit status', run.status), line(run, 'complaint', first)];
}

/** Values by what they tell of, which is everything before them in their line. */
function byKey(text) {
  const found = new Map();
  for (const one of text.split('\n').filter((each) => each !== '')) {
    const [scenario, seed, what, ...value] = one.split(SEPARATOR);
    if (value.length === 0) throw new TypeError(`not a line of results: ${one}`);
    const key = [scenario, seed, what].join(SEPARATOR);
    if (found.has(key)) throw new TypeError(`told twice: ${key}`);
    found.set(key, value.join(SEPARATOR));
  }
  return found;
}

/**
 * What differs between two outputs, in the order of the first: a list for each scenario of
 * `{seed, what, before, after}`; `before` or `after` is left out where only one side tells of it.
 * Errors: `TypeError` for text that is no such output.
 */
export function differences(before, after) {
  const old = byKey(before);
  const now = byKey(after);
  const groups = new Map();
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    if (old.get(key) === now.get(key)) continue;
    const [scenario, seed, what] = key.split(SEPARATOR);
    const group = groups.get(scenario) ?? [];
    group.push({ seed, what, before: old.get(key), after: now.get(key) });
    groups.set(scenario, group);
  }
  return groups;
}
