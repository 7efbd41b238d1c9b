/** Which pairs of ports a target device knows. */
import { describe, expect, it } from 'vitest';
import type { InitiatorPort, TargetPort } from '../../../../src/history/port-name.ts';
import { NexusRegistry } from '../../../../src/scsi/target/nexus-registry.ts';

const PORTS = ['t0', 't1'].map((name) => ({ name: name as TargetPort }));
const session = (n: number) => `iqn.2026-01.example:h,i,0x00023d00000${n}` as InitiatorPort;
const FC = '21:00:00:00:00:00:00:0a' as InitiatorPort;

describe('a registry', () => {
  it('remembers a pair from when it is obtained', () => {
    const registry = new NexusRegistry(PORTS);
    expect(registry.find(FC, 1)).toBeUndefined();
    const pair = registry.obtain(FC, 1)!;
    expect(pair).toMatchObject({
      initiatorPort: FC,
      device: FC,
      targetPort: 't1',
      targetPortIndex: 1,
    });
    expect(pair.name).toEqual({ initiator: FC, target: 't1' });
    expect(registry.obtain(FC, 1)).toBe(pair);
    expect(registry.find(FC, 0)).toBeUndefined();
    expect(registry.size).toBe(1);
  });

  it('tells sessions of one initiator apart, and knows that they are one device', () => {
    const registry = new NexusRegistry(PORTS);
    const [one, two] = [registry.obtain(session(1), 0)!, registry.obtain(session(2), 0)!];
    expect(one).not.toBe(two);
    expect(one.device).toBe('iqn.2026-01.example:h');
    expect(registry.ofDevice(one.device)).toEqual([one, two]);
    expect(registry.find(session(2), 0)).toBe(two);
    registry.obtain(FC, 0);
    expect([...registry].map((pair) => pair.initiatorPort)).toEqual([session(1), session(2), FC]);
  });

  it('has no pair at a target port that does not exist', () => {
    expect(() => new NexusRegistry(PORTS).obtain(FC, 2)).toThrow('there is no target port 2');
  });
});
