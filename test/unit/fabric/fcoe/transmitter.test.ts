/** Frames that an FCF makes itself. */
import { describe, expect, it } from 'vitest';
import { macAt } from '../../../../src/codecs/layout/index.ts';
import { FcfContext } from '../../../../src/fabric/fcoe/context.ts';
import { resolveFcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { Transmitter } from '../../../../src/fabric/fcoe/transmitter.ts';
import { look } from '../../../helpers/fcf.ts';
import { drawnBy } from '../../../helpers/random.ts';

const MAC = '52:54:00:aa:00:01';
const FCF_MAC = '02:fc:f0:00:00:01';

function make(vlan: number) {
  const context = new FcfContext(
    resolveFcfOptions({
      name: 'fcf',
      fcfMac: FCF_MAC,
      fabricName: 1n,
      switchName: 1n,
      domain: 1,
      ports: 2,
      vlan,
      vlanPriority: 5,
      random: drawnBy(() => 0),
    }),
  );
  return { context, transmitter: new Transmitter(context) };
}
const message = {
  operation: 4,
  subcode: 2,
  descriptors: [{ kind: 'mac' as const, mac: FCF_MAC }],
};

describe('a FIP frame of an FCF', () => {
  it.each([
    [0, true, undefined, 14],
    [1002, true, (5 << 13) | 1002, 18],
    [1002, false, undefined, 14],
  ])('VLAN %i, in it %s: TCI %s', (vlan, tagged, tci, headBytes) => {
    const { transmitter } = make(vlan);
    const bytes = transmitter.fipFrame(MAC, message, tagged);
    expect([macAt(bytes, 0), macAt(bytes, 6), bytes.length]).toEqual([MAC, FCF_MAC, 60]);
    expect(look(0, 0, bytes)).toMatchObject({ kind: 'fip', tci, message: { operation: 4 } });
    expect(transmitter.fipFrame(MAC, message, tagged, 500)).toHaveLength(headBytes + 500);
    // Padding never cuts.
    expect(transmitter.fipFrame(MAC, message, tagged, 1)).toHaveLength(60);
  });
});

describe('an FC frame of a service', () => {
  it.each([
    [0, true, 0x2e, 0x42],
    [0, false, 0x2e, 0x41],
    [3, true, 0x36, 0x42],
  ])('SEQ_CNT %i, last %s: SOF %i, EOF %i', (seqCnt, last, sof, eof) => {
    const { context, transmitter } = make(1002);
    const to = { linkAddress: '0e:fc:00:01:00:01', port: 1 } as never;
    const header = { rCtl: 3, dId: 0x01_0001, sId: 0xff_fffc, type: 0x20, fCtl: 0, seqCnt };
    transmitter.frame(to, { ...header, oxId: 1 }, Uint8Array.of(1, 2, 3, 4), last);
    const out = context.core.poll();
    if (out === undefined || !('send' in out)) throw new Error('nothing was sent');
    expect([out.port, out.given]).toEqual([1, true]);
    expect(look(1, 0, out.send)).toMatchObject({
      destination: '0e:fc:00:01:00:01',
      source: FCF_MAC,
      tci: (5 << 13) | 1002,
      sof,
      eof,
      crcGood: true,
      payload: Uint8Array.of(1, 2, 3, 4),
    });
  });
});
