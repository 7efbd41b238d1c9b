/** Building a fabric. Layout: packet-fcswils.h; all vectors read alike by tshark 4.0.17. */
import { describe, expect, test } from 'vitest';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  bf,
  bfAccept,
  dia,
  diaAccept,
  domainIdEntry,
  domainIdRecord,
  EfpRecordType,
  efp,
  efpAccept,
  efpRecord,
  multicastIdRecord,
  rcf,
  rcfAccept,
  rdi,
  rdiAccept,
  SwitchPriority,
} from '../../../../src/codecs/swils/fabric.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const SWITCH = '1000000533270001';
const NAME = 0x1000_0005_3327_0001n;

describe('EFP', () => {
  test('records of 16 bytes by their type', () => {
    checkFixedVector(domainIdRecord, `01 61 000000000000 ${SWITCH}`, {
      kind: 'DOMAIN_ID',
      domainId: 0x61,
      switchName: NAME,
    });
    checkFixedVector(multicastIdRecord, `02 05 ${'00'.repeat(14)}`, {
      kind: 'MULTICAST_ID',
      groupNumber: 5,
    });
    const unknown = parseHex(`0961000000000000${SWITCH}`);
    expect(efpRecord.decode(unknown)).toEqual({ kind: 'unknown', raw: unknown });
    expect(EfpRecordType).toEqual({ DOMAIN_ID: 1, MULTICAST_ID: 2 });
  });

  test('who is principal, who has which domain', () => {
    const value = {
      recordLengthBytes: 16,
      payloadLengthBytes: 48,
      principalSwitchPriority: SwitchPriority.IS_PRINCIPAL,
      principalSwitchName: NAME,
      records: [
        { kind: 'DOMAIN_ID', domainId: 0x61, switchName: NAME },
        { kind: 'MULTICAST_ID', groupNumber: 5 },
      ],
    };
    const { recordLengthBytes: _record, payloadLengthBytes: _payload, ...input } = value;
    const body = `10 0030 000000 02 ${SWITCH} 01 61 000000000000 ${SWITCH} 02 05 ${'00'.repeat(14)}`;
    checkVector(efp, `11 ${body}`, { kind: 'EFP', ...value }, input);
    checkVector(efpAccept, `02 ${body}`, { kind: 'SW_ACC EFP', ...value }, input);
    expect(SwitchPriority).toEqual({ HIGHEST: 1, IS_PRINCIPAL: 2, INCAPABLE: 0xff });
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
});

describe('domains', () => {
  test('DIA: ask for yours now', () => {
    checkFixedVector(dia, `12000000 ${SWITCH} 00000000`, { kind: 'DIA', switchName: NAME });
    checkFixedVector(diaAccept, `02000000 ${SWITCH} 00000000`, {
      kind: 'SW_ACC DIA',
      switchName: NAME,
    });
  });

  test('RDI: which are wanted, which are granted', () => {
    checkFixedVector(domainIdEntry, '000000 61', { domainId: 0x61 });
    const value = { switchName: NAME, domains: [{ domainId: 0x61 }, { domainId: 0 }] };
    checkVector(rdi, `13 00 0014 ${SWITCH} 00000061 00000000`, {
      kind: 'RDI',
      payloadLengthBytes: 20,
      ...value,
    });
    checkVector(rdiAccept, `02 00 0014 ${SWITCH} 00000061 00000000`, {
      kind: 'SW_ACC RDI',
      ...value,
    });
  });

  test('BF and RCF say it by their code', () => {
    checkFixedVector(bf, '17000000', { kind: 'BF' });
    checkFixedVector(rcf, '18000000', { kind: 'RCF' });
    checkFixedVector(bfAccept, '02000000', { kind: 'SW_ACC BF' });
    checkFixedVector(rcfAccept, '02000000', { kind: 'SW_ACC RCF' });
  });
});
