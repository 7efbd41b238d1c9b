/**
 * Fabrics and an array for a program, on the real clock: a test starts them, plugs something in,
 * orders faults, waits for what happens, asks for the verdict and takes all down again.
 */
import type { CaptureReport } from '../audit/capture-judge.ts';
import { SeenJudge } from '../audit/seen-judge.ts';
import type { ByteSink } from '../capture/sink.ts';
import type { HistoryEntry } from '../history/index.ts';
import { streams } from '../machine/random.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { targetPortsOf } from '../scenario/topology.ts';
import { askServer, ControlError } from './control/command.ts';
import { CONTROL_COMMANDS } from './control/commands.ts';
import { Happenings, type LiveEventOf, NotSeenError, type WaitOptions } from './happenings.ts';
import type { HistoryAccount } from './history-account.ts';
import { isLanAddress, parseLanAddress } from './lan-address.ts';
import type { LiveEvent, LiveFabric } from './links.ts';
import { ListenError, parseListenAddress } from './listen-address.ts';
import type { LogRecord } from './log.ts';
import { parseLunSource } from './lun-source.ts';
import type { Management, ManagementOptions } from './management/management.ts';
import { type OpenServer, openServer } from './open.ts';
import { arrayOf } from './plan.ts';
import { qemuOptions } from './qemu-options.ts';
import type { LiveServer } from './server.ts';
import type { GuestWire } from './stream-wire.ts';

const ANYWHERE = 'tcp:127.0.0.1:0';
/** The array logs in with its fabrics by then; it takes some milliseconds. */
const READY_MS = 10_000;

/** What to serve. All of it may be left out; of the management fronts (`rest`, `nxapi`, `metrics`, `web`) too. */
export interface ServeOptions extends ManagementOptions {
  /** As `readScenario` of `sanmotion/scenario` gives it; without one: one fabric, `A`, and 64 MiB for everybody. */
  readonly scenario?: LoadedScenario;
  /**
   * `[FABRIC=]unix:PATH`, `tcp:HOST:PORT`, `udp:LOCAL,REMOTE`; by default a free TCP port of each fabric. `[FABRIC=]lan:ADDRESS`:
   * the array has this address on the fabric's Ethernet, and is an iSCSI target there.
   */
  readonly listen?: readonly string[];
  /** Logical units: `64M` in memory, a file, `FILE:SIZE`. */
  readonly luns?: readonly string[];
  /** FCoE VLAN of every fabric; 0 for untagged. */
  readonly vlan?: number;
  /** Path of a control socket, for programs beside this one. */
  readonly control?: string;
  /** Where every frame goes, as pcapng: a file's path, or a sink. */
  readonly tap?: string | ByteSink;
  /** Where what switches and array tell goes, as lines of JSON beside the tap: a file's path, or a sink. */
  readonly history?: string | ByteSink;
  /** Of everything random. Default 1. */
  readonly seed?: number;
  /** Hears each line of the log. */
  readonly log?: (record: LogRecord) => void;
}

/** A cable between a switch port and the program. */
export interface ProgramCable {
  /** Fabric and switch port: `A.1`. */
  readonly link: string;
  /** Sends an Ethernet frame (without FCS) to the switch. */
  send(frame: Uint8Array): void;
  unplug(): void;
}

/** Starts it. It is ready: the array has logged in. Errors: `ListenError`, `LunError`, `CaptureError`, `NotSeenError`. */
export async function serve(options: ServeOptions = {}): Promise<Served> {
  const { log = () => {}, luns = [], scenario, seed = 1, vlan, ...others } = options;
  const { listen = everywhere(scenario) } = options;
  const account = new Account();
  const opened = await openServer({
    ...others,
    judges: true,
    prepare: (server) => account.follow(server),
    scenario,
    listen: listen.filter((one) => !isLanAddress(one)).map(parseListenAddress),
    lan: listen.filter(isLanAddress).map(parseLanAddress),
    luns: luns.map(parseLunSource),
    ...(vlan === undefined ? {} : { vlan }),
    random: streams(seed).stream,
    log,
  });
  const served = new Served(opened, account);
  try {
    await served.ready();
  } catch (error) {
    await served.close();
    throw error;
  }
  return served;
}

/** A port for each fabric that has no address of its own. */
function everywhere(loaded: LoadedScenario | undefined): string[] {
  if (loaded === undefined) return [ANYWHERE];
  return loaded.scenario.fabrics.flatMap(({ name, listen = [] }) =>
    listen.length > 0 ? [] : [`${name}=${ANYWHERE}`],
  );
}

/** What happened and what the frames showed, from the first cable on. */
class Account {
  readonly happenings = new Happenings();
  readonly #judge = new SeenJudge();
  #frames = 0;
  #report: CaptureReport | undefined;

  follow(server: LiveServer): void {
    server.onEvent((entry) => this.happenings.add(entry));
    server.onFrame(({ name: tap }, _direction, bytes, at) => {
      if (this.#report === undefined) this.#judge.see({ tap, at, number: ++this.#frames, bytes });
    });
  }

  /** The report of the frames; the verdict rests on what switches and array told too. */
  conclude(told: HistoryAccount): CaptureReport {
    this.#report ??= { ...this.#judge.finish(), verdict: told.conclude() };
    return this.#report;
  }
}

/** What `serve` started. */
export class Served {
  /** The machines and all that may be done to them, for what the methods here do not offer. */
  readonly server: LiveServer;
  readonly #opened: OpenServer;
  readonly #account: Account;

  constructor(opened: OpenServer, account: Account) {
    this.server = opened.server;
    this.#opened = opened;
    this.#account = account;
  }

  /** Resolves when the array's ports are registered in their fabrics. Errors: `NotSeenError`. */
  async ready(): Promise<void> {
    const targets = targetPortsOf(arrayOf(this.server.plan)).length;
    const limit = performance.now() + READY_MS;
    const registered = () => this.server.logins().filter(({ login }) => login.fc4Types.length > 0);
    while (registered().length < targets) {
      if (performance.now() > limit)
        throw new NotSeenError(
          `the array has not logged in with its fabrics within ${READY_MS / 1000} s`,
        );
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Where guests of a fabric connect, such as `tcp:127.0.0.1:41233`; of the first one by default. */
  address(fabric: string = [...this.server.fabrics.keys()][0]!): string {
    const found = this.server.addresses.find((one) => one.fabric === fabric);
    if (found === undefined) throw new ListenError(`nobody can connect to a fabric ${fabric}`);
    return found.address;
  }

  /** Where the management fronts listen: `{rest: '127.0.0.1:41233'}`. */
  get management(): Management['addresses'] {
    return this.#opened.management;
  }

  /** Arguments that give QEMU a network adapter with a cable in this fabric. `id` names it there. */
  qemuOptions(
    fabric?: string,
    adapter: { id?: string; mac?: string; device?: string } = {},
  ): string[] {
    return qemuOptions(this.address(fabric), adapter);
  }

  /** A cable from the next free port of a fabric's switch to this program. Errors: `ListenError`. */
  plug(received: (frame: Uint8Array) => void, fabric?: string): ProgramCable {
    const { server } = this;
    const to = this.#fabric(fabric);
    // In a turn of its own, so that timers and sockets have theirs.
    const send = (frame: Uint8Array): void => void setImmediate(received, frame);
    const wire: GuestWire = { dropped: 0, waitingBytes: 0, send, flush: () => {} };
    const guest = server.plugIn(to, 'program', wire);
    if (typeof guest === 'string') throw new ListenError(guest);
    const { name } = [...to.links.values()].find((link) => link.wire === wire)!;
    return {
      link: name,
      send: (frame) => guest.received([frame]),
      unplug: () => guest.closed(undefined),
    };
  }

  /**
   * Asks what the control socket may be asked: `{command: 'fault', action: 'add', …}`. The answer is
   * what stands there beside `ok`. Errors: `ControlError`.
   */
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes
  async ask(request: { readonly command: string; readonly [key: string]: unknown }): Promise<any> {
    return await askServer(this.server, CONTROL_COMMANDS, request);
  }

  /** What has happened, oldest first; the last 50,000 of more than 100,000. */
  get happened(): readonly HistoryEntry<LiveEvent>[] {
    return this.#account.happenings.all;
  }

  /** The first happening of a type that passes the test, past or to come. Errors: `NotSeenError`. */
  until<T extends LiveEvent['type']>(
    type: T,
    test?: (event: LiveEventOf<T>) => boolean,
    options?: WaitOptions,
  ): Promise<HistoryEntry<LiveEventOf<T>>> {
    return this.#account.happenings.until(type, test, options);
  }

  /**
   * What the frames at the switches' ports show until now: logins, exchanges, moves; and the verdict on them and on what
   * switches and array told of themselves. The account ends with it: asked again it says the same. Asked after
   * `close`, it is word for word what `sanmotion replay --history` says of the tap and the history.
   */
  verdict(): CaptureReport {
    return this.#account.conclude(this.#opened.account!);
  }

  /** Logs everybody out, and gives sockets and files up. */
  close(): Promise<void> {
    return this.#opened.close();
  }

  /** `await using san = await serve()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #fabric(name: string | undefined): LiveFabric {
    const { fabrics } = this.server;
    const found = name === undefined ? [...fabrics.values()][0] : fabrics.get(name);
    if (found !== undefined) return found;
    throw new ControlError(
      `there is no fabric ${name}; there is ${[...fabrics.keys()].join(', ')}`,
    );
  }
}
