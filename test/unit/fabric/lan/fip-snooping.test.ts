/** What a bridge reads in FIP, and that it moves an entry with it. */
import { expect, it } from 'vitest';
import {
  encodeFipFrame,
  type FipFrameInput,
  fipEncapsulate,
} from '../../../../src/codecs/fip/index.ts';
import { EthernetBridge } from '../../../../src/fabric/lan/bridge.ts';
import { grantedAddress } from '../../../../src/fabric/lan/fip-snooping.ts';

const [FCF, OLD, NEW] = ['0e:fc:fc:00:00:01', '00:25:b5:00:01:00', '00:25:b5:00:02:00'];
const FPMA = '0e:fc:00:01:00:04';
const vlan = { vid: 1002 };
const HEADER = {
  rCtl: 0x23,
  dId: 0x010004,
  csCtl: 0,
  sId: 0xfffffe,
  type: 1,
  fCtl: 0x980000,
  seqId: 0,
  dfCtl: 0,
  seqCnt: 0,
  oxId: 1,
  rxId: 0xffff,
  parameter: 0,
};

function answer(kind: 'fdisc' | 'logo', subcode: number): Uint8Array {
  const els = fipEncapsulate(kind, HEADER, new Uint8Array(116));
  const message: FipFrameInput['message'] = {
    operation: 2,
    subcode,
    descriptors: [els, { kind: 'mac', mac: FPMA }],
  };
  return encodeFipFrame({ destination: NEW, source: FCF, vlan, message });
}

it('reads the address in an answer to FDISC, and nowhere else', () => {
  expect(grantedAddress(answer('fdisc', 2), 16)).toBe(FPMA);
  expect(grantedAddress(answer('fdisc', 1), 16)).toBeUndefined();
  expect(grantedAddress(answer('logo', 2), 16)).toBeUndefined();
  expect(grantedAddress(answer('fdisc', 2), 12)).toBeUndefined();
});

it.each(Array.from({ length: 45 }, (_, i) => i * 4))('is nothing to a frame cut at %i', (size) => {
  expect(grantedAddress(answer('fdisc', 2).subarray(0, size), 16)).toBeUndefined();
});

it.each([
  [false, 0],
  [true, 1],
])('a bridge that snoops (%s) sends to port %i what is for the new login', (snoops, port) => {
  const bridge = new EthernetBridge({ name: 'bridge', ports: 3, enodePorts: [0, 1], snoops });
  const plain = (to: string, from: string) =>
    encodeFipFrame({
      destination: to,
      source: from,
      vlan,
      message: { operation: 1, subcode: 1, descriptors: [] },
    });
  const sent = (at: number, frame: Uint8Array) => {
    bridge.handleFrame(at, frame, false, 0);
    const outputs = [];
    for (let one = bridge.poll(); one !== undefined; one = bridge.poll())
      if ('send' in one) outputs.push(one.port);
    return outputs;
  };
  sent(0, plain(FCF, OLD));
  sent(0, plain(FCF, FPMA));
  sent(1, plain(FCF, NEW));
  expect(sent(2, answer('fdisc', 2))).toEqual([1]);
  expect(sent(2, plain(FPMA, FCF))).toEqual([port]);
});
