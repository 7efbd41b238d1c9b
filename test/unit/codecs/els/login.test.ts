/** FLOGI, FDISC, PLOGI, PDISC and their accepts: sessions of Linux, ESXi and a Cisco switch. */
import { describe, expect, test } from 'vitest';
import { ElsCommand } from '../../../../src/codecs/els/codes.ts';
import {
  fdisc,
  fdiscAccept,
  flogi,
  flogiAccept,
  pdisc,
  pdiscAccept,
  plogi,
  plogiAccept,
} from '../../../../src/codecs/els/login.ts';
import { complete } from '../../../../src/codecs/els/parts.ts';
import {
  ClassOptions,
  classParameters,
  eDTovNs,
  FlogiAcceptFeatures,
  FlogiFeatures,
  loginExtension,
} from '../../../../src/codecs/els/service-parameters.ts';
import { namesOf } from '../../../../src/codecs/layout/names.ts';
import { formatHex, formatWwn, parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectVector } from '../../../helpers/vector.ts';

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

  test('of the Cisco switch to ESXi, accepted: esxi-cisco/fcoe1-both.pcap, frames 16 and 17', () => {
    const zeros = '00'.repeat(16);
    expectVector(
      plogi,
      `03000000 2020000a8000084000ff001f00001770 2000001b21847463 1000001b21847463
        ${zeros} ${zeros} 880000000000084000ff000000010000 ${zeros} ${zeros}`,
      {
        common: { bbCredit: 10, eDTov: 6000, totalConcurrentSequences: 255 },
        portName: 0x2000_001b_2184_7463n,
        nodeName: 0x1000_001b_2184_7463n,
        class3: { options: 0x8800, receiveDataFieldSizeBytes: 2112 },
      },
    );
    expectVector(
      plogiAccept,
      `02000000 200600088000080000010000000007d0 21fa000533d727c2 1000000533d727c2
        ${zeros} 80000000200008000001000100010000 80000000000008000001000000010000 ${zeros} ${zeros}`,
      {
        kind: 'LS_ACC PLOGI',
        common: { highestVersion: 0x20, lowestVersion: 6, bbCredit: 8, eDTov: 2000 },
        portName: 0x21fa_0005_33d7_27c2n,
        class1: { options: 0 },
        class2: { options: 0x8000, recipientControl: 0x2000, endToEndCredit: 1 },
        class3: { options: 0x8000, receiveDataFieldSizeBytes: 2048 },
      },
    );
  });
});

describe('each login', () => {
  // Behind its first byte a message is the one that it is modelled on.
  test.each([
    ['FDISC', fdisc, ElsCommand.FDISC, FLOGI],
    ['LS_ACC FDISC', fdiscAccept, ElsCommand.LS_ACC, FLOGI_ACCEPT],
    ['PDISC', pdisc, ElsCommand.PDISC, PLOGI],
    ['LS_ACC PDISC', pdiscAccept, ElsCommand.LS_ACC, PLOGI],
    ['LS_ACC PLOGI', plogiAccept, ElsCommand.LS_ACC, PLOGI],
  ] as const)('%s', (kind, by, command, model) => {
    const code = command.toString(16).padStart(2, '0');
    expectVector(by, code + model.slice(2), { kind, command, class3: { options: 0x8800 } });
  });
});
