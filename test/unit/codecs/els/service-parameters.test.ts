/** Service parameters: the masks of tshark 4.0.17 (fcels.cmn.*, fcels.cls.*, fcels.logi.*) and of Linux' fc_els.h. */
import { describe, expect, test } from 'vitest';
import {
  ClassOptions,
  classParameters,
  clockSyncQos,
  eDTovNs,
  FlogiAcceptFeatures,
  FlogiFeatures,
  flogiAcceptServiceParameters,
  flogiServiceParameters,
  InitiatorControl,
  loginExtension,
  noClass,
  PlogiFeatures,
  plogiServiceParameters,
  RecipientControl,
} from '../../../../src/codecs/els/service-parameters.ts';
import { nameOf, namesOf } from '../../../../src/codecs/layout/names.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('common service parameters', () => {
  test('bit 8000 of the common features has three meanings', () => {
    expect(nameOf(FlogiFeatures, 0x8000)).toBe('MULTIPLE_N_PORT_ID_SUPPORT');
    expect(nameOf(FlogiAcceptFeatures, 0x8000)).toBe('CLEAN_ADDRESS');
    expect(nameOf(PlogiFeatures, 0x8000)).toBe('CONTINUOUSLY_INCREASING_RELATIVE_OFFSET');
    expect(FlogiAcceptFeatures.MULTIPLE_N_PORT_ID_ASSIGNMENT).toBe(0x2000);
    expect(FlogiAcceptFeatures.F_PORT).toBe(0x1000);
    expect(PlogiFeatures.VALID_VENDOR_VERSION_LEVEL).toBe(0x2000);
  });

  test('features: FC_SP_FT_* of fc_els.h; tshark shows the same masks', () => {
    expect(PlogiFeatures).toMatchObject({
      CONTINUOUSLY_INCREASING_RELATIVE_OFFSET: 0x8000,
      RANDOM_RELATIVE_OFFSET: 0x4000,
      VALID_VENDOR_VERSION_LEVEL: 0x2000,
      F_PORT: 0x1000,
      ALTERNATE_BB_CREDIT: 0x0800,
      E_D_TOV_IN_NS: 0x0400,
      MULTICAST: 0x0200,
      QUERY_BUFFER_CONDITIONS: 0x0040,
      SECURITY: 0x0020,
      CLOCK_SYNCHRONIZATION: 0x0010,
      DYNAMIC_HALF_DUPLEX: 0x0004,
      CONTINUOUSLY_INCREASING_SEQ_CNT: 0x0002,
      PAYLOAD_256_BYTES: 0x0001,
    });
    expect(FlogiFeatures).toMatchObject({
      BROADCAST: 0x0100,
      HUNT_GROUP: 0x0080,
      R_T_TOV_100_US: 8,
    });
    expect(FlogiFeatures.VIRTUAL_FABRICS).toBe(0x4000);
    expect(FlogiAcceptFeatures.VIRTUAL_FABRICS).toBe(0x4000);
  });

  test('E_D_TOV in nanoseconds is not multiplied', () => {
    const features = FlogiAcceptFeatures.E_D_TOV_IN_NS;
    expect(eDTovNs({ features, eDTov: 2_000_000_000 })).toBe(2_000_000_000);
  });

  test('of Linux and a switch: fabric-npiv.pcap, frames 4 to 6', () => {
    expectVector(flogiServiceParameters, '2020000a800008400000000000000000', {
      bbCredit: 10,
      features: FlogiFeatures.MULTIPLE_N_PORT_ID_SUPPORT,
      bbScN: 0,
      bbReceiveDataFieldSizeBytes: 2112,
    });
    expectVector(flogiAcceptServiceParameters, '20200010b000084000002710000007d0', {
      rATovMs: 10_000,
      eDTov: 2000,
    });
    expectVector(plogiServiceParameters, '2020000a8000084000ff001f000007d0', {
      totalConcurrentSequences: 255,
      relativeOffsetByCategory: 31,
      eDTov: 2000,
    });
    // BB_SC_N stands in the four bits in front of the size: fcels.logi.bbscnum, fcels.logi.rcvsize.
    expect(
      flogiServiceParameters.encode({
        bbCredit: 0,
        features: 0,
        bbScN: 5,
        bbReceiveDataFieldSizeBytes: 2112,
      })[6],
    ).toBe(0x58);
  });
});

describe('class service parameters', () => {
  test('of Linux and a switch: options, controls, sizes, credits', () => {
    expectVector(classParameters, '880000000000084000ff000000010000', {
      options: ClassOptions.VALID | ClassOptions.SEQUENTIAL_DELIVERY,
      receiveDataFieldSizeBytes: 2112,
      concurrentSequences: 255,
      openSequencesPerExchange: 1,
    });
    // esxi-cisco/fcoe1-both.pcap, frame 17, class 2: X_ID interlock, 1 sequence, credit 1.
    expectVector(classParameters, '80000000200008000001000100010000', {
      recipientControl: RecipientControl.X_ID_INTERLOCK,
      concurrentSequences: 1,
      endToEndCredit: 1,
    });
    expect(noClass).toEqual(classParameters.decode(new Uint8Array(16)));
  });

  test('masks: fcels.cls.*, fcels.logi.initctl.*, fcels.logi.rcptctl.*', () => {
    // INTERMIX and CAMP_ON as FC_CPC_* of fc_els.h; DEDICATED_SIMPLEX by FC-PH, bit 26 of the word.
    expect(ClassOptions).toEqual({
      VALID: 0x8000,
      INTERMIX: 0x4000,
      SEQUENTIAL_DELIVERY: 0x0800,
      DEDICATED_SIMPLEX: 0x0400,
      CAMP_ON: 0x0200,
      PRIORITY: 0x0080,
      PREFERENCE: 0x0040,
    });
    expect(InitiatorControl).toMatchObject({
      INITIAL_PROCESS_ASSOCIATOR_SUPPORTED: 0x1000,
      ACK_0: 0x0800,
      ACK_GENERATION_ASSISTANCE: 0x0200,
      CLOCK_SYNCHRONIZATION: 0x0010,
    });
    expect(RecipientControl).toMatchObject({
      ACK_0: 0x8000,
      X_ID_INTERLOCK: 0x2000,
      ERROR_POLICY_PROCESS: 0x1000,
      CLOCK_SYNCHRONIZATION: 0x0008,
    });
  });

  test('categories of a sequence: 0 one, 1 two, 3 more than two (fcels.logi.rcptctl.category)', () => {
    const { TWO_CATEGORIES_PER_SEQUENCE: two, MANY_CATEGORIES_PER_SEQUENCE: many } =
      RecipientControl;
    expect([two >> 8, many >> 8]).toEqual([1, 3]);
    expect(namesOf(RecipientControl, 0x0300)).toContain('MANY_CATEGORIES_PER_SEQUENCE');
  });
});

describe('the long form of a login', () => {
  test('adds 140 bytes: services, a length, 120 reserved, clock synchronization', () => {
    expectVector(clockSyncQos, '01 02 03 04 00000005', {
      mode: 1,
      accuracy: 2,
      implementedMsb: 3,
      implementedLsb: 4,
      updatePeriod: 5,
    });
    const hex = `8000000000000001 00000000 ${'00'.repeat(120)} 0102030400000005`;
    expectEncoded(
      loginExtension,
      {
        servicesAvailability: 0x8000_0000_0000_0001n,
        clockSynchronizationQos: {
          mode: 1,
          accuracy: 2,
          implementedMsb: 3,
          implementedLsb: 4,
          updatePeriod: 5,
        },
        loginExtensionData: new Uint8Array(0),
      },
      hex,
    );
  });
});
