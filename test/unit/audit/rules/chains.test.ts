/** I51 on hand-made histories. */
import { describe, expect, it } from 'vitest';
import type { ChainLeg, ChainRead, Happening, VolumeIo } from '../../../../src/history/index.ts';
import { deviceOf } from '../../../../src/history/index.ts';
import {
  ARRAY,
  AuditRig,
  GUEST,
  H1,
  LU_NAME,
  stamped,
  TARGET,
} from '../../../helpers/audit-rig.ts';

const wrote = (io: number, state: VolumeIo['state'], change: Partial<VolumeIo> = {}): VolumeIo => ({
  ...{ type: 'volume-io', state, vm: 'vm1', volume: 'v', io, op: 'write', lba: 40, blocks: 1 },
  writerId: 1,
  parts: [{ io, luName: LU_NAME, lba: 4, blocks: 1, volumeLba: change.lba ?? 40 }],
  ...change,
});
const path = { initiator: GUEST, target: TARGET, lunNumber: 0, leadsTo: LU_NAME };
const leg = (data: Uint8Array, change: Partial<ChainLeg> = {}): ChainLeg => ({
  ...{ luName: LU_NAME, lba: 4, paths: [path], stored: [], data },
  ...change,
});
const chain = (legs: ChainLeg[], change: Partial<ChainRead> = {}): ChainRead => ({
  ...{ type: 'chain', vm: 'vm1', disk: 'v', lba: 40, legs },
  ...change,
});
const version = (n: number) => stamped(n, 4);
const blank = new Uint8Array(512);
const snapshot = (state: 'cut' | 'deleted' | 'reverted'): Happening => ({
  ...{ type: 'snapshot', state, snapshot: 's', luName: LU_NAME },
});

const judge = (...events: Happening[]) => new AuditRig().tell(H1, ...events).verdict('I51');

describe('I51', () => {
  it('passes a block with what may be there: old or new under way, then new', () => {
    expect(
      judge(
        chain([leg(blank)]),
        wrote(1, 'begun'),
        chain([leg(blank)]),
        chain([leg(version(1))]),
        wrote(1, 'good'),
        chain([leg(version(1))]),
      ),
    ).toMatchObject({ result: 'holds', detail: '4 chains in 4 looks end at their own data' });
  });

  it.each<[string, Happening[], RegExp]>([
    [
      'what is old',
      [
        wrote(1, 'begun'),
        wrote(1, 'good'),
        wrote(2, 'begun'),
        wrote(2, 'good'),
        chain([leg(version(1))]),
      ],
      /what I\/O 1 wrote, long replaced/,
    ],
    [
      'what is blank',
      [wrote(1, 'begun'), wrote(1, 'good'), chain([leg(blank)])],
      /blank although it was written/,
    ],
    [
      'what lies nowhere',
      [wrote(1, 'begun'), wrote(1, 'good'), chain([])],
      /lies nowhere, although/,
    ],
    ['what nobody wrote', [wrote(1, 'begun'), chain([leg(version(9))])], /whose data nobody wrote/],
    [
      'what belongs to another place',
      [wrote(1, 'begun'), chain([leg(stamped(1, 5))])],
      /whose data belongs to LBA 5/,
    ],
    [
      'another block',
      [wrote(1, 'begun', { lba: 41 }), chain([leg(version(1))])],
      /has the data of block 41 of volume v of vm1/,
    ],
    [
      'another place than before',
      [chain([leg(blank)]), chain([leg(blank, { lba: 5 })])],
      /was LBA 4 of .* and is LBA 5/,
    ],
    [
      'a place of two',
      [chain([leg(blank)]), chain([leg(blank)], { disk: 'w' })],
      /which is block 40 of volume v of vm1/,
    ],
    [
      'another unit behind the LUN',
      [wrote(1, 'begun'), chain([leg(blank, { paths: [{ ...path, leadsTo: undefined }] })])],
      /goes to .* by LUN 0 .* has nothing/,
    ],
    [
      'a snapshot that is gone',
      [
        wrote(1, 'begun'),
        snapshot('cut'),
        snapshot('deleted'),
        chain([leg(blank, { stored: [{ layer: 'snapshot', name: 's' }] })]),
      ],
      /lies in snapshot s, which is deleted/,
    ],
  ])('finds %s', (_what, events, words) => {
    const verdict = judge(wrote(100, 'begun', { volume: 'other', parts: [] }), ...events);
    expect(verdict).toMatchObject({ result: 'violated' });
    expect(verdict.detail).toMatch(words);
  });

  it('finds an extent of a pool that two have, in one look', () => {
    const at = (extent: string) => [
      { layer: 'extent' as const, name: extent, block: 0 },
      { layer: 'pool' as const, name: '7', block: 0 },
    ];
    const looked = [
      chain([leg(blank, { stored: at('0') })]),
      chain([leg(blank, { lba: 200, stored: at('1') })], { lba: 41 }),
    ];
    const asked = wrote(1, 'begun', { volume: 'other', parts: [] });
    const together = new AuditRig().tell(H1, asked).together(H1, ...looked);
    expect(together.verdict('I51').detail).toMatch(/extent 7 of the pool, which extent 0 of/);
    // Of two looks the place may have been given back between them.
    expect(judge(asked, ...looked).result).toBe('holds');
  });

  it('takes what was declared: a mask, a unit that went back, a cache that was lost', () => {
    const other = chain([leg(blank, { paths: [{ ...path, leadsTo: undefined }] })]);
    const mask: Happening = { type: 'mask', device: deviceOf(GUEST), luns: [] };
    expect(judge(wrote(1, 'begun'), mask, other).result).toBe('holds');
    const gone: Happening[] = [wrote(1, 'begun'), wrote(1, 'good')];
    expect(judge(...gone, snapshot('reverted'), chain([leg(blank)])).result).toBe('holds');
    const lost: Happening = { type: 'cache-lost', luName: LU_NAME, blocks: 1 };
    expect(judge(...gone, lost, chain([leg(blank)])).result).toBe('holds');
  });

  it('says nothing where no block was looked at', () => {
    const rig = new AuditRig().tell(ARRAY, wrote(1, 'begun'));
    expect(rig.verdict('I51').result).toBe('not-observable');
  });
});
