/**
 * A Linux guest as a host of a move: it answers a mover's commands by `vport_create`,
 * `vport_delete` and the writer that stands for a virtual machine. Linux does not drain, so what is
 * under way when the ports leave is up to the writer and to the array.
 */
import { formatWwn, parseWwn, type Wwn } from '../../codecs/layout/index.ts';
import { vhbasOf } from '../../host/attachment-identity.ts';
import type { GuestToken, HostAnswer, HostCommand, HostPortView } from '../../host/control.ts';
import type { VhbaIdentity } from '../../host/vhba-identity.ts';
import type { LuView } from '../../scsi/initiator/multipath.ts';
import { type GuestChannel, GuestError, SECOND_MS_MAX } from './guest-channel.ts';
import type { GuestDisk, StampedWriter } from './writer.ts';

/** How long logins and scans may take, where the mover does not say. */
const PREPARE_LIMIT_S = 120;
const GONE_LIMIT_MS = 5000;
const NS_PER_S = 1e9;

/** What several hosts of one move share. */
export interface LiveVm {
  readonly writer: StampedWriter;
  /** The ports are deleted under the running writer. */
  readonly underLoad: boolean;
  /** How many disks each port has, in the order of the identities, when they were last looked at. */
  disks: readonly number[];
  /** True once the fabrics know none of these names any more; false when they do at the limit. */
  loggedOut(wwpns: readonly Wwn[], limitMs: number): Promise<boolean>;
}

/** An FC host of the guest, such as `host0`. */
interface GuestPort {
  readonly host: string;
  readonly view: HostPortView;
}

/** A disk of the virtual machine: one path to a logical unit. */
interface PortDisk extends GuestDisk {
  readonly port: number;
  readonly lun: number;
  readonly luName: string;
}

/** The guest's memory is the writer's, which both hosts share: the token stands for nothing more. */
const tokenOf = (guest: string): GuestToken => ({ guest, token: 0 });

/** 16 hex digits, as `fc_host` writes names. */
const plainOf = (wwpn: Wwn): string => formatWwn(wwpn).replaceAll(':', '');

/** A host of a move that is a Linux guest: carries a mover's commands out over its channel. */
export class GuestHost {
  readonly channel: GuestChannel;
  readonly #vm: LiveVm;
  /** The names that are logged in here for the virtual machine. */
  #identities: readonly VhbaIdentity[] = [];
  /** What is behind them, as it was last looked at. The writer has the first. */
  #disks: readonly PortDisk[] = [];
  #hasLeft = false;
  #ports: readonly GuestPort[] | undefined;

  constructor(channel: GuestChannel, vm: LiveVm) {
    this.channel = channel;
    this.#vm = vm;
  }

  /** The disk that the writer has here. */
  get disk(): GuestDisk | undefined {
    return this.#disks[0];
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
        await this.#prepare(command);
        return { ok: true, command: 'prepare', view: viewOf(this.#disks), fellBack: false };
      case 'view':
        await this.#look('', 0);
        this.#vm.disks = this.#identities.map(
          ({ port }) => this.#disks.filter((disk) => disk.port === port).length,
        );
        return { ok: true, command: 'view', view: viewOf(this.#disks) };
      case 'stun':
        if (!this.#vm.underLoad) await this.#vm.writer.stop();
        return { ok: true, command: 'stun', outstanding: this.#vm.underLoad ? 1 : 0, pending: 0 };
      case 'drain':
        return { ok: true, command: 'drain', completed: 0, aborted: 0, pending: 0 };
      case 'leave':
        return { ok: true, command: 'leave', acknowledged: await this.#leave() };
      case 'surrender':
        if (this.#vm.writer.running) await this.#vm.writer.stop(true);
        return { ok: true, command: 'surrender', guest: tokenOf(command.vm) };
      case 'adopt':
        return { ok: true, command: 'adopt' };
      case 'resume':
        await this.#resume();
        return { ok: true, command: 'resume' };
      case 'discard':
        await this.#vm.writer.standDown();
        await this.#leave();
        return { ok: true, command: 'discard' };
      default:
        return {
          ok: false,
          reason: `${this.channel.name}: a Linux guest cannot ${command.command}`,
        };
    }
  }

  async #resume(): Promise<void> {
    const { writer } = this.#vm;
    // A move under load that comes back finds the writer that died with the ports.
    if (writer.running && this.#hasLeft) await writer.stop(true);
    if (writer.running) return;
    if (this.disk === undefined) throw new GuestError(`${this.channel.name} has no disk`);
    await writer.start(this.channel, this.disk);
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

  async #prepare({ identities, timeoutNs }: Extract<HostCommand, { command: 'prepare' }>) {
    this.#ports ??= await this.#readPorts();
    const ports = this.#ports;
    this.#identities = vhbasOf(identities);
    const names = this.#identities.map(({ wwpn, port }) => {
      const host = ports[port]?.host;
      if (host === undefined) throw new GuestError(`${this.channel.name} has no port ${port}`);
      return `${plainOf(wwpn)}=${host}`;
    });
    const limitS = timeoutNs === undefined ? PREPARE_LIMIT_S : Math.ceil(timeoutNs / NS_PER_S);
    await this.#look(`vports_add ${names.join(' ')} && `, limitS);
  }

  /**
   * Looks at the disks behind the ports, once all are there, or those that are at the limit. It is
   * one command with what comes before, for the virtual machine stands still while it runs.
   */
  async #look(before: string, limitS: number): Promise<void> {
    const names = this.#identities.map(
      ({ wwpn }, i) => `${plainOf(wwpn)}=${this.#vm.disks[i] ?? 1}`,
    );
    const text = await this.channel.ok(
      `${before}vports_disks ${limitS} ${names.join(' ')}`,
      (limitS * names.length + 10) * SECOND_MS_MAX,
    );
    this.#disks = text.split('@port ').flatMap((part) => {
      const port = this.#identities.find(({ wwpn }) => part.startsWith(plainOf(wwpn)))?.port;
      if (port === undefined) return [];
      return [...part.matchAll(/^(sd\w+) \d+:\d+:\d+:(\d+) (\d+) (.+)$/gm)].map(
        ([, name, lun, sectors, wwid]) => ({
          name: name!,
          sectors: Number(sectors),
          port,
          lun: Number(lun),
          luName: wwid!.replace(/^naa\./, ''),
        }),
      );
    });
  }

  /** Deletes the virtual ports; true once the fabrics know none of them any more. */
  async #leave(): Promise<boolean> {
    const names = this.#identities.map(({ wwpn }) => wwpn);
    this.#disks = [];
    if (names.length === 0) return true;
    this.#hasLeft = true;
    const plain = names.map(plainOf).join(' ');
    // Linux deletes one port at a time, from its LOGO to the end of its disks; where no writer is to
    // meet just that, several log out before.
    const areDisabled = names.length > 1 && !this.#vm.underLoad;
    const gone = this.#vm.loggedOut(names, GONE_LIMIT_MS);
    // It takes a port down for some time after its last LOGO: only this guest waits for that.
    const deleted = this.channel.ok(
      `${areDisabled ? `vports_disable ${plain}; ` : ''}vports_del ${plain}`,
    );
    return Promise.race([gone, deleted.then(() => gone)]);
  }
}

/** The logical units behind disks. */
function viewOf(disks: readonly PortDisk[]): LuView[] {
  return [...new Set(disks.map(({ luName }) => luName))].map((luName) => {
    const paths = disks.filter((disk) => disk.luName === luName);
    const { lun, sectors } = paths[0]!;
    return {
      luName,
      luId: new TextEncoder().encode(luName),
      lunNumber: lun,
      blocks: sectors,
      vendor: '',
      product: '',
      paths: paths.length,
      ports: [...new Set(paths.map(({ port }) => port))],
      targetPorts: [],
    };
  });
}

function wwnOf(digits: string): Wwn {
  return parseWwn(digits.replace(/(..)(?!$)/g, '$1:'));
}
