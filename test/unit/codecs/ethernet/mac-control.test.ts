/** PAUSE and PFC. Layout: IEEE 802.3, annex 31B; 802.1Q; Wireshark 4.0.17, packet-maccontrol.c. */
import { describe, expect, it } from 'vitest';
import {
  MAC_CONTROL_DESTINATION,
  MacControlOpcode,
  macControl,
  PAUSE_QUANTUM_BITS,
  pause,
  pfc,
} from '../../../../src/codecs/ethernet/mac-control.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

describe('MAC control', () => {
  it('reads PAUSE and keeps the padding', () => {
    const bytes = new Uint8Array(46);
    bytes.set([0x00, 0x01, 0xff, 0xfe]);
    const value = macControl.decode(bytes);
    expect(value).toMatchObject({ kind: 'PAUSE', quanta: 0xfffe });
    expect(macControl.encode(value)).toEqual(bytes);
    expect(pause.encode({ quanta: 0xfffe })).toEqual(parseHex('0001 fffe'));
  });

  it('reads PFC: priority 3 stopped, priority 4 let go', () => {
    const bytes = parseHex('0101 0018 0000 0000 0000 ffff 0000 0000 0000 0000');
    const value = macControl.decode(bytes);
    expect(value).toMatchObject({
      kind: 'PFC',
      classEnableVector: 0x18,
      quanta: [0, 0, 0, 0xffff, 0, 0, 0, 0],
    });
    expect(pfc.encode({ classEnableVector: 0x18, quanta: [0, 0, 0, 0xffff, 0, 0, 0, 0] })).toEqual(
      bytes,
    );
    for (let length = 2; length < bytes.length; length++)
      expect(() => macControl.decode(bytes.subarray(0, length))).toThrow(CodecError);
  });

  it('keeps an unknown opcode', () => {
    const bytes = parseHex('1234 5678');
    expect(macControl.decode(bytes)).toEqual({ kind: 'unknown', raw: bytes });
  });

  it('has the numbers of the standard', () => {
    expect(MacControlOpcode).toEqual({ PAUSE: 1, PFC: 257 });
    expect(MAC_CONTROL_DESTINATION).toBe('01:80:c2:00:00:01');
    expect(PAUSE_QUANTUM_BITS).toBe(512);
  });

  it('a PAUSE is 4 bytes, a PFC frame 20: one number of quanta for each priority', () => {
    checkVector(pause, '0001 0000', { kind: 'PAUSE', quanta: 0 });
    checkVector(pfc, '0101 00ff 0001 0002 0003 0004 0005 0006 0007 0008', {
      kind: 'PFC',
      classEnableVector: 0xff,
      quanta: [1, 2, 3, 4, 5, 6, 7, 8],
    });
  });
});
