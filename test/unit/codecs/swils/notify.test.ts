/** Notifications between switches. Layout: packet-fcswils.h; read alike by tshark 4.0.17. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  DetectionFunction,
  deviceEntry,
  drlir,
  drlirAccept,
  dscn,
  dscnAccept,
  loopd,
  loopdAccept,
  SwRscnAddressFormat,
  SwRscnPortState,
  swRscn,
  swRscnAccept,
} from '../../../../src/codecs/swils/notify.ts';
import { checkFixedVector, checkRead, checkVector } from '../../../helpers/vector.ts';

const DEVICE = '01 610203 2000000533270001 1000000533270001';
const device = {
  portState: SwRscnPortState.ONLINE,
  portId: 0x61_0203,
  portName: 0x2000_0005_3327_0001n,
  nodeName: 0x1000_0005_3327_0001n,
};

describe('SW_RSCN', () => {
  test('a port of domain 61h came, and who is behind it', () => {
    checkFixedVector(deviceEntry, DEVICE, device);
    checkVector(swRscn, `1b000000 10 610200 00000001 00000001 ${DEVICE}`, {
      kind: 'SW_RSCN',
      portState: SwRscnPortState.ONLINE,
      addressFormat: SwRscnAddressFormat.PORT,
      affectedPortId: 0x61_0200,
      detectionFunction: DetectionFunction.FABRIC,
      deviceCount: 1,
      devices: [device],
    });
    checkFixedVector(swRscnAccept, '02000000', { kind: 'SW_ACC SW_RSCN' });
  });

  test('state and format share a byte', () => {
    expect(swRscn.decode(parseHex('1b00000023610000' + '00000002' + '00000000'))).toMatchObject({
      portState: SwRscnPortState.OFFLINE,
      addressFormat: SwRscnAddressFormat.FABRIC,
      detectionFunction: DetectionFunction.N_PORT,
    });
  });

  test('an old switch counts devices that it does not list', () => {
    checkRead(swRscn, '1b000000 20 610000 00000001 00000003', { deviceCount: 3, devices: [] });
  });

  test('codes are those of tshark: swils.rscn.evtype, .addrfmt, .detectfn', () => {
    expect(SwRscnPortState).toEqual({ NO_ADDITIONAL_INFORMATION: 0, ONLINE: 1, OFFLINE: 2 });
    expect(SwRscnAddressFormat).toEqual({ PORT: 0, AREA: 1, DOMAIN: 2, FABRIC: 3 });
    expect(DetectionFunction).toEqual({ FABRIC: 1, N_PORT: 2 });
  });
});

test('services that nobody lays out keep their payload', () => {
  checkVector(drlir, '1e000000 0a', { kind: 'DRLIR', payload: parseHex('0a') });
  checkFixedVector(drlirAccept, '02000000', { kind: 'SW_ACC DRLIR' });
  checkVector(dscn, '20000000 0b', { kind: 'DSCN', payload: parseHex('0b') });
  checkVector(dscnAccept, '02000000 0c', { kind: 'SW_ACC DSCN', payload: parseHex('0c') });
  checkVector(loopd, '21000000 0d', { kind: 'LOOPD', payload: parseHex('0d') });
  checkVector(loopdAccept, '02000000 0e', { kind: 'SW_ACC LOOPD', payload: parseHex('0e') });
});
