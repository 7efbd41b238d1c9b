import { describe, expect, test } from 'vitest';
import { CodecError, formatHex, formatWwn, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  EnhancedCommit,
  efp,
  elp,
  essCapability,
  lsu,
  mr,
  SwIlsCommand,
  SwRjtReason,
  sfc,
  swIlsAccept,
  swIlsAccepts,
  swIlsReply,
  swIlsRequest,
  swIlsRequests,
  zoningMember,
} from '../../../../src/codecs/swils/index.ts';
import { checkEveryLength, checkTiled } from '../every-length.ts';
import { captureFile, haveCaptures } from '../fc-payloads.ts';

/** Open-FCoE's fc_ils.h (from FC-SW-4) and packet-fcswils.h. */
const COMMANDS =
  'SW_RJT 01 SW_ACC 02 ELP 10 EFP 11 DIA 12 RDI 13 HLO 14 LSU 15 LSA 16 BF 17 RCF 18 SW_RSCN 1b DRLIR 1e DSCN 20 LOOPD 21 MR 22 ' +
  'ACA 23 RCA 24 SFC 25 UFC 26 CEC 29 ENHANCED_COMMIT 2a ESC 30 ESS 31 MRRA 34 STR 35 EVFP 36 AUTH_ILS 40 FFI 50';

describe('SW_ILS codes', () => {
  test('commands', () => {
    const words = COMMANDS.split(' ');
    const expected = words.flatMap((word, i) =>
      i % 2 === 0 ? [[word, Number.parseInt(words[i + 1]!, 16)]] : [],
    );
    expect(Object.entries(SwIlsCommand)).toEqual(expected);
    expect(Object.values(EnhancedCommit)).toEqual([1, 2, 3, 4, 5]);
    expect(Object.values(SwRjtReason)).toEqual([1, 2, 3, 4, 5, 7, 9, 0x0b, 0x0c, 0xff]);
  });

  test('every command has a codec of its name', () => {
    for (const name of Object.keys({ ...SwIlsCommand, ...EnhancedCommit })) {
      if (name === 'SW_ACC' || name === 'ENHANCED_COMMIT') continue;
      expect(swIlsRequests[name as keyof typeof swIlsRequests]?.kind, name).toBe(name);
    }
    for (const [name, codec] of Object.entries(swIlsAccepts))
      expect(codec.kind).toBe(`SW_ACC ${name}`);
  });

  test('the enhanced commit services are told apart by the second byte', () => {
    const request = swIlsRequest.decode(parseHex('2a03000001020304'));
    expect(request).toMatchObject({ kind: 'EUFC', subCommand: 3 });
    expect(swIlsAccept(0x2a, 3).kind).toBe('SW_ACC EUFC');
    expect(swIlsRequest.decode(parseHex('2a770000')).kind).toBe('unknown');
    expect(swIlsReply(0x2a, 1).decode(parseHex('02000000')).kind).toBe('SW_ACC EACA');
  });
});

describe.skipIf(!haveCaptures)('payloads of switches (skipped without ../shared/captures)', () => {
  test('ELP of a Brocade switch', () => {
    // Values from the capture's own golden text.
    const bytes = captureFile('fc-raw/0001-elp.fc');
    const value = elp.decode(bytes);
    expect(value).toMatchObject({
      kind: 'ELP',
      revision: 2,
      flags: 0,
      bbScN: 0,
      rATovMs: 10_000,
      eDTovMs: 2000,
      islFlowControlMode: 1,
      flowControlLengthBytes: 80,
    });
    expect(formatWwn(value.portName)).toBe('20:10:00:05:33:27:de:b5');
    expect(formatWwn(value.switchName)).toBe('10:00:00:05:33:27:de:b5');
    expect(value.classF).toMatchObject({
      options: 0x8000,
      receiveDataFieldSizeBytes: 2112,
      concurrentSequences: 1,
    });
    expect(value.class2).toMatchObject({ options: 0x8800, receiveDataFieldSizeBytes: 2112 });
    expect(value.class3).toMatchObject({ options: 0x8800, receiveDataFieldSizeBytes: 2112 });
    expect(formatHex(value.flowControlParameters.subarray(0, 8))).toBe('0000001000000840');
    expect(formatHex(elp.encode(value))).toBe(formatHex(bytes));
    checkTiled(elp, bytes);
    expect(checkEveryLength(elp, bytes)).toBe(1);
  });

  test('SW_RJT', () => {
    const bytes = captureFile('fc-raw/0002-rjt.fc');
    const value = swIlsRequest.decode(bytes);
    expect(value).toMatchObject({ kind: 'SW_RJT', reason: 9, explanation: 0x19 });
    expect(formatHex(swIlsRequest.encode(value))).toBe(formatHex(bytes));
  });
});

describe('SW_ILS by hand', () => {
  const zone = {
    type: 2,
    name: 'zone',
    members: [{ kind: 'N_PORT_NAME', portName: 0x2000_0000_0000_0001n }],
  } as const;

  test('MR: lengths count a name of five characters with its fill', () => {
    const bytes = mr.encode({ active: { name: 'seta5', objects: [zone] } });
    const expected = [
      '2200002c', // 12 + 4 + 12 + 4 + 12 bytes
      '05000000' + '7365746135000000', // name 'seta5' and three bytes of fill
      '00000001', // one object
      '02000000' + '04000000' + '7a6f6e65', // zone 'zone'
      '00000001' + '01000008' + '2000000000000001', // one member
      '00000000', // no full zone set
    ].join('');
    expect(formatHex(bytes)).toBe(expected);
    expect(mr.decode(bytes).active?.objects[0]?.members).toMatchObject([
      { kind: 'N_PORT_NAME', portName: 0x2000_0000_0000_0001n },
    ]);
    checkEveryLength(mr, bytes);
    checkTiled(mr, bytes);
  });

  test('MR of enhanced zoning keeps its bytes', () => {
    const bytes = parseHex('22010004aabbccdd00112233');
    const value = mr.decode(bytes);
    expect(value.protocolVersion).toBe(1);
    expect(formatHex(value.enhanced)).toBe('aabbccdd00112233');
    expect(formatHex(mr.encode(value))).toBe(formatHex(bytes));
  });

  test('SFC: a zone set holds zones, a zone holds members', () => {
    const bytes = sfc.encode({
      operation: 3,
      zoneSet: { name: 'set1', objects: [{ type: 1, name: 'set1', zones: [zone] }] },
    });
    const [set] = sfc.decode(bytes).zoneSet!.objects;
    expect(set?.zones?.[0]?.members).toHaveLength(1);
    expect(set?.members).toBeUndefined();
    checkEveryLength(sfc, bytes);
    checkTiled(sfc, bytes);
  });

  test('zone members say their own length; strange ones stay bytes', () => {
    expect(zoningMember.decode(parseHex('0200000400030021'))).toMatchObject({
      kind: 'DOMAIN_PORT',
      domainId: 3,
      portNumber: 0x21,
    });
    expect(zoningMember.decode(parseHex('0100000400030021')).kind).toBe('unknown');
    expect(zoningMember.decode(parseHex('7700000400030021')).kind).toBe('unknown');
  });

  test('EFP with records of no bytes does not loop', () => {
    const bytes = efp.encode({
      principalSwitchPriority: 2,
      principalSwitchName: 1n,
      records: [{ kind: 'DOMAIN_ID', domainId: 1, switchName: 1n }],
    });
    bytes[1] = 0;
    expect(() => efp.decode(bytes)).toThrow(CodecError);
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

  test('a vendor capability object has its own shape', () => {
    const bytes = parseHex(`e0000008${'41'.repeat(8)}${'01'.repeat(8)}`);
    expect(essCapability.decode(bytes)).toMatchObject({ kind: 'VENDOR', vendorId: 'AAAAAAAA' });
  });
});
