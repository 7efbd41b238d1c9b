/** No login is forgotten without a word: a port that missed it hears it again. */
import { describe, expect, it } from 'vitest';
import { fipDescriptorsOf } from '../../../../src/codecs/fip/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const WWPN = 0x2000_5254_00aa_0001n;
const VPORT = 0x2001_5254_00aa_0001n;

/** The Clear Virtual Links that were sent since the last look. */
const cleared = (rig: Rig) => rig.takeFip().filter((one) => one.message.operation === 3);

/** A rig whose host has lost the Clear Virtual Links of its vport. */
function lost() {
  const rig = new Rig();
  const host = new Host(rig, 0, H1);
  const base = host.flogi(WWPN).nPortId;
  const vport = host.fdisc(VPORT).nPortId;
  rig.manage((fcf, now) => fcf.clearVirtualLinks({ wwpn: VPORT }, now));
  rig.take();
  return {
    rig,
    host,
    vport,
    speak: () => rig.feed(0, host.frame(vport, base, new Uint8Array(32))),
  };
}

describe('a port that goes on after its login ended', () => {
  it('is cleared again, by its descriptor, once a second at most', () => {
    const { rig, vport, speak } = lost();
    rig.advance(2 * SECOND);
    speak();
    speak();
    const told = cleared(rig);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ destination: H1, message: { operation: 3, subcode: 2 } });
    expect(fipDescriptorsOf(told[0]!.message, 'vxPort')).toMatchObject([
      { nPortId: vport, portName: VPORT },
    ]);
    rig.advance(1 * SECOND);
    speak();
    expect(cleared(rig)).toHaveLength(1);
  });

  it('is not, while the frames may have been under way when it was told', () => {
    const { rig, speak } = lost();
    speak();
    expect(rig.take()).toEqual([]);
    expect(rig.dropped()).toEqual(['no-login']);
  });

  it('is not, when it asked for the end itself', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    const { nPortId } = host.flogi(WWPN);
    host.logo(nPortId, WWPN);
    rig.take();
    rig.advance(2 * SECOND);
    rig.feed(0, host.frame(nPortId, nPortId, new Uint8Array(32)));
    expect(cleared(rig)).toEqual([]);
  });

  it('hears of it on every port when the switch comes up again', () => {
    const rig = new Rig({ ports: 2 });
    new Host(rig, 0, H1).flogi(WWPN);
    rig.manage((fcf, now) => {
      fcf.restart(now);
      fcf.clearAllVirtualLinks(now);
    });
    const cvls = cleared(rig);
    expect(cvls.map(({ port, destination }) => [port, destination])).toEqual([
      [0, '01:10:18:01:00:01'],
      [1, '01:10:18:01:00:01'],
    ]);
  });
});
