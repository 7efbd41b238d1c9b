/** Machines that are broken on the LAN and in its half of a move: I37 to I44. */
import { EtherType } from '../../../src/codecs/ethernet/index.ts';
import { type Mac, putMac } from '../../../src/codecs/layout/index.ts';
import { VlanBridge } from '../../../src/fabric/lan/vlan-bridge.ts';
import { Vtep } from '../../../src/fabric/lan/vtep.ts';
import { arpIn, datagramIn, lanFrame } from '../../../src/net/lan-frame.ts';
import { LanUplink } from '../../../src/net/lan-uplink.ts';
import type { World } from '../../../src/scenario/build.ts';
import type { LanMachine } from '../../../src/scenario/build-lan.ts';
import { type Scenario, scenarioSchema } from '../../../src/scenario/schema.ts';
import { hostOf, type Mutant, onPoll, withMove } from '../../helpers/audited-run.ts';

type LanKeys = Partial<NonNullable<Scenario['lan']>>;

/** The move with a LAN of this kind, quick and with tight bounds. */
const withLan =
  (keys: LanKeys, move: Partial<Scenario['move']> = {}, timing: Partial<Scenario['timing']> = {}) =>
  (scenario: Scenario): Scenario => {
    const quick = { advertiseDelayMs: 1, convergeMs: 20, agreeMs: 40, blackoutMs: 60 };
    const lan = scenarioSchema.shape.lan.parse({ ...quick, ...keys });
    return withMove(move, { afterMs: 80, ...timing })({ ...scenario, lan });
  };

function lanMachine<T extends LanMachine>(
  world: World,
  name: string,
  kind: new (...given: never[]) => T,
): T {
  const machine = world.machines.lan.get(name);
  if (machine instanceof kind) return machine;
  throw new TypeError(`${name} is none`);
}

/** From a time on a machine does not get what this holds of. */
function deafen(machine: Vtep | VlanBridge, isLost: (frame: Uint8Array) => boolean): void {
  const handle = machine.handleFrame.bind(machine);
  machine.handleFrame = (port, frame, given, now) => {
    if (!isLost(frame)) handle(port, frame, given, now);
  };
}

/** A BGP UPDATE in a TCP segment without options. */
function isUpdate(frame: Uint8Array): boolean {
  const place = lanFrame(frame);
  if (place?.etherType !== EtherType.IPv4 || frame[place.at + 9] !== 6) return false;
  const at = place.at + 40;
  return frame[at] === 0xff && frame[at + 15] === 0xff && frame[at + 18] === 2;
}

const isRarp = (frame: Uint8Array): boolean => lanFrame(frame)?.etherType === EtherType.RARP;
const LEARNING = { kind: 'learning', guestsSend: false } as const;

/** The destination cannot log the names in: the move is rolled back. */
function refusesToPrepare(world: World): void {
  const host = hostOf(world, 'h2');
  const handle = host.handleCommand.bind(host);
  const poll = host.poll.bind(host);
  const answers: ReturnType<typeof poll>[] = [];
  host.poll = () => answers.shift() ?? poll();
  host.handleCommand = (id, asked, now) => {
    if (asked.command !== 'prepare') handle(id, asked, now);
    else answers.push({ event: { type: 'reply', id, answer: { ok: false, reason: 'refused' } } });
  };
}

export const mutantsOfLan: Readonly<Record<string, Mutant>> = {
  I37: {
    tune: withLan({ kind: 'evpn' }),
    make(world) {
      let hasMoved = false;
      onPoll(lanMachine(world, 'lan-h2', LanUplink), (output) => {
        hasMoved ||= 'event' in output && output.event.type === 'nic';
        return [output];
      });
      deafen(lanMachine(world, 'vtep-h1', Vtep), (frame) => hasMoved && isUpdate(frame));
    },
  },
  I38: {
    tune: withLan(LEARNING),
    make: (world) =>
      onPoll(lanMachine(world, 'lan-h2', LanUplink), (output) =>
        'send' in output && isRarp(output.send) ? [] : [output],
      ),
    // Nobody hears where the guest is.
    also: ['I37', 'I41'],
  },
  I39: {
    tune: withLan(LEARNING),
    make: (world) =>
      onPoll(lanMachine(world, 'lan-h1', LanUplink), (output) =>
        'event' in output && output.event.type === 'datagram' ? [output, output] : [output],
      ),
  },
  I40: {
    tune: withLan(LEARNING),
    make: (world) =>
      onPoll(lanMachine(world, 'lan-bridge-1', VlanBridge), (output) =>
        'send' in output && datagramIn(output.send)?.way === 2 ? [output, output] : [output],
      ),
  },
  I41: {
    tune: withLan({ ...LEARNING, order: 'lan-first' }, { strategy: 'same-wwpn' }),
    setUp: refusesToPrepare,
    make(world) {
      const uplink = lanMachine(world, 'lan-h1', LanUplink);
      const handle = uplink.handleCommand.bind(uplink);
      uplink.handleCommand = (id, asked, now) =>
        handle(id, asked.command === 'announce' ? { command: 'detach', vm: asked.vm } : asked, now);
    },
    // What is sent to the new host is lost.
    also: ['I37', 'I38'],
  },
  I42: {
    tune: withLan({ kind: 'evpn' }),
    make: (world) => deafen(lanMachine(world, 'vtep-h2', Vtep), isUpdate),
    // Nobody believes it.
    also: ['I37', 'I38', 'I41'],
  },
  I43: {
    tune: withLan({ kind: 'vdp' }),
    make: (world) =>
      deafen(
        lanMachine(world, 'lan-bridge-1', VlanBridge),
        // ECP header of 4 bytes, manager ID of 18, then the type of the association in 7 bits.
        (frame) => lanFrame(frame)?.etherType === EtherType.ECP && frame[14 + 4 + 18]! >> 1 === 4,
      ),
  },
  I44: {
    tune: withLan({ kind: 'evpn' }, {}, { afterMs: 250 }),
    make: (world) =>
      onPoll(lanMachine(world, 'vtep-station', Vtep), (output) => {
        const other = '02:00:00:00:00:99' as Mac;
        if ('event' in output)
          return output.event.type === 'neighbour-answer'
            ? [{ event: { ...output.event, mac: other } }]
            : [output];
        if (output.port !== 0 || arpIn(output.send)?.operation !== 2) return [output];
        const changed = output.send.slice();
        putMac(changed, 18 + 8, other);
        return [{ ...output, send: changed }];
      }),
    // The station believes it.
    also: ['I38'],
  },
};
