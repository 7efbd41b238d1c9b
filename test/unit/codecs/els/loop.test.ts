/** LINIT and LSTS: what tshark 4.0.17 reads (fcels.*). */
import { describe, expect, test } from 'vitest';
import {
  LinitStatus,
  LoopState,
  linit,
  linitAccept,
  lsts,
  lstsAccept,
} from '../../../../src/codecs/els/loop.ts';
import { expectVector } from '../../../helpers/vector.ts';

describe('LINIT', () => {
  test('the bytes of the LIP to send; how it ended', () => {
    expectVector(linit, '70000000 0001f7ab', {
      initializationFunction: 1,
      lipByte3: 0xf7,
      lipByte4: 0xab,
    });
    expectVector(linitAccept, '02000000 00000002', { status: LinitStatus.FAILURE });
    expect(LinitStatus).toEqual({ SUCCESS: 1, FAILURE: 2 });
  });
});

describe('LSTS', () => {
  test('Failed Receiver 0x01, FC-FLA Level 2, Online, then the maps (tshark)', () => {
    expectVector(lsts, '72000000', { kind: 'LSTS' });
    const maps = `${'11'.repeat(16)} ${'22'.repeat(16)} ${'33'.repeat(128)}`;
    expectVector(lstsAccept, `02000000 00010201 ${maps}`, {
      failedReceiver: 1,
      complianceLevel: 2,
      loopState: LoopState.ONLINE,
      publicLoopDevices: new Uint8Array(16).fill(0x11),
      privateLoopDevices: new Uint8Array(16).fill(0x22),
      alPaPositionMap: new Uint8Array(128).fill(0x33),
    });
    // fcels.loopstate.
    expect(LoopState).toEqual({
      ONLINE: 1,
      LOOP_FAILURE: 2,
      INITIALIZATION_FAILURE: 3,
      INITIALIZING: 4,
    });
  });
});
