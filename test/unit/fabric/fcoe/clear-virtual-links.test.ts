/** Clear Virtual Links as an FCF sends it. */
import { describe, expect, it } from 'vitest';
import { fipDescriptorsOf } from '../../../../src/codecs/fip/index.ts';
import { ClearVirtualLinks } from '../../../../src/fabric/fcoe/clear-virtual-links.ts';
import { FcfContext } from '../../../../src/fabric/fcoe/context.ts';
import { resolveFcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { Transmitter } from '../../../../src/fabric/fcoe/transmitter.ts';
import { look } from '../../../helpers/fcf.ts';
import { drawnBy } from '../../../helpers/random.ts';

const MAC = '52:54:00:aa:00:01';

function make() {
  const context = new FcfContext(
    resolveFcfOptions({
      name: 'fcf',
      fcfMac: '02:fc:f0:00:00:01',
      fabricName: 1n,
      switchName: 0x77n,
      domain: 1,
      ports: 2,
      random: drawnBy(() => 0),
    }),
  );
  const clear = new ClearVirtualLinks(context, new Transmitter(context));
  const sent = () => {
    const seen = [];
    for (let one = context.core.poll(); one !== undefined; one = context.core.poll())
      if ('send' in one) seen.push(look(one.port, 0, one.send));
    return seen.map((one) => {
      if (one.kind !== 'fip') throw new Error('no FIP');
      const { operation, subcode, descriptors } = one.message;
      expect([operation, subcode]).toEqual([3, 2]);
      expect(descriptors.slice(0, 2)).toMatchObject([
        { kind: 'mac', mac: '02:fc:f0:00:00:01' },
        { kind: 'nameIdentifier', name: 0x77n },
      ]);
      const listed = fipDescriptorsOf(one.message, 'vxPort');
      return { port: one.port, to: one.destination, listed };
    });
  };
  return { clear, sent };
}
const vnPort = (low: number) => ({
  mac: '0e:fc:00:01:00:01',
  nPortId: 0x01_0000 + low,
  portName: BigInt(low),
});

describe('Clear Virtual Links', () => {
  it('names each port by address, N_Port_ID and the name that it says', () => {
    const { clear, sent } = make();
    const login = { linkAddress: 'a', nPortId: 5, wwpn: 1n, saidWwpn: 2n };
    clear.send(
      { port: 1, address: MAC } as never,
      [{ ...login, ...vnPort(5) }].map((one) => ({
        ...one,
        linkAddress: one.mac,
      })) as never,
    );
    expect(sent()).toMatchObject([
      {
        port: 1,
        to: MAC,
        listed: [{ mac: '0e:fc:00:01:00:01', nPortId: 0x01_0005, portName: 2n }],
      },
    ]);
  });

  it('has 64 ports in a message, and is not sent for none', () => {
    const { clear, sent } = make();
    clear.sendTo(
      0,
      MAC,
      Array.from({ length: 130 }, (_, i) => vnPort(i + 1)),
    );
    const messages = sent();
    expect(messages.map(({ listed }) => listed.length)).toEqual([64, 64, 2]);
    expect(messages[1]!.listed[0]!.nPortId).toBe(0x01_0041);
    // An empty list would mean all.
    clear.sendTo(0, MAC, []);
    expect(sent()).toEqual([]);
  });

  it('for all names none, to one ENode or to every one', () => {
    const { clear, sent } = make();
    clear.sendBare(0, MAC);
    clear.sendToAll(1);
    expect(sent()).toEqual([
      { port: 0, to: MAC, listed: [] },
      { port: 1, to: '01:10:18:01:00:01', listed: [] },
    ]);
  });
});
