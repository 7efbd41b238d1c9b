import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFcoeFrame } from '../../../../src/codecs/fcoe/frame.ts';
import { fcpCmnd } from '../../../../src/codecs/fcp/cmnd.ts';
import { Conversation, EXCHANGES_MAX_DEFAULT } from '../../../../src/codecs/frame/conversation.ts';
import { decodeFrame } from '../../../../src/codecs/frame/decode.ts';
import type { ExchangeRecord } from '../../../../src/codecs/frame/requests.ts';
import { read10, write10 } from '../../../../src/codecs/scsi/index.ts';

function record(sId: number, dId: number, oxId: number, code = 4): ExchangeRecord {
  const none = { subCode: undefined, gsType: undefined, gsSubtype: undefined, command: undefined };
  return { sId, dId, oxId, type: 1, code, ...none };
}

const header = {
  rCtl: 0x23,
  csCtl: 0,
  type: 1,
  seqId: 0,
  dfCtl: 0,
  seqCnt: 0,
  rxId: 0,
  parameter: 0,
};

describe('Conversation', () => {
  it('finds a request by originator, responder and OX_ID, from either end', () => {
    const conversation = new Conversation();
    const one = record(0x01_0101, 0x02_0202, 7);
    conversation.open(one);
    expect(conversation.find(0x01_0101, 0x02_0202, 7)).toEqual(one);
    expect(conversation.find(0x02_0202, 0x01_0101, 7)).toBeUndefined();
    expect(conversation.find(0x01_0101, 0x02_0202, 8)).toBeUndefined();
    const reply = { ...header, sId: 0x02_0202, dId: 0x01_0101, oxId: 7, fCtl: 0x99_0000 };
    expect(conversation.of(reply)).toEqual(one);
    const data = { ...header, sId: 0x01_0101, dId: 0x02_0202, oxId: 7, fCtl: 0x09_0008 };
    expect(conversation.of(data)).toEqual(one);
  });

  it('finds a login that came from 000000h by its accept to the new N_Port_ID', () => {
    const conversation = new Conversation();
    const flogi = record(0, 0xff_fffe, 1);
    conversation.open(flogi);
    const accept = { ...header, sId: 0xff_fffe, dId: 0x01_0e01, oxId: 1, fCtl: 0x99_0000 };
    expect(conversation.of(accept)).toEqual(flogi);
  });

  it('forgets the oldest first, and never a newer one with the same ids', () => {
    const conversation = new Conversation({ exchangesMax: 3 });
    const again = record(1, 2, 0, 5);
    conversation.open(record(1, 2, 0));
    conversation.open(record(1, 2, 1));
    conversation.open(again);
    conversation.open(record(1, 3, 2));
    expect(conversation.find(1, 2, 0)).toEqual(again);
    conversation.open(record(1, 3, 3));
    expect(conversation.find(1, 2, 1)).toBeUndefined();
    expect(conversation.find(1, 2, 0)).toEqual(again);
    conversation.open(record(1, 3, 4));
    expect(conversation.find(1, 2, 0)).toBeUndefined();
    expect(conversation.find(1, 3, 2)).toBeDefined();
    expect(conversation.size).toBe(3);
  });

  it('remembers just what a plain list of the last requests would', () => {
    const ids = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(6));
    const exchangesMax = fc.constantFrom(1, 3, 64, 100, 1000);
    fc.assert(
      fc.property(exchangesMax, fc.array(ids, { maxLength: 400 }), (max, opened) => {
        const conversation = new Conversation({ exchangesMax: max });
        const list: ExchangeRecord[] = [];
        for (const [sId, dId, oxId] of opened) {
          const one = record(sId, dId, oxId, list.length);
          list.push(one);
          conversation.open(one);
          const kept = list.slice(-max);
          expect(conversation.size).toBe(kept.length);
          for (const asked of [one, list[0]!, list.at(-max)!, list.at(-max - 1)]) {
            if (asked === undefined) continue;
            const { sId: from, dId: to, oxId: id } = asked;
            const last = kept.findLast((k) => k.sId === from && k.dId === to && k.oxId === id);
            expect(conversation.find(from, to, id)).toEqual(last);
          }
        }
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('finds each of many requests', () => {
    const conversation = new Conversation();
    const records = Array.from({ length: 70_000 }, (_, i) =>
      record(0x01_0000 | (i % 97), 0x02_0000 | (i % 13), i & 0xffff, i),
    );
    for (const one of records) conversation.open(one);
    const kept = records.slice(-EXCHANGES_MAX_DEFAULT);
    const codeOf = (one: ExchangeRecord) => conversation.find(one.sId, one.dId, one.oxId)?.code;
    expect(kept.every((one) => codeOf(one) === one.code)).toBe(true);
    const forgotten = new Set(records.slice(0, -EXCHANGES_MAX_DEFAULT).map(({ code }) => code));
    const found = records.slice(0, -EXCHANGES_MAX_DEFAULT).map(codeOf);
    expect(found.some((code) => code !== undefined && forgotten.has(code))).toBe(false);
  });

  it('keeps of each command what its answers need, whatever becomes of its bytes', () => {
    const conversation = new Conversation();
    const ports = { sId: 0x01_0101, dId: 0x02_0202 };
    const cdbs = Array.from({ length: 700 }, (_, i) =>
      (i % 2 === 0 ? read10 : write10).encode({ lba: i, transferLengthBlocks: 1 }),
    );
    cdbs.forEach((cdb, i) => {
      const frame = encodeFcoeFrame({
        destination: '0e:fc:00:02:02:02',
        source: '0e:fc:00:01:01:01',
        sof: 0x2e,
        eof: 0x42,
        header: { rCtl: 6, ...ports, type: 8, fCtl: 0x29_0000, oxId: i },
        payload: fcpCmnd.encode({ lun: BigInt(i) << 48n, cdb, fcpDl: 512 + i }),
      });
      decodeFrame(frame, { conversation });
      frame.fill(0xee);
    });
    cdbs.forEach((cdb, i) => {
      const found = conversation.find(ports.sId, ports.dId, i);
      expect(found?.code).toBeUndefined();
      const command = found?.command;
      expect(command?.name).toBe(i % 2 === 0 ? 'READ(10)' : 'WRITE(10)');
      expect([command?.lun, command?.fcpDl]).toEqual([BigInt(i) << 48n, 512 + i]);
      expect(command?.cdb).toEqual(Uint8Array.of(...cdb, 0, 0, 0, 0, 0, 0));
    });
  });

  it('refuses a limit of nothing', () => {
    expect(() => new Conversation({ exchangesMax: 0 })).toThrow(RangeError);
  });
});
