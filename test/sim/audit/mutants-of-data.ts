/** Machines that are broken in what they do with I/O and its data: I1 to I12. */
import type { HostEvent } from '../../../src/host/host.ts';
import { Task } from '../../../src/scsi/target/nexus.ts';
import {
  type FcParts,
  fcOf,
  fcpOf,
  hostOf,
  type Mutant,
  onPoll,
  opcodeOf,
  withMove,
  withOxId,
  withPayload,
  withWorkload,
  wrapMedia,
} from '../../helpers/audited-run.ts';

const COMPARE_AND_WRITE = 0x89;
const READ_10 = 0x28;
const ORDERED = 2;
const SIMPLE = 0;
const BLOCK_BYTES = 512;
const RESID_UNDER = 0x08;
const NO_CDB = new Uint8Array(16);
const NO_SINK = { enabled() {}, answered() {}, cleared() {} };

/** The answer to a COMPARE AND WRITE, once. */
function loseCompareAnswer() {
  let oxId: number | undefined;
  let left = 1;
  return (frame: Uint8Array): boolean => {
    const command = fcpOf(frame, 0x06);
    if (command !== undefined && opcodeOf(command) === COMPARE_AND_WRITE) oxId ??= command.oxId;
    const response = fcpOf(frame, 0x07);
    const hit = left > 0 && response !== undefined && response.oxId === oxId;
    if (hit) left--;
    return hit;
  };
}

/** A host that asks for order with every eighth command. */
function askForOrder(world: Parameters<Mutant['make']>[0]): void {
  let count = 0;
  onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
    const fc = 'send' in output ? fcpOf(output.send, 0x06) : undefined;
    if (fc === undefined || !('send' in output)) return [output];
    count++;
    if (count % 8 !== 0) return [output];
    const send = withPayload(output.send, fc.place, (payload) => {
      payload[9] = (payload[9]! & 0xf8) | ORDERED;
    });
    return [{ ...output, send }];
  });
}

export const mutantsOfData: Readonly<Record<string, Mutant>> = {
  I1: {
    make(world) {
      let left = 1;
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        if (!('event' in output) || output.event.type !== 'io-complete' || left === 0)
          return [output];
        left--;
        return [output, output];
      });
    },
    also: ['I2'],
  },
  I2: {
    make(world) {
      const reads = new Set<number>();
      let early: number | undefined;
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        if (!('event' in output)) return [output];
        const { event } = output;
        if (event.type === 'io-submit' && event.op === 'read') reads.add(event.io);
        if (event.type === 'io-complete' && event.io === early) return [];
        if (event.type !== 'io-sent' || early !== undefined || !reads.has(event.io))
          return [output];
        early = event.io;
        const { vm, io } = event;
        return [output, { event: { type: 'io-complete', vm, io, result: 'good' } }];
      });
    },
  },
  I3: {
    make(world) {
      const host = hostOf(world, 'h1');
      const take = host.takeGuest.bind(host);
      host.takeGuest = (token) => {
        const carried = take(token);
        if (carried !== undefined) carried.guest.pending.length = 0;
        return carried;
      };
    },
    // What hangs is a pause without an end, too.
    also: ['I1', 'I29'],
  },
  I4: {
    make() {},
    tune: withWorkload({ compareAndWritePercent: 60, readPercent: 10, retryNonIdempotent: true }),
    rules: () => [
      { matches: loseCompareAnswer(), action: { kind: 'drop' }, name: 'the answer is lost' },
    ],
  },
  I5: {
    make(world) {
      let left = 3;
      onPoll(world.array, (output) => {
        const fc = 'send' in output ? fcpOf(output.send, 0x07) : undefined;
        if (fc === undefined || !('send' in output) || left === 0 || fc.payload[11] !== 0)
          return [output];
        left--;
        const send = withPayload(output.send, fc.place, (payload) => {
          payload[10]! |= RESID_UNDER;
          payload[14] = BLOCK_BYTES >> 8;
        });
        return [{ ...output, send }];
      });
    },
  },
  I6: {
    make(world) {
      let count = 0;
      wrapMedia(world, (medium) => ({
        write: (lba, data) => {
          count++;
          if (count % 50 !== 0) medium.write(lba, data);
        },
      }));
    },
    tune: withWorkload({ readPercent: 0 }),
  },
  I7: {
    make(world) {
      const { device } = world.array;
      const unit = device.units[0]!;
      let ghost: { lba: number; data: Uint8Array } | undefined;
      const write = unit.medium.write.bind(unit.medium);
      unit.medium.write = (lba, data) => {
        ghost = { lba, data: data.slice() };
        write(lba, data);
      };
      const lost = device.nexusLost.bind(device);
      device.nexusLost = (nexus) => {
        lost(nexus);
        if (ghost === undefined) return;
        const { lba, data } = ghost;
        write(lba, data);
        device.observer.onApply?.({
          kind: 'write',
          lu: unit,
          luId: unit.luId,
          lba,
          blocks: data.length / BLOCK_BYTES,
          data,
          durable: true,
          task: new Task(nexus, { lun: 0n, tag: 1, attribute: 0, cdb: NO_CDB }, NO_SINK, unit),
          heldWhenEnabled: undefined,
        });
      };
    },
  },
  I8: {
    make(world) {
      wrapMedia(world, (medium) => {
        const cache = new Map<number, Uint8Array>();
        let reads = 0;
        return {
          read(lba, blocks) {
            const data = medium.read(lba, blocks);
            reads++;
            for (let i = 0; i < blocks; i++) {
              const block = data.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES);
              const cached = cache.get(lba + i);
              if (cached === undefined) cache.set(lba + i, block.slice());
              else if (reads % 3 === 0 && blocks < 100) block.set(cached);
            }
            return data;
          },
        };
      });
    },
  },
  I9: {
    make(world) {
      let left = 8;
      wrapMedia(world, (medium) => ({
        write(lba, data) {
          const before = medium.read(lba, 1);
          const torn = data.slice();
          if (left > 0 && before[0] !== 0) {
            left--;
            torn.set(before.subarray(BLOCK_BYTES / 2), BLOCK_BYTES / 2);
          }
          medium.write(lba, torn);
        },
      }));
    },
    tune: withWorkload({ rangeBlocks: 128, blocksMax: 2 }),
  },
  I10: {
    setUp: askForOrder,
    make(world) {
      const { device } = world.array;
      const submit = device.submit.bind(device);
      device.submit = (nexus, request, sink) =>
        submit(nexus, { ...request, attribute: SIMPLE }, sink);
    },
    tune: (scenario) => withMove({ preCopyMs: 10 })(withWorkload({ queueDepth: 16 })(scenario)),
  },
  I11: {
    make(world) {
      let reads = 0;
      wrapMedia(world, (medium) => ({
        read(lba, blocks) {
          const data = medium.read(lba, blocks).slice();
          reads++;
          if (reads % 40 === 0 && blocks < 100 && data[0] !== 0) data[100]! ^= 0x04;
          return data;
        },
      }));
    },
  },
  I12: {
    make(world) {
      let aborted: FcParts | undefined;
      let left = 1;
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        const fc = 'send' in output ? fcOf(output.send) : undefined;
        if (fc === undefined || !('send' in output)) return [output];
        if (fc.type === 0x00 && fc.rCtl === 0x81) aborted = fc;
        const command = fcpOf(output.send, 0x06);
        const again =
          left > 0 &&
          aborted !== undefined &&
          command !== undefined &&
          command.sId === aborted.sId &&
          command.dId === aborted.dId &&
          opcodeOf(command) === READ_10;
        if (!again) return [output];
        left--;
        return [{ ...output, send: withOxId(output.send, fc.place, aborted!.oxId) }, output];
      });
    },
    rules: () => [
      {
        name: 'an answer is lost',
        link: 'array.0-A',
        matches: (frame) => fcpOf(frame, 0x07) !== undefined,
        nth: 20,
        action: { kind: 'drop' },
      },
    ],
    tune: withMove({}, { beforeMs: 400 }),
  },
};
