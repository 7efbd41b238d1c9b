/**
 * The way from one array of a pair to the other: ports of its own in the fabrics, or sessions over a LAN, by which it
 * is the other's initiator. What it sends are SCSI commands to units that only the two know.
 *
 * Ownership: an array owns its link, the link the nexus of each login with the other's target ports.
 */
import type { Wwn } from '../../codecs/layout/index.ts';
import { lunField, ScsiStatus } from '../../codecs/scsi/index.ts';
import type { Timer } from '../../machine/timers.ts';
import { FcpInitiator } from '../../port/fcp/initiator.ts';
import type { LportState } from '../../port/n-port/fabric-login.ts';
import type { NPortAdapter } from '../../port/n-port/n-port-adapter.ts';
import type { CommandOutcome, InitiatorNexus } from '../../scsi/transport.ts';

const RECEIVE_BYTES = 2112;
/** Unit attentions and full queues that one command lives through. */
const TRIES_MAX = 8;
/** A command that found the other busy is sent again after this long. */
const BUSY_PAUSE_NS = 1_000_000;

/** What a link needs of its array. */
export interface PeerLinkOwner {
  readonly now: number;
  after(delayNs: number, run: () => void): Timer;
  portChanged(port: number, state: LportState, reason: string): void;
}

/** A command for the other array. */
export interface PeerCommand {
  /** LUN there. */
  readonly lun: number;
  readonly cdb: Uint8Array;
  readonly dataOut?: Uint8Array | undefined;
  readonly dataInBytes?: number;
  /** BUSY is an answer: who asks knows better what to do than to ask again. */
  readonly takesBusy?: boolean;
}

/** How a command ended: it was answered, or nobody knows what became of it. */
export type PeerAnswer =
  | {
      readonly end: 'answered';
      readonly status: number;
      readonly sense: Uint8Array;
      readonly data: Uint8Array;
    }
  | { readonly end: 'lost' };

/** Sends commands to the other array. */
export class PeerLink {
  readonly #owner: PeerLinkOwner;
  readonly #peerPorts: ReadonlySet<Wwn>;
  /** After this long without an answer a command is lost. */
  readonly #silenceNs: number;
  /** By the login of each. */
  readonly #nexuses = new Map<object, InitiatorNexus>();
  #turn = 0;

  /** `peerPorts`: names of the other's target ports. */
  constructor(owner: PeerLinkOwner, peerPorts: Iterable<Wwn>, silenceNs: number) {
    this.#owner = owner;
    this.#peerPorts = new Set(peerPorts);
    this.#silenceNs = silenceNs;
  }

  /**
   * An adapter's port logs in, as an initiator that looks for the other's target ports. `firstBurst`: what is written
   * follows its command unasked, where the other takes that.
   */
  start(
    adapter: NPortAdapter,
    port: number,
    portName: Wwn,
    nodeName: Wwn,
    name: string,
    firstBurst = false,
  ): void {
    // Made with the first login: it carries the commands of this port.
    let fcp: FcpInitiator | undefined;
    const lport = adapter.createLport(
      {
        portName,
        nodeName,
        role: 'initiator',
        receiveBytes: RECEIVE_BYTES,
        firstBurst,
        physical: true,
        symbolicName: `${name} replication ${port}`,
        loginTriesMax: Number.MAX_SAFE_INTEGER,
        discovers: true,
      },
      {
        stateChanged: (_lport, state, reason) => this.#owner.portChanged(port, state, reason),
        rportReady: (rport) => {
          if (!rport.isTarget || !this.#peerPorts.has(rport.portName)) return;
          fcp ??= new FcpInitiator(lport);
          this.found(rport, fcp.nexusOf(rport));
        },
        rportGone: (rport) => this.gone(rport),
      },
    );
    adapter.startLport(lport);
  }

  /** There is a login with a port of the other. */
  found(login: object, nexus: InitiatorNexus): void {
    this.#nexuses.set(login, nexus);
  }

  /** It is over. */
  gone(login: object): void {
    this.#nexuses.delete(login);
  }

  /** A command can be sent now. */
  get ready(): boolean {
    for (const nexus of this.#nexuses.values()) if (nexus.ready) return true;
    return false;
  }

  /** Sends a command; `done` is called once, at the latest when the other has been silent for too long. */
  send(command: PeerCommand, done: (answer: PeerAnswer) => void): void {
    let open = true;
    const silence = this.#owner.after(this.#silenceNs, () => end({ end: 'lost' }));
    const end = (answer: PeerAnswer): void => {
      if (!open) return;
      open = false;
      silence.cancel();
      done(answer);
    };
    this.#try(command, end, () => open, 1);
  }

  #try(
    command: PeerCommand,
    end: (answer: PeerAnswer) => void,
    isOpen: () => boolean,
    turn: number,
  ): void {
    if (!isOpen()) return;
    const again = (delayNs: number): void => {
      if (turn >= TRIES_MAX) end({ end: 'lost' });
      else this.#owner.after(delayNs, () => this.#try(command, end, isOpen, turn + 1));
    };
    const nexus = this.#pick();
    if (nexus === undefined) {
      end({ end: 'lost' });
      return;
    }
    const { cdb, dataInBytes = 0, dataOut, lun } = command;
    const onDone = (outcome: CommandOutcome): void => {
      if (outcome.end === 'not-sent') again(BUSY_PAUSE_NS);
      else if (outcome.end !== 'answered') end({ end: 'lost' });
      else if (command.takesBusy !== true && isBusy(outcome.status)) {
        again(BUSY_PAUSE_NS);
      } else if (isAttention(outcome)) again(0);
      else {
        const { data, sense, status } = outcome;
        end({ end: 'answered', status, sense, data });
      }
    };
    nexus.execute({
      lun: lunField(lun),
      cdb,
      dataOut,
      dataInBytes,
      timeoutNs: this.#silenceNs,
      onDone,
    });
  }

  #pick(): InitiatorNexus | undefined {
    const ready = [...this.#nexuses.values()].filter((one) => one.ready);
    return ready.length === 0 ? undefined : ready[this.#turn++ % ready.length];
  }
}

const isBusy = (status: number): boolean =>
  status === ScsiStatus.BUSY || status === ScsiStatus.TASK_SET_FULL;

const UNIT_ATTENTION = 6;

/** Fixed format; the target here has no other. */
const isAttention = ({
  sense,
  status,
}: {
  readonly sense: Uint8Array;
  readonly status: number;
}): boolean =>
  status === ScsiStatus.CHECK_CONDITION &&
  sense.length > 2 &&
  (sense[2]! & 0x0f) === UNIT_ATTENTION;
