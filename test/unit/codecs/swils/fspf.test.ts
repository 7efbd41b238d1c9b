/** Shortest paths. Layout: packet-fcswils.h, RFC 4626; all vectors read alike by tshark 4.0.17. */
import { describe, expect, test } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  FspfLinkType,
  hlo,
  LinkStateFlags,
  LinkStateRecordType,
  linkDescriptor,
  linkStateRecord,
  linkStateRecordHeader,
  lsa,
  lsu,
  switchLinkRecord,
} from '../../../../src/codecs/swils/fspf.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const head = (code: string) => `${code}000000 02 00 00 00 000000 61 0000000000000000`;
const LINK = '00 000062 00 000001 00 000002 01 00 01f4';
const RECORD_HEAD = '01 00 0005 00000000 000000 61 000000 61 80000001 abcd';
const record = {
  type: LinkStateRecordType.SWITCH_LINK,
  ageSeconds: 5,
  linkStateId: 0x61,
  advertisingDomainId: 0x61,
  incarnationNumber: 0x8000_0001,
  checksum: 0xabcd,
};
const link = { linkId: 0x62, outputPortIndex: 1, neighborPortIndex: 2, linkCost: 500 };

test('HLO: every 20 seconds, dead after 80', () => {
  checkFixedVector(hlo, `${head('14')} 00000000 00000014 00000050 000000 62 00 000001`, {
    kind: 'HLO',
    version: 2,
    originatingDomainId: 0x61,
    helloIntervalSeconds: 20,
    deadIntervalSeconds: 80,
    recipientDomainId: 0x62,
    originatingPortIndex: 1,
  });
});

describe('link state records', () => {
  test('a link: neighbour, ports, cost', () => {
    checkFixedVector(linkDescriptor, LINK, { ...link, linkType: FspfLinkType.POINT_TO_POINT });
    expect(FspfLinkType.POINT_TO_POINT).toBe(1);
  });

  test('a header: 24 bytes', () => {
    checkFixedVector(linkStateRecordHeader, `${RECORD_HEAD} 002c`, {
      ...record,
      recordLengthBytes: 44,
    });
  });

  test('all links of a switch: 28 bytes and 16 for each', () => {
    const value = { kind: 'SWITCH_LINK', ...record, links: [link, link] };
    checkVector(
      switchLinkRecord,
      `${RECORD_HEAD} 003c 0000 0002 ${LINK} ${LINK}`,
      {
        ...value,
        recordLengthBytes: 60,
        linkCount: 2,
      },
      value,
    );
    checkVector(linkStateRecord, `${RECORD_HEAD} 001c 0000 0000`, {
      kind: 'SWITCH_LINK',
      ...record,
      links: [],
    });
    expect(LinkStateRecordType).toEqual({ SWITCH_LINK: 1, AREA_SUMMARY: 2 });
  });
});

describe('updates', () => {
  test('LSU carries records, LSA their headers', () => {
    const common = { originatingDomainId: 0x61, flags: LinkStateFlags.DATABASE_EXCHANGE };
    checkVector(lsu, `${head('15')} 000000 01 00000001 ${RECORD_HEAD} 002c 0000 0001 ${LINK}`, {
      kind: 'LSU',
      recordCount: 1,
      ...common,
      records: [{ ...record, kind: 'SWITCH_LINK', links: [link] }],
    });
    checkVector(lsa, `${head('16')} 000000 01 00000001 ${RECORD_HEAD} 002c`, {
      kind: 'LSA',
      recordCount: 1,
      ...common,
      records: [{ ...record, recordLengthBytes: 44 }],
    });
    // swils.lsupdate.flags of tshark.
    expect(LinkStateFlags).toEqual({ DATABASE_EXCHANGE: 1, DATABASE_COMPLETE: 2 });
  });

  test('a link state record of another type is passed over by its length', () => {
    const bytes = lsu.encode({
      originatingDomainId: 1,
      records: [{ kind: 'unknown', raw: parseHex(`02000001${'00'.repeat(18)}001cabcdef01`) }],
    });
    const value = lsu.decode(bytes);
    expect(value.records).toHaveLength(1);
    expect(value.records[0]?.kind).toBe('unknown');
    expect(formatHex(lsu.encode(value))).toBe(formatHex(bytes));
  });
});
