/** Links between switches. Bytes: fc-raw/0001-elp.fc, an ELP of a Brocade switch; packet-fcswils.h. */
import { describe, expect, test } from 'vitest';
import { formatHex, formatWwn, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  ClassFFlags,
  classFParameters,
  ElpClassOptions,
  ElpFlags,
  EscProtocol,
  elp,
  elpAccept,
  elpClassParameters,
  esc,
  escAccept,
  IslFlowControlMode,
  protocolDescriptor,
  rRdyParameters,
  swEvfp,
  swEvfpAccept,
} from '../../../../src/codecs/swils/link.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import { captureFile, haveCaptures } from '../../../helpers/fc-payloads.ts';
import { checkFixedVector, checkRead, checkVector } from '../../../helpers/vector.ts';

const CLASSES = `
  8000 0000 0000 0840 0001 0001 0001 0000
  0000 0000  8800 0840  8800 0840  ${'00'.repeat(20)}`;

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
});

describe('ELP', () => {
  const names = '20 10 00 05 33 27 de b5  10 00 00 05 33 27 de b5';
  const value = {
    rATovMs: 10_000,
    eDTovMs: 2000,
    portName: 0x2010_0005_3327_deb5n,
    switchName: 0x1000_0005_3327_deb5n,
    classF: {
      options: ElpClassOptions.VALID,
      receiveDataFieldSizeBytes: 2112,
      concurrentSequences: 1,
      endToEndCredit: 1,
      openSequencesPerExchange: 1,
    },
    class2: { options: 0x8800, receiveDataFieldSizeBytes: 2112 },
    class3: { options: 0x8800, receiveDataFieldSizeBytes: 2112 },
  };

  test('the captured link with flow control by R_RDY: 16 credits', () => {
    const hex = `10000000 03 0000 00 00002710 000007d0 ${names} ${CLASSES}
      0002 0014 00000010 ${'00'.repeat(16)}`;
    checkVector(elp, hex, {
      kind: 'ELP',
      ...value,
      islFlowControlMode: IslFlowControlMode.R_RDY,
      flowControlLengthBytes: 20,
      rRdy: { bbCredit: 16 },
    });
    checkRead(elpAccept, hex.replace('10000000', '02000000'), { kind: 'SW_ACC ELP', ...value });
  });

  test('another mode keeps its parameters as bytes', () => {
    checkVector(
      elp,
      `10000000 02 8000 03 00002710 000007d0 ${names} ${CLASSES} 0001 0004 00000010`,
      {
        ...value,
        revision: 2,
        flags: ElpFlags.BRIDGE_PORT,
        bbScN: 3,
        islFlowControlMode: IslFlowControlMode.VENDOR_UNIQUE,
        flowControlParameters: parseHex('00000010'),
      },
    );
  });

  test('its parts: 16, 4 and 20 bytes', () => {
    checkFixedVector(classFParameters, '8000 0000 2000 0840 0001 0002 0003 0000', {
      options: 0x8000,
      flags: ClassFFlags.X_ID_INTERLOCK,
      receiveDataFieldSizeBytes: 2112,
      concurrentSequences: 1,
      endToEndCredit: 2,
      openSequencesPerExchange: 3,
    });
    checkFixedVector(elpClassParameters, '8800 0840', {
      options: ElpClassOptions.VALID | ElpClassOptions.SEQUENTIAL_DELIVERY,
      receiveDataFieldSizeBytes: 2112,
    });
    checkFixedVector(rRdyParameters, `00000010 ${'00'.repeat(16)}`, { bbCredit: 16 });
  });
});

describe('ESC', () => {
  const vendor = '42524f4341444520';

  test('a vendor and the protocols it speaks', () => {
    checkFixedVector(protocolDescriptor, `${vendor} 0000 0002`, {
      vendorId: 'BROCADE ',
      protocolId: EscProtocol.FSPF,
    });
    checkVector(esc, `30 00 0024 ${vendor} ${vendor} 0000 0001 ${vendor} 0000 0002`, {
      kind: 'ESC',
      payloadLengthBytes: 36,
      vendorId: 'BROCADE ',
      protocols: [
        { vendorId: 'BROCADE ', protocolId: 1 },
        { vendorId: 'BROCADE ', protocolId: 2 },
      ],
    });
  });

  test('the answer chooses one', () => {
    checkFixedVector(escAccept, `02000000 ${vendor} ${vendor} 0000 0002`, {
      kind: 'SW_ACC ESC',
      vendorId: 'BROCADE ',
      protocol: { vendorId: 'BROCADE ', protocolId: EscProtocol.FSPF },
    });
    expect(EscProtocol).toEqual({ 'FSPF-Backbone': 1, FSPF: 2 });
  });
});

describe('EVFP', () => {
  test('a message behind the first word, both ways', () => {
    const message = '01 01 0007 1000000533270001 0000 0004 01020304';
    const value = {
      message: {
        revision: 1,
        messageCode: 1,
        transactionId: 7,
        coreName: 0x1000_0005_3327_0001n,
        content: { payload: parseHex('01020304') },
      },
    };
    checkVector(swEvfp, `36000000 ${message}`, { kind: 'EVFP', ...value });
    checkVector(swEvfpAccept, `02000000 ${message}`, { kind: 'SW_ACC EVFP', ...value });
  });
});
