import { expect, it } from 'vitest';
import { judgeSeen } from '../../../src/audit/seen-judge.ts';
import { plain } from '../../../src/cli/columns.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { toldLines, unreadLines } from '../../../src/cli/told.ts';
import { said } from '../../helpers/said.ts';

const report = judgeSeen([]);
const port = { nPortId: '010101', wwpn: undefined };

it('names ports by WWPN where it is known, and folds long tables', () => {
  const row = {
    fabric: '',
    initiator: { nPortId: '010101', wwpn: '20:00:00:25:b5:00:00:01' },
    target: port,
    lun: '0',
    status: 'BUSY',
    sense: undefined,
    count: 3,
    firstFrame: 5,
    lastFrame: 9,
  };
  const lines = toldLines({ ...report, statuses: Array.from({ length: 12 }, () => row) }).map(
    plain,
  );
  expect(lines[1]!.split('\n')[1]).toMatch(/^BUSY +20:00:00:25:b5:00:00:01 +010101 +0 +3 +5-9$/);
  expect(lines.at(-1)).toBe('and 2 more (--json has them)');
  expect(toldLines(report)).toEqual([]);
});

it('says who holds a reservation, and what is not read', () => {
  const place = { fabric: '', target: port, lun: '0' };
  const unit = { ...place, identity: undefined, ports: [place], registered: [], conflicts: 2 };
  const holder = { initiator: port, target: port, type: 'WRITE EXCLUSIVE' };
  const key = { initiator: port, target: port, key: '05' };
  const named = {
    ...unit,
    identity: 'naa.6005',
    ports: [place, { ...place, lun: '7' }],
    registered: [key, key, { ...key, initiator: { nPortId: '010102', wwpn: undefined } }],
  };
  const reservations = {
    actions: [],
    units: [
      { ...unit, holder },
      { ...named, holder },
    ],
  };
  const text = plain(toldLines({ ...report, reservations }).join('\n'));
  expect(text).toMatch(/held by 010101, WRITE EXCLUSIVE +at 010101 +0 +- +2/);
  expect(text).toMatch(/ naa\.6005 +0 or 7 +010101 05 010102 05 +2/);
  const many = {
    ...named,
    holder: undefined,
    registered: ['05', '06', '07'].map((one) => ({ ...key, key: one })),
  };
  const folded = toldLines({ ...report, reservations: { actions: [], units: [many] } });
  expect(plain(folded.join('\n'))).toMatch(/no reservation +naa\.6005 .*3 initiators, 3 keys/);
  const unread = [
    { what: 'EtherType', code: 0x88cd, frames: 2 },
    { what: 'link type', code: 147, frames: 1200 },
  ] as const;
  expect(unreadLines({ ...report, unread })).toEqual([
    'not read   EtherType 88cd: 2 frames',
    'not read   link type 147: 1,200 frames',
  ]);
});

it('says what was done to a unit that was not asked again, and what a look showed', async () => {
  const { stdout } = await said(() => replayCommand(['fixtures/lun-reuse.pcapng'], {}));
  expect(plain(stdout)).toMatch(
    /naa\.6025\S+04f9\S+, then naa\.6025\S+14f9\S+ +c0:50:76:00:00:00:01:01 +50:06:01:60:00:00:00:01 +0 +3F\/0E in frame 22 +1 +21-30/,
  );
  const time = { warning: '3F/0E', warningFrame: 1200, commands: 5, firstFrame: 7, lastFrame: 9 };
  const nexus = { fabric: '', initiator: port, target: port, lun: '2' };
  const known = { identity: 'naa.1', blocks: undefined, looks: [], heeded: [] };
  const identities = [
    { ...nexus, ...known, unseen: time },
    // A warning, but nothing was done to the unit since.
    { ...nexus, ...known, unseen: { ...time, commands: 0 } },
    { ...nexus, ...known, unseen: undefined },
  ];
  const lines = toldLines({ ...report, identities });
  expect(lines.length).toBe(2);
  expect(plain(lines[1]!).split('\n').slice(1)).toEqual([
    expect.stringMatching(
      /^naa\.1, not asked again +010101 +010101 +2 +3F\/0E in frame 1,200 +5 +7-9$/,
    ),
  ]);
});

it('stands in what replay prints', async () => {
  const { stdout } = await said(() => replayCommand(['fixtures/fabric-move-same.pcap'], {}));
  const text = plain(stdout);
  for (const words of [
    /CHECK CONDITION +20:01:52:54:00:aa:00:01 .*ILLEGAL REQUEST 20\/00/,
    /GPN_ID +CT_RJT .*unable to perform, port identifier not registered/,
    /reads +20:01:52:54:00:aa:00:01/,
  ])
    expect(text).toMatch(words);
});
