/** The frames that show what becomes of an invariant, as a small capture. */
import { expect, test } from 'vitest';
import { memorySink, readFrames } from '../../../src/capture/index.ts';
import { evidenceOf, writeEvidence } from '../../../src/run/evidence.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT } from '../../helpers/scenario.ts';

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test('a fault is shown with the exchange it hit, in order and not too much of it', async () => {
  const faults = [{ frame: 30, fault: 'delay' as const, delayNs: 1_000_000 }];
  const evidence = evidenceOf(
    { scenario: loadScenario(TEXT, 'x.yaml'), iosPerStep: 2, faults },
    'I1',
  );
  expect(evidence.faults).toHaveLength(1);
  expect(evidence.faults[0]).toMatch(/^delay 1 ms at \+/);
  expect(evidence.frames.length).toBeGreaterThan(0);
  expect(evidence.frames.length).toBeLessThanOrEqual(40);
  const numbers = evidence.frames.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  for (const { atNs, timeNs } of evidence.frames) expect(atNs).toBeLessThan(timeNs);

  const sink = memorySink();
  await writeEvidence(sink, evidence, 'about');
  const written = [];
  for await (const frame of readFrames(chunks(sink.bytes()))) written.push(frame);
  expect(written.map(({ bytes }) => [...bytes])).toEqual(
    evidence.frames.map(({ bytes }) => [...bytes]),
  );
  const text = new TextDecoder().decode(sink.bytes());
  expect(text).toContain(`about\n${evidence.detail}`);
  for (const { comment } of evidence.frames) expect(text).toContain(comment);
});
