/** VSI discovery at a bridge's port: each association is answered by itself, whatever the others are. */
import { expect, test } from 'vitest';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import {
  VDP_RESPONSE,
  VdpError,
  type VdpTlvInput,
  vdpdu,
} from '../../../../src/codecs/lldp/index.ts';
import { VdpBridge } from '../../../../src/fabric/lan/vdp-bridge.ts';
import type { Vsi } from '../../../../src/net/vdp-station.ts';

const association = (last: number, filterFormat = 2): VdpTlvInput => ({
  kind: 'associate',
  status: 0,
  vsiTypeId: 1,
  vsiTypeVersion: 1,
  vsiidFormat: 3,
  vsiid: new Uint8Array(16),
  filterFormat,
  ...(filterFormat === 2
    ? { macs: [{ mac: `02:00:00:00:00:0${last}`, ps: 1, priority: 3, vid: 100 }] }
    : { filterInfo: Uint8Array.of(1, 2, 3) }),
});

function bridge() {
  const answers: number[] = [];
  const taken: Vsi[] = [];
  const port = new VdpBridge({
    send: (pdu) => {
      for (const tlv of vdpdu.decode(pdu).tlvs) if ('status' in tlv) answers.push(tlv.status);
    },
    judge: (_step, { mac }) => (mac.endsWith('9') ? VdpError['Insufficient resources'] : 0),
    answered: (_step, vsi, error) => {
      if (error === 0) taken.push(vsi);
    },
  });
  return { answers, port, taken };
}

test('a filter that it does not know is refused as a format, and those beside it are carried out', () => {
  const { answers, port, taken } = bridge();
  port.heard(vdpdu.encode({ tlvs: [association(1), association(2, 77), association(3)] }));
  const refused = VDP_RESPONSE | 0x10 | VdpError['Invalid format'];
  expect(answers).toEqual([VDP_RESPONSE, refused, VDP_RESPONSE]);
  expect(taken.map(({ mac }) => mac)).toEqual(['02:00:00:00:00:01', '02:00:00:00:00:03']);
  expect(port.size).toBe(2);
});

test('what is refused is not associated, and what goes is no more', () => {
  const { answers, port } = bridge();
  port.heard(vdpdu.encode({ tlvs: [association(9)] }));
  expect(answers[0]! & 0x0f).toBe(VdpError['Insufficient resources']);
  port.heard(vdpdu.encode({ tlvs: [association(1)] }));
  expect(port.vsiOf('02:00:00:00:00:01' as Mac)).toMatchObject({ vid: 100, priority: 3 });
  expect(port.clear()).toHaveLength(1);
  expect(port.size).toBe(0);
});

test('it keeps a bounded number, and a message that does not hold together is none', () => {
  const { port } = bridge();
  for (let i = 0; i < 1100; i++) {
    const mac = `02:00:00:01:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 0xff).toString(16).padStart(2, '0')}`;
    const one = { ...association(1), macs: [{ mac, ps: 1, priority: 3, vid: 100 }] };
    port.heard(vdpdu.encode({ tlvs: [one as VdpTlvInput] }));
  }
  expect(port.size).toBe(1024);
  port.heard(Uint8Array.of(6, 255, 1, 2));
  expect(port.size).toBe(1024);
});
