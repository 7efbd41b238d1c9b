/** How machines are broken on purpose: what they hand out is changed on its way. */
import { readFileSync } from 'node:fs';
import { crc32 } from '../../src/codecs/crc32.ts';
import { type FcLocation, locateFc, putFcCrc } from '../../src/codecs/fcoe/index.ts';
import { CodecError } from '../../src/codecs/layout/index.ts';
import type { Fcf } from '../../src/fabric/fcoe/fcf.ts';
import type { Host } from '../../src/host/host.ts';
import type { FaultRule } from '../../src/link/faults.ts';
import type { Output } from '../../src/machine/machine.ts';
import type { Fault } from '../../src/run/fault.ts';
import { type RunObserver, type RunReport, runMove } from '../../src/run/run.ts';
import type { World } from '../../src/scenario/build.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { nodesOf } from '../../src/scenario/topology.ts';
import type { Medium } from '../../src/scsi/medium/medium.ts';

const TEXT = readFileSync(new URL('../../scenarios/two-host-move.yaml', import.meta.url), 'utf8');

/** How a machine is broken; what is wrong with it is said in `src/audit/explanations.ts`. */
export interface Mutant {
  readonly make: (world: World) => void;
  /** What the sound machines of its run have too. */
  readonly setUp?: (world: World) => void;
  /** The run in which it shows: changes of the scenario, and faults. */
  readonly tune?: (scenario: Scenario) => Scenario;
  readonly rules?: () => readonly FaultRule[];
  readonly faults?: readonly Fault[];
  /** Invariants that break along with it, and why. */
  readonly also?: readonly string[];
}

/** The built-in move, shortened; aborts drain it. */
export function shortMove(): Scenario {
  const scenario = loadScenario(TEXT, 'two-host-move.yaml', { seed: 7, drain: 'abort' });
  return {
    ...scenario,
    array: { ...scenario.array, retry: false },
    timing: {
      ...scenario.timing,
      beforeMs: 5,
      afterMs: 10,
      guestTimeoutMs: 2000,
      commandTimeoutMs: 200,
    },
    move: { ...scenario.move, preCopyMs: 2 },
  };
}

export function run(mutant: Mutant, observer?: RunObserver): RunReport {
  const scenario = shortMove();
  return runMove({
    scenario: mutant.tune?.(scenario) ?? scenario,
    prepare(world) {
      mutant.setUp?.(world);
      mutant.make(world);
    },
    ...(mutant.rules === undefined ? {} : { rules: mutant.rules() }),
    ...(mutant.faults === undefined ? {} : { faults: mutant.faults }),
    ...(observer === undefined ? {} : { observer }),
  });
}

/** Changes the first virtual machine's workload. */
export function withWorkload(
  change: Partial<Scenario['vms'][number]['workload']>,
): (scenario: Scenario) => Scenario {
  return (scenario) => ({
    ...scenario,
    vms: scenario.vms.map((vm) => ({ ...vm, workload: { ...vm.workload, ...change } })),
  });
}

export function withMove(
  change: Partial<Scenario['move']>,
  timing: Partial<Scenario['timing']> = {},
): (scenario: Scenario) => Scenario {
  return (scenario) => ({
    ...scenario,
    move: { ...scenario.move, ...change },
    timing: { ...scenario.timing, ...timing },
  });
}

/** Changes what a machine gives out. The test may keep frames, so none is given away any more. */
export function onPoll<E>(
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
      for (const one of change(output)) more.push('send' in one ? { ...one, given: false } : one);
    }
  };
}

export const hostOf = (world: World, name: string): Host => world.hosts.get(name)!;
/** The switch of a fabric. */
export const fcfOf = (world: World, fabric: string): Fcf =>
  world.machines.switch.get(
    nodesOf(world.topology, 'switch').find((one) => one.fabric === fabric)!.name,
  )!;

/** Parts of an FC frame; `undefined` for other frames. */
export interface FcParts {
  readonly place: FcLocation;
  readonly rCtl: number;
  readonly type: number;
  readonly dId: number;
  readonly sId: number;
  readonly oxId: number;
  readonly payload: Uint8Array;
}

export function fcOf(frame: Uint8Array): FcParts | undefined {
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
    oxId: (frame[at + 16]! << 8) | frame[at + 17]!,
    payload: frame.subarray(place.payloadAt, place.payloadEnd),
  };
}

const FCP = 0x08;

/** An FCP frame of this R_CTL: 06 command, 05 XFER_RDY, 01 data, 07 response. */
export function fcpOf(frame: Uint8Array, rCtl: number): FcParts | undefined {
  const fc = fcOf(frame);
  return fc !== undefined && fc.type === FCP && fc.rCtl === rCtl ? fc : undefined;
}

/** The operation code of a command's CDB. */
export const opcodeOf = (command: FcParts): number => command.payload[12]!;

/** A copy with bytes of the payload changed and its CRC made right again. */
export function withPayload(
  frame: Uint8Array,
  place: FcLocation,
  change: (payload: Uint8Array) => void,
): Uint8Array {
  const copy = frame.slice();
  change(copy.subarray(place.payloadAt, place.payloadEnd));
  return withCrc(copy, place);
}

/** A copy with another OX_ID. */
export function withOxId(frame: Uint8Array, place: FcLocation, oxId: number): Uint8Array {
  const copy = frame.slice();
  copy[place.fcAt + 16] = oxId >> 8;
  copy[place.fcAt + 17] = oxId;
  return withCrc(copy, place);
}

function withCrc(frame: Uint8Array, place: FcLocation): Uint8Array {
  putFcCrc(frame, place.crcAt, crc32(frame, place.fcAt, place.crcAt));
  return frame;
}

/** A copy with another SOF or EOF; the FC CRC does not cover them. */
export function withByte(frame: Uint8Array, at: number, value: number): Uint8Array {
  const copy = frame.slice();
  copy[at] = value;
  return copy;
}

/** Changes the data of reads and writes of all media; what is left out stays as it is. */
export function wrapMedia(
  world: World,
  wrap: (medium: Medium) => Partial<Pick<Medium, 'read' | 'write'>>,
): void {
  for (const unit of world.array.device.units) {
    const { medium } = unit;
    const read = medium.read.bind(medium);
    const write = medium.write.bind(medium);
    const whole = Object.assign(Object.create(medium) as Medium, { read, write });
    const { read: otherRead = read, write: otherWrite = write } = wrap(whole);
    medium.read = otherRead;
    medium.write = otherWrite;
  }
}
