/** Mode pages of every device and of Fibre Channel; SPC-5, 7.5; FCP-4, 10; codes: tshark -G values. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  control,
  controlExtension,
  disconnectReconnect,
  fcLogicalUnit,
  fcPort,
  informationalExceptions,
  Mrie,
  powerCondition,
  Qerr,
  QueueAlgorithm,
  RrTovUnits,
  TaskSetType,
  UaInterlock,
} from '../../../../src/codecs/scsi/mode-pages-primary.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

test('disconnect-reconnect: bursts of 512 bytes over Fibre Channel', () => {
  checkFixedVector(disconnectReconnect, '02 0e 01 02 0003 0004 0005 0006 dd 00 0007', {
    kind: 'disconnect-reconnect',
    bufferFullRatio: 1,
    bufferEmptyRatio: 2,
    busInactivityLimit: 3,
    disconnectTimeLimit: 4,
    connectTimeLimit: 5,
    maximumBurstSize: 6,
    emdp: 1,
    fairArbitration: 5,
    dimm: 1,
    dtdc: 5,
    firstBurstSize: 7,
  });
});

describe('control', () => {
  test('as Linux target_core_spc.c sends it: unrestricted reordering, TAS, busy without end', () => {
    checkFixedVector(control, '0a 0a 02 10 00 40 0000 ffff 001e', {
      kind: 'control',
      pageLengthBytes: 10,
      gltsd: 1,
      queueAlgorithmModifier: QueueAlgorithm.UNRESTRICTED,
      tas: 1,
      busyTimeoutPeriod100Ms: 0xffff,
      extendedSelfTestCompletionTimeSeconds: 30,
    });
  });

  test('each flag has its bit', () => {
    const of = (bytes: string) => control.decode(parseHex(`0a0a${bytes}000000000000`));
    expect(of('35' + '0e' + 'b8' + 'b5')).toMatchObject({
      tst: TaskSetType.ONE_PER_NEXUS,
      tmfOnly: 1,
      dpicz: 0,
      dSense: 1,
      gltsd: 0,
      rlec: 1,
      queueAlgorithmModifier: 0,
      nuar: 1,
      qerr: Qerr.ABORT_OF_THE_NEXUS,
      vendorSpecific: 1,
      rac: 0,
      uaIntlckCtrl: UaInterlock.KEEP_AND_ESTABLISH,
      swp: 1,
      ato: 1,
      tas: 0,
      atmpe: 1,
      rwwp: 1,
      sblp: 0,
      autoloadMode: 5,
    });
    expect(of('08' + '02' + '60' + '48')).toMatchObject({
      dpicz: 1,
      qerr: Qerr.ABORT_ALL,
      rac: 1,
      uaIntlckCtrl: UaInterlock.KEEP,
      swp: 0,
      ato: 0,
      tas: 1,
      atmpe: 0,
      sblp: 1,
    });
  });

  test('extension: IALUAE in bit 0, priority behind it', () => {
    checkFixedVector(controlExtension, `4a 01 001c 05 03 fc ${'00'.repeat(25)}`, {
      kind: 'control extension',
      pageLengthBytes: 28,
      dlc: 0,
      tcmos: 1,
      scsip: 0,
      ialuae: 1,
      initialCommandPriority: 3,
      maximumSenseDataLengthBytes: 252,
    });
  });
});

describe('Fibre Channel', () => {
  test('logical unit: EPDC', () => {
    checkFixedVector(fcLogicalUnit, '18 06 00 01 00000000', {
      kind: 'FC logical unit',
      protocolIdentifier: 0,
      epdc: 1,
    });
  });

  test('port: flags, and RR_TOV', () => {
    checkFixedVector(fcPort, '19 06 00 a5 0000 03 14', {
      kind: 'FC port',
      dtfd: 1,
      plpb: 0,
      ddis: 1,
      dlm: 0,
      rha: 0,
      alwi: 1,
      dtipe: 0,
      dtoli: 1,
      rrTovUnits: RrTovUnits.MS_100,
      rrTov: 20,
    });
  });
});

test('power condition: 12 bytes of old, timers in 100 ms', () => {
  checkVector(powerCondition, '1a 0a 41 0b 00000064 000000c8', {
    kind: 'power condition',
    pmBgPrecedence: 1,
    standbyY: 1,
    idleC: 1,
    idleB: 0,
    idleA: 1,
    standbyZ: 1,
    idleATimer100Ms: 100,
    standbyZTimer100Ms: 200,
    otherTimers: new Uint8Array(0),
  });
  expect(powerCondition.decode(parseHex(`1a260004${'00'.repeat(36)}`))).toMatchObject({
    idleB: 1,
    idleA: 0,
    standbyZ: 0,
  });
});

test('informational exceptions', () => {
  checkFixedVector(informationalExceptions, '1c 0a 98 06 00000064 00000002', {
    kind: 'informational exceptions control',
    perf: 1,
    ebf: 0,
    ewasc: 1,
    dexcpt: 1,
    test: 0,
    ebackerr: 0,
    logerr: 0,
    mrie: Mrie.ON_REQUEST,
    intervalTimer100Ms: 100,
    reportCount: 2,
  });
  expect(informationalExceptions.decode(parseHex(`1c0a27${'00'.repeat(9)}`))).toMatchObject({
    perf: 0,
    ebf: 1,
    ewasc: 0,
    dexcpt: 0,
    test: 1,
    ebackerr: 1,
    logerr: 1,
  });
});

test('codes of scsi.mode.tst, .qmod, .mrie, scsi.spc.modepage.rr_tov_units', () => {
  expect(TaskSetType).toEqual({ ONE_FOR_ALL: 0, ONE_PER_NEXUS: 1 });
  expect(QueueAlgorithm).toEqual({ RESTRICTED: 0, UNRESTRICTED: 1 });
  expect(Object.values(Mrie)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(RrTovUnits).toEqual({ NONE: 0, MS_1: 1, MS_100: 3, SECONDS_10: 5 });
  expect(Qerr).toEqual({ CONTINUE: 0, ABORT_ALL: 1, ABORT_OF_THE_NEXUS: 3 });
  expect(UaInterlock).toEqual({ CLEAR: 0, KEEP: 2, KEEP_AND_ESTABLISH: 3 });
});
