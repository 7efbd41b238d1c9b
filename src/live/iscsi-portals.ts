/** The iSCSI portals of a server: a machine and a listener each, over the ports of one array. */
import { createHash, randomBytes } from 'node:crypto';
import type { StorageArray } from '../array/storage-array.ts';
import type { Instant } from '../machine/machine.ts';
import type { ChapAlgorithm } from '../port/iscsi/chap.ts';
import type { IscsiEvent, IscsiRedirection } from '../port/iscsi/target-options.ts';
import { IscsiTargetPort } from '../port/iscsi/target-port.ts';
import type { IscsiPlan } from './iscsi-plan.ts';
import type { SocketFrameSink } from './socket-frames.ts';
import { StreamHost } from './stream-host.ts';

/** Initiators are asked to log out so long before a shutdown. */
const LOGOUT_SECONDS = 1;

const NODE_HASHES: Readonly<Record<ChapAlgorithm, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
};

/** What portals need of their server. */
export interface PortalServer {
  readonly now: Instant;
  readonly array: StorageArray;
  /** All iSCSI targets of the server: who discovers one of them is told of the others. */
  readonly targets: readonly IscsiPortals[];
  actOnArray(work: (array: StorageArray, now: Instant) => void): void;
  portalEvent(event: IscsiEvent, now: Instant): void;
  defect(error: unknown): void;
  /** What takes the frames of a portal of this name; `undefined` where nobody wants them. */
  frameSink(name: string): SocketFrameSink | undefined;
}

/** An address in the form of URLs and of TargetAddress. */
const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** All portals of a server. */
export class IscsiPortals {
  readonly #plan: IscsiPlan;
  readonly #hosts: StreamHost<IscsiEvent>[] = [];
  /** A new machine for each portal: what one knew is gone with its power. */
  readonly #make: (() => IscsiTargetPort)[] = [];
  /** Where logins at a portal are sent, by its group tag. */
  readonly #redirections = new Map<number, IscsiRedirection>();
  /** Those that run; none without power. */
  #machines: readonly IscsiTargetPort[] = [];

  /** Interfaces of the tap count on over all targets, from 1. */
  readonly #firstInterface: number;

  private constructor(plan: IscsiPlan, firstInterface: number) {
    this.#plan = plan;
    this.#firstInterface = firstInterface;
  }

  /** Opens them. `firstPort`: the array's port of the first one. Errors: `ListenError`. */
  static async open(
    plan: IscsiPlan,
    firstPort: number,
    server: PortalServer,
    firstInterface = 1,
  ): Promise<IscsiPortals> {
    const portals = new IscsiPortals(plan, firstInterface);
    try {
      for (const [index, place] of plan.portals.entries())
        await portals.#open(place, index, firstPort + index, server);
      portals.setPower(true);
    } catch (error) {
      await portals.close();
      throw error;
    }
    return portals;
  }

  async #open(
    place: IscsiPlan['portals'][number],
    index: number,
    portIndex: number,
    server: PortalServer,
  ): Promise<void> {
    const { targetName, chap } = this.#plan;
    const make = () =>
      new IscsiTargetPort({
        name: targetName,
        groupTag: this.#plan.groupTags[index]!,
        portIndex,
        addresses: () => this.tagged,
        others: () => server.targets.filter((one) => one !== this).map(namedOf),
        ...(chap === undefined ? {} : { chap }),
        hash: (algorithm, bytes) => createHash(NODE_HASHES[algorithm]).update(bytes).digest(),
        challenge: (bytes) => randomBytes(bytes),
        device: {
          nexusBegan: (...login) => server.array.device.nexusBegan(...login),
        },
        standsUntil: () => server.array.standsUntil,
        redirect: () => this.#redirections.get(this.#plan.groupTags[index]!),
        coldReset: () => this.#endOthers(index, server.now),
      });
    const host = new StreamHost<IscsiEvent>({
      clock: () => server.now,
      act: (work) => server.actOnArray((array, now) => array.handleElsewhere(now, () => work(now))),
      onEvent: (event, now) => server.portalEvent(event, now),
      onDefect: (error) => server.defect(error),
      onFrame: server.frameSink(`iscsi.${this.#firstInterface + index}`),
    });
    await host.listen(`iscsi:${hostText(place.host)}:${place.port}`, place.host, place.port);
    this.#make.push(make);
    this.#hosts.push(host);
  }

  get targetName(): string {
    return this.#plan.targetName;
  }

  /** Where they listen, with the ports that the system chose. */
  get listening(): readonly string[] {
    return this.#hosts.map(
      ({ port }, i) => `iscsi:${hostText(this.#plan.portals[i]!.host)}:${port}`,
    );
  }

  /** Where initiators are told to come. */
  get addresses(): readonly string[] {
    const { advertise, portals } = this.#plan;
    return this.#hosts.map(
      ({ port }, i) => advertise[i] ?? `${addressOf(portals[i]!.host)}:${port}`,
    );
  }

  /** The same as TargetAddress has it, with the tags of their groups. */
  get tagged(): readonly string[] {
    return this.addresses.map((address, i) => `${address},${this.#plan.groupTags[i]}`);
  }

  /** The tags of the portals' groups. */
  get groupTags(): readonly number[] {
    return this.#plan.groupTags;
  }

  /** The array has no power, or has it again. */
  setPower(on: boolean): void {
    this.#machines = on ? this.#make.map((make) => make()) : [];
    for (const [i, host] of this.#hosts.entries()) host.run(this.#machines[i]);
  }

  /** Asks everybody to log out. */
  askLogout(now: Instant): void {
    for (const [i, machine] of this.#machines.entries()) {
      machine.askLogout(LOGOUT_SECONDS, now);
      this.#hosts[i]!.drain();
    }
  }

  /** A cold reset of the target came to one portal. */
  #endOthers(index: number, now: Instant): void {
    for (const [i, machine] of this.#machines.entries()) {
      if (i === index) continue;
      machine.endSessions(now);
      this.#hosts[i]!.drain();
    }
  }

  /**
   * Logins at the portal with this group tag are sent elsewhere from now on, or no more; `logout` asks those who are
   * logged in there to log out, so that they follow.
   */
  redirect(groupTag: number, to: IscsiRedirection | undefined, now: Instant, logout = false): void {
    if (to === undefined) this.#redirections.delete(groupTag);
    else this.#redirections.set(groupTag, to);
    if (!logout) return;
    const index = this.#plan.groupTags.indexOf(groupTag);
    this.#machines[index]?.askLogout(LOGOUT_SECONDS, now);
    this.#hosts[index]?.drain();
  }

  /** Where logins are sent. */
  get redirections(): readonly { readonly portal: number; readonly to: IscsiRedirection }[] {
    return [...this.#redirections].map(([portal, to]) => ({ portal, to }));
  }

  /** Gives the addresses up. */
  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()));
  }
}

const namedOf = ({ tagged, targetName }: IscsiPortals) => ({ name: targetName, addresses: tagged });

/** A name would have to be looked up by the initiator: the address that it stands for. */
const addressOf = (host: string): string => (host === 'localhost' ? '127.0.0.1' : hostText(host));
