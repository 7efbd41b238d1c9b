/**
 * What our initiator says after power on, next to what Linux 6.1 says (fixtures/fabric-login.pcap):
 * the same messages to the same addresses, in the same order.
 */
import { describe, expect, test } from 'vitest';
import { openCapture, type TimedFrame } from '../../../src/capture/index.ts';
import { fipElsOf, fipMessage } from '../../../src/codecs/fip/index.ts';
import {
  Conversation,
  decodeFrame,
  fcHeader,
  layerOf,
  layerValue,
} from '../../../src/codecs/index.ts';
import { Fcf } from '../../../src/fabric/fcoe/fcf.ts';
import { Host } from '../../../src/host/host.ts';
import { MILLISECOND, SECOND } from '../../../src/machine/machine.ts';
import { streams } from '../../../src/machine/random.ts';
import { Simulator } from '../../../src/sim/simulator.ts';

/** FIP logins, and ELS and CT requests to services of the fabric, of one sender. */
function requests(frames: Iterable<Uint8Array>, mac: string): string[] {
  const conversation = new Conversation();
  const names: string[] = [];
  for (const bytes of frames) {
    const frame = decodeFrame(bytes, { conversation });
    const source = [...bytes.subarray(6, 12)]
      .map((one) => one.toString(16).padStart(2, '0'))
      .join(':');
    const fip = layerValue(frame, fipMessage);
    const els = fip === undefined ? undefined : fipElsOf(fip);
    if (els !== undefined && source === mac) names.push(`${els.kind} in FIP`);
    const header = layerValue(frame, fcHeader);
    if (header === undefined || fip !== undefined || (header.fCtl & 0x80_0000) !== 0) continue;
    if (header.dId < 0xff_fff0 || header.sId >= 0xff_fff0) continue;
    const value = (layerOf(frame, 'els') ?? layerOf(frame, 'ct'))?.value as
      | { kind: string }
      | undefined;
    names.push(`${value?.kind} to ${header.dId.toString(16)}`);
  }
  return names;
}

async function linux(): Promise<string[]> {
  const capture = await openCapture('fixtures/fabric-login.pcap');
  const frames: TimedFrame[] = [];
  for await (const batch of capture.frames) frames.push(...batch);
  const mac = '52:54:00:aa:00:01';
  // The target logs in later in the same capture: the first sender of each message is the host.
  return requests(
    frames.slice(0, 25).map((one) => one.bytes),
    mac,
  );
}

/** Our host's physical port does not look for others; a port that does is made beside it. */
function ours(): string[] {
  const frames: Uint8Array[] = [];
  const random = (name: string) => streams(1).stream(name);
  const mac = '00:25:b5:00:00:00';
  const host = new Host({
    name: 'h1',
    nodeName: 1n,
    ports: [
      {
        mac,
        vlanDiscovery: false,
        vlan: 0,
        vlanPriority: 3,
        fcfSelectionDelayNs: MILLISECOND,
        wwpn: 2n,
      },
    ],
    policy: { commandTimeoutNs: SECOND, lateWriteWaitNs: SECOND, guestTimeoutNs: SECOND },
    random,
  });
  const fcf = new Fcf({
    name: 'A',
    fcfMac: '0e:00:fc:f0:00:01',
    fabricName: 3n,
    switchName: 4n,
    domain: 1,
    ports: 1,
    random: random('fcf'),
  });
  const simulator = new Simulator({ seed: 1 });
  simulator.addNode('h1', host);
  simulator.addNode('fcf', fcf);
  const link = simulator.connect({ node: 'h1', port: 0 }, { node: 'fcf', port: 0 });
  simulator.tap(link.name, 'b', (_link, direction, _at, frame) => {
    if (direction === 'a-to-b') frames.push(frame);
  });
  simulator.act('h1', (now) => host.handleLink(0, true, now));
  simulator.run({ untilNs: SECOND });
  simulator.act('h1', (now) =>
    host.handleCommand(
      1,
      { command: 'prepare', vm: 'vm1', identities: [{ port: 0, wwpn: 5n, wwnn: 6n }] },
      now,
    ),
  );
  simulator.run({ untilNs: 2 * SECOND });
  return requests(frames, mac);
}

describe('login', () => {
  test('FLOGI or FDISC, then the services in the order of Linux', async () => {
    const steps = await linux();
    expect(steps).toEqual([
      'flogi in FIP',
      'PLOGI to fffffc',
      'RNN_ID to fffffc',
      'RSNN_NN to fffffc',
      'RSPN_ID to fffffc',
      'RFT_ID to fffffc',
      'RFF_ID to fffffc',
      'SCR to fffffd',
      'GPN_FT to fffffc',
    ]);
    const own = ours();
    // The physical port of a hypervisor is no initiator of its own: it leaves the last question out.
    expect(own.slice(0, 8)).toEqual(steps.slice(0, 8));
    expect(own.slice(8)).toEqual(['fdisc in FIP', ...steps.slice(1)]);
  });
});
