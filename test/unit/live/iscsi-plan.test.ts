/** What is typed for iSCSI: --listen iscsi:, --advertise, --chap. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ISCSI_TARGET_NAME,
  iscsiPlanOf,
  isIscsiAddress,
  parseIscsiAddress,
} from '../../../src/live/iscsi-plan.ts';
import { ListenError } from '../../../src/live/listen-address.ts';

const folder = mkdtempSync(join(tmpdir(), 'sanmotion-chap-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const planOf = (more: Partial<Parameters<typeof iscsiPlanOf>[0]> = {}) =>
  iscsiPlanOf({ listen: ['iscsi:127.0.0.1:3260'], advertise: [], chap: undefined, ...more });

describe('--listen iscsi:', () => {
  it('names a portal', () => {
    expect(isIscsiAddress('iscsi:127.0.0.1:3260')).toBe(true);
    expect(isIscsiAddress('tcp:127.0.0.1:3260')).toBe(false);
    expect(parseIscsiAddress('iscsi:[::1]:0')).toEqual({ host: '::1', port: 0 });
    expect(planOf({ listen: ['unix:/a', 'iscsi:localhost:1'] })?.portals).toEqual([
      { host: 'localhost', port: 1 },
    ]);
    expect(planOf({ listen: ['unix:/a'] })).toBeUndefined();
  });

  it.each(['iscsi:3260', 'iscsi:0.0.0.0:3260', 'iscsi:127.0.0.1:70000', 'iscsi:'])(
    'refuses %s',
    (text) => {
      expect(() => parseIscsiAddress(text)).toThrow(ListenError);
    },
  );
});

describe('--advertise and --chap', () => {
  it('are for portals', () => {
    expect(planOf({ advertise: ['10.0.2.2:3260'] })?.advertise).toEqual(['10.0.2.2:3260']);
    for (const wrong of [
      { listen: [], advertise: ['10.0.2.2:1'] },
      { listen: [], chap: 'a:b' },
      { advertise: ['10.0.2.2'] },
      { advertise: ['a:1', 'b:2'] },
    ])
      expect(() => planOf(wrong), JSON.stringify(wrong)).toThrow(ListenError);
  });

  it('take the secrets out of a file, its own in the second line', () => {
    expect(planOf({ chap: `bob:${file('one', 'secret\n')}` })?.chap).toEqual({
      user: 'bob',
      secret: 'secret',
    });
    expect(planOf({ chap: `bob:${file('two', 'secret\nown\n')}` })?.chap?.target).toEqual({
      name: ISCSI_TARGET_NAME,
      secret: 'own',
    });
  });

  it.each([
    ['no name', ':x'],
    ['no file', 'bob'],
    ['a file that is not there', 'bob:/nowhere/at/all'],
    ['an empty file', `bob:${file('empty', '')}`],
  ])('refuses %s in one line', (_what, chap) => {
    try {
      planOf({ chap });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ListenError);
      expect((error as Error).message.split('\n')).toHaveLength(1);
    }
  });
});
