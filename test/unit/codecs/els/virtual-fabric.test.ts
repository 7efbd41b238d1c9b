/** EVFP: the message as the Hitachi hfcldd driver has it (hfc_cmn_evfp), the descriptors of FC-LS, EVFP_SYNC. */
import { describe, expect, test } from 'vitest';
import { elsRequest } from '../../../../src/codecs/els/family.ts';
import { evfp } from '../../../../src/codecs/els/other.ts';
import {
  EvfpDescriptorControl,
  EvfpDescriptorType,
  EvfpMessage,
  evfpSync,
  portVfIdDescriptor,
  TaggingStatus,
  taggingStatusDescriptor,
  vfIdListDescriptor,
} from '../../../../src/codecs/els/virtual-fabric.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const NAME = '10000000c9aabb01';
const TAGGING = '0101000400000003';
const PORT_VF_ID = '0102000400000064';
const VF_IDS = `01030200${'80'.padEnd(1024, '0')}`;

describe('EVFP', () => {
  test('EVFP_SYNC: version, message, transaction, name, length, descriptors', () => {
    const payload = TAGGING + PORT_VF_ID + VF_IDS;
    const bytes = parseHex(`7f00000001011234${NAME}00000214${payload}`);
    const value = elsRequest.decode(bytes);
    expect(value).toMatchObject({
      kind: 'EVFP',
      message: {
        revision: 1,
        messageCode: 1,
        transactionId: 0x1234,
        coreName: 0x1000_0000_c9aa_bb01n,
        content: { payloadLengthBytes: 532, payload: parseHex(payload) },
      },
    });
    expect(formatHex(elsRequest.encode(value))).toBe(formatHex(bytes));
    expect(evfpSync.decode(parseHex(payload)).descriptors).toMatchObject([
      { kind: 'TAGGING_ADMINISTRATIVE_STATUS', control: 1, status: 3 },
      { kind: 'PORT_VF_ID', vfId: 100 },
      { kind: 'LOCALLY_ENABLED_VF_ID_LIST' },
    ]);
  });

  test('a vendor’s descriptor: its identifier, then its data', () => {
    const hex = `02f1000c${Buffer.from('BROCADE ').toString('hex')}01020304`;
    const value = evfpSync.decode(parseHex(hex));
    expect(value.descriptors).toMatchObject([
      { kind: 'VENDOR_SPECIFIC', control: 2, type: 0xf1, vendorId: 'BROCADE ' },
    ]);
    expect(formatHex(evfpSync.encode(value))).toBe(hex);
    const [kept] = evfpSync.decode(parseHex('02f1000411223344')).descriptors;
    expect(kept).toMatchObject({ kind: 'unknown' });
    const made = { kind: 'VENDOR_SPECIFIC', vendorId: 'BROCADE ', data: parseHex('0102') } as const;
    expect(formatHex(evfpSync.encode({ descriptors: [made] })).slice(0, 8)).toBe('01f0000a');
  });

  test('EVFP_COMMIT carries nothing', () => {
    const message = { messageCode: 2, transactionId: 7, coreName: 1n };
    const content = { payload: new Uint8Array(0) };
    expect(formatHex(evfp.encode({ message: { ...message, content } }))).toBe(
      '7f00000001020007000000000000000100000000',
    );
  });

  test('one cut behind the name shows the name', () => {
    const bytes = parseHex(`7f00000001020007${NAME}`);
    const value = evfp.decode(bytes);
    expect(value.message).toMatchObject({ messageCode: 2, coreName: 0x1000_0000_c9aa_bb01n });
    expect(value.message?.content).toBeUndefined();
    expect(formatHex(evfp.encode(value))).toBe(formatHex(bytes));
  });

  test('EVFP_COMMIT of a port: its content says that it has none', () => {
    const value = evfp.decode(parseHex(`7f000000 01020007 ${NAME} 00000000`));
    expect(value.message?.content).toMatchObject({ payloadLengthBytes: 0 });
  });

  test('codes are those of FC-SW-6, as the SW_ILS has them too', () => {
    expect(EvfpMessage).toEqual({ EVFP_SYNC: 1, EVFP_COMMIT: 2 });
    expect(Object.values(EvfpDescriptorType)).toEqual([1, 2, 3, 0xf0]);
    expect(EvfpDescriptorControl).toEqual({ CRITICAL: 1, NON_CRITICAL: 2 });
    expect(TaggingStatus).toEqual({ PROHIBITED: 1, PERMITTED: 2, NEGOTIATE: 3 });
  });

  test('descriptors stand alone: 8, 8 and 516 bytes', () => {
    expectVector(taggingStatusDescriptor, TAGGING, { status: TaggingStatus.NEGOTIATE });
    expectVector(portVfIdDescriptor, PORT_VF_ID, { vfId: 100 });
    expectEncoded(portVfIdDescriptor, { vfId: 100 }, PORT_VF_ID);
    expect(vfIdListDescriptor.decode(parseHex(VF_IDS)).vfIds[0]).toBe(0x80);
    expect(vfIdListDescriptor.minBytes).toBe(516);
  });
});
