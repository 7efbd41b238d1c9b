/** A hypervisor's port on the LAN and who talks with its guests: what they say, and the contract of machines. */
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../src/codecs/frame/index.ts';
import type { Mac } from '../../../src/codecs/layout/index.ts';
import type { LanEvent } from '../../../src/history/lan.ts';
import { MILLISECOND } from '../../../src/machine/machine.ts';
import { ANNOUNCE_DELAYS_NS, ANNOUNCEMENTS } from '../../../src/net/announcer.ts';
import {
  arpFrame,
  BROADCAST,
  datagramFrame,
  datagramIn,
  gratuitousArpFrame,
  neighborAdvertisementFrame,
  rarpFrame,
} from '../../../src/net/lan-frame.ts';
import { LanStation } from '../../../src/net/lan-station.ts';
import { type LanReply, LanUplink, type LanUplinkOptions } from '../../../src/net/lan-uplink.ts';
import { describeMachine } from '../../../src/testing/machine-contract.ts';

const TAG = { vid: 100, priority: 3 };
const GUEST = { vm: 'vm1', mac: '02:00:00:00:00:01' as Mac, address: '192.0.2.1', tag: TAG };
const STATION = { mac: '02:00:00:00:00:fe' as Mac, address: '192.0.2.254' };
const toGuest = datagramFrame(STATION, GUEST, TAG, {
  guest: 0,
  way: 'to-guest',
  number: 9,
  sentNs: 0,
  packetBytes: 64,
});
const ask = arpFrame(
  1,
  STATION,
  { mac: '00:00:00:00:00:00' as Mac, address: GUEST.address },
  BROADCAST,
  TAG,
);

const uplink = (options: Partial<LanUplinkOptions> = {}): LanUplink =>
  new LanUplink({
    mac: '02:00:00:00:00:a0' as Mac,
    guests: [GUEST],
    station: STATION,
    intervalNs: MILLISECOND,
    packetBytes: 64,
    announcement: 'RARP',
    vdp: false,
    ...options,
  });
const station = (): LanStation =>
  new LanStation({
    ...STATION,
    tag: TAG,
    guests: [{ vm: 'vm1', address: GUEST.address }],
    intervalNs: MILLISECOND,
    packetBytes: 64,
  });

function outputs(machine: LanUplink | LanStation) {
  const frames: Uint8Array[] = [];
  const events: (LanEvent | LanReply)[] = [];
  for (let one = machine.poll(); one !== undefined; one = machine.poll()) {
    if ('send' in one) frames.push(one.send);
    else events.push(one.event);
  }
  return { frames, events };
}

/** A guest that runs at the uplink. */
function running(options: Partial<LanUplinkOptions> = {}): LanUplink {
  const machine = uplink(options);
  machine.handleCommand(1, { command: 'attach', vm: 'vm1' }, 0);
  machine.guestRuns('vm1', true, 0);
  return machine;
}

describeMachine({ describe, it }, 'an uplink', () => running({ vdp: true }), {
  frames: [toGuest, ask, rarpFrame(GUEST.mac, TAG)],
});
describeMachine({ describe, it }, 'a station', station, {
  frames: [ask, toGuest, gratuitousArpFrame(GUEST, TAG)],
});

describe('an uplink', () => {
  it("announces as QEMU does, at the times of QEMU's own", () => {
    const machine = running();
    outputs(machine);
    machine.handleCommand(2, { command: 'announce', vm: 'vm1' }, 0);
    const times: number[] = [];
    for (let now = 0; now <= 900 * MILLISECOND; now += MILLISECOND) {
      machine.handleTimeout(now);
      const { events, frames } = outputs(machine);
      for (const frame of frames) expect(decodeFrame(frame).protocol).toBe('rarp');
      if (events.some((one) => one.type === 'announced')) times.push(now);
    }
    expect(times).toEqual([...ANNOUNCE_DELAYS_NS]);
  });

  it('answers ARP and hears datagrams while its guest runs, and no longer than its NIC is there', () => {
    const machine = running();
    outputs(machine);
    machine.handleFrame(0, ask, false, 0);
    expect(outputs(machine).frames).toHaveLength(1);
    machine.handleFrame(0, toGuest, false, 0);
    expect(outputs(machine).events).toEqual([
      { type: 'datagram', vm: 'vm1', way: 'to-guest', number: 9, step: 'received' },
    ]);
    machine.guestRuns('vm1', false, 0);
    machine.handleFrame(0, toGuest, false, 0);
    expect(outputs(machine)).toEqual({ frames: [], events: [] });
    machine.guestRuns('vm1', true, 0);
    machine.handleCommand(3, { command: 'detach', vm: 'vm1' }, 0);
    expect(outputs(machine).events).toMatchObject([
      { type: 'nic', state: 'detached' },
      { type: 'lan-reply', id: 3, answer: { ok: true } },
    ]);
    machine.handleFrame(0, toGuest, false, 0);
    expect(outputs(machine)).toEqual({ frames: [], events: [] });
  });

  it('numbers what its guest sends, each behind the other', () => {
    const machine = running();
    outputs(machine);
    machine.talk(true, 0);
    machine.handleTimeout(MILLISECOND);
    machine.handleTimeout(2 * MILLISECOND);
    expect(outputs(machine).frames.map((frame) => datagramIn(frame)?.number)).toEqual([1, 2, 3]);
    machine.talk(false, 2 * MILLISECOND);
    machine.handleTimeout(3 * MILLISECOND);
    expect(outputs(machine).frames).toEqual([]);
  });

  it('says that a bridge does not answer, when it has waited for it', () => {
    const machine = uplink({ vdp: true });
    machine.handleCommand(4, { command: 'attach', vm: 'vm1' }, 0);
    for (let i = 0; i < 20 && machine.deadline !== undefined; i++)
      machine.handleTimeout(machine.deadline);
    expect(outputs(machine).events).toMatchObject([
      {
        type: 'lan-reply',
        id: 4,
        answer: { ok: false, reason: expect.stringContaining('does not answer') },
      },
    ]);
  });
});

describe('a station', () => {
  it('asks where a guest is before it talks with it', () => {
    const machine = station();
    machine.start(0);
    const { frames } = outputs(machine);
    expect(frames.map((frame) => decodeFrame(frame).protocol)).toContain('arp');
    machine.handleFrame(0, gratuitousArpFrame(GUEST, TAG), false, 0);
    expect(outputs(machine).events).toMatchObject([{ way: 'to-guest', number: 1, step: 'sent' }]);
  });
});

describe('announcements', () => {
  it('are read by the codecs, each as what it is', () => {
    expect(ANNOUNCEMENTS).toHaveLength(3);
    expect(decodeFrame(rarpFrame(GUEST.mac, TAG)).protocol).toBe('rarp');
    expect(decodeFrame(gratuitousArpFrame(GUEST, TAG)).protocol).toBe('arp');
    const advertisement = decodeFrame(neighborAdvertisementFrame(GUEST.mac, TAG));
    expect(advertisement).toMatchObject({ protocol: 'icmpv6', malformed: undefined });
  });
});
