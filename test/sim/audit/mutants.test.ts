/**
 * Every invariant is tested by a machine that is broken on purpose, and must be caught; the same
 * run with sound machines must raise nothing.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { type RunReport, runMove } from '../../../src/campaign/index.ts';
import { locateFc } from '../../../src/codecs/fcoe/index.ts';
import { CodecError } from '../../../src/codecs/layout/index.ts';
import type { Fcf, FcfEvent, Host, HostEvent, Medium, Output } from '../../../src/fabric/index.ts';
import { loadScenario, type World } from '../../../src/scenario/index.ts';

const TEXT = readFileSync(
  new URL('../../../scenarios/two-host-move.yaml', import.meta.url),
  'utf8',
);

function run(prepare: (world: World) => void, change: Record<string, unknown> = {}): RunReport {
  const scenario = loadScenario(TEXT, 'two-host-move.yaml', { seed: 7, drain: 'abort' });
  const timing = {
    ...scenario.timing,
    beforeMs: 5,
    afterMs: 10,
    guestTimeoutMs: 2000,
    commandTimeoutMs: 200,
  };
  const move = { ...scenario.move, preCopyMs: 2, ...change };
  return runMove({ scenario: { ...scenario, timing, move }, prepare });
}

function resultOf(report: RunReport, invariant: string) {
  return report.verdict.find((one) => one.invariant === invariant)!;
}

/** Changes what a machine gives out. */
function onPoll<E>(
  machine: { poll(): Output<E> | undefined },
  change: (output: Output<E>) => Output<E>[],
): void {
  const poll = machine.poll.bind(machine);
  const more: Output<E>[] = [];
  machine.poll = () => {
    for (;;) {
      const ready = more.shift();
      if (ready !== undefined) return ready;
      const output = poll();
      if (output === undefined) return undefined;
      more.push(...change(output));
    }
  };
}

/** What is wrong with the machine, and how it is made so. */
interface Mutant {
  readonly broken: string;
  readonly make: (world: World) => void;
  readonly change?: Record<string, unknown>;
}

const hostOf = (world: World, name: string): Host => world.hosts.get(name)!;
const fcfOf = (world: World, name: string): Fcf => world.fcfs.get(name)!;

/** The FC frame's R_CTL, TYPE and addresses; `undefined` for other frames. */
function fcOf(frame: Uint8Array) {
  const place = locateFc(frame);
  if (place instanceof CodecError) return undefined;
  const at = place.fcAt;
  const u24 = (i: number) =>
    (frame[at + i]! << 16) | (frame[at + i + 1]! << 8) | frame[at + i + 2]!;
  return {
    place,
    rCtl: frame[at]!,
    type: frame[at + 8]!,
    dId: u24(1),
    sId: u24(5),
    els: frame[place.payloadAt],
  };
}

const isCommand = (frame: Uint8Array): boolean => {
  const fc = fcOf(frame);
  return fc !== undefined && fc.type === 0x08 && fc.rCtl === 0x06;
};

/** A copy with another SOF or EOF; the FC CRC does not cover them. */
function withByte(frame: Uint8Array, at: number, value: number): Uint8Array {
  const copy = frame.slice();
  copy[at] = value;
  return copy;
}

/** Wraps the media of all logical units. */
function wrapMedia(world: World, wrap: (medium: Medium) => Medium): void {
  for (const unit of world.array.core.units) {
    (unit as { medium: Medium }).medium = wrap(unit.medium);
  }
}

const mutants: Readonly<Record<string, Mutant>> = {
  I1: {
    broken: 'a host that tells its guest of one completion twice',
    make(world) {
      let left = 1;
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        if (!('event' in output) || output.event.type !== 'io-complete' || left === 0)
          return [output];
        left--;
        return [output, output];
      });
    },
  },
  I3: {
    broken: 'a host that hands its guest over without the I/O that was to be sent again',
    make(world) {
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        if ('event' in output && output.event.type === 'reply') {
          const { answer } = output.event;
          if (answer.ok && answer.command === 'surrender') answer.guest.pending.length = 0;
        }
        return [output];
      });
    },
  },
  I6: {
    broken: 'an array that answers GOOD to every 50th write and keeps nothing of it',
    make(world) {
      let count = 0;
      wrapMedia(world, (medium) => ({
        blocks: medium.blocks,
        blockBytes: medium.blockBytes,
        read: (lba, blocks) => medium.read(lba, blocks),
        write: (lba, data) => {
          count++;
          if (count % 50 !== 0) medium.write(lba, data);
        },
      }));
    },
  },
  I7: {
    broken: 'an array that writes a command once more when its login has ended',
    make(world) {
      const { core } = world.array;
      const unit = core.units[0]!;
      let ghost: { lba: number; data: Uint8Array } | undefined;
      const write = unit.medium.write.bind(unit.medium);
      unit.medium.write = (lba, data) => {
        ghost ??= { lba, data: data.slice() };
        write(lba, data);
      };
      const lost = core.nexusLost.bind(core);
      core.nexusLost = (nexus) => {
        lost(nexus);
        if (ghost === undefined) return;
        const { lba, data } = ghost;
        write(lba, data);
        const blocks = data.length / 512;
        core.observer.onApply?.({
          kind: 'write',
          lu: unit,
          luId: unit.luId,
          lba,
          blocks,
          data,
          durable: true,
          request: { nexus, lun: 0n, tag: 1, attribute: 0, cdb: new Uint8Array(16) },
          heldWhenEnabled: undefined,
        });
      };
    },
  },
  I8: {
    broken: 'an array that serves reads from a cache which writes do not reach',
    make(world) {
      wrapMedia(world, (medium) => {
        const cache = new Map<number, Uint8Array>();
        let reads = 0;
        return {
          blocks: medium.blocks,
          blockBytes: medium.blockBytes,
          write: (lba, data) => medium.write(lba, data),
          read(lba, blocks) {
            const data = medium.read(lba, blocks);
            reads++;
            for (let i = 0; i < blocks; i++) {
              const block = data.subarray(i * 512, (i + 1) * 512);
              const cached = cache.get(lba + i);
              if (cached === undefined) cache.set(lba + i, block.slice());
              else if (reads % 3 === 0) block.set(cached);
            }
            return data;
          },
        };
      });
    },
  },
  I13: {
    broken: 'a switch that forwards a frame of a port after its logout',
    make(world) {
      const fcf = fcfOf(world, 'A');
      let late: { port: number; send: Uint8Array; sId: number } | undefined;
      onPoll<FcfEvent>(fcf, (output) => {
        if ('send' in output) {
          const fc = fcOf(output.send);
          if (fc !== undefined && isCommand(output.send)) late = { ...output, sId: fc.sId };
          return [output];
        }
        const { event } = output;
        if (event.kind === 'logout' && late !== undefined && late.sId === event.nPortId) {
          return [output, { port: late.port, send: late.send }];
        }
        return [output];
      });
    },
  },
  I14: {
    broken: 'a switch that lets a WWPN in a second time without a word to the first',
    make(world) {
      const fcf = fcfOf(world, 'A');
      let first: Extract<FcfEvent, { kind: 'login' }> | undefined;
      onPoll<FcfEvent>(fcf, (output) => {
        if (!('event' in output) || output.event.kind !== 'login' || output.event.by !== 'FDISC')
          return [output];
        const { event } = output;
        if (first === undefined) {
          first = event;
          return [output];
        }
        return [{ event: { ...event, wwpn: first.wwpn } }];
      });
    },
    change: { strategy: 'wwpn-pair' },
  },
  I15: {
    broken: 'a host that sends a command after its LOGO',
    make(world) {
      const commands = new Map<number, Output<HostEvent>>();
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        if (!('send' in output)) return [output];
        const fc = fcOf(output.send);
        if (fc !== undefined && isCommand(output.send)) commands.set(fc.dId, output);
        const logo = fc !== undefined && fc.type === 0x01 && fc.rCtl === 0x22 && fc.els === 0x05;
        const late = logo ? commands.get(fc.dId) : undefined;
        return late === undefined ? [output] : [output, late];
      });
    },
  },
  I19: {
    broken: 'a host that ends every frame of its write data with EOFt',
    make(world) {
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        if (!('send' in output)) return [output];
        const fc = fcOf(output.send);
        if (fc === undefined || fc.rCtl !== 0x01) return [output];
        return [{ ...output, send: withByte(output.send, fc.place.eofAt, 0x42) }];
      });
    },
  },
  I29: {
    broken: 'a mover that dawdles while the guest stands still',
    make() {},
    change: { stateCopyMs: 6000 },
  },
};

describe('sound machines', () => {
  test('raise nothing', () => {
    const report = run(() => {});
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(report.verdict.map((one) => `${one.invariant} ${one.result}`)).toEqual(
      Object.keys(mutants).map((invariant) => `${invariant} holds`),
    );
    expect(report.io.dropped).toBe(0);
  });
});

describe('a broken machine is caught', () => {
  const caught: string[] = [];
  afterAll(() => {
    console.log(`broken machines that were caught:\n${caught.join('\n')}`);
  });

  for (const [invariant, mutant] of Object.entries(mutants)) {
    test(`${invariant}: ${mutant.broken}`, () => {
      const verdict = resultOf(run(mutant.make, mutant.change), invariant);
      expect(verdict.result, verdict.detail).toBe('violated');
      expect(verdict.detail.length).toBeGreaterThan(10);
      caught.push(`  ${invariant.padEnd(4)} ${mutant.broken}`);
    });
  }
});
