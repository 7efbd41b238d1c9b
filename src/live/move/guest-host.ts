/**
 * A Linux guest as a host of a move: it answers a mover's commands by `vport_create`,
 * `vport_delete` and the writer that stands for a virtual machine. Linux does not drain, so what is
 * under way when the ports leave is up to the writer and to the array.
 */
import { formatWwn, parseWwn, type Wwn } from '../../codecs/layout/index.ts';
import type {
  GuestState,
  HostAnswer,
  HostCommand,
  HostPortView,
  LuView,
  VhbaIdentity,
} from '../../fabric/host/index.ts';
import { type GuestChannel, GuestError } from './guest-channel.ts';
import type { GuestDisk, StampedWriter } from './writer.ts';

const DISK_LIMIT_MS = 240_000;
/** Of 10 ms and what looking takes. */
const DISK_POLLS_MAX = 3000;
const GONE_LIMIT_MS = 5000;

/** What several hosts of one move share. */
export interface LiveVm {
  readonly writer: StampedWriter;
  /** The ports are deleted under the running writer. */
  readonly underLoad: boolean;
  /** Whether the fabric has a login of this name. */
  isLoggedIn(wwpn: Wwn): boolean;
}

/** An FC host of the guest, such as `host0`. */
interface GuestPort {
  readonly host: string;
  readonly view: HostPortView;
}

/** The guest's memory stays with the writer's books: there is nothing to carry. */
const NOTHING = {} as GuestState;

/** 16 hex digits, as `fc_host` writes names. */
const plainOf = (wwpn: Wwn): string => formatWwn(wwpn).replaceAll(':', '');

export class GuestHost {
  readonly channel: GuestChannel;
  readonly #vm: LiveVm;
  /** The names that are logged in here for the virtual machine. */
  #identities: readonly VhbaIdentity[] = [];
  #disk: GuestDisk | undefined;
  #ports: readonly GuestPort[] | undefined;

  constructor(channel: GuestChannel, vm: LiveVm) {
    this.channel = channel;
    this.#vm = vm;
  }

  /** The disk that the writer has here. */
  get disk(): GuestDisk | undefined {
    return this.#disk;
  }

  /** Carries a command out; a guest that fails is a refusal. */
  async answer(command: HostCommand): Promise<HostAnswer> {
    try {
      return await this.#carryOut(command);
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      return { ok: false, reason: error.message };
    }
  }

  async #carryOut(command: HostCommand): Promise<HostAnswer> {
    switch (command.command) {
      case 'fabrics': {
        this.#ports = await this.#readPorts();
        return { ok: true, command: 'fabrics', ports: this.#ports.map(({ view }) => view) };
      }
      case 'prepare':
        await this.#prepare(command.identities);
        return { ok: true, command: 'prepare', view: await this.#view(), fellBack: false };
      case 'view':
        return { ok: true, command: 'view', view: await this.#view() };
      case 'stun':
        if (!this.#vm.underLoad) await this.#vm.writer.stop(this.channel);
        return { ok: true, command: 'stun', outstanding: this.#vm.underLoad ? 1 : 0, pending: 0 };
      case 'drain':
        return { ok: true, command: 'drain', completed: 0, aborted: 0, pending: 0 };
      case 'leave':
        return { ok: true, command: 'leave', acknowledged: await this.#leave() };
      case 'surrender':
        if (this.#vm.writer.running) await this.#vm.writer.stop(this.channel, true);
        return { ok: true, command: 'surrender', guest: NOTHING };
      case 'adopt':
        return { ok: true, command: 'adopt' };
      case 'resume':
        if (!this.#vm.writer.running) await this.#vm.writer.start(this.channel, this.#diskOrFail());
        return { ok: true, command: 'resume' };
      case 'discard':
        await this.#leave();
        return { ok: true, command: 'discard' };
      default:
        return {
          ok: false,
          reason: `${this.channel.name}: a Linux guest cannot ${command.command}`,
        };
    }
  }

  #diskOrFail(): GuestDisk {
    if (this.#disk === undefined) throw new GuestError(`${this.channel.name} has no disk`);
    return this.#disk;
  }

  /** The FC hosts that can make virtual ports, in the order of their numbers. */
  async #readPorts(): Promise<GuestPort[]> {
    const text = await this.channel.ok(
      'for h in $(hosts); do [ -e $h/vport_create ] && echo "$(basename $h) $(cat $h/port_name) $(cat $h/port_state) $(cat $h/fabric_name) $(cat $h/max_npiv_vports)"; done; true',
    );
    return [...text.matchAll(/^(host\d+) 0x(\S+) (\S+) 0x(\S+) (\d+)$/gm)].map(
      ([, host, portName, state, fabricName, npivMax], port) => ({
        host: host!,
        view: {
          port,
          wwpn: wwnOf(portName!),
          ready: state === 'Online',
          fabricName: wwnOf(fabricName!),
          npiv: npivMax !== '0',
        },
      }),
    );
  }

  /** As few commands as can be: while they run the virtual machine stands still. */
  async #prepare(identities: readonly VhbaIdentity[]): Promise<void> {
    this.#ports ??= await this.#readPorts();
    const ports = this.#ports;
    this.#identities = identities;
    const adds = identities.map(({ wwpn, port }) => {
      const host = ports[port]?.host;
      if (host === undefined) throw new GuestError(`${this.channel.name} has no port ${port}`);
      const name = plainOf(wwpn);
      return `{ vport_add ${name} ${host} 2>/dev/null || host_of ${name} > /dev/null || exit 1; }`;
    });
    const names = identities.map(({ wwpn }) => plainOf(wwpn)).join(' ');
    const text = await this.channel.ok(
      `${adds.join('; ')}; for w in ${names}; do n=0; until d=$(disk_of $w); do usleep 10000; n=$((n+1)); [ $n -gt ${DISK_POLLS_MAX} ] && exit 1; done; echo "$w $d $(cat /sys/block/$d/size)"; done`,
      DISK_LIMIT_MS,
    );
    const found = /^\S+ (\S+) (\d+)$/m.exec(text);
    this.#disk = found === null ? undefined : { name: found[1]!, sectors: Number(found[2]) };
  }

  async #view(): Promise<LuView[]> {
    const units = new Map<string, LuView & { paths: number; ports: number[] }>();
    for (const { wwpn, port } of this.#identities) {
      const text = await this.channel.ok(
        `h=$(host_of ${plainOf(wwpn)}) && for d in /sys/block/sd*; do case $(readlink $d) in */$h/*) echo "$(basename $(readlink -f $d/device)) $(cat $d/device/wwid) $(cat $d/size)";; esac; done; true`,
      );
      for (const [, lun, wwid, sectors] of text.matchAll(/^\d+:\d+:\d+:(\d+) (\S+) (\d+)$/gm)) {
        const luName = wwid!.replace(/^naa\./, '');
        const known = units.get(luName);
        if (known !== undefined) {
          known.paths++;
          if (!known.ports.includes(port)) known.ports.push(port);
          continue;
        }
        units.set(luName, {
          luName,
          luId: new TextEncoder().encode(luName),
          lunNumber: Number(lun),
          blocks: Number(sectors),
          vendor: '',
          product: '',
          paths: 1,
          ports: [port],
        });
      }
    }
    return [...units.values()];
  }

  /** Deletes the virtual ports; true once the fabric knows none of them any more. */
  async #leave(): Promise<boolean> {
    const names = this.#identities.map(({ wwpn }) => wwpn);
    const plain = names.map(plainOf).join(' ');
    await this.channel.ok(`for w in ${plain}; do vport_del $w 2>/dev/null; done; true`);
    this.#disk = undefined;
    const limit = performance.now() + GONE_LIMIT_MS;
    while (names.some((wwpn) => this.#vm.isLoggedIn(wwpn))) {
      if (performance.now() > limit) return false;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return true;
  }
}

function wwnOf(digits: string): Wwn {
  return parseWwn(digits.replace(/(..)(?!$)/g, '$1:'));
}
