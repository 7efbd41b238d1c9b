/** I19 in whole runs: senders that damage a frame, or send more than its receiver takes, and sound ones. */
import { afterEach, expect, test } from 'vitest';
import { ElsCommand } from '../../../src/codecs/els/index.ts';
import type { HostEvent } from '../../../src/host/host.ts';
import { Rport } from '../../../src/port/n-port/rport.ts';
import type { World } from '../../../src/scenario/build.ts';
import { fcOf, fcpOf, hostOf, onPoll, run, withPayload } from '../../helpers/audited-run.ts';

const ELS_REQUEST = 0x22;
/** Places of the receive data field sizes in a PLOGI: buffer-to-buffer, and of class 3. */
const SIZES_AT = [10, 74];
const SMALL_BYTES = 1024;
const DATA = 0x01;

/** What I19 found, and what else was found. */
function found(mutant: Parameters<typeof run>[0]) {
  const violated = run(mutant).verdict.filter(({ result }) => result === 'violated');
  return violated.map(({ detail, invariant }) => `${invariant}: ${detail}`);
}

/** Hosts that take small frames alone, and say so. */
function takeSmall(world: World): void {
  for (const host of world.hosts.values()) {
    onPoll<HostEvent>(host, (output) => {
      const fc = 'send' in output ? fcOf(output.send) : undefined;
      if (fc === undefined || !('send' in output)) return [output];
      if (fc.rCtl !== ELS_REQUEST || fc.payload[0] !== ElsCommand.PLOGI) return [output];
      const send = withPayload(output.send, fc.place, (payload) => {
        const view = new DataView(payload.buffer, payload.byteOffset);
        for (const at of SIZES_AT) view.setUint16(at, SMALL_BYTES);
      });
      return [{ ...output, send }];
    });
  }
}

const heed = Rport.prototype.handlePlogi;
afterEach(() => {
  Rport.prototype.handlePlogi = heed;
});

test('a target that heeds what hosts say they take', () => {
  expect(found({ make: () => {}, setUp: takeSmall })).toEqual([]);
});

test('a target that heeds it not', () => {
  Rport.prototype.handlePlogi = function (names) {
    heed.call(this, names, 2112);
  };
  const [first, ...others] = found({ make: () => {}, setUp: takeSmall });
  expect(first).toMatch(/^I19: .*payload of 2112 bytes, its receiver takes 1024/);
  expect(others).toEqual([]);
});

test('a host that sends a frame with a wrong CRC', () => {
  const make = (world: World): void => {
    let left = 1;
    onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
      const fc = 'send' in output ? fcpOf(output.send, DATA) : undefined;
      if (fc === undefined || !('send' in output) || left-- <= 0) return [output];
      const send = output.send.slice();
      send[fc.place.payloadAt]! ^= 1;
      return [{ ...output, send }];
    });
  };
  expect(found({ make })[0]).toMatch(/^I19: .*wrong FC CRC/);
});

test('a frame that a fault damages on its way accuses nobody', () => {
  const faults = [50, 400, 900].map((frame) => ({ frame, fault: 'corrupt' }) as const);
  expect(found({ make: () => {}, faults })).toEqual([]);
});
