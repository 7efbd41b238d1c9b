/** The verdict so far: asked for again and again, it changes nothing of what is said at the end. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Auditor } from '../../../src/audit/auditor.ts';
import type { AuditBounds } from '../../../src/audit/index.ts';
import { boundsOf } from '../../../src/run/bounds.ts';
import { lateFrames } from '../../../src/run/late-frames.ts';
import type { RunObserver } from '../../../src/run/options.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const ASK_EVERY = 97;

/** Judges beside the run, and asks on the way. */
class Asking implements RunObserver {
  auditor: Auditor | undefined;
  asked = 0;
  #heard = 0;
  readonly #bounds: AuditBounds;
  constructor(bounds: AuditBounds) {
    this.#bounds = bounds;
  }
  begin(places: Parameters<NonNullable<RunObserver['begin']>>[0]): void {
    this.auditor = new Auditor(this.#bounds, { places });
  }
  observe(entry: Parameters<NonNullable<RunObserver['observe']>>[0]): void {
    this.auditor!.observe(entry);
    if (++this.#heard % ASK_EVERY !== 0) return;
    this.asked++;
    expect(this.auditor!.soFar()).toHaveLength(this.auditor!.soFar().length);
  }
  see(frame: Parameters<NonNullable<RunObserver['see']>>[0]): void {
    this.auditor!.see(frame);
  }
}

it.each([
  ['two-host-move', undefined],
  ['s-id-reuse', 'commands'],
  ['f01-not-zoned', undefined],
  ['f26-source-crash', undefined],
] as const)('%s', (name, late) => {
  const file = `scenarios/${name}.yaml`;
  const scenario = loadScenario(readFileSync(file, 'utf8'), file);
  const rules =
    late === undefined ? {} : { rules: lateFrames(late, scenario, runMove({ scenario })) };
  const plain = runMove({ scenario, ...rules });
  const asking = new Asking(boundsOf(scenario));
  runMove({ scenario, ...rules, observer: asking });
  expect(asking.asked).toBeGreaterThan(3);
  const [once, twice] = [asking.auditor!.conclude(), asking.auditor!.conclude()];
  expect(twice).toEqual(once);
  expect(once).toEqual(plain.verdict);
});
