/** Frames of an ENode as they go onto its Ethernet. */
import { describe, expect, it } from 'vitest';
import { scr } from '../../../../src/codecs/els/index.ts';
import { fipMessage } from '../../../../src/codecs/fip/index.ts';
import { macAt } from '../../../../src/codecs/layout/index.ts';
import { type FcfEntry, FcfList } from '../../../../src/port/enode/fcf-list.ts';
import { FcoeSender } from '../../../../src/port/enode/fcoe-sender.ts';
import type { VnPort } from '../../../../src/port/enode/vn-port.ts';
import { frameHeader } from '../../../../src/port/n-port/frame-header.ts';
import { look } from '../../../helpers/fcf.ts';
import { advertisement, ENODE_MAC, FCF_MAC } from '../../../helpers/fip-port.ts';

const FCF = new FcfList().note(advertisement(), 0)!;
const ONE = { macHigh24: 0x0e_fc00, macLow24: 0x01_0001 } as VnPort;
const TWO = { macHigh24: 0x0e_fc00, macLow24: 0x01_0002 } as VnPort;
const header = (seqCnt = 0) => {
  const made = frameHeader(8, 6, 0x01_0002, 0x01_0001, 0x29_0000, 0, 7, 0xffff);
  made.seqCnt = seqCnt;
  return made;
};

describe('an FC frame', () => {
  it('goes from the address of its port to the FCF, tagged where there is a VLAN', () => {
    const sender = new FcoeSender(3);
    const send = (port: VnPort, fcf: FcfEntry, vid: number) =>
      look(0, 0, sender.frame(port, fcf, vid, header(), Uint8Array.of(1, 2, 3, 4), true));
    expect(send(ONE, FCF, 0)).toMatchObject({
      destination: FCF_MAC,
      source: '0e:fc:00:01:00:01',
      tci: undefined,
      crcGood: true,
      payload: Uint8Array.of(1, 2, 3, 4),
    });
    // One head serves all ports; it changes with the FCF and the VLAN.
    expect(send(TWO, FCF, 0).source).toBe('0e:fc:00:01:00:02');
    expect(send(ONE, FCF, 1002).tci).toBe((3 << 13) | 1002);
    const other = { ...FCF, mac: '02:fc:f0:00:00:02' };
    expect(send(ONE, other, 1002)).toMatchObject({ destination: other.mac, tci: 0x63ea });
  });

  it.each([
    [0, true, 0x2e, 0x42],
    [0, false, 0x2e, 0x41],
    [1, false, 0x36, 0x41],
    [1, true, 0x36, 0x42],
  ])('SEQ_CNT %i, last %s: SOF %i, EOF %i', (seqCnt, last, sof, eof) => {
    const bytes = new FcoeSender(3).frame(ONE, FCF, 0, header(seqCnt), new Uint8Array(8), last);
    expect(look(0, 0, bytes)).toMatchObject({ kind: 'fc', sof, eof, crcGood: true });
  });

  it('of a message is the same as of its bytes', () => {
    const sender = new FcoeSender(3);
    const message = { registrationFunction: 3 };
    const whole = sender.frame(ONE, FCF, 0, header(), scr.encode(message), true);
    expect(sender.messageFrame(ONE, FCF, 0, header(), scr, message)).toEqual(whole);
  });
});

describe('a FIP frame', () => {
  const message = {
    operation: 4,
    subcode: 1,
    flags: 0,
    descriptors: [{ kind: 'mac' as const, mac: ENODE_MAC }],
  };

  it.each([
    [0, 12, 14],
    [1002, 16, 18],
  ])('in VLAN %i has its EtherType at byte %i, and 60 bytes at least', (vid, typeAt, headBytes) => {
    const bytes = new FcoeSender(3).fipFrame(FCF_MAC, ENODE_MAC, vid, message);
    expect([macAt(bytes, 0), macAt(bytes, 6)]).toEqual([FCF_MAC, ENODE_MAC]);
    expect([...bytes.subarray(typeAt, typeAt + 2)]).toEqual([0x89, 0x14]);
    if (vid !== 0) expect([...bytes.subarray(12, 16)]).toEqual([0x81, 0, 0x63, 0xea]);
    expect(bytes).toHaveLength(60);
    expect(fipMessage.decode(bytes, headBytes)).toMatchObject({ operation: 4, subcode: 1 });
  });
});
