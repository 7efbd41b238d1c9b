import { describe, expect, it } from 'vitest';
import { ArpOperation, arp } from '../../../src/codecs/ethernet/index.ts';
import { SECOND } from '../../../src/machine/machine.ts';
import { MachineCore } from '../../../src/machine/machine-core.ts';
import { ArpCache } from '../../../src/net/arp-cache.ts';
import { ipv4Bytes, parseIpv4 } from '../../../src/net/ipv4-address.ts';

const OWN = parseIpv4('10.0.0.1');
const PEER = parseIpv4('10.0.0.2');

function rig() {
  const core = new MachineCore<never>();
  const sent: { to: string; operation: number; target: string }[] = [];
  const silent: number[] = [];
  const cache = new ArpCache({
    mac: '02:00:00:00:00:01',
    address: OWN,
    get now() {
      return core.now;
    },
    after: (delayNs, run) => core.after(delayNs, run),
    sendArp: (to, packet) => {
      const { operation, targetProtocolAddress } = arp.decode(packet);
      sent.push({ to, operation, target: targetProtocolAddress.join('.') });
    },
    silent: (address) => void silent.push(address),
  });
  const answer = (operation: number, sender = PEER, target = OWN, mac = 2) =>
    cache.handle(
      arp.encode({
        operation,
        senderHardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, mac),
        senderProtocolAddress: ipv4Bytes(sender),
        targetHardwareAddress: new Uint8Array(6),
        targetProtocolAddress: ipv4Bytes(target),
      }),
      0,
    );
  const wait = (ns: number) => {
    const until = core.now + ns;
    while (core.deadline !== undefined && core.deadline <= until) core.handleTimeout(core.deadline);
    core.now = until;
  };
  return { cache, sent, silent, answer, wait };
}

describe('an ARP cache', () => {
  it('asks once for many packets, and gives them the address when it comes', () => {
    const { cache, sent, answer } = rig();
    const used: string[] = [];
    for (let i = 0; i < 3; i++) cache.resolve(PEER, (mac) => void used.push(mac));
    expect(sent).toEqual([
      { to: 'ff:ff:ff:ff:ff:ff', operation: ArpOperation['ARP request'], target: '10.0.0.2' },
    ]);
    answer(ArpOperation['ARP reply']);
    cache.resolve(PEER, (mac) => void used.push(mac));
    expect(used).toEqual(new Array(4).fill('02:00:00:00:00:02'));
  });

  it('asks three times, a second apart, and says that nobody is there', () => {
    const { cache, sent, silent, wait } = rig();
    cache.resolve(PEER, () => {});
    wait(10 * SECOND);
    expect([sent.length, silent]).toEqual([3, [PEER]]);
    expect(cache.size).toBe(0);
  });

  it('answers who asks for it, and knows the asker from then on', () => {
    const { cache, sent, answer } = rig();
    answer(ArpOperation['ARP request']);
    answer(ArpOperation['ARP request'], PEER, parseIpv4('10.0.0.3'));
    expect(sent).toEqual([
      { to: '02:00:00:00:00:02', operation: ArpOperation['ARP reply'], target: '10.0.0.2' },
    ]);
    expect(cache.size).toBe(1);
  });

  it('follows an address that is announced from elsewhere, and asks again what is old', () => {
    const { cache, sent, answer, wait } = rig();
    answer(ArpOperation['ARP request']);
    answer(ArpOperation['ARP request'], PEER, PEER, 9);
    let used = '';
    wait(60 * SECOND);
    sent.length = 0;
    cache.resolve(PEER, (mac) => {
      used = mac;
    });
    expect([used, sent.length]).toEqual(['02:00:00:00:00:09', 1]);
  });

  it('remembers no more stations, and no more packets for one, than it has room for', () => {
    const { cache, answer } = rig();
    for (let i = 0; i < 3000; i++)
      answer(ArpOperation['ARP request'], parseIpv4(`10.1.${i >> 8}.${i & 255}`));
    expect(cache.size).toBe(1024);
    let used = 0;
    for (let i = 0; i < 1000; i++) cache.resolve(PEER, () => void used++);
    answer(ArpOperation['ARP reply']);
    expect(used).toBe(64);
  });
});
