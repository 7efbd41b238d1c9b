/**
 * Any Linux interface as a cable: `socat` between it and the UDP port of `serve`. A guest stands
 * behind the other end of a veth pair, in a network namespace with everything else.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { FIPVLAN, type Guest } from '../support/guest.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import { numbersOf } from '../support/tshark.ts';
import { endOf, until } from '../support/wait.ts';

const run = (...words: string[]) => execFileSync(words[0]!, words.slice(1), { stdio: 'pipe' });

/** A namespace of its own with a veth pair, gone at the end; its name. */
function namespace(lab: Lab): string {
  const name = `sanmotion-${process.pid}`;
  run('ip', 'netns', 'add', name);
  lab.atEnd(() => void run('ip', 'netns', 'del', name));
  run('ip', '-n', name, 'link', 'set', 'lo', 'up');
  run('ip', '-n', name, 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1');
  for (const end of ['veth0', 'veth1']) {
    run('ip', '-n', name, 'link', 'set', end, 'mtu', '2500', 'up');
  }
  return name;
}

const within = (name: string) => ['ip', 'netns', 'exec', name] as const;

/** A program in the namespace, until the end of the test. */
function start(lab: Lab, name: string, ...words: string[]): void {
  const [program, ...rest] = [...within(name), ...words];
  const child = spawn(program!, rest, { stdio: 'ignore' });
  lab.atEnd(async () => void (await endOf(child, 'SIGTERM', 5000)));
}

/** socat's address of an end of the pair: a raw socket, which sees every frame without its tag. */
const rawSocket = (_name: string, end: string): string => `INTERFACE:${end}`;

/** The same by a bridge with a tap, which gives and takes frames with their tags. */
function bridgedTap(name: string, end: string): string {
  const [bridge, tap] = [`br-${end}`, `tap-${end}`];
  run('ip', '-n', name, 'link', 'add', bridge, 'type', 'bridge');
  run('ip', '-n', name, 'tuntap', 'add', 'dev', tap, 'mode', 'tap');
  for (const port of [end, tap]) run('ip', '-n', name, 'link', 'set', port, 'master', bridge);
  for (const one of [tap, bridge]) run('ip', '-n', name, 'link', 'set', one, 'mtu', '2500', 'up');
  return `TUN,tun-name=${tap},tun-type=tap,iff-no-pi`;
}

/** `serve` on one end of the pair, and the cable of a guest on the other. */
async function overInterface(lab: Lab, vlan: number, addressOf = rawSocket) {
  const name = namespace(lab);
  const serve = await lab.serve({
    within: within(name),
    listen: ['udp:9000,9001'],
    arguments: ['--vlan', String(vlan)],
  });
  // The frames of an interface go to `remote`, those to `local` come from there.
  const socat = (end: string, remote: number, local: number) => {
    const udp = `UDP4-DATAGRAM:127.0.0.1:${remote},bind=127.0.0.1:${local}`;
    start(lab, name, 'socat', addressOf(name, end), udp);
  };
  socat('veth1', 9000, 9001);
  socat('veth0', 9101, 9100);
  const port = (side: string, number: number) =>
    `${side}.type=inet,${side}.host=127.0.0.1,${side}.port=${number}`;
  const netdev = `dgram,${port('local', 9101)},${port('remote', 9100)}`;
  return { name, serve, guest: { name: 'h1', within: within(name), cables: [{ netdev }] } };
}

async function useDisk(host: Guest): Promise<void> {
  await host.ok('stamp write /dev/sda 0 64 >/dev/null && stamp check /dev/sda 0 64');
  await host.ok('load write /dev/sda 1 -b 262144 -d 4 && load read /dev/sda 1 -b 262144 -d 4');
}

guestTest('a host behind a veth pair and socat logs in, writes and reads', 240, async (lab) => {
  const { serve, guest } = await overInterface(lab, 0);
  const host = await lab.boot(guest);
  await host.online();
  await useDisk(host);
  const logins = JSON.stringify(await serve.control({ command: 'logins' }));
  expect(logins).toContain('20:00:52:54:00:aa:00:01');
});

// Linux takes the tag off a frame before a raw socket sees it, and socat 1.7 does not put it back:
// so the request, which has none, is answered, and what follows needs the test after this one.
guestTest('a FIP VLAN request through the same is answered', 200, async (lab) => {
  const { guest } = await overInterface(lab, 1002);
  const host = await lab.boot({ ...guest, role: 'none' });
  expect(await host.ok(FIPVLAN)).toMatch(/\b1002\b/);
});

guestTest(
  'a host behind a VLAN trunk finds its VLAN, logs in, writes and reads',
  240,
  async (lab) => {
    const { name, guest } = await overInterface(lab, 1002, bridgedTap);
    const capture = `${lab.dir}/trunk.pcapng`;
    start(lab, name, 'dumpcap', '-q', '-i', 'veth1', '-w', capture);
    await until(() => existsSync(capture), 10_000, 'the capture of the trunk');
    const host = await lab.boot({ ...guest, vlan: 1002 });
    await host.online();
    expect(await host.ok(FIPVLAN)).toMatch(/\b1002\b/);
    await useDisk(host);
    const frames = (filter: string) => numbersOf(capture, filter).length;
    // What dumpcap has not written yet is missing: it need not be all.
    await until(() => frames('vlan.id == 1002 && fcoe') > 100, 30_000, 'tagged FCoE on the trunk');
    expect(frames('fcoe && !vlan')).toBe(0);
    expect(frames('fip && !vlan')).toBeGreaterThan(0);
  },
);
