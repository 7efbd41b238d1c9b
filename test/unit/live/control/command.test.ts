/** What a control command is asked with, and what it says to what it cannot mean. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  ControlError,
  controlCommand,
  fabricOf,
  linkOf,
  milliseconds,
  nPortIdText,
  wwpnText,
} from '../../../../src/live/control/command.ts';
import type { LiveServer } from '../../../../src/live/server.ts';

const WWPN = 0xc050_7600_0000_0100n;

/** Two fabrics; one guest is logged in on the second, at its port 1. */
function rig(): LiveServer {
  const link = { name: 'B.1' };
  const fabrics = new Map([
    ['A', { name: 'A', links: new Map() }],
    ['B', { name: 'B', links: new Map([[1, link]]) }],
  ]);
  return {
    fabrics,
    links: () => [link],
    loginsOf: (wwpn: bigint) =>
      wwpn === WWPN ? [{ fabric: fabrics.get('B'), login: { port: 1 } }] : [],
  } as unknown as LiveServer;
}

describe('a request', () => {
  const command = controlCommand(
    'try',
    'tries',
    { kind: z.enum(['a', 'b']), count: z.int().min(1).max(3).optional() },
    (_server, request) => request,
  );
  const run = (request: unknown) => command.run(rig(), request);

  test('that fits is served with what was read from it', () => {
    expect(run({ kind: 'a', count: 2 })).toEqual({ kind: 'a', count: 2 });
  });

  test.each([
    [{ kind: 'a', other: 1 }, 'try: has no other'],
    [{ kind: 'c' }, 'try: kind must be one of a, b'],
    [{ kind: 'a', count: 'x' }, 'try: count must be number'],
    [{ kind: 'a', count: 0 }, 'try: count must be at least 1'],
    [{ kind: 'a', count: 4 }, 'try: count must be at most 3'],
  ])('%j is refused in one line', (request, line) => {
    expect(() => run(request)).toThrow(new ControlError(line));
  });
});

describe('values', () => {
  test.each(['c0:50:76:00:00:00:01:00', 'c050760000000100', '0xC050760000000100'])(
    'a WWPN: %s',
    (text) => {
      expect(wwpnText.parse(text)).toBe(WWPN);
    },
  );

  test.each(['c0:50', 'c0:5076000000:0100', 'x050760000000100', ''])('no WWPN: %s', (text) => {
    expect(wwpnText.safeParse(text).error?.issues[0]?.message).toBe(
      'a WWPN: 16 hex digits, colons or none',
    );
  });

  test('an N_Port_ID, a time', () => {
    expect(nPortIdText.parse('0101fF')).toBe(0x0101ff);
    expect(nPortIdText.safeParse('10101').success).toBe(false);
    expect([0, 3_600_000, 3_600_001, -1].map((ms) => milliseconds.safeParse(ms).success)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('names', () => {
  test('a fabric: the first where none is said', () => {
    expect(fabricOf(rig(), undefined).name).toBe('A');
    expect(fabricOf(rig(), 'B').name).toBe('B');
    expect(() => fabricOf(rig(), 'C')).toThrow('there is no fabric C; there is A, B');
  });

  test('a link by its name, or by who is logged in there', () => {
    expect(linkOf(rig(), { link: 'B.1' }).name).toBe('B.1');
    expect(linkOf(rig(), { wwpn: WWPN }).name).toBe('B.1');
    expect(() => linkOf(rig(), { link: 'B.2' })).toThrow('there is no link B.2; there is B.1');
    expect(() => linkOf(rig(), { wwpn: 1n })).toThrow('that WWPN is not logged in');
    expect(() => linkOf(rig(), {})).toThrow('needs link or wwpn');
  });
});

test('what may be of several kinds is refused in our words, by each of them', () => {
  const wwpns = z.union([wwpnText.transform((one) => [one]), z.array(wwpnText).min(1)]);
  const shape = { wwpn: wwpns, luns: z.record(z.string().regex(/^\d$/, 'a digit'), z.string()) };
  const command = controlCommand('try', 'tries', shape, () => ({}));
  const refusal = (request: unknown): string => {
    try {
      command.run(rig(), request);
    } catch (error) {
      if (error instanceof ControlError) return error.message;
    }
    return 'taken';
  };
  expect(refusal({ wwpn: 'zz', luns: {} })).toMatch(
    /^try: wwpn: a WWPN: 16 hex digits, colons or none, or wwpn must be array$/,
  );
  expect(refusal({ wwpn: ['zz'], luns: {} })).toMatch(/wwpn\.0: a WWPN/);
  expect(refusal({ wwpn: '20:01:00:00:00:00:00:01', luns: { x: 'y' } })).toBe(
    'try: luns.x: a digit',
  );
});
