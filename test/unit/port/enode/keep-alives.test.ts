/** Keep-alives: whose, how often, and when there are none. */
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../../src/machine/machine.ts';
import { FcfList } from '../../../../src/port/enode/fcf-list.ts';
import type { VnPortName } from '../../../../src/port/enode/fip-input.ts';
import { KeepAlives } from '../../../../src/port/enode/keep-alives.ts';
import { type Advertised, advertisement, ENODE_MAC, FCF_MAC } from '../../../helpers/fip-port.ts';
import { Clock } from '../../../helpers/loop-back.ts';

const PORT: VnPortName = { mac: '0e:fc:00:01:00:01', nPortId: 0x01_0001, portName: 9n };

function make(said: Advertised = {}) {
  const clock = new Clock();
  const sent: string[] = [];
  const owner = {
    mac: ENODE_MAC,
    selected: new FcfList().note(advertisement(said), 0),
    after: clock.after,
    ports: [PORT],
    vnPorts: () => owner.ports,
    send: (destination: string, source: string, message: object) => {
      expect(destination).toBe(FCF_MAC);
      expect(message).toMatchObject({ operation: 3, subcode: 1, flags: 0x8000 });
      const { descriptors } = message as { descriptors: { kind: string }[] };
      const kinds = descriptors.map(({ kind }) => kind).join(' ');
      sent.push(`${clock.now / SECOND} ${source === ENODE_MAC ? 'enode' : source}: ${kinds}`);
    },
  };
  const keepAlives = new KeepAlives(owner);
  keepAlives.start();
  return { clock, sent, owner, keepAlives };
}

describe('keep-alives', () => {
  it("of the ENode come each period of the FCF, a VN_Port's each 90 s from its own address", () => {
    const { clock, sent } = make({ fkaAdvPeriodMs: 40_000 });
    clock.run(181 * SECOND);
    expect(sent).toEqual([
      '40 enode: mac',
      '80 enode: mac',
      `90 ${PORT.mac}: mac vxPort`,
      '120 enode: mac',
      '160 enode: mac',
      `180 ${PORT.mac}: mac vxPort`,
    ]);
  });

  it('of all ports that are logged in come together', () => {
    const { clock, sent, owner } = make({ fkaAdvPeriodMs: 100_000 });
    owner.ports = [PORT, { ...PORT, mac: '0e:fc:00:01:00:02' }];
    clock.run(90 * SECOND);
    expect(sent).toHaveLength(2);
    owner.ports = [];
    clock.run(90 * SECOND);
    expect(sent.filter((line) => !line.includes('enode'))).toHaveLength(2);
  });

  it('do not come where the D bit says that they need not', () => {
    const { clock, sent } = make({ dBit: true });
    clock.run(400 * SECOND);
    expect(sent).toEqual([]);
  });

  it('follow the FCF when it changes its mind', () => {
    const { clock, sent, owner } = make({ dBit: true });
    owner.selected = new FcfList().note(advertisement({ fkaAdvPeriodMs: 2000 }), 0);
    clock.run(12 * SECOND);
    expect(sent).toEqual(['8 enode: mac', '10 enode: mac', '12 enode: mac']);
  });

  it('stop with the virtual link', () => {
    const { clock, sent, keepAlives } = make();
    clock.run(8 * SECOND);
    keepAlives.stop();
    clock.run(400 * SECOND);
    expect(sent).toHaveLength(1);
  });
});
