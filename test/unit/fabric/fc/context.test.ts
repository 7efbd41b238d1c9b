/** What the parts of a switch share. */
import { describe, expect, it } from 'vitest';
import { FabricRig } from '../../../helpers/f-port.ts';

describe('the context of a fabric', () => {
  it('names ports and services by the switch: NAA 2, 12 bits, 48 bits', () => {
    const { context } = new FabricRig({ switchName: 0x1000_02fc_f000_0001n });
    expect(context.ports.map((one) => one.portName)).toEqual([
      0x2001_02fc_f000_0001n,
      0x2002_02fc_f000_0001n,
      0x2003_02fc_f000_0001n,
      0x2004_02fc_f000_0001n,
    ]);
    expect(context.serviceName(0xff_fffc)).toBe(0x2ffc_02fc_f000_0001n);
  });

  it('begins with ports up, unless links report themselves', () => {
    const up = (linksUp: boolean) => new FabricRig({ linksUp }).context.ports.map((one) => one.up);
    expect(up(true)).toEqual([true, true, true, true]);
    expect(up(false)).toEqual([false, false, false, false]);
  });

  it('counts what it drops by reason, and tells the owner where and why', () => {
    const rig = new FabricRig();
    rig.context.drop('zoning', 2, { sId: 1, dId: 2 });
    rig.context.drop('zoning', 3);
    rig.context.drop('bad-crc', 0, { detail: 'x' });
    rig.settle();
    expect(rig.context.counters.dropped).toMatchObject({ zoning: 2, 'bad-crc': 1, malformed: 0 });
    expect(rig.events).toEqual([
      { type: 'dropped', reason: 'zoning', port: 2, sId: 1, dId: 2 },
      { type: 'dropped', reason: 'zoning', port: 3 },
      { type: 'dropped', reason: 'bad-crc', port: 0, detail: 'x' },
    ]);
  });

  it('leaves the N_Port_ID out of a contradiction that names none', () => {
    const rig = new FabricRig();
    rig.context.protocol(1, 'one');
    rig.context.protocol(1, 'two', 0);
    rig.settle();
    expect(rig.events).toEqual([
      { type: 'protocol', port: 1, what: 'one' },
      { type: 'protocol', port: 1, what: 'two', nPortId: 0 },
    ]);
  });
});
