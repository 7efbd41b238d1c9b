/**
 * Any Linux interface as a cable: `socat` between a raw interface and the UDP port of `serve`. A
 * guest stands behind the other end of a veth pair, in a network namespace with everything else.
 */
import { execFileSync, spawn } from 'node:child_process';
import { expect } from 'vitest';
import { guestTest, type Lab } from '../support/lab.ts';
import { endOf } from '../support/wait.ts';

/** A namespace of its own with a veth pair, gone at the end. What runs commands in it. */
function namespace(lab: Lab): readonly string[] {
  const name = `sanmotion-${process.pid}`;
  const run = (...words: string[]) => execFileSync(words[0]!, words.slice(1), { stdio: 'pipe' });
  run('ip', 'netns', 'add', name);
  lab.atEnd(() => void run('ip', 'netns', 'del', name));
  run('ip', '-n', name, 'link', 'set', 'lo', 'up');
  run('ip', '-n', name, 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1');
  for (const end of ['veth0', 'veth1']) {
    run('ip', '-n', name, 'link', 'set', end, 'mtu', '2500', 'up');
  }
  return ['ip', 'netns', 'exec', name];
}

/** Joins an interface to a UDP port; its frames go to `remote`, those to `local` come from it. */
function socat(lab: Lab, within: readonly string[], end: string, remote: number, local: number) {
  const udp = `UDP4-DATAGRAM:127.0.0.1:${remote},bind=127.0.0.1:${local}`;
  const [program, ...words] = [...within, 'socat', `INTERFACE:${end}`, udp];
  const child = spawn(program!, words, { stdio: 'ignore' });
  lab.atEnd(async () => void (await endOf(child, 'SIGTERM', 5000)));
}

/** `serve` on one end of the pair, and the cable of a guest on the other. */
async function overInterface(lab: Lab, vlan: number) {
  const within = namespace(lab);
  const serve = await lab.serve({
    within,
    listen: ['udp:9000,9001'],
    arguments: ['--vlan', String(vlan)],
  });
  socat(lab, within, 'veth1', 9000, 9001);
  socat(lab, within, 'veth0', 9101, 9100);
  const port = (side: string, number: number) =>
    `${side}.type=inet,${side}.host=127.0.0.1,${side}.port=${number}`;
  const netdev = `dgram,${port('local', 9101)},${port('remote', 9100)}`;
  return { serve, guest: { name: 'h1', within, cables: [{ netdev }] } };
}

guestTest('a host behind a veth pair and socat logs in, writes and reads', 240, async (lab) => {
  const { serve, guest } = await overInterface(lab, 0);
  const host = await lab.boot(guest);
  await host.online();
  await host.ok('stamp write /dev/sda 0 64 >/dev/null && stamp check /dev/sda 0 64');
  await host.ok('load write /dev/sda 1 -b 262144 -d 4 && load read /dev/sda 1 -b 262144 -d 4');
  const logins = JSON.stringify(await serve.control({ command: 'logins' }));
  expect(logins).toContain('20:00:52:54:00:aa:00:01');
});

// Linux takes the tag off a frame before a raw socket sees it, and socat 1.7 does not put it back:
// behind a trunk the request is answered, but FCoE needs socat on the VLAN's own interface.
guestTest('a FIP VLAN request through the same is answered', 200, async (lab) => {
  const { guest } = await overInterface(lab, 1002);
  const host = await lab.boot({ ...guest, role: 'none' });
  expect(await host.ok('fipvlan eth0')).toMatch(/\b1002\b/);
});
