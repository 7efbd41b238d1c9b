/** Data and parameter lists of PERSISTENT RESERVE; layout: SPC-5, clause 6, and Linux target_core_pr.c. */
import { describe, expect, test } from 'vitest';
import { type AnyCodec, formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  AccessState,
  AccessStatus,
  allCommandsData,
  type CutData,
  cdb,
  dataIn,
  dataOut,
  oneCommandData,
  persistentReserveOutList,
  ReservationType,
  readFullStatusData,
  readKeysData,
  readReservationData,
  registerAndMoveList,
  reportCapabilitiesData,
  reportLunsData,
  SupportedStates,
  setTargetPortGroupsList,
  standardInquiry,
  supportedTaskManagementData,
  targetPortGroupsData,
  vpd,
} from '../../../../src/codecs/scsi/index.ts';
import { checkEveryLength, checkTiled } from '../every-length.ts';

const hex = (text: string) => text.replaceAll(/\s/g, '');

/** Bytes that decode to a value which encodes to them; every cut is refused or kept. */
function check(codec: AnyCodec, text: string, value: object): void {
  const bytes = parseHex(hex(text));
  expect(codec.decode(bytes)).toMatchObject(value);
  expect(formatHex(codec.encode(value))).toBe(hex(text));
  checkEveryLength(codec, bytes);
  checkTiled(codec, bytes);
}

describe('target port groups', () => {
  // As Linux's target_core_alua lays them out: one optimized group of two ports that is preferred,
  // one group in standby, changed by SET TARGET PORT GROUPS.
  const groups = `
    80 cf 0001 00 00 00 02  0000 0001 0000 0002
    02 0f 0100 00 01 00 01  0000 0081`;
  const list = [
    {
      pref: 1,
      asymmetricAccessState: AccessState.ACTIVE_OPTIMIZED,
      supportedStates:
        SupportedStates.T_SUP |
        SupportedStates.O_SUP |
        SupportedStates.U_SUP |
        SupportedStates.S_SUP |
        SupportedStates.AN_SUP |
        SupportedStates.AO_SUP,
      targetPortGroup: 1,
      targetPorts: [{ relativeTargetPort: 1 }, { relativeTargetPort: 2 }],
    },
    {
      asymmetricAccessState: AccessState.STANDBY,
      supportedStates: 0x0f,
      targetPortGroup: 0x100,
      statusCode: AccessStatus.BY_SET_TARGET_PORT_GROUPS,
      targetPorts: [{ relativeTargetPort: 0x81 }],
    },
  ];

  test('length only header', () => {
    check(targetPortGroupsData, `0000001c ${groups}`, { kind: 'length only', groups: list });
  });

  test('the extended header shifts the list by 4 bytes and tells itself apart', () => {
    check(targetPortGroupsData, `00000020 10 3c 0000 ${groups}`, {
      kind: 'extended',
      implicitTransitionTimeSeconds: 60,
      groups: list,
    });
  });

  test('a group is dropped where the data is cut inside it', () => {
    const whole = parseHex(hex(`0000001c ${groups}`));
    const cut = targetPortGroupsData.decode(whole.subarray(0, 24));
    if (cut.kind !== 'length only') throw new TypeError(cut.kind);
    expect(cut.groups).toHaveLength(1);
    expect(cut.returnDataLengthBytes).toBe(0x1c);
  });

  test('SET TARGET PORT GROUPS', () => {
    check(setTargetPortGroupsList, '00000000 00 00 0001 02 00 0100', {
      groups: [
        { asymmetricAccessState: 0, targetPortGroup: 1 },
        { asymmetricAccessState: 2, targetPortGroup: 0x100 },
      ],
    });
  });
});

describe('persistent reservations', () => {
  const PORT = 0x2000_0025_b500_000fn;
  const fcId = '00 00000000000000 20000025b500000f 0000000000000000';

  test('keys', () => {
    check(readKeysData, '00000007 00000010 0000000000000001 1122334455667788', {
      prgeneration: 7,
      keys: [1n, 0x1122_3344_5566_7788n],
    });
    check(readKeysData, '00000000 00000000', { prgeneration: 0, keys: [] });
  });

  test('reservation: none, or one', () => {
    check(readReservationData, '00000007 00000000', { prgeneration: 7, reservations: [] });
    check(readReservationData, '00000007 00000010 1122334455667788 00000000 00 05 0000', {
      prgeneration: 7,
      reservations: [
        {
          reservationKey: 0x1122_3344_5566_7788n,
          scope: 0,
          type: ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY,
        },
      ],
    });
  });

  test('capabilities', () => {
    // As Linux's target answers: CRH, SIP_C, ATP_C, PTPL_C; TMV, PTPL_A; all six types.
    check(reportCapabilitiesData, '0008 1d 81 ea01 0000', {
      crh: 1,
      sipC: 1,
      atpC: 1,
      ptplC: 1,
      tmv: 1,
      ptplA: 1,
      typeMask: 0xea01,
    });
  });

  test('full status with the TransportID of a Fibre Channel port', () => {
    check(
      readFullStatusData,
      `00000002 00000030 1122334455667788 00000000 01 05 00000000 0002 00000018 ${fcId}`,
      {
        prgeneration: 2,
        descriptors: [
          {
            reservationKey: 0x1122_3344_5566_7788n,
            rHolder: 1,
            type: 5,
            relativeTargetPort: 2,
            transportId: { kind: 'Fibre Channel', portName: PORT },
          },
        ],
      },
    );
  });

  test('parameter list of REGISTER, and with SPEC_I_PT', () => {
    check(persistentReserveOutList, '0000000000000000 1122334455667788 00000000 01 00 0000', {
      reservationKey: 0n,
      serviceActionReservationKey: 0x1122_3344_5566_7788n,
      aptpl: 1,
    });
    check(
      persistentReserveOutList,
      `0000000000000000 0000000000000009 00000000 08 00 0000 00000018 ${fcId}`,
      {
        serviceActionReservationKey: 9n,
        specIPt: 1,
        transportIdData: { transportIds: [{ kind: 'Fibre Channel', portName: PORT }] },
      },
    );
  });

  test('REGISTER AND MOVE to an iSCSI port', () => {
    check(
      registerAndMoveList,
      `0000000000000001 0000000000000002 00 03 0007 0000000c
       05 00 0008 69716e2e61000000`,
      {
        reservationKey: 1n,
        serviceActionReservationKey: 2n,
        unreg: 1,
        aptpl: 1,
        relativeTargetPort: 7,
        transportId: { kind: 'iSCSI', iscsiName: 'iqn.a\0\0\0' },
      },
    );
  });

  test.each([
    ['SAS', '06 000000 5000c5003011cb2b 000000000000000000000000'],
    ['SRP', '04 00000000000000 000102030405060708090a0b0c0d0e0f'],
    ['parallel SCSI', '01 00 0007 0000 0001 00000000000000000000000000000000'],
    ['IEEE 1394', '03 00000000000000 0001020304050607 0000000000000000'],
    ['SOP', '0a 00 0102 0000000000000000000000000000000000000000'],
    ['unknown', '0b 00 0102 0000000000000000000000000000000000000000'],
  ])('TransportID of %s', (kind, text) => {
    const list = hex(`0000000000000000 0000000000000000 00000000 08 00 0000 00000018 ${text}`);
    const { transportIdData } = persistentReserveOutList.decode(parseHex(list));
    expect(transportIdData?.transportIds.map((one) => one.kind)).toEqual([kind]);
    expect(
      formatHex(persistentReserveOutList.encode(persistentReserveOutList.decode(parseHex(list)))),
    ).toBe(list);
  });
});

describe('what is supported', () => {
  test('all commands, with and without time-outs', () => {
    check(
      allCommandsData,
      `0000001c 88 00 0000 00 02 0010 000a 00 00 00000005 0000001e
                a3 00 000a 00 01 000c`,
      {
        commands: [
          {
            operationCode: 0x88,
            ctdp: 1,
            cdbLengthBytes: 16,
            timeouts: {
              nominalCommandProcessingTimeoutSeconds: 5,
              recommendedCommandTimeoutSeconds: 30,
            },
          },
          { operationCode: 0xa3, serviceAction: 10, servactv: 1, cdbLengthBytes: 12 },
        ],
      },
    );
  });

  test('one command', () => {
    check(oneCommandData, '00 03 0006 12 01 ff ff ff 07', {
      support: 3,
      cdbUsageData: parseHex('1201ffffff07'),
    });
    check(oneCommandData, '00 01 0000', { support: 1, cdbUsageData: new Uint8Array(0) });
  });

  test('task management functions, basic and extended', () => {
    check(supportedTaskManagementData, 'd8 00 00 00', { functions: 0xd800 });
    check(supportedTaskManagementData, 'd8 01 00 0c 01 00 8000 00000064 0000000a', {
      functions: 0xd801,
      timeouts: {
        tmftmov: 1,
        shortTimeoutFunctions: 0x8000,
        longTimeout100Ms: 100,
        shortTimeout100Ms: 10,
      },
    });
  });
});

describe('data that an allocation length cuts', () => {
  const asked = (allocationLengthBytes: number, evpd = 0, pageCode = 0) =>
    cdb.decode(cdb.encode({ kind: 'INQUIRY', evpd, pageCode, allocationLengthBytes }));

  test('shorter than what is always there: kept, shown as cut, and only where it may be', () => {
    const whole = standardInquiry.encode({
      t10VendorIdentification: 'SANMOTN',
      productIdentification: 'DISK',
      productRevisionLevel: '0001',
    });
    const five = whole.subarray(0, 5);
    const codec = dataIn(asked(5))!;
    expect(codec.decode(five)).toEqual({ kind: 'cut', raw: five } satisfies CutData);
    expect(codec.encode(codec.decode(five))).toEqual(five);
    expect(codec.spans(five)).toMatchObject([{ path: 'raw', offset: 0, length: 5 }]);
    expect(() => dataIn(asked(36))!.decode(five)).toThrow(/needs 36 bytes/);
    expect(dataIn(asked(36))!.decode(whole)).toMatchObject({ productRevisionLevel: '0001' });
  });

  test('the first 4 bytes of a VPD page, which Linux asks for alone, have their names', () => {
    const page = vpd.encode({ kind: 'unit serial number', productSerialNumber: 'SERIAL01' });
    const four = page.subarray(0, 4);
    expect(dataIn(asked(4, 1, 0x80))!.decode(four)).toMatchObject({
      kind: 'unit serial number',
      pageLengthBytes: 8,
      productSerialNumber: '',
    });
    const limits = vpd.encode({ kind: 'block limits', wsnz: 1 }).subarray(0, 4);
    expect(dataIn(asked(4, 1, 0xb0))!.decode(limits)).toMatchObject({
      kind: 'VPD page',
      pageCode: 0xb0,
      pageLengthBytes: 60,
    });
  });

  test('a list of LUNs keeps the length of the whole list', () => {
    const whole = reportLunsData.encode({ luns: [0n, 1n << 48n, 2n << 48n] });
    const cut = reportLunsData.decode(whole.subarray(0, 20));
    expect(cut.luns).toEqual([0n]);
    expect(cut.lunListLengthBytes).toBe(24);
    expect(reportLunsData.encode(cut)).toEqual(whole.subarray(0, 20));
  });
});

describe('which data a command has', () => {
  const of = (value: Parameters<typeof cdb.encode>[0]) => cdb.decode(cdb.encode(value));

  test('blocks of the medium have no codec', () => {
    const read = of({ kind: 'READ(10)', lba: 0, transferLengthBlocks: 1 });
    expect(dataIn(read)).toBeUndefined();
    expect(dataOut(of({ kind: 'WRITE(10)', lba: 0, transferLengthBlocks: 1 }))).toBeUndefined();
    expect(dataIn(of({ kind: 'TEST UNIT READY' }))).toBeUndefined();
    expect(dataIn({ kind: 'unknown', raw: new Uint8Array(1) })).toBeUndefined();
  });

  test('the service action of PERSISTENT RESERVE chooses', () => {
    const reserveIn = (serviceAction: number) =>
      dataIn(of({ kind: 'PERSISTENT RESERVE IN', serviceAction, allocationLengthBytes: 255 }))
        ?.name;
    expect([0, 1, 2, 3, 4].map(reserveIn)).toEqual([
      'READ KEYS data',
      'READ RESERVATION data',
      'REPORT CAPABILITIES data',
      'READ FULL STATUS data',
      undefined,
    ]);
    const reserveOut = (serviceAction: number) =>
      dataOut(of({ kind: 'PERSISTENT RESERVE OUT', serviceAction, parameterListLengthBytes: 24 }))
        ?.name;
    expect(reserveOut(7)).toBe('REGISTER AND MOVE parameter list');
    expect(reserveOut(0)).toBe('PERSISTENT RESERVE OUT parameter list');
  });
});
