/** Virtual names in frames. */
import { describe, expect, it } from 'vitest';
import { plogi, plogiServiceParameters } from '../../../../src/codecs/els/index.ts';
import { FcType, RCtl } from '../../../../src/codecs/fc/index.ts';
import type { FabricCommand } from '../../../../src/fabric/fc/commands.ts';
import type { FcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const T = '52:54:00:aa:00:03';
const VM = 0x2100_5254_00cc_0001n;
const EDGE_1 = 0x2101_5254_00cc_0001n;

/** Two hosts and a target on three ports; their base ports are 1, 2 and 3. */
function make(options: Partial<FcfOptions> = {}) {
  const rig = new Rig(options);
  const [one, two, target] = [new Host(rig, 0, H1), new Host(rig, 1, H2), new Host(rig, 2, T)];
  one.flogi(1n);
  two.flogi(2n);
  const t = target.flogi(3n).nPortId;
  rig.take();
  rig.events = [];
  const command = (what: FabricCommand) => {
    const answer = rig.fcf.handleCommand(what, rig.now);
    rig.drain();
    return answer;
  };
  return { rig, one, two, target, t, command };
}

const portNamePlogi = (portName: bigint) =>
  plogi.encode({
    common: plogiServiceParameters.decode(
      plogiServiceParameters.encode({
        bbCredit: 10,
        features: 0x8000,
        bbReceiveDataFieldSizeBytes: 2112,
        totalConcurrentSequences: 255,
      }),
    ),
    portName,
    nodeName: 9n,
  });

describe('virtual WWPNs', () => {
  it('are what others see; the port itself is spoken to by its own name', () => {
    const { rig, one, target, t } = make({ virtualWwpns: [{ wwpn: VM, to: EDGE_1 }] });
    const { nPortId } = one.fdisc(EDGE_1);
    expect(rig.fcf.logins().map((login) => login.wwpn)).toContain(VM);
    rig.take();
    const els = { rCtl: RCtl['ELS Request'], type: FcType.ELS };
    rig.feed(0, one.frame(nPortId, t, portNamePlogi(EDGE_1), els));
    const [toTarget] = rig.takeFc();
    expect(toTarget!.crcGood).toBe(true);
    expect(plogi.decode(toTarget!.payload).portName).toBe(VM);
    rig.feed(2, target.frame(t, nPortId, portNamePlogi(VM), els));
    const [toHost] = rig.takeFc();
    expect(toHost!.crcGood).toBe(true);
    expect(plogi.decode(toHost!.payload).portName).toBe(EDGE_1);
  });

  it('leave data alone', () => {
    const { rig, one, t } = make({ virtualWwpns: [{ wwpn: VM, to: EDGE_1 }] });
    const { nPortId } = one.fdisc(EDGE_1);
    rig.take();
    const data = portNamePlogi(EDGE_1);
    rig.feed(0, one.frame(nPortId, t, data));
    expect(rig.takeFc()[0]!.payload).toEqual(data);
  });
});
