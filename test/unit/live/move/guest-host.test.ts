/** A Linux guest as a host of a move: which commands it is given, and what it answers the mover. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostAnswer } from '../../../../src/host/control.ts';
import { GuestChannel } from '../../../../src/live/move/guest-channel.ts';
import { GuestHost, type LiveVm } from '../../../../src/live/move/guest-host.ts';
import { StampedWriter } from '../../../../src/live/move/writer.ts';
import {
  FakeGuest,
  type FakeLinuxOptions,
  fakeLinux,
  type GuestAnswer,
} from '../../../helpers/fake-guest.ts';

let dir: string;
const ends: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-guest-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(dir, { recursive: true });
});

const A = 0x2001_0000_0000_0001n;
const B = 0x2101_0000_0000_0001n;
const VM = 'vm';
const identities = [{ port: 0, wwpn: A, wwnn: A }];

interface RigOptions extends FakeLinuxOptions {
  readonly underLoad?: boolean;
  /** Answers of this guest's own; `fakeLinux` has the rest. */
  readonly own?: (command: string) => GuestAnswer;
  /** The fabrics still know the names at the limit. */
  readonly stays?: boolean;
}

async function rig({ underLoad = false, own, stays = false, ...options }: RigOptions = {}) {
  const path = join(dir, 'h1');
  let tellLeft = () => {};
  const left = new Promise<void>((resolve) => {
    tellLeft = resolve;
  });
  const linux = fakeLinux({ left: tellLeft, ...options });
  const guest = await FakeGuest.listen(path, (command) => own?.(command) ?? linux(command));
  ends.push(() => guest.close());
  const channel = await GuestChannel.connect('h1', path);
  ends.push(() => channel.close());
  const asked: (readonly bigint[])[] = [];
  const vm: LiveVm = {
    writer: new StampedWriter(7, 10),
    underLoad,
    disks: [],
    loggedOut: async (names) => {
      asked.push(names);
      await left;
      return !stays;
    },
  };
  const host = new GuestHost(channel, vm);
  /** Prepared, with the writer at work. */
  const running = async () => {
    await host.answer({ command: 'prepare', vm: VM, identities });
    await host.answer({ command: 'resume', vm: VM });
  };
  return { guest, vm, host, asked, running };
}

const reason = (answer: HostAnswer) => (answer.ok ? undefined : answer.reason);

test('its fabrics are its FC hosts that can make virtual ports, in their order', async () => {
  const { host } = await rig({
    own: (command) =>
      command.startsWith('for h')
        ? 'host0 0x2000525400aa0001 Online 0x1000000000000001 64\nhost1 0x2000525400aa0002 Linkdown 0x0000000000000000 0'
        : undefined,
  });
  expect(await host.answer({ command: 'fabrics' })).toEqual({
    ok: true,
    command: 'fabrics',
    ports: [
      {
        port: 0,
        wwpn: 0x2000_5254_00aa_0001n,
        ready: true,
        fabricName: 0x1000_0000_0000_0001n,
        npiv: true,
      },
      { port: 1, wwpn: 0x2000_5254_00aa_0002n, ready: false, fabricName: 0n, npiv: false },
    ],
  });
});

describe('prepare', () => {
  test('makes the ports and looks at their disks in one command', async () => {
    const { guest, host } = await rig();
    const answer = await host.answer({ command: 'prepare', vm: VM, identities, timeoutNs: 2.5e9 });
    expect(guest.commands.at(-1)).toBe(
      'vports_add 2001000000000001=host0 && vports_disks 3 2001000000000001=1',
    );
    expect(answer).toMatchObject({ ok: true, fellBack: false });
    expect('view' in answer && answer.view).toMatchObject([
      { luName: '60000000000000a1', lunNumber: 0, blocks: 2048, paths: 1, ports: [0] },
    ]);
    expect(host.disk).toMatchObject({ name: 'sda', sectors: 2048 });
  });

  test('one logical unit behind two ports is one, with both', async () => {
    const both = [...identities, { port: 1, wwpn: B, wwnn: B }];
    const { host } = await rig({
      own: (command) =>
        command.startsWith('for h')
          ? ['host0', 'host1']
              .map((one) => `${one} 0x2000525400aa0001 Online 0x1000000000000001 64`)
              .join('\n')
          : undefined,
    });
    const answer = await host.answer({ command: 'prepare', vm: VM, identities: both });
    expect('view' in answer && answer.view).toMatchObject([{ paths: 2, ports: [0, 1] }]);
  });

  test('waits for as many disks as the source had', async () => {
    const { guest, vm, host } = await rig();
    await host.answer({ command: 'prepare', vm: VM, identities });
    vm.disks = [3];
    await host.answer({ command: 'prepare', vm: VM, identities });
    expect(guest.commands.at(-1)).toMatch(/vports_disks 120 2001000000000001=3$/);
    await host.answer({ command: 'view', vm: VM });
    expect(guest.commands.at(-1)).toBe('vports_disks 0 2001000000000001=3');
    expect(vm.disks).toEqual([1]);
  });

  test('a port that is not there, and a command that fails, are refusals', async () => {
    const { host } = await rig({
      own: (command) =>
        command.includes('vports_add') ? { output: 'no vport', status: 1 } : undefined,
    });
    const missing = [{ port: 4, wwpn: A, wwnn: A }];
    expect(reason(await host.answer({ command: 'prepare', vm: VM, identities: missing }))).toBe(
      'h1 has no port 4',
    );
    expect(reason(await host.answer({ command: 'prepare', vm: VM, identities }))).toMatch(
      /ended with 1: no vport$/,
    );
  });
});

describe('the virtual machine', () => {
  test('stands still when its writer has stopped, and then leaves', async () => {
    const { guest, vm, host, running, asked } = await rig();
    await running();
    expect(vm.writer.running).toBe(true);
    expect(await host.answer({ command: 'stun', vm: VM })).toEqual({
      ok: true,
      command: 'stun',
      outstanding: 0,
      pending: 0,
    });
    expect(vm.writer.running).toBe(false);
    expect(await host.answer({ command: 'leave', vm: VM })).toMatchObject({ acknowledged: true });
    expect(guest.commands.at(-1)).toBe('vports_del 2001000000000001');
    expect([asked, host.disk]).toEqual([[[A]], undefined]);
  });

  test('under load is left running until it is surrendered', async () => {
    const stop = 'stop 17 from=1.0 to=2.0 acked=9 longest-gap=3.0ms error: Input/output error';
    const { guest, vm, host, running } = await rig({ underLoad: true, stop });
    await running();
    expect(await host.answer({ command: 'stun', vm: VM })).toMatchObject({ outstanding: 1 });
    await host.answer({ command: 'leave', vm: VM });
    expect(vm.writer.running).toBe(true);
    await host.answer({ command: 'surrender', vm: VM });
    expect(vm.writer.legs).toMatchObject([{ acknowledged: 9, error: 'Input/output error' }]);
    // It has died with its ports: nobody kills it.
    expect(guest.commands.filter((one) => one.startsWith('kill'))).toEqual([]);
  });

  test('whose names the fabrics still know has not left', async () => {
    const { host, running } = await rig({ stays: true });
    await running();
    await host.answer({ command: 'stun', vm: VM });
    expect(await host.answer({ command: 'leave', vm: VM })).toMatchObject({ acknowledged: false });
  });

  test('several ports log out before they are deleted, but not under load', async () => {
    const both = [
      { port: 0, wwpn: A, wwnn: A },
      { port: 0, wwpn: B, wwnn: B },
    ];
    const { guest, host } = await rig();
    await host.answer({ command: 'prepare', vm: VM, identities: both });
    await host.answer({ command: 'leave', vm: VM });
    const names = '2001000000000001 2101000000000001';
    expect(guest.commands.at(-1)).toBe(`vports_disable ${names}; vports_del ${names}`);
  });

  test('without a disk cannot run', async () => {
    const { host } = await rig({ disks: [] });
    await host.answer({ command: 'prepare', vm: VM, identities });
    expect(reason(await host.answer({ command: 'resume', vm: VM }))).toBe('h1 has no disk');
  });
});

test('what Linux cannot do is refused, what it need not do is done', async () => {
  const { guest, host } = await rig();
  expect(reason(await host.answer({ command: 'give-logins', vm: VM }))).toBe(
    'h1: a Linux guest cannot give-logins',
  );
  const drain = { command: 'drain', vm: VM, drain: 'wait', timeoutNs: 1 } as const;
  expect(await host.answer(drain)).toMatchObject({ completed: 0, aborted: 0, pending: 0 });
  expect(await host.answer({ command: 'adopt', vm: VM })).toMatchObject({ ok: true });
  expect(guest.commands).toEqual([]);
});

test('a discard ends what stands by and takes the ports away', async () => {
  const { guest, vm, host } = await rig();
  await host.answer({ command: 'prepare', vm: VM, identities });
  await vm.writer.standBy(host.channel);
  expect(await host.answer({ command: 'discard', vm: VM })).toEqual({
    ok: true,
    command: 'discard',
  });
  expect(guest.commands.slice(-2)).toEqual(['kill 42', 'vports_del 2001000000000001']);
});
