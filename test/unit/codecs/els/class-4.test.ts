/** Virtual circuits: bytes written from the layouts of FC-PH-2 that Agilent's FCStruct.h has, and of drive manuals. */
import { describe, expect, test } from 'vitest';
import { circuitEnd, circuitStatus, qosr, qosrAccept } from '../../../../src/codecs/els/class-4.ts';
import { ElsCommand } from '../../../../src/codecs/els/codes.ts';
import { elsAccept } from '../../../../src/codecs/els/family.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { sameRequest as same } from '../../../helpers/els.ts';
import { expectVector } from '../../../helpers/vector.ts';

const END = (id: string) => `${id}0000001100000022000000330000084${'0'}${'00'.repeat(12)}`;

describe('virtual circuits', () => {
  test('QoSR: both ends, then credits', () => {
    expect(same(`4000000000000000${END('07010203')}${END('09040506')}0012${'0034'}`)).toMatchObject(
      {
        kind: 'QoSR',
        initiator: {
          vcId: 7,
          nPortId: 0x01_0203,
          maximumBandwidth: 0x11,
          minimumBandwidth: 0x22,
          maximumDelay: 0x33,
          dataFieldSize: 0x840,
        },
        recipient: { vcId: 9, nPortId: 0x04_0506 },
        liveVcCreditLimit: 0x12,
        endToEndCredit: 0x34,
      },
    );
  });

  test('RVCS: a port; its circuits', () => {
    expect(same('4100000000010203')).toMatchObject({ kind: 'RVCS', nPortId: 0x01_0203 });
    const bytes = parseHex('0200000000000000070102030904050608010203 0a040507');
    expect(elsAccept(ElsCommand.RVCS).decode(bytes)).toMatchObject({
      kind: 'LS_ACC RVCS',
      circuits: [
        { initiatorVcId: 7, initiatorId: 0x01_0203, recipientVcId: 9, recipientId: 0x04_0506 },
        { initiatorVcId: 8, initiatorId: 0x01_0203, recipientVcId: 10, recipientId: 0x04_0507 },
      ],
    });
  });

  test('are of fixed size: 76 bytes, 32 for each end, 8 for each status', () => {
    const ends = `${END('07010203')}${END('09040506')}`;
    expectVector(qosr, `4000000000000000${ends}00120034`, { kind: 'QoSR' });
    expectVector(qosrAccept, `0200000000000000${ends}00120034`, { kind: 'LS_ACC QoSR' });
    expectVector(circuitEnd, END('07010203'), { vcId: 7, minimumBandwidth: 0x22 });
    expectVector(circuitStatus, '0701020309040506', { initiatorVcId: 7, recipientId: 0x04_0506 });
  });
});
