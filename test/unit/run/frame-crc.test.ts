/** Which frames the digest of a run may take by head and end, and that this hides nothing. */
import { describe, expect, it } from 'vitest';
import { RCtl } from '../../../src/codecs/fc/index.ts';
import { Eof, encodeFcoeFrame, Sof } from '../../../src/codecs/fcoe/index.ts';
import { fcCrcCoversFrom } from '../../../src/run/frame-crc.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { Recorder } from '../../helpers/sim-machines.ts';

/** An FCP data frame with this payload. */
const frameOf = (payload: Uint8Array) =>
  encodeFcoeFrame({
    destination: '0e:fc:00:01:00:02',
    source: '0e:fc:00:01:00:01',
    vlan: { vid: 100 },
    sof: Sof.SOFi3,
    eof: Eof.EOFt,
    header: {
      rCtl: RCtl['Solicited Data'],
      dId: 0x010002,
      sId: 0x010001,
      type: 8,
      fCtl: 0,
      oxId: 1,
    },
    payload,
  });

const digestOf = (frame: Uint8Array): string => {
  const simulator = new Simulator({ vouchedFrom: fcCrcCoversFrom });
  const left = new Recorder();
  simulator.addNode('left', left);
  simulator.addNode('right', new Recorder());
  simulator.connect({ node: 'left', port: 0 }, { node: 'right', port: 0 });
  left.outputs.push({ port: 0, send: frame, given: false });
  simulator.run();
  return simulator.digest();
};

const payload = Uint8Array.from({ length: 1444 }, (_, i) => i * 37);
/** As long as an FCP_CMND's. */
const shortPayload = payload.subarray(0, 32);

describe('a frame that ends with an FC CRC', () => {
  it('is an FCoE frame with or without tag, and no other', () => {
    const frame = frameOf(payload);
    expect(fcCrcCoversFrom(frame)).toBe(32);
    expect(fcCrcCoversFrom(Uint8Array.of(...frame.subarray(0, 12), ...frame.subarray(16)))).toBe(
      28,
    );
    const other = frame.slice();
    other.set([0x89, 0x14], 16);
    expect(fcCrcCoversFrom(other)).toBe(other.length);
    for (const length of [0, 13, 63, frame.length - 1]) {
      expect(fcCrcCoversFrom(frame.subarray(0, length)), `${length} bytes`).toBe(length);
    }
  });

  it('is none behind several tags', () => {
    const frame = frameOf(payload);
    const many = Uint8Array.of(...frame.subarray(0, 16), ...frame.subarray(12));
    expect(fcCrcCoversFrom(many)).toBe(many.length);
  });

  it.each([
    ['long', payload],
    ['short', shortPayload],
  ])(
    'changes the digest with every byte of its %s payload, and of what lies around it',
    (_, payload) => {
      const frame = frameOf(payload);
      const seen = new Set([digestOf(frame)]);
      for (let at = 0; at < payload.length; at++) {
        const changed = payload.slice();
        changed[at]! ^= 1;
        seen.add(digestOf(frameOf(changed)));
      }
      expect(seen.size).toBe(payload.length + 1);
      const around = [
        ...Array(32).keys(),
        ...Array.from({ length: 8 }, (_, i) => frame.length - 1 - i),
      ];
      for (const at of around) {
        const changed = frame.slice();
        changed[at]! ^= 1;
        seen.add(digestOf(changed));
      }
      expect(seen.size).toBe(payload.length + 1 + around.length);
    },
  );
});
