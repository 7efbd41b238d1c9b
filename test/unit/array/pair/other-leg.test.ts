/** What one array changes on the other's legs: answers, the intent log, maps and copies. */
import { describe, expect, it } from 'vitest';
import { MirroredMedium } from '../../../../src/array/pair/mirrored-medium.ts';
import { OtherLeg } from '../../../../src/array/pair/other-leg.ts';
import type { PeerAnswer, PeerCommand } from '../../../../src/array/pair/peer-link.ts';
import { WriteOrder } from '../../../../src/array/pair/write-order.ts';
import type { PairState } from '../../../../src/history/pair.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { LogicalUnit } from '../../../../src/scsi/target/logical-unit.ts';
import { filled } from '../../../helpers/scsi-target.ts';

const EMPTY = new Uint8Array(0);
const answer = (status: number): PeerAnswer => ({
  end: 'answered',
  status,
  sense: EMPTY,
  data: EMPTY,
});

function rig() {
  const sent: { readonly command: PeerCommand; readonly done: (one: PeerAnswer) => void }[] = [];
  const told: string[] = [];
  const standing = {
    state: 'in-sync' as PairState,
    isJoined: true,
    epoch: 66,
    lost: (why: string) => void told.push(why),
    copied: () => void told.push('copied'),
  };
  const owner = {
    standing,
    send: (command: PeerCommand, done: (one: PeerAnswer) => void) =>
      void sent.push({ command, done }),
    emit: ({ runs, state }: { readonly runs: readonly { lba: number }[]; state: string }) =>
      void told.push(`${state} ${runs.map(({ lba }) => lba)}`),
  };
  const otherLeg = new OtherLeg(owner);
  const leg = new MemoryMedium(4096);
  const medium = new MirroredMedium(leg);
  otherLeg.add(new LogicalUnit('east', 0, [], { medium }), medium, leg);
  const ended: boolean[] = [];
  const replicate = (lba: number, blocks: number, data?: Uint8Array) =>
    otherLeg.replicate(0, [{ lba, blocks, data }], (answers) => void ended.push(answers));
  return { ended, leg, otherLeg, replicate, sent, standing, told };
}

describe('a change', () => {
  it('is sent as WRITE(16) of its time, a thousand blocks at once, without data as zeros', () => {
    const { ended, replicate, sent } = rig();
    replicate(8, 1500);
    expect(sent[0]!.command.cdb[14]).toBe(66 & 0x3f);
    expect(sent[0]!.command.dataOut!.length).toBe(1024 * 512);
    sent[0]!.done(answer(0));
    expect([sent[1]!.command.dataOut!.length, ended]).toEqual([476 * 512, []]);
    sent[1]!.done(answer(0));
    expect(ended).toEqual([true]);
  });

  it('that is not confirmed stays open until somebody says who goes on', () => {
    const { ended, otherLeg, replicate, sent, told } = rig();
    replicate(8, 1, filled(1, 1));
    sent[0]!.done(answer(2));
    expect([told, ended, otherLeg.differs]).toEqual([
      ['it did not confirm a change of its leg'],
      [],
      1,
    ]);
    otherLeg.closeOpen(false);
    expect([told.at(-1), ended]).toEqual(['set 8', [false]]);
  });

  it('of what is not in blocks marks none', () => {
    const { otherLeg, told } = rig();
    const ends: boolean[] = [];
    otherLeg.await(0, [], 'why', (answers) => void ends.push(answers));
    otherLeg.closeOpen(true);
    expect([ends, told]).toEqual([[true], []]);
  });
});

describe('what the other lacks', () => {
  it('is what either map says', () => {
    const { otherLeg, standing, replicate, told } = rig();
    standing.isJoined = false;
    replicate(0, 1, filled(1, 1));
    const maps = otherLeg.maps();
    maps[0]! |= 2;
    otherLeg.joinMaps(maps);
    expect(told.at(-1)).toBe('set 0,8');
  });

  it('is not taken for copied where a copy was not confirmed', () => {
    const { otherLeg, standing, replicate, sent, told } = rig();
    standing.isJoined = false;
    replicate(0, 1, filled(1, 1));
    standing.state = 'source';
    otherLeg.copy(new WriteOrder());
    sent[0]!.done({ end: 'lost' });
    expect([told.at(-1), otherLeg.differs]).toEqual(['it did not confirm what was copied', 1]);
  });
});
