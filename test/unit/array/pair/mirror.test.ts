/** Commands of a unit with two legs, with nothing but answers of the other array. */
import { describe, expect, it } from 'vitest';
import { Mirror } from '../../../../src/array/pair/mirror.ts';
import { MirroredMedium } from '../../../../src/array/pair/mirrored-medium.ts';
import type { PeerAnswer, PeerCommand } from '../../../../src/array/pair/peer-link.ts';
import { cdb } from '../../../../src/codecs/scsi/index.ts';
import type { PairState } from '../../../../src/history/pair.ts';
import { fcTargetPort } from '../../../../src/history/port-name.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../../../src/scsi/target/scsi-target.ts';
import type { Reply, TargetTask } from '../../../../src/scsi/transport.ts';
import { filled, INITIATOR_A, outcome } from '../../../helpers/scsi-target.ts';

const GOOD: PeerAnswer = {
  end: 'answered',
  status: 0,
  sense: new Uint8Array(0),
  data: new Uint8Array(0),
};

class Rig {
  state: PairState = 'in-sync';
  leads = true;
  refuses = false;
  fence = 0;
  theirFence = 0;
  readonly sent: { readonly command: PeerCommand; readonly done: (answer: PeerAnswer) => void }[] =
    [];
  readonly told: string[] = [];
  readonly answers = new Map<number, Reply>();
  readonly leg = new MemoryMedium(64);
  readonly device = new ScsiTarget({
    name: 'east',
    ports: [{ name: fcTargetPort(0x50n), relativeId: 1 }],
    powerOnAttention: false,
  });
  readonly mirror: Mirror;
  #tag = 0;

  constructor() {
    const rig = this;
    this.mirror = new Mirror({
      settled: () => {},
      standing: {
        get state() {
          return rig.state;
        },
        get leads() {
          return rig.leads;
        },
        get serves() {
          return ['in-sync', 'detached', 'source'].includes(rig.state);
        },
        get refuses() {
          return rig.refuses;
        },
        get isJoined() {
          return rig.state === 'in-sync' || rig.state === 'source';
        },
        epoch: 5,
        get fence() {
          return rig.fence;
        },
        get theirFence() {
          return rig.theirFence;
        },
        gaveUp: () => void rig.fence++,
        lost: (why) => void this.told.push(`lost: ${why}`),
        copied: () => void this.told.push('copied'),
      },
      send: (command, done) => void this.sent.push({ command, done }),
      emit: ({ runs, state }) => void this.told.push(`${state} ${runs.map(({ lba }) => lba)}`),
      forwarded: () => void this.told.push('forwarded'),
      takes: () => false,
    });
    const medium = new MirroredMedium(this.leg);
    const [lu, forward, leg] = [medium, medium, this.leg].map((one) =>
      this.device.addUnit({ medium: one }),
    );
    this.device.setDefaultMask([lu!, forward!, leg!].map((one, lun) => ({ lun, lu: one })));
    this.mirror.add(lu!, forward!, leg!);
  }

  /** Runs a command; its tag. */
  run(lun: number, bytes: Uint8Array, dataOut?: Uint8Array): number {
    const tag = ++this.#tag;
    const nexus =
      this.device.nexuses.obtain(INITIATOR_A, 0)!.login ??
      this.device.nexusBegan(INITIATOR_A, 0, 1)!;
    nexus.submit(
      { lun: BigInt(lun) << 48n, tag, attribute: 0, cdb: bytes },
      {
        enabled: (task: TargetTask) =>
          this.mirror.run(task, dataOut, (reply) => void this.answers.set(tag, reply)),
        answered: (_task, reply) => void this.answers.set(tag, reply),
        cleared: () => {},
      },
    );
    return tag;
  }

  write(lba: number, value: number, lun = 0, groupNumber = 0): number {
    const bytes = cdb.encode({
      kind: 'WRITE(16)',
      lba: BigInt(lba),
      transferLengthBlocks: 1,
      groupNumber,
    });
    return this.run(lun, bytes, filled(1, value));
  }

  read(lba: number): number {
    return this.run(0, cdb.encode({ kind: 'READ(16)', lba: BigInt(lba), transferLengthBlocks: 1 }));
  }

  said(tag: number): string | undefined {
    const reply = this.answers.get(tag);
    return reply && outcome(reply);
  }
}

describe('the array that leads', () => {
  it('answers a change when both legs have it, and what reads it waits', () => {
    const rig = new Rig();
    const write = rig.write(3, 7);
    const read = rig.read(3);
    const other = rig.read(4);
    expect([rig.said(write), rig.said(read), rig.said(other)]).toEqual([
      undefined,
      undefined,
      '00',
    ]);
    expect(rig.sent[0]!.command.lun).toBe(1);
    expect(rig.sent[0]!.command.cdb[14]).toBe(5);
    rig.sent[0]!.done(GOOD);
    expect([rig.said(write), rig.said(read)]).toEqual(['00', '00']);
    expect(rig.answers.get(read)!.dataIn![0]).toBe(7);
  });

  it('keeps what waits for the other as differing when it goes on alone, and answers it', () => {
    const rig = new Rig();
    const write = rig.write(3, 7);
    rig.sent[0]!.done({ end: 'lost' });
    expect(rig.told).toEqual(['lost: it did not confirm a change of its leg']);
    rig.state = 'suspended';
    const held = rig.write(9, 1);
    expect([rig.said(write), rig.said(held)]).toEqual([undefined, undefined]);
    rig.state = 'detached';
    rig.mirror.changed();
    expect([rig.said(write), rig.said(held)]).toEqual(['00', '00']);
    expect(rig.told.slice(1)).toEqual(['set 3', 'set 9']);
  });

  it('answers nothing of what it has on one leg where another goes on, and refuses the rest', () => {
    const rig = new Rig();
    const write = rig.write(3, 7);
    rig.state = 'suspended';
    const held = rig.write(9, 1);
    rig.refuses = true;
    rig.mirror.changed();
    expect([rig.said(write), rig.said(held)]).toEqual([undefined, '02 2/04/0c']);
    expect(rig.mirror.otherLeg.differs).toBe(1);
  });

  it('copies region by region, and what is written there meanwhile is not sent twice', () => {
    const rig = new Rig();
    rig.state = 'detached';
    rig.write(0, 1);
    rig.write(40, 2);
    rig.state = 'source';
    rig.mirror.copy();
    const write = rig.write(41, 3);
    expect([rig.sent.length, rig.said(write)]).toEqual([1, '00']);
    rig.sent[0]!.done(GOOD);
    expect(
      [...rig.sent[1]!.command.dataOut!.subarray(0, 1024)].filter((_, i) => i % 512 === 0),
    ).toEqual([2, 3]);
    rig.sent[1]!.done(GOOD);
    expect(rig.told.slice(-3)).toEqual(['clear 0', 'clear 40', 'copied']);
  });

  it('stands still when nothing is under way', () => {
    const rig = new Rig();
    rig.write(3, 7);
    let still = false;
    rig.mirror.standStill(() => {
      still = true;
    });
    const held = rig.read(9);
    expect([still, rig.said(held)]).toEqual([false, undefined]);
    rig.sent[0]!.done(GOOD);
    expect(still).toBe(true);
    rig.mirror.goOn();
    expect(rig.said(held)).toBe('00');
  });
});

describe('the array that does not lead', () => {
  it('hands changes to the other, and answers as that does', () => {
    const rig = new Rig();
    rig.leads = false;
    const write = rig.write(3, 7);
    expect([rig.sent[0]!.command.lun, rig.said(write), rig.told]).toEqual([
      2,
      undefined,
      ['forwarded'],
    ]);
    rig.sent[0]!.done(GOOD);
    expect([rig.said(write), rig.leg.read(3, 1)[0]]).toEqual(['00', 0]);
    expect(rig.said(rig.write(4, 1, 1))).toBe('08');
  });

  it('marks what it hands over by what it has given up, also where a CDB has no room for that', () => {
    const rig = new Rig();
    rig.leads = false;
    const bytes = cdb.encode({ kind: 'WRITE(6)', lba: 3, transferLengthBlocks: 1 });
    const write = rig.run(0, bytes, filled(1, 7));
    rig.sent[0]!.done({ ...GOOD, end: 'lost' });
    expect(rig.told).toEqual([
      'forwarded',
      'lost: it did not say how a command ended',
      'forwarded',
    ]);
    const [first, again] = rig.sent.map(({ command }) => cdb.decode(command.cdb));
    expect(first).toMatchObject({ kind: 'WRITE(10)', lba: 3, transferLengthBlocks: 1 });
    expect([first, again].map((one) => (one as { groupNumber: number }).groupNumber)).toEqual([
      0, 1,
    ]);
    rig.sent[1]!.done(GOOD);
    expect(rig.said(write)).toBe('00');
  });

  it('takes changes of its leg from who leads, of this time only', () => {
    const rig = new Rig();
    rig.leads = false;
    expect(rig.said(rig.write(3, 7, 2, 5))).toBe('00');
    expect(rig.leg.read(3, 1)[0]).toBe(7);
    expect(rig.said(rig.write(3, 8, 2, 4))).toBe('02 2/04/12');
    rig.state = 'detached';
    expect(rig.said(rig.write(3, 8, 2, 5))).toBe('02 2/04/12');
    expect(rig.leg.read(3, 1)[0]).toBe(7);
  });
});

describe('a way in for the other array', () => {
  it('carries out what the other hands over, and nothing of what it has given up', () => {
    const rig = new Rig();
    const write = (byte: number, groupNumber: number): string | undefined => {
      const bytes = cdb.encode({
        kind: 'WRITE(16)',
        lba: 3n,
        transferLengthBlocks: 1,
        groupNumber,
      });
      const tag = rig.run(1, bytes, filled(1, byte));
      for (const { done } of rig.sent.splice(0)) done(GOOD);
      return rig.said(tag);
    };
    expect(write(7, 0)).toBe('00');
    rig.theirFence = 1;
    // The first one, which was held somewhere, behind what was written since.
    expect([write(9, 1), write(7, 0)]).toEqual(['00', '08']);
    expect(rig.leg.read(3, 1)[0]).toBe(9);
  });
});
