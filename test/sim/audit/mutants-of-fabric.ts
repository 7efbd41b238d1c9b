/** Machines that are broken in logins, access, identity, time and recovery: I13 to I32. */

import type { FabricEvent } from '../../../src/history/fabric.ts';
import { fcInitiatorPort } from '../../../src/history/port-name.ts';
import { vhbasOf } from '../../../src/host/attachment-identity.ts';
import type { HostEvent } from '../../../src/host/host.ts';
import type { Output } from '../../../src/machine/machine.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { cablesAt, portAt } from '../../../src/scenario/topology.ts';
import {
  fcfOf,
  fcOf,
  fcpOf,
  hostOf,
  type Mutant,
  onPoll,
  withByte,
  withMove,
  withOxId,
  withPayload,
  withWorkload,
} from '../../helpers/audited-run.ts';

const ETHERTYPE_FIP = 0x8914;
const RESPONSE = 0x07;
const BUSY = 0x08;
const RSPN_ID = 0x0218;
const FC_TYPE_CT = 0x20;
const EOFT = 0x42;
const WRITE_EXCLUSIVE_REGISTRANTS_ONLY = 5;

/** A FIP keep-alive of an ENode, behind a VLAN tag. */
function isKeepAlive(frame: Uint8Array): boolean {
  const at = ((frame[12]! << 8) | frame[13]!) === 0x8100 ? 16 : 12;
  const isFip = ((frame[at]! << 8) | frame[at + 1]!) === ETHERTYPE_FIP;
  return isFip && frame[at + 5] === 3 && frame[at + 7] === 1;
}

/** Refuses one command of a host, once. */
function refuseOnce(
  world: Parameters<Mutant['make']>[0],
  hostName: string,
  command: string,
  how: 'refuse' | 'pretend' = 'refuse',
): void {
  const host = hostOf(world, hostName);
  const handle = host.handleCommand.bind(host);
  const poll = host.poll.bind(host);
  const waiting: Output<HostEvent>[] = [];
  let left = 1;
  host.poll = () => waiting.shift() ?? poll();
  host.handleCommand = (id, asked, now) => {
    if (asked.command !== command || left === 0) {
      handle(id, asked, now);
      return;
    }
    left--;
    const answer =
      how === 'refuse'
        ? ({ ok: false, reason: 'refused by the test' } as const)
        : ({ ok: true, command: 'discard' } as const);
    waiting.push({ event: { type: 'reply', id, answer } });
  };
}

/** A second guest, that writes to the logical unit which the first one has reserved. */
const intruder = (scenario: Scenario): Scenario => ({
  ...scenario,
  vms: [
    scenario.vms[0]!,
    {
      ...scenario.vms[0]!,
      name: 'vm2',
      host: 'h2',
      luns: ['data'],
      workload: { ...scenario.vms[0]!.workload, queueDepth: 1, readPercent: 0, thinkUs: 1000 },
    },
  ],
});

/** All names of the first guest are registered, and hold the reservation together. */
function reserveForFirst(world: Parameters<Mutant['make']>[0]): void {
  const { device } = world.array;
  const { source, destination } = world.plan;
  const pairs = vhbasOf([...source, ...destination]).flatMap(({ wwpn }) =>
    device.ports.map((_, port) => device.nexuses.obtain(fcInitiatorPort(wwpn), port)!),
  );
  for (const { reservations } of device.units) {
    const [first] = pairs;
    reservations.register(first!, {
      key: 0n,
      newKey: 0x1000n,
      ignoreExistingKey: false,
      aptpl: false,
      others: pairs.slice(1),
    });
    reservations.reserve(first!, 0x1000n, WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
  }
}

/** Logical units under other numbers for the second WWPNs. */
const swapped = (scenario: Scenario): Scenario => ({
  ...scenario,
  array: {
    ...scenario.array,
    masks: [0, 1, 2, 3].map((n) => ({
      for: `c0:50:76:00:00:00:01:0${n}`,
      luns: n % 2 === 0 ? { '0': 'system', '1': 'data' } : { '0': 'data', '1': 'system' },
    })),
  },
});

export const mutantsOfFabric: Readonly<Record<string, Mutant>> = {
  I13: {
    make(world) {
      let late: { port: number; send: Uint8Array; sId: number } | undefined;
      onPoll<FabricEvent>(fcfOf(world, 'A'), (output) => {
        if ('send' in output) {
          const fc = fcpOf(output.send, 0x06);
          if (fc !== undefined) late = { ...output, sId: fc.sId };
          return [output];
        }
        const { event } = output;
        if (event.type === 'logout' && late !== undefined && late.sId === event.nPortId) {
          return [output, { port: late.port, send: late.send, given: false }];
        }
        return [output];
      });
    },
  },
  I14: {
    make(world) {
      let first: Extract<FabricEvent, { type: 'login' }> | undefined;
      onPoll<FabricEvent>(fcfOf(world, 'A'), (output) => {
        if (!('event' in output) || output.event.type !== 'login' || output.event.by !== 'FDISC')
          return [output];
        const { event } = output;
        if (first === undefined) {
          first = event;
          return [output];
        }
        return [{ event: { ...event, wwpn: first.wwpn } }];
      });
    },
  },
  I15: {
    make(world) {
      const commands = new Map<number, Output<HostEvent>>();
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        if (!('send' in output)) return [output];
        const command = fcpOf(output.send, 0x06);
        if (command !== undefined) commands.set(command.dId, output);
        const fc = fcOf(output.send);
        const logo =
          fc !== undefined && fc.type === 0x01 && fc.rCtl === 0x22 && fc.payload[0] === 0x05;
        const late = logo ? commands.get(fc.dId) : undefined;
        return late === undefined ? [output] : [output, late];
      });
    },
    // Its OX_ID had been aborted.
    also: ['I12'],
  },
  I16: {
    make(world) {
      const answers = new Map<number, Uint8Array>();
      onPoll(world.array, (output) => {
        if (!('send' in output)) return [output];
        const response = fcpOf(output.send, RESPONSE);
        if (response !== undefined) answers.set(response.dId, output.send);
        const fc = fcOf(output.send);
        if (fc === undefined || fc.type !== 0x00 || fc.rCtl !== 0x84) return [output];
        const answer = answers.get(fc.dId);
        if (answer === undefined) return [output];
        return [output, { ...output, send: withOxId(answer, fcOf(answer)!.place, fc.oxId) }];
      });
    },
  },
  I17: {
    make(world) {
      const { device } = world.array;
      for (const unit of device.units) {
        const { attentions } = unit;
        const take = attentions.take.bind(attentions);
        let last: { pair: Parameters<typeof take>[0]; code: number } | undefined;
        attentions.take = (pair, tag) => {
          const code = take(pair, tag);
          if (code !== undefined) {
            last = { pair, code };
            return code;
          }
          if (last?.pair !== pair) return undefined;
          const again = last.code;
          last = undefined;
          device.observer.onAttention?.(unit, pair, 'delivered', again, tag);
          return again;
        };
      }
    },
    tune: withMove({ strategy: 'same-wwpn' }),
  },
  I18: {
    make(world) {
      const fcf = fcfOf(world, 'A');
      const silent = new Map<number, Uint8Array>();
      onPoll<HostEvent>(hostOf(world, 'h2'), (output) => {
        if (!('send' in output) || output.port !== 0 || !isKeepAlive(output.send)) return [output];
        const cable = cablesAt(world.topology, 'h2').find((one) => portAt(one, 'h2') === 0)!;
        silent.set(cable.ends[1].port, output.send);
        return [];
      });
      const handle = fcf.handleFrame.bind(fcf);
      fcf.handleFrame = (port, frame, given, now) => {
        for (const [from, keepAlive] of silent) handle(from, keepAlive, false, now);
        handle(port, frame, given, now);
      };
    },
    tune: (scenario) => ({
      ...withWorkload({ queueDepth: 1, thinkUs: 50_000 })(scenario),
      fabrics: scenario.fabrics.map((one) => ({ ...one, fkaAdvPeriodMs: 500 })),
      timing: { ...scenario.timing, afterMs: 4000 },
    }),
  },
  I19: {
    make(world) {
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        const fc = 'send' in output ? fcpOf(output.send, 0x01) : undefined;
        if (fc === undefined || !('send' in output)) return [output];
        return [{ ...output, send: withByte(output.send, fc.place.eofAt, EOFT) }];
      });
    },
  },
  I20: {
    make(world) {
      for (const unit of world.array.device.units) unit.reservations.conflicts = () => false;
    },
    setUp: reserveForFirst,
    tune: intruder,
  },
  I21: {
    make(world) {
      const { masks, units } = world.array.device;
      const resolve = masks.resolve.bind(masks);
      masks.resolve = (pair, lun) => {
        const unit = resolve(pair, lun);
        return unit === undefined ? undefined : units[1 - unit.index];
      };
    },
  },
  I22: {
    make(world) {
      for (const fcf of world.switches.values()) {
        const zoning = { enforced: 'hard', zones: [], defaultZone: 'deny' } as const;
        Object.defineProperty(fcf, 'zoning', { get: () => zoning });
      }
    },
  },
  I23: {
    make(world) {
      onPoll<HostEvent>(hostOf(world, 'h2'), (output) => {
        if (!('event' in output) || output.event.type !== 'reply') return [output];
        const { answer } = output.event;
        if (!answer.ok || answer.command !== 'prepare') return [output];
        const view = answer.view.map(({ luns: _, ...one }) => ({
          ...one,
          lunNumber: 1 - one.lunNumber!,
        }));
        return [{ event: { ...output.event, answer: { ...answer, view } } }];
      });
    },
    tune: swapped,
  },
  I24: {
    make(world) {
      const host = hostOf(world, 'h2');
      onPoll<HostEvent>(host, (output) => {
        if (!('event' in output) || output.event.type !== 'io-sent') return [output];
        const initiator = fcInitiatorPort(host.options.ports[output.event.port]!.wwpn);
        return [{ event: { ...output.event, initiator } }];
      });
    },
  },
  I25: {
    make(world) {
      let left = 1;
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        const fc = 'send' in output ? fcpOf(output.send, 0x06) : undefined;
        if (fc === undefined || !('send' in output) || left === 0) return [output];
        left--;
        return [{ ...output, send: withByte(output.send, 15, output.send[15]! + 7) }];
      });
    },
  },
  I28: {
    make(world) {
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        const fc = 'send' in output ? fcOf(output.send) : undefined;
        if (fc?.type !== FC_TYPE_CT || !('send' in output)) return [output];
        if (((fc.payload[8]! << 8) | fc.payload[9]!) !== RSPN_ID) return [output];
        const name = String.fromCharCode(...fc.payload.subarray(21));
        if (!name.startsWith('vm1')) return [output];
        const send = withPayload(output.send, fc.place, (payload) => {
          payload[23] = '9'.charCodeAt(0);
        });
        return [{ ...output, send }];
      });
    },
  },
  I29: {
    make() {},
    tune: withMove({ stateCopyMs: 6000 }, { guestTimeoutMs: 60_000 }),
  },
  I30: {
    make(world) {
      const { deviceServer } = world.array.device;
      const prepare = deviceServer.prepare.bind(deviceServer);
      let victim: string | undefined;
      let left = 60;
      deviceServer.prepare = (task) => {
        const { cdb } = task.request;
        const content = cdb.join();
        if (cdb[0] === 0x2a) victim ??= content;
        if (content !== victim || left === 0) return prepare(task);
        left--;
        return { status: BUSY };
      };
    },
    tune: (scenario) =>
      withMove(
        {},
        { beforeMs: 700 },
      )(withWorkload({ thinkUs: 20_000, rangeBlocks: 1024 })(scenario)),
  },
  I31: {
    make(world) {
      refuseOnce(world, 'h1', 'leave');
      refuseOnce(world, 'h2', 'discard', 'pretend');
    },
  },
  I32: {
    make(world) {
      onPoll<HostEvent>(hostOf(world, 'h1'), (output) => {
        if (!('event' in output) || output.event.type !== 'reply') return [output];
        const { answer } = output.event;
        if (!answer.ok || answer.command !== 'surrender') return [output];
        return [output, { event: { type: 'guest', vm: 'vm1', state: 'running', view: [] } }];
      });
    },
    faults: [{ frame: 400, fault: 'crash', node: 'mover', forNs: 1_000_000 }],
  },
};
