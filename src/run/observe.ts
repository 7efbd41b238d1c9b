/** Events of machines, and what is done to them, as observations for the auditor. */

import type { ArrayEvent } from '../array/storage-array.ts';
import type { Observation, UnitView } from '../audit/observation.ts';
import { parseHex } from '../codecs/layout/index.ts';
import { readStamp, STAMP_BYTES, type StampReading } from '../codecs/stamp/index.ts';
import type { FabricEvent } from '../history/fabric.ts';
import { fcTargetPort, type TargetPort, wwpnOf } from '../history/port-name.ts';
import type { HoldState, NexusName, PairName } from '../history/storage.ts';
import type { HostEvent } from '../host/host.ts';
import type { MovePlan, MoverEvent } from '../mobility/plan.ts';
import type { World } from '../scenario/build.ts';
import type { TopologyNode } from '../scenario/topology.ts';

type AnyEvent = HostEvent | ArrayEvent | FabricEvent | MoverEvent;
type Take = (observation: Observation) => void;

/** Where a port is cabled to. */
interface Place {
  readonly tap: string;
  readonly fabric: string;
}

const NOWHERE: Place = { tap: '', fabric: '' };

/** Turns the events of a world's machines into observations, in the order they happen. */
export class EventTranslator {
  readonly #take: Take;
  readonly #world: World;
  readonly #plan: MovePlan;
  readonly #nodes: ReadonlyMap<string, TopologyNode>;
  readonly #targets: readonly TargetPort[];
  readonly #luIds = new Map<string, Uint8Array>();
  /** Cables by the port at either end. */
  readonly #places = new Map<string, Place>();

  constructor(world: World, take: Take) {
    this.#take = take;
    this.#world = world;
    this.#plan = world.plan;
    this.#nodes = new Map(world.topology.nodes.map((node) => [node.name, node]));
    this.#targets = [...world.arrays.values()].flatMap((array) =>
      array.options.ports.map(({ wwpn }) => fcTargetPort(wwpn)),
    );
    for (const { ends, fabric, name: tap } of world.topology.cables) {
      for (const { node, port } of ends) this.#places.set(`${node} ${port}`, { tap, fabric });
    }
  }

  /** Tells what is declared before anything happens: zones and names. */
  begin(at: number): void {
    for (const node of this.#nodes.values()) {
      if (node.kind === 'switch') this.#zones(at, node.name, node.fabric);
    }
    for (const { name: vm, identities } of this.#world.vms) {
      const moving = vm === this.#plan.vm ? [...this.#plan.source, ...this.#plan.destination] : [];
      const wwpns = [...identities, ...moving].map((one) => one.wwpn);
      this.#take({ kind: 'identities', at, vm, wwpns });
    }
  }

  handle(at: number, node: string, event: AnyEvent): void {
    const known = this.#nodes.get(node);
    switch (known?.kind) {
      case 'switch':
        this.#fcf(at, node, known.fabric, event as FabricEvent);
        return;
      case 'array':
        this.#storage(at, node, event as ArrayEvent);
        return;
      case 'mover':
        this.#mover(at, event as MoverEvent);
        return;
      case 'host':
        this.#host(at, node, event as HostEvent);
    }
  }

  #placeOf(node: string, port: number): Place {
    return this.#places.get(`${node} ${port}`) ?? NOWHERE;
  }

  #zones(at: number, node: string, fabric: string): void {
    const { enforced, zones, defaultZone } = this.#world.switches.get(node)!.zoning;
    const members = zones.map((zone) => zone.members);
    this.#take({ kind: 'zones', at, fabric, enforced, zones: members, defaultZone });
  }

  #fcf(at: number, node: string, fabric: string, event: FabricEvent): void {
    switch (event.type) {
      case 'login': {
        const { wwpn, nPortId, port, by, clean, enodeMac } = event;
        const { tap } = this.#placeOf(node, port);
        this.#take({
          kind: 'login',
          at,
          fabric,
          wwpn,
          nPortId,
          tap,
          by,
          clean: clean === true,
          enodeMac,
        });
        return;
      }
      case 'logout': {
        const { wwpn, nPortId, port, reason } = event;
        const { tap } = this.#placeOf(node, port);
        this.#take({ kind: 'logout', at, fabric, wwpn, nPortId, tap, reason });
        return;
      }
      case 'login-rejected': {
        const { tap } = this.#placeOf(node, event.port);
        this.#take({ kind: 'login-rejected', at, fabric, wwpn: event.wwpn, tap });
        return;
      }
      case 'zone-change':
        this.#zones(at, node, fabric);
    }
  }

  #storage(at: number, node: string, event: ArrayEvent): void {
    switch (event.type) {
      case 'nexus': {
        const { state } = event;
        const nexus = this.#nexus(event.nexus);
        this.#take({ kind: 'nexus', at, ...this.#placeOf(node, nexus.port), state, nexus });
        return;
      }
      case 'apply':
        this.#apply(at, node, event);
        return;
      case 'command-done':
      case 'task-aborted': {
        const { lun, luName: lu, tag: oxId } = event;
        const nexus = this.#nexus(event.nexus);
        const end = { nexus, lun, lu, oxId, ...this.#placeOf(node, nexus.port) };
        this.#take(
          event.type === 'command-done'
            ? { kind: 'command-end', at, ...end, command: event.command, status: event.status }
            : { kind: 'command-end', at, ...end, status: undefined },
        );
        return;
      }
      case 'attention': {
        const { state, luName: lu, code } = event;
        this.#take({ kind: 'attention', at, state, lu, pair: this.#pair(event.pair), code });
        return;
      }
      case 'reservation': {
        const { luName: lu, reservationType: type, cause, generation, aptpl } = event;
        this.#take({
          kind: 'reservation',
          at,
          lu,
          type,
          cause,
          generation,
          aptpl,
          by: event.by && this.#nexus(event.by),
          holder: event.holder && this.#pair(event.holder),
          registrations: event.registrations.map((one) => ({ ...this.#pair(one), key: one.key })),
          spc2Holder: event.spc2Holder && this.#nexus(event.spc2Holder),
        });
        return;
      }
      case 'mask': {
        const luns = event.luns.map(({ lunNumber: lun, luName: lu }) => ({ lun, lu }));
        this.#take({ kind: 'mask', at, wwpn: event.device && wwpnOf(event.device), luns });
        return;
      }
      case 'flushed':
      case 'cache-lost':
        this.#take({ kind: event.type, at, lu: event.luName });
    }
  }

  #pair({ initiator, target }: PairName) {
    return { wwpn: wwpnOf(initiator)!, port: this.#targets.indexOf(target) };
  }

  #nexus(nexus: NexusName) {
    return { ...this.#pair(nexus), sId: nexus.address, epoch: nexus.epoch };
  }

  #held({ type, holder, registered, spc2Holder }: HoldState) {
    return {
      type,
      registered,
      holder: holder && this.#pair(holder),
      spc2Holder: spc2Holder && this.#nexus(spc2Holder),
    };
  }

  #apply(at: number, node: string, event: Extract<ArrayEvent, { type: 'apply' }>): void {
    const { luName: lu, lba, blocks, tag: oxId, data, lun, durable } = event;
    const nexus = this.#nexus(event.nexus);
    const { fabric } = this.#placeOf(node, nexus.port);
    const readings = this.readings(lu, lba, blocks, data);
    const held = event.heldWhenEnabled && this.#held(event.heldWhenEnabled);
    this.#take({
      kind: 'apply',
      at,
      fabric,
      lu,
      lba,
      readings,
      nexus,
      lun,
      oxId,
      durable,
      ...(held === undefined ? {} : { held }),
    });
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
    const { vm, from, to } = this.#plan;
    if (event.type === 'move-step') {
      const { phase, detail } = event;
      this.#take({ kind: 'move', at, vm, phase, detail, from, to });
    } else if (event.type === 'move-end') {
      this.#take({ kind: 'move', at, vm, phase: event.outcome, detail: event.reason, from, to });
    }
  }

  #host(at: number, host: string, event: HostEvent): void {
    switch (event.type) {
      case 'guest':
        this.#guest(at, host, event);
        return;
      case 'io-submit': {
        const { vm, io, luName: lu, lba, blocks, version, writerId } = event;
        const op = OPERATIONS[event.op];
        this.#take({ kind: 'submit', at, vm, io, op, lu, lba, blocks, version, writerId });
        return;
      }
      case 'io-sent': {
        const { vm, io, attempt, address: sId, targetAddress: dId, tag: oxId, port } = event;
        const wwpn = wwpnOf(event.initiator)!;
        const { fabric } = this.#placeOf(host, port);
        this.#take({ kind: 'sent', at, vm, io, attempt, host, fabric, wwpn, sId, dId, oxId });
        return;
      }
      case 'io-attempt-end': {
        const { vm, io, attempt, end } = event;
        this.#take({ kind: 'attempt-end', at, vm, io, attempt, end });
        return;
      }
      case 'io-requeue':
        this.#take({ kind: 'requeue', at, vm: event.vm, io: event.io, reason: event.reason });
        return;
      case 'io-complete': {
        const { vm, io, result, reason, readings } = event;
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

  /** A guest that begins to run somewhere is shown what it has there first. */
  #guest(at: number, host: string, event: Extract<HostEvent, { type: 'guest' }>): void {
    const { vm, state } = event;
    if (event.state === 'running') {
      const units = event.view.map(
        ({ luName: lu, lunNumber: lun, blocks, vendor, product, paths, ports }): UnitView => ({
          lu,
          lun,
          blocks,
          vendor,
          product,
          paths,
          ports: ports.length,
        }),
      );
      this.#take({ kind: 'view', at, vm, host, units });
    }
    this.#take({ kind: 'guest', at, vm, host, state });
  }
}

/** What guests' operations are to the auditor. */
const OPERATIONS = {
  read: 'read',
  write: 'write',
  'write-same': 'write',
  'compare-and-write': 'compare-and-write',
  unmap: 'unmap',
  synchronize: 'other',
} as const;
