/** FCP_CMND and write data as an initiator sends them, by their bytes. */
import { describe, expect, it } from 'vitest';
import { payloadBytes } from '../../../../src/port/fcp/initiator-sender.ts';
import { FcpPair, SECOND } from '../../../helpers/fcp-pair.ts';
import { filled, hex, read10, TUR, toHex, write10 } from '../../../helpers/scsi-target.ts';

describe('FCP_CMND', () => {
  it('says LUN, direction and length of the data', () => {
    const pair = new FcpPair();
    pair.send(hex(read10(3, 2)), { lun: 0x0001_0000_0000_0000n, dataInBytes: 1024 });
    expect(toHex(pair.frames[0]?.payload)).toBe(
      `0001000000000000 00 00 00 02 28000000000300000200${'00'.repeat(6)} 00000400`.replaceAll(
        ' ',
        '',
      ),
    );
    pair.send(hex(write10(3, 2)), { dataOut: filled(2, 1) });
    expect(toHex(pair.frames[1]?.payload.subarray(8, 12))).toBe('00000001');
  });

  it('carries task attribute and priority: byte 9 is priority x 8 + attribute', () => {
    const pair = new FcpPair();
    pair.send(hex(TUR), { attribute: 2, priority: 5 });
    expect(pair.frames[0]?.payload[9]).toBe((5 << 3) | 2);
  });

  it('carries a CDB of 32 bytes behind its field, in words', () => {
    const pair = new FcpPair();
    const cdb = Uint8Array.from({ length: 32 }, (_, i) => i + 0x60);
    pair.send(cdb, {});
    const { payload } = pair.frames[0]!;
    expect(payload.length).toBe(48);
    expect(payload[11]! >> 2).toBe(4);
    expect(payload.subarray(12, 44)).toEqual(cdb);
  });

  it('keeps the initiative where write data follows at once', () => {
    const asked = new FcpPair();
    asked.send(hex(write10(0, 4)), { dataOut: filled(4, 1) });
    expect(asked.log).toEqual(['> CMND']);
    expect(asked.frames[0]!.header.fCtl & 0x01_0000).toBe(0x01_0000);
    const unasked = new FcpPair({ firstBurst: true });
    unasked.send(hex(write10(0, 4)), { dataOut: filled(4, 1) });
    expect(unasked.log).toEqual(['> CMND', '> DATA 0+2048']);
    expect(unasked.frames[0]!.header.fCtl & 0x01_0000).toBe(0);
    unasked.clock.run(SECOND);
    expect(unasked.log.slice(2)).toEqual(['< RSP']);
  });
});

describe('write data', () => {
  it('goes out in whole blocks that the port receives, counted, in one sequence', () => {
    const pair = new FcpPair({ receiveBytes: 1500 });
    pair.send(hex(write10(0, 5)), { dataOut: filled(5, 3) });
    pair.clock.run(SECOND);
    const data = pair.frames.filter(({ header }) => header.rCtl === 0x01);
    expect(data.map(({ header, payload }) => [header.parameter, payload.length])).toEqual([
      [0, 1024],
      [1024, 1024],
      [2048, 512],
    ]);
    expect(data.map(({ header }) => header.seqCnt)).toEqual([0, 1, 2]);
    expect(new Set(data.map(({ header }) => header.seqId)).size).toBe(1);
    // END_SEQUENCE and the initiative go with the last frame only.
    expect(data.map(({ header }) => header.fCtl & 0x09_0000)).toEqual([0, 0, 0x09_0000]);
  });

  it('never goes out in less than 256 bytes a frame, nor in more than 2048', () => {
    expect([2112, 2048, 1500, 600, 300].map(payloadBytes)).toEqual([2048, 2048, 1024, 512, 256]);
  });
});

describe('FCP_CONF', () => {
  it('is sent for a response that asks for it, and ends the exchange', () => {
    const pair = new FcpPair({ confirm: true });
    pair.confirm = 'always';
    const { ends } = pair.send(hex(TUR));
    pair.clock.run(SECOND);
    expect(ends).toMatchObject([{ end: 'answered' }]);
    expect(pair.log).toEqual(['> CMND', '< RSP', '> CONF']);
    expect(pair.frames[2]!.payload.length).toBe(0);
    expect(pair.frames[2]!.header.fCtl & 0x18_0000).toBe(0x18_0000);
  });
});
