/** Data that a server may have forgotten, and whether their client sends them again. */
import { expect, test } from 'vitest';
import { UnstableData } from '../../../../../src/audit/seen/nfs/unstable-data.ts';
import {
  type SeenSession,
  type SeenTask,
  SessionChecks,
  type SessionTold,
} from '../../../../../src/audit/seen/session.ts';

const SECOND = 1e9;
const session = { device: 'host' } as SeenSession;
const other = { device: 'other' } as SeenSession;

function rig() {
  const told: SessionTold[] = [];
  const checks = new SessionChecks();
  const data = new UnstableData((one) => told.push(one), checks);
  let frame = 0;
  const at = (seconds: number, of = session): SeenTask => {
    frame += 2;
    const ended = { at: seconds * SECOND, frame: frame + 1 };
    return {
      at: seconds * SECOND,
      frame,
      frames: [frame],
      ended,
      unit: 'f',
      session: of,
    } as unknown as SeenTask;
  };
  const faults = () => told.flatMap((one) => (one.type === 'fault' ? [one.fault.what] : []));
  return { data, at, faults, checks };
}

test('who does not write again within a minute is told of', () => {
  const { data, at, faults } = rig();
  data.written(at(1), 0, 4096, true, 'a');
  data.committed(at(2), 0, Infinity, 'b');
  data.committed(at(50), 0, Infinity, 'b');
  expect(faults()).toEqual([]);
  data.committed(at(100), 0, Infinity, 'b');
  expect(faults()).toEqual([
    'bytes 0 to 4096, written UNSTABLE in frame 2, were not sent again although the verifier had changed in frame 5, up to the COMMIT of frame 8',
  ]);
});

test.each<[string, (one: ReturnType<typeof rig>) => void]>([
  ['who writes again', ({ data, at }) => data.written(at(3), 0, 4096, true, 'b')],
  ['whose file is committed by another', () => {}],
])('who is sound is not: %s', (_name, run) => {
  const one = rig();
  const { data, at, faults } = one;
  data.written(at(1), 0, 4096, true, 'a');
  const by = _name.includes('another') ? other : session;
  data.committed(at(2, by), 0, Infinity, 'b');
  run(one);
  data.committed(at(100, by), 0, Infinity, 'b');
  data.committed(at(200, by), 0, Infinity, 'b');
  expect(faults()).toEqual([]);
});

test('data that are stable at once, and those committed under their verifier, are done with', () => {
  const { data, at, faults } = rig();
  data.written(at(1), 0, 4096, false, 'a');
  data.written(at(1), 4096, 8192, true, 'a');
  data.committed(at(2), 0, Infinity, 'a');
  data.committed(at(3), 0, Infinity, 'b');
  data.committed(at(100), 0, Infinity, 'b');
  expect(faults()).toEqual([]);
});
