/** RLS, RPS, RPL, RPSC: what tshark 4.0.17 reads (fcels.*), and the structures of Linux' fc_els.h. */
import { describe, expect, test } from 'vitest';
import {
  fcoeLesb,
  lesb,
  lPortExtension,
  PortStatus,
  portNumberBlock,
  portSpeedEntry,
  RpsAcceptFlags,
  RpsPortSelection,
  rls,
  rlsAccept,
  rpl,
  rplAccept,
  rps,
  rpsAccept,
  rpsc,
  rpscAccept,
} from '../../../../src/codecs/els/link-status.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const LESB = '00000001 00000002 00000003 00000004 00000005 00000006';
const counters = {
  linkFailures: 1,
  lossesOfSynchronization: 2,
  lossesOfSignal: 3,
  primitiveSequenceErrors: 4,
  invalidTransmissionWords: 5,
  invalidCrcs: 6,
};

describe('RLS', () => {
  test('asks for a port, and is told six counters in the order of fc_els_lesb', () => {
    expectVector(rls, '0f000000 00010203', { portId: 0x01_0203 });
    expectVector(rlsAccept, `02000000 ${LESB}`, { lesb: counters });
    expectVector(lesb, LESB, counters);
    // FC-BB-5: an FCoE port fills the same words with counts of its own.
    expectVector(fcoeLesb, LESB, {
      linkFailures: 1,
      virtualLinkFailures: 2,
      missedFipKeepAlives: 3,
      symbolErrors: 4,
      erroredBlocks: 5,
      fcsErrors: 6,
    });
  });
});

describe('RPS', () => {
  const LOOP = `00001234 00000007 00000011 00000012 00000013 00000014 00000015 00000016`;
  const loop = {
    lPortStatus: 0x1234,
    lipAlPs: 7,
    lipF7Initiated: 17,
    lipF7Received: 18,
    lipF8Initiated: 19,
    lipF8Received: 20,
    lipResetInitiated: 21,
    lipResetReceived: 22,
  };

  test('names a port: Flag 0x02 and its name (tshark)', () => {
    expectVector(rps, '56000002 2000525400aa0001', {
      flag: RpsPortSelection.PORT_NAME,
      portSelection: 0x2000_5254_00aa_0001n,
    });
    expect(RpsPortSelection).toEqual({ D_ID: 0, PHYSICAL_PORT_NUMBER: 1, PORT_NAME: 2 });
  });

  test('accept: status, counters, and the L_Port extension where the flag says so', () => {
    // tshark: Point-to-Point Connection | Fabric Detected; L_Port Status 0x1234, LIP AL_PS 7, counts.
    const portStatus = PortStatus.POINT_TO_POINT | PortStatus.FABRIC_DETECTED;
    expectVector(rpsAccept, `02000001 00000028 ${LESB} ${LOOP}`, {
      flags: RpsAcceptFlags.L_PORT_EXTENSION_VALID,
      portStatus,
      lesb: counters,
      lPortExtension: loop,
    });
    expectVector(rpsAccept, `02000000 00000028 ${LESB}`, {
      portStatus,
      lPortExtension: undefined,
    });
    expectVector(lPortExtension, LOOP, loop);
    expectEncoded(rpsAccept, { portStatus, lesb: counters }, `02000000 00000028 ${LESB}`);
    // fcels.portstatus: single bits and their sums.
    expect(Object.values(PortStatus)).toEqual([0x20, 0x10, 0x08, 0x04, 0x02, 0x01]);
  });
});

describe('RPL', () => {
  test('asks from an index on: Max Size 256, Index 3 (tshark)', () => {
    expectVector(rpl, '57000000 00000100 00000003', { maxSizeWords: 256, index: 3 });
  });

  test('accept: Payload Length 28, List Length 5, Index 3 (tshark), then blocks of 16 bytes', () => {
    const block = { physicalPortNumber: 9, portId: 0x01_0203, portName: 0x2000_5254_00aa_0001n };
    const BLOCK = '00000009 00010203 2000525400aa0001';
    expectVector(
      rplAccept,
      `0200001c 00000005 00000003 ${BLOCK}`,
      { payloadLengthBytes: 28, listLength: 5, index: 3, ports: [block] },
      17,
    );
    expectVector(portNumberBlock, BLOCK, block);
    expectEncoded(rplAccept, { ports: [block] }, `0200001c 00000001 00000000 ${BLOCK}`);
  });
});

describe('RPSC', () => {
  test('speeds of a port: 1, 2, 4 and 10 Gb supported, 1 Gb in use (tshark)', () => {
    expectVector(rpsc, '7d000000', { kind: 'RPSC' });
    expectVector(rpscAccept, '02000001 f0008000', {
      entryCount: 1,
      entries: [{ capabilities: 0xf000, operatingSpeed: 0x8000 }],
    });
    expectVector(portSpeedEntry, '04000400', { capabilities: 0x0400, operatingSpeed: 0x0400 });
  });
});
