/** The frames that a target sends, by their bytes. Source: FCP-4, information units. */
import { describe, expect, it } from 'vitest';
import { FcpPair, SECOND } from '../../../helpers/fcp-pair.ts';
import { filled, hex, read10, TUR, toHex, write10 } from '../../../helpers/scsi-target.ts';

describe('FCP_XFER_RDY', () => {
  it('asks for at most 64 KiB at once, one burst behind the other', () => {
    const pair = new FcpPair();
    pair.send(hex(write10(0, 160)), { dataOut: filled(160, 1) });
    pair.clock.run(SECOND);
    const asked = pair.frames.filter(({ header }) => header.rCtl === 0x05);
    expect(asked.map(({ payload }) => toHex(payload))).toEqual([
      '000000000001000000000000',
      '000100000000400000000000',
    ]);
  });
});

describe('read data', () => {
  it('fills the frames that the initiator receives, counted, with their offsets', () => {
    const pair = new FcpPair({ receiveBytes: 1000 });
    pair.send(hex(read10(0, 4)), { dataInBytes: 2048 });
    pair.clock.run(SECOND);
    const data = pair.frames.filter(({ header }) => header.rCtl === 0x01);
    expect(data.map(({ header: h, payload }) => [h.seqCnt, h.parameter, payload.length])).toEqual([
      [0, 0, 1000],
      [1, 1000, 1000],
      [2, 2000, 48],
    ]);
    // EXCHANGE_CONTEXT: the responder's; END_SEQUENCE with the last.
    expect(data.map(({ header: h }) => h.fCtl & 0x88_0000)).toEqual([
      0x80_0000, 0x80_0000, 0x88_0000,
    ]);
  });
});

describe('FCP_RSP', () => {
  const rspOf = (cdb: string, rest = {}) => {
    const pair = new FcpPair();
    pair.send(hex(cdb), rest);
    pair.clock.run(SECOND);
    return pair.frames.at(-1)!;
  };

  it('of GOOD is 24 zeros and ends the exchange', () => {
    const { header, payload } = rspOf(TUR);
    expect(toHex(payload)).toBe('00'.repeat(24));
    expect(header.fCtl & 0x18_0000).toBe(0x18_0000);
  });

  it('counts bytes that were not there, and those that had no room', () => {
    expect(toHex(rspOf(read10(0, 1), { dataInBytes: 2048 }).payload)).toBe(
      '00000000000000000000080000000600'.concat('00'.repeat(8)),
    );
    expect(toHex(rspOf(read10(0, 2), { dataInBytes: 512 }).payload.subarray(10, 16))).toBe(
      '040000000200',
    );
  });

  it('carries sense data with its length', () => {
    const { payload } = rspOf(read10(5000, 1), { dataInBytes: 512 });
    expect(toHex(payload.subarray(10, 20))).toBe('0a020000020000000012');
    expect([payload[26], payload[36]]).toEqual([0x05, 0x21]);
  });
});
