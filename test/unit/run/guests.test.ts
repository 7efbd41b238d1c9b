/** Guests of a run: their start, where they are, and how they come back. */
import { beforeEach, expect, test } from 'vitest';
import type { HostAnswer, HostCommand } from '../../../src/host/control.ts';
import type { ControlPlane } from '../../../src/run/control-plane.ts';
import { Guests } from '../../../src/run/guests.ts';
import { IoAccountant } from '../../../src/run/io-account.ts';
import type { World } from '../../../src/scenario/build.ts';

interface Asked {
  readonly host: string;
  readonly command: HostCommand;
}

const PLAN = { vm: 'one', from: 'h1', to: 'h2', destination: [{ wwpn: 9n }] };
const WORLD = {
  moves: [PLAN],
  vms: [
    { name: 'one', host: 'h1', units: 1, identities: [{ wwpn: 1n }], guest: { stream: 's1' } },
    { name: 'two', host: 'h2', units: 2, identities: [{ wwpn: 2n }], guest: { stream: 's2' } },
  ],
} as unknown as World;

let asked: Asked[];
/** What hosts say; `undefined` for the answer that everybody wants. */
let refusal: (host: string, command: HostCommand) => string | undefined;
let guests: Guests;

/** Hosts that see as many units as are wanted, and answer at once. */
function answerTo({ host, command }: Asked): HostAnswer {
  const reason = refusal(host, command);
  if (reason !== undefined) return { ok: false, reason };
  const view = command.command === 'prepare' && command.vm === 'two' ? [{}, {}] : [{}];
  return { ok: true, command: command.command, view } as unknown as HostAnswer;
}

beforeEach(() => {
  asked = [];
  refusal = () => undefined;
  const control = {
    ask: (host: string, command: HostCommand, done: (answer: HostAnswer) => void) => {
      asked.push({ host, command });
      const answer = answerTo({ host, command });
      guests.answered(host, command, answer);
      done(answer);
    },
  } as unknown as ControlPlane;
  guests = new Guests(WORLD, control, new IoAccountant(PLAN as never));
});

const words = (): string[] => asked.map(({ host, command }) => `${host} ${command.command}`);

function start(): { started: string[]; failures: string[] } {
  const [started, failures]: [string[], string[]] = [[], []];
  guests.startAll(
    (vm) => started.push(vm),
    (reason) => failures.push(reason),
  );
  return { started, failures };
}

test('a guest is prepared, adopted and resumed on its host', () => {
  expect(start()).toEqual({ started: ['one', 'two'], failures: [] });
  expect(words()).toEqual([
    'h1 prepare',
    'h1 adopt',
    'h1 resume',
    'h2 prepare',
    'h2 adopt',
    'h2 resume',
  ]);
});

test('one that sees too little, or is refused, does not start', () => {
  refusal = (_host, { command }) => (command === 'resume' ? 'no' : undefined);
  const world = WORLD as unknown as { vms: { units: number }[] };
  const [, two] = world.vms;
  two!.units = 3;
  const { failures, started } = start();
  two!.units = 2;
  expect(started).toEqual([]);
  expect(failures).toEqual([
    'no',
    'two sees 2 of its 3 logical units on h2: check zones and masks',
  ]);
});

test('all guests are asked where they are; one between two hosts is not', () => {
  start();
  guests.answered(
    'h1',
    { command: 'surrender', vm: 'one' },
    {
      ok: true,
      command: 'surrender',
      guest: { guest: 'one', token: 1 },
    },
  );
  asked = [];
  guests.tell((vm) => ({ command: 'stop', vm }));
  expect(words()).toEqual(['h2 stop']);
});

test('guests die with their host, and are started again as new ones', () => {
  start();
  expect(guests.hostCrashed('h1')).toEqual(['one']);
  expect(guests.hostCrashed('h1')).toEqual([]);
  expect(guests.someDown).toBe(true);
  asked = [];
  guests.bringUp(
    () => true,
    () => {},
  );
  expect(guests.someDown).toBe(false);
  expect(words()).toEqual(['h1 leave', 'h1 prepare', 'h1 adopt', 'h1 resume']);
  const [, , adopt] = asked;
  expect(adopt!.command).toMatchObject({ guest: { stream: 's1 again 1', firstIo: 1 } });
});

test('what cannot be brought up is tried again, and says why', () => {
  start();
  guests.hostCrashed('h1');
  const later: (() => void)[] = [];
  const bringUp = (isUp: boolean): void =>
    guests.bringUp(
      () => isUp,
      (again) => later.push(again),
    );
  bringUp(false);
  expect(later).toHaveLength(1);
  refusal = (_host, { command }) => (command === 'prepare' ? 'no fabric' : undefined);
  bringUp(true);
  expect(later).toHaveLength(2);
  expect(guests.complaint).toBe('one on h1: no fabric');
  refusal = () => undefined;
  later.pop()!();
  expect(guests.someDown).toBe(false);
});

test('a guest that a move stranded stands still where it is, or is lost between two hosts', () => {
  start();
  expect(guests.strand('one', 'h1')).toBe(false);
  expect(guests.strand('one', 'h1')).toBe(false);
  expect(guests.someDown).toBe(true);
  asked = [];
  guests.bringUp(
    () => true,
    () => {},
  );
  // It is still there: no new guest is brought.
  expect(asked[2]!.command).toEqual({ command: 'adopt', vm: 'one' });
  guests.answered(
    'h1',
    { command: 'surrender', vm: 'one' },
    {
      ok: true,
      command: 'surrender',
      guest: { guest: 'one', token: 1 },
    },
  );
  expect(guests.strand('one', 'h1')).toBe(true);
});
