/** An iSCSI initiator and portals of a target with nothing between them: every byte is the test's to lose or to hold. */
import {
  type IscsiPdu,
  iscsiPduWith,
  NO_DIGESTS,
  pduBytesAt,
  textKeysOf,
} from '../../src/codecs/iscsi/index.ts';
import type { TargetPort } from '../../src/history/port-name.ts';
import { SECOND } from '../../src/machine/machine.ts';
import type { Conn, StreamMachine } from '../../src/machine/stream-machine.ts';
import { IscsiInitiator, type IscsiInitiatorEvent } from '../../src/port/iscsi/initiator.ts';
import type { IscsiInitiatorOptions } from '../../src/port/iscsi/initiator-options.ts';
import type {
  InitiatorSession,
  SessionListener,
  SessionTarget,
} from '../../src/port/iscsi/initiator-session.ts';
import { countedIsids } from '../../src/port/iscsi/isid.ts';
import type { IscsiTargetOptions } from '../../src/port/iscsi/target-options.ts';
import { IscsiTargetPort } from '../../src/port/iscsi/target-port.ts';
import { MemoryMedium } from '../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../src/scsi/target/scsi-target.ts';
import type {
  CommandOutcome,
  InitiatorNexus,
  OpenCommand,
  ScsiCommand,
} from '../../src/scsi/transport.ts';
import { INITIATOR, nodeHash, TARGET } from './iscsi-rig.ts';

export const PAIR_BLOCKS = 4096;
export const PORTAL = { name: TARGET, address: '10.0.0.1', port: 3260 };

/** A stream between two machines, and what is done to it. */
export interface PairConnection {
  readonly conn: Conn;
  readonly portal: StreamMachine<unknown>;
  readonly address: string;
  /** Bytes wait here while it is held, by direction. */
  held: 'none' | 'to-target' | 'to-initiator' | 'both';
  readonly waiting: { readonly to: 'target' | 'initiator'; readonly bytes: Uint8Array }[];
  isCut: boolean;
}

export class IscsiPair {
  readonly device = new ScsiTarget({
    name: 'pair',
    ports: [1, 2].map((tag) => ({
      name: `${TARGET},t,0x000${tag}` as TargetPort,
      relativeId: tag,
    })),
    powerOnAttention: false,
  });
  readonly medium = new MemoryMedium(PAIR_BLOCKS);
  readonly initiators: IscsiInitiator[] = [];
  readonly portals = new Map<string, StreamMachine<unknown>>();
  readonly connections: PairConnection[] = [];
  readonly events: IscsiInitiatorEvent[] = [];
  /** PDUs that the targets got, and that the initiators got, whole ones only, without digests. */
  readonly toTarget: IscsiPdu[] = [];
  readonly toInitiator: IscsiPdu[] = [];
  now = 0;
  readonly #owner = new Map<Conn, IscsiInitiator>();

  constructor(target: Partial<IscsiTargetOptions> = {}) {
    const lu = this.device.addUnit({ medium: this.medium });
    this.device.setDefaultMask([{ lun: 0, lu }]);
    this.portals.set('10.0.0.1:3260', this.portal(1, target));
    this.portals.set('10.0.0.2:3260', this.portal(2, target));
  }

  /** A portal of the target. */
  portal(groupTag: 1 | 2, options: Partial<IscsiTargetOptions> = {}): IscsiTargetPort {
    let drawn = 0;
    return new IscsiTargetPort({
      name: TARGET,
      groupTag,
      portIndex: groupTag - 1,
      addresses: () => ['10.0.0.1:3260,1', '10.0.0.2:3260,2'],
      hash: nodeHash,
      challenge: (bytes) => Uint8Array.from({ length: bytes }, () => ++drawn & 0xff),
      device: this.device,
      ...options,
    });
  }

  initiator(options: Partial<IscsiInitiatorOptions> = {}): IscsiInitiator {
    let drawn = 0x80;
    const made = new IscsiInitiator({
      name: INITIATOR,
      isids: countedIsids,
      hash: nodeHash,
      challenge: (bytes) => Uint8Array.from({ length: bytes }, () => drawn++ & 0xff),
      ...options,
    });
    this.initiators.push(made);
    return made;
  }

  /** A session, and what it tells. */
  login(
    initiator = this.initiator(),
    target: SessionTarget = PORTAL,
  ): {
    readonly session: InitiatorSession;
    readonly told: string[];
    readonly nexuses: InitiatorNexus[];
  } {
    const told: string[] = [];
    const nexuses: InitiatorNexus[] = [];
    const listener: SessionListener = {
      sessionBegan: (_, nexus) => {
        nexuses.push(nexus);
        told.push(`began ${nexus.initiatorPort} ${nexus.targetPort}`);
      },
      sessionLost: (_, __, why) => told.push(`lost: ${why}`),
      sessionEnded: (_, why) => told.push(`ended: ${why}`),
    };
    const session = initiator.login(target, listener, this.now);
    this.settle();
    return { session, told, nexuses };
  }

  /** A command, and how it ended. */
  run(
    nexus: InitiatorNexus,
    command: Partial<ScsiCommand> & Pick<ScsiCommand, 'cdb'>,
  ): { readonly ends: CommandOutcome[]; readonly open: OpenCommand | undefined } {
    const ends: CommandOutcome[] = [];
    for (const one of this.initiators) one.setTime(this.now);
    const open = nexus.execute({
      lun: 0n,
      timeoutNs: 30 * SECOND,
      onDone: (outcome) => ends.push(outcome),
      ...command,
    });
    this.settle();
    return { ends, open };
  }

  write(nexus: InitiatorNexus, lba: number, dataOut: Uint8Array, more: Partial<ScsiCommand> = {}) {
    return this.run(nexus, { cdb: cdb10(0x2a, lba, dataOut.length / 512), dataOut, ...more });
  }

  read(nexus: InitiatorNexus, lba: number, blocks: number, more: Partial<ScsiCommand> = {}) {
    return this.run(nexus, { cdb: cdb10(0x28, lba, blocks), dataInBytes: 512 * blocks, ...more });
  }

  /** Carries all that is said until nobody says anything. */
  settle(): void {
    for (let busy = true; busy; ) {
      busy = false;
      for (const initiator of this.initiators) {
        for (let out = initiator.poll(); out !== undefined; out = initiator.poll()) {
          busy = true;
          if ('event' in out) this.events.push(out.event);
          else if ('connect' in out) this.#connect(initiator, out.connect);
          else if ('send' in out) this.#carry(out.conn, 'target', out.send);
          else this.#close(out.conn, 'target', out.close);
        }
      }
      for (const portal of new Set(this.portals.values())) {
        for (let out = portal.poll(); out !== undefined; out = portal.poll()) {
          busy = true;
          if ('send' in out) this.#carry(out.conn, 'initiator', out.send);
          else if ('close' in out) this.#close(out.conn, 'initiator', out.close);
        }
      }
    }
  }

  #connect(
    initiator: IscsiInitiator,
    { id, address, port }: { id: number; address: string; port: number },
  ): void {
    const portal = this.portals.get(`${address}:${port}`);
    if (portal === undefined) {
      initiator.handleUnreachable(id, this.now);
      return;
    }
    const conn = this.connections.length + 1;
    this.connections.push({ conn, portal, address, held: 'none', waiting: [], isCut: false });
    this.#owner.set(conn, initiator);
    portal.handleOpened(conn, this.now);
    initiator.handleOpened(conn, this.now, id);
  }

  #carry(conn: Conn, to: 'target' | 'initiator', bytes: Uint8Array): void {
    const connection = this.connections[conn - 1]!;
    if (connection.isCut) return;
    if (connection.held === 'both' || connection.held === `to-${to}`) {
      connection.waiting.push({ to, bytes });
      return;
    }
    this.#hand(connection, to, bytes);
  }

  #hand({ conn, portal }: PairConnection, to: 'target' | 'initiator', bytes: Uint8Array): void {
    // Both ends send one PDU at a time.
    if (bytes.length === pduBytesAt(bytes, 0, NO_DIGESTS))
      (to === 'target' ? this.toTarget : this.toInitiator).push(
        iscsiPduWith(NO_DIGESTS).decode(bytes),
      );
    const lent = bytes.slice();
    if (to === 'target') portal.handleBytes(conn, lent, this.now);
    else this.#owner.get(conn)!.handleBytes(conn, lent, this.now);
    lent.fill(0xa5);
  }

  #close(conn: Conn, to: 'target' | 'initiator', how: 'end' | 'reset'): void {
    const connection = this.connections[conn - 1]!;
    if (connection.isCut) return;
    if (to === 'target') connection.portal.handleClosed(conn, how, this.now);
    else this.#owner.get(conn)!.handleClosed(conn, how, this.now);
  }

  /** What a connection held goes on its way. */
  release(connection: PairConnection): void {
    connection.held = 'none';
    for (const { to, bytes } of connection.waiting.splice(0)) this.#hand(connection, to, bytes);
    this.settle();
  }

  /** The connection is gone for the initiator; the target hears of it too, unless it is left half-open. */
  cut(connection: PairConnection, halfOpen = false): void {
    connection.isCut = true;
    this.#owner.get(connection.conn)!.handleClosed(connection.conn, 'reset', this.now);
    if (!halfOpen) connection.portal.handleClosed(connection.conn, 'reset', this.now);
    this.settle();
  }

  /** Lets time pass, in which the machines may do what is due. */
  wait(ns: number): void {
    const until = this.now + ns;
    const machines = (): StreamMachine<unknown>[] => [...this.initiators, ...this.portals.values()];
    for (;;) {
      const due = Math.min(
        ...machines().map(({ deadline }) => deadline ?? Number.POSITIVE_INFINITY),
      );
      if (due > until) break;
      this.now = Math.max(this.now, due);
      for (const one of machines())
        if ((one.deadline ?? Infinity) <= this.now) one.handleTimeout(this.now);
      this.settle();
    }
    this.now = until;
  }
}

export const cdb10 = (code: number, lba: number, blocks: number): Uint8Array =>
  Uint8Array.of(code, 0, 0, 0, lba >> 8, lba & 0xff, 0, blocks >> 8, blocks & 0xff, 0);

/** The keys of a PDU. */
export const keysIn = (pdu: IscsiPdu): Record<string, string> =>
  pdu.kind === 'unknown' || !('data' in pdu) || !(pdu.data instanceof Uint8Array)
    ? {}
    : Object.fromEntries(textKeysOf(pdu.data).map(({ key, value }) => [key, value]));
