/** Machine events of a simulated run as observations for the auditor. */
import type { Observation } from '../audit/index.ts';
import { parseHex } from '../codecs/layout/index.ts';
import { readStamp, STAMP_BYTES, type StampReading } from '../codecs/stamp/index.ts';
import type { ArrayEvent, FcfEvent, HostEvent } from '../fabric/index.ts';
import type { MovePlan, MoverEvent } from '../mobility/index.ts';
import type { World } from '../scenario/index.ts';
import { fcfName } from '../scenario/index.ts';

type AnyEvent = HostEvent | ArrayEvent | FcfEvent | MoverEvent;
type Take = (observation: Observation) => void;

/** Turns the events of a world's machines into observations, in the order they happen. */
export class EventTranslator {
  readonly #take: Take;
  readonly #plan: MovePlan;
  readonly #array: string;
  readonly #fabricOf = new Map<string, string>();
  readonly #luIds = new Map<string, Uint8Array>();

  constructor(world: World, take: Take) {
    this.#take = take;
    this.#plan = world.plan;
    this.#array = world.scenario.array.name;
    for (const fabric of world.fcfs.keys()) this.#fabricOf.set(fcfName(fabric), fabric);
  }

  handle(at: number, node: string, event: AnyEvent): void {
    const fabric = this.#fabricOf.get(node);
    if (fabric !== undefined) this.#fcf(at, fabric, event as FcfEvent);
    else if (node === this.#array) this.#storage(at, event as ArrayEvent);
    else if (node === 'mover') this.#mover(at, event as MoverEvent);
    else this.#host(at, node, event as HostEvent);
  }

  #fcf(at: number, fabric: string, event: FcfEvent): void {
    if (event.kind === 'login') {
      const { wwpn, nPortId, port, by, clean } = event;
      this.#take({ kind: 'login', at, fabric, wwpn, nPortId, port, by, clean });
    } else if (event.kind === 'logout') {
      const { wwpn, nPortId, port, reason } = event;
      this.#take({ kind: 'logout', at, fabric, wwpn, nPortId, port, reason });
    }
  }

  #storage(at: number, event: ArrayEvent): void {
    if (event.type === 'nexus') {
      this.#take({ kind: 'nexus', at, state: event.state, nexus: event.nexus });
    } else if (event.type === 'apply') {
      const { luName, lba, nexus, oxId, data } = event;
      const readings = this.readings(luName, lba, event.blocks, data);
      this.#take({ kind: 'apply', at, lu: luName, lba, readings, nexus, oxId });
    }
  }

  /** What stamped blocks say. */
  readings(lu: string, lba: number, blocks: number, data: Uint8Array): StampReading[] {
    let luId = this.#luIds.get(lu);
    if (luId === undefined) {
      luId = parseHex(lu);
      this.#luIds.set(lu, luId);
    }
    const readings: StampReading[] = [];
    for (let i = 0; i < blocks && (i + 1) * STAMP_BYTES <= data.length; i++) {
      readings.push(readStamp(data, i * STAMP_BYTES, { lba: lba + i, luId }));
    }
    return readings;
  }

  #mover(at: number, event: MoverEvent): void {
    const { vm } = this.#plan;
    if (event.type === 'phase') {
      this.#take({ kind: 'move', at, vm, phase: event.phase, detail: event.detail });
    } else if (event.type === 'moved') {
      const detail = 'reason' in event.result ? event.result.reason : '';
      this.#take({ kind: 'move', at, vm, phase: event.result.outcome, detail });
    }
  }

  #host(at: number, host: string, event: HostEvent): void {
    switch (event.type) {
      case 'guest':
        this.#take({ kind: 'guest', at, vm: event.vm, host, state: event.state });
        return;
      case 'io-submit': {
        const { vm, id: io, luName: lu, lba, blocks, version, writerId } = event;
        const op = event.op === 'read' ? 'read' : 'write';
        this.#take({ kind: 'submit', at, vm, io, op, lu, lba, blocks, version, writerId });
        return;
      }
      case 'io-sent': {
        const { vm, id: io, attempt, wwpn, sId, dId, oxId } = event;
        this.#take({ kind: 'sent', at, vm, io, attempt, host, wwpn, sId, dId, oxId });
        return;
      }
      case 'io-attempt-end':
        this.#take({
          kind: 'attempt-end',
          at,
          vm: event.vm,
          io: event.id,
          attempt: event.attempt,
          end: event.end,
        });
        return;
      case 'io-requeue':
        this.#take({ kind: 'requeue', at, vm: event.vm, io: event.id, reason: event.reason });
        return;
      case 'io-complete': {
        const { vm, id: io, result, reason, readings } = event;
        this.#take({
          kind: 'complete',
          at,
          vm,
          io,
          host,
          result,
          ...(reason === undefined ? {} : { reason }),
          ...(readings === undefined ? {} : { readings }),
        });
        return;
      }
    }
  }
}
