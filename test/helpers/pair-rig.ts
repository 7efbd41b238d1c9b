/** Two arrays of a pair without a fabric: what one sends the other goes there when the test says so. */
import type { PeerCommand } from '../../src/array/pair/peer-link.ts';
import type { StorageArray } from '../../src/array/storage-array.ts';
import { lunField } from '../../src/codecs/scsi/index.ts';
import {
  fcInitiatorDevice,
  fcInitiatorPort,
  type InitiatorPort,
} from '../../src/history/port-name.ts';
import { streams } from '../../src/machine/random.ts';
import { buildWorld } from '../../src/scenario/build.ts';
import { topologyOf } from '../../src/scenario/from-scenario.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import type { Nexus } from '../../src/scsi/target/nexus.ts';
import type { Reply } from '../../src/scsi/transport.ts';
import { scenarioOf } from './moves.ts';
import { outcome } from './scsi-target.ts';

type Side = 'array' | 'mirror';
const OTHER: Readonly<Record<Side, Side>> = { array: 'mirror', mirror: 'array' };
/** A port of each that the other's masks know. */
const PEER: Readonly<Record<Side, InitiatorPort>> = {
  array: fcInitiatorPort(0x5006_0160_0001_0000n),
  mirror: fcInitiatorPort(0x5006_0160_0001_0100n),
};

/** A command on its way to the other array. */
export interface OnItsWay {
  readonly from: Side;
  readonly command: PeerCommand;
  deliver(): void;
  lose(): void;
}

export class PairRig {
  readonly array: StorageArray;
  readonly mirror: StorageArray;
  readonly onItsWay: OnItsWay[] = [];
  readonly answers = new Map<string, string>();
  readonly told: { readonly node: Side; readonly event: { readonly type: string } }[] = [];
  #tag = 0;

  constructor(scenario: Scenario = scenarioOf({}, 'stretched-move')) {
    const { arrays } = buildWorld(topologyOf(scenario), (name) => streams(1).stream(name));
    this.array = arrays.get('array')!;
    this.mirror = arrays.get('mirror')!;
    for (const side of ['array', 'mirror'] as const) this.#join(side);
    this.array.pair!.standing.enterInSync('for the test');
    this.mirror.pair!.standing.enterInSync('for the test');
  }

  #join(from: Side): void {
    const to = this[OTHER[from]];
    this[from].pair!.link.send = (command, done) => {
      const nobody = { sense: new Uint8Array(0), data: new Uint8Array(0) };
      const deliver = (): void => {
        const pair = to.device.nexuses.obtain(PEER[from], 0)!;
        const nexus = pair.login ?? to.device.nexusBegan(PEER[from], 0, 1)!;
        const answered = ({ dataIn, sense, status }: Reply): void =>
          done({
            end: 'answered',
            status,
            sense: sense ?? nobody.sense,
            data: dataIn ?? nobody.data,
          });
        nexus.submit(
          { lun: lunField(command.lun), tag: ++this.#tag, attribute: 0, cdb: command.cdb },
          {
            enabled: (task) => to.mirror!.run(task, command.dataOut, answered),
            answered: (_task, reply) => answered(reply),
            cleared: () => {},
          },
        );
      };
      this.onItsWay.push({ from, command, deliver, lose: () => done({ end: 'lost' }) });
    };
  }

  /** All that is on its way comes, and what follows from it. */
  deliver(): void {
    for (let one = this.onItsWay.shift(); one !== undefined; one = this.onItsWay.shift())
      one.deliver();
  }

  /** A host's login at a port of an array, which sees the first unit as LUN 0. */
  login(side: Side, wwpn: bigint, port = 0): Nexus {
    const { device } = this[side];
    for (const one of [this.array, this.mirror])
      one.device.setMask(fcInitiatorDevice(wwpn), [{ lun: 0, lu: one.device.units[0]! }]);
    return device.nexusBegan(fcInitiatorPort(wwpn), port, 7)!;
  }

  /** Sends a command; its answer is found under `name`. */
  send(name: string, nexus: Nexus, cdb: Uint8Array, dataOut?: Uint8Array): void {
    const side = nexus.owner === this.array.device ? this.array : this.mirror;
    this.answers.delete(name);
    nexus.submit(
      { lun: 0n, tag: ++this.#tag, attribute: 0, cdb },
      {
        enabled: (task) =>
          side.mirror!.run(task, dataOut, (reply) => void this.answers.set(name, outcome(reply))),
        answered: (_task, reply) => void this.answers.set(name, outcome(reply)),
        cleared: (_task, cause) => void this.answers.set(name, `cleared: ${cause}`),
      },
    );
  }

  /** Everything that the arrays have told since this was asked last. */
  events(): typeof this.told {
    for (const node of ['array', 'mirror'] as const)
      for (let next = this[node].poll(); next !== undefined; next = this[node].poll())
        if ('event' in next) this.told.push({ node, event: next.event });
    return this.told.splice(0);
  }

  /** What both know of the first unit: keys by port pair, and who holds it. */
  known(): string[] {
    return [this.array, this.mirror].map(({ device }) => {
      const { aptpl, namedHolder, registrations, reservation } = device.units[0]!.reservations;
      const keys = registrations.map(
        ({ key, pair }) => `${key}@${device.ports[pair.targetPortIndex]!.relativeId}`,
      );
      const held =
        reservation === undefined ? 'free' : `${reservation.type} ${namedHolder?.target}`;
      return [held, ...(aptpl ? ['aptpl'] : []), ...keys].join(' ');
    });
  }
}
