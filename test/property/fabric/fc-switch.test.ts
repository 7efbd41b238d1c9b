/** A native switch keeps the contract of machines, fed the frames of two adapters that log in and speak. */
import { describe, expect, it } from 'vitest';
import { FcSwitch } from '../../../src/fabric/fc/fc-switch.ts';
import { machineContract } from '../../../src/testing/index.ts';
import { NativePair } from '../../helpers/native-pair.ts';

/** Logins, registrations, a PLOGI between two ports, LOGO. */
function frames(): Uint8Array[] {
  const pair = new NativePair();
  const one = pair.port(0, 1n, true, true);
  const npiv = pair.port(0, 3n, false);
  const other = pair.port(1, 2n, true);
  pair.up(0);
  pair.up(1);
  one.rport(other.nPortId)!.enterPlogi();
  pair.settle();
  npiv.enterFabricLogo(() => {});
  pair.settle();
  return pair.passed.filter((seen) => seen.in).map(({ frame }) => frame);
}

const make = () =>
  new FcSwitch({ name: 'switch', fabricName: 0xf1n, switchName: 0xf2n, domain: 1, ports: 2 });

describe('a native switch', () => {
  it('is fed more than logins', () => {
    expect(frames().length).toBeGreaterThan(20);
  });

  for (const { title, run } of machineContract('native switch', make, {
    frames: frames(),
    ports: [0, 1],
    steps: 300,
  }))
    it(title, () => expect(run()).toBeUndefined());
});
