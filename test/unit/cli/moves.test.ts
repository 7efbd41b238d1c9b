/** The moves of a capture as a person reads them. */
import { expect, test } from 'vitest';
import type { MoveEnd, MoveRow, OpenAcross } from '../../../src/audit/ledger/move-finder.ts';
import { moveLines } from '../../../src/cli/moves.ts';

const plain = (move: MoveRow): string[] =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC
  moveLines([move]).map((line) => line.replace(/\u001b\[[0-9;]*m/g, ''));

const FROM: MoveEnd = {
  wwpn: '20:01:52:54:00:aa:00:01',
  nPortId: '01aa01',
  mac: undefined,
  enodeMac: '52:54:00:aa:00:01',
  place: '52:54:00:aa:00:01',
  login: undefined,
  logout: { frame: 1689, timeNs: 5n, by: 'LOGO' },
};
const MOVE: MoveRow = {
  kind: 'same',
  because: 'it logged in elsewhere',
  from: FROM,
  to: {
    ...FROM,
    mac: '0e:fc:00:01:aa:01',
    enodeMac: '52:54:00:cc:00:01',
    place: '52:54:00:cc:00:01',
    login: { frame: 1703, timeNs: 1_500_000_000_000_000_000n },
    logout: undefined,
  },
  lastIo: { frame: 1675, timeNs: 4n, command: 'WRITE(10)' },
  firstIo: { frame: 1888, timeNs: 9n, command: 'READ(10)' },
  blackoutNs: 285_141_000n,
  writeBlackoutNs: 376_778_000n,
  open: [],
};
const OPEN: OpenAcross = {
  frame: 1680,
  timeNs: 4n,
  command: 'WRITE(10)',
  oxId: 0x2a,
  responder: '01bb00',
  lba: '4096',
  blocks: 8,
  end: 'unanswered',
  endFrame: 0,
};

test('no moves, no lines', () => expect(moveLines([])).toEqual([]));

test('the two ends, the pause, and that nothing was open', () => {
  const lines = plain(MOVE);
  expect(lines[1]).toBe(
    'move       2017-07-14T02:40:00.000Z the same WWPN: it logged in elsewhere',
  );
  expect(lines[2]).toMatch(/^ +WWPN +N_Port_ID +MAC +ENode +login +logout$/m);
  expect(lines.join('\n')).toMatch(
    / from +20:01:52:54:00:aa:00:01 +01aa01 +- +52:54:00:aa:00:01 +before the capture +frame 1,689 \(LOGO\)$/m,
  );
  expect(lines.join('\n')).toMatch(/ to +.* 52:54:00:cc:00:01 +frame 1,703 +-$/m);
  expect(lines.slice(-3)).toEqual([
    '  blackout 285.141 ms: last I/O done (WRITE(10)) in frame 1,675 on the old port, first I/O done (READ(10)) in frame 1,888 on the new',
    '           376.778 ms between the last write and the first',
    '  no exchange was open when the old login ended',
  ]);
});

test('what a capture does not show is not observable', () => {
  const unseen: MoveRow = {
    ...MOVE,
    kind: 'pair',
    lastIo: undefined,
    firstIo: undefined,
    blackoutNs: undefined,
    writeBlackoutNs: undefined,
  };
  const text = plain(unseen).join('\n');
  expect(text).toContain('the other WWPN of a pair: ');
  expect(text).toContain(
    'blackout not observable: no I/O done on the old port, no I/O done on the new',
  );
  expect(text).not.toContain('between the last write');
});

test('exchanges that were open are named with their fate, ten of them', () => {
  const answered: OpenAcross = { ...OPEN, end: 'completed', endFrame: 1700, lba: undefined };
  const lines = plain({ ...MOVE, open: [OPEN, answered, ...Array<OpenAcross>(10).fill(OPEN)] });
  expect(lines).toContain('  12 exchanges were open when the old login ended');
  expect(lines).toContain(
    '    frame 1,680: WRITE(10) LBA 4096, 8 blocks, OX_ID 002a, to 01bb00: never answered',
  );
  expect(lines).toContain(
    '    frame 1,680: WRITE(10), OX_ID 002a, to 01bb00: completed in frame 1,700',
  );
  expect(lines.at(-1)).toBe('    and 2 more (--json has them)');
});
