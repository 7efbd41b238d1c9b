/** Commands for the other array: which login takes them, what is asked again, and when nobody knows. */
import { describe, expect, it } from 'vitest';
import {
  type PeerAnswer,
  type PeerCommand,
  PeerLink,
} from '../../../../src/array/pair/peer-link.ts';
import { Timers } from '../../../../src/machine/timers.ts';
import type {
  CommandOutcome,
  InitiatorNexus,
  ScsiCommand,
} from '../../../../src/scsi/transport.ts';

const SILENCE_NS = 100_000_000;
const EMPTY = new Uint8Array(0);
const BUSY = 0x08;
const CHECK_CONDITION = 0x02;
const ATTENTION = Uint8Array.of(0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29, 7);
const status = (code: number, sense = EMPTY, data = EMPTY): CommandOutcome => ({
  end: 'answered',
  status: code,
  sense,
  data,
  residual: 0,
});

class Rig {
  now = 0;
  readonly timers = new Timers();
  readonly sent: { readonly login: string; readonly command: ScsiCommand }[] = [];
  readonly answers: PeerAnswer[] = [];
  readonly link: PeerLink;

  constructor() {
    const rig = this;
    this.link = new PeerLink(
      {
        get now() {
          return rig.now;
        },
        after: (delayNs, run) => this.timers.set(this.now + delayNs, run),
        portChanged: () => {},
      },
      [],
      SILENCE_NS,
    );
  }

  login(name: string, ready = true): object {
    const key = { name };
    this.link.found(key, {
      ready,
      execute: (command: ScsiCommand) => void this.sent.push({ login: name, command }),
    } as unknown as InitiatorNexus);
    return key;
  }

  send(change: Partial<PeerCommand> = {}): void {
    const command = { lun: 3, cdb: Uint8Array.of(0), ...change };
    this.link.send(command, (answer) => void this.answers.push(answer));
  }

  end(outcome: CommandOutcome): void {
    this.sent.at(-1)!.command.onDone(outcome);
  }

  pass(ns: number): void {
    this.now += ns;
    this.timers.run(this.now);
  }
}

describe('a command', () => {
  it('goes by the logins that are ready, one after the other', () => {
    const rig = new Rig();
    rig.login('a');
    rig.login('b', false);
    const c = rig.login('c');
    for (let i = 0; i < 3; i++) rig.send();
    rig.link.gone(c);
    rig.send();
    expect(rig.sent.map(({ login }) => login)).toEqual(['a', 'c', 'a', 'a']);
    expect([rig.sent[0]!.command.lun, rig.link.ready]).toEqual([3n << 48n, true]);
  });

  it('is answered with status, sense and data', () => {
    const rig = new Rig();
    rig.login('a');
    rig.send();
    rig.end(status(CHECK_CONDITION, Uint8Array.of(0x70, 0, 5), Uint8Array.of(1)));
    expect(rig.answers).toEqual([
      {
        end: 'answered',
        status: CHECK_CONDITION,
        sense: Uint8Array.of(0x70, 0, 5),
        data: Uint8Array.of(1),
      },
    ]);
  });

  it('is sent again at once behind a unit attention, and later where the other is busy', () => {
    const rig = new Rig();
    rig.login('a');
    rig.send();
    rig.end(status(CHECK_CONDITION, ATTENTION));
    rig.pass(0);
    expect(rig.sent).toHaveLength(2);
    rig.end(status(BUSY));
    rig.pass(999_999);
    expect(rig.sent).toHaveLength(2);
    rig.pass(1);
    expect([rig.sent.length, rig.answers.length]).toEqual([3, 0]);
  });

  it('that takes BUSY for an answer is not', () => {
    const rig = new Rig();
    rig.login('a');
    rig.send({ takesBusy: true });
    rig.end(status(BUSY));
    expect(rig.answers).toEqual([expect.objectContaining({ end: 'answered', status: BUSY })]);
  });

  it('is sent eight times and no more', () => {
    const rig = new Rig();
    rig.login('a');
    rig.send();
    for (let i = 0; i < 8; i++) {
      rig.end(status(CHECK_CONDITION, ATTENTION));
      rig.pass(0);
    }
    expect([rig.sent.length, rig.answers]).toEqual([8, [{ end: 'lost' }]]);
  });
});

describe('nobody knows what became of a command', () => {
  it.each<CommandOutcome>([
    { end: 'aborted' },
    { end: 'data-lost' },
    { end: 'nexus-lost', confirmed: false },
  ])('that ended so: %o', (outcome) => {
    const rig = new Rig();
    rig.login('a');
    rig.send();
    rig.end(outcome);
    expect(rig.answers).toEqual([{ end: 'lost' }]);
  });

  it('without a login', () => {
    const rig = new Rig();
    rig.send();
    expect([rig.answers, rig.link.ready]).toEqual([[{ end: 'lost' }], false]);
  });

  it('behind a silence, and what comes then is not heard', () => {
    const rig = new Rig();
    rig.login('a');
    rig.send();
    rig.pass(SILENCE_NS - 1);
    expect(rig.answers).toEqual([]);
    rig.pass(1);
    rig.end(status(0));
    expect(rig.answers).toEqual([{ end: 'lost' }]);
  });
});
