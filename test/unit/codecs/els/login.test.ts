import { describe, expect, test } from 'vitest';
import {
  ClassOptions,
  classParameters,
  complete,
  ElsCommand,
  eDTovNs,
  elsReply,
  elsRequest,
  FlogiAcceptFeatures,
  FlogiFeatures,
  fcpPage,
  flogi,
  flogiAccept,
  loginExtension,
  lsRjt,
  nvmePage,
  PageFlags,
  plogi,
  plogiAccept,
  prli,
  prliAccept,
  prlo,
} from '../../../../src/codecs/els/index.ts';
import {
  CodecError,
  formatHex,
  formatWwn,
  namesOf,
  parseHex,
} from '../../../../src/codecs/layout/index.ts';

// Linux 6.1 initiator: fabric-npiv.pcap frames 4 (FIP FLOGI), 5, 6; values from tshark.
const FLOGI =
  '040000002020000a8000084000000000000000002000525400aa00011000525400aa0001' +
  '0'.repeat(64) +
  `8800${'0'.repeat(28)}${'0'.repeat(64)}`;
const FLOGI_ACCEPT = `0200000020200010b000084000002710000007d010000001f0000001100002fcf0000001${'0'.repeat(64)}8800${'0'.repeat(28)}${'0'.repeat(64)}`;
const PLOGI =
  `030000002020000a8000084000ff001f000007d02000525400aa00011000525400aa0001${'0'.repeat(64)}` +
  `880000000000084000ff000000010000${'0'.repeat(64)}`;

describe('FLOGI', () => {
  test('a Linux request for several N_Port_IDs', () => {
    const value = flogi.decode(parseHex(FLOGI));
    expect(value.kind).toBe('FLOGI');
    expect(value.command).toBe(4);
    expect(value.common.bbCredit).toBe(10);
    expect(value.common.features).toBe(0x8000);
    expect(namesOf(FlogiFeatures, value.common.features)).toEqual(['MULTIPLE_N_PORT_ID_SUPPORT']);
    expect(value.common.bbReceiveDataFieldSizeBytes).toBe(2112);
    expect(formatWwn(value.portName)).toBe('20:00:52:54:00:aa:00:01');
    expect(formatWwn(value.nodeName)).toBe('10:00:52:54:00:aa:00:01');
    expect(namesOf(ClassOptions, value.class3.options)).toEqual(['VALID', 'SEQUENTIAL_DELIVERY']);
    expect(value.class1.options | value.class2.options | value.class4.options).toBe(0);
    expect(value.extension).toBeUndefined();
    expect(formatHex(flogi.encode(value))).toBe(FLOGI);
  });

  test('built from what matters, the rest filled in', () => {
    const bytes = flogi.encode({
      common: {
        highestVersion: 0x20,
        lowestVersion: 0x20,
        bbCredit: 10,
        features: FlogiFeatures.MULTIPLE_N_PORT_ID_SUPPORT,
        bbScN: 0,
        bbReceiveDataFieldSizeBytes: 2112,
        rATovMs: 0,
        eDTov: 0,
      },
      portName: 0x2000525400aa0001n,
      nodeName: 0x1000525400aa0001n,
      class3: complete(classParameters, {
        options: ClassOptions.VALID | ClassOptions.SEQUENTIAL_DELIVERY,
      }),
    });
    expect(formatHex(bytes)).toBe(FLOGI);
  });

  test('accept: the same bits mean clean address and NPIV', () => {
    const value = flogiAccept.decode(parseHex(FLOGI_ACCEPT));
    expect(value.kind).toBe('LS_ACC FLOGI');
    expect(value.common.features).toBe(0xb000);
    expect(namesOf(FlogiAcceptFeatures, value.common.features)).toEqual([
      'CLEAN_ADDRESS',
      'MULTIPLE_N_PORT_ID_ASSIGNMENT',
      'F_PORT',
    ]);
    expect(value.common.rATovMs).toBe(10_000);
    expect(value.common.eDTov).toBe(2000);
    expect(eDTovNs(value.common)).toBe(2_000_000_000);
    expect(formatWwn(value.nodeName)).toBe('10:00:02:fc:f0:00:00:01');
    expect(formatHex(flogiAccept.encode(value))).toBe(FLOGI_ACCEPT);
  });

  test('E_D_TOV in nanoseconds is not multiplied', () => {
    const features = FlogiAcceptFeatures.E_D_TOV_IN_NS;
    expect(eDTovNs({ features, eDTov: 2_000_000_000 })).toBe(2_000_000_000);
  });

  test('the long form is 256 bytes and keeps its extension', () => {
    const long = parseHex(FLOGI + 'a5'.repeat(140));
    const value = flogi.decode(long);
    expect(value.extension?.servicesAvailability).toBe(0xa5a5a5a5a5a5a5a5n);
    expect(value.extension?.clockSynchronizationQos.updatePeriod).toBe(0xa5a5a5a5);
    expect(value.trailing).toBeUndefined();
    expect(formatHex(flogi.encode(value))).toBe(formatHex(long));
    expect(loginExtension.headBytes).toBe(140);
  });

  test('sizes are those of fc_els.h', () => {
    for (const codec of [flogi, flogiAccept, plogi, plogiAccept]) expect(codec.minBytes).toBe(116);
  });
});

describe('PLOGI', () => {
  test('a Linux request', () => {
    const value = plogi.decode(parseHex(PLOGI));
    expect(value.common.features).toBe(0x8000);
    expect(value.common.totalConcurrentSequences).toBe(255);
    expect(value.common.relativeOffsetByCategory).toBe(31);
    expect(value.common.eDTov).toBe(2000);
    expect(value.class3.receiveDataFieldSizeBytes).toBe(2112);
    expect(value.class3.concurrentSequences).toBe(255);
    expect(value.class3.endToEndCredit).toBe(0);
    expect(value.class3.openSequencesPerExchange).toBe(1);
    expect(formatHex(plogi.encode(value))).toBe(PLOGI);
  });
});

describe('PRLI', () => {
  // fabric-npiv.pcap frame 33 and its accept in 35; the second from esxi-cisco frame 48.
  const request = '20100014080020000000000000000000000001a2';
  const accept = '0210001408002100000000000000000000000032';

  test('a Linux initiator', () => {
    const value = prli.decode(parseHex(request));
    expect(value.pageLengthBytes).toBe(16);
    expect(value.payloadLengthBytes).toBe(20);
    const [page] = value.pages;
    expect(page).toMatchObject({
      kind: 'FCP',
      type: 8,
      flags: PageFlags.ESTABLISH_IMAGE_PAIR,
      responseCode: 0,
      serviceParameters: 0x1a2,
    });
    expect(formatHex(prli.encode(value))).toBe(request);
  });

  test('lengths follow from the pages', () => {
    const page = complete(fcpPage, {
      flags: PageFlags.ESTABLISH_IMAGE_PAIR,
      serviceParameters: 0x1a2,
    });
    expect(formatHex(prli.encode({ pages: [page] }))).toBe(request);
    const both = prli.encode({ pages: [page, page] });
    expect(formatHex(both.subarray(0, 4))).toBe('20100024');
  });

  test('a target accepts', () => {
    const value = prliAccept.decode(parseHex(accept));
    expect(value.pages[0]).toMatchObject({ flags: 2, responseCode: 1, serviceParameters: 0x32 });
  });

  test('an NVMe page is 20 bytes long', () => {
    const page = complete(nvmePage, { serviceParameters: 0x20, firstBurstSize: 3 });
    const bytes = prli.encode({ pages: [page] });
    expect(formatHex(bytes)).toBe(`20140018${'2800000000000000000000000000002000000003'}`);
    expect(prli.decode(bytes).pages[0]).toMatchObject({ kind: 'NVMe', firstBurstSize: 3 });
  });

  test('pages that run past the payload are refused', () => {
    const bytes = parseHex(request);
    bytes[3] = 36;
    expect(() => prli.decode(bytes)).toThrow(CodecError);
    bytes[3] = 2;
    expect(() => prli.decode(bytes)).toThrow(CodecError);
  });

  test('pages of no bytes do not loop', () => {
    const bytes = parseHex(request);
    bytes[1] = 0;
    expect(() => prli.decode(bytes)).toThrow(CodecError);
  });

  test('PRLO has pages of the same size', () => {
    const bytes = parseHex('2110001408000000000000000000000000000000');
    expect(prlo.decode(bytes).pages).toHaveLength(1);
    expect(formatHex(prlo.encode(prlo.decode(bytes)))).toBe(formatHex(bytes));
  });
});

describe('replies', () => {
  test('LS_RJT keeps four reserved bytes before its reason', () => {
    const bytes = parseHex('01000000000b0000');
    expect(lsRjt.decode(bytes)).toMatchObject({ reason: 0x0b, explanation: 0, vendorSpecific: 0 });
    expect(elsReply(ElsCommand.RTV).decode(bytes)).toMatchObject({ kind: 'LS_RJT', reason: 0x0b });
    expect(elsRequest.decode(bytes).kind).toBe('LS_RJT');
    expect(formatHex(lsRjt.encode({ reason: 0x0b }))).toBe('01000000000b0000');
  });

  test('a reply is read by the request it answers', () => {
    expect(
      elsReply(ElsCommand.PRLI).decode(parseHex('0210001408002100000000000000000000000032')).kind,
    ).toBe('LS_ACC PRLI');
    expect(elsReply(0xee).decode(parseHex('02000000abcd')).kind).toBe('LS_ACC');
    expect(elsReply(ElsCommand.PRLI).decode(parseHex('7f000000')).kind).toBe('unknown');
  });
});
